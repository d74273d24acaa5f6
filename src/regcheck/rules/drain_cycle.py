from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.ERROR, since="0.1")
def drain_cycle(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Workloads or waves that wait for one another, so none of them can leave first.

    ## Why it matters

    A drain order is a promise that each step can be taken once the one before
    it is done. Inside a loop no step is ever the first: the old host is never
    empty, and the plan fails on the day somebody follows it.

    ## How to fix it

    Give up one of the waits. The finding stands at the cheapest place to do so:
    the fewest waits, and a `drain_after` before a wave's membership.
    """
    for loop in fleet.drain.loops():
        first = loop.cut[0]
        cut = [f"{wait.source} → {wait.target}" for wait in loop.cut]
        names = sorted({wait.source for wait in loop.waits})
        yield report(
            first.position,
            f"{listed(names)} wait for one another, so none of them can go first",
            f"give up {listed(cut)}: no other cut of this loop is cheaper",
            entry=first.entry.ref,
            related=[Related(wait.position, f"{wait.source} waits for {wait.target}") for wait in loop.waits],
        )
