from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1")
def no_way_off(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Production on or over an interactive machine now, without a target that leaves it or an owner.

    ## Why it matters

    Production may be on an operator's machine for a while, as long as the way
    off is written down: where to, and who moves it. Without both it stays.

    ## How to fix it

    Write a target host, path or via that neither is nor crosses an interactive
    machine (`retired` where it goes away), and the task that moves it into
    `owner`. A part uses what its wholes say; a sink that stays on a lane is
    freed with the lane.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: laptop, role: interactive}
      - {id: new1, role: production}
    ```

    ```yaml
    register: sink
    entries:
      - {id: reports, critical: yes, current_host: laptop}
    ```

    It has somewhere to go, and somebody takes it there:

    ```yaml
    register: task
    entries:
      - {id: T6, title: Move the reports, status: todo}
    ```

    ```yaml
    register: sink
    entries:
      - {id: reports, critical: yes, current_host: laptop, target_host: new1, owner: T6}
    ```
    """
    for bond in fleet.independence.no_way_off():
        tie = bond.stuck or bond.ties[0]
        related = [Related(other.position, f"it {other.how}") for other in bond.ties if other is not tie]
        if bond.kept:
            lack, help = "its target does not leave such machines", "give it a target without them"
            related.insert(0, Related(bond.kept.position, f"at target it {bond.kept.how}"))
        elif bond.undecided:
            lack, help = "its target is undecided", "decide its target, and take it out of `undecided`"
        elif bond.stuck:
            lack = "it has no target that leaves it"
            help = "write its target, or `retired` where it goes away"
        else:
            lack, help = "nobody owns its move", "write the task that moves it into `owner`"
        if bond.stuck and not bond.owning:
            lack, help = f"{lack}, and nobody owns its move", f"{help}, and its `owner`"
        yield report(
            tie.position,
            f"{bond.entry.ref} {tie.how}, an interactive machine, and {lack}",
            help,
            entry=bond.entry.ref,
            related=related,
        )
