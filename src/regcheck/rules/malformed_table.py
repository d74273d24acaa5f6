from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",))
def malformed_table(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A row with another number of cells than the header, or a register without its table.

    ## Why it matters

    A row with a cell too few or too many still looks like a table on the forge,
    but from the gap on every value stands in somebody else's column.

    ## How to fix it

    Give each row as many cells as the header has: `—` stands for an absent
    value, a backslash before it for a pipe inside a cell. A register that is announced needs a
    table after it: a header, a row of dashes, and a row for each entry.

    ## Example

    ```markdown
    ---
    register: machine
    ---

    | Machine | Name | Role |
    | --- | --- | --- |
    | newbox | production |
    ```

    The absent name has a cell of its own:

    ```markdown
    ---
    register: machine
    ---

    | Machine | Name | Role |
    | --- | --- | --- |
    | newbox | — | production |
    ```
    """
    yield from problems(fleet, report)
