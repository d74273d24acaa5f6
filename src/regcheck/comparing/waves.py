"""The waves of two fleets compared, and the longest chain of waits through them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from regcheck.comparing.renames import Renames
from regcheck.graph import FleetGraph
from regcheck.model import Entry

TOLD = ("owner", "after", "rebuilds")
"""What a wave says that names other entries, beside what it moves."""


class Rescheduled(NamedTuple):
    """A workload of both sides that moves in another wave than it did."""

    entry: Entry
    before: str | None
    """None where no wave moved it."""
    after: str | None


class WaveChange(NamedTuple):
    """What a wave of both sides says of itself that it did not, as references."""

    entry: Entry
    name: str
    """`owner`, `after` or `rebuilds`."""
    before: tuple[str, ...]
    after: tuple[str, ...]


class Waves(NamedTuple):
    """What came of the waves."""

    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    changed: tuple[WaveChange, ...] = ()
    rescheduled: tuple[Rescheduled, ...] = ()
    reordered: bool = False
    """Whether waves of both sides come in another order than they did."""


class CriticalPath(NamedTuple):
    """The longest chain of written waits, first to go first."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def compare_waves(before: FleetGraph, after: FleetGraph, renames: Renames) -> Waves:
    """Waves that came and went, whose order or owner is another, and what changed its wave.

    Of a wave that has another number it is told what else it says; what it moves
    changes its wave with it.
    """
    was = {wave.ref: number for number, wave in before.drain.waves.items()}
    is_ = {wave.ref: number for number, wave in after.drain.waves.items()}
    pairs = renames.follow(before.fleet, after.fleet)
    both = {wave.ref: old for old, wave in pairs if old.ref in was and wave.ref in is_}
    stayed = {old.ref for old in both.values()}
    ordered = [was[both[ref].ref] for ref in is_ if ref in both]
    changed = (
        WaveChange(wave, name, old_says, says)
        for wave in after.drain.waves.values()
        if (old := both.get(wave.ref)) is not None
        for name in TOLD
        for old_says, says in [(_says(before, old, name), _says(after, wave, name))]
        if set(says) not in (set(old_says), {renames.numbers.get(ref, ref) for ref in old_says})
        and not (name == "after" and _implied(before, old, after, wave))
    )
    return Waves(
        tuple(wave for wave in after.drain.waves.values() if wave.ref not in both),
        tuple(wave for wave in before.drain.waves.values() if wave.ref not in stayed),
        tuple(changed),
        tuple(_rescheduled(before, after)),
        ordered != sorted(ordered),
    )


def _says(graph: FleetGraph, wave: Entry, name: str) -> tuple[str, ...]:
    if name == "after":
        return tuple(other.ref for other, _ in graph.drain.after(wave))
    return wave.links.get(name, ())


def _implied(before: FleetGraph, old: Entry, after: FleetGraph, wave: Entry) -> bool:
    """Whether neither side says which waves come first: then those that came or went tell it."""
    sides = ((before, old), (after, wave))
    return not any(written for graph, one in sides for _, written in graph.drain.after(one)) and not any(
        "after" in one.values for _, one in sides
    )


def _rescheduled(before: FleetGraph, after: FleetGraph) -> Iterator[Rescheduled]:
    for entry in after.fleet.of("workload").values():
        if (old := before.fleet.get(entry.ref)) is not None:
            was, is_ = before.drain.wave(old), after.drain.wave(entry)
            refs = was.ref if was else None, is_.ref if is_ else None
            if refs[0] != refs[1]:
                yield Rescheduled(entry, *refs)


def compare_critical_paths(before: FleetGraph, after: FleetGraph, renames: Renames) -> CriticalPath | None:
    """The critical path as it was and as it is; None where it is the same, but for the numbers of waves."""
    if _written(before) == _written(after):
        return None
    was, is_ = tuple(before.drain.critical_path()), tuple(after.drain.critical_path())
    return CriticalPath(was, is_) if tuple(renames.numbers.get(ref, ref) for ref in was) != is_ else None


def _written(graph: FleetGraph) -> set[tuple[str, str, str]]:
    """The waits that can be part of a critical path, and of a loop that it avoids."""
    return {(wait.source, wait.target, wait.relation) for wait in graph.drain.waits if wait.written}
