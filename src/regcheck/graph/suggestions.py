"""What the files leave open: the earliest wave in which a workload can move."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from regcheck.model import Entry

if TYPE_CHECKING:
    from regcheck.graph.drain import Drain


def earliest_waves(drain: Drain, tasks_before: Mapping[str, AbstractSet[str]]) -> dict[str, int | None]:
    """The earliest wave for each workload that must move and has none; None where every wave is too early.

    No earlier than what it waits for, than the first wave that its owner owns,
    and than the wave after those of the tasks that its owner comes after
    (`tasks_before`: for each task all that comes before it). What is
    `drain_last` comes no earlier than all else on its machine. A wave that
    rebuilds a machine comes too late to empty one. Where workloads wait for one
    another, the waits of the cheapest cut are left out.
    """
    numbers = [number for number, wave in drain.waves.items() if not drain.rebuilds(wave)]
    open_ = {w.ref: w for w in drain.moving if drain.timeline.wave(w) is None}
    if not numbers or not open_:
        return {}
    first, last = _owned(drain)
    waits = _waits(drain, open_)
    found: dict[str, int | None] = {}
    for ref in _in_order(open_, waits):
        bounds = [numbers[0]]
        after_all = False
        for other in waits.get(ref, ()):
            wave = found[other] if other in found else _wave(drain, other)
            bounds += [] if wave is None else [wave]
            after_all = after_all or (other in found and wave is None)
        for owner in open_[ref].links.get("owner", ()):
            bounds += [first[owner]] if owner in first else []
            ends = [last[task] for task in tasks_before.get(owner, ()) if task in last]
            bounds += [end + 1 for end in ends]
        found[ref] = None if after_all else next((n for n in numbers if n >= max(bounds)), None)
    return {ref: found[ref] for ref in open_}


def _owned(drain: Drain) -> tuple[dict[str, int], dict[str, int]]:
    """The first and the last wave that each task owns."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for number, wave in drain.waves.items():
        for owner in wave.links.get("owner", ()):
            first.setdefault(owner, number)
            last[owner] = number
    return first, last


def _waits(drain: Drain, open_: Mapping[str, Entry]) -> dict[str, list[str]]:
    """What each workload without a wave waits for, without the cheapest cut of loops."""
    cut = {(w.source, w.target) for loop in drain.loops() for w in loop.severed}
    found: dict[str, list[str]] = {}
    for wait in drain.waits:
        if wait.source in open_ and (wait.source, wait.target) not in cut:
            found.setdefault(wait.source, []).append(wait.target)
    return found


def _wave(drain: Drain, ref: str) -> int | None:
    entry = drain.fleet.get(ref)
    return drain.timeline.wave(entry) if entry is not None else None


def _in_order(open_: Mapping[str, Entry], waits: Mapping[str, list[str]]) -> list[str]:
    """The workloads, each after those it waits for."""
    from graphlib import TopologicalSorter

    sorter: TopologicalSorter[str] = TopologicalSorter()
    for ref in open_:
        sorter.add(ref, *(other for other in waits.get(ref, ()) if other in open_))
    return list(sorter.static_order())
