"""The cells of a table row to the values of an entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from regcheck.reading.inline import plain
from regcheck.reading.shapes import written_items
from regcheck.reading.tables import Cell
from regcheck.reading.values import ABSENT


class Column(NamedTuple):
    """How the cells of one column of a table are read."""

    name: str
    is_list: bool
    read: Callable[[str], Any]


def row_values(row: list[str], columns: list[Column | None], *, dressed: bool) -> dict[str, Any]:
    """The values of a row's cells by property; `dressed` says that there is Markdown in some of them."""
    return _dressed(row, columns) if dressed else _plain(row, columns)


def _plain(row: list[str], columns: list[Column | None]) -> dict[str, Any]:
    """The values of a row in which there is no Markdown: most rows, so this is written for speed."""
    values: dict[str, Any] = {}
    for column, written in zip(columns, row, strict=False):
        if column is None or written in ABSENT:
            continue
        name, is_list, read = column
        if not is_list:
            values[name] = read(written)
        elif "," not in written:
            values[name] = [read(written)]
        elif found := [read(item) for part in written.split(",") if (item := part.strip()) not in ABSENT]:
            values[name] = found
    return values


def _dressed(row: list[str], columns: list[Column | None]) -> dict[str, Any]:
    """The values of a row with code, emphasis, links or line breaks in it."""
    values: dict[str, Any] = {}
    for column, written in zip(columns, row, strict=False):
        if column is None or written in ABSENT:
            continue
        name, is_list, read = column
        if is_list:
            if found := [read(plain(item.text)) for item in written_items(Cell(written, 0, 0))]:
                values[name] = found
        elif (cleaned := plain(written)) not in ABSENT:
            values[name] = read(cleaned)
    return values
