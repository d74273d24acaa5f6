"""The fleet graph and its questions, in domain words.

An edge A → B labelled with relation and state means "A needs B". All answers
are plain values in a stable order; nothing here prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from regcheck.errors import UsageError
from regcheck.graph.drain import Drain, Loop, Wait
from regcheck.graph.edges import LANE, Edge, Edges, host_of
from regcheck.graph.independence import Independence
from regcheck.graph.lanes import Break, Lanes
from regcheck.graph.leftovers import Leftovers
from regcheck.graph.outages import Outage, Outages, moved_by
from regcheck.graph.placement import Placement
from regcheck.graph.production import DEPENDENTS, Production
from regcheck.graph.reach import Affected, Dependency, Path, Reach
from regcheck.graph.selection import Needs, Selector, Waits, as_text, has
from regcheck.graph.tasks import FINISHED, Blocked, Next, Tasks
from regcheck.graph.timeline import NOW, TARGET, Place, Timeline
from regcheck.model import Entry, Fleet
from regcheck.words import did_you_mean, listed

if TYPE_CHECKING:
    from regcheck.graph.contracts import Contracts
    from regcheck.graph.coverage import Coverage

__all__ = [
    "DEPENDENTS",
    "FINISHED",
    "LANE",
    "NOW",
    "TARGET",
    "Affected",
    "Blocked",
    "Break",
    "Dependency",
    "Drain",
    "Edge",
    "FleetGraph",
    "Loop",
    "Next",
    "Outage",
    "Path",
    "Place",
    "Tasks",
    "Wait",
    "as_graphml",
    "as_text",
    "has",
    "host_of",
]


class FleetGraph:
    """A fleet as a typed dependency graph over the states of its migration."""

    def __init__(self, fleet: Fleet, done: frozenset[str] = frozenset()) -> None:
        """`done` are the references of tasks to be taken as finished."""
        self.fleet = fleet
        self.timeline = Timeline(fleet, moved_by(fleet, done))
        self.lanes = Lanes(fleet, self.timeline)
        self.production = Production(fleet, self.timeline, self.lanes)
        self.placement = Placement(fleet, self.timeline, self.production)
        self.drain = Drain(fleet, self.timeline)
        self.leftovers = Leftovers(fleet, self.timeline, self.drain)
        self.tasks = Tasks(fleet, self.timeline, self.drain, done)

    @cached_property
    def reach(self) -> Reach:
        """Reachability over the run-time edges."""
        edges = Edges(self.fleet, self.timeline)
        return Reach(self.fleet, self.timeline, self.production, edges)

    @cached_property
    def independence(self) -> Independence:
        """Who still needs interactive machines, or what is not there."""
        return Independence(self.fleet, self.reach, self.leftovers, self.tasks)

    @property
    def coverage(self) -> Coverage:
        """How many of the entries that must say something do."""
        from regcheck.graph.coverage import Coverage

        return Coverage(self.fleet, self.timeline, self.placement)

    @cached_property
    def contracts(self) -> Contracts:
        """Who breaks a team's own contracts."""
        from regcheck.graph.contracts import Contracts

        return Contracts(self.fleet, self.reach)

    @property
    def states(self) -> list[str]:
        """`now`, each wave, `target`."""
        return self.timeline.states

    def state(self, name: str) -> str:
        """A state by its name; raises UsageError where the fleet has none of that name."""
        if name in self.states:
            return name
        guess = did_you_mean(name, self.states)
        raise UsageError(f"there is no state `{name}`: {guess or listed(self.states, 'or')}")

    def entry(self, name: str) -> Entry:
        """The entry that `kind:id` names, by id or alias; raises UsageError, with a suggestion."""
        kind, colon, rest = name.partition(":")
        if not colon:
            matches = sorted({e.ref for names in self.fleet.names.values() if (e := names.get(name))})
            if len(matches) == 1 and (found := self.fleet.get(matches[0])):
                return found
            hint = listed([f"`{m}`" for m in matches], "or") if matches else "as in `workload:NAME`"
            raise UsageError(f"write `{name}` as `kind:id`: {hint}")
        if kind not in self.fleet.kinds:
            raise UsageError(
                f"there is no kind `{kind}`: {did_you_mean(kind, self.fleet.kinds) or 'see `regcheck list`'}"
            )
        entry = self.fleet.names[kind].get(rest)
        if entry is None:
            guess = did_you_mean(rest, self.fleet.names[kind])
            raise UsageError(f"there is no {kind} `{rest}`" + (f": {guess}" if guess else ""))
        return entry

    def select(self, expression: str, state: str, view: str = "runtime") -> set[str]:
        """The references that a selection means.

        Its plus signs follow the run-time edges of a state; in the view of the
        tasks, which have none, they follow what a task waits for.
        """
        if view != "tasks":
            return Selector(self.fleet, Needs(self.reach, state)).select(expression)
        waits = ((wait.source, wait.target) for wait in self.tasks.waits)
        return Selector(self.fleet, Waits(waits)).select(expression)

    # --- outages ------------------------------------------------------------

    def outage(self, machines: Iterable[str], state: str) -> Outage:
        """What is down or degraded with these machines off, until when, and at what price."""
        return self.outages.of(machines, state)

    @cached_property
    def outages(self) -> Outages:
        """What the fleet does without some of its machines."""
        return Outages(self.timeline, self.reach, self.drain, self.tasks)

    def matrix(self) -> dict[str, dict[str, int]]:
        """How many production nodes are affected, by machine and state."""
        machines = [machine.ref for machine in self.fleet.of("machine").values()]
        counts = {state: self.reach.hit(machines, state) for state in self.states}
        return {ref: {state: counts[state][ref] for state in self.states} for ref in machines}

    # --- paths ----------------------------------------------------------------

    def why(self, source: str, target: str, state: str) -> list[Path]:
        """Each shortest path by which one entry needs another, lanes with their hops in order.

        Where a lane leads to the target over several of its hops, the path
        shows them all, in their order, up to the last one that the target is
        part of. Of very many paths the first 200 are told.
        """
        from regcheck.graph.networks import shortest_paths

        graph = self.network(state)
        found: dict[tuple[str, ...], Path] = {}
        for nodes in shortest_paths(graph, source, target):
            path = self._with_hops([self._edge(a, b, state) for a, b in pairwise(nodes)], state)
            found[tuple(edge.target for edge in path)] = path
        return [
            path
            for key, path in found.items()
            if not any(key != other and _is_within(key, other) for other in found)
        ]

    def _edge(self, source: str, target: str, state: str) -> Edge:
        return next(edge for edge in self.reach.needs(source, state) if edge.target == target)

    def _with_hops(self, path: list[Edge], state: str) -> Path:
        full: list[Edge] = []
        for edge in path:
            if edge.relation == "crosses":
                before = [
                    e
                    for e in self.reach.needs(edge.source, state)
                    if e.relation == "crosses" and e.name == edge.name and e.item < edge.item
                ]
                full += sorted(before, key=lambda e: e.item)
            full.append(edge)
        return tuple(full)

    def network(self, state: str) -> Any:
        """The run-time graph of a state as a `networkx.MultiDiGraph`.

        Nodes are references with the entry as attribute `entry`; edges have
        `relation` and `state`.
        """
        from regcheck.graph.networks import multigraph

        nodes = self.present(state)
        edges = (
            (edge.source, edge.target, {"relation": edge.relation, "state": state})
            for ref in nodes
            for edge in self.reach.needs(ref, state)
        )
        return multigraph(((ref, {"entry": entry}) for ref, entry in nodes.items()), edges)

    def present(self, state: str) -> dict[str, Entry]:
        """The entries of the run-time graph of a state: what exists, and what that needs."""
        kinds = self.runtime_kinds
        exists = self.production.exists
        found = {e.ref: e for k in kinds for e in self.fleet.of(k).values() if exists(e, state)}
        stack = list(found)
        while stack:
            for edge in self.reach.needs(stack.pop(), state):
                if edge.target not in found and (entry := self.fleet.get(edge.target)):
                    found[edge.target] = entry
                    stack.append(edge.target)
        return found

    @cached_property
    def runtime_kinds(self) -> list[str]:
        """The kinds between which there are run-time relations, as their schemas say."""
        found: set[str] = set()
        for name, kind in self.fleet.kinds.items():
            for reference in kind.references.values():
                if reference.relation:
                    found.update((name, *reference.kinds))
        return [name for name in self.fleet.kinds if name in found or name == "repo"]


def _is_within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether one path is the other with some hops left out."""
    rest = iter(long)
    return all(node in rest for node in short)


def as_graphml(
    nodes: Iterable[tuple[str, dict[str, str]]],
    edges: Iterable[tuple[str, str, dict[str, str]]],
    about: dict[str, str],
) -> str:
    """Nodes and edges with their attributes as GraphML; `about` says what the graph is."""
    from regcheck.graph.networks import graphml, multigraph

    graph = multigraph(nodes, edges)
    graph.graph.update(about)
    return graphml(graph)
