from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.WARNING, since="0.1")
def recovery_loop(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A machine that at `target` is rebuilt from something which needs that machine.

    ## Why it matters

    On the day the machine is lost, the repository, pipeline or workload that
    could rebuild it is lost with it.

    ## How to fix it

    Keep what it is rebuilt from elsewhere: a mirror of the repository on
    another machine, a second build host, a workload that is `redundant`.

    ## Example

    ```yaml
    register: workload
    entries:
      - {id: forge, environment: production, current_host: new1, target_host: new1,
         domains: [git.example.org]}
    ```

    ```yaml
    register: repo
    entries:
      - {id: bootstrap, current_remote: git.example.org/ops/bootstrap,
         target_remote: git.example.org/ops/bootstrap}
    ```

    ```yaml
    register: machine
    entries:
      - {id: new1, role: production, rebuilt_from: [bootstrap]}
    ```

    The repository is also outside of the fleet:

    ```yaml
    register: repo
    entries:
      - {id: bootstrap, current_remote: git.example.net/ops/bootstrap,
         target_remote: git.example.net/ops/bootstrap}
    ```
    """
    for machine, ref, path in fleet.independence.recovery_loops():
        over = "" if len(path) == 1 else f" (through {path[0].target})"
        yield report(
            machine.at("rebuilt_from", ref),
            f"{machine.ref} is rebuilt from {ref}, which at target needs {machine.ref}{over}",
            "keep what it is rebuilt from on another machine, or a copy of it there",
            entry=machine.ref,
            related=[edge.related for edge in path],
        )
