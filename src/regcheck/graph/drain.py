"""The drain order: which workloads and waves wait for which.

A workload waits for its `drain_after` and for the waves that its wave is after;
a wave waits for what it moves and for its `after`; what is `drain_last` waits
for all else that leaves the same machine. Only `wave`, `moves` and `part_of`
say in which wave something moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from regcheck.graph.cuts import cheapest_cut
from regcheck.graph.lasts import Lasts
from regcheck.graph.timeline import Timeline
from regcheck.model import Entry, Fleet, Position

# What it costs to give up a wait: a membership is dearer than a `drain_after`.
COST = {"drain-after": 1, "drain-last": 2, "after": 2, "moves": 4, "waits-for-wave": 8}
UNCUTTABLE = 1000
"""More than any cut of one loop costs."""


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
    severed: tuple[Wait, ...]
    """The cut, and the waits that fall with it: a workload waits through its wave's `after`."""

    @property
    def cycle(self) -> list[str]:
        """The shortest way round through the first wait of the cut: each waits for the next."""
        first = self.cut[0]
        return [first.source, *self._way(first.target, first.source)[:-1]]

    @property
    def members(self) -> list[str]:
        """Who waits here, in a stable order."""
        return list(dict.fromkeys(wait.target for wait in self.waits))

    @property
    def words(self) -> str:
        """The shortest way round through the first wait of the cut, and how many more there are."""
        first, *rest = self.cycle
        if not rest:
            return f"{first} waits for itself"
        more = len(self.members) - len(rest) - 1
        beside = f" ({more} more in the same loop)" if more else ""
        return f"{first} waits for {', which waits for '.join([*rest, first])}{beside}"

    def _way(self, start: str, end: str) -> list[str]:
        """The members on a shortest way from one to another, both included."""
        targets: dict[str, list[str]] = {}
        for wait in self.waits:
            targets.setdefault(wait.source, []).append(wait.target)
        came_from = {start: start}
        queue = [start]
        for at in queue:
            for target in sorted(targets[at]):
                if target not in came_from:
                    came_from[target] = at
                    queue.append(target)
        way = [end]
        while way[-1] != start:
            way.append(came_from[way[-1]])
        return way[::-1]


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
            named = (self.fleet.get(ref) for ref in dict.fromkeys(wave.links.get("after", ())))
            return [(o, True) for o in named if o is not None and o.get("number") in self.waves]
        number = wave.get("number")
        lower = [n for n in self.timeline.numbers if isinstance(number, int) and n < number]
        return [(self.waves[lower[-1]], False)] if lower else []

    # --- contradictions that have a rule of their own -----------------------

    @cached_property
    def too_early(self) -> list[tuple[Wait, Entry, Entry]]:
        """Workloads in an earlier wave than something they wait for: (wait, wave, later wave)."""
        found = []
        for workload in self.fleet.of("workload").values():
            if "drain_after" not in workload.links or (mine := self.timeline.wave(workload)) is None:
                continue
            for ref in dict.fromkeys(workload.links.get("drain_after", ())):
                other = self.fleet.get(ref)
                theirs = self.timeline.wave(other) if other else None
                if theirs is not None and mine < theirs and {mine, theirs} <= self.waves.keys():
                    wait = Wait(workload.ref, ref, "drain-after", workload, "drain_after", ref)
                    found.append((wait, self.waves[mine], self.waves[theirs]))
        return found

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

    @cached_property
    def lasts(self) -> Lasts:
        """What is `drain_last`, and what that waits for."""
        return Lasts(self)

    def left_by(self, workload: Entry) -> list[str]:
        """The machines that a workload must leave."""
        stays = workload.links.get("target_host", ())
        return [ref for ref in workload.links.get("current_host", ()) if ref not in stays]

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
        found = {(wait.source, wait.target): wait for wait in self._own_waits}
        for last, other in self.lasts.pairs():
            pair = (last.ref, other.ref)
            if pair not in found:
                found[pair] = Wait(*pair, "drain-last", last, "drain_last", None)
        return list(found.values())

    @cached_property
    def _own_waits(self) -> list[Wait]:
        """The waits without those of what is `drain_last`, which can be as many as a square."""
        refused = {(wait.source, wait.target) for wait, _, _ in self.too_early}
        found: dict[tuple[str, str], Wait] = {}
        for wait in self._all_waits():
            if (wait.source, wait.target) not in refused:
                found.setdefault((wait.source, wait.target), wait)
        return list(found.values())

    def _all_waits(self) -> Iterator[Wait]:
        known = {node.ref for node in self.nodes}
        after = {wave.ref: others for wave in self.waves.values() if (others := self.after(wave))}
        for node in self.nodes:
            if node.kind.name == "wave":
                for other, written in after.get(node.ref, ()):
                    yield Wait(node.ref, other.ref, "after", node, "after", other.ref, written)
                for member in self.members[node.ref]:
                    yield self.membership(node, member)
                continue
            for ref in node.links.get("drain_after", ()):
                if ref in known:
                    yield Wait(node.ref, ref, "drain-after", node, "drain_after", ref)
            if (wave := self.wave(node)) and wave.ref in after:
                mine = self.membership(wave, node)
                for other, written in after[wave.ref]:
                    place = (mine.entry, mine.name, mine.item)
                    yield Wait(node.ref, other.ref, "waits-for-wave", *place, written)

    def membership(self, wave: Entry, workload: Entry) -> Wait:
        """The wait of a wave for a workload, placed where it is written."""
        if wave in self.timeline.movers.get(workload.ref, ()):
            return Wait(wave.ref, workload.ref, "moves", wave, "moves", workload.ref)
        name = "wave" if "wave" in workload.values else "part_of"
        return Wait(wave.ref, workload.ref, "moves", workload, name, None)

    @cached_property
    def has_loop(self) -> bool:
        """Whether something waits for itself."""
        left: dict[str, int] = {}
        waiting: dict[str, list[str]] = {}
        for source, target in self._hurdles():
            left[source] = left.get(source, 0) + 1  # Kahn's algorithm (Comm. ACM 5, 1962)
            waiting.setdefault(target, []).append(source)
        free = [ref for ref in waiting if ref not in left]
        for ref in free:
            for source in waiting.get(ref, ()):
                left[source] -= 1
                if not left[source]:  # in a loop it never is
                    free.append(source)
        return any(left.values())

    def _hurdles(self) -> Iterator[tuple[str, str]]:
        """Who waits for whom, as far as a loop can lead there.

        A wave waits for its own beginning, and so does what moves in it. A workload
        that no `drain_after` or `drain_last` names only ever stands between those
        two, so that its wave can stand for it.
        """
        wave_of = {member.ref: ref for ref, members in self.members.items() for member in members}
        refused = {(wait.source, wait.target) for wait, _, _ in self.too_early}
        known = {node.ref for node in self.nodes}
        named = set(self.lasts.refs)
        for wave in self.waves.values():
            yield wave.ref, _beginning(wave.ref)
            yield from ((_beginning(wave.ref), other.ref) for other, _ in self.after(wave))
        for node in self.nodes:
            for ref in node.links.get("drain_after", ()):
                if ref in known and (node.ref, ref) not in refused:
                    named.update((node.ref, ref))
                    yield node.ref, ref
        between = {ref for ref in wave_of if ref not in named}
        barriers = self.lasts.barriers()
        yield from dict.fromkeys((a, _beginning(wave_of[b]) if b in between else b) for a, b in barriers)
        for ref in named & wave_of.keys():
            yield wave_of[ref], ref
            yield ref, _beginning(wave_of[ref])

    def loops(self) -> list[Loop]:
        """Each strongly connected component that waits for itself, with its cheapest cut."""
        if not self.has_loop:
            return []
        from regcheck.graph.networks import components

        found = []
        for component in components([(wait.source, wait.target) for wait in self.waits]):
            part = set(component)
            inside = [w for w in self.waits if w.source in part and w.target in part]
            found.append(self._loop(inside))
        return sorted(found, key=lambda loop: loop.cut[0].position)

    def _loop(self, inside: list[Wait]) -> Loop:
        """The waits of a component with their cheapest cut.

        A wave begins when all that it is after is over, and so does what moves
        in it: cutting an `after` cuts the waits of the wave's workloads too.
        That beginning is a node of its own here.
        """
        begins = {w.source: _beginning(w.source) for w in inside if w.relation == "after"}
        arcs: dict[tuple[str, str], int] = {}
        ways: list[tuple[Wait, tuple[str, str], tuple[str, str]]] = []
        for wait in inside:
            first, target, cost = wait.source, wait.target, COST[wait.relation] + (not wait.written)
            through = wait.source if wait.relation == "after" else self._wave_of(wait)
            if through not in begins:
                arcs[first, target] = cost
                ways.append((wait, (first, target), (first, target)))
                continue
            start = begins[through]
            if wait.relation == "after":
                arcs[first, start], arcs[start, target] = UNCUTTABLE, cost
            else:
                arcs[first, start] = cost
            ways.append((wait, (first, start), (start, target)))
        pairs = cheapest_cut([(*pair, cost) for pair, cost in arcs.items()])
        severed = [(wait, own) for wait, own, shared in ways if own in pairs or shared in pairs]
        cut = [wait for wait, own in severed if own in pairs or wait.relation == "after"]
        cut.sort(key=lambda w: (w.position, w.target))
        fallen = tuple(wait for wait, _ in severed)
        return Loop((*cut, *_around(inside, tuple(cut))), tuple(cut), fallen)

    def _wave_of(self, wait: Wait) -> str:
        """The wave through which a workload waits for another wave, if it does."""
        workload = self.fleet.get(wait.source) if wait.relation == "waits-for-wave" else None
        wave = self.wave(workload) if workload else None
        return wave.ref if wave else ""

    def critical_path(self) -> list[str]:
        """The longest chain of written waits, first to go first; ties go by id.

        The default order of the wave numbers is nobody's constraint and is left
        out. Where something waits for itself, its cheapest cut is left out too.
        """
        from regcheck.graph.networks import longest_chain

        cut = {(w.source, w.target) for loop in self.loops() for w in loop.severed}
        written = [(w.source, w.target) for w in self.waits if w.written]
        return longest_chain([pair for pair in written if pair not in cut])

    # --- what the files leave open --------------------------------------------

    def suggestions(self, tasks_before: Mapping[str, set[str]]) -> dict[str, int | None]:
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


def _beginning(wave: str) -> str:
    """The node that stands for the moment at which a wave may begin."""
    return f"{wave} begins"
