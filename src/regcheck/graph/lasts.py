"""What is `drain_last` on a machine: what it waits for, and what leaves after it all the same."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from regcheck.model import Entry

if TYPE_CHECKING:
    from regcheck.graph.drain import Drain

MOST_EARLIER = 20
"""How many `drain_last` workloads of a machine are named for one that leaves after them."""


class TooLate(NamedTuple):
    """A workload that leaves a machine after what is `drain_last` there."""

    workload: Entry
    machine: str
    wave: Entry
    earlier: tuple[tuple[Entry, Entry], ...]
    """What is `drain_last` on its machines, each with its wave, earliest first: at most `MOST_EARLIER`."""
    more: int
    """How many are `drain_last` on the machine and leave earlier, besides the first."""


class Leaving(NamedTuple):
    """What must leave a machine: what is `drain_last` there, and all else."""

    lasts: list[Entry]
    others: list[Entry]


class Lasts:
    """The `drain_last` workloads of a drain graph."""

    def __init__(self, drain: Drain) -> None:
        self.drain = drain

    @cached_property
    def refs(self) -> frozenset[str]:
        """The workloads that are `drain_last`, and their parts that do not say otherwise."""
        workloads = self.drain.fleet.of("workload").values()
        last = [workload.ref for workload in workloads if workload.get("drain_last") is True]
        parts: dict[str, list[str]] = {}
        for workload in workloads:
            if "drain_last" not in workload.values:
                for whole in workload.links.get("part_of", ()):
                    parts.setdefault(whole, []).append(workload.ref)
        for whole in last:
            last += parts.pop(whole, ())
        return frozenset(last)

    @cached_property
    def leaving(self) -> dict[str, Leaving]:
        """What must leave each machine that something leaves last."""
        found: dict[str, Leaving] = {}
        for workload in self.drain.moving if self.refs else ():
            for machine in self.drain.left_by(workload):
                lasts, others = found.setdefault(machine, Leaving([], []))
                if workload.get("drain_last") is True:
                    lasts.append(workload)
                elif workload.ref not in self.refs:
                    others.append(workload)
        return {machine: leaving for machine, leaving in found.items() if leaving.lasts}

    @cached_property
    def _parts(self) -> dict[str, set[str]]:
        parts: dict[str, set[str]] = {}
        for workload in self.drain.moving:
            for whole in workload.links.get("part_of", ()):
                parts.setdefault(whole, set()).add(workload.ref)
        return parts

    def with_it(self, workload: Entry) -> set[str]:
        """The wholes and the parts of a workload: they leave with it, not before or after."""
        return {*workload.links.get("part_of", ()), *self._parts.get(workload.ref, ())}

    def number(self, workload: Entry) -> int | None:
        """The number of the wave in which a workload moves, where there is such a wave."""
        wave = self.drain.wave(workload)
        return self.drain.number(wave) if wave is not None else None

    @cached_property
    def uncovered(self) -> dict[str, list[Entry]]:
        """What a `drain_last` workload in a wave waits for that is in none, by its reference."""
        found: dict[str, list[Entry]] = {}
        for last, other in self.pairs():
            if self.number(last) is not None and self.number(other) is None:
                found.setdefault(last.ref, []).append(other)
        return found

    def pairs(self) -> Iterator[tuple[Entry, Entry]]:
        """Each that is `drain_last` with each that it waits for: a square, for those who need them all.

        It does not wait for what a wave takes that rebuilds a machine, nor for what
        leaves too late.
        """
        for lasts, others in self.leaving.values():
            waited = [(o, self.number(o)) for o in others if not self.drain.rebuilds(self.drain.wave(o))]
            for last in lasts:
                mine, with_it = self.number(last), self.with_it(last)
                for other, theirs in waited:
                    in_time = mine is None or theirs is None or theirs <= mine
                    if in_time and other.ref not in with_it:
                        yield last, other

    def barriers(self) -> Iterator[tuple[str, str]]:
        """The waits of `pairs` through nodes of their own: as many as there are workloads, not their square.

        A barrier stands for all that leaves a machine up to a wave; it waits for
        the one of the wave before. What is `drain_last` with a whole or part
        among the others has barriers that leave those out.
        """
        for machine, (lasts, others) in self.leaving.items():
            refs = {other.ref for other in others}
            alike: dict[frozenset[str], list[Entry]] = {}
            for last in lasts:
                alike.setdefault(frozenset(refs & self.with_it(last)), []).append(last)
            for at, (with_it, group) in enumerate(alike.items()):
                waited = [o for o in others if o.ref not in with_it]
                yield from self._barriers(f"{machine} {at}", group, waited)

    def _barriers(self, name: str, lasts: list[Entry], others: list[Entry]) -> Iterator[tuple[str, str]]:
        steps: dict[float, list[str]] = {}
        for other in others:
            wave = self.drain.wave(other)
            if not self.drain.rebuilds(wave):  # without a wave it is too late for none
                steps.setdefault(self.drain.number(wave) if wave else -inf, []).append(other.ref)
        numbers = sorted(steps)
        for at, step in enumerate(numbers):
            yield from ((f"{name} {at}", ref) for ref in steps[step])
            if at:
                yield f"{name} {at}", f"{name} {at - 1}"
        for last in lasts:
            mine = self.number(last)
            if at := bisect_right(numbers, inf if mine is None else mine):
                yield last.ref, f"{name} {at - 1}"

    def too_late(self) -> Iterator[TooLate]:
        """Each workload that drains later than a `drain_last` one of the same machine."""
        found: dict[str, TooLate] = {}
        for machine, (lasts, others) in self.leaving.items():
            timed = [(number, last) for last in lasts if (number := self.number(last)) is not None]
            timed.sort(key=lambda pair: pair[0])
            numbers = [number for number, _ in timed]
            number_of = {last.ref: number for number, last in timed}
            for other in others:
                wave = self.drain.wave(other)
                if wave is None or self.drain.rebuilds(wave):
                    continue
                theirs = self.drain.number(wave)
                with_it = {ref for ref in self.with_it(other) if number_of.get(ref, theirs) < theirs}
                count = bisect_left(numbers, theirs)
                before = (pair for pair in islice(timed, count) if pair[1].ref not in with_it)
                earlier = tuple((last, self.drain.waves[n]) for n, last in islice(before, MOST_EARLIER))
                if earlier:
                    late = TooLate(other, machine, wave, earlier, count - len(with_it) - 1)
                    found[other.ref] = _joined(found[other.ref], late) if other.ref in found else late
        yield from found.values()


def _joined(first: TooLate, second: TooLate) -> TooLate:
    """What is too late on two machines, as one: with the words of the first."""
    return first._replace(earlier=tuple(dict.fromkeys((*first.earlier, *second.earlier)))[:MOST_EARLIER])
