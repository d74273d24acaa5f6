from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.WARNING, since="0.1")
def dangling_tunnel(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A tunnel that still exists at `target` and leads to or from a machine that does not.

    ## Why it matters

    A unit that keeps dialling a machine which is gone fills the logs and hides
    real failures; one day another machine answers at that address, and gets a
    connection and a key that were not meant for it.

    ## How to fix it

    Say when the tunnel ends: `state: now`, or `interim` for the waves. If it is
    meant to stay, lead it to a machine that does.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: old1, role: frozen, target_role: retired}
      - {id: new1, role: production}
    ```

    ```yaml
    register: tunnel
    entries:
      - {id: new1-old1, from: new1, to: old1, state: always}
    ```

    It is needed until the drain is over:

    ```yaml
    register: tunnel
    entries:
      - {id: new1-old1, from: new1, to: old1, state: interim, actor: atm-drain}
    ```
    """
    for tunnel, gone in fleet.independence.dangling_tunnels():
        words = {"from": "leads from", "to": "leads to", "opened_by": "is opened by"}
        ends = listed(f"{words[name]} {machine.ref}" for name, machine in gone)
        does = "does" if len({machine.ref for _, machine in gone}) == 1 else "do"
        yield report(
            tunnel.at(gone[0][0]),
            f"{tunnel.ref} exists at target and {ends}, which {does} not",
            "say with `state` when it ends, or lead it to a machine that stays",
            entry=tunnel.ref,
            related=[
                Related(
                    machine.position, f"{machine.ref} is gone from {fleet.timeline.gone_from(machine)} on"
                )
                for machine in dict.fromkeys(machine for _, machine in gone)
            ],
        )
