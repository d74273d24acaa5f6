"""The team's own rules."""

from collections.abc import Iterator

from regcheck.graph import TARGET, FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule


@rule(severity=Severity.WARNING, since="1.0")
def unexplained_tunnel(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A tunnel that is to stay and does not say what it is for.

    ## Why it matters

    Nobody dares to close a tunnel that nobody understands, so it is there for
    ever, with its key.

    ## How to fix it

    Ask who opens it, and write the answer into `purpose`. A tunnel that is only
    for now has `state: now`.

    ## Example

    ```yaml
    register: tunnel
    entries:
      - {id: backups, from: app, to: store}
    ```

    The tunnel says why it is there:

    ```yaml
    register: tunnel
    entries:
      - {id: backups, from: app, to: store, purpose: nightly copies of the databases}
    ```
    """
    for tunnel in fleet.fleet.of("tunnel").values():
        if fleet.production.tunnel_exists(tunnel, TARGET) and not tunnel.get("purpose"):
            yield report(
                tunnel.position,
                f"{tunnel.ref} still exists at target, and nothing says what for",
                "write its `purpose`, or give it `state: now` if it is to go",
                entry=tunnel.ref,
            )
