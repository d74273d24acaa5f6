"""The items of a YAML register's list, as runs of whole lines that can be moved or removed."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from regcheck.model import Register, Source
from regcheck.reading.yaml_nodes import Mapping, Scalar, Sequence, parse

DASH = re.compile(r"( *)-[ \t]+")
COMMENT = re.compile(r"[ \t]*#")


class Items(NamedTuple):
    """The list of a register: its key, and the first and the last line of each item."""

    key: Scalar
    blocks: list[tuple[int, int]]
    """Lines counted from 0, comments included; those above the first item may head the whole list."""
    dashes: list[int]
    """The line of each item's dash."""


def items(source: Source, register: Register) -> Items | None:
    """The items of a list, each on lines of its own; None where that is not so, or not plain to see.

    A comment directly above an item and not indented more belongs to it, if it is not
    the first one; one that is indented more belongs to the item before. Nothing else
    but blank lines stands between two items.
    """
    node, _ = parse(source)
    pair = node.pairs.get("entries") if isinstance(node, Mapping) else None
    if pair is None or not isinstance(pair.value, Sequence) or len(pair.value.items) != len(register.entries):
        return None
    text, starts = source.text, source.starts
    dashes, ends, indents = list[int](), list[int](), set[int]()
    for item in pair.value.items:
        dash = bisect_right(starts, item.start) - 1
        match = DASH.match(text, starts[dash])
        if match is None or match.end() != item.start:
            return None
        dashes.append(dash)
        ends.append(bisect_right(starts, len(text[: item.end].rstrip())) - 1)
        indents.add(len(match[1]))
    if len(indents) != 1 or len(set(dashes)) != len(dashes):
        return None
    lines = _Lines(source, *indents)
    later = zip(dashes[1:], ends, strict=False)
    heads = [*dashes[:1], *(lines.above(dash, after) for dash, after in later)]
    tails = [lines.below(end) for end in ends]
    between = [line for tail, head in zip(tails, heads[1:], strict=False) for line in range(tail + 1, head)]
    if any(source.line(line + 1).strip() for line in between):
        return None
    return Items(pair.key, list(zip(heads, tails, strict=True)), dashes)


class _Lines:
    """The comments around items that are indented so far."""

    def __init__(self, source: Source, indent: int) -> None:
        self.source, self.indent = source, indent

    def above(self, dash: int, after: int) -> int:
        """The first comment directly above an item's dash, else the line of the dash."""
        while dash - 1 > after and self._depth(dash - 1) in range(self.indent + 1):
            dash -= 1
        return dash

    def below(self, end: int) -> int:
        """The last comment directly below an item that is indented into it, else its last line."""
        while self._depth(end + 1) > self.indent:
            end += 1
        return end

    def _depth(self, line: int) -> int:
        """How far a comment on a line of its own is indented; -1 where the line is something else."""
        comment = COMMENT.match(self.source.line(line + 1))
        return comment.end() - 1 if comment else -1
