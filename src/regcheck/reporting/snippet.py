"""A line of a register with a caret line below it, as far as it fits."""

from __future__ import annotations

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
    cells = [_cell(char) for char in line.rstrip()]
    end = len(cells)
    start = min(position.column - 1, end)
    stop = position.end_column - 1 if position.end_line == position.line else end
    stop = max(start, min(stop, end))
    left, right = _window(cells, start, stop, room)
    before = LEFT_OUT if left else ""
    after = LEFT_OUT if right < end else ""
    carets = _width(cells[start : min(stop, right)]) or 1
    return Snippet(
        before + "".join(cell.shown for cell in cells[left:right]) + after,
        " " * (columns(before) + _width(cells[left:start])) + "^" * carets,
    )


def _cell(char: str) -> _Cell:
    shown = TAB if char == "\t" else visible(char)
    return _Cell(shown, char_columns(char) if shown == char else len(shown))


def _width(cells: list[_Cell]) -> int:
    return sum(cell.width for cell in cells)


def _window(cells: list[_Cell], start: int, stop: int, room: int) -> tuple[int, int]:
    """The run of cells that is shown: the position first, then as much around it as fits."""
    if _width(cells) <= room:
        return 0, len(cells)
    left, right = start, start
    room -= 2 * len(LEFT_OUT)
    while right < stop and room >= cells[right].width:
        room -= cells[right].width
        right += 1
    if right < stop:
        return left, right
    while True:
        if left > 0 and cells[left - 1].width <= room:
            left -= 1
            room -= cells[left].width
        elif right >= len(cells) or cells[right].width > room:
            return left, right
        if right < len(cells) and cells[right].width <= room:
            room -= cells[right].width
            right += 1
