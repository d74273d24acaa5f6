from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule

LIMIT = 5
"""Tunnels that one machine may open before a mesh is less work than they are."""


@rule(severity=Severity.INFO, since="0.1")
def tunnel_sprawl(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A machine, not interactive, that opens more than five tunnels that exist at `target`.

    ## Why it matters

    Each tunnel is a unit to watch, a port to remember and a key to renew. Beyond
    a handful a mesh (WireGuard and the like) is less to keep, and shows by
    itself who reaches whom.

    ## How to fix it

    Replace the tunnels by a mesh, give those that end a `state`, or let
    workloads that talk much share a machine.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: new1, role: production}
      - {id: new2, role: production}
    ```

    ```yaml
    register: tunnel
    entries:
      - {id: to-db, from: new1, to: new2, state: target, actor: atm-db, remote_port: 5432}
      - {id: to-queue, from: new1, to: new2, state: target, actor: atm-queue, remote_port: 4222}
      - {id: to-cache, from: new1, to: new2, state: target, actor: atm-cache, remote_port: 6379}
      - {id: to-mail, from: new1, to: new2, state: target, actor: atm-mail, remote_port: 25}
      - {id: to-logs, from: new1, to: new2, state: target, actor: atm-logs, remote_port: 514}
      - {id: to-metrics, from: new1, to: new2, state: target, actor: atm-metrics, remote_port: 9090}
    ```

    One connection for all of them:

    ```yaml
    register: tunnel
    entries:
      - {id: mesh, from: new1, to: new2, state: target, actor: atm-mesh}
    ```
    """
    for machine, tunnels in fleet.independence.opened_tunnels():
        if len(tunnels) > LIMIT:
            yield report(
                machine.position,
                f"{machine.ref} opens {len(tunnels)} tunnels that exist at target, more than {LIMIT}",
                "it is time for a mesh; or give the tunnels that end a `state`",
                entry=machine.ref,
                related=[Related(t.position, f"{machine.ref} opens {t.ref}") for t in tunnels],
            )
