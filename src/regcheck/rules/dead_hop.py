from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1")
def dead_hop(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A production node that in some state needs a machine, tunnel or workload that does not exist then.

    ## Why it matters

    The plan is sound at its two ends and breaks in between: a planned machine
    is used before any wave builds it, a service is needed after it was retired,
    a path crosses a machine that an earlier wave has wiped.

    ## How to fix it

    Follow the path of the finding. Move the node before what it needs goes, or
    after that has come; let the other one live longer (its wave, a tunnel's
    `state`); or lead the path elsewhere, with an `interim_path` where that is
    only for some waves.

    ## Example

    ```yaml
    register: workload
    entries:
      - {id: registry, environment: production, current_host: old1, target_host: retired, wave: 1}
      - {id: shop, environment: production, current_host: new1, target_host: new1, needs: [registry]}
    ```

    The shop needs what takes its place:

    ```yaml
    register: workload
    entries:
      - {id: registry, environment: production, current_host: old1, target_host: retired, wave: 1}
      - {id: forge, environment: production, current_host: new1, target_host: new1}
      - {id: shop, environment: production, current_host: new1, target_host: new1, needs: [forge]}
    ```
    """
    for found, missing, states in fleet.independence.dead_hops():
        over = "" if len(found.path) == 1 else f" (through {found.path[0].target})"
        yield report(
            found.position,
            f"{fleet.independence.moments(states)} {found.entry.ref} needs {missing.ref}, "
            f"which does not exist then{over}",
            "let it need something that exists then, or let that exist as long as it is needed",
            entry=found.entry.ref,
            related=found.related,
        )
