"""The YAML block at the head of a Markdown file, with the places of its fields."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from regcheck.model import Kind, Problem, Source
from regcheck.reading.yaml_nodes import Mapping, parse
from regcheck.words import shorten

OPENING = re.compile(r"---[ \t]*(?:\r\n|\r|\n)")
FIELD = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?>\r\n|\r|\n))*+(?:-[ \t]+)?[a-z][\w-]*[ \t]*:(?=[ \t\r\n]|\Z)")
"""What front matter begins with, and hardly any prose: a name in small letters, and a colon."""
SPEAKS_OF_REGISTERS = re.compile(r"(?:^|(?<=\r))(?:register|entry)[ \t]*:", re.MULTILINE)
BOUNDARY = re.compile(r"(?:^|(?<=\r)(?!\n))---[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)


class FrontMatter(NamedTuple):
    """The fields (None where there is no readable front matter) and where the body starts."""

    fields: Mapping | None
    body: int
    problems: list[Problem]


def read(source: Source) -> FrontMatter:
    """Split a Markdown file into front matter and body; offsets are into its text."""
    text = source.text
    opening = OPENING.match(text)
    if not opening:
        return FrontMatter(None, 0, [])
    try:
        _, body = _handler().split(text)
    except ValueError:  # no closing line
        if not _is_meant(text[:500], opening.end()):
            return FrontMatter(None, 0, [])  # a thematic break opens this prose
        problem = Problem(
            "yaml-syntax",
            source.position((0, 3)),
            "the front matter that starts here is never closed",
            "end it with a line of three dashes (`---`) and nothing else",
        )
        return FrontMatter(None, len(text), [problem])
    body_start = len(text) - len(body)
    closing = text.rfind("---", 0, body_start)
    node, problems = parse(source, opening.end(), closing)
    if node is not None and not isinstance(node, Mapping):
        if not _is_meant(text[:closing], opening.end()):
            return FrontMatter(None, 0, [])  # prose between two thematic breaks
        first = text[node.start : node.end].partition("\n")[0].rstrip()
        place = source.position((node.start, node.start + len(first)))
        help = "write each field on a line of its own, without a dash: `name: value`"
        message = f"the front matter begins with {shorten(first)} and is no mapping"
        problems.append(Problem("yaml-syntax", place, message, help))
        node = None
    return FrontMatter(node, body_start, problems)


def _is_meant(text: str, start: int) -> bool:
    """Whether what stands below a line `---` is meant as front matter, and not as prose below a rule."""
    return FIELD.match(text, start) is not None or SPEAKS_OF_REGISTERS.search(text) is not None


def properties(fields: Mapping, kind: Kind) -> Mapping:
    """The fields of an entry document by the names of the properties that they give."""
    if "entry" not in kind.properties:
        return fields
    named = {kind.document_key(name): name for name in kind.properties}
    found = fields.copied()
    found.pairs = {named.get(key, key): pair for key, pair in fields.pairs.items() if key != "entry"}
    return found


def advised(problems: list[Problem], source: Source, fields: Mapping, kind: Kind) -> list[Problem]:
    """The problems of an entry document; a second `entry` may be a property with a key of its own."""
    first, key = fields.pairs.get("entry"), kind.document_key("entry")
    if first is None or key is None or "entry" not in kind.properties:
        return problems
    there = source.position((first.key.start, first.key.end))
    help = f"`entry` names the kind here: write the second one as `{key}`"
    return [p._replace(help=help) if any(one.position == there for one in p.related) else p for p in problems]


def _handler() -> Any:
    from frontmatter.default_handlers import YAMLHandler

    # Two lines `---` and nothing else: the handler's own boundary also takes the
    # blank lines after it, and longer rules, so that line numbers would slip.
    return YAMLHandler(fm_boundary=BOUNDARY)
