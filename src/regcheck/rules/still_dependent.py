from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Entry, Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.WARNING, since="0.1")
def still_dependent(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Production that is still on or over an interactive machine, though all its owners are done.

    ## Why it matters

    The tasks that were to take it off the machine are closed, so nobody is
    working on it any more, and yet the register says that it is still there.

    ## How to fix it

    If it has moved, write so: its current host, path or via is now the target's.
    If not, open the task again or name another owner.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: laptop, role: interactive}
      - {id: new1, role: production}
    ```

    ```yaml
    register: checkout
    entries:
      - {id: tools, critical: yes, current_host: laptop, target_host: new1, owner: T5}
    ```

    ```yaml
    register: task
    entries:
      - {id: T5, title: Move the checkouts, status: done}
    ```

    It was moved:

    ```yaml
    register: checkout
    entries:
      - {id: tools, critical: yes, current_host: new1, target_host: new1, owner: T5}
    ```
    """
    for bond in fleet.independence.still_dependent().values():
        tie, *others = bond.ties
        owners = dict.fromkeys(ref for entry in bond.owning for ref in entry.links["owner"])
        are = "is" if len(owners) == 1 else "are"
        tasks = [task for ref in owners if (task := fleet.fleet.get(ref))]
        yield report(
            tie.position,
            f"{bond.entry.ref} {tie.how}, an interactive machine, and {listed(owners)} {are} finished",
            "write where it is now if it has moved; else open the task again or name another owner",
            entry=bond.entry.ref,
            related=[
                *(Related(other.position, f"it {other.how}") for other in others),
                *map(_finished, tasks),
            ],
        )


def _finished(task: Entry) -> Related:
    """Where a task says that it is finished: its status, or the task that absorbed it."""
    if absorbed := task.link("absorbed_by"):
        return Related(task.at("absorbed_by"), f"{task.ref} is absorbed by {absorbed}")
    return Related(task.at("status"), f"{task.ref} is {task.get('status')}")
