from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.silencing import exceptions


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",), last=True)
def expired_exception(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An exception past its date.

    ## Why it matters

    An exception is a debt with a day on which it is due. From the day after it
    accepts nothing: what it covered is found again, and whoever approved it has
    to say once more whether that may stay.

    ## How to fix it

    Mend what it covered and remove it. Where that takes longer, have it
    approved again and write a later date.

    ## Example

    ```yaml
    register: workload
    entries:
      - {id: wiki, environment: staging, current_host: unknown}
    ```

    ```yaml
    register: exception
    entries:
      - id: wiki-place
        rule: unknown-place
        entry: workload:wiki
        reason: the hosting contract is being looked for
        expires: 2020-03-31
    ```

    It is approved until a later day:

    ```yaml
    register: exception
    entries:
      - id: wiki-place
        rule: unknown-place
        entry: workload:wiki
        reason: the hosting contract is being looked for
        expires: 2999-12-31
    ```
    """
    run = report.run
    rules = {name for names in run.groups.values() for name in names}
    covered: dict[tuple[str, str | None], list[Finding]] = {}
    for found in run.findings:
        if run.rules[found.rule].allows_exceptions:
            covered.setdefault((found.rule, found.entry), []).append(found)
    for exception in exceptions.expired(fleet.fleet, run.today):
        message = f"{exception.ref} has expired: its last day was {exceptions.last_day(exception)}"
        way_out = "remove it: there is nothing that it would still accept"
        back: list[Finding] = []
        scope = exceptions.scope_of(exception)
        if scope and scope.rule in rules:
            message += f", and it let {scope.entry} break {scope.rule}"
            back = covered.get(scope, [])
            if back or not run.complete(scope.rule):
                way_out = (
                    "mend what it covers and remove it, or have it approved again with a later `expires`"
                )
        yield report(
            exception.at("expires"),
            message,
            way_out,
            entry=exception.ref,
            related=[Related(found.position, found.message) for found in back],
        )
