from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",))
def unknown_kind(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A register or an entry of a kind that does not exist, or a YAML file that names none.

    ## Why it matters

    The kind says what the columns mean and which of them name other entries.
    Without it nothing in the register is read.

    ## How to fix it

    Correct the name after `register:` or `entry:`, or define the kind in a file
    `schemas/NAME.schema.yaml`. A YAML file that is no register does not belong
    among the globs `registers` of `regcheck.toml`.

    ## Example

    ```yaml
    register: machines
    entries:
      - id: newbox
        role: production
    ```

    The kind is written in the singular:

    ```yaml
    register: machine
    entries:
      - id: newbox
        role: production
    ```
    """
    yield from problems(fleet, report)
