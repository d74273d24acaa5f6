from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph, Place
from regcheck.model import Entry, Finding, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.ERROR, since="0.1")
def missing_target(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An entry says where it is now, and not where it must be.

    A place is a host, a build host, a remote or the path of a lane. A part of a
    workload takes the target of its whole; a target listed in `undecided` is
    reported by *undecided* instead.

    ## Why it matters

    Without a target an entry stays where it is. On a machine that is being
    drained that is a plan to be left behind, and nobody has said so.

    ## How to fix it

    Write the target: the same place where it stays, `retired` where it goes
    away. Where the decision is open, list the field in `undecided`.

    ## Example

    ```markdown
    <!-- regcheck: register=machine -->

    | Machine | Role |
    | --- | --- |
    | newbox | production |

    <!-- regcheck: register=workload -->

    | Workload | Environment | Current host |
    | --- | --- | --- |
    | grafana | staging | newbox |
    ```

    It stays, and says so:

    ```markdown
    <!-- regcheck: register=machine -->

    | Machine | Role |
    | --- | --- |
    | newbox | production |

    <!-- regcheck: register=workload -->

    | Workload | Environment | Current host | Target host |
    | --- | --- | --- | --- |
    | grafana | staging | newbox | newbox |
    ```
    """
    for entry in fleet.fleet:
        for place in fleet.timeline.places[entry.kind.name]:
            if place.now not in entry.values or not entry.ref or _settled(fleet, entry, place, set()):
                continue
            here = [str(value) for value in entry.list(place.now) if value != "unknown"]
            if not here:
                continue
            target = entry.kind.properties[place.target]
            retired = target.reference and "retired" in target.reference.words
            yield report(
                entry.at(place.now),
                f"{entry.ref} has the `{place.now}` {listed(here)} and no `{place.target}`",
                f"write `{place.target}`: the same where it stays, "
                + ("`retired` where it goes away; " if retired else "")
                + f"or list `{place.target}` in `undecided`",
                entry=entry.ref,
            )


def _settled(fleet: FleetGraph, entry: Entry, place: Place, seen: set[str]) -> bool:
    """Whether an entry, or a whole that it is part of, has a target or leaves it open."""
    if place.target in entry.values or entry.undecided(place.target):
        return True
    seen.add(entry.ref)
    wholes = (fleet.fleet.get(ref) for ref in entry.links.get("part_of", ()) if ref not in seen)
    return any(_settled(fleet, whole, place, seen) for whole in wholes if whole is not None)
