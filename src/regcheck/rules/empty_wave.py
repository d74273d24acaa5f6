from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.WARNING, since="0.1")
def empty_wave(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A wave that moves nothing and rebuilds nothing.

    ## Why it matters

    Most often its workloads were forgotten, or have gone to another wave, and
    the waves after it still wait for it.

    ## How to fix it

    List what it takes in `moves` or give those entries its `wave`, name the
    machine that it `rebuilds`, or remove it. Where that is not known yet, list
    `moves` in `undecided`.

    ## Example

    ```yaml
    register: wave
    entries:
      - {number: 5, name: Supporting apps}
    ```

    It moves something, or says that this is open:

    ```yaml
    register: wave
    entries:
      - {number: 5, name: Supporting apps, undecided: [moves]}
    ```
    """
    for wave in fleet.leftovers.idle_waves():
        yield report(
            wave.position,
            f"{wave.ref} moves nothing and rebuilds nothing",
            "list its workloads in `moves`, list `moves` in `undecided`, or remove the wave",
            entry=wave.ref,
        )
