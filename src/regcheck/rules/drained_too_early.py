from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1")
def drained_too_early(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A workload in an earlier wave than something it waits for, or a wave after a later one.

    ## Why it matters

    The waves and `drain_after` are two orders of one drain. Where they
    contradict each other, whoever works through the waves moves a workload
    before the one whose move it relies on.

    ## How to fix it

    Move the workload in the wave of what it waits for, or a later one; or bring
    that one forward; or drop the wait if there is none. A part without a wave
    of its own moves with the last of its wholes.

    ## Example

    ```yaml
    register: wave
    entries:
      - {number: 1, name: Shop, moves: [shop]}
      - {number: 2, name: Accounts, moves: [accounts]}
    ```

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: old1, target_host: new1, drain_after: [accounts]}
      - {id: accounts, environment: production, current_host: old1, target_host: new1}
    ```

    The accounts go first, or with the shop:

    ```yaml
    register: wave
    entries:
      - {number: 1, name: Accounts, moves: [accounts]}
      - {number: 2, name: Shop, moves: [shop]}
    ```
    """
    for wait, mine, theirs in fleet.drain.too_early:
        workload, other = wait.entry, fleet.fleet.get(wait.target)
        yield report(
            wait.position,
            f"{wait.source} moves in {mine.ref} and waits for {wait.target}, which moves in {theirs.ref}",
            f"move {wait.source} in {theirs.ref} or later, move {wait.target} sooner, or drop the wait",
            entry=workload.ref,
            related=[
                Related(fleet.drain.membership(wave, member).position, f"{member.ref} moves in {wave.ref}")
                for wave, member in ((mine, workload), (theirs, other))
                if member is not None
            ],
        )
    for wait, mine, theirs in fleet.drain.out_of_turn():
        yield report(
            wait.position,
            f"{mine.ref} waits for {theirs.ref}, which has a higher number and so comes later",
            "number the waves in the order in which they take place, or drop the wait",
            entry=mine.ref,
            related=[Related(theirs.position, f"{theirs.ref} comes later")],
        )
