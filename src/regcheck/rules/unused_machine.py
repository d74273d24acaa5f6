from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.WARNING, since="0.1")
def unused_machine(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A machine that no other entry mentions.

    ## Why it matters

    Either it is gone and still in the register, or what runs on it is missing:
    then nobody will notice when it is switched off.

    ## How to fix it

    Register what runs on it or leads through it, or remove the machine.

    ## Example

    ```yaml
    register: machine
    entries:
      - id: labbox
        role: experimental
    ```

    Something runs on it:

    ```markdown
    <!-- regcheck: register=machine -->

    | Machine | Role |
    | --- | --- |
    | labbox | experimental |

    <!-- regcheck: register=workload -->

    | Workload | Environment | Current host | Target host |
    | --- | --- | --- | --- |
    | trials | experimental | labbox | labbox |
    ```
    """
    named = {
        ref
        for entry in fleet.fleet
        if entry.kind.name != "exception"  # else the one from this rule would answer it
        for links in entry.links.values()
        for ref in links
        if ref != entry.ref and ref.startswith("machine:")
    }
    for machine in fleet.fleet.of("machine").values():
        if machine.ref not in named:
            yield report(
                machine.position,
                f"no other entry mentions {machine.ref}",
                "register what runs on it or leads through it, or remove it",
                entry=machine.ref,
            )
