"""What counts as production, and which tunnels there are, in each state."""

from __future__ import annotations

from functools import cached_property

from regcheck.graph.edges import opener_field
from regcheck.graph.lanes import Lanes
from regcheck.graph.timeline import MOVED, NOW, TARGET, Timeline
from regcheck.model import Entry, Fleet

DEPENDENTS = ("lane", "sink", "checkout", "pipeline", "workload")
"""The kinds whose production nodes get a dependency finding of their own."""

KINDS = ("workload", "lane", "sink", "checkout", "pipeline", "tunnel")


class Production:
    """Production nodes and existing things of a fleet, state by state."""

    def __init__(self, fleet: Fleet, timeline: Timeline, lanes: Lanes) -> None:
        self.fleet = fleet
        self.timeline = timeline
        self.lanes = lanes
        self._nodes: dict[str, dict[str, Entry]] = {}
        self._crossed: dict[tuple[str, bool], frozenset[str]] = {}

    def has(self, entry: Entry, state: str) -> bool:
        """Whether an entry is a production node in a state."""
        kind = entry.kind.name
        if kind == "workload":
            production = entry.get("environment") == "production"
            return production and not self.timeline.retired(entry, state)
        if kind == "lane":
            return self.lanes.critical(entry, state)
        if kind == "tunnel":
            return entry.get("critical") is True and self._critical_tunnel(entry, state)
        if kind in DEPENDENTS:
            return entry.get("critical") is True and not self.timeline.retired(entry, state)
        return False

    def nodes(self, state: str) -> dict[str, Entry]:
        """The production nodes of a state by reference: by kind, then as the files have them."""
        if state not in self._nodes:
            found = dict(self._workloads)
            for ref in self.timeline.retiring.keys() & found.keys():
                if self.timeline.retired(found[ref], state):
                    del found[ref]
            found.update((entry.ref, entry) for entry in self._others if self.has(entry, state))
            self._nodes[state] = found
        return self._nodes[state]

    @cached_property
    def _workloads(self) -> dict[str, Entry]:
        """The production workloads, those that retire included."""
        workloads = self.fleet.of("workload").values()
        return {w.ref: w for w in workloads if w.get("environment") == "production"}

    @cached_property
    def _others(self) -> list[Entry]:
        """What can be a production node without being a workload."""
        entries = (entry for kind in KINDS[1:] for entry in self.fleet.of(kind).values())
        return [entry for entry in entries if entry.kind.name == "lane" or entry.get("critical") is True]

    def _critical_tunnel(self, tunnel: Entry, state: str) -> bool:
        if tunnel.ref in self._named_by_lanes:
            return tunnel.ref in self.crossed(state, critical=True)
        return self.tunnel_exists(tunnel, state)

    @cached_property
    def _named_by_lanes(self) -> frozenset[str]:
        lanes = self.fleet.of("lane").values()
        return frozenset(ref for lane in lanes for ref in self.lanes.all_paths(lane))

    @cached_property
    def _named(self) -> frozenset[str]:
        """Every hop that some path or `via` names, in whatever state."""
        via = (
            ref
            for sink in self.fleet.of("sink").values()
            for name in ("current_via", "target_via")
            for ref in sink.links.get(name, ())
        )
        return self._named_by_lanes | frozenset(via)

    def crossed(self, state: str, *, critical: bool = False) -> frozenset[str]:
        """The hops of the paths in use in a state (of critical lanes only, or of all and every `via`)."""
        key = (state, critical)
        if key not in self._crossed:
            found = {
                ref
                for lane in self.fleet.of("lane").values()
                if not critical or self.lanes.critical(lane, state)
                for ref in self.lanes.hops(lane, state)
            }
            if not critical:
                for sink in self.fleet.of("sink").values():
                    found.update(self.via(sink, state))
            self._crossed[key] = frozenset(found)
        return self._crossed[key]

    def via(self, sink: Entry, state: str) -> tuple[str, ...]:
        """What a sink passes through in a state."""
        if self.timeline.phase(sink, state) != MOVED:
            return sink.links.get("current_via", ())
        replaced = {"target_via", "target_host"} & sink.values.keys() or sink.undecided("target_via")
        return sink.links.get("target_via" if replaced else "current_via", ())

    def opener(self, tunnel: Entry) -> str | None:
        """The machine that opens a tunnel: as it says, else the end that its direction implies."""
        return tunnel.link(opener_field(tunnel))

    def machines_of(self, tunnel: Entry) -> list[str]:
        """The ends of a tunnel and the machine that opens it."""
        machines = (tunnel.link("from"), tunnel.link("to"), self.opener(tunnel))
        return list(dict.fromkeys(ref for ref in machines if ref is not None))

    def tunnel_exists(self, tunnel: Entry, state: str) -> bool:
        """Whether a tunnel is there in a state: as it says, or while a path crosses it."""
        said = tunnel.get("state")
        if said == "always":
            return True
        if said is None:
            return tunnel.ref not in self._named or tunnel.ref in self.crossed(state)
        if said == "interim":
            return state not in (NOW, TARGET)
        if state in (NOW, TARGET):
            return bool(said == state)
        return tunnel.ref in self.crossed(state)

    def exists(self, entry: Entry, state: str) -> bool:
        """Whether an entry is there in a state."""
        kind = entry.kind.name
        if kind == "machine":
            return self.timeline.machine_exists(entry, state)
        if kind == "tunnel":
            return self.tunnel_exists(entry, state)
        return not self.timeline.retired(entry, state)

    def missing(self, state: str) -> list[Entry]:
        """The machines, tunnels and workloads that a state does not have."""
        machines, tunnels = self.fleet.of("machine").values(), self.fleet.of("tunnel").values()
        retiring = (self.fleet.get(ref) for ref in self.timeline.retiring if ref.startswith("workload:"))
        entries = (*machines, *tunnels, *(workload for workload in retiring if workload))
        return [entry for entry in entries if not self.exists(entry, state)]
