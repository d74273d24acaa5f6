"""What is down with machines off, from which state on nothing is, and what that takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regcheck.graph.drain import Drain
from regcheck.graph.reach import Affected, Reach
from regcheck.graph.tasks import Tasks, is_finished
from regcheck.graph.timeline import Timeline
from regcheck.model import Entry, Fleet


class Outage(NamedTuple):
    """What happens to production when machines are off in a state."""

    offline: tuple[str, ...]
    state: str
    affected: tuple[Affected, ...]
    undetermined: tuple[Entry, ...]
    """Entries that could be affected too: nobody knows their place, or whether they are production."""
    safe_from: str | None
    """The state from which on nothing is affected; None where there is none."""
    tasks: tuple[str, ...]
    """The tasks that it takes to get there, in their order."""


class Outages:
    """Asks a fleet what it does without some of its machines."""

    def __init__(self, timeline: Timeline, reach: Reach, drain: Drain, tasks: Tasks) -> None:
        self.timeline = timeline
        self.reach = reach
        self.drain = drain
        self.tasks = tasks
        self._doubtful: dict[str, tuple[list[Entry], dict[str, Entry]]] = {}
        """For each state what has an open place, and what nobody has called production or not."""

    def of(self, machines: Iterable[str], state: str) -> Outage:
        """What is down or degraded with these machines off, until when, and at what price."""
        off = tuple(dict.fromkeys(machines))
        affected = self.reach.affected(off, state)
        safe_from = self._safe_from(off, state)
        tasks: list[str] = []
        if affected and safe_from is not None:
            tasks = self._price(off, state, safe_from)
        undetermined = self.undetermined(off, state)
        return Outage(off, state, tuple(affected), undetermined, safe_from, tuple(tasks))

    def undetermined(self, off: tuple[str, ...], state: str) -> tuple[Entry, ...]:
        """What may be affected too: its place is open, or it is hit and may be production."""
        if state not in self._doubtful:
            self._doubtful[state] = self.reach.undetermined(state), self.reach.unclassified(state)
        open_, unclassified = self._doubtful[state]
        found = {entry.ref: entry for entry in open_}
        hit = self.reach.paths_to(off, state, off=frozenset(off)) if unclassified else {}
        found.update((ref, workload) for ref, workload in unclassified.items() if ref in hit)
        return tuple(found.values())

    def _safe_from(self, off: tuple[str, ...], state: str) -> str | None:
        """The earliest state, not before `state`, from which on nothing is affected."""
        states, safe = self.timeline.states, None
        for later in reversed(states[self.timeline.order(state) :]):
            changed = safe is None or safe in self.timeline.changing
            if changed and self.reach.affected(off, later):
                break
            safe = later
        return safe

    def _price(self, off: tuple[str, ...], state: str, safe_from: str) -> list[str]:
        """The owners of what has to move between two states for an outage to hurt nothing.

        An entry without an owner of its own is moved by the owners of its wave.
        """
        order, movers = self.timeline.order, set[str]()
        for later in self.timeline.states[order(state) : order(safe_from)]:
            if later == state or later in self.timeline.changing:
                movers.update(self._movers(off, later, safe_from))
        owners: set[str] = set()
        for ref in movers:
            entry = self.reach.fleet.get(ref)
            own = entry.links.get("owner", ()) if entry else ()
            number = self.timeline.wave(entry) if entry and not own else None
            wave = self.drain.waves.get(number) if number is not None else None
            owners.update(own or (wave.links.get("owner", ()) if wave else ()))
        return self.tasks.needed_for(owners)

    def _movers(self, off: tuple[str, ...], state: str, safe_from: str) -> Iterator[str]:
        """The entries by whose move production is freed, wherever on its way to a machine they are."""
        needing = self.reach.paths_to(off, state, off=frozenset(off))
        production = self.reach.production.nodes(state)
        affected = [ref for ref in needing if ref in production]
        yield from set(affected).difference(self.reach.production.nodes(safe_from))
        seen, stack = set(affected), affected
        while stack:
            for edge in self.reach.needs(stack.pop(), state):
                if edge.target in needing and edge.target not in seen:
                    seen.add(edge.target)
                    stack.append(edge.target)
                if (edge.target in needing or edge.target in off) and not self.reach.holds(edge, safe_from):
                    yield edge.entry.ref


def moved_by(fleet: Fleet, done: frozenset[str]) -> frozenset[str]:
    """The entries that have moved when these tasks are finished too: all their owners are.

    What has no owner of its own moves as its wave says: a workload with the
    owners of the wave that moves it, a part with its wholes, a lane with its
    ends.
    """
    if not done:
        return frozenset()
    timeline = Timeline(fleet)
    moved = {
        entry.ref
        for entries in fleet.by_kind.values()
        for entry in entries.values()
        if _freed(fleet, done, _owned(timeline, entry))
    }
    _follow(fleet, moved)
    for lane in fleet.of("lane").values():
        if "owner" not in lane.values:
            ends = (fleet.get(ref) for name in ("from", "to") for ref in lane.links.get(name, ()))
            moving = [end.ref for end in ends if end and end.ref and timeline.must_move(end)]
            if moving and moved.issuperset(moving):
                moved.add(lane.ref)
    return frozenset(moved)


def _owned(timeline: Timeline, entry: Entry) -> Entry:
    """Whose owners move an entry: its own, or those of the wave that it or `moves` names."""
    named = "wave" in entry.values or entry.ref in timeline.movers
    if "owner" in entry.values or not named:
        return entry
    number = timeline.wave(entry)
    return entry if number is None else timeline.waves.get(number, entry)


def _freed(fleet: Fleet, done: frozenset[str], owned: Entry) -> bool:
    """Whether all owners are finished with these tasks, and were not without them."""
    owners = owned.links.get("owner", ())
    if not owners or len(owners) != len(owned.list("owner")):
        return False
    finished = all(is_finished(fleet, owner, done) for owner in owners)
    return finished and not all(is_finished(fleet, owner) for owner in owners)


def _follow(fleet: Fleet, moved: set[str]) -> None:
    """Let the parts that have neither owner nor wave follow their wholes."""
    parts: dict[str, list[Entry]] = {}
    for workload in fleet.of("workload").values():
        if not {"owner", "wave"} & workload.values.keys():
            for whole in workload.links.get("part_of", ()):
                parts.setdefault(whole, []).append(workload)
    queue = [ref for ref in parts if ref in moved]
    for whole in queue:
        for part in parts.get(whole, ()):
            if part.ref not in moved and moved.issuperset(part.links["part_of"]):
                moved.add(part.ref)
                queue.append(part.ref)
