from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph, Wait
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
    the fewest waits, and a `drain_after` before a wave's membership. A need at
    run time is no wait: write it into `needs`.

    ## Example

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: old1, target_host: new1, drain_after: [db]}
      - {id: db, environment: production, current_host: old1, target_host: new1, drain_after: [shop]}
    ```

    The shop needs its database and leaves before it:

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: old1, target_host: new1, needs: [db]}
      - {id: db, environment: production, current_host: old1, target_host: new1, drain_after: [shop]}
    ```
    """
    for loop in fleet.drain.loops():
        never = "none of them can go first" if loop.members[1:] else "it can never go"
        yield report(
            loop.cut[0].position,
            f"{loop.words}, so {never}",
            f"{listed(map(_give_up, loop.cut))}: no other way out of this loop is cheaper",
            entry=loop.cut[0].entry.ref,
            related=[_related(wait, in_cut=wait in loop.cut) for wait in loop.waits],
        )


def _give_up(wait: Wait) -> str:
    """What to do so that a wait is none."""
    match wait.relation:
        case "drain-after":
            return f"take {wait.target} out of `drain_after` of {wait.source}"
        case "drain-last":
            return f"take `drain_last` from {wait.source}"
        case "after" if wait.written:
            return f"take {wait.target} out of `after` of {wait.source}"
        case "after":
            return f"give {wait.source} an `after` without {wait.target}"
        case "moves":
            return f"move {wait.target} in another wave than {wait.source}"
    return f"move {wait.source} in no wave after {wait.target}"


def _related(wait: Wait, *, in_cut: bool) -> Related:
    reason = {
        "drain-last": " (`drain_last`)",
        "moves": " to move",
        "waits-for-wave": ", which its own wave is after",
    }.get(wait.relation, "" if wait.written else ", the next lower one")
    cut = ": give up this wait" if in_cut else ""
    return Related(wait.position, f"{wait.source} waits for {wait.target}{reason}{cut}")
