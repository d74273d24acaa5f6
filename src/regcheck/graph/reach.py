"""Who reaches what: outages, dependencies, and the paths that prove them.

Breadth-first from the thing that is off, against the edges, so that only the
part of the fleet that is affected is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from regcheck.graph.edges import LANE, Edge, Edges
from regcheck.graph.production import DEPENDENTS, KINDS, Production
from regcheck.graph.timeline import Timeline
from regcheck.model import Entry, Fleet, Position, Related

Path = tuple[Edge, ...]
"""Edges from a node to what it needs in the end."""


class Dependency(NamedTuple):
    """A production node that needs something itself, not only through another one."""

    entry: Entry
    path: Path
    others: tuple[tuple[Entry, Path], ...]
    """Production nodes that reach it through this one."""

    @property
    def position(self) -> Position:
        """Where the node says what it needs."""
        first = self.path[0]
        return first.position if first.entry is self.entry else self.entry.position

    @property
    def related(self) -> list[Related]:
        """The whole path, hop by hop, and who depends on it through this node."""
        goal = self.path[-1].target
        others = [
            Related(path[0].position, f"{other.ref} depends on {goal} through {self.entry.ref}")
            for other, path in self.others
        ]
        return [*(edge.related for edge in self.path), *others]


class Affected(NamedTuple):
    """A production node that an outage takes down or degrades."""

    entry: Entry
    effect: str
    """`down`, or `degraded` where only a lane leads to the machine."""
    path: Path


class Hits(NamedTuple):
    """Which outages affect a production node: of several machines, each off alone, one bit each."""

    affected: int = 0
    down: int = 0
    """Those of them that take it down."""

    def effect(self, at: int) -> str | None:
        """What the outage of one of the machines does: `down`, `degraded`, or nothing."""
        if self.down >> at & 1:
            return "down"
        return "degraded" if self.affected >> at & 1 else None

    def differing(self, other: Hits) -> Iterator[int]:
        """The machines whose outage does something else to the other node."""
        return _ones((self.affected ^ other.affected) | (self.down ^ other.down))


class Paths(Mapping[str, Path]):
    """A shortest path for everything that needs one of some goals, put together when asked for."""

    def __init__(self, edges: dict[str, Edge]) -> None:
        self._edges = edges
        """The first edge of each path; the next one is that of its target."""

    def __getitem__(self, ref: str) -> Path:
        path = [self._edges[ref]]
        while (edge := self._edges.get(path[-1].target)) is not None:
            path.append(edge)
        return tuple(path)

    def __contains__(self, ref: object) -> bool:
        return ref in self._edges

    def __iter__(self) -> Iterator[str]:
        return iter(self._edges)

    def __len__(self) -> int:
        return len(self._edges)


class Reach:
    """Reachability over the edges that hold in a state."""

    def __init__(self, fleet: Fleet, timeline: Timeline, production: Production, edges: Edges) -> None:
        self.fleet = fleet
        self.timeline = timeline
        self.production = production
        self.edges = edges

    def holds(self, edge: Edge, state: str) -> bool:
        """Whether an edge is there in a state."""
        if not edge.phases & self.timeline.phase(edge.entry, state):
            return False
        if edge.relation == LANE and not self.production.lanes.critical(edge.entry, state):
            return False
        source = self.fleet.get(edge.source)
        return source is not None and not self.timeline.retired(source, state)

    def needs(self, ref: str, state: str) -> list[Edge]:
        """What an entry needs itself in a state."""
        return [edge for edge in self.edges.out(ref) if self.holds(edge, state)]

    def needed_by(self, ref: str, state: str) -> list[Edge]:
        """Who needs an entry directly in a state."""
        return [edge for edge in self.edges.into(ref) if self.holds(edge, state)]

    def holding(self, kinds: Iterable[str], states: Sequence[str]) -> Iterator[tuple[Edge, int]]:
        """Every edge that goes out of an entry of these kinds while that is there, in any of some states.

        In which of the states says the number, bit by bit.
        """
        masks: dict[tuple[int, int | None], int] = {}
        for entry in (entry for kind in kinds for entry in self.fleet.of(kind).values()):
            there = self._there(entry, states)
            for edge in self.edges.out(entry.ref) if there else ():
                key = edge.phases, self.timeline.wave(edge.entry)
                if key not in masks:  # the wave alone decides what of an entry holds when
                    phases = (self.timeline.phase(edge.entry, state) for state in states)
                    masks[key] = _bits(edge.phases & phase for phase in phases)
                mask = masks[key] & there
                if edge.relation == LANE:
                    mask &= _bits(self.production.lanes.critical(edge.entry, state) for state in states)
                if mask:
                    yield edge, mask

    def _there(self, entry: Entry, states: Sequence[str]) -> int:
        """In which of some states an entry is there, bit by bit."""
        if entry.kind.name not in ("machine", "tunnel") and entry.ref not in self.timeline.retiring:
            return (1 << len(states)) - 1
        return _bits(self.production.exists(entry, state) for state in states)

    def paths_to(
        self,
        goals: Iterable[str],
        state: str,
        *,
        off: frozenset[str] = frozenset(),
        expand: Callable[[str], bool] = bool,
    ) -> Paths:
        """A shortest path to one of the goals for everything that needs it.

        A redundant workload does not need a host while another of its hosts is
        not `off`. Nodes for which `expand` is false are reached but not passed.
        Ties go to the earlier hop, then to the smaller reference.
        """
        found: dict[str, Edge] = {}
        level = sorted(set(goals))
        seen = set(level)
        while level:
            candidates: dict[str, tuple[tuple[int, str, str], Edge]] = {}
            for ref in level:
                for edge in self.needed_by(ref, state):
                    if edge.source in seen or self.spared(edge, state, off):
                        continue
                    rank = (edge.item, edge.name, edge.target)
                    best = candidates.get(edge.source)
                    if best is None or rank < best[0]:
                        candidates[edge.source] = (rank, edge)
            reached = sorted(candidates)
            found.update((source, candidates[source][1]) for source in reached)
            seen.update(reached)
            level = [source for source in reached if expand(source)]
        return Paths(found)

    def spared(self, edge: Edge, state: str, off: frozenset[str]) -> bool:
        """Whether a redundant workload has another host left, one that is there in the state."""
        if not edge.target.startswith("machine:") or edge.entry.get("redundant") is not True:
            return False
        hosts = (self.fleet.get(ref) for ref in self.timeline.hosts(edge.entry, state))
        left = (h for h in hosts if h and h.ref not in off and self.timeline.machine_exists(h, state))
        return edge.source == edge.entry.ref and any(left)

    # --- questions ----------------------------------------------------------

    def affected(self, machines: Iterable[str], state: str) -> list[Affected]:
        """The production nodes that need one of these machines, as they would be hit."""
        off = frozenset(machines)
        without_lanes = self.paths_to(off, state, off=off, expand=_is_no_lane)
        all_paths = self.paths_to(off, state, off=off)
        nodes = self.production.nodes(state)
        found = []
        for ref in self._among(all_paths, nodes):
            effect, paths = ("down", without_lanes) if ref in without_lanes else ("degraded", all_paths)
            found.append(Affected(nodes[ref], effect, paths[ref]))
        return found

    def hit(self, machines: Iterable[str], state: str) -> dict[str, int]:
        """How many production nodes the outage of each machine alone affects."""
        off = list(dict.fromkeys(machines))
        reached = self._reaching(off, state)
        counts = [0] * len(off)
        masks = Counter(reached.get(ref, 0) for ref in self.production.nodes(state))
        for mask, count in masks.items():
            for at in _ones(mask):
                counts[at] += count
        return dict(zip(off, counts, strict=True))

    def effects(self, machines: Iterable[str], state: str) -> dict[str, Hits]:
        """The production nodes that the outage of one of these machines affects.

        The first machine is the lowest bit. The machines are not written out for each node:
        on a dense fleet these are millions of pairs.
        """
        off = list(dict.fromkeys(machines))
        all_paths = self._reaching(off, state)
        over_lanes = any(not _is_no_lane(ref) for ref in all_paths)
        without_lanes = self._reaching(off, state, expand=_is_no_lane) if over_lanes else all_paths
        return {
            ref: Hits(mask, without_lanes.get(ref, 0))
            for ref in self.production.nodes(state)
            if (mask := all_paths.get(ref, 0))
        }

    def _reaching(
        self, machines: list[str], state: str, *, expand: Callable[[str], bool] = bool
    ) -> dict[str, int]:
        """What needs which of these machines, all at once: each machine is one bit.

        Nodes for which `expand` is false are reached but not passed. What is needed
        comes before what needs it, so that one sweep does where there is no loop
        (Kam and Ullman, Global Data Flow Analysis and Iterative Algorithms, 1976).
        """
        into = self._into(machines, state, expand)
        places = {ref: at for at, ref in enumerate(into)}
        reached = {ref: 1 << at for at, ref in enumerate(machines)}
        again = True
        while again:
            again = False
            for ref, sources in into.items():
                mask = reached[ref]
                for source in sources:
                    known = reached.get(source, 0)
                    if mask & ~known:
                        reached[source] = known | mask
                        again |= places.get(source, len(places)) <= places[ref]
        return reached

    def _into(self, machines: list[str], state: str, expand: Callable[[str], bool]) -> dict[str, list[str]]:
        """Who needs each node that is passed; the nodes in reverse of how a search in depth ends."""
        into: dict[str, list[str]] = {}
        ended: dict[str, list[str]] = {}
        stack = list(machines)
        while stack:
            ref = stack[-1]
            if ref in into:
                ended.setdefault(stack.pop(), into[ref])
                continue
            off = frozenset({ref})
            edges = self.needed_by(ref, state)
            into[ref] = [edge.source for edge in edges if not self.spared(edge, state, off)]
            stack += [source for source in into[ref] if source not in into and expand(source)]
        return dict(reversed(ended.items()))

    @staticmethod
    def _among(reached: Paths, nodes: dict[str, Entry]) -> list[str]:
        """The production nodes among what is reached, by kind and id: few, where the nodes are many."""
        found = (ref for ref in reached if ref in nodes)
        return sorted(found, key=lambda ref: (KINDS.index(ref.partition(":")[0]), ref))

    def dependencies(
        self,
        goal: str,
        state: str,
        off: frozenset[str] = frozenset(),
        closed: frozenset[str] = frozenset(),
    ) -> list[Dependency]:
        """The production nodes that need an entry through no other production node.

        A critical tunnel counts only where nothing that counts crosses it. What
        is `closed` is reached but not passed: it is not there to need anything.
        """
        nodes = self.production.nodes(state)

        def counts(ref: str) -> bool:
            return ref in nodes and ref.partition(":")[0] in DEPENDENTS

        off = off or frozenset({goal})
        direct = self.paths_to([goal], state, off=off, expand=lambda r: not counts(r) and r not in closed)
        reached = self._among(direct, nodes)
        heads = [ref for ref in reached if counts(ref)]
        heads += [
            ref
            for ref in reached
            if not counts(ref) and not any(counts(edge.source) for edge in self.needed_by(ref, state))
        ]
        if not heads:
            return []
        others: dict[str, list[tuple[Entry, Path]]] = {ref: [] for ref in heads}
        everyone = self.paths_to([goal], state, off=off, expand=lambda r: r not in closed)
        for ref in self._among(everyone, nodes):
            if ref not in others and counts(ref):
                through = next((e.target for e in everyone[ref] if e.target in others), None)
                if through is not None:
                    others[through].append((nodes[ref], everyone[ref]))
        return [Dependency(nodes[ref], direct[ref], tuple(others[ref])) for ref in heads]

    def undetermined(self, state: str, start: str | None = None) -> list[Entry]:
        """The entries with an unknown or undecided place on which production may depend.

        A workload of unknown environment counts with production: nobody has
        said that it is not. With `start`, the ones on which that entry may depend.
        """
        doubtful = [
            entry
            for entries in self.fleet.by_kind.values()
            for entry in entries.values()
            if self.timeline.undetermined(entry, state)
        ]
        if not doubtful:
            return []
        seen = {start} if start else {*self.unclassified(state), *self.production.nodes(state)}
        stack = list(seen)
        while stack:
            for edge in self.needs(stack.pop(), state):
                if edge.target not in seen:
                    seen.add(edge.target)
                    stack.append(edge.target)
        return [entry for entry in doubtful if entry.ref in seen]

    def unclassified(self, state: str) -> dict[str, Entry]:
        """The workloads of which nobody has said whether they are production."""
        workloads = self.fleet.of("workload").values()
        unknown = (workload for workload in workloads if workload.get("environment") == "unknown")
        return {w.ref: w for w in unknown if not self.timeline.retired(w, state)}


def _is_no_lane(ref: str) -> bool:
    return not ref.startswith("lane:")


def _bits(values: Iterable[object]) -> int:
    """A number with a bit for each value that counts as true, the first one lowest."""
    return sum(1 << at for at, value in enumerate(values) if value)


def _ones(mask: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1
