"""Which entries are there under another name or number."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

from regcheck.comparing.meaning import meaning, said
from regcheck.model import Entry, Fleet
from regcheck.words import shared_start

ALIKE = 2 / 3
"""The share of the fields of two entries that agree from which on they are one (see `_likeness`)."""
LEAST = 2
"""Fields that agree at least: one alone proves nothing."""
MANY = 500
"""Entries of a kind that are gone, or new, past which they are no longer compared field by field."""


class Renames(NamedTuple):
    """The entries that were renamed."""

    pairs: tuple[tuple[Entry, Entry], ...]
    """Each as it was, and as it is, in the order of the kinds and the files."""
    names: dict[str, str]
    """Their references, old to new, and those of entries whose id is the name of a renamed one."""
    numbers: dict[str, str]
    """The references of entries that only have another number: to tell of them, never to compute with."""

    def follow(self, before: Fleet, after: Fleet) -> Iterator[tuple[Entry, Entry]]:
        """The entries of both sides, each as it was and as it is, in the order of the first side."""
        came = {*self.numbers.values()}
        for entries in before.by_kind.values():
            for old in entries.values():
                new = self.numbers.get(old.ref) or self.names.get(old.ref, old.ref)
                entry = after.get(new)
                if entry is not None and (old.ref in self.numbers or new not in came):
                    yield old, entry

    @property
    def reworded(self) -> Callable[[str], str]:
        """A text with the new names of what was renamed in place of the old ones, as whole words.

        What has another number goes by that where it is written as `kind:number`.
        """
        words = {old.partition(":")[2]: new.partition(":")[2] for old, new in self.names.items()}
        words |= self.names | self.numbers
        if not words:
            return str
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        known = re.compile(rf"(?<![\w:.-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
        return lambda text: known.sub(lambda found: words[found[0]], text)


def renames(before: Fleet, after: Fleet) -> Renames:
    """Which entries that are gone are there under another id.

    They are where the two share a name (the new entry has the old id among its
    aliases, or the other way round), else where they are the most alike. A number is
    no name: what has another one comes at another time, as a wave does.
    """
    gone, new = _only_in(before, after), _only_in(after, before)
    pairs: dict[str, Entry] = {}
    names: dict[str, str] = {}
    for old, entry in _sharing_a_name(gone, new):
        pairs[old.ref], names[old.ref] = entry, entry.ref
    known = -1
    while known < len(pairs):  # what was renamed is named by others, which are more alike then
        known = len(pairs)
        names.update(_by_their_id(before, after, names))
        for old, entry in list(_alike(gone, new, names)):
            pairs[old.ref], names[old.ref] = entry, entry.ref
    ordered = [(old, pairs[old.ref]) for entries in gone.values() for old in entries if old.ref in pairs]
    return Renames(tuple(ordered), names, dict(_renumbered(before, after)))


def _renumbered(before: Fleet, after: Fleet) -> Iterator[tuple[str, str]]:
    """What people call the same on both sides, and nothing else there, and what has another number."""
    for name, kind in before.kinds.items():
        if kind.numbered:
            was, is_ = _by_label(before, name), _by_label(after, name)
            both = ((old, is_[label]) for label, old in was.items() if label in is_)
            yield from ((old, new) for old, new in both if old and new and old != new)


def _by_label(fleet: Fleet, kind: str) -> dict[Hashable, str]:
    """The references of entries by what people call them; empty where that is said of several."""
    found: dict[Hashable, str] = {}
    for entry in fleet.of(kind).values():
        if (label := entry.get(entry.kind.label_property)) is not None:
            found[meaning(label)] = "" if meaning(label) in found else entry.ref
    return found


def _only_in(fleet: Fleet, other: Fleet) -> dict[str, list[Entry]]:
    """The entries of each kind whose id the other fleet does not have."""
    return {
        kind: [entry for id_, entry in entries.items() if id_ not in other.of(kind)]
        for kind, entries in fleet.by_kind.items()
        if not fleet.kinds[kind].numbered
    }


def _by_their_id(before: Fleet, after: Fleet, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What is known by the name of another entry, as a gate is by its workload's, follows that."""
    for name, kind in before.kinds.items():
        if kind.id_property in kind.references:
            for entry in before.of(name).values():
                new = f"{name}:{names.get(entry.link(kind.id_property) or '', '').partition(':')[2]}"
                if entry.ref not in names and after.get(entry.ref) is None and after.get(new):
                    yield entry.ref, new


def _sharing_a_name(
    gone: dict[str, list[Entry]], new: dict[str, list[Entry]]
) -> Iterator[tuple[Entry, Entry]]:
    for kind, entries in gone.items():
        by_name: dict[str, Entry] = {}
        for entry in new.get(kind, ()) if entries else ():
            for name in _names(entry):
                by_name.setdefault(name, entry)
        taken: set[str] = set()
        for old in entries:
            found = next((by_name[name] for name in _names(old) if name in by_name), None)
            if found is not None and found.ref not in taken:
                taken.add(found.ref)
                yield old, found


def _names(entry: Entry) -> list[str]:
    return [entry.id, *map(str, entry.list("aliases"))]


def _alike(
    gone: dict[str, list[Entry]], new: dict[str, list[Entry]], names: dict[str, str]
) -> Iterator[tuple[Entry, Entry]]:
    """Pairs of entries that are alike; the most alike find each other first, ties by their ids."""
    taken = set(names.values())
    for kind, entries in gone.items():
        old = [entry for entry in entries if entry.ref not in names and not _is_another(entry)]
        others = [entry for entry in new.get(kind, ()) if entry.ref not in taken]
        if not old or not others or max(len(old), len(others)) > MANY:
            continue
        fields = [_fields(entry, {}) for entry in others]
        ranked = []
        for one in old:
            mine = _fields(one, names)
            for theirs, other in zip(fields, others, strict=True):
                if (likeness := _likeness(mine, theirs)) >= ALIKE:
                    ranked.append((-likeness, -_ends_alike(one.id, other.id), one.id, other.id, one, other))
        for *_, one, other in sorted(ranked, key=lambda rank: rank[:4]):
            if one.ref not in taken and other.ref not in taken:
                taken.update((one.ref, other.ref))
                yield one, other


def _is_another(entry: Entry) -> bool:
    """Whether the id is the name of another entry: then the two say when it is renamed."""
    return entry.kind.id_property in entry.kind.references


def _fields(entry: Entry, names: dict[str, str]) -> dict[str, Hashable]:
    """What an entry says beside its names."""
    properties, own = entry.kind.properties, (entry.kind.id_property, "aliases")
    values = said(entry, names).items()
    return {name: meaning(value, properties.get(name)) for name, value in values if name not in own}


def _likeness(one: dict[str, Hashable], other: dict[str, Hashable]) -> float:
    """The share of the fields of two entries that both have and that say the same (Jaccard, 1901).

    The id and the aliases do not count. It is 0 where fewer than two fields agree.
    """
    agree = len(one.items() & other.items())
    return agree / len(one.keys() | other.keys()) if agree >= LEAST else 0.0


def _ends_alike(one: str, other: str) -> int:
    """How many characters two ids begin and end with in common."""
    return shared_start(one, other) + shared_start(one[::-1], other[::-1])
