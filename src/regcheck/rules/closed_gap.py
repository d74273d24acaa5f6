from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.WARNING, since="0.1")
def closed_gap(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A gap whose follow-on tasks are all done.

    ## Why it matters

    Either the gap is closed, and the list of what is open says more than the
    truth; or it is open still, and nobody has a task to close it. A cancelled
    task closes nothing.

    ## How to fix it

    Remove the gap if it is closed. If it is not, name the task that will close
    it, or open one of these again.

    ## Example

    ```yaml
    register: task
    entries:
      - {id: T1, title: Refresh the inventory, status: done}
    ```

    ```yaml
    register: gap
    entries:
      - {id: old-inventory, title: The inventory is out of date, follow_on: T1}
    ```

    Something is left to do:

    ```yaml
    register: task
    entries:
      - {id: T1, title: Refresh the inventory, status: doing}
    ```
    """
    for gap in fleet.fleet.of("gap").values():
        refs = dict.fromkeys(gap.links.get("follow_on", ()))
        tasks = [task for ref in refs if (task := fleet.fleet.get(ref))]
        if not tasks or len(gap.links["follow_on"]) < len(gap.list("follow_on")):
            continue
        if all(task.get("status") == "done" for task in tasks):
            yield report(
                gap.at("follow_on"),
                f"{gap.ref} is open, and what was to close it is done: {listed(task.ref for task in tasks)}",
                "remove the gap if it is closed, or name the task that will close it",
                entry=gap.ref,
                related=[Related(task.at("status"), f"{task.ref} is done") for task in tasks],
            )
