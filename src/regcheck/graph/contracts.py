"""A team's own contracts: who needs what it must not, and who lacks what it must have.

Who needs what is asked of all at once: one search for each contract and state,
from what must not be needed against the edges, and only in states in which
something changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from regcheck.errors import UsageError
from regcheck.graph.edges import Edge
from regcheck.graph.reach import Dependency, Path, Reach
from regcheck.graph.selection import Needs, Selector
from regcheck.model import Entry, Fleet, Problem
from regcheck.settings.contracts import Contract
from regcheck.words import did_you_mean, listed

EVER = ""
"""In place of a state: in one or another of them."""
NEAREST = 2
"""Goals that an entry keeps its way to."""
Trails = dict[str, dict[str, Edge]]
"""For what needs a goal, by goal, the first edge of a shortest way; the nearest goal first."""


class Breach(NamedTuple):
    """An entry that needs what a contract forbids, through no other entry that must not either."""

    dependency: Dependency
    states: tuple[str, ...]


class Lack(NamedTuple):
    """An entry without properties that a contract requires."""

    entry: Entry
    names: tuple[str, ...]


class Contracts:
    """Holds a fleet against contracts.

    Both questions raise UnknownInContract for what the fleet does not have.
    """

    def __init__(self, fleet: Fleet, reach: Reach) -> None:
        self.fleet = fleet
        self.reach = reach
        self.timeline = reach.timeline
        self._selected: dict[tuple[str, str], frozenset[str]] = {}

    def breaches(self, contract: Contract) -> list[Breach]:
        """Who needs what a contract forbids: each pair once, with the states in which it does."""
        return [*self._breaches(contract)]

    def lacks(self, contract: Contract) -> list[Lack]:
        """Who lacks what a contract requires."""
        return [*self._lacks(contract)]

    def hiding(self) -> Problem | None:
        """Why nothing may be there that a contract names: the first thing that could not be read."""
        found = [*self.fleet.hiding(*self.fleet.kinds), *self.fleet.problems_of("schema")]
        return found[0] if found else None

    def _states(self, contract: Contract) -> list[str]:
        states = self.timeline.states
        if contract.state is None:
            return states
        if contract.state not in states:
            guess = did_you_mean(contract.state, states) or listed([f"`{s}`" for s in states], "or")
            raise contract.unknown(("state",), f"there is no state `{contract.state}`: {guess}")
        return [contract.state]

    def _members(self, contract: Contract, number: int, state: str) -> frozenset[str]:
        """The references that a selection of a contract means in a state; all that it may mean in `EVER`."""
        expression = contract.selections[number]
        key = (expression, state if "+" in expression else EVER)
        if key not in self._selected:
            steps = _Ever(self.reach) if key[1] == EVER else Needs(self.reach, state)
            try:
                self._selected[key] = frozenset(Selector(self.fleet, steps).select(expression))
            except UsageError as error:
                raise contract.unknown(contract.places[number], str(error)) from error
        return self._selected[key]

    # --- what must not be needed --------------------------------------------------

    def _breaches(self, contract: Contract) -> Iterator[Breach]:
        states = self._states(contract)
        moments = {states[0], *self.timeline.changing}
        for goal, sources in _bans(contract):
            all_bound = _union(self._members(contract, n, EVER) for n in sources)
            between = self._between(all_bound, self._members(contract, goal, EVER))
            found: dict[tuple[str, str], Breach] = {}
            needing: dict[tuple[str, str], Path] = {}
            for state in states if between else ():
                if state in moments:
                    bound = _union(self._members(contract, n, state) for n in sources)
                    search = _Search(self.reach, self._members(contract, goal, state), state, between)
                    ways = search.needing(bound)
                    needing = {(ref, path[-1].target): path for ref, path in ways.items()}
                    fresh = needing.keys() - found.keys()
                    others = search.through(ways.keys(), bound) if fresh else {}
                    for pair in sorted(fresh):
                        if entry := self.fleet.get(pair[0]):
                            dependency = Dependency(entry, needing[pair], tuple(others.get(pair[0], ())))
                            found[pair] = Breach(dependency, ())
                for pair in needing:
                    found[pair] = Breach(found[pair].dependency, (*found[pair].states, state))
            yield from found.values()

    def _between(self, bound: frozenset[str], goals: frozenset[str]) -> set[str]:
        """What lies on a way from bound entries to goals in any state: mostly nothing, and told at once."""
        ever = _Ever(self.reach)
        needing = _closure(goals, ever.back)
        return set() if needing.isdisjoint(bound) else needing & _closure(bound, ever.onward)

    # --- what must be there ---------------------------------------------------------

    def _lacks(self, contract: Contract) -> Iterator[Lack]:
        if contract.type != "required":
            return
        refs: set[str] = set()
        for at, state in enumerate(self._states(contract)):
            if not at or ("+" in contract.selections[0] and state in self.timeline.changing):
                refs |= self._members(contract, 0, state)
        entries = [entry for ref in sorted(refs) if (entry := self.fleet.get(ref))]
        self._refuse_unknown(contract, sorted({entry.kind.name for entry in entries}))
        for entry in entries:
            names = dict.fromkeys(name for name in contract.properties if not entry.undecided(name))
            if lacking := tuple(name for name in names if entry.get(name) in (None, "", [])):
                yield Lack(entry, lacking)

    def _refuse_unknown(self, contract: Contract, selected: list[str]) -> None:
        """Raise SettingsError for a property that a selected kind (else every kind) does not have."""
        properties = {name: kind.properties.keys() for name, kind in self.fleet.kinds.items()}
        for item, name in enumerate(contract.properties):
            having = [kind for kind in selected or properties if name in properties[kind]]
            without = [kind for kind in selected if kind not in having]
            if having and not without:
                continue
            if having:
                message = f"no {listed(without, 'or')} has a property `{name}`"
                guess = f"select {listed(having)} only"
            else:
                message = f"no {listed(selected, 'or') or 'kind'} has a property `{name}`"
                guess = did_you_mean(name, {p for kind in selected or properties for p in properties[kind]})
            raise contract.unknown(("property", item), f"{message}: {guess}" if guess else message)


def _bans(contract: Contract) -> Iterator[tuple[int, list[int]]]:
    """The selection that must not be needed, and those that must not need it, by number."""
    every = range(len(contract.selections))
    if contract.type == "forbidden":
        yield 1, [0]
    elif contract.type == "layers":
        yield from ((layer, [*every[layer + 1 :]]) for layer in every[:-1])
    elif contract.type == "independent":
        yield from ((one, [other for other in every if other != one]) for one in every)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def _closure(refs: Iterable[str], steps: Callable[[str], Iterable[str]]) -> set[str]:
    """All that can be reached, and where it starts."""
    seen = set(refs)
    stack = [*seen]
    while stack:
        fresh = {*steps(stack.pop())} - seen
        seen |= fresh
        stack += fresh
    return seen


class _Ever:
    """The run-time edges of all states together."""

    def __init__(self, reach: Reach) -> None:
        self.edges = reach.edges

    def onward(self, ref: str) -> Iterable[str]:
        """What an entry ever needs itself."""
        return (edge.target for edge in self.edges.out(ref))

    def back(self, ref: str) -> Iterable[str]:
        """Who ever needs an entry directly."""
        return (edge.source for edge in self.edges.into(ref))


class _Search:
    """Who needs some goals in a state, all of them off at once.

    Each entry keeps its way to the two nearest goals: one that is a goal itself
    may be on a loop, and what it needs is the other one.
    """

    def __init__(self, reach: Reach, goals: frozenset[str], state: str, between: Collection[str]) -> None:
        """Only what is `between` is passed."""
        self.reach = reach
        self.between = between
        self.goals = goals
        self.state = state
        self._into: dict[str, list[Edge]] = {}

    def needing(self, bound: frozenset[str]) -> dict[str, Path]:
        """The way from bound entries to the nearest goal, of those that need one past no other of them."""
        trails = self._trails(bound)
        return {ref: _path(trails, ref) for ref in sorted(bound & trails.keys())}

    def through(self, heads: Collection[str], bound: frozenset[str]) -> dict[str, list[tuple[Entry, Path]]]:
        """The other bound entries that need a goal, with their first edge, by the head that leads there."""
        trails = self._trails(frozenset())
        found: dict[str, list[tuple[Entry, Path]]] = {}
        head_of: dict[tuple[str, str], str] = {}
        for ref in sorted(bound & trails.keys()):
            entry = self.reach.fleet.get(ref)
            if ref in heads or entry is None:
                continue
            goal, first = next(iter(trails[ref].items()))
            step, steps = (ref, goal), []
            while step not in head_of and step[0] not in heads:
                steps.append(step)
                step = (trails[step[0]][goal].target, goal)
            head = head_of.get(step, step[0])
            head_of.update(dict.fromkeys(steps, head))
            found.setdefault(head, []).append((entry, (first,)))
        return found

    def _trails(self, closed: frozenset[str]) -> Trails:
        """The ways to the goals that pass nothing which is `closed`.

        Ties go to the earlier hop, then to the smaller reference.
        """
        found: Trails = {}
        level = [(goal, goal) for goal in sorted(self.goals)]
        while level:
            candidates: dict[tuple[str, str], Edge] = {}
            for ref, goal in level:
                for edge in self._needed_by(ref):
                    step = (edge.source, goal)
                    if edge.source == goal or self._is_enough(found.get(edge.source), step, closed):
                        continue
                    best = candidates.setdefault(step, edge)
                    if _rank(edge) < _rank(best):
                        candidates[step] = edge
            level = []
            order = sorted(candidates, key=lambda step: (step[0], _rank(candidates[step]), step[1]))
            for step in order:
                known = found.setdefault(step[0], {})
                if not self._is_enough(known, step, closed):
                    known[step[1]] = candidates[step]
                    if step[0] not in closed:
                        level.append(step)
        return found

    def _is_enough(
        self, known: dict[str, Edge] | None, step: tuple[str, str], closed: frozenset[str]
    ) -> bool:
        """Whether nobody asks for one more way of an entry: it has this one, or two, or is not passed."""
        ref, goal = step
        if not known:
            return False
        return goal in known or len(known) == NEAREST or ref in closed or ref in self.goals

    def _needed_by(self, ref: str) -> list[Edge]:
        if ref not in self._into:
            self._into[ref] = [
                edge
                for edge in self.reach.edges.into(ref)
                if edge.source in self.between
                and self.reach.holds(edge, self.state)
                and not self.reach.spared(edge, self.state, self.goals)
            ]
        return self._into[ref]


def _rank(edge: Edge) -> tuple[int, str, str]:
    return edge.item, edge.name, edge.target


def _path(trails: Trails, ref: str) -> Path:
    """The way to the nearest goal."""
    goal = next(iter(trails[ref]))
    path = [trails[ref][goal]]
    while path[-1].target != goal:
        path.append(trails[path[-1].target][goal])
    return tuple(path)
