"""The states of the migration: when each entry moves, where it then is, what exists.

Implements DESIGN's section on places and states; every other question of the
graph is asked of an entry *in a state*, and this is where a state gets meaning.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import Any, NamedTuple

from regcheck.model import Entry, Fleet, Kind

NOW = "now"
TARGET = "target"

# What of an entry holds, as bits so that an edge can hold in several phases.
AT_NOW, UNMOVED, MOVED = 1, 2, 4
ALWAYS = AT_NOW | UNMOVED | MOVED

VIA = "via"
"""The relation of a sink to what it passes through: part of its edges, no place of its own."""


class Place(NamedTuple):
    """A pair of properties that say where an entry is and where it must be."""

    relation: str
    now: str
    target: str


def places_of(kind: Kind) -> tuple[Place, ...]:
    """The places of a kind: its references that have a now and a target, and remotes."""
    now = {r.relation: n for n, r in kind.references.items() if r.relation and r.state == NOW}
    target = {r.relation: n for n, r in kind.references.items() if r.relation and r.state == TARGET}
    found = [Place(r, now[r], target[r]) for r in now if r in target and r is not None and r != VIA]
    if {"current_remote", "target_remote"} <= kind.properties.keys():
        found.append(Place("served-by", "current_remote", "target_remote"))
    return tuple(found)


class Timeline:
    """When the entries of a fleet move.

    `done` are entries that count as moved in every state: the answer to "as if
    those tasks were finished".
    """

    def __init__(self, fleet: Fleet, done: frozenset[str] = frozenset()) -> None:
        self.fleet = fleet
        self.done = done
        self.places = {name: places_of(kind) for name, kind in fleet.kinds.items()}
        self._waves: dict[str, int | None] = {}
        self._number_of: dict[str, int] = {}

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of the waves, ascending."""
        return sorted(self.waves)

    @cached_property
    def waves(self) -> dict[int, Entry]:
        """The waves by number, ascending; one without a number is none (the schema says so)."""
        waves = self.fleet.of("wave").values()
        found = {n: wave for wave in waves if (n := _number(wave)) is not None}
        return dict(sorted(found.items()))

    @cached_property
    def states(self) -> list[str]:
        """`now`, each wave in order, `target`."""
        return [NOW, *(f"wave:{number}" for number in self.numbers), TARGET]

    def order(self, state: str) -> int:
        """The place of a state in the order of time."""
        return self._orders[state]

    @cached_property
    def _orders(self) -> dict[str, int]:
        return {state: at for at, state in enumerate(self.states)}

    @cached_property
    def changing(self) -> frozenset[str]:
        """The states in which something is not as in the state before."""
        entries = (entry for entries in self.fleet.by_kind.values() for entry in entries.values())
        waves = {wave for entry in entries if (wave := self.wave(entry)) is not None}
        # a number that no wave has takes effect in the next one
        steps = {bisect_left(self.numbers, wave) + 1 for wave in (*waves, *self._rebuilt.values())}
        return frozenset({*self.states[:2], TARGET, *(self.states[step] for step in steps)})

    # --- moving -----------------------------------------------------------

    @cached_property
    def movers(self) -> dict[str, list[Entry]]:
        """The waves whose `moves` name a workload, by workload."""
        found: dict[str, list[Entry]] = {}
        for wave in self.waves.values():
            for ref in dict.fromkeys(wave.links.get("moves", ())):
                found.setdefault(ref, []).append(wave)
        return found

    @cached_property
    def _owned_waves(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, wave in self.waves.items():
            for owner in wave.links.get("owner", ()):
                found.setdefault(owner, []).append(number)
        return found

    def wave(self, entry: Entry) -> int | None:
        """The number of the wave in which an entry moves; None where that is at `target` only."""
        if entry.kind.name == "workload":
            return self._workload_waves.get(entry.ref)
        ref = entry.ref
        if ref not in self._waves:
            self._waves[ref] = self._wave(entry)
        return self._waves[ref]

    def _wave(self, entry: Entry) -> int | None:
        if (own := _own_wave(entry)) is not None:
            return own
        if entry.kind.name == "lane":
            ends = (*entry.links.get("from", ()), *entry.links.get("to", ()))
            waves = [wave for ref in ends if (wave := self._workload_waves.get(ref)) is not None]
            return max(waves, default=None)
        shared = {n for o in entry.links.get("owner", ()) for n in self._owned_waves.get(o, ())}
        return shared.pop() if len(shared) == 1 else None

    @cached_property
    def _workload_waves(self) -> dict[str, int]:
        """The wave of each workload: its own, the one that moves it, or the last of its wholes'.

        Wholes hand their wave down to their parts, the last wave first, so that
        a part which is also a whole of its own whole changes nothing.
        """
        found: dict[str, int] = {}
        parts: dict[str, list[str]] = {}
        for workload in self.fleet.of("workload").values():
            own = _own_wave(workload)
            if own is None and (movers := self.movers.get(workload.ref)):
                own = _number(movers[0])
            if own is not None:
                found[workload.ref] = own
                continue
            for whole in workload.links.get("part_of", ()):
                parts.setdefault(whole, []).append(workload.ref)
        level = sorted(found, key=lambda ref: -found[ref]) if parts else []
        for ref in level:
            stack = [ref]
            while stack:
                whole = stack.pop()
                for part in parts.get(whole, ()):
                    if part not in found:
                        found[part] = found[ref]
                        stack.append(part)
        return found

    def phase(self, entry: Entry, state: str) -> int:
        """What of an entry holds in a state: AT_NOW, UNMOVED (in a wave) or MOVED."""
        if state == TARGET or (self.done and entry.ref in self.done):
            return MOVED
        if state == NOW:
            return AT_NOW
        wave = self.wave(entry)
        if state not in self._number_of:
            self._number_of[state] = int(state[5:])
        return MOVED if wave is not None and wave <= self._number_of[state] else UNMOVED

    def must_move(self, entry: Entry) -> bool:
        """Whether its current place is known and its target is given and another."""
        return entry in self._moving

    @cached_property
    def _moving(self) -> frozenset[Entry]:
        return frozenset(e for e in self.fleet for p in self.places[e.kind.name] if self.leaves(e, p))

    def leaves(self, entry: Entry, place: Place) -> bool:
        """Whether one place of an entry is known, and its target given and different."""
        now, target = entry.values.get(place.now), entry.values.get(place.target)
        if now is None or target is None or now == target or "unknown" in entry.list(place.now):
            return False
        # the hops of a path have an order, hosts have none
        return place.relation == "crosses" or _as_set(now) != _as_set(target)

    # --- being somewhere ----------------------------------------------------

    def at(self, entry: Entry, place: Place, phase: int) -> tuple[str, ...]:
        """The entries that a place names in a phase; without a target it stays, or goes with its wholes."""
        if phase != MOVED:
            return entry.links.get(place.now, ())
        if place.target in entry.values or entry.undecided(place.target):
            return entry.links.get(place.target, ())
        return () if self.follows(entry) else entry.links.get(place.now, ())

    def follows(self, entry: Entry) -> bool:
        """Whether a part leaves its target to its wholes: it says none, and one of them does."""
        return entry.ref in self._following

    @cached_property
    def _following(self) -> frozenset[str]:
        parts: dict[str, list[str]] = {}
        led: list[str] = []
        for workload in self.fleet.of("workload").values():
            if "target_host" in workload.values or workload.undecided("target_host"):
                led.append(workload.ref)
            else:
                for whole in workload.links.get("part_of", ()):
                    parts.setdefault(whole, []).append(workload.ref)
        first = len(led)
        for whole in led:
            led += parts.pop(whole, ())
        return frozenset(led[first:])

    def hosts(self, entry: Entry, state: str) -> tuple[str, ...]:
        """The machines an entry runs on in a state; a part without its own, its wholes'."""
        phase = self.phase(entry, state)
        if "part_of" not in entry.links:
            return self._hosts(entry, phase)
        nearest = self._nearest_placed(entry, moved=phase == MOVED)
        hosts = (ref for placed in nearest for ref in self._hosts(placed, self.phase(placed, state)))
        return tuple(dict.fromkeys(hosts))

    def _hosts(self, entry: Entry, phase: int) -> tuple[str, ...]:
        """The machines that an entry names as its places in a phase."""
        named = [ref for place in self.places[entry.kind.name] for ref in self.at(entry, place, phase)]
        return tuple(dict.fromkeys(ref for ref in named if ref.startswith("machine:")))

    def known_hosts(self, entry: Entry) -> tuple[str, ...]:
        """The machines an entry runs on now; none where one of them is unknown, undecided or no entry."""
        for placed in self._nearest_placed(entry, moved=False):
            for place in self.places[placed.kind.name]:
                named = len(placed.links.get(place.now, ()))
                if placed.undecided(place.now) or named < len(placed.list(place.now)):
                    return ()
        return self.hosts(entry, NOW)

    def _nearest_placed(self, entry: Entry, *, moved: bool) -> list[Entry]:
        """The entry itself where it says a place, else the nearest of its wholes that do.

        Once it has `moved`, a part that only says where it was is with its wholes.
        """

        def says(workload: Entry) -> bool:
            return _says_place(workload) and not (moved and self.follows(workload))

        if says(entry) or "part_of" not in entry.links:
            return [entry]
        found: list[Entry] = []
        queue, seen = [entry], {entry.ref}
        for part in queue:
            for ref in part.links.get("part_of", ()):
                whole = self.fleet.get(ref)
                if whole is None or ref in seen:
                    continue
                seen.add(ref)
                (found if says(whole) else queue).append(whole)
        return found

    def undetermined(self, entry: Entry, state: str) -> bool:
        """Whether a place of an entry in a state is `unknown` or left undecided."""
        moved = self.phase(entry, state) == MOVED
        for place in self.places[entry.kind.name]:
            says = place.target in entry.values or entry.undecided(place.target)
            stays = not says and not self.follows(entry)
            name = place.target if moved and not stays else place.now
            interim = "interim_path" in entry.values or entry.undecided("interim_path")
            if place.relation == "crosses" and interim and self.phase(entry, state) == UNMOVED:
                name = "interim_path"
            if entry.undecided(name) or "unknown" in entry.list(name):
                return True
        via = "target_via" if moved else "current_via"
        return entry.undecided(via)

    # --- existing -------------------------------------------------------------

    def retired(self, entry: Entry, state: str) -> bool:
        """Whether an entry has been retired by a state: moved, with no target but `retired`.

        A part that says no target of its own is retired with its wholes.
        """
        movers = self.retiring.get(entry.ref)
        return movers is not None and all(self.phase(mover, state) == MOVED for mover in movers)

    @cached_property
    def retiring(self) -> dict[str, tuple[Entry, ...]]:
        """For what is to be retired, the entries that have to move for it to be."""
        found: dict[str, tuple[Entry, ...]] = {}
        parts: dict[str, list[Entry]] = {}
        for kind, entries in self.fleet.by_kind.items():
            targets = [place.target for place in self.places[kind]]
            for entry in entries.values() if targets else ():
                if any(entry.values.get(target) in ("retired", ["retired"]) for target in targets):
                    found[entry.ref] = (entry,)
                elif self.follows(entry):
                    for whole in entry.links["part_of"]:
                        parts.setdefault(whole, []).append(entry)
        queue = list(found) if parts else []
        for ref in queue:
            for part in parts.get(ref, ()):
                wholes = part.links["part_of"]
                if part.ref not in found and all(whole in found for whole in wholes):
                    movers = {mover.ref: mover for whole in wholes for mover in found[whole]}
                    found[part.ref] = tuple(movers.values())
                    queue.append(part.ref)
        return found

    def role(self, machine: Entry, state: str) -> str:
        """The role of a machine; at `target` its target role."""
        role = machine.get("role", "")
        return str(machine.get("target_role") or role if state == TARGET else role)

    def machine_exists(self, machine: Entry, state: str) -> bool:
        """Whether a machine is there in a state: neither still planned nor already gone."""
        return self._born(machine) <= self.order(state) < self._gone(machine)

    def gone_from(self, machine: Entry) -> str | None:
        """The state from which a machine is gone; None where it stays."""
        order = self._gone(machine)
        return self.states[order] if order < len(self.states) else None

    def _gone(self, machine: Entry) -> int:
        never = len(self.states)
        leaves = "becomes" in machine.links or machine.get("target_role") == "retired"
        if machine.get("role") == "retired":
            return 0
        if not leaves:
            return never
        rebuilt = self._rebuilt.get(machine.ref)
        return self.order(TARGET if rebuilt is None else f"wave:{rebuilt}")

    def _born(self, machine: Entry) -> int:
        if machine.get("role") != "planned":
            return 0
        numbers = [n for m in self._becoming.get(machine.ref, ()) if (n := self._rebuilt.get(m)) is not None]
        numbers += self._first_arrival.get(machine.ref, ())
        return self.order(f"wave:{min(numbers)}") if numbers else self.order(TARGET)

    @cached_property
    def _rebuilt(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, wave in self.waves.items():
            if machine := wave.link("rebuilds"):
                found.setdefault(machine, number)
        return found

    @cached_property
    def _becoming(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for machine in self.fleet.of("machine").values():
            if other := machine.link("becomes"):
                found.setdefault(other, []).append(machine.ref)
        return found

    @cached_property
    def _first_arrival(self) -> dict[str, list[int]]:
        """The wave that first moves something onto a machine, for the machines that wait."""
        planned = {m.ref for m in self.fleet.of("machine").values() if m.get("role") == "planned"}
        found: dict[str, list[int]] = {}
        if not planned:
            return found
        for entries in self.fleet.by_kind.values():
            for entry in entries.values():
                for place in self.places[entry.kind.name]:
                    if place.relation == "crosses":
                        continue  # a path over a machine moves nothing onto it
                    arrives = planned.intersection(entry.links.get(place.target, ()))
                    if arrives and (wave := self.wave(entry)) in self.numbers and wave is not None:
                        for ref in arrives:
                            found[ref] = [min([wave, *found.get(ref, ())])]
        return found


def _number(wave: Entry) -> int | None:
    number = wave.get("number")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _own_wave(entry: Entry) -> int | None:
    wave = entry.get("wave")
    return wave if isinstance(wave, int) and not isinstance(wave, bool) else None


def _says_place(workload: Entry) -> bool:
    """Whether a workload says where it is or must be, if only that nobody knows."""
    names = ("current_host", "target_host")
    return any(name in workload.values for name in names) or workload.undecided(*names)


def _as_set(value: Any) -> set[Any]:
    return set(map(str, value)) if isinstance(value, list) else {str(value)}
