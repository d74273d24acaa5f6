from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.graph.drain import Drain
from regcheck.model import Entry, Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import plural


@rule(severity=Severity.ERROR, since="0.1")
def not_last(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A workload that drains later than a `drain_last` one of the same machine.

    ## Why it matters

    `drain_last` marks what all the others on a machine rely on, such as secrets
    or identity. Whatever is still there when it leaves stands without it.

    ## How to fix it

    Move the workload in the wave of the `drain_last` one at the latest, or that
    one later. Two that are both `drain_last` may leave in any order, and a wave
    that rebuilds the machine takes what is left.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: old1, role: frozen}
      - {id: new1, role: production}
    ```

    ```yaml
    register: wave
    entries:
      - {number: 1, name: First}
      - {number: 2, name: Second}
    ```

    ```yaml
    register: workload
    entries:
      - {id: secrets, environment: production, current_host: old1, target_host: new1, wave: 1,
         drain_last: yes}
      - {id: shop, environment: production, current_host: old1, target_host: new1, wave: 2}
    ```

    The secrets leave when the shop has left:

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: old1, target_host: new1, wave: 1}
      - {id: secrets, environment: production, current_host: old1, target_host: new1, wave: 2,
         drain_last: yes}
    ```
    """
    drain = fleet.drain
    for workload, machine, wave, earlier, more in drain.lasts.too_late():
        last, first = earlier[0]
        beside = f", and after {more} more" if more else ""
        each = f"{last.ref} and the {plural(more, 'other')}" if more else last.ref
        yield report(
            drain.membership(wave, workload).position,
            f"{workload.ref} leaves {machine} in {wave.ref}, "
            f"after {last.ref}, which is `drain_last` there and leaves in {first.ref}{beside}",
            f"move {workload.ref} in {first.ref} at the latest, or {each} in {wave.ref} at the earliest",
            entry=workload.ref,
            related=[place for pair in earlier for place in _places(drain, *pair)],
        )


def _places(drain: Drain, last: Entry, wave: Entry) -> list[Related]:
    return [
        Related(last.at("drain_last"), f"{last.ref} is `drain_last`"),
        Related(drain.membership(wave, last).position, f"{last.ref} moves in {wave.ref}"),
    ]
