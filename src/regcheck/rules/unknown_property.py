from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule
from regcheck.words import did_you_mean, shorten


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",))
def unknown_property(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A column or a key that the kind does not have, or such a name in `undecided`.

    ## Why it matters

    What stands under a misspelt heading is read by nobody: a `target host` with
    a typing error is a workload without a target.

    ## How to fix it

    Use the name, the title or one of the column headings that the kind's schema
    gives (`regcheck explain KIND` lists them), move the remark into `notes`, or
    add the property to a kind of your own.

    ## Example

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
        frozensince: 2026-07-03
    ```

    The property is called `frozen_since`:

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
        frozen_since: 2026-07-03
    ```
    """
    yield from problems(fleet, report)
    for entry in fleet.fleet:
        kind = entry.kind
        for index, name in enumerate(entry.list("undecided")):
            if isinstance(name, str) and name not in kind.properties:
                guess = did_you_mean(name, kind.properties)
                yield report(
                    entry.at("undecided", index),
                    f"`undecided` lists {shorten(name)}, which is no property of the kind `{kind.name}`",
                    guess or f"see `regcheck explain {kind.name}` for its properties",
                    entry=entry.ref or None,
                )
