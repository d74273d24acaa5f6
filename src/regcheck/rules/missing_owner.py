from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1")
def missing_owner(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An entry that must move and has no owner of its own, or a wave without one.

    ## Why it matters

    A move that no task carries out does not happen. The register shows a
    target, the drain order counts on it, and nobody is working on it.

    ## How to fix it

    Write the task that does it into `owner`. Where that is not decided yet,
    list `owner` in `undecided`.

    ## Example

    ```yaml
    register: wave
    entries:
      - number: 1
        name: forge and registry
        rebuilds: oldbox
    ```

    With the task that carries it out:

    ```yaml
    register: wave
    workplan: PLAN
    entries:
      - number: 1
        name: forge and registry
        rebuilds: oldbox
        owner: T04
    ```
    """
    for entry in fleet.fleet:
        if not entry.ref or "owner" not in entry.kind.properties:
            continue
        if "owner" in entry.values or entry.undecided("owner"):
            continue
        if entry.kind.name == "wave":
            yield report(
                entry.position,
                f"{entry.ref} has no owner",
                "write the task that carries it out into `owner`",
                entry=entry.ref,
            )
        elif fleet.timeline.must_move(entry):
            yield report(
                entry.position,
                f"{entry.ref} must move and has no owner",
                "write the task that moves it into `owner`, or list `owner` in `undecided`",
                entry=entry.ref,
            )
