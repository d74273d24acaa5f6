from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.WARNING, since="0.1")
def unknown_place(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An entry of which nobody knows where it is now.

    ## Why it matters

    It may stand on the very machine that is about to be switched off. Every
    answer that depends on it lists it as undetermined, so that "nothing is
    affected" can be trusted.

    ## How to fix it

    Find out where it is and write that in place of `unknown`.

    ## Example

    ```yaml
    register: sink
    entries:
      - id: backups
        current_host: unknown
        undecided: target_host
    ```

    Found out:

    ```markdown
    <!-- regcheck: register=machine -->

    | Machine | Role |
    | --- | --- |
    | oldbox | frozen |

    <!-- regcheck: register=sink -->

    | Sink | Current host | Undecided |
    | --- | --- | --- |
    | backups | oldbox | target_host |
    ```
    """
    for entry in fleet.fleet:
        for place in fleet.timeline.places[entry.kind.name]:
            if "unknown" in entry.list(place.now) and entry.ref:
                yield report(
                    entry.at(place.now, "unknown"),
                    f"the `{place.now}` of {entry.ref} is unknown",
                    "find out where it is: until then no answer can count it in or out",
                    entry=entry.ref,
                )
