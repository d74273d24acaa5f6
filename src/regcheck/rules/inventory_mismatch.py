from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed, shorten

STAGING = "staging"
UNKNOWN = "unknown"


@rule(severity=Severity.ERROR, since="0.1")
def inventory_mismatch(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A service whose host or environment is not that of the workload behind it.

    ## Why it matters

    Whoever is called at night looks the service up and goes to the machine that
    stands there. One of the two registers is wrong, and this one is trusted in a
    hurry. A staging instance may stand beside production; no other environment
    may differ. A workload whose host nobody knows contradicts nothing.

    ## How to fix it

    Find out where the service is, then correct the inventory or the workload.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: oldbox, role: frozen}
      - {id: newbox, role: production}
    ```

    ```yaml
    register: workload
    entries:
      - {id: wiki, environment: legacy, current_host: newbox}
    ```

    ```yaml
    register: service
    entries:
      - {id: wiki-web, workload: wiki, environment: production, host: oldbox}
    ```

    The inventory follows the move:

    ```yaml
    register: service
    entries:
      - {id: wiki-web, workload: wiki, environment: legacy, host: newbox}
    ```
    """
    for service in fleet.fleet.of("service").values():
        workload = fleet.fleet.get(service.link("workload"))
        if workload is None:
            continue
        host, hosts = service.link("host"), fleet.timeline.known_hosts(workload)
        if host and hosts and host not in hosts:
            yield report(
                service.at("host"),
                f"{service.ref} is on {host}, and {workload.ref} is on {listed(hosts)}",
                "find out which is true, and correct the other",
                entry=service.ref,
                related=[Related(workload.at("current_host"), f"{workload.ref} is on {listed(hosts)}")],
            )
        said, true = service.get("environment"), workload.get("environment")
        if said in (None, UNKNOWN, STAGING, true) or true in (None, UNKNOWN):
            continue
        yield report(
            service.at("environment"),
            f"the environment of {service.ref} is {shorten(said)}, that of {workload.ref} is {shorten(true)}",
            f"find out which is true, and correct the other (a service may also be `{STAGING}`)",
            entry=service.ref,
            related=[Related(workload.at("environment"), f"{workload.ref} is {shorten(true)}")],
        )
