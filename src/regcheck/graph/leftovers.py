"""What a drain leaves behind: workloads that no wave moves, things on a machine that goes, idle waves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from regcheck.graph.drain import Drain
from regcheck.graph.timeline import MOVED, Timeline
from regcheck.model import Entry, Fleet, Position

STRANDABLE = ("workload", "checkout", "sink", "pipeline")


class Stranded(NamedTuple):
    """An entry that is still on a machine in the wave from which that is gone."""

    entry: Entry
    machine: Entry
    wave: Entry
    position: Position
    """Where the entry says so."""


class Leftovers:
    """What the drain of a fleet forgets."""

    def __init__(self, fleet: Fleet, timeline: Timeline, drain: Drain) -> None:
        self.fleet = fleet
        self.timeline = timeline
        self.drain = drain

    def undrained(self) -> Iterator[tuple[Entry, list[Entry]]]:
        """Workloads that must leave frozen machines and that no wave moves: (workload, machines)."""
        for workload in self.drain.moving:
            if self.timeline.wave(workload) is not None:
                continue
            left = (self.fleet.get(ref) for ref in self.drain.left_by(workload))
            if frozen := [machine for machine in left if machine and machine.get("role") == "frozen"]:
                yield workload, frozen

    def stranded(self) -> Iterator[Stranded]:
        """What is still on a machine in the wave from which that is gone, and not undrained there.

        A part that says no place of its own goes with its wholes, and they are reported.
        """
        undrained = {(workload.ref, machine.ref) for workload, some in self.undrained() for machine in some}
        for machine in self.fleet.of("machine").values():
            state = self.timeline.gone_from(machine) or ""
            if not state.startswith("wave:"):
                continue
            wave = self.drain.waves[int(state.removeprefix("wave:"))]
            for entry in (e for kind in STRANDABLE for e in self.fleet.of(kind).values()):
                if (entry.ref, machine.ref) in undrained or self.timeline.retired(entry, state):
                    continue
                if position := self._placed(entry, machine.ref, state):
                    yield Stranded(entry, machine, wave, position)

    @cached_property
    def behind(self) -> dict[str, list[Entry]]:
        """What a wave finds on the machine that it wipes, stranded or undrained, by its reference."""
        found: dict[str, list[Entry]] = {}
        for workload, machines in self.undrained():
            for state in filter(None, map(self.timeline.gone_from, machines)):
                found.setdefault(state, []).append(workload)
        for left in self.stranded():
            found.setdefault(left.wave.ref, []).append(left.entry)
        return found

    def _placed(self, entry: Entry, machine: str, state: str) -> Position | None:
        """Where an entry itself says that it is on a machine in a state."""
        phase = self.timeline.phase(entry, state)
        for place in self.timeline.places[entry.kind.name]:
            if machine in self.timeline.at(entry, place, phase):
                moved = phase == MOVED and place.target in entry.values
                return entry.at(place.target if moved else place.now, machine)
        return None

    def idle_waves(self) -> list[Entry]:
        """The waves that move nothing and rebuild nothing, in the order of their numbers.

        What names a wave by its own `wave` moves in it, of whatever kind; a
        wave whose `moves` or `rebuilds` is undecided is open, not idle.
        """
        named = {
            entry.get("wave")
            for entries in self.fleet.by_kind.values()
            for entry in entries.values()
            if isinstance(entry.get("wave"), int)  # what is none is a finding of its own
        }
        return [
            wave
            for number, wave in sorted(self.drain.waves.items())
            if number not in named
            and not self.drain.members[wave.ref]
            and not (wave.list("moves") or "rebuilds" in wave.values)
            and not wave.undecided("moves", "rebuilds")
        ]
