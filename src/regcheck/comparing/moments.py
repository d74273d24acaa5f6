"""The states of two fleets side by side: which state of the one belongs to which of the other."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from regcheck.graph import NOW, TARGET, FleetGraph


class Moment(NamedTuple):
    """States in a row in which nothing is different, and which state of each fleet is the first of them."""

    states: tuple[str, ...]
    before: str
    after: str


def moments(before: FleetGraph, after: FleetGraph) -> tuple[Moment, ...]:
    """`now`, every wave that one of the two fleets has, and `target`.

    After a wave that only the other one has, a fleet is as it was before it.
    """
    was = {_number(state): state for state in before.states[1:-1]}
    is_ = {_number(state): state for state in after.states[1:-1]}
    found = [Moment((NOW,), NOW, NOW)]
    for number in sorted(was.keys() | is_.keys()):
        moment = Moment((f"wave:{number}",), _reached(was, number), _reached(is_, number))
        last = found[-1]
        if _same(before, last.before, moment.before) and _same(after, last.after, moment.after):
            found[-1] = last._replace(states=last.states + moment.states)
        else:
            found.append(moment)
    return (*found, Moment((TARGET,), TARGET, TARGET))


def _number(wave: str) -> int:
    return int(wave.removeprefix("wave:"))


def _reached(waves: dict[int, str], number: int) -> str:
    """The last state of a fleet that is over when a wave of this number is."""
    numbers = sorted(waves)
    at = bisect_right(numbers, number)
    return waves[numbers[at - 1]] if at else NOW


def _same(graph: FleetGraph, last: str, state: str) -> bool:
    """Whether nothing of a fleet is otherwise in a state than in the one before."""
    return state == last or state not in graph.timeline.changing
