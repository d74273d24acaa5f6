from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",))
def merge_conflict(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A conflict marker of Git that was left in a file.

    ## Why it matters

    Two people have said different things about the fleet and nobody has decided
    between them. The file is read with the first side of each conflict, so that
    its other findings still show, but neither side is the truth yet.

    ## How to fix it

    Choose a side, or write what is true of both, and remove the three marker
    lines `<<<<<<<`, `=======` and `>>>>>>>`.

    ## Example

    ```yaml
    register: machine
    entries:
      - id: oldbox
    <<<<<<< HEAD
        role: frozen
    =======
        role: production
    >>>>>>> drain
    ```

    Decided:

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
    ```
    """
    yield from problems(fleet, report)
