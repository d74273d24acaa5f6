"""A line of a register with a caret line below it, as far as it fits."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from regcheck.model import Position
from regcheck.terminal import char_columns, columns, visible

TAB = "    "
LEFT_OUT = "…"


class Snippet(NamedTuple):
    """What is shown of a source line, and what stands under it."""

    source: str
    carets: str


class _Cell(NamedTuple):
    """One character of the line as it is shown."""

    shown: str
    width: int


def snippet(line: str, position: Position, room: int) -> Snippet:
    """The part of a line around a position, at most `room` columns wide.

    The carets stand under exactly the characters of the position; one that goes
    on in later lines ends with this one.
    """
    line = line.rstrip()
    start = min(position.column - 1, len(line))
    stop = position.end_column - 1 if position.end_line == position.line else len(line)
    stop = max(start, min(stop, len(line)))
    # A line may be a megabyte long and have a thousand findings: only what can
    # be shown is looked at.
    first, last = max(0, start - room), start + 2 * room
    cells = [*map(_cell, line[first:last])]
    more = first > 0, last < len(line)
    start, stop = start - first, min(stop - first, len(cells))
    left, right = _window(cells, start, stop, room, more)
    before = LEFT_OUT if left or more[0] else ""
    after = LEFT_OUT if right < len(cells) or more[1] else ""
    carets = _width(cells[start : min(stop, right)]) or 1
    return Snippet(
        before + "".join(cell.shown for cell in cells[left:right]) + after,
        " " * (columns(before) + _width(cells[left:start])) + "^" * carets,
    )


@lru_cache(1024)  # lines are made of few different characters
def _cell(char: str) -> _Cell:
    shown = TAB if char == "\t" else visible(char)
    return _Cell(shown, char_columns(char) if shown == char else len(shown))


def _width(cells: list[_Cell]) -> int:
    return sum(cell.width for cell in cells)


def _window(cells: list[_Cell], start: int, stop: int, room: int, more: tuple[bool, bool]) -> tuple[int, int]:
    """The run of cells that is shown: the position first, then as much around it as fits.

    `more` is whether the line goes on before and after the cells.
    """
    end = len(cells)
    edges = [0, *accumulate(cell.width for cell in cells)]

    def fits(left: int, right: int) -> bool:
        return edges[right] - edges[left] + (left > 0 or more[0]) + (right < end or more[1]) <= room

    if fits(0, end):
        return 0, end
    left = right = start
    while right < stop and fits(left, right + 1):
        right += 1
    grown = right == stop
    while grown:
        grown = False
        if left > 0 and fits(left - 1, right):
            left, grown = left - 1, True
        if right < end and fits(left, right + 1):
            right, grown = right + 1, True
    return left, right
