"""The run-time edges of two fleets compared, state by state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from regcheck.comparing.moments import Moment
from regcheck.graph import Edge, FleetGraph

Key = tuple[str, str, str]
"""Who needs whom, and by which relation."""


class EdgeChange(NamedTuple):
    """An edge that is there in these states on one side, and is not on the other."""

    edge: Edge
    """As the side has it that has it."""
    states: tuple[str, ...]


class EdgeChanges(NamedTuple):
    """The edges that came and those that went, each sorted by its ends."""

    added: tuple[EdgeChange, ...] = ()
    removed: tuple[EdgeChange, ...] = ()

    def sources(self, moment: Moment) -> Iterator[str]:
        """Whose edges came or went in a state."""
        for change in (*self.added, *self.removed):
            if moment.states[0] in change.states:
                yield change.edge.source


def compare_edges(before: FleetGraph, after: FleetGraph, when: Sequence[Moment]) -> EdgeChanges:
    """The edges that are there in a state of one side only."""
    was = _edges(before, [moment.before for moment in when])
    is_ = _edges(after, [moment.after for moment in when])
    return EdgeChanges(tuple(_only_in(is_, was, when)), tuple(_only_in(was, is_, when)))


def _edges(graph: FleetGraph, states: list[str]) -> dict[Key, tuple[Edge, int]]:
    """The edges of a fleet, each with the moments in which it is there as bits."""
    found: dict[Key, tuple[Edge, int]] = {}
    for edge, mask in graph.reach.holding(graph.runtime_kinds, states):
        key = edge.source, edge.target, edge.relation
        first, known = found.get(key, (edge, 0))
        found[key] = first, known | mask
    return found


def _only_in(
    one: dict[Key, tuple[Edge, int]], other: dict[Key, tuple[Edge, int]], when: Sequence[Moment]
) -> Iterator[EdgeChange]:
    for key in sorted(key for key, (_, mask) in one.items() if mask & ~other.get(key, (None, 0))[1]):
        edge, mask = one[key]
        left = mask & ~other.get(key, (None, 0))[1]
        yield EdgeChange(
            edge, tuple(state for at, moment in enumerate(when) if left >> at & 1 for state in moment.states)
        )
