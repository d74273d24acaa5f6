"""The waves of a drain as bands, one below the other: what each is called, and which comes after which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from regcheck.drawing.picture import Node, Picture, plain
from regcheck.drawing.strokes import arrowhead, number, words
from regcheck.drawing.text import BOLD, LABEL, NOTE, wrapped

LEAD = 15
PAD = 9
"""How far a band reaches above and below what stands in it."""
ARC = 18
"""The room on the left for arrows past other waves."""


class Heading(NamedTuple):
    """What stands at the beginning of a band, broken to fit."""

    ref: str
    said: str
    """What a pointer that rests on it is told."""
    over: str
    name: list[str]
    notes: list[str]
    look: str

    @property
    def height(self) -> float:
        """Pixels that it takes."""
        return (1 + len(self.name) + len(self.notes)) * LEAD

    def lines(self, x: float, y: float) -> Iterator[str]:
        """Its words, from an upper left corner on."""
        rows = [
            (self.over, "note"),
            *((row, "label") for row in self.name),
            *((row, "note") for row in self.notes),
        ]
        for at, (said, look) in enumerate(rows):
            yield words(x, y + at * LEAD + NOTE, said, look)


def headings(picture: Picture, wide: float) -> list[Heading]:
    """The headings of the waves, and of what is in none, in their order."""
    labels = {group.id: group.label for group in picture.groups}
    nodes = {node.id: node for node in picture.nodes}
    refs = [*(f"wave:{step.number}" for step in picture.steps), "open"]
    return [_heading(ref, labels.get(ref, ref), nodes.get(ref), wide) for ref in refs]


def _heading(ref: str, label: str, node: Node | None, wide: float) -> Heading:
    over, _, name = label.partition(" · ")
    name = "" if name == over else name
    more = node.note.partition(", ")[2] if node else ""
    return Heading(
        ref,
        node.label if node else over,
        f"✓ {over}" if node and "done" in node.tone else over,
        wrapped(plain(name), LABEL * BOLD, wide, 3) if name else [],
        wrapped(plain(more), NOTE, wide) if more else [],
        " ".join(["head", *(tone for tone in ("critical", "done") if node and tone in node.tone)]),
    )


def arrow(start: tuple[float, float], end: tuple[float, float], x: float, *, near: bool) -> str:
    """From one band to another, each its top and its height: straight down to the next one, else around."""
    if near:
        y, tip = start[0] + start[1] + PAD, end[0] - PAD
        return (
            f'<path d="M{number(x + 14)} {number(y)}V{number(tip)}"/>{arrowhead((x + 14, tip), (x + 14, y))}'
        )
    y, tip = (top + tall / 2 for top, tall in (start, end))
    out, level, back = number(x - ARC), number(y), number(tip)
    line = f"M{number(x)} {level}C{out} {level} {out} {back} {number(x)} {back}"
    return f'<path d="{line}"/>{arrowhead((x, tip), (x - 1, y))}'


def around(picture: Picture, order: Sequence[str]) -> bool:
    """Whether a wave is after another one than that which stands before it."""
    pairs = {
        (e.target, e.source)
        for e in picture.edges
        if e.relation == "after" and {*order} >= {e.source, e.target}
    }
    return bool(pairs - {*pairwise(order)})
