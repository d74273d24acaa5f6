"""One described thing of the fleet, with the place of every field."""

from __future__ import annotations

from typing import Any, Protocol

from regcheck.model.kind import Kind
from regcheck.model.position import Position, Source


class Places(Protocol):
    """Where the fields of one entry stand, as spans of its source's text."""

    def entry(self) -> tuple[int, int]:
        """The place of the whole entry: where it starts to speak."""

    def value(self, name: str, index: int | None) -> tuple[int, int] | None:
        """The value of a field, or one item of its list; None where it is not written."""

    def key(self, name: str) -> tuple[int, int] | None:
        """The key or the column heading of a field."""


class Entry:
    """An entry: typed values, resolved references, and places.

    `values` holds what the schema sees (str, int, float, bool, lists of them),
    with references already in their full form. `links` holds, for every
    property that names other entries, their references (`kind:id`) in the
    order written; names that no entry answers to are not in it.
    """

    __slots__ = ("id", "kind", "links", "places", "ref", "source", "values", "workplan")

    def __init__(
        self,
        kind: Kind,
        values: dict[str, Any],
        places: Places,
        source: Source,
        workplan: str | None = None,
    ) -> None:
        self.kind = kind
        self.values = values
        self.places = places
        self.source = source
        self.workplan = workplan
        self.id = ""
        self.ref = ""
        self.links: dict[str, tuple[str, ...]] = {}

    @property
    def label(self) -> str:
        """What people call it: its name or title, else its id."""
        return str(self.values.get(self.kind.label_property) or self.id)

    @property
    def subject(self) -> str:
        """What a message about it calls it: its reference, or its kind where it has no id."""
        return self.ref or f"this {self.kind.name}"

    def get(self, name: str, default: Any = None) -> Any:
        """The typed value of a field."""
        return self.values.get(name, default)

    def list(self, name: str) -> list[Any]:
        """The value of a field as a list; empty where it is absent."""
        value = self.values.get(name)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def link(self, name: str) -> str | None:
        """The first entry that a property names, as `kind:id`."""
        links = self.links.get(name)
        return links[0] if links else None

    def undecided(self, *names: str) -> bool:
        """Whether the source leaves one of these fields open."""
        return "undecided" in self.values and any(name in self.list("undecided") for name in names)

    @property
    def position(self) -> Position:
        """Where the entry introduces itself: its id, else its name, else its start."""
        for name in (self.kind.id_property, self.kind.label_property, "name", "title"):
            if name in self.values and (span := self.places.value(name, None)):
                return self.source.position(span)
        return self.source.position(self.places.entry())

    def at(self, name: str, item: int | str | None = None) -> Position:
        """Where a field stands, or one item of it (its index, or what it names).

        Falls back on the place of the entry where the field is not written.
        """
        index = item if isinstance(item, int) else self.index(name, item)
        span = self.places.value(name, index)
        return self.source.position(span) if span else self.position

    def at_key(self, name: str) -> Position:
        """Where the key or the heading of a field stands."""
        span = self.places.key(name)
        return self.source.position(span) if span else self.position

    def index(self, name: str, item: str | None) -> int | None:
        """The index of the item that names an entry (`kind:id`) or has a value."""
        if item is None:
            return None
        bare = item.partition(":")[2] or item
        for index, value in enumerate(self.list(name)):
            if str(value) in (item, bare):
                return index
        return None

    def __repr__(self) -> str:
        return f"<Entry {self.ref or self.kind.name}>"
