"""Documentation in Markdown, as a rule's docstring has it, for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import wrap

from regcheck.terminal import Terminal, visible

WIDEST = 80
"""Columns beyond which a line of prose is tiring to read."""
CODE_INDENT = "    "

CODE = re.compile(r"`[^`]+`")
ITEM = re.compile(r"(?:[-*]|\d+\.) ")


def prose(markdown: str, terminal: Terminal) -> str:
    """Headings, paragraphs, items and code blocks; what is code keeps its lines."""
    return "\n".join(_lines(markdown, terminal)).strip("\n") + "\n"


def _lines(markdown: str, terminal: Terminal) -> Iterator[str]:
    paragraph: list[str] = []
    fence = ""
    for line in [*dedented(markdown).splitlines(), ""]:
        bare = line.strip()
        if fence:
            if bare == fence:
                fence = ""
            else:
                yield f"{CODE_INDENT}{visible(line)}".rstrip()
            continue
        if paragraph and (not bare or bare.startswith(("```", "#")) or ITEM.match(bare)):
            yield from flowing(" ".join(paragraph), terminal)
            paragraph = []
        if bare.startswith("```"):
            fence = "```"
        elif bare.startswith("#"):
            yield terminal.paint(visible(bare.lstrip("# ")), "strong")
        elif bare:
            paragraph.append(bare)
        else:
            yield ""


def flowing(text: str, terminal: Terminal, indent: str = "", widest: int = WIDEST) -> Iterator[str]:
    """A paragraph or an item, wrapped to the terminal, with its code in colour."""
    hanging = indent + ("  " if ITEM.match(text) else "")
    width = min(terminal.width or widest, widest)
    lines = wrap(
        visible(text),
        max(width, len(hanging) + 20),
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield CODE.sub(lambda code: terminal.paint(code[0], "code"), "\n".join(lines))


def dedented(text: str) -> str:
    """A docstring without the indentation of its code (PEP 257)."""
    first, *rest = text.expandtabs().splitlines() or [""]
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first.strip(), *(line[margin:].rstrip() for line in rest)])
