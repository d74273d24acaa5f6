"""Lines, arrowheads and words as SVG; nothing here knows what they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from regcheck.drawing.picture import plain


def path(points: Iterable[tuple[float, float]]) -> str:
    """Straight through columns, and in level curves from one to the next."""
    (x, y), *rest = points
    found = [f"M{number(x)} {number(y)}"]
    for to_x, to_y in rest:
        if to_y == y:
            found.append(f"H{number(to_x)}")
        elif to_x == x:  # within a column: a bow to the right
            bow = x + 14 + min(abs(to_y - y) / 6, 22)
            found.append(
                f"C{number(bow)} {number(y)} {number(bow)} {number(to_y)} {number(to_x)} {number(to_y)}"
            )
        else:
            half = number((x + to_x) / 2)
            found.append(f"C{half} {number(y)} {half} {number(to_y)} {number(to_x)} {number(to_y)}")
        x, y = to_x, to_y
    return "".join(found)


def arrowhead(point: tuple[float, float], *, leftward: bool) -> str:
    """The tip of an arrow, at the point that it points at."""
    x, y = point
    return f'<path class="tip" d="M{number(x)} {number(y)}l{8 if leftward else -8} -4v8z"/>'


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
