from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",))
def duplicate_key(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A key that stands twice in one mapping, or two columns that mean one property.

    ## Why it matters

    Only one of the two values can count. Most YAML readers silently take the
    last, regcheck reads the first and says so: either way somebody edits the
    other one and wonders why nothing changes.

    ## How to fix it

    Keep the value that is true and remove the other key or column.

    ## Example

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
        role: production
    ```

    One role:

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
    ```
    """
    yield from problems(fleet, report)
