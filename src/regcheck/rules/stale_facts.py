from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.graph.facts import facts
from regcheck.model import Finding, Position, Severity
from regcheck.rule import Report, rule
from regcheck.words import plural


@rule(severity=Severity.WARNING, since="0.1")
def stale_facts(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Facts that are older than they may be, or dated in the future.

    ## Why it matters

    Hosts, tunnels and owners change while nobody edits the register. Whatever
    is computed from old facts is wrong with great precision. A date that is yet
    to come says nothing at all, and would keep the facts fresh until then.

    How old facts may be is said by `max_age`, in days: that of the source or the
    register, else the team's in the settings. Where none is given, no facts are
    stale. A date one day ahead is today's somewhere on earth.

    ## How to fix it

    Compare the entries with the fleet, correct them, and date them anew with
    `as_of`. Raise `max_age` only where facts really keep that long.

    ## Example

    ```yaml
    register: machine
    as_of: 2020-01-31
    max_age: 30
    entries:
      - {id: newbox, role: production}
    ```

    Of a fleet that does not change any more:

    ```yaml
    register: machine
    as_of: 2020-01-31
    max_age: 36500
    entries:
      - {id: newbox, role: production}
    ```
    """
    today = report.run.today
    told: set[Position] = set()
    for fact in facts(fleet.fleet, report.run.settings.max_age):
        age = fact.age(today)
        if age is None or fact.max_age is None or -1 <= age <= fact.max_age:
            continue
        entry = fact.entry
        position = entry.at("as_of") if entry else fact.register.as_of_position
        if position in told:  # one file may hold several tables, and `defaults` many entries
            continue
        told.add(position)
        whose = f"the facts of {entry.subject}" if entry else "the facts"
        if age < 0:
            wrong = f"{whose} are dated {fact.as_of}, which is yet to come"
            help = "write the day on which they were true"
        else:
            wrong = f"{whose} are of {fact.as_of} and may be {plural(fact.max_age, 'day')} old"
            help = "compare them with the fleet, correct them, and renew `as_of`"
        yield report(position, wrong, help, entry=entry.ref if entry else None)
