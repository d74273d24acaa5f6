"""Text as a page holds it: whatever a register says, it is text and never markup.

What stands in Markdown has every character that could mean something written as
a numeric reference (CommonMark 6.2: such a character is never a delimiter);
what stands in HTML is escaped as HTML wants it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import NamedTuple

from regcheck.drawing.picture import plain
from regcheck.reporting.markdown import QUOTED

MEANS_SOMETHING = re.compile(r"[^\w ,]|_")
TAG = re.compile(r"<[^>]*>")
LONG = 60
"""Characters of a cell from which on it is given room."""
NO_TITLE = str.maketrans({"<": "\u2039", ">": "\u203a", "&": "\uff06"})
"""Builders write titles into templates that escape nothing."""


def html(value: object) -> str:
    """A value as text in HTML, or in an attribute between double quotes."""
    return escape(plain(str(value)))


def prose(value: object) -> str:
    """A value as text in Markdown."""
    return MEANS_SOMETHING.sub(lambda char: f"&#{ord(char[0])};", plain(str(value)))


def title(value: object) -> str:
    """A value as the title of a page, in which no builder can find markup."""
    return plain(str(value)).translate(NO_TITLE) or "—"


def code(value: object) -> str:
    """A value in the type of code, in HTML."""
    return f"<code>{html(value)}</code>"


def day(date: str) -> str:
    """A date, as YYYY-MM-DD, in HTML."""
    return f"<time>{html(date)}</time>" if date else ""


def message(text: object, named: Callable[[str], str] = escape) -> str:
    """A sentence of a finding or a note in HTML: what it quotes is in the type of code.

    `named` makes HTML of what stands between quotations.
    """
    parts = QUOTED.split(plain(str(text)))
    return "".join(
        code(part.strip() or part) if at % 3 == 2 else named(part)  # noqa: PLR2004  text, backquotes, quoted
        for at, part in enumerate(parts)
        if at % 3 != 1
    )


def enumerated(items: Iterable[str]) -> str:
    """Items of HTML in one line, told apart by more than a comma where one of them has a comma in it."""
    found = list(items)
    return (" · " if any(", " in item for item in found) else ", ").join(found)


def link(href: str, text: str, look: str = "") -> str:
    """A link in HTML; `text` is HTML already."""
    return f'<a{_class(look)} href="{escape(href)}">{text}</a>'


def badge(text: object, look: str) -> str:
    """A word on coloured ground, in HTML: a role, a state, a severity."""
    return f'<span class="rc-badge rc-{html(re.sub(r"[^a-z-]", "-", look.casefold()))}">{html(text)}</span>'


def sign(look: str, said: str) -> str:
    """A word with a sign that says how far something is, in HTML; `said` is HTML already."""
    return f'<span class="rc-mark rc-{look}">{said}</span>'


def block(tag: str, lines: Iterable[str], look: str = "", **attributes: str) -> str:
    """A block of HTML that no builder reads as Markdown; the lines are HTML already."""
    said = "".join(f' {name.replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
    inner = "\n".join(line for line in lines if line)
    return f"<{tag}{_class(look)}{said}>\n{inner}\n</{tag}>\n"


def table(
    heads: Iterable[str],
    rows: Iterable[Iterable[str]],
    *,
    caption: str,
    told: bool = False,
    tools: bool = False,
    stacked: bool = True,
    searched: bool = True,
) -> str:
    """A table in HTML, its cells HTML already.

    The caption names it to those who cannot see it, and with `told` to everybody.
    With `tools` readers can sort and filter it. The cells of a row stand below each
    other where there is little room, unless not `stacked`. Without `searched` the
    search of the site does not look into it: what it names has pages of its own.
    """
    look = "rc-table" + " rc-tools" * tools + " rc-stack" * stacked
    said = {} if searched else {"data_search_exclude": ""}
    return block("div", _table(heads, rows, caption, "" if told else "rc-unseen"), look, **said)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]], caption: str, look: str) -> Iterator[str]:
    # With a class of its own the themes do not put it into a second frame that scrolls.
    yield f'<table class="rc-cells"><caption{_class(look)}>{html(caption)}</caption>'
    yield "<thead><tr>" + "".join(map(_head, heads)) + "</tr></thead>"
    yield "<tbody>"
    for row in rows:
        yield "<tr>" + "".join(map(_cell, row)) + "</tr>"
    yield "</tbody></table>"


def _head(head: str) -> str:
    return f'<th scope="col">{head}</th>' if head else "<td></td>"


def _cell(cell: str) -> str:
    if cell in ("", "—"):
        return "<td></td>"  # the style sheet shows the dash, which is nothing to search or sort by
    is_long = len(cell) > LONG and len(TAG.sub("", cell)) > LONG
    return f'<td class="rc-long">{cell}</td>' if is_long else f"<td>{cell}</td>"


def items(lines: Iterable[str], look: str = "") -> str:
    """A list in HTML, its items HTML already; nothing where there is none."""
    found = [f"<li>{line}</li>" for line in lines]
    return block("ul", found, look) if found else ""


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and what they are, in HTML; a pair without a value is left out."""
    said = [(name, value, len(TAG.sub("", value)) > LONG) for name, value in pairs if value]
    said.sort(key=lambda fact: fact[2])  # what is long takes a line of its own
    found = [
        f"<div{_class('rc-wide' if long else '')}><dt>{html(name)}</dt> <dd>{value}</dd></div>"
        for name, value, long in said
    ]
    return block("dl", found, "rc-facts") if found else ""


class Card(NamedTuple):
    """A figure that the eye falls on first."""

    figure: str
    words: str
    """What it counts, in HTML."""
    look: str = ""
    href: str = ""
    """Where what it counts is told; the whole card leads there."""


def cards(some: Iterable[Card]) -> str:
    """Figures side by side."""
    return block("div", map(_card, some), "rc-cards")


def _card(card: Card) -> str:
    look = f"rc-card rc-{card.look}" if card.look else "rc-card"
    said = f"<b>{card.figure}</b> <span>{card.words}</span>"
    return link(card.href, said, look) if card.href else f'<div class="{look}">{said}</div>'


def _class(look: str) -> str:
    return f' class="{look}"' if look else ""
