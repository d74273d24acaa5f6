"""The tables of a Markdown file that are registers, as they stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from regcheck.fixing.edits import Work
from regcheck.model import Register, Source
from regcheck.reading import front_matter, tables
from regcheck.reading.tables import Cell, Table

Span = tuple[int, int]


class Grid:
    """A register's table: its lines, and the cells of each; the second line is the delimiter row."""

    def __init__(self, source: Source, register: Register, table: Table) -> None:
        self.source, self.register, self.text = source, register, source.text
        first_two = islice(tables.lines(self.text, table.start), 2)
        self.lines: list[Span] = [*first_two, *table.rows]
        self.cells: list[list[Cell]] = [tables.cells(self.text, *line) for line in self.lines]

    @property
    def sound(self) -> bool:
        """Whether every row has as many cells as the header, and starts where a line does."""
        count = len(self.cells[0])
        return all(len(row) == count for row in self.cells) and not any(
            self.text[start].isspace() for start, _ in self.lines
        )


def grids(work: Work, kind: str | None = None) -> Iterator[Grid]:
    """The sound tables that are registers (of one kind), in the files that may be edited."""
    found: dict[str, list[Register]] = {}
    for register in work.verdict.fleet.registers:
        if register.shape == "table":
            found.setdefault(register.source.path, []).append(register)
    for path, registers in found.items():
        source = work.sources.get(path)
        if source is None or (kind and not any(register.kind.name == kind for register in registers)):
            continue
        for register, table in _matched(source, registers):
            if kind in (None, register.kind.name):
                grid = Grid(source, register, table)
                if grid.sound:
                    yield grid


def _matched(source: Source, registers: list[Register]) -> list[tuple[Register, Table]]:
    """Each register of a file with its table."""
    body = front_matter.read(source).body
    places = {register.place for register in registers}
    named = any(end <= body for _, end in places)
    met = [
        table
        for table in tables.find(source.text, body)
        if isinstance(table, Table)
        and ((table.marker.start, table.marker.end) in places if table.marker else named)
    ]
    return list(zip(registers, met, strict=True))
