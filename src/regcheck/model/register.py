"""A file, or a table in a file, that holds entries of one kind."""

from __future__ import annotations

from typing import NamedTuple

from regcheck.model.entry import Entry
from regcheck.model.kind import Kind
from regcheck.model.position import Position, Source


class Register(NamedTuple):
    """The entries of one register and what it says about all of them."""

    kind: Kind
    source: Source
    place: tuple[int, int]
    """The span in which the register names its kind."""
    entries: list[Entry]
    shape: str
    """`table`, `list` or `document`."""
    title: str | None = None
    as_of: str | None = None
    max_age: int | None = None
    workplan: str | None = None
    as_of_place: tuple[int, int] | None = None
    """The span of the value of `as_of`."""

    @property
    def position(self) -> Position:
        """Where the register names its kind."""
        return self.source.position(self.place)

    @property
    def as_of_position(self) -> Position:
        """Where the register says of which day its facts are, else where it names its kind."""
        return self.source.position(self.as_of_place or self.place)
