"""What an entry says, apart from how it is written: two that say the same compare equal."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from regcheck.model import Entry, Property

Names = Mapping[str, str]
"""For the reference of each entry that was renamed, the one that it has now."""
SAME_NAMES: Names = {}


def said(entry: Entry, names: Names = SAME_NAMES, other: Entry | None = None) -> dict[str, Any]:
    """The values of an entry by field, with references as `kind:id`, renamed ones by their new name.

    What names nothing stays as it is written; so does what names nothing in the
    same field of the `other` entry, so that the two can be compared.
    """
    return {name: _referring(entry, name, value, names, other) for name, value in entry.values.items()}


def _referring(entry: Entry, name: str, value: Any, names: Names, other: Entry | None) -> Any:
    """A value in which what names an entry is its reference."""
    if not entry.links.get(name):
        return value
    lost = {str(item) for item, ref in _resolved(other, name) if ref is None} if other else ()
    found = [
        item if ref is None or str(item) in lost else names.get(ref, ref)
        for item, ref in _resolved(entry, name)
    ]
    return found if isinstance(value, list) else found[0]


def _resolved(entry: Entry, name: str) -> list[tuple[Any, str | None]]:
    """The items of a field, each with the reference that it is, or None where it names nothing."""
    items, links = entry.list(name), entry.links.get(name, ())
    if len(items) == len(links):
        return [*zip(items, links, strict=True)]
    known = {written: ref for ref in links for written in (ref.partition(":")[2], ref)}
    return [(item, known.get(str(item))) for item in items]


def meaning(value: Any, property_: Property | None = None) -> Hashable:
    """What is equal for two values that mean the same.

    The order of a list means nothing unless its property says so, nor do
    repetitions in it then, nor how the words of a text are broken into lines.
    """
    if isinstance(value, list):
        items = [meaning(item) for item in value]
        if property_ is None or not property_.ordered:
            items = sorted(set(items), key=repr)
        return tuple(items)
    if isinstance(value, dict):
        return tuple((name, meaning(value[name])) for name in sorted(value))
    if isinstance(value, str):
        return " ".join(value.split())
    return (bool, value) if isinstance(value, bool) else value  # True is no 1


def same(one: Any, other: Any, property_: Property | None) -> bool:
    """Whether two values of a property mean the same; None is a field that is not there."""
    return bool(meaning(one, property_) == meaning(other, property_))
