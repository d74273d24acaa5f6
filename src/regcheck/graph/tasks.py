"""The order of the tasks: what can be done now, and what blocks the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from regcheck.graph.cuts import cheapest_cut
from regcheck.graph.drain import Drain, Loop, Wait
from regcheck.graph.standing import SETTLED, standing
from regcheck.graph.timeline import Timeline
from regcheck.model import Entry, Fleet

FINISHED = ("done", "cancelled")


def is_finished(fleet: Fleet, ref: str, done: frozenset[str] = frozenset()) -> bool:
    """Whether a task is done or cancelled, is among those `done`, or the task that absorbed it is."""
    seen: set[str] = set()
    task = fleet.get(ref)
    while task is not None and task.ref not in seen:
        if task.ref in done or task.get("status") in FINISHED:
            return True
        seen.add(task.ref)
        task = fleet.get(task.link("absorbed_by"))
    return False


class Blocked(NamedTuple):
    """A task or wave that cannot be done yet, and what it waits for."""

    entry: Entry
    waits_for: tuple[Entry, ...]


class Next(NamedTuple):
    """What can be done now, what a human must decide, and what blocks the others."""

    tasks: tuple[Entry, ...]
    decisions: tuple[Entry, ...]
    moves: tuple[tuple[Entry, Entry | None], ...]
    """Workloads that can move now, each with its wave."""
    blocked: tuple[Blocked, ...]


class Before(Mapping[str, set[str]]):
    """For each task that waits all that comes before it, walked when asked for."""

    def __init__(self, direct: dict[str, list[str]]) -> None:
        self.direct = direct
        """What each task says that it comes after."""

    def any_of(self, refs: Iterable[str]) -> set[str]:
        """All that comes before one of several tasks, directly or not."""
        seen: set[str] = set()
        stack = list(refs)
        while stack:
            new = [ref for ref in self.direct.get(stack.pop(), ()) if ref not in seen]
            seen.update(new)
            stack += new
        return seen

    def __getitem__(self, ref: str) -> set[str]:
        if ref not in self.direct:
            raise KeyError(ref)
        return self.any_of([ref]) - {ref}

    def __iter__(self) -> Iterator[str]:
        return iter(self.direct)

    def __len__(self) -> int:
        return len(self.direct)


class Tasks:
    """Tasks and phases with what they wait for."""

    def __init__(
        self, fleet: Fleet, timeline: Timeline, drain: Drain, done: frozenset[str] = frozenset()
    ) -> None:
        """`done` are the references of tasks to be taken as finished."""
        self.done = done
        self.fleet = fleet
        self.timeline = timeline
        self.drain = drain
        self._finished: dict[str, bool] = {}

    def finished(self, ref: str) -> bool:
        """Whether a task is done or cancelled, or the task that absorbed it is."""
        if ref not in self._finished:
            self._finished[ref] = is_finished(self.fleet, ref, self.done)
        return self._finished[ref]

    def owners_finished(self, entry: Entry) -> bool:
        """Whether an entry has owners and all of them are done or cancelled."""
        owners = entry.links.get("owner", ())
        done = bool(owners) and all(map(self.finished, owners))
        return done and len(owners) == len(entry.list("owner"))

    @cached_property
    def waits(self) -> list[Wait]:
        """Every `after` of a task or phase."""
        return [
            Wait(entry.ref, ref, "after", entry, "after", ref)
            for kind in ("task", "phase")
            for entry in self.fleet.of(kind).values()
            for ref in dict.fromkeys(entry.links.get("after", ()))
        ]

    def loops(self) -> list[Loop]:
        """Tasks or phases that wait for one another, each loop with its cheapest cut."""
        from graphlib import CycleError, TopologicalSorter

        sorter: TopologicalSorter[str] = TopologicalSorter()
        for wait in self.waits:
            sorter.add(wait.source, wait.target)
        try:
            sorter.prepare()
        except CycleError:
            from regcheck.graph.networks import components

            pairs = [(wait.source, wait.target) for wait in self.waits]
            return sorted(map(self._loop, components(pairs)), key=lambda loop: loop.cut[0].position)
        return []

    def _loop(self, component: list[str]) -> Loop:
        part = set(component)
        inside = [w for w in self.waits if w.source in part and w.target in part]
        pairs = cheapest_cut([(w.source, w.target, 1) for w in inside])
        cut = tuple(w for w in inside if (w.source, w.target) in pairs)
        cut = tuple(sorted(cut, key=lambda w: (w.position, w.target)))
        return Loop((*cut, *(w for w in inside if (w.source, w.target) not in pairs)), cut, cut)

    def done_too_early(self) -> Iterator[tuple[Entry, Entry]]:
        """Tasks that are done, and ones they wait for that are not: (task, other).

        Cancelled tasks and those of another repository do not count.
        """
        for task in self.fleet.of("task").values():
            if task.get("status") != "done":
                continue
            for ref in dict.fromkeys(task.links.get("after", ())):
                other = self.fleet.get(ref)
                if other is None or other.get("external") is True or other.get("status") is None:
                    continue
                if ref != task.ref and not self.finished(ref):
                    yield task, other

    @cached_property
    def before(self) -> Before:
        """For each task all that comes before it, directly or not."""
        direct: dict[str, list[str]] = {}
        for wait in self.waits:
            direct.setdefault(wait.source, []).append(wait.target)
        return Before(direct)

    def in_order(self, refs: set[str]) -> list[str]:
        """Tasks with what comes before each one before it: by the longest way there; ties by id."""
        everyone = {*refs, *self.before.any_of(refs)}
        left = dict.fromkeys(everyone, 0)
        waiting: dict[str, list[str]] = {}
        for source in everyone:
            for target in self.before.direct.get(source, ()):
                left[source] += 1
                waiting.setdefault(target, []).append(source)
        rank = dict.fromkeys(everyone, 0)
        ready = [ref for ref, waits in left.items() if not waits]
        for ref in ready:  # Kahn's algorithm (Comm. ACM 5, 1962)
            for source in waiting.get(ref, ()):
                rank[source] = max(rank[source], rank[ref] + (ref in refs))
                left[source] -= 1
                if not left[source]:
                    ready.append(source)
        first = refs.intersection(ready)  # what is in a loop or after one comes after all others
        looped = sorted(refs - first, key=lambda ref: (len(self.before.get(ref, set()) & refs), ref))
        return sorted(first, key=lambda ref: (rank[ref], ref)) + looped

    def needed_for(self, owners: set[str]) -> list[str]:
        """The tasks that a set of owners takes: themselves, and what is unfinished before them.

        An owner that its register says is done has its entries still to show
        for it; one that is only taken as finished is left out.
        """
        before = {ref for ref in self.before.any_of(owners) if not self.finished(ref)}
        return self.in_order((owners - self.done) | before)

    # --- next ---------------------------------------------------------------

    def next(self) -> Next:
        """What can be done now.

        A task can be done when it is open and all that it waits for is
        finished; one that needs a human is a decision. A workload can move when
        the waves before its own have nothing left to move, and what it waits
        for has moved.
        """
        tasks, decisions, blocked = [], [], []
        for task in self.fleet.of("task").values():
            if self.finished(task.ref) or "absorbed_by" in task.links:
                continue
            waits = self.open_before(task)
            if waits or task.get("status") == "blocked":
                blocked.append(Blocked(task, waits))
            elif task.get("human") is True:
                decisions.append(task)
            elif task.get("external") is not True or task.get("status") is not None:
                tasks.append(task)
        moves, waiting = self._moves()
        return Next(tuple(tasks), tuple(decisions), moves, (*blocked, *waiting))

    def open_before(self, task: Entry) -> tuple[Entry, ...]:
        """What a task waits for: unfinished tasks before it, and open gaps that block it."""
        before = [self.fleet.get(ref) for ref in task.links.get("after", ())]
        gaps = [
            gap
            for gap in self.fleet.of("gap").values()
            if task.ref in gap.links.get("blocks", ()) and not self._closed(gap)
        ]
        return (*(t for t in before if t is not None and not self.finished(t.ref)), *gaps)

    def _closed(self, gap: Entry) -> bool:
        follow_ons = gap.links.get("follow_on", ())
        return bool(follow_ons) and all(map(self.finished, follow_ons))

    def _moves(self) -> tuple[tuple[tuple[Entry, Entry | None], ...], list[Blocked]]:
        drain = self.drain
        left = {workload.ref for workload in drain.moving}
        open_waves = self.open_waves
        moves, blocked = [], []
        waits_of: dict[str, list[Wait]] = {}
        for wait in drain.waits:
            waits_of.setdefault(wait.source, []).append(wait)
        for node in drain.nodes:
            if node.ref not in left and node.ref not in open_waves:
                continue
            targets = dict.fromkeys(
                w.target
                for w in waits_of.get(node.ref, ())
                if w.relation != "moves" and (w.target in left or w.target in open_waves)
            )
            waits = tuple(e for ref in targets if (e := self.fleet.get(ref)) is not None)
            owners = (t for o in node.links.get("owner", ()) if (t := self.fleet.get(o)) is not None)
            unready = [b for owner in owners for b in self.open_before(owner)]
            waits = tuple(dict.fromkeys((*waits, *unready)))
            if waits:
                blocked.append(Blocked(node, waits))
            elif node.kind.name == "workload":
                moves.append((node, drain.wave(node)))
        return tuple(moves), blocked

    @cached_property
    def open_waves(self) -> frozenset[str]:
        """The waves with something left to do, and those that are after one."""
        found = [wave.ref for wave in self.drain.waves.values() if self._wave_open(wave)]
        following: dict[str, list[str]] = {}
        for wave in self.drain.waves.values():
            for before, _ in self.drain.after(wave):
                following.setdefault(before.ref, []).append(wave.ref)
        seen = set(found)
        for ref in found:
            new = [other for other in following.get(ref, ()) if other not in seen]
            seen.update(new)
            found += new
        return frozenset(seen)

    def over(self, wave: Entry) -> bool:
        """Whether no workload is left to move in a wave, nor a machine to wipe, and that is known.

        What has no number is no wave, and never over.
        """
        return wave.ref in self.drain.members and wave.ref not in self.open_waves

    def _wave_open(self, wave: Entry) -> bool:
        """Whether a wave still has something to do, or nobody knows what that is, or whether it is done."""
        members = self.drain.members[wave.ref]
        settled = all(standing(self.drain.timeline, member) == SETTLED for member in members)
        if wave.undecided("moves") or not settled:
            return True
        return "rebuilds" in wave.links and not self.owners_finished(wave)
