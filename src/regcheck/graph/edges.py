"""The run-time dependency graph: who needs whom, written where, and when.

The edges of all states are held once; an edge knows in which phases of the
entry that writes it it holds, so that a state is a way of looking and not a
copy of the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regcheck.graph.timeline import ALWAYS, AT_NOW, MOVED, NOW, UNMOVED, VIA, Timeline
from regcheck.model import Entry, Fleet, Kind, Position, Related

LANE = "lane"
"""The relation of a workload to a critical lane that starts at it."""

PHASES = {"now": AT_NOW | UNMOVED, "target": MOVED, "always": ALWAYS}


class Edge(NamedTuple):
    """`source` needs `target`, because a field of `entry` says so."""

    source: str
    target: str
    relation: str
    entry: Entry
    name: str
    """The property that says so."""
    item: int
    """Which item of it."""
    phases: int
    """When it holds, as bits of the timeline's phases of `entry`."""

    @property
    def position(self) -> Position:
        """Where the edge is written."""
        return self.entry.at(self.name, self.item)

    @property
    def related(self) -> Related:
        """The edge as a place that belongs to a finding."""
        return Related(self.position, f"{self.source} needs {self.target} ({self.relation})")


class _Way(NamedTuple):
    """A property that makes run-time edges."""

    name: str
    relation: str
    phases: int
    target: str | None
    """The property that takes its place once an entry has moved; None where nothing does."""
    kinds: frozenset[str]
    """What it may name."""


class Edges:
    """All run-time edges of a fleet, by source and by target.

    Of a large fleet most are never asked for, so an edge is made when somebody
    wants what goes out of an entry, or what comes into it.
    """

    def __init__(self, fleet: Fleet, timeline: Timeline) -> None:
        self.fleet = fleet
        self.timeline = timeline
        self.served = _Domains(fleet)
        self._ways: dict[str, list[_Way]] = {}
        self._leading: dict[str, list[tuple[str, _Way]]] = {}
        self._naming: dict[tuple[str, str], dict[str, list[Entry]]] = {}
        """For a kind and a property of it, the entries that name something by it."""
        self._out: dict[str, list[Edge]] = {}
        self._into: dict[str, list[Edge]] = {}
        self._more_out: dict[str, list[Edge]] = {}
        self._more_into: dict[str, list[Edge]] = {}
        special = {
            "lane": self._lane,
            "tunnel": self._tunnel,
            "repo": self._repo,
            "pipeline": self._pipeline,
        }
        for kind, entries in fleet.by_kind.items():
            self._ways[kind] = self._ways_of(fleet.kinds[kind])
            for entry in entries.values() if kind in special else ():
                for edge in special[kind](entry):
                    self._more_out.setdefault(edge.source, []).append(edge)
                    self._more_into.setdefault(edge.target, []).append(edge)

    def out(self, ref: str) -> list[Edge]:
        """What an entry needs."""
        if ref not in self._out:
            entry = self.fleet.get(ref)
            ways = self._ways[entry.kind.name] if entry else ()
            found = [edge for way in ways for edge in self._follow(entry, way)] if entry else []
            self._out[ref] = found + self._more_out.get(ref, [])
        return self._out[ref]

    def into(self, ref: str) -> list[Edge]:
        """What needs an entry."""
        if ref not in self._into:
            found = [
                Edge(entry.ref, ref, way.relation, entry, way.name, item, self._phases(entry, way))
                for of, way in self._ways_to(ref.partition(":")[0])
                for entry in self._named(of, way.name).get(ref, ())
                for item, target in _items(entry, way.name)
                if target == ref
            ]
            self._into[ref] = found + self._more_into.get(ref, [])
        return self._into[ref]

    def _ways_to(self, kind: str) -> list[tuple[str, _Way]]:
        """The properties that make edges to a kind, each with the kind that has it."""
        if kind not in self._leading:
            ways = ((of, way) for of, some in self._ways.items() for way in some)
            self._leading[kind] = [(of, way) for of, way in ways if kind in way.kinds]
        return self._leading[kind]

    def _named(self, kind: str, name: str) -> dict[str, list[Entry]]:
        """What a property of a kind names, each with the entries that do."""
        if (kind, name) not in self._naming:
            naming = self._naming[kind, name] = {}
            for entry in self.fleet.by_kind[kind].values():
                for ref in dict.fromkeys(entry.links.get(name, ())):
                    naming.setdefault(ref, []).append(entry)
        return self._naming[kind, name]

    def _ways_of(self, kind: Kind) -> list[_Way]:
        """The properties that make edges, as the schema of a kind declares them."""
        targets = {place.now: place.target for place in self.timeline.places[kind.name]}
        return [
            _Way(
                name,
                reference.relation,
                PHASES[reference.state],
                targets.get(name, name.replace("current_", "target_", 1)) if reference.state == NOW else None,
                frozenset(self.fleet.kinds if "*" in reference.kinds else reference.kinds),
            )
            for name, reference in kind.references.items()
            if reference.relation
        ]

    def _follow(self, entry: Entry, way: _Way) -> Iterator[Edge]:
        """The edges that one property of an entry makes."""
        phases = self._phases(entry, way)
        for item, target in _items(entry, way.name):
            yield Edge(entry.ref, target, way.relation, entry, way.name, item, phases)

    def _phases(self, entry: Entry, way: _Way) -> int:
        """When the edges hold that one property of an entry makes."""
        phases = way.phases
        if way.target is not None and way.target not in entry.values and not self._replaced(entry, way):
            phases = ALWAYS
        if way.name == "current_path" and "interim_path" in entry.values:
            phases &= ~UNMOVED  # in the waves, before it has moved, a lane is on its interim path
        return phases

    def _replaced(self, entry: Entry, way: _Way) -> bool:
        """Whether something takes the place of a current value without a target of the same name."""
        if self.timeline.follows(entry) or entry.undecided(str(way.target)):
            return True
        # A sink that moves without a word on its way goes directly.
        return way.relation == VIA and "target_host" in entry.values

    # --- what the kinds' schemas cannot say ---------------------------------

    def _lane(self, lane: Entry) -> Iterator[Edge]:
        """Its interim path, and the workload that depends on it."""
        for item, target in _items(lane, "interim_path"):
            yield Edge(lane.ref, target, "crosses", lane, "interim_path", item, UNMOVED)
        start = lane.link("from")
        if start and start.startswith("workload:"):
            yield Edge(start, lane.ref, LANE, lane, "from", 0, ALWAYS)

    def _tunnel(self, tunnel: Entry) -> Iterator[Edge]:
        """The machine that opens it, where the file leaves that to the direction."""
        name = opener_field(tunnel)
        if name != "opened_by" and (opener := tunnel.link(name)):  # that one is an edge by its schema
            yield Edge(tunnel.ref, opener, "opened-by", tunnel, name, 0, ALWAYS)

    def _repo(self, repo: Entry) -> Iterator[Edge]:
        return self._served(repo, "current_remote", "target_remote")

    def _pipeline(self, pipeline: Entry) -> Iterator[Edge]:
        return self._served(pipeline, "current_registry", "target_registry")

    def _served(self, entry: Entry, now: str, target: str) -> Iterator[Edge]:
        """The workload whose domain an address names."""
        stays = target not in entry.values and not entry.undecided(target)
        for name, phases in ((now, ALWAYS if stays else AT_NOW | UNMOVED), (target, MOVED)):
            if server := self.served.by(entry.get(name)):
                yield Edge(entry.ref, server, "served-by", entry, name, 0, phases)


