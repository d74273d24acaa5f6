"""Two verdicts compared: what a change means for the fleet. One function, no output."""

from __future__ import annotations

from typing import NamedTuple

from regcheck.comparing.edges import EdgeChanges, compare_edges
from regcheck.comparing.entries import Entries, compare_entries
from regcheck.comparing.findings import Findings, compare_findings
from regcheck.comparing.moments import moments
from regcheck.comparing.outages import OutageChange, compare_outages
from regcheck.comparing.renames import Renames
from regcheck.comparing.waves import CriticalPath, Waves, compare_critical_paths, compare_waves
from regcheck.graph import FleetGraph
from regcheck.verdict import Verdict


class Comparison(NamedTuple):
    """Every difference in meaning between two states of a repository.

    What was renamed goes by its new name throughout, on the side before, too.
    """

    before: Verdict
    after: Verdict
    states: tuple[str, ...]
    """The states of both sides in their order."""
    entries: Entries
    edges: EdgeChanges
    waves: Waves
    critical_path: CriticalPath | None
    """None where it is the same."""
    outages: tuple[OutageChange, ...]
    findings: Findings

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        parts = (*self.entries, *self.edges, *self.waves, self.critical_path, self.outages, *self.findings)
        return any(parts)


def compare_verdicts(before: Verdict, after: Verdict, renamed: Renames, base: FleetGraph) -> Comparison:
    """What is different between two verdicts.

    `base` is the fleet of the first one under the names of the second; that one was
    made in comparison with it.
    """
    graph = after.graph
    entries = compare_entries(before.fleet, after.fleet, renamed)
    findings = compare_findings(before, after, renamed)
    when = moments(base, graph)
    states = tuple(state for moment in when for state in moment.states)
    if not any(entries) and before.fleet.kinds == after.fleet.kinds:  # all that follows is made of these
        return Comparison(before, after, states, entries, EdgeChanges(), Waves(), None, (), findings)
    edges = compare_edges(base, graph, when)
    return Comparison(
        before,
        after,
        states,
        entries,
        edges,
        compare_waves(base, graph, renamed),
        compare_critical_paths(base, graph, renamed),
        compare_outages(base, graph, when, edges),
        findings,
    )
