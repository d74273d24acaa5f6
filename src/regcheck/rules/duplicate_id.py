from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Entry, Finding, Position, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import quoted


@rule(severity=Severity.ERROR, since="0.1")
def duplicate_id(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Two entries of one kind with the same id, or an alias that is somebody else's name.

    ## Why it matters

    A reference to that name means two things. The first entry answers to it;
    what the second one says about hosts, waves and owners is in no graph.

    ## How to fix it

    Where both describe one thing, merge them. Where they are two, give one of
    them another id. An entry without an `id` takes it from its name.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: oldbox, role: frozen}
      - {id: oldbox, role: production}
    ```

    Two machines:

    ```yaml
    register: machine
    entries:
      - {id: oldbox, role: frozen}
      - {id: newbox, role: production}
    ```
    """
    aliases: dict[Entry, dict[str, int]] = {}
    for name, second, first in fleet.fleet.doubles:
        kind = second.kind.name
        if name == second.id:
            message = f"{quoted(name)} is already the id of another {kind}"
            help = "merge the two, or give one of them another id"
        else:
            message = f"the alias {quoted(name)} of {second.ref} is already a name of {first.ref}"
            help = "remove the alias from one of the two"
        there = Related(_where(first, name, aliases), f"{quoted(name)} is {first.ref} here")
        yield report(_where(second, name, aliases), message, help, entry=second.ref, related=[there])


def _where(entry: Entry, name: str, aliases: dict[Entry, dict[str, int]]) -> Position:
    """Where an entry claims a name: its id, or one of its aliases (their indices are remembered)."""
    if name == entry.id:
        return entry.position
    if entry not in aliases:
        aliases[entry] = {str(alias): index for index, alias in enumerate(entry.list("aliases"))}
    return entry.at("aliases", aliases[entry][name])
