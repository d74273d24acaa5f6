"""Where the fields of an entry stand, for each of the three shapes, and what stands beside entries.

Places are asked for only when there is something to tell, so they keep next to
nothing: a table row its line, a YAML entry a packed run of offsets.
"""

from __future__ import annotations

from array import array
from typing import Any, ClassVar, NamedTuple

from regcheck.model import Kind, Places
from regcheck.reading import tables
from regcheck.reading.inline import plain
from regcheck.reading.tables import Cell
from regcheck.reading.values import ABSENT, is_absent
from regcheck.reading.yaml_nodes import Mapping, Sequence

Pair = tuple[int, int]

NOTHING = 2**32 - 1
"""In place of a count of items: the value is written as absent."""


class Columns:
    """The header of one table: which column holds which property.

    The row that was asked for last is kept, so that a row with many findings is
    not read again for each of them.
    """

    __slots__ = ("_items", "_items_at", "_row", "_row_at", "at", "header", "kind", "properties", "text")

    def __init__(self, text: str, kind: Kind, header: list[Cell], properties: list[str | None]) -> None:
        self.text, self.kind, self.header, self.properties = text, kind, header, properties
        self.at = {name: column for column, name in enumerate(properties) if name is not None}
        self._row_at, self._items_at = -1, (-1, -1)
        self._row: list[Cell] = []
        self._items: list[Cell] = []

    def row(self, start: int, end: int) -> list[Cell]:
        """The cells of the row between two offsets."""
        if self._row_at != start:
            self._row_at, self._row = start, tables.cells(self.text, start, end)
        return self._row

    def items(self, start: int, end: int, column: int) -> list[Cell]:
        """The items that a cell of a row lists."""
        if self._items_at != (start, column):
            self._items_at, self._items = (start, column), written_items(self.row(start, end)[column])
        return self._items


class RowPlaces:
    """The places of one table row, found by reading its line again."""

    __slots__ = ("columns", "end", "start")

    def __init__(self, columns: Columns, start: int, end: int) -> None:
        self.columns, self.start, self.end = columns, start, end

    def entry(self) -> Pair:
        """The first cell that is not empty, else the row."""
        for cell in self.columns.row(self.start, self.end):
            if cell.text:
                return narrowed(cell)
        return self.start, self.end

    def value(self, name: str, index: int | None) -> Pair | None:
        """The cell of a property without its dressing, or one item in it."""
        column = self.columns.at.get(name)
        row = self.columns.row(self.start, self.end)
        if column is None or column >= len(row):
            return None
        cell = row[column]
        if self.columns.kind.properties[name].is_list:
            items = self.columns.items(self.start, self.end, column)
            if not items:
                return None
            if len(items) > 1 and (index is None or index >= len(items)):
                return cell.start, cell.end
            return narrowed(items[index or 0])
        return None if plain(cell.text) in ABSENT else narrowed(cell)

    def key(self, name: str) -> Pair | None:
        """The heading of a property's column."""
        column = self.columns.at.get(name)
        return None if column is None else narrowed(self.columns.header[column])


def written_items(cell: Cell) -> list[Cell]:
    """The items of a list cell that are not absent."""
    return [item for item in tables.items(cell) if plain(item.text) not in ABSENT]


def narrowed(cell: Cell) -> Pair:
    """The span of a cell's plain text inside its dressing."""
    text = plain(cell.text)
    at = cell.text.find(text) if text else -1
    return (cell.start + at, cell.start + at + len(text)) if at >= 0 else (cell.start, cell.end)


class NodePlaces:
    """The places of a YAML mapping, packed: per field its key, its value, its items."""

    __slots__ = ("names", "spans")

    _names: ClassVar[dict[tuple[str, ...], tuple[str, ...]]] = {}

    def __init__(self, node: Mapping) -> None:
        names = tuple(node.pairs)
        # Entries of one register share their keys; one tuple serves them all.
        self.names = self._names.setdefault(names, names)
        merged = node.merged or ()
        own = next((pair.key for name, pair in node.pairs.items() if name not in merged), node)
        spans = [own.start, own.end]
        for key, value in node.pairs.values():
            spans += (key.start, key.end, value.start, value.end)
            if value.__class__ is Sequence:
                items = [item for item in value.items if not is_absent(item)]
                spans.append(len(items))
                for item in items:
                    spans += (item.start, item.end)
            else:
                spans.append(0 if not is_absent(value) else NOTHING)
        self.spans = array("L", spans)

    @classmethod
    def packed(cls, names: tuple[str, ...], spans: array[int]) -> NodePlaces:
        """The places that another run has packed."""
        places = cls.__new__(cls)
        places.names, places.spans = cls._names.setdefault(names, names), spans
        return places

    def entry(self) -> Pair:
        """The first key that the mapping has of its own."""
        return self.spans[0], self.spans[1]

    def value(self, name: str, index: int | None) -> Pair | None:
        """The value of a field, or one item of its list."""
        at = self._find(name)
        if at is None or self.spans[at + 4] == NOTHING:
            return None
        count = self.spans[at + 4]
        if index is None and count == 1:
            index = 0
        if index is not None and index < count:
            at += 5 + 2 * index
            return self.spans[at], self.spans[at + 1]
        return self.spans[at + 2], self.spans[at + 3]

    def key(self, name: str) -> Pair | None:
        """The key of a field."""
        at = self._find(name)
        return None if at is None else (self.spans[at], self.spans[at + 1])

    def _find(self, name: str) -> int | None:
        at = 2
        for candidate in self.names:
            if candidate == name:
                return at
            count = self.spans[at + 4]
            at += 5 + (0 if count == NOTHING else 2 * count)
        return None


class About(NamedTuple):
    """What a register says beside its entries."""

    title: str | None = None
    as_of: str | None = None
    max_age: int | None = None
    workplan: str | None = None
    as_of_place: tuple[int, int] | None = None


class Defaults(NamedTuple):
    """The properties that a register gives to each of its entries."""

    values: dict[str, Any]
    places: Places


class WithDefaults:
    """An entry's own places, and behind them those of its register's `defaults`."""

    __slots__ = ("defaults", "own")

    def __init__(self, own: Places, defaults: Places) -> None:
        self.own, self.defaults = own, defaults

    def entry(self) -> Pair:
        """The place of the entry itself."""
        return self.own.entry()

    def value(self, name: str, index: int | None) -> Pair | None:
        """The entry's own value, else the default's."""
        return self.own.value(name, index) or self.defaults.value(name, index)

    def key(self, name: str) -> Pair | None:
        """The entry's own key, else the default's."""
        return self.own.key(name) or self.defaults.key(name)
