"""What colours and borders mean: a sign and a word for each that is used on a picture.

On a sheet they stand below the drawing; a page has them beside it, where they do not scroll along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from regcheck.drawing.picture import MORE, Picture, plain
from regcheck.drawing.strokes import number, words
from regcheck.drawing.style import kind_class
from regcheck.drawing.text import NOTE, width

LEAD = 20
"""From one row to the next."""
APART = 22
"""Between a word and the next sign."""

MEANING = {
    "production": "production",
    "done": "done",
    "doing": "being done",
    "blocked": "blocked",
    "ready": "can be done now",
    "human": "waits for a human",
    "open": "in no wave yet",
    "absent": "gone or planned",
    "focus": "what this page is about",
}
"""The tones of boxes, in words."""
CRITICAL = {"drain": "on the longest chain", "runtime": "carries production"}
"""What is critical on each view."""
IMPLIED = {"drain": "only by the order of the numbers"}
"""What a dashed line says on each view."""


class Key(NamedTuple):
    """A sign and what it means; the sign is drawn from the left end of the line that the word stands on."""

    sign: str
    look: str
    wide: float
    said: str


def keys(picture: Picture) -> list[Key]:
    """What must be explained of a picture; one kind alone goes without saying: the title names it."""
    nodes = picture.boxes
    parts = [part for node in nodes for part in (node, *node.items) if part.kind != MORE]
    kinds = list(dict.fromkeys(part.kind for part in parts))
    found = [Key("bar", f"key {kind_class(kind)}", 10, kind) for kind in kinds] if len(kinds) > 1 else []
    tones = {tone for node in nodes for tone in node.tone.split()}
    for tone, said in ({"critical": CRITICAL.get(picture.view, "critical")} | MEANING).items():
        if tone in tones:
            found.append(Key("box", f"key {tone}", 22, said))
    drawn = {node.id for node in picture.nodes}
    lines = {edge.tone for edge in picture.edges if drawn.issuperset((edge.source, edge.target))}
    if "implied" in lines and picture.view in IMPLIED:
        found.append(Key("line", "line implied", 28, IMPLIED[picture.view]))
    return found


def rows(found: Iterable[Key], wide: float) -> list[list[tuple[float, Key]]]:
    """The keys in rows of some width, each with its place from the left."""
    made: list[list[tuple[float, Key]]] = []
    x = 0.0
    for key in found:
        takes = key.wide + width(plain(key.said), NOTE)
        if not made or (x and x + takes > wide):
            made.append([])
            x = 0.0
        made[-1].append((x, key))
        x += takes + APART
    return made


def lines(made: Iterable[Sequence[tuple[float, Key]]], left: float, y: float) -> Iterator[str]:
    """The rows as SVG, the first one on a base line."""
    for row in made:
        for at, key in row:
            x = left + at
            yield f'<g class="{key.look}">{_sign(key.sign, x, y)}</g>'
            yield words(x + key.wide, y, key.said, "note")
        y += LEAD


def alone(key: Key) -> str:
    """The sign of a key as a drawing of its own, for a page that says in words what it means."""
    return (
        f'<svg class="rc-sign" width="{number(key.wide)}" height="16" aria-hidden="true">'
        f'<g class="{key.look}">{_sign(key.sign, 0, 13)}</g></svg>'
    )


def _sign(what: str, x: float, y: float) -> str:
    if what == "bar":
        return f'<path class="bar" d="M{number(x + 2)} {number(y - 10)}v12"/>'
    if what == "line":
        return f'<path d="M{number(x)} {number(y - 4)}h22"/>'
    return f'<rect class="box" x="{number(x + 1)}" y="{number(y - 10)}" width="15" height="12" rx="3"/>'
