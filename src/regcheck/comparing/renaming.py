"""A fleet as it would have been read if what was renamed since had had its new names already."""

from __future__ import annotations

from typing import Any

from regcheck.model import Entry, Fleet


def under_new_names(before: Fleet, after: Fleet, names: dict[str, str]) -> Fleet:
    """The same fleet, in which each renamed entry, and all that names it, has the name of a later one.

    Places and problems stay those of the files that were read.
    """
    if not names:
        return before
    ids = {old: _id(after, new) for old, new in names.items()}
    registers = [
        register._replace(entries=[_renamed(entry, names, ids) for entry in register.entries])
        for register in before.registers
    ]
    fleet = Fleet(before.kinds, registers, before.sources, before.problems, before.schemas, tree=before.tree)
    fleet.index()
    return fleet


def _id(fleet: Fleet, ref: str) -> Any:
    """The id of an entry as its files write it, which may be a number."""
    entry = fleet.get(ref)
    assert entry is not None
    return entry.values[entry.kind.id_property]


def _renamed(entry: Entry, names: dict[str, str], ids: dict[str, Any]) -> Entry:
    """An entry as it is, or a copy where it is renamed, or names what is."""
    named = [name for name, refs in entry.links.items() if any(ref in names for ref in refs)]
    if not named and entry.ref not in names:
        return entry
    values = dict(entry.values)
    copy = Entry(entry.kind, values, entry.places, entry.source, entry.workplan)
    copy.ref = names.get(entry.ref, entry.ref)
    copy.id = copy.ref.partition(":")[2]
    copy.links = dict(entry.links)
    for name in named:
        refs = entry.links[name]
        copy.links[name] = tuple(names.get(ref, ref) for ref in refs)
        written = {
            old: new for ref in refs if ref in names for old, new in _written(ref, names[ref], ids[ref])
        }
        items = [written.get(str(item), item) for item in entry.list(name)]
        values[name] = items if isinstance(values[name], list) else items[0]
    if entry.ref in ids:
        values[entry.kind.id_property] = ids[entry.ref]
    return copy


def _written(old: str, new: str, id_: Any) -> list[tuple[str, Any]]:
    """The ways to write a reference: by id, or in full."""
    return [(old.partition(":")[2], id_), (old, new)]
