from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1", compares=True)
def frozen_placement(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Production newly placed on a frozen machine.

    It is new there by its own date, where its `placed_since` is later than the
    `frozen_since` of the machine. Against a base revision it is new where it was
    not production on that machine then; what that revision did not know is not
    new where `placed_since` says that it was there when the machine was frozen.

    ## Why it matters

    A frozen machine keeps what it has until that is drained. Whatever joins it
    has to be moved once more, and the machine is never empty.

    ## How to fix it

    Place it on a production machine. Where it has been there all along and was
    only written down now, say since when in `placed_since`.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: oldbox, role: frozen, frozen_since: 2026-06-01}
      - {id: newbox, role: production}
    ```

    ```yaml
    register: workload
    entries:
      - id: shop
        environment: production
        current_host: oldbox
        placed_since: 2026-06-20
    ```

    It goes where production belongs:

    ```yaml
    register: workload
    entries:
      - id: shop
        environment: production
        current_host: newbox
        placed_since: 2026-06-20
    ```
    """
    told = set()
    for standing in fleet.placement.placed_after_freeze():
        entry, machine = standing.entry, standing.machine
        told.add(entry.ref)
        placed, frozen = entry.get("placed_since"), machine.get("frozen_since")
        yield report(
            standing.position,
            f"{entry.ref} was placed on {machine.ref} on {placed}, and that is frozen since {frozen}",
            "place it on a production machine: a frozen one takes nothing new",
            entry=entry.ref,
            related=[
                Related(entry.at("placed_since"), f"{entry.ref} was placed on {placed}"),
                Related(machine.at("frozen_since"), f"{machine.ref} is frozen since {frozen}"),
            ],
        )
    if report.run.base is None:
        return
    for standing in fleet.placement.newly_placed(report.run.base.graph.placement):
        entry, machine = standing.entry, standing.machine
        if entry.ref in told:
            continue
        yield report(
            standing.position,
            f"{entry.ref} is production on {machine.ref}, which is frozen, and was not in the base revision",
            "place it on a production machine"
            + (
                "; where it has been there since before the freeze, say since when in `placed_since`"
                if "placed_since" in entry.kind.properties and "placed_since" not in entry.values
                else ": a frozen one takes nothing new"
            ),
            entry=entry.ref,
            related=[Related(machine.at("role"), f"{machine.ref} is frozen")],
        )
