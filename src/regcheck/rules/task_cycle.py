from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.ERROR, since="0.1")
def task_cycle(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Tasks or phases that wait for one another, so none of them can be done first.

    ## Why it matters

    `regcheck next` says what can be done now. Of tasks in a loop it can never
    say so, nor of any task behind them, and whatever they own never moves.

    ## How to fix it

    Take one task out of the `after` of another. The finding stands where the
    fewest have to go. Often one of the tasks hides two: split it.

    ## Example

    ```yaml
    register: task
    entries:
      - {id: T1, title: Build the forge, status: todo, after: [T2]}
      - {id: T2, title: Move the repositories, status: todo, after: [T1]}
    ```

    The repositories wait for the forge:

    ```yaml
    register: task
    entries:
      - {id: T1, title: Build the forge, status: todo}
      - {id: T2, title: Move the repositories, status: todo, after: [T1]}
    ```
    """
    for loop in fleet.tasks.loops():
        ways = (f"take {wait.target} out of `after` of {wait.source}" for wait in loop.cut)
        never = "none of them can be done first" if loop.members[1:] else "it can never be done"
        yield report(
            loop.cut[0].position,
            f"{loop.words}, so {never}",
            f"{listed(ways)}: no other way out of this loop is cheaper",
            entry=loop.cut[0].entry.ref,
            related=[
                Related(
                    wait.position,
                    f"{wait.source} waits for {wait.target}"
                    + (": give up this wait" if wait in loop.cut else ""),
                )
                for wait in loop.waits
            ],
        )
