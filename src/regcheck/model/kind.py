"""What an entry is: a kind, its properties, and the references among them.

A kind is data (a JSON Schema with `x-regcheck`); `reading.kinds` makes these
values of it.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Reference(NamedTuple):
    """A property whose values name other entries."""

    kinds: tuple[str, ...]
    """Kinds to look in, in this order; `("*",)` for any kind."""
    relation: str | None
    """The label of the run-time edge it makes, or None where it makes none."""
    state: str
    """When the edge holds: `now`, `target` or `always`."""
    words: frozenset[str]
    """Values that are allowed and name no entry (`unknown`, `retired`)."""


class Property(NamedTuple):
    """One property of a kind, as far as reading and drawing need to know it."""

    name: str
    title: str
    description: str
    wants: frozenset[str]
    """JSON Schema types of a single value (of the items, for a list)."""
    is_list: bool
    reference: Reference | None
    ordered: bool = False
    """Whether the order of a list's items means something, as that of a path's hops does."""


class Kind(NamedTuple):
    """A kind of entry."""

    name: str
    plural: str
    title: str
    description: str
    id_property: str
    label_property: str
    properties: dict[str, Property]
    columns: dict[str, str]
    """Every heading a table may use, casefolded, to the property it means."""
    schema: dict[str, Any]

    def document_key(self, name: str) -> str | None:
        """What an entry document calls a property; None where it has no word for it.

        Its key `entry` names the kind, so a property of that name goes by another heading.
        """
        if name != "entry":
            return name
        return next((word for word, meant in self.columns.items() if meant == name != word), None)

    @property
    def numbered(self) -> bool:
        """Whether its ids are numbers: each is a place in an order, and no name that moves along."""
        known = self.properties.get(self.id_property)
        return known is not None and bool(known.wants) and known.wants <= {"integer", "number"}

    @property
    def references(self) -> dict[str, Reference]:
        """The properties that name other entries."""
        return {name: p.reference for name, p in self.properties.items() if p.reference}
