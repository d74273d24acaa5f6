from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Entry, Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.WARNING, since="0.1")
def finished_owner(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An entry must still move, and all its owners are done or cancelled.

    Where production still stands at an interactive machine, *still-dependent*
    says so instead.

    ## Why it matters

    The plan takes the move for finished and the register says that it has not
    happened: one of the two is wrong, and no open task will notice.

    ## How to fix it

    If it has moved, write where it is now. If it has not, open the task again
    or name another owner.

    ## Example

    ```markdown
    <!-- regcheck: register=machine -->

    | Machine | Role |
    | --- | --- |
    | oldbox | frozen |
    | newbox | production |

    <!-- regcheck: register=workload -->

    | Workload | Environment | Current host | Target host | Owner |
    | --- | --- | --- | --- | --- |
    | grafana | staging | oldbox | newbox | PLAN-T05 |

    <!-- regcheck: register=task -->

    | Task | Title | Status |
    | --- | --- | --- |
    | PLAN-T05 | move the dashboards | done |
    ```

    It has moved:

    ```markdown
    <!-- regcheck: register=machine -->

    | Machine | Role |
    | --- | --- |
    | newbox | production |

    <!-- regcheck: register=workload -->

    | Workload | Environment | Current host | Target host | Owner |
    | --- | --- | --- | --- | --- |
    | grafana | staging | newbox | newbox | PLAN-T05 |

    <!-- regcheck: register=task -->

    | Task | Title | Status |
    | --- | --- | --- |
    | PLAN-T05 | move the dashboards | done |
    ```
    """
    still_dependent = fleet.independence.still_dependent()
    for entry in fleet.fleet:
        if entry.ref in still_dependent:
            continue
        if not fleet.timeline.must_move(entry) or not fleet.tasks.owners_finished(entry):
            continue
        owners = entry.links["owner"]
        are = "is" if len(owners) == 1 else "are"
        tasks = (task for ref in owners if (task := fleet.fleet.get(ref)) is not None)
        yield report(
            entry.at("owner"),
            f"{entry.ref} must still move, and {listed(owners)} {are} finished",
            "write where it is now if it has moved; else open the task again or name another owner",
            entry=entry.ref,
            related=[_finished(task) for task in tasks],
        )


def _finished(task: Entry) -> Related:
    """Where a task says that it is finished: its status, or the task that absorbed it."""
    if absorbed := task.link("absorbed_by"):
        return Related(task.at("absorbed_by"), f"{task.ref} is absorbed by {absorbed}")
    return Related(task.at("status"), f"{task.ref} is {task.get('status')}")
