from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import TARGET, FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule

REASONS = {
    "frozen": "a frozen machine takes nothing new and is being drained",
    "interactive": "nothing in production may need an operator's machine",
    "experimental": "trials may take an experimental machine down at any time",
    "retired": "a retired machine is gone then",
}

CHANGING = frozenset({"frozen", "experimental"})
"""The roles of machines that may well become production machines."""


@rule(severity=Severity.ERROR, since="0.1")
def unfit_target(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A production target on a frozen, interactive, experimental or retired machine.

    It looks at where production workloads and critical checkouts, sinks and
    pipelines must be, and at the role that the machine has at `target`: its
    `target_role`, else its `role`.

    ## Why it matters

    The target is where production stays when the migration is over. On such a
    machine it would have to move again, or fall with somebody's laptop.

    ## How to fix it

    Write a production machine as the target. Where the machine itself becomes
    one, give it the `target_role: production`.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: labbox, role: experimental}
    ```

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, target_host: labbox}
    ```

    The machine has another role by then:

    ```yaml
    register: machine
    entries:
      - {id: labbox, role: experimental, target_role: production}
    ```
    """
    for entry, standing in fleet.placement.unfit_targets():
        machine, said = standing.machine, standing.entry
        role = fleet.timeline.role(machine, TARGET)
        part = "" if said is entry else f", as a part of {said.ref},"
        field = "target_role" if "target_role" in machine.values else "role"
        yield report(
            standing.position,
            f"{entry.ref}{part} must be on {machine.ref} at target, which is {role} then",
            f"choose a production machine: {REASONS[role]}"
            + ("; or give this one the `target_role` production" if role in CHANGING else ""),
            entry=entry.ref,
            related=[Related(machine.at(field), f"{machine.ref} is {role} at target")],
        )
