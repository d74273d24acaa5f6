from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Entry, Finding, Severity
from regcheck.rule import Report, rule
from regcheck.silencing import exceptions
from regcheck.silencing.exceptions import Scope
from regcheck.words import did_you_mean, shorten


@rule(severity=Severity.WARNING, since="0.1", silenced_by=("baseline",), last=True)
def unused_exception(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An exception that silences nothing, of a rule that ran.

    ## Why it matters

    It reads as if a rule were broken where it is not, and it would silence the
    rule when it is broken again, for another reason than the one approved. With
    a misspelt rule it accepts nothing at all, and what it was written for fails.

    ## How to fix it

    Remove it, or correct the name of the rule. Where the rule allows no
    exception, mend what it finds. As long as a file cannot be read as a whole,
    nobody can tell what is unused, and nothing is called so.

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
        rule: unknown-plase
        entry: workload:wiki
        reason: the hosting contract is being looked for
        expires: 2999-12-31
    ```

    The name of the rule:

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
    broken = {(found.rule, found.entry) for found in report.run.findings}
    for exception in exceptions.in_force(fleet.fleet, report.run.today):
        if scope := exceptions.scope_of(exception):
            yield from _judge(exception, scope, report, fleet.fleet.doubt, used=scope in broken)


def _judge(exception: Entry, scope: Scope, report: Report, doubt: str, *, used: bool) -> Iterator[Finding]:
    """What is wrong with one exception in force; `doubt` is what may keep its rule silent."""
    ref, run = exception.ref, report.run
    names = [*run.groups, *(name for group in run.groups.values() for name in group)]
    place = exception.at("rule")
    if scope.rule in run.groups and scope.rule not in run.groups[scope.rule]:
        message = f"{ref} silences nothing: {shorten(scope.rule)} is a group of rules"
        yield report(place, message, "write the name of the one rule that may be broken", entry=ref)
    elif scope.rule not in names:
        message = f"{ref} silences nothing: there is no rule {shorten(scope.rule)}"
        guess = did_you_mean(scope.rule, names)
        yield report(place, message, guess or "`regcheck explain` lists the rules", entry=ref)
    elif scope.rule in run.rules and not run.rules[scope.rule].allows_exceptions:
        message = f"{ref} silences nothing: no exception is possible from {scope.rule}"
        yield report(place, message, "remove the exception, and mend what the rule finds", entry=ref)
    elif run.complete(scope.rule) and not used:
        message = f"{ref} silences nothing: {scope.entry} does not break {scope.rule}"
        first = f"mend {doubt} first; if it is still unused then, remove it"
        yield report(exception.position, message, first if doubt else "remove the exception", entry=ref)
