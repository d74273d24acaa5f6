"""Where production stands, where it must not, and what proves that it may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from regcheck.graph.evidence import DRILL, EVIDENCE, shows
from regcheck.graph.leftovers import STRANDABLE
from regcheck.graph.production import Production
from regcheck.graph.timeline import NOW, TARGET, Timeline
from regcheck.model import Entry, Fleet, Position
from regcheck.reading.values import is_date

UNFIT = frozenset({"frozen", "interactive", "experimental", "retired"})
"""The roles of machines on which nothing in production may end up."""


class Promotion(NamedTuple):
    """A workload that is production on production machines now, and what proves that it may be."""

    workload: Entry
    hosts: tuple[Entry, ...]
    gate: Entry | None
    """Its own gate, or that of a whole: a complete one where there is one, else the nearest."""
    missing: tuple[str, ...]
    """The fields of the gate that are missing (`stages` where one of them is); none: it is proven."""
    parts: tuple[Entry, ...] = ()
    """The parts that lack evidence too and are told with it."""


class Standing(NamedTuple):
    """An entry on a machine, and the field that says so."""

    entry: Entry
    machine: Entry
    name: str

    @property
    def position(self) -> Position:
        """Where the entry says it."""
        return self.entry.at(self.name, self.machine.ref)


class Undrilled(NamedTuple):
    """A stateful workload whose gate, or whose exception from it, shows no restored backup."""

    workload: Entry
    gate: Entry | None
    exception: Entry | None


class Placement:
    """What a fleet says about where its production is and must be."""

    def __init__(self, fleet: Fleet, timeline: Timeline, production: Production) -> None:
        self.fleet = fleet
        self.timeline = timeline
        self.production = production

    # --- promotion ------------------------------------------------------------

    @cached_property
    def gates(self) -> dict[str, Entry]:
        """The gate of each workload that has one of its own."""
        found: dict[str, Entry] = {}
        for gate in self.fleet.of("gate").values():
            if workload := gate.link("workload"):
                found.setdefault(workload, gate)
        return found

    def wholes(self, workload: Entry) -> list[Entry]:
        """What a workload is part of, the nearest first, also by way of other wholes."""
        if "part_of" not in workload.links:
            return []
        queue, seen = [workload], {workload.ref}
        for part in queue:
            for ref in part.links.get("part_of", ()):
                whole = self.fleet.get(ref)
                if whole is not None and ref not in seen:
                    seen.add(ref)
                    queue.append(whole)
        return queue[1:]

    def promotions(self) -> Iterator[Promotion]:
        """Every production workload on a production machine now, with its evidence."""
        for workload, machines in self._standing_on("production"):
            if workload.kind.name == "workload":
                yield self._promotion(workload, machines)

    def unproven(self) -> list[Promotion]:
        """The promotions without complete evidence.

        A part of one that is told goes with it, and so does the need of a stateful
        part for a backup drill.
        """
        found = {p.workload.ref: p for p in self.promotions() if p.missing}
        drills = {
            whole.ref
            for promotion in found.values()
            if DRILL in promotion.missing
            for whole in (promotion.workload, *self.wholes(promotion.workload))
        }
        parts: dict[str, list[Entry]] = {
            ref: [] for ref in self._outermost(promotion.workload for promotion in found.values())
        }
        for ref, promotion in found.items():
            if ref not in parts:
                whole = next(whole.ref for whole in self.wholes(promotion.workload) if whole.ref in parts)
                parts[whole].append(promotion.workload)
        told = [found[ref]._replace(parts=tuple(among)) for ref, among in parts.items()]
        return [p._replace(missing=_with_drill(p.missing)) if p.workload.ref in drills else p for p in told]

    def _promotion(self, workload: Entry, machines: list[Entry]) -> Promotion:
        return Promotion(workload, tuple(machines), *self.evidence(workload))

    def evidence(self, workload: Entry) -> tuple[Entry | None, tuple[str, ...]]:
        """The gate that counts for a workload, and the fields that are missing, as `Promotion` has them."""
        lacks = [(gate, self._lacks(gate, workload)) for gate in self._gates_of(workload)]
        none = (None, self._lacks(None, workload))
        return next((one for one in lacks if not one[1]), lacks[0] if lacks else none)

    def _gates_of(self, workload: Entry) -> list[Entry]:
        """The gates through which a workload counts: its own first, then those of its wholes."""
        refs = (workload.ref, *(whole.ref for whole in self.wholes(workload)))
        return [self.gates[ref] for ref in refs if ref in self.gates]

    def needed(self, gate: Entry | None, workload: Entry) -> list[str]:
        """The fields that a gate needs for a workload; through that of a whole, what the whole needs, too."""
        through = gate.link("workload") if gate else None
        led = [w for w in self.wholes(workload) if through in (w.ref, *(o.ref for o in self.wholes(w)))]
        own = [workload] if through == workload.ref else [workload, *led]
        stateful = any(one.get("stateful") is True for one in own)
        return [name for name in EVIDENCE if name != DRILL or stateful]

    def _lacks(self, gate: Entry | None, workload: Entry) -> tuple[str, ...]:
        """The fields that a gate needs for a workload and does not have."""
        needed = self.needed(gate, workload)
        return tuple(name for name in needed if gate is None or not shows(gate, name))

    def undrilled(self) -> list[Undrilled]:
        """Stateful workloads with a gate or an exception from it, and no backup drill."""
        excepted = self._excepted
        found: dict[str, Undrilled] = {}
        if not self.gates and not excepted:
            return []
        for workload in self.fleet.of("workload").values():
            if workload.get("stateful") is not True:
                continue
            gates = self._gates_of(workload)
            refs = (workload.ref, *(whole.ref for whole in self.wholes(workload)))
            exception = next((excepted[ref] for ref in refs if ref in excepted), None)
            if (gates or exception) and not any(shows(gate, DRILL) for gate in gates):
                found[workload.ref] = Undrilled(workload, gates[0] if gates else None, exception)
        return [found[ref] for ref in self._outermost(one.workload for one in found.values())]

    @cached_property
    def _excepted(self) -> dict[str, Entry]:
        """The exceptions from a gate by the workload that they are for."""
        found: dict[str, Entry] = {}
        for exception in self.fleet.of("exception").values():
            if exception.get("rule") == "missing-gate" and (ref := exception.link("entry")):
                found.setdefault(ref, exception)
        return found

    def without_rollback(self) -> Iterator[Entry]:
        """Exceptions from a gate that do not say how to get back.

        The image is a part of the gate, so an exception from its rule counts where
        it is for a gate; the image of a pipeline has not been promoted.
        """
        for exception in self.fleet.of("exception").values():
            rule = exception.get("rule")
            of_gate = rule == "mutable-image" and (exception.link("entry") or "").startswith("gate:")
            if (rule == "missing-gate" or of_gate) and not shows(exception, "rollback"):
                yield exception

    def _outermost(self, workloads: Iterable[Entry]) -> list[str]:
        """The workloads of which no whole is among them; of a circle of wholes, the first."""
        among = {workload.ref: at for at, workload in enumerate(workloads)}
        told: list[str] = []
        for ref, at in among.items():
            wholes = [whole for whole in self._wholes_of(ref) if whole.ref in among]
            circle = {whole.ref for whole in wholes if any(w.ref == ref for w in self.wholes(whole))}
            if all(whole.ref in circle and among[whole.ref] > at for whole in wholes):
                told.append(ref)
        return told

    def _wholes_of(self, ref: str) -> list[Entry]:
        workload = self.fleet.get(ref)
        return self.wholes(workload) if workload else []

    def policy(self, *names: str) -> Entry | None:
        """The policy that one of these rules or groups enforces: the one that holds first."""
        found = [
            policy
            for policy in self.fleet.of("policy").values()
            if not {str(name) for name in policy.list("rules")}.isdisjoint(names)
        ]
        dated = [policy for policy in found if effective(policy)]
        return min(dated, key=effective) if dated else next(iter(found), None)

    # --- machines -------------------------------------------------------------

    def unfit_targets(self) -> Iterator[tuple[Entry, Standing]]:
        """Production whose target is a machine that may not host it: (who, where that is said).

        A part without a target of its own goes with its wholes. They are told,
        unless they are no production themselves.
        """
        nodes = self.production.nodes(TARGET)
        for entry in nodes.values():
            if entry.kind.name not in STRANDABLE:
                continue
            for standing in self._targets(entry):
                yield entry, standing
            if not self.timeline.follows(entry):
                continue
            hosts = self.timeline.hosts(entry, TARGET)
            for whole in self.wholes(entry):
                for standing in self._targets(whole) if whole.ref not in nodes else ():
                    if standing.machine.ref in hosts:
                        yield entry, standing

    def _targets(self, entry: Entry) -> Iterator[Standing]:
        for place in self.timeline.places[entry.kind.name]:
            for ref in dict.fromkeys(entry.links.get(place.target, ())):
                machine = self.fleet.get(ref)
                if machine is not None and self.timeline.role(machine, TARGET) in UNFIT:
                    yield Standing(entry, machine, place.target)

    def on(self, role: str) -> list[Entry]:
        """Everything that is now on a machine of a role, production or not.

        A part that says no place of its own goes with its wholes.
        """
        machines = {m.ref for m in self.fleet.of("machine").values() if m.get("role") == role}
        entries = (entry for kind in STRANDABLE for entry in self.fleet.of(kind).values())
        return [entry for entry in entries if not machines.isdisjoint(self._hosts(entry))] if machines else []

    def occupied(self, role: str) -> Iterator[tuple[Entry, list[Standing]]]:
        """The machines of a role on which something is now, and what."""
        for machine in self.fleet.of("machine").values():
            if machine.get("role") == role and (standing := self.occupants.get(machine.ref)):
                yield machine, standing

    @cached_property
    def occupants(self) -> dict[str, list[Standing]]:
        """What says of itself that it is on a machine now, by machine."""
        found: dict[str, list[Standing]] = {}
        for entry in (entry for kind in STRANDABLE for entry in self.fleet.of(kind).values()):
            for place in self.timeline.places[entry.kind.name]:
                for ref in dict.fromkeys(entry.links.get(place.now, ())):
                    if (machine := self.fleet.get(ref)) and machine.kind.name == "machine":
                        found.setdefault(ref, []).append(Standing(entry, machine, place.now))
        return found

    # --- freezing ---------------------------------------------------------------

    def placed_after_freeze(self) -> Iterator[Standing]:
        """Production workloads placed on a frozen machine later than it was frozen, by their dates."""
        for entry, machines in self._standing_on("frozen"):
            placed = str(entry.get("placed_since") or "")
            since = ((machine, machine.get("frozen_since")) for machine in machines)
            late = (machine for machine, day in since if placed > str(day) and is_day(day))
            if (machine := next(late, None)) and is_day(placed):
                yield self._standing(entry, machine)

    def newly_placed(self, before: Placement) -> list[Standing]:
        """Production on a frozen machine that in another revision was not there as production.

        What that revision did not know (no such entry, an unknown place or
        environment) is not new where its own date says that it was there when the
        machine was frozen. A part that says no place of its own goes with its wholes.
        """
        found: dict[str, Standing] = {}
        for entry, machines in self._standing_on("frozen"):
            there = before.standing_as_production(entry.ref, self.fleet)
            new = (m for m in machines if m.ref not in there and not self._was_overlooked(entry, m, before))
            if machine := next(new, None):
                found[entry.ref] = self._standing(entry, machine)
        return [
            standing
            for standing in found.values()
            if standing.name != "part_of"
            or not any(whole.ref in found for whole in self.wholes(standing.entry))
        ]

    def standing_as_production(self, ref: str, later: Fleet) -> frozenset[str]:
        """The machines of an entry here, as a later revision calls them; none where it is no production."""
        entry = self.production.nodes(NOW).get(ref)
        hosts = self._hosts(entry) if entry else ()
        machines = (self.fleet.get(host) for host in hosts)
        found = (same_machine(machine, later) for machine in machines if machine)
        return frozenset(machine.ref for machine in found if machine)

    @staticmethod
    def _was_overlooked(entry: Entry, machine: Entry, before: Placement) -> bool:
        """Whether an entry was on a machine when that was frozen, and the files did not know."""
        placed, frozen = entry.get("placed_since"), machine.get("frozen_since")
        if not is_day(placed) or not is_day(frozen) or placed > frozen:
            return False
        old = before.fleet.get(entry.ref)
        return old is None or old.get("environment") == "unknown" or before.timeline.undetermined(old, NOW)

    def _standing_on(self, role: str) -> Iterator[tuple[Entry, list[Entry]]]:
        """Production that is now on machines of a role: (who, the machines)."""
        machines = {m.ref: m for m in self.fleet.of("machine").values() if m.get("role") == role}
        if not machines:
            return
        for entry in self.production.nodes(NOW).values():
            if entry.kind.name in STRANDABLE:
                hosts = self._hosts(entry)
                if found := [machines[ref] for ref in hosts if ref in machines]:
                    yield entry, found

    def _hosts(self, entry: Entry) -> tuple[str, ...]:
        """The machines of an entry now: most say one, and that is quickly asked."""
        place = self._place.get(entry.kind.name, "")
        return entry.links.get(place, ()) or self.timeline.hosts(entry, NOW)

    @cached_property
    def _place(self) -> dict[str, str]:
        """The field in which each kind says where it is."""
        places = self.timeline.places
        return {kind: places[kind][0].now for kind in STRANDABLE if places.get(kind)}

    def _standing(self, entry: Entry, machine: Entry) -> Standing:
        for place in self.timeline.places[entry.kind.name]:
            if machine.ref in entry.links.get(place.now, ()):
                return Standing(entry, machine, place.now)
        return Standing(entry, machine, "part_of")


def same_machine(machine: Entry, fleet: Fleet) -> Entry | None:
    """The machine of another revision that answers to one of the names of this one."""
    names = fleet.names["machine"]
    own = (machine.id, *map(str, machine.list("aliases")))
    return next((names[name] for name in own if name in names), None)


def effective(policy: Entry) -> str:
    """The date from which a policy holds; empty where it has none."""
    date = policy.get("effective_from")
    return date if is_day(date) else ""


def is_day(value: object) -> bool:
    """Whether a value is a calendar date."""
    return isinstance(value, str) and is_date(value)


def _with_drill(missing: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in EVIDENCE if name == DRILL or name in missing)
