"""Independence from interactive machines and from what does not exist: who is tied, and the way off.

A production node is *tied* where its own host, path or `via` is an interactive
machine or crosses one. It has a way off when its target leaves such machines
and somebody owns the move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from regcheck.graph.leftovers import Leftovers
from regcheck.graph.production import DEPENDENTS
from regcheck.graph.reach import Dependency, Path, Reach
from regcheck.graph.tasks import Tasks
from regcheck.graph.timeline import NOW, TARGET
from regcheck.model import Entry, Fleet, Position
from regcheck.words import listed

AUTOMATION = "atm-"
"""What the name of an automation actor starts with."""

MANY = 3
"""States in a row that are named by their ends only."""


class Tie(NamedTuple):
    """One field by which an entry is on an interactive machine, or crosses one."""

    entry: Entry
    name: str
    """The property that says so."""
    item: str
    """What it names: the machine, or a tunnel or lane that touches it."""
    machine: str

    @property
    def position(self) -> Position:
        """Where the tie is written."""
        return self.entry.at(self.name, self.item)

    @property
    def how(self) -> str:
        """The tie in words, to follow the entry: `is on machine:x`."""
        if self.name.endswith("host"):
            return f"is on {self.machine}"
        if self.name in ("from", "to"):
            return f"leads {self.name} {self.machine}"
        verb = "goes through" if self.name.endswith("via") else "crosses"
        over = "" if self.item == self.machine else f" (over {self.item})"
        return f"{verb} {self.machine}{over}"


class Bond(NamedTuple):
    """A production node that is tied to interactive machines now."""

    entry: Entry
    ties: tuple[Tie, ...]
    stuck: Tie | None
    """The first tie that no target leaves."""
    kept: Tie | None
    """The tie at `target` that keeps it from leaving; None where no target is given."""
    undecided: bool
    """Whether that is so because a target is undecided."""
    owning: tuple[Entry, ...]
    """The entries whose owners carry out its move: itself, its wholes or its lanes."""
    finished: bool
    """Whether all these owners are done or cancelled."""


class DeadHop(NamedTuple):
    """A production node that needs something in states that do not have it."""

    dependency: Dependency
    missing: Entry
    states: tuple[str, ...]


class Independence:
    """What production still needs that it should not, and what it needs that is not there."""

    def __init__(self, fleet: Fleet, reach: Reach, leftovers: Leftovers, tasks: Tasks) -> None:
        self.fleet = fleet
        self.timeline = reach.timeline
        self.production = reach.production
        self.lanes = reach.production.lanes
        self.reach = reach
        self.leftovers = leftovers
        self.tasks = tasks

    # --- interactive machines -------------------------------------------------

    def interactive(self, state: str) -> dict[str, Entry]:
        """The interactive machines that exist in a state, by reference."""
        return {
            machine.ref: machine
            for machine in self.fleet.of("machine").values()
            if self.timeline.role(machine, state) == "interactive"
            and self.timeline.machine_exists(machine, state)
        }

    @cached_property
    def _interactive(self) -> dict[str, dict[str, Entry]]:
        return {state: self.interactive(state) for state in (NOW, TARGET)}

    def dependencies(self) -> Iterator[tuple[Entry, Dependency]]:
        """The production nodes that need an interactive machine at `target`: (machine, dependency)."""
        machines = self._interactive[TARGET]
        for machine in machines.values():
            for found in self.reach.dependencies(machine.ref, TARGET, frozenset(machines)):
                yield machine, found

    # --- being tied now, and the way off ----------------------------------------

    @cached_property
    def bonds(self) -> list[Bond]:
        """The production nodes that are tied to interactive machines now.

        Tunnels have neither target nor owner of their own: the lanes that cross
        them speak for them.
        """
        nodes = self.production.nodes(NOW).values() if self._interactive[NOW] else ()
        found = []
        for entry in nodes:
            if entry.kind.name in DEPENDENTS and (ties := tuple(self._ties(entry, NOW))):
                stuck, kept = self._stuck(entry, ties)
                owning = tuple(filter(self._owned, self._owning(entry, ties)))
                finished = bool(owning) and all(map(self.tasks.owners_finished, owning))
                undecided = stuck is not None and not kept and self._undecided(stuck)
                found.append(Bond(entry, ties, stuck, kept, undecided, owning, finished))
        return found

    def no_way_off(self) -> list[Bond]:
        """The tied nodes without a target that leaves, or without an owner."""
        return [bond for bond in self.bonds if bond.stuck or not bond.owning]

    def still_dependent(self) -> dict[str, Bond]:
        """The tied nodes whose owners are all done or cancelled, by reference."""
        return {bond.entry.ref: bond for bond in self.bonds if not bond.stuck and bond.finished}

    def _ties(self, entry: Entry, state: str) -> Iterator[Tie]:
        """The fields of an entry's own that tie it to interactive machines in a state."""
        if entry.kind.name == "lane":
            yield from self._path_ties(entry, state)
            return
        phase = self.timeline.phase(entry, state)
        for place in self.timeline.places[entry.kind.name]:
            hosts = self.timeline.at(entry, place, phase)
            touched = [ref for ref in hosts if ref in self._interactive[state]]
            if entry.get("redundant") is True and len(touched) < len(hosts):
                continue
            name = place.target if state == TARGET and place.target in entry.values else place.now
            yield from (Tie(entry, name, ref, ref) for ref in touched)
        if entry.kind.name == "sink":
            yield from self._via_ties(entry, state)

    def _path_ties(self, lane: Entry, state: str) -> Iterator[Tie]:
        path = self.lanes.path_name(lane, state)
        for hop in lane.links.get(path, ()) if path else ():
            yield from (Tie(lane, path or "", hop, machine) for machine in self._touched(hop, state))
        for name in ("from", "to"):
            if (end := lane.link(name) or "") in self._interactive[state]:
                yield Tie(lane, name, end, end)

    def _via_ties(self, sink: Entry, state: str) -> Iterator[Tie]:
        via = self.production.via(sink, state)
        name = "target_via" if state == TARGET and "target_via" in sink.values else "current_via"
        for hop in via:
            yield from (Tie(sink, name, hop, machine) for machine in self._touched(hop, state))

    def _touched(self, hop: str, state: str) -> list[str]:
        """The interactive machines that a hop is, or crosses."""
        entry = self.fleet.get(hop)
        if entry is None:
            return []
        if entry.kind.name == "machine":
            machines: Iterable[str] = (hop,)
        elif entry.kind.name == "tunnel":
            machines = self.production.machines_of(entry)
        else:
            machines = (tie.machine for tie in self._path_ties(entry, state))
        return [ref for ref in dict.fromkeys(machines) if ref in self._interactive[state]]

    def _stuck(self, entry: Entry, ties: tuple[Tie, ...]) -> tuple[Tie | None, Tie | None]:
        """The first tie that no target leaves, and the one at `target` that is to blame."""
        if not self.production.has(entry, TARGET):
            places = self.timeline.places[entry.kind.name]
            if any(place.target in entry.values for place in places):
                return None, None  # wherever it goes, it is no production when it is there
        later = list(self._ties(entry, TARGET))
        for tie in ties:
            own = tie.name != "current_host" or _says(entry, "target_host")
            if not own and (wholes := self._wholes(entry)):  # a part moves with its wholes
                if not any(_says(whole, "target_host") for whole in wholes):
                    return tie, None
                kept = next((t for whole in wholes for t in self._ties(whole, TARGET)), None)
            elif not self._has_target(tie):
                return tie, None
            else:
                kept = next((t for t in later if _place(t.name) == _place(tie.name)), None)
            if kept:
                return tie, kept
        return None, None

    def _has_target(self, tie: Tie) -> bool:
        """Whether a target is written for what ties an entry now."""
        place = _place(tie.name)
        if place == "end":
            return _says(tie.entry, "target_path")
        if place != "via":
            return _says(tie.entry, f"target_{place}")
        if tie.entry.undecided("target_via"):
            return False
        if _says(tie.entry, "target_via") or _says(tie.entry, "target_host"):
            return True
        lane = self.fleet.get(tie.item)  # the sink stays on its lane, and the lane moves
        return lane is not None and lane.kind.name == "lane" and _says(lane, "target_path")

    def _undecided(self, tie: Tie) -> bool:
        """Whether the target that would take a tie away is left open."""
        freeing = [tie.entry, self.fleet.get(tie.item) if _place(tie.name) == "via" else None]
        names = ("target_host", "target_build_host", "target_path", "target_via")
        return any(entry is not None and entry.undecided(*names) for entry in freeing)

    def _owning(self, entry: Entry, ties: tuple[Tie, ...]) -> list[Entry]:
        """The entries whose owners carry out the move that frees an entry.

        Its own, else those of its wholes; a sink that stays on a lane is freed
        with the lane.
        """
        if self._owned(entry):
            return [entry]
        if wholes := self._wholes(entry):
            return wholes
        own_way = {"target_via", "target_host"} & entry.values.keys()
        lanes = [] if own_way else [self.fleet.get(tie.item) for tie in ties if _place(tie.name) == "via"]
        return [lane for lane in lanes if lane is not None and lane.kind.name == "lane"]

    @staticmethod
    def _owned(entry: Entry) -> bool:
        return bool(entry.links.get("owner")) and not entry.undecided("owner")

    def _wholes(self, part: Entry) -> list[Entry]:
        """The nearest wholes of a part that say a target or are parts of nothing."""
        found: list[Entry] = []
        queue, seen = [part], {part.ref}
        for entry in queue:
            for ref in entry.links.get("part_of", ()):
                whole = self.fleet.get(ref)
                if whole is not None and ref not in seen:
                    seen.add(ref)
                    nearest = _says(whole, "target_host") or "part_of" not in whole.links
                    (found if nearest else queue).append(whole)
        return found

    # --- what is not there -----------------------------------------------------

    def dead_hops(self) -> list[DeadHop]:
        """The production nodes that need a machine, tunnel or workload that does not exist.

        Each pair once, with the states in which it holds. A node's own host is
        left to the rule that already speaks of it.
        """
        found: dict[tuple[str, str], DeadHop] = {}
        for state in self.timeline.states:
            missing = self.production.missing(state)
            closed = frozenset(entry.ref for entry in missing)
            for entry in missing:
                for dependency in self.reach.dependencies(entry.ref, state, closed, closed):
                    if not self._said_elsewhere(dependency, entry):
                        key = (dependency.entry.ref, entry.ref)
                        known = found.get(key)
                        states = (*known.states, state) if known else (state,)
                        first = known.dependency if known else dependency
                        found[key] = DeadHop(first, entry, states)
        return list(found.values())

    def _said_elsewhere(self, dependency: Dependency, missing: Entry) -> bool:
        """Whether a node's own host is missing in a way that has a rule of its own.

        It is stranded or undrained there, it runs on a retired machine now, its
        target is a retired machine, or it has no target.
        """
        edge, entry = dependency.path[0], dependency.entry
        places = self.timeline.places[entry.kind.name]
        place = next((place for place in places if edge.name in (place.now, place.target)), None)
        if len(dependency.path) > 1 or place is None or place.relation == "crosses":
            return False
        if (entry.ref, missing.ref) in self._left_behind:
            return True
        if edge.name == place.target:
            return self.timeline.role(missing, TARGET) == "retired"
        gone = self.timeline.gone_from(missing)
        return gone == NOW or (gone == TARGET and place.target not in entry.values)

    @cached_property
    def _left_behind(self) -> frozenset[tuple[str, str]]:
        stranded = {(found.entry.ref, found.machine.ref) for found in self.leftovers.stranded()}
        undrained = {(w.ref, machine.ref) for w, some in self.leftovers.undrained() for machine in some}
        return frozenset(stranded | undrained)

    # --- tunnels ---------------------------------------------------------------

    def dangling_tunnels(self) -> Iterator[tuple[Entry, list[tuple[str, Entry]]]]:
        """Tunnels that exist at `target` beside machines that do not: (tunnel, [(property, machine)])."""
        for tunnel in self.fleet.of("tunnel").values():
            if not self.production.tunnel_exists(tunnel, TARGET):
                continue
            named = ((name, self.fleet.get(tunnel.link(name))) for name in ("from", "to", "opened_by"))
            gone = [(n, m) for n, m in named if m and not self.timeline.machine_exists(m, TARGET)]
            if gone:
                yield tunnel, gone

    def unattended_tunnels(self) -> list[Entry]:
        """The tunnels between fleet machines that outlast today, without an automation actor."""
        crossed = self.production.crossed(TARGET)
        return [
            tunnel
            for tunnel in self.fleet.of("tunnel").values()
            if (tunnel.get("state") in ("interim", "target") or tunnel.ref in crossed)
            and not str(tunnel.get("actor", "")).startswith(AUTOMATION)
            and not tunnel.undecided("actor")
            and self._between_fleet_machines(tunnel)
        ]

    def _between_fleet_machines(self, tunnel: Entry) -> bool:
        machines = [self.fleet.get(ref) for ref in self.production.machines_of(tunnel)]
        known = tunnel.link("from") and tunnel.link("to")
        roles = {self.timeline.role(m, state) for m in machines if m for state in (NOW, TARGET)}
        return bool(known) and "interactive" not in roles

    def opened_tunnels(self) -> Iterator[tuple[Entry, list[Entry]]]:
        """The tunnels that exist at `target`, by the machine that opens them, if not interactive."""
        found: dict[str, list[Entry]] = {}
        for tunnel in self.fleet.of("tunnel").values():
            if (opener := self.production.opener(tunnel)) and self.production.tunnel_exists(tunnel, TARGET):
                found.setdefault(opener, []).append(tunnel)
        for ref, tunnels in found.items():
            machine = self.fleet.get(ref)
            if machine is not None and self.timeline.role(machine, TARGET) != "interactive":
                yield machine, tunnels

    # --- recovery ----------------------------------------------------------------

    def recovery_loops(self) -> Iterator[tuple[Entry, str, Path]]:
        """Machines that are rebuilt from what needs them at `target`: (machine, what, path)."""
        for machine in self.fleet.of("machine").values():
            wanted = tuple(dict.fromkeys(machine.links.get("rebuilt_from", ())))
            if not wanted:
                continue
            paths = self.reach.paths_to([machine.ref], TARGET, off=frozenset({machine.ref}))
            yield from ((machine, ref, paths[ref]) for ref in wanted if ref in paths)

    # --- words ---------------------------------------------------------------

    def moments(self, states: Iterable[str]) -> str:
        """States in words: `now, in wave:1 and at target`; three in a row by their ends."""
        runs: list[list[str]] = []
        for state in sorted(set(states), key=self.timeline.order):
            if runs and self.timeline.order(runs[-1][-1]) == self.timeline.order(state) - 1:
                runs[-1].append(state)
            else:
                runs.append([state])
        words = []
        for run in runs:
            if len(run) >= MANY:
                words.append(f"from {run[0]} to {run[-1]}")
            else:
                words += [s if s == NOW else f"at {s}" if s == TARGET else f"in {s}" for s in run]
        return listed(words)


def _says(entry: Entry, name: str) -> bool:
    """Whether a field is written, and its source does not leave it open."""
    return name in entry.values and not entry.undecided(name)


def _place(name: str) -> str:
    """The place that a field belongs to: `host`, `build_host`, `path`, `via` or a lane's `end`."""
    return "end" if name in ("from", "to") else name.partition("_")[2]