def opener_field(tunnel: Entry) -> str:
    """The property that names the opener of a tunnel: its own, else the end that its direction implies."""
    if "opened_by" in tunnel.values:
        return "opened_by"
    return "to" if tunnel.get("reverse") is True else "from"


def _items(entry: Entry, name: str) -> Iterable[tuple[int, str]]:
    """What a property names, each with the item of the property that names it."""
    targets = entry.links.get(name, ())
    if len(entry.list(name)) == len(targets):
        return enumerate(targets)
    return [(entry.index(name, target) or 0, target) for target in targets]


class _Domains:
    """Which workload serves an address."""

    def __init__(self, fleet: Fleet) -> None:
        self.exact: dict[str, str] = {}
        self.wild: dict[str, str] = {}
        for workload in fleet.of("workload").values():
            for domain in workload.list("domains"):
                name = str(domain).casefold().rstrip(".")
                if name.startswith("*."):
                    self.wild.setdefault(name[1:], workload.ref)
                else:
                    self.exact.setdefault(name, workload.ref)

    def by(self, address: object) -> str | None:
        if not isinstance(address, str) or not (self.exact or self.wild):
            return None
        host = host_of(address)
        if found := self.exact.get(host):
            return found
        ends = (host[at:] for at, char in enumerate(host) if char == ".")
        return next((self.wild[end] for end in ends if end in self.wild), None)


ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[^@/\s]+@)?(?P<host>\[[^\]]*\]|[^:/\s?#]+)", re.IGNORECASE)


def host_of(address: str) -> str:
    """The host part of a remote or registry: a URL, `user@host:path` or `host/path`."""
    match = ADDRESS.match(address.strip())
    return match["host"].casefold().rstrip(".") if match else ""
