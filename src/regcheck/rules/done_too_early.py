from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.WARNING, since="0.1")
def done_too_early(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A task that is done while one that it waits for is not.

    ## Why it matters

    Either the wait was never one, or the task is not really done, or the other
    is done and nobody has said so. Each answer that follows the order of the
    tasks is wrong until that is cleared up. Cancelled tasks and those of other
    repositories do not count.

    ## How to fix it

    Close the other task, open this one again, or drop the wait.

    ## Example

    ```yaml
    register: task
    entries:
      - {id: T1, title: Take the backup, status: todo}
      - {id: T2, title: Move the database, status: done, after: [T1]}
    ```

    The backup was taken:

    ```yaml
    register: task
    entries:
      - {id: T1, title: Take the backup, status: done}
      - {id: T2, title: Move the database, status: done, after: [T1]}
    ```
    """
    for task, other in fleet.tasks.done_too_early():
        status = other.get("status")
        yield report(
            task.at("after", other.ref),
            f"{task.ref} is done and waits for {other.ref}, which is {status}",
            f"close {other.ref} if it is done, open {task.ref} again, or drop the wait",
            entry=task.ref,
            related=[
                Related(task.at("status"), f"{task.ref} is done"),
                Related(other.at("status"), f"{other.ref} is {status}"),
            ],
        )
