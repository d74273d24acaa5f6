from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule
from regcheck.words import quoted


@rule(severity=Severity.WARNING, since="0.1")
def wrong_actor(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An interim or target tunnel between fleet machines without an automation actor (`atm-`).

    ## Why it matters

    A tunnel that a person's or an agent's identity opens stops when that person
    leaves, a certificate is revoked or a laptop closes. Between fleet machines
    an identity of its own is cheap, and its rights end where the tunnel does.

    ## How to fix it

    Give the tunnel an actor whose name starts with `atm-`. A tunnel with an
    interactive machine at an end, or as its opener, may have a person's actor;
    one that ends before the waves says `state: now`.

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
      - {id: shop-db, from: new1, to: new2, state: target, actor: agt-jo}
    ```

    The tunnel has an identity of its own:

    ```yaml
    register: tunnel
    entries:
      - {id: shop-db, from: new1, to: new2, state: target, actor: atm-shop}
    ```
    """
    for tunnel in fleet.independence.unattended_tunnels():
        actor = tunnel.get("actor")
        has = "has no actor" if actor is None else f"has {quoted(actor)}, no automation actor (`atm-`)"
        yield report(
            tunnel.at("actor"),
            f"{tunnel.ref} between {tunnel.link('from')} and {tunnel.link('to')} {has}",
            "give it an actor whose name starts with `atm-`",
            entry=tunnel.ref,
        )
