"""Selections in the manner of dbt: which entries an expression means.

`kind:workload`, `workload:forge`, `role:frozen`, `environment=production`;
`+X` adds what X needs, `X+` what needs X, `2+X` no further than two steps; a
space is union, a comma intersection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Protocol

from regcheck.errors import UsageError
from regcheck.graph.reach import Reach
from regcheck.model import Entry, Fleet, Kind
from regcheck.words import did_you_mean, listed

TERM = re.compile(r"(?P<needs>(?P<needs_depth>\d*)\+)?(?P<what>.+?)(?P<needed>\+(?P<needed_depth>\d*))?")


class Steps(Protocol):
    """What the plus signs of a selection follow."""

    def onward(self, ref: str) -> Iterable[str]:
        """What an entry needs itself, or waits for."""

    def back(self, ref: str) -> Iterable[str]:
        """Who needs an entry directly, or waits for it."""


class Needs:
    """The run-time edges of a state."""

    def __init__(self, reach: Reach, state: str) -> None:
        self.reach = reach
        self.state = state

    def onward(self, ref: str) -> Iterable[str]:
        """What an entry needs itself."""
        return (edge.target for edge in self.reach.needs(ref, self.state))

    def back(self, ref: str) -> Iterable[str]:
        """Who needs an entry directly."""
        return (edge.source for edge in self.reach.needed_by(ref, self.state))


class Waits:
    """An order: pairs of what waits, and what it waits for."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.targets: dict[str, list[str]] = {}
        self.sources: dict[str, list[str]] = {}
        for source, target in pairs:
            self.targets.setdefault(source, []).append(target)
            self.sources.setdefault(target, []).append(source)

    def onward(self, ref: str) -> Iterable[str]:
        """What an entry waits for itself."""
        return self.targets.get(ref, ())

    def back(self, ref: str) -> Iterable[str]:
        """Who waits for an entry directly."""
        return self.sources.get(ref, ())


class Selector:
    """Reads selections against one fleet."""

    def __init__(self, fleet: Fleet, steps: Steps) -> None:
        self.fleet = fleet
        self.steps = steps

    def select(self, expression: str) -> set[str]:
        """The references of the entries an expression means.

        Raises UsageError, with a suggestion, for a name that nothing answers to.
        """
        found: set[str] = set()
        for union in expression.split():
            parts = [self._term(part) for part in union.split(",") if part]
            if parts:
                found |= set.intersection(*parts)
        return found

    def _term(self, term: str) -> set[str]:
        match = TERM.fullmatch(term)
        if match is None:
            raise UsageError(f"`{term}` is no selection: see `regcheck graph --help`")
        base = self._named(match["what"])
        found = set(base)
        if match["needs"]:
            found |= self._walk(base, match["needs_depth"], self.steps.onward)
        if match["needed"]:
            found |= self._walk(base, match["needed_depth"], self.steps.back)
        return found

    @staticmethod
    def _walk(base: set[str], depth: str, step: Callable[[str], Iterable[str]]) -> set[str]:
        seen, level = set(base), sorted(base)
        left = int(depth) if depth else -1
        while level and left != 0:
            following = {other for ref in level for other in step(ref)} - seen
            seen |= following
            level, left = sorted(following), left - 1
        return seen

    def _named(self, what: str) -> set[str]:
        name, equals, value = what.partition("=")
        kind, colon, rest = what.partition(":")
        if not equals and not colon and (owners := self._owners(what)):
            raise UsageError(f"write `{what}` as `kind:id`: {listed(owners, 'or')}")
        if not (name and value if equals else kind and rest):
            raise UsageError(f"`{what}` is no selection: write `kind:id`, `kind:KIND` or `property=value`")
        if equals:
            return self._with(name, value)
        name = rest
        if kind == "kind":
            if name not in self.fleet.kinds:
                guess = did_you_mean(name, self.fleet.kinds)
                known = f"the kinds are {listed(sorted(self.fleet.kinds))}"
                raise UsageError(f"there is no kind `{name}`: {guess or known}")
            return {entry.ref for entry in self.fleet.of(name).values()}
        if kind in self.fleet.kinds:
            entry = self.fleet.names[kind].get(name)
            if entry is None:
                guess = did_you_mean(name, self.fleet.names[kind])
                raise UsageError(f"there is no {kind} `{name}`" + (f": {guess}" if guess else ""))
            return {entry.ref}
        return self._with(kind, name)

    def _with(self, name: str, value: str) -> set[str]:
        kinds = [kind.name for kind in self.fleet.kinds.values() if name in kind.properties]
        if not kinds:
            properties = {p for kind in self.fleet.kinds.values() for p in kind.properties}
            guess = did_you_mean(name, [*properties, *self.fleet.kinds])
            raise UsageError(f"no kind has a property `{name}`" + (f": {guess}" if guess else ""))
        entries = (entry for kind in kinds for entry in self.fleet.of(kind).values())
        found = {entry.ref for entry in entries if has(entry, name, value)}
        if not found:
            refuse_impossible(self.fleet, self.fleet.kinds.values(), name, value)
        return found

    def _owners(self, name: str) -> list[str]:
        """The entries with an id or an alias, in backquotes."""
        return sorted({f"`{e.ref}`" for names in self.fleet.names.values() if (e := names.get(name))})


def refuse_impossible(fleet: Fleet, kinds: Iterable[Kind], name: str, value: str) -> None:
    """Raise UsageError for a value that no entry has, where all values of a property are known.

    The schema names them, or they are the names of entries. A kind that leaves
    them open counts where an entry of it has the property.
    """
    known: dict[str, None] = {}
    named = False
    for kind in kinds:
        if (property_ := kind.properties.get(name)) is None:
            continue
        schema = kind.schema["properties"][name]
        single = schema.get("items") if property_.is_list else schema
        allowed = single.get("enum", ()) if isinstance(single, dict) else ()
        if allowed and all(isinstance(item, str) for item in allowed):
            known |= dict.fromkeys(allowed)
        elif (reference := property_.reference) and set(reference.kinds) <= fleet.names.keys():
            named = True
            known |= dict.fromkeys(sorted(reference.words))
            for other in reference.kinds:
                known |= {form: None for ref in fleet.names[other] for form in (ref, f"{other}:{ref}")}
        elif any(entry.list(name) for entry in fleet.of(kind.name).values()):
            return
    if (known or named) and value not in known:
        guess = did_you_mean(value, known)
        words = "no entry that it may name is called so"
        if not named:
            words = f"it is one of {listed([f'`{word}`' for word in known], 'or')}"
        raise UsageError(f"`{name}` is never `{value}`: {guess or words}")


def has(entry: Entry, name: str, value: str) -> bool:
    """Whether a field of an entry has a value, written as in a register or as `kind:id`."""
    said = entry.values.get(name)
    if said is None or said == value or value in entry.links.get(name, ()):
        return said is not None
    if isinstance(said, str):
        return False
    boolean = {"true": "yes", "✓": "yes", "false": "no", "✗": "no"}.get(value, value)
    return any(as_text(item) == (boolean if isinstance(item, bool) else value) for item in entry.list(name))


def as_text(value: object) -> str:
    """A single value as a register writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
