from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed

MOST_NAMED = 5
"""What a message names; the related places have all."""


@rule(severity=Severity.ERROR, since="0.1")
def occupied_machine(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A retired machine that a workload, checkout, sink or pipeline is on now.

    ## Why it matters

    Either the machine is still in use, and nobody looks after it any more, or
    what was on it is gone or elsewhere, and the register sends people to the
    wrong place.

    ## How to fix it

    Write where its occupants are now, and remove those that are gone. Where
    they do run on it, it is not retired yet: give it the role that it has.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: oldbox, role: retired}
      - {id: newbox, role: production}
    ```

    ```yaml
    register: checkout
    entries:
      - {id: tools, current_host: oldbox}
    ```

    It has moved, and says so:

    ```yaml
    register: checkout
    entries:
      - {id: tools, current_host: newbox}
    ```
    """
    for machine, standing in fleet.placement.occupied("retired"):
        refs = list(dict.fromkeys(one.entry.ref for one in standing))
        more = len(refs) - MOST_NAMED
        names = [*refs[:MOST_NAMED], f"{more} more"] if more > 0 else refs
        are = "is" if len(refs) == 1 else "are"
        yield report(
            machine.at("role"),
            f"{machine.ref} is retired, and {listed(names)} {are} on it now",
            "write where they are now, remove what is gone, or give the machine the role that it still has",
            entry=machine.ref,
            related=[Related(one.position, f"{one.entry.ref} is on {machine.ref}") for one in standing],
        )
