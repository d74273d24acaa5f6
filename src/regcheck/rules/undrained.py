from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.ERROR, since="0.1")
def undrained(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A workload that must leave a frozen machine and that no wave moves.

    ## Why it matters

    A frozen machine is being emptied wave by wave. What is in no wave is found
    on it on the day it is wiped.

    ## How to fix it

    List the workload in `moves` of the wave that takes it, or give it a `wave`.
    A part moves with its wholes: say so with `part_of`. `regcheck graph`
    suggests the earliest wave in which it can move.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: old1, role: frozen}
      - {id: new1, role: production}
    ```

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: old1, target_host: new1}
    ```

    It moves in a wave:

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: old1, target_host: new1, wave: 1}
    ```
    """
    for workload, machines in fleet.leftovers.undrained():
        names = listed(machine.ref for machine in machines)
        are = "which is" if len(machines) == 1 else "which are"
        yield report(
            workload.at("current_host", machines[0].ref),
            f"{workload.ref} must leave {names}, {are} frozen, and no wave moves it",
            "list it in `moves` of a wave, or give it a `wave`",
            entry=workload.ref,
        )
