from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.graph.evidence import DRILL, said
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1", silenced_by=())
def missing_backup_evidence(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A stateful workload with a gate, or with an exception from it, and without a backup drill.

    The drill stands in the `backup_drill` of its gate, or of its whole's; `no`,
    `none` or `TBD` is none. No exception and no baseline silences this rule.

    ## Why it matters

    A backup that nobody has restored is a hope. Code can be deployed again;
    data that is lost is lost, whoever had agreed to the risk.

    ## How to fix it

    Restore a backup of it, and record the drill (a date, a link, a run) in
    `backup_drill` of the gate. Where there is only an exception, write the gate
    with what is there already, the drill first.

    ## Example

    ```yaml
    register: workload
    entries:
      - {id: ledger, environment: production, stateful: yes}
    ```

    ```yaml
    register: exception
    entries:
      - id: ledger-early
        rule: missing-gate
        entry: workload:ledger
        reason: The cutover cannot wait for the canary.
        rollback: Point the domain back to the old host.
        expires: 2026-08-01
    ```

    The drill comes first, whatever else is put off:

    ```yaml
    register: gate
    entries:
      - {workload: ledger, backup_drill: restored on 2026-06-30}
    ```
    """
    for workload, gate, exception in fleet.placement.undrilled():
        place = gate or exception
        assert place is not None
        related = [Related(workload.at("stateful"), f"{workload.ref} is stateful")]
        if gate is not None and exception is not None:
            related.append(Related(exception.at("entry"), f"{exception.ref} does not cover its data"))
        yield report(
            place.position if gate else place.at("entry"),
            f"{workload.ref} is stateful, and "
            + (
                f"{gate.ref} has no `{DRILL}`{said(gate, DRILL)}"
                if gate
                else f"{place.ref} lets it pass without a backup drill"
            ),
            "restore a backup and record it in `backup_drill`"
            + ("" if gate else f" of a gate for {workload.ref}")
            + "; no exception can stand in for it",
            entry=workload.ref,
            related=related,
        )
