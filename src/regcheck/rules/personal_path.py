from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.graph.homes import is_personal
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule
from regcheck.words import quoted


@rule(severity=Severity.ERROR, since="0.1")
def personal_path(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A target path inside somebody's home directory.

    ## Why it matters

    A home directory belongs to a person: it is on the machine where that person
    logs in, has that person's permissions, and goes when the account goes. What
    is written to it has not left its owner's machine, only moved to another one.

    ## How to fix it

    Give the path a home of its own (`/srv`, `/var/lib`, a volume), or make it
    relative to its repository.

    ## Example

    ```yaml
    register: sink
    entries:
      - {id: reports, current_path: /home/jo/reports, target_path: /home/ops/reports}
    ```

    The path is nobody's:

    ```yaml
    register: sink
    entries:
      - {id: reports, current_path: /home/jo/reports, target_path: /srv/reports}
    ```
    """
    for entry in fleet.fleet:
        path = entry.get("target_path")
        if isinstance(path, str) and is_personal(path):
            yield report(
                entry.at("target_path"),
                f"the target path of {entry.subject}, {quoted(path)}, is inside somebody's home directory",
                "give it a path that belongs to no person, such as `/srv/…`, or a repository-relative one",
                entry=entry.ref,
            )
