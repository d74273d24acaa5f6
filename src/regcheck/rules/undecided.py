from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.INFO, since="0.1")
def undecided(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A field that its source leaves open.

    ## Why it matters

    An open question that is written down can be answered; one that is not looks
    like a fact. Answers that depend on the field list the entry as
    undetermined.

    ## How to fix it

    Decide, write the value, and take the field out of `undecided`.

    ## Example

    ```yaml
    register: machine
    entries:
      - id: labbox
        role: experimental
        undecided: target_role
    ```

    Decided:

    ```yaml
    register: machine
    entries:
      - id: labbox
        role: experimental
        target_role: retired
    ```
    """
    for entry in fleet.fleet:
        for index, name in enumerate(entry.list("undecided")):
            if name in entry.kind.properties and entry.ref:
                yield report(
                    entry.at("undecided", index),
                    f"`{name}` of {entry.ref} is undecided",
                    f"decide it, write `{name}`, and take it out of `undecided`",
                    entry=entry.ref,
                )
