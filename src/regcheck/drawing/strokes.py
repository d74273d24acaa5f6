"""Lines, arrowheads and words as SVG; nothing here knows what they stand for."""

from __future__ import annotations

from html import escape

from regcheck.drawing.layout import Point, Points, turned
from regcheck.drawing.picture import plain

BOW = 3
"""How many points a line has that is a bow."""


def path(points: Points, *, down: bool = False) -> str:
    """A line of a layout: straight through columns, in level curves from one to the next, or in a bow.

    With `down` the layout was turned, and its curves are upright.
    """
    (x, y), *rest = turned(points) if down else points
    moves: list[tuple[str, Points]] = [("M", ((x, y),))]
    if len(points) == BOW:
        (bow, middle), (end, to_y) = rest
        moves.append(("Q", ((bow, y), (bow, middle), (bow, to_y), (end, to_y))))
        rest = []
    for to_x, to_y in rest:
        half = (x + to_x) / 2
        straight = to_x == x or to_y == y
        moves.append(("L", ((to_x, to_y),)) if straight else ("C", ((half, y), (half, to_y), (to_x, to_y))))
        x, y = to_x, to_y
    return "".join(
        letter + " ".join(f"{number(a)} {number(b)}" for a, b in (turned(ends) if down else ends))
        for letter, ends in moves
    )


def arrowhead(point: Point, before: Point, *, down: bool = False) -> str:
    """The tip of an arrow at the point that it points at; `before` is where its line comes from.

    With `down` it comes upright from there, unless both are at the same height.
    """
    (x, y), (from_x, from_y) = point, before
    upright = from_y != y if down else from_x == x
    back = -8 if (from_y < y if upright else from_x < x) else 8
    tip = f"l-4 {back}h8z" if upright else f"l{back} -4v8z"
    return f'<path class="tip" d="M{number(x)} {number(y)}{tip}"/>'


def words(x: float, y: float, said: str, look: str) -> str:
    """A line of text."""
    return f'<text class="{look}" x="{number(x)}" y="{number(y)}">{text(said)}</text>'


def tooltip(said: str) -> str:
    """What a pointer that rests on a thing is told."""
    return f"<title>{text(said)}</title>"


def text(said: str) -> str:
    """A text of any origin, which is no markup."""
    return escape(plain(said))


def number(value: float) -> str:
    """A number as short as a tenth of a pixel allows."""
    return f"{value:.1f}".removesuffix(".0")
