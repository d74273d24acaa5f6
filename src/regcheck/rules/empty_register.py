from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.WARNING, since="0.1", silenced_by=("baseline",))
def empty_register(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A register without entries.

    ## Why it matters

    A register of nothing is either not written yet or has lost its rows; both
    look the same to a reader, and every rule is silent about what is not there.

    ## How to fix it

    Add the entries, or remove the register until there is something to say.

    ## Example

    ```yaml
    register: tunnel
    entries: []
    ```

    With an entry:

    ```yaml
    register: machine
    entries:
      - id: newbox
        role: production
    ```
    """
    yield from problems(fleet, report)
