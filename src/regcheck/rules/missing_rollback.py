from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.graph.evidence import said
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",))
def missing_rollback(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An exception from a gate that does not say how to get back.

    Such exceptions are those from *missing-gate*, and those from *mutable-image*
    for a gate: its image is a part of the evidence. A `rollback` that says `none`
    or `TBD` is none.

    ## Why it matters

    Whoever goes into production without the gate has not proven that it can be
    taken back. The rollback is what stands in for that proof, so it is written
    before it is needed.

    ## How to fix it

    Write in `rollback` how to get back: what to restore, where to point the
    traffic, who does it.

    ## Example

    ```yaml
    register: exception
    entries:
      - id: shop-early
        rule: missing-gate
        entry: workload:shop
        reason: The canary runs after the cutover.
        expires: 2026-08-01
    ```

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production}
    ```

    There is a way back:

    ```yaml
    register: exception
    entries:
      - id: shop-early
        rule: missing-gate
        entry: workload:shop
        reason: The canary runs after the cutover.
        rollback: Point the domain back to the old host, which keeps running.
        expires: 2026-08-01
    ```
    """
    for exception in fleet.placement.without_rollback():
        yield report(
            exception.at("rule"),
            f"{exception.ref} is an exception from {exception.get('rule')} without a `rollback`"
            f"{said(exception, 'rollback')}",
            "write in `rollback` how to get back when it goes wrong",
            entry=exception.ref,
        )
