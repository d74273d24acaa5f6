"""The entries of two fleets compared: added, removed, renamed, changed field by field, and moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from regcheck.comparing.meaning import said, same
from regcheck.comparing.renames import Renames
from regcheck.graph.timeline import Place, places_of
from regcheck.model import Entry, Fleet, Position, Property

UNKNOWN = "unknown"
"""What a place says that nobody knows."""


class Field(NamedTuple):
    """A field that says something else, with references as `kind:id`, renamed ones by their new name."""

    name: str
    before: Any
    """None where it was not there."""
    after: Any
    """None where it is no longer there."""
    position: Position
    """Where it stands now; where it is gone, the place of its entry."""
    property: Property | None
    """What the kind says of it; None where the kind does not have it."""


class Changed(NamedTuple):
    """An entry that is on both sides, and what is different."""

    before: Entry
    entry: Entry
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """The change of one field; None where it says the same."""
        return next((field for field in self.fields if field.name == name), None)


def became_known(field: Field) -> bool | None:
    """Whether a place is known now and was not (True), or the other way round; None where it is neither."""
    reference = field.property.reference if field.property else None
    if field.before is None or field.after is None or not reference or UNKNOWN not in reference.words:
        return None
    was, is_ = (value in (UNKNOWN, [UNKNOWN]) for value in (field.before, field.after))
    return was if was != is_ else None


class Moved(NamedTuple):
    """An entry that is at another place now than it was: on other machines, or on another path.

    What becomes known or unknown has not moved for that.
    """

    entry: Entry
    field: Field
    target: str | None
    """`reached` where it has come to its target, `left` where it was there and is no longer, else None."""


class Entries(NamedTuple):
    """What came of the entries of a fleet, in the order of their kinds and files."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    renamed: tuple[Changed, ...]
    renumbered: tuple[Changed, ...]
    """Those that people call as before, and that have another number."""
    changed: tuple[Changed, ...]
    """Those of the same name that say something else."""

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Those that are at another place than they were."""
        changes = (*self.renamed, *self.renumbered, *self.changed)
        return tuple(moved for change in changes for moved in _moves(change))


def compare_entries(before: Fleet, after: Fleet, renames: Renames) -> Entries:
    """Every difference of what the entries say. Nothing that only follows from a rename is one."""
    pairs = [*renames.follow(before, after)]
    stayed, there = {old.ref for old, _ in pairs}, {entry.ref for _, entry in pairs}
    named = {old.ref for old, _ in renames.pairs}
    reworded = renames.reworded
    changes = [_changed(old, entry, renames, reworded) for old, entry in pairs]
    others = (change for change in changes if change.before.ref not in named)
    return Entries(
        tuple(entry for entry in _all(after) if entry.ref not in there),
        tuple(entry for entry in _all(before) if entry.ref not in stayed),
        tuple(change for change in changes if change.before.ref in named),
        tuple(change for change in changes if change.before.ref in renames.numbers),
        tuple(change for change in others if change.fields and change.before.ref not in renames.numbers),
    )


def _all(fleet: Fleet) -> Iterator[Entry]:
    return (entry for entries in fleet.by_kind.values() for entry in entries.values())


def _changed(old: Entry, entry: Entry, renames: Renames, reworded: Callable[[str], str]) -> Changed:
    names = renames.names
    if not _names_one(old, names) and old.values == entry.values and old.links == entry.links:
        return Changed(old, entry, ())
    was = _beside_names(old, entry, said(old, names, entry))
    now = _beside_names(old, entry, said(entry, other=old))
    # That one numbered entry names another by its new number only follows from that.
    numbers = renames.numbers if entry.kind.numbered else {}
    followed = said(old, names | numbers, entry) if numbers else was
    fields = tuple(
        Field(name, was.get(name), now.get(name), entry.at(name), property_)
        for name in dict.fromkeys((*entry.kind.properties, *now, *was))
        for property_ in [entry.kind.properties.get(name)]
        if not same(was.get(name), now.get(name), property_)
        and not (numbers and same(followed.get(name), now.get(name), property_))
        and not (names and same(_reworded(was.get(name), reworded), now.get(name), property_))
    )
    return Changed(old, entry, fields)


def _beside_names(old: Entry, entry: Entry, values: dict[str, Any]) -> dict[str, Any]:
    """What one of the two says, without the names that they exchange where it was renamed."""
    if old.id == entry.id:
        return values
    values.pop(entry.kind.id_property, None)
    if "aliases" in values:
        aliases = values.pop("aliases")
        aliases = aliases if isinstance(aliases, list) else [aliases]
        others = [name for name in aliases if str(name) not in (old.id, entry.id)]
        values |= {"aliases": others} if others else {}
    return values


def _reworded(value: Any, reworded: Callable[[str], str]) -> Any:
    """A value in whose texts what was renamed goes by its new name."""
    if isinstance(value, list):
        return [_reworded(item, reworded) for item in value]
    return reworded(value) if isinstance(value, str) else value


def _names_one(entry: Entry, names: dict[str, str]) -> bool:
    """Whether an entry names one that was renamed."""
    return bool(names) and any(ref in names for links in entry.links.values() for ref in links)


def _moves(change: Changed) -> Iterator[Moved]:
    """The places of an entry that are others than they were, where both are known."""
    for place in places_of(change.entry.kind):
        field = change.field(place.now)
        if field is not None and _is_known(field.before) and _is_known(field.after):
            yield Moved(change.entry, field, _target(change, field, place))


def _is_known(place: Any) -> bool:
    return place is not None and UNKNOWN not in (place if isinstance(place, list) else [place])


def _target(change: Changed, field: Field, place: Place) -> str | None:
    """Whether an entry has come to its target, or left it. Where only one side has a target, that holds."""
    goal = change.field(place.target)
    was = goal.before if goal else said(change.entry).get(place.target)
    now = goal.after if goal else was
    now, was = (was if now is None else now), (now if was is None else was)
    if now is not None and same(field.after, now, field.property):
        return "reached"
    return "left" if was is not None and same(field.before, was, field.property) else None
