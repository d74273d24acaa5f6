from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.ERROR, since="0.1")
def schema(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An entry that breaks the schema of its kind: a type, a value, a format, something required.

    ## Why it matters

    A role nobody has defined, or a date that is none, is not judged by any
    other rule: the entry is there and says nothing.

    ## How to fix it

    Write a value that the kind allows (`regcheck explain KIND` shows its
    properties), or leave the field out where it is not required.

    ## Example

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: froze
    ```

    One of the roles of a machine:

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
    ```
    """
    yield from problems(fleet, report)
