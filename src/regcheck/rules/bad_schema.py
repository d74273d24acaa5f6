from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",))
def bad_schema(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A kind of the repository's own whose schema is itself invalid.

    ## Why it matters

    No register of this kind can be read, so none of its entries is checked and
    none of its edges is in the graph.

    ## How to fix it

    A kind is a JSON Schema (draft 2020-12) of an object, with the keyword
    `x-regcheck`: `kind` is its name, and a property that names other entries
    says so with `reference`.

    ## Example

    ```yaml
    # schemas/vm.schema.yaml
    x-regcheck: {kind: vm}
    type: object
    properties:
      id: {type: string}
      host: {type: string, x-regcheck: {reference: {kind: machina}}}
    ```

    The kind that is referred to exists:

    ```yaml
    # schemas/vm.schema.yaml
    x-regcheck: {kind: vm}
    type: object
    properties:
      id: {type: string}
      host: {type: string, x-regcheck: {reference: {kind: machine}}}
    ```
    """
    yield from problems(fleet, report)
