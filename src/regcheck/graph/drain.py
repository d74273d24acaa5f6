"""The drain order: which workloads and waves wait for which.

A workload waits for its `drain_after` and for the waves that its wave is after;
a wave waits for what it moves and for its `after`; what is `drain_last` waits
for all else that leaves the same machine. Only `wave`, `moves` and `part_of`
say in which wave something moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from regcheck.graph.cuts import cheapest_cut
from regcheck.graph.timeline import Timeline
from regcheck.model import Entry, Fleet, Position
from regcheck.words import listed

# What it costs to give up a wait: a membership is dearer than a `drain_after`.
COST = {"drain-after": 1, "drain-last": 2, "after": 2, "moves": 4, "waits-for-wave": 8}

MANY = 8
"""Members of a loop that are named in words."""


class Wait(NamedTuple):
    """`source` waits for `target`, because a field of `entry` says so."""

    source: str
    target: str
    relation: str
    """`drain-after`, `drain-last`, `moves`, `after`, or `waits-for-wave` (through its own wave)."""
    entry: Entry
    name: str
    item: str | None
    written: bool = True
    """False for the default order of the wave numbers."""

    @property
    def position(self) -> Position:
        """Where the wait is written."""
        if self.name in self.entry.values:
            return self.entry.at(self.name, self.item)
        return self.entry.position


class Loop(NamedTuple):
    """Workloads and waves that wait for one another, and the waits to give up."""

    waits: tuple[Wait, ...]
    """Every wait inside the component, in a stable order that starts with the cut."""
    cut: tuple[Wait, ...]

    @property
    def members(self) -> list[str]:
        """Who waits here, each after the one that waits for it, from the cut on."""
        return list(dict.fromkeys(wait.target for wait in self.waits))

    @property
    def words(self) -> str:
        """Who waits for whom: all the way round where that is one way, else by name."""
        first, *rest = self.waits
        if not rest:
            return f"{first.source} waits for itself"
        names = self.members
        if len(names) == len(self.waits) <= MANY:
            onward = ", which waits for ".join(names[1:])
            return f"{first.source} waits for {first.target}, which waits for {onward}"
        more = len(names) - MANY
        shown = names if more <= 0 else [*names[:MANY], f"{more} more"]
        return f"{listed(shown)} wait for one another"


class Drain:
    """The drain graph of a fleet."""

    def __init__(self, fleet: Fleet, timeline: Timeline) -> None:
        self.fleet = fleet
        self.timeline = timeline
        self.waves = timeline.waves

    # --- what moves, and with which wave ------------------------------------

    @cached_property
    def moving(self) -> list[Entry]:
        """The workloads that must move, in the order of the files."""
        return [w for w in self.fleet.of("workload").values() if self.timeline.must_move(w)]

    def wave(self, workload: Entry) -> Entry | None:
        """The wave in which a workload moves."""
        number = self.timeline.wave(workload)
        return self.waves.get(number) if number is not None else None

    @cached_property
    def members(self) -> dict[str, list[Entry]]:
        """The workloads of each wave: first as it lists them, then those that name it or follow."""
        found: dict[str, list[Entry]] = {wave.ref: [] for wave in self.waves.values()}
        listed: set[str] = set()
        for wave in self.waves.values():
            for ref in dict.fromkeys(wave.links.get("moves", ())):
                workload = self.fleet.get(ref)
                if workload is not None and self.wave(workload) is wave:
                    found[wave.ref].append(workload)
                    listed.add(ref)
        for workload in self.fleet.of("workload").values():
            wave_of = self.wave(workload)
            if wave_of is not None and workload.ref not in listed:
                found[wave_of.ref].append(workload)
        return found

    def after(self, wave: Entry) -> list[tuple[Entry, bool]]:
        """The waves that a wave is after, and whether a file says so (else: the next lower)."""
        if "after" in wave.values:
            named = (self.fleet.get(ref) for ref in wave.links.get("after", ()))
            return [(other, True) for other in named if other is not None]
        number = wave.get("number")
        lower = [n for n in self.timeline.numbers if isinstance(number, int) and n < number]
        return [(self.waves[lower[-1]], False)] if lower else []

    # --- contradictions that have a rule of their own -----------------------

    def too_early(self) -> Iterator[tuple[Wait, Entry, Entry]]:
        """Workloads in an earlier wave than something they wait for: (wait, wave, later wave)."""
        for workload in self.fleet.of("workload").values():
            mine = self.timeline.wave(workload)
            if mine is None:
                continue
            for ref in workload.links.get("drain_after", ()):
                other = self.fleet.get(ref)
                theirs = self.timeline.wave(other) if other else None
                if theirs is not None and mine < theirs and {mine, theirs} <= self.waves.keys():
                    wait = Wait(workload.ref, ref, "drain-after", workload, "drain_after", ref)
                    yield wait, self.waves[mine], self.waves[theirs]

    def out_of_turn(self) -> Iterator[tuple[Wait, Entry, Entry]]:
        """Waves that wait for a wave with a higher number, outside of any loop."""
        loops = [loop.members for loop in self.loops()]
        for number, wave in self.waves.items():
            later = [other for n, other in self.waves.items() if n > number]
            for other in (other for other, written in self.after(wave) if written and other in later):
                if not any(wave.ref in loop and other.ref in loop for loop in loops):
                    yield Wait(wave.ref, other.ref, "after", wave, "after", other.ref), wave, other

    @staticmethod
    def number(wave: Entry) -> int:
        """The number of a wave."""
        number = wave.get("number")
        return number if isinstance(number, int) else 0

    def rebuilds(self, wave: Entry | None) -> bool:
        """Whether a wave wipes a machine: then what is left there goes with it."""
        return wave is not None and "rebuilds" in wave.links

    def lasts(self) -> Iterator[tuple[Entry, Entry, str]]:
        """Pairs (last, other, machine): both leave the machine, and only one is `drain_last`."""
        leaving: dict[str, list[Entry]] = {}
        for workload in self.moving:
            for machine in self.left_by(workload):
                leaving.setdefault(machine, []).append(workload)
        for machine, workloads in leaving.items():
            lasts = [w for w in workloads if w.get("drain_last") is True]
            for last in lasts:
                for other in workloads:
                    parts = other.ref in last.links.get("part_of", ()) or last.ref in other.links.get(
                        "part_of", ()
                    )
                    if other.ref not in self._last and not parts:
                        yield last, other, machine

    @cached_property
    def _last(self) -> frozenset[str]:
        """The workloads that are `drain_last`, and their parts that do not say otherwise."""
        workloads = self.fleet.of("workload").values()
        last = [workload.ref for workload in workloads if workload.get("drain_last") is True]
        parts: dict[str, list[str]] = {}
        for workload in workloads:
            if "drain_last" not in workload.values:
                for whole in workload.links.get("part_of", ()):
                    parts.setdefault(whole, []).append(workload.ref)
        for whole in last:
            last += parts.pop(whole, ())
        return frozenset(last)

    def left_by(self, workload: Entry) -> list[str]:
        """The machines that a workload must leave."""
        stays = set(workload.links.get("target_host", ()))
        return [ref for ref in workload.links.get("current_host", ()) if ref not in stays]

    def not_last(self) -> Iterator[tuple[Entry, Entry, str]]:
        """Pairs (last, other, machine) where the other one drains later all the same."""
        for last, other, machine in self.lasts():
            mine, theirs = self.wave(last), self.wave(other)
            if mine is None or theirs is None or self.rebuilds(theirs):
                continue
            if mine.get("number") < theirs.get("number"):
                yield last, other, machine

    def two_waves(self) -> Iterator[tuple[Entry, list[Entry]]]:
        """Workloads that two waves move, or another than the one they name."""
        for ref, waves in self.timeline.movers.items():
            workload = self.fleet.get(ref)
            if workload is None:
                continue
            own = workload.get("wave")
            if len(waves) > 1 or (own is not None and waves[0].get("number") != own):
                yield workload, waves

    # --- the graph ------------------------------------------------------------

    @cached_property
    def nodes(self) -> list[Entry]:
        """The waves by number, each after what it moves; then what has no wave."""
        nodes: dict[str, Entry] = {}
        for number in self.timeline.numbers:
            wave = self.waves[number]
            nodes.update((member.ref, member) for member in self.members[wave.ref])
            nodes[wave.ref] = wave
        nodes.update((workload.ref, workload) for workload in self.moving)
        return list(nodes.values())

    @cached_property
    def waits(self) -> list[Wait]:
        """Every wait of the drain graph that no other rule has already refused."""
        refused = {(wait.source, wait.target) for wait, _, _ in self.too_early()}
        refused |= {(last.ref, other.ref) for last, other, _ in self.not_last()}
        found: dict[tuple[str, str], Wait] = {}
        for wait in self._all_waits():
            if (wait.source, wait.target) not in refused:
                found.setdefault((wait.source, wait.target), wait)
        return list(found.values())

    def _all_waits(self) -> Iterator[Wait]:
        known = {node.ref for node in self.nodes}
        for node in self.nodes:
            if node.kind.name == "wave":
                for other, written in self.after(node):
                    yield Wait(node.ref, other.ref, "after", node, "after", other.ref, written)
                for member in self.members[node.ref]:
                    yield self.membership(node, member)
                continue
            for ref in node.links.get("drain_after", ()):
                if ref in known:
                    yield Wait(node.ref, ref, "drain-after", node, "drain_after", ref)
            wave = self.wave(node)
            for other, written in self.after(wave) if wave else ():
                entry, name, item = self.membership(wave, node)[3:6] if wave else (node, "wave", None)
                yield Wait(node.ref, other.ref, "waits-for-wave", entry, name, item, written)
        for last, other, _ in self.lasts():
            if not self.rebuilds(self.wave(other)):
                yield Wait(last.ref, other.ref, "drain-last", last, "drain_last", None)

    def membership(self, wave: Entry, workload: Entry) -> Wait:
        """The wait of a wave for a workload, placed where it is written."""
        if workload.ref in wave.links.get("moves", ()):
            return Wait(wave.ref, workload.ref, "moves", wave, "moves", workload.ref)
        name = "wave" if "wave" in workload.values else "part_of"
        return Wait(wave.ref, workload.ref, "moves", workload, name, None)

    @cached_property
    def order(self) -> list[str] | None:
        """A drain order (first to go first), or None where something waits for itself."""
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for node in self.nodes:
            sorter.add(node.ref)
        for wait in self.waits:
            sorter.add(wait.source, wait.target)
        try:
            return list(sorter.static_order())
        except CycleError:
            return None

    def loops(self) -> list[Loop]:
        """Each strongly connected component that waits for itself, with its cheapest cut."""
        if self.order is not None:
            return []
        from regcheck.graph.networks import components

        found = []
        for component in components([(wait.source, wait.target) for wait in self.waits]):
            part = set(component)
            inside = [w for w in self.waits if w.source in part and w.target in part]
            costs = [(w.source, w.target, COST[w.relation] + (not w.written)) for w in inside]
            cut_pairs = cheapest_cut(costs)
            cut = tuple(w for w in inside if (w.source, w.target) in cut_pairs)
            cut = tuple(sorted(cut, key=lambda w: (w.position, w.target)))
            found.append(Loop((*cut, *_around(inside, cut)), cut))
        return sorted(found, key=lambda loop: loop.cut[0].position)

    def critical_path(self) -> list[str]:
        """The longest chain of written waits, first to go first; ties go by id.

        The default order of the wave numbers is nobody's constraint and is left
        out. Where something waits for itself, its cheapest cut is left out too.
        """
        from regcheck.graph.networks import longest_chain

        cut = {(w.source, w.target) for loop in self.loops() for w in loop.cut}
        written = [(w.source, w.target) for w in self.waits if w.written]
        return longest_chain([pair for pair in written if pair not in cut])

    # --- what the files leave open --------------------------------------------

    def suggestions(self, tasks_before: dict[str, set[str]]) -> dict[str, int]:
        """The earliest wave for each workload that must move and has none.

        `tasks_before` is, for each task, all that comes before it.
        """
        from regcheck.graph.suggestions import earliest_waves

        return earliest_waves(self, tasks_before)


def _around(waits: list[Wait], cut: tuple[Wait, ...]) -> list[Wait]:
    """The other waits of a loop, walked from the end of the cut so that they read as a chain."""
    left: dict[str, list[Wait]] = {}
    given_up = {(w.source, w.target) for w in cut}
    for wait in sorted(waits, key=lambda w: (w.source, w.target), reverse=True):
        if (wait.source, wait.target) not in given_up:
            left.setdefault(wait.source, []).append(wait)
    starts = sorted(left, reverse=True)
    ordered: list[Wait] = []
    at = cut[0].target
    while starts:
        if not left.get(at):
            if not left[starts[-1]]:
                starts.pop()
                continue
            at = starts[-1]
        ordered.append(left[at].pop())
        at = ordered[-1].target
    return ordered
