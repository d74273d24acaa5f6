from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.ERROR, since="0.1")
def missed_endpoint(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A critical lane that in some wave does not start or end where its workloads then are.

    ## Why it matters

    A lane moves when the last of its ends does. Between the moves of its two
    ends neither its current nor its target path leads from one to the other,
    and production cannot get through until both have moved.

    ## How to fix it

    Move both ends in one wave, or give the lane an `interim_path` for the waves
    before its own, or a `wave` of its own.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: old1, role: frozen}
      - {id: new1, role: production}
    ```

    ```yaml
    register: wave
    entries:
      - {number: 1, name: First}
      - {number: 2, name: Second}
    ```

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: old1, target_host: new1, wave: 1}
      - {id: db, environment: production, current_host: old1, target_host: new1, wave: 1}
    ```

    ```yaml
    register: lane
    entries:
      - {id: shop-to-db, from: shop, to: db, wave: 2, current_path: [old1], target_path: [new1]}
    ```

    The lane moves with them:

    ```yaml
    register: lane
    entries:
      - {id: shop-to-db, from: shop, to: db, wave: 1, current_path: [old1], target_path: [new1]}
    ```
    """
    for missed in fleet.lanes.missed():
        state, first = missed[0]
        lane, part = first.lane, first.part
        end = lane.link("from" if part == "start" else "to")
        where = listed(first.expected, "or") if end and end.startswith("workload:") else ""
        others = dict.fromkeys(s for s, _ in missed if s != state)
        also = f" (and in {listed(others)})" if others else ""
        yield report(
            lane.at(first.name, first.item),
            f"in {state} {lane.ref} {part}s at {first.found}, "
            + (f"and {end} is then at {where}{also}" if where else f"and the lane's end is {end}{also}"),
            "move both ends in one wave, give the lane an `interim_path`, or a `wave` of its own",
            entry=lane.ref,
            related=fleet.lanes.related(first, state),
        )
