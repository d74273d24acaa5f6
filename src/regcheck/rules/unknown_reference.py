from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.ERROR, since="0.1")
def unknown_reference(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A field names an entry that does not exist, or that could be two.

    ## Why it matters

    The edge is missing from the graph: a workload on a misspelt machine is not
    affected when that machine is off, and its drain waits for nobody.

    ## How to fix it

    Correct the name, or add the entry that it should be. A task of another
    repository is an entry as well, with `external: yes`; a short task (`T05`)
    needs the `workplan` of its register.

    ## Example

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
        becomes: sparbox
      - id: sparebox
        role: planned
    ```

    The id of the machine:

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
        becomes: sparebox
      - id: sparebox
        role: planned
    ```
    """
    yield from problems(fleet, report)
