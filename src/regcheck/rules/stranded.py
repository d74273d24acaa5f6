from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.ERROR, since="0.1")
def stranded(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A workload, checkout, sink or pipeline still on a machine in the wave from which that is gone.

    ## Why it matters

    A wave that rebuilds a machine into another one, or retires it, wipes what
    is left there. Whatever has not moved by then is lost or down, whether it is
    production or not.

    ## How to fix it

    Move it in an earlier wave, or in that wave at the latest; retire it if it
    goes with the machine; or rebuild the machine later. Without a `wave` a
    checkout, sink or pipeline moves with the one wave that shares its owner,
    else only at `target`.

    ## Example

    ```yaml
    register: wave
    entries:
      - {number: 7, name: Checkouts}
      - {number: 8, name: Rebuild, rebuilds: old1}
    ```

    ```yaml
    register: machine
    entries:
      - {id: old1, role: frozen, becomes: new2}
      - {id: new1, role: production}
      - {id: new2, role: planned, target_role: production}
    ```

    ```yaml
    register: checkout
    entries:
      - {id: tools, current_host: old1, target_host: new1}
    ```

    The checkout moves before that:

    ```yaml
    register: checkout
    entries:
      - {id: tools, current_host: old1, target_host: new1, wave: 7}
    ```
    """
    for entry, machine, wave, position in fleet.leftovers.stranded():
        mine = fleet.timeline.wave(entry)
        when = "moves only at target" if mine is None else f"moves in wave:{mine}"
        moves = fleet.timeline.must_move(entry) or fleet.timeline.follows(entry)
        stays = when if moves else "stays there"
        related = [Related(wave.at("rebuilds"), f"{wave.ref} rebuilds {machine.ref}")]
        if "wave" in entry.values:
            related.append(Related(entry.at("wave"), f"{entry.ref} moves in wave:{mine}"))
        yield report(
            position,
            f"{entry.ref} is still on {machine.ref} in {wave.ref}, from which that is gone: it {stays}",
            f"move it to another machine in {wave.ref} at the latest, or retire it",
            entry=entry.ref,
            related=related,
        )
