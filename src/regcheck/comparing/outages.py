"""What the outage of each machine does to production, in two fleets compared, state by state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from regcheck.comparing.edges import EdgeChanges
from regcheck.comparing.moments import Moment
from regcheck.graph import FleetGraph
from regcheck.graph.reach import Hits

NOT_HIT = Hits()


class Effect(NamedTuple):
    """A production node that an outage affects on both sides, otherwise than before."""

    ref: str
    before: str
    after: str


class OutageChange(NamedTuple):
    """What the outage of one machine in one state does that it did not, and no longer does."""

    state: str
    machine: str
    newly: tuple[tuple[str, str], ...]
    """Production nodes, each with the effect on it: `down` or `degraded`."""
    otherwise: tuple[Effect, ...]
    """Those that it affected before, too, and now worse or less."""
    no_longer: tuple[tuple[str, str], ...]
    """Production nodes, each with the effect that there was."""


def compare_outages(
    before: FleetGraph, after: FleetGraph, when: Iterable[Moment], edges: EdgeChanges
) -> tuple[OutageChange, ...]:
    """Every machine in every state in which something is different; by state, then by machine.

    Only machines are asked that are needed by something whose edges changed, or
    that is production, or redundant, on one side only.
    """
    found: list[OutageChange] = []
    for moment in when:
        origins = {*edges.sources(moment), *_regrounded(before, after, moment)}
        machines = _needed(before, moment.before, origins) | _needed(after, moment.after, origins)
        if not machines:
            continue
        asked = sorted(machines)
        was, is_ = before.reach.effects(asked, moment.before), after.reach.effects(asked, moment.after)
        changes = _compared(asked, was, is_)
        found += (change._replace(state=state) for state in moment.states for change in changes)
    return tuple(found)


def _regrounded(before: FleetGraph, after: FleetGraph, moment: Moment) -> set[str]:
    """What is production on one side only, or has another host to fall back on there."""
    was, is_ = before.production.nodes(moment.before), after.production.nodes(moment.after)
    redundant = _redundant(before), _redundant(after)
    same = _machines(before, moment.before) == _machines(after, moment.after)
    return (was.keys() ^ is_.keys()) | (redundant[0] ^ redundant[1] if same else redundant[0] | redundant[1])


def _redundant(graph: FleetGraph) -> set[str]:
    entries = (entry for entries in graph.fleet.by_kind.values() for entry in entries.values())
    return {entry.ref for entry in entries if entry.values.get("redundant") is True}


def _machines(graph: FleetGraph, state: str) -> set[str]:
    machines = graph.fleet.of("machine").values()
    return {machine.ref for machine in machines if graph.timeline.machine_exists(machine, state)}


def _needed(graph: FleetGraph, state: str, origins: set[str]) -> set[str]:
    """The machines that these entries need, over whatever."""
    seen, stack = set(origins), list(origins)
    while stack:
        for edge in graph.reach.needs(stack.pop(), state):
            if edge.target not in seen:
                seen.add(edge.target)
                stack.append(edge.target)
    return {ref for ref in seen if ref.startswith("machine:")}


def _compared(machines: list[str], was: dict[str, Hits], is_: dict[str, Hits]) -> list[OutageChange]:
    """The machines whose outages differ, without a state; of the nodes only what differs is looked at."""
    changes: dict[int, list[tuple[str, str | None, str | None]]] = {}
    for ref in sorted(was.keys() | is_.keys()):
        before, after = was.get(ref, NOT_HIT), is_.get(ref, NOT_HIT)
        for at in before.differing(after):
            changes.setdefault(at, []).append((ref, before.effect(at), after.effect(at)))
    return [
        OutageChange(
            "",
            machines[at],
            tuple((ref, after) for ref, before, after in changes[at] if after and not before),
            tuple(Effect(ref, before, after) for ref, before, after in changes[at] if before and after),
            tuple((ref, before) for ref, before, after in changes[at] if before and not after),
        )
        for at in sorted(changes)
    ]
