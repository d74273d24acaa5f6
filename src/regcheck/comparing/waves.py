"""The waves of two fleets compared, and the longest chain of waits through them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

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


class CriticalPath(NamedTuple):
    """The longest chain of written waits, first to go first."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def compare_waves(before: FleetGraph, after: FleetGraph) -> Waves:
    """Waves that came and went, whose order or owner is another, and what changed its wave."""
    was = {wave.ref: wave for wave in before.drain.waves.values()}
    is_ = {wave.ref: wave for wave in after.drain.waves.values()}
    both = [(was[ref], wave) for ref, wave in is_.items() if ref in was]
    changed = (
        WaveChange(wave, name, old_says, says)
        for old, wave in both
        for name in TOLD
        for old_says, says in [(_says(before, old, name), _says(after, wave, name))]
        if set(old_says) != set(says) and not (name == "after" and _implied(before, old, after, wave))
    )
    return Waves(
        tuple(wave for ref, wave in is_.items() if ref not in was),
        tuple(wave for ref, wave in was.items() if ref not in is_),
        tuple(changed),
        tuple(_rescheduled(before, after)),
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


def compare_critical_paths(before: FleetGraph, after: FleetGraph) -> CriticalPath | None:
    """The critical path as it was and as it is; None where it is the same."""
    if _written(before) == _written(after):
        return None
    was, is_ = tuple(before.drain.critical_path()), tuple(after.drain.critical_path())
    return CriticalPath(was, is_) if was != is_ else None


def _written(graph: FleetGraph) -> set[tuple[str, str, str]]:
    """The waits that can be part of a critical path, and of a loop that it avoids."""
    return {(wait.source, wait.target, wait.relation) for wait in graph.drain.waits if wait.written}
