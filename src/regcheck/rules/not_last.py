from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1")
def not_last(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A workload that drains later than a `drain_last` one of the same machine.

    ## Why it matters

    `drain_last` marks what all the others on a machine rely on, such as secrets
    or identity. Whatever is still there when it leaves stands without it.

    ## How to fix it

    Move the workload in the wave of the `drain_last` one at the latest, or that
    one later. Two that are both `drain_last` may leave in any order, and a wave
    that rebuilds the machine takes what is left.

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
      - {id: secrets, environment: production, current_host: old1, target_host: new1, wave: 1,
         drain_last: yes}
      - {id: shop, environment: production, current_host: old1, target_host: new1, wave: 2}
    ```

    The secrets leave when the shop has left:

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: old1, target_host: new1, wave: 1}
      - {id: secrets, environment: production, current_host: old1, target_host: new1, wave: 2,
         drain_last: yes}
    ```
    """
    drain = fleet.drain
    for last, other, machine in drain.not_last():
        mine, theirs = drain.wave(last), drain.wave(other)
        if mine is None or theirs is None:
            continue
        yield report(
            drain.membership(theirs, other).position,
            f"{other.ref} leaves {machine} in {theirs.ref}, "
            f"after {last.ref}, which is `drain_last` there and leaves in {mine.ref}",
            f"move {other.ref} in {mine.ref} at the latest, or {last.ref} in {theirs.ref} at the earliest",
            entry=other.ref,
            related=[
                Related(last.at("drain_last"), f"{last.ref} is `drain_last`"),
                Related(drain.membership(mine, last).position, f"{last.ref} moves in {mine.ref}"),
            ],
        )
