from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1")
def workstation_dependency(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A production node that at `target` still needs an interactive machine.

    ## Why it matters

    An interactive machine is somebody's laptop: it sleeps, travels and gets
    reinstalled. If production needs it when the migration is over, the
    migration has not reached its goal.

    ## How to fix it

    Follow the path of the finding and give its first hop a target that leaves
    the machine: a target host, a target path over fleet machines only, a tunnel
    that another machine opens. Where the machine is really no operator's
    machine then, give it a `target_role`.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: laptop, role: interactive}
      - {id: new1, role: production}
      - {id: new2, role: production}
    ```

    ```yaml
    register: tunnel
    entries:
      - {id: shop-db, from: new1, to: new2, opened_by: laptop}
    ```

    ```yaml
    register: lane
    entries:
      - {id: shop-to-db, from: new1, to: new2, critical: yes, target_path: [shop-db]}
    ```

    The machine at which the traffic enters opens the tunnel itself:

    ```yaml
    register: tunnel
    entries:
      - {id: shop-db, from: new1, to: new2, actor: atm-shop}
    ```
    """
    for machine, found in fleet.independence.dependencies():
        over = "" if len(found.path) == 1 else f" (through {found.path[0].target})"
        yield report(
            found.position,
            f"at target {found.entry.ref} needs the interactive {machine.ref}{over}",
            "give it a target that leaves the machine; the notes show the path, hop by hop",
            entry=found.entry.ref,
            related=found.related,
        )
