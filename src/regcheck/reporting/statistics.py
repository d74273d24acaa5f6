"""Findings counted by rule, entries by kind, and how complete the entries are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from regcheck.model import Severity
from regcheck.verdict import Verdict

if TYPE_CHECKING:
    from regcheck.graph.coverage import Figure

SOON = 30
"""Days within which an exception's end is near."""


class RuleCount(NamedTuple):
    """How often a rule was broken at one severity."""

    rule: str
    severity: Severity
    times: int


def by_rule(verdict: Verdict) -> list[RuleCount]:
    """Every rule with findings, the most frequent first; apart for each severity."""
    counts: dict[tuple[str, Severity], int] = {}
    for finding in verdict.findings:
        key = finding.rule, finding.severity
        counts[key] = counts.get(key, 0) + 1
    rows = [RuleCount(rule, severity, count) for (rule, severity), count in counts.items()]
    return sorted(rows, key=lambda row: (-row.times, row.rule, row.severity.rank))


def by_kind(verdict: Verdict) -> dict[str, int]:
    """Every kind with entries, by name."""
    counts: dict[str, int] = {}
    for register in verdict.fleet.registers:
        if register.entries:
            counts[register.kind.name] = counts.get(register.kind.name, 0) + len(register.entries)
    return dict(sorted(counts.items()))


class Ages(NamedTuple):
    """Days from the day of the facts to the day of the run; negative where it is yet to come."""

    newest: int
    median: int
    """Half of the facts are at least as old."""
    oldest: int


class Facts(NamedTuple):
    """Of which day the facts are: of registers, and of entries with a day of their own."""

    dated: int
    undated: int
    stale: int
    """Those that are older than they may be."""
    age: Ages | None
    """None where nothing is dated."""


class Exceptions(NamedTuple):
    """How long the exceptions hold."""

    in_force: int
    """Those that can hold something: no rule that is unknown, or allows no exception."""
    expiring: int
    """Those in force whose last day is within `SOON` days."""
    expired: int


class Coverage(NamedTuple):
    """How complete the fleet is on the day of the run, whatever paths were asked for."""

    figures: dict[str, Figure]
    """Owner, target, evidence, rollback."""
    facts: Facts
    exceptions: Exceptions


def coverage(verdict: Verdict) -> Coverage:
    """What the entries of the fleet must say, counted, and how old the facts are."""
    from regcheck.catalogue import catalogue
    from regcheck.silencing.exceptions import expired, expiring, in_force, scope_of

    fleet, found, today = verdict.fleet, verdict.graph.coverage, verdict.today
    figures = {
        "owner": found.owner(),
        "target": found.target(),
        "evidence": found.evidence(),
        "rollback": found.rollback(),
    }
    can = catalogue().allows_exceptions
    held = [one for one in in_force(fleet, today) if (scope := scope_of(one)) and can(scope.rule)]
    ending, over = expiring(held, today, SOON), expired(fleet, today)
    return Coverage(figures, _facts(verdict), Exceptions(len(held), len(ending), len(over)))


def _facts(verdict: Verdict) -> Facts:
    from regcheck.graph.facts import facts

    today = verdict.today
    found = list(facts(verdict.fleet, verdict.settings.max_age))
    ages = sorted(age for fact in found if (age := fact.age(today)) is not None)
    stale = sum(fact.stale(today) for fact in found)
    told = Ages(ages[0], ages[len(ages) // 2], ages[-1]) if ages else None
    return Facts(len(ages), len(found) - len(ages), stale, told)
