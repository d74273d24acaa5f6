from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",))
def yaml_syntax(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A YAML file or front matter that is not one YAML document.

    Besides what the grammar forbids this is a second document in the file,
    nesting deeper than 50 levels, and aliases that multiply a small file into
    a huge one (an alias bomb).

    ## Why it matters

    None of the entries in the file can be read, so none of them is checked.

    ## How to fix it

    The finding stands where the parser gave up, which is often one line after
    the cause: look there for a tab, an unquoted `: `, a quote or a bracket that
    is never closed, or an item that is indented unlike its neighbours.

    ## Example

    A colon and a space inside a value start a new key:

    ```yaml
    register: machine
    entries:
      - id: newbox
        role: production
        notes: first node: hosts the hub
    ```

    Quotes make it one value:

    ```yaml
    register: machine
    entries:
      - id: newbox
        role: production
        notes: "first node: hosts the hub"
    ```
    """
    yield from problems(fleet, report)
