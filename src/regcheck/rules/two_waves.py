from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.ERROR, since="0.1")
def two_waves(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A workload that two waves move, or another one than it names.

    ## Why it matters

    Where a workload is before and after each wave decides every other answer:
    what may drain next, which path is in use, what an outage takes down. With
    two waves one half of the plan expects it where the other half has not put it.

    ## How to fix it

    Leave it in the `moves` of one wave, and let its own `wave`, if it has one,
    name the same.

    ## Example

    ```yaml
    register: wave
    entries:
      - {number: 1, name: Shop, moves: [shop, db]}
      - {number: 2, name: Databases, moves: [db]}
    ```

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: old1, target_host: new1}
      - {id: db, environment: production, current_host: old1, target_host: new1}
    ```

    The database moves once:

    ```yaml
    register: wave
    entries:
      - {number: 1, name: Shop, moves: [shop]}
      - {number: 2, name: Databases, moves: [db]}
    ```
    """
    for workload, waves in fleet.drain.two_waves():
        movers = listed(wave.ref for wave in waves)
        move = "moves" if len(waves) == 1 else "move"
        own = workload.get("wave")
        if own is None:
            message = f"{movers} {move} {workload.ref}, which can move only once"
        else:
            message = f"{workload.ref} names wave:{own}, and {movers} {move} it"
        related = [Related(w.at("moves", workload.ref), f"{w.ref} moves {workload.ref}") for w in waves]
        position = workload.at("wave")
        if len(waves) > 1:
            extra = next(wave for wave in reversed(waves) if wave.get("number") != own)
            position = extra.at("moves", workload.ref)
            if own is not None:
                related.insert(0, Related(workload.at("wave"), f"{workload.ref} names wave:{own}"))
        yield report(
            position,
            message,
            f"let one wave move it{'' if own is None else ', the one that it names'}",
            entry=workload.ref,
            related=[place for place in related if place.position != position],
        )
