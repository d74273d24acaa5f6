"""Which exceptions hold on a day, and which findings they accept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from regcheck.model import Entry, Finding, Fleet, Silenced
from regcheck.reading.values import is_date
from regcheck.rule import Rule, Run

KIND = "exception"
DECIDING = ("rule", "entry", "expires")
"""The properties that decide what an exception accepts, and until when."""


class Scope(NamedTuple):
    """What an exception is about: one rule, for one entry."""

    rule: str
    entry: str
    """The reference of the entry, whichever of its names is written."""


def silence(
    findings: Iterable[Finding], exceptions: Iterable[Entry], rules: Mapping[str, Rule]
) -> tuple[list[Finding], list[Silenced]]:
    """The findings that none of these exceptions accepts, and those that one does."""
    by_scope: dict[Scope, Entry] = {}
    for exception in sorted(exceptions, key=lambda entry: str(last_day(entry))):
        scope = scope_of(exception)
        if scope and scope.rule in rules and rules[scope.rule].allows_exceptions:
            by_scope[scope] = exception  # of several, the one that holds longest
    left, silenced = [], []
    for finding in findings:
        by = by_scope.get(Scope(finding.rule, finding.entry)) if finding.entry and by_scope else None
        if by is None:
            left.append(finding)
        else:
            silenced.append(Silenced(finding, by.ref, str(by.get("reason"))))
    return left, silenced


def in_force(fleet: Fleet, today: str) -> list[Entry]:
    """The exceptions that hold on a date (YYYY-MM-DD): clear ones, their last day included."""
    exceptions = [entry for entry in fleet.of(KIND).values() if (last_day(entry) or "") >= today]
    unclear = _unclear(fleet) if exceptions else set()
    return [entry for entry in exceptions if entry.ref not in unclear and scope_of(entry)]


def expiring(exceptions: Iterable[Entry], today: str, days: int) -> list[Entry]:
    """Those of the exceptions in force that end within so many days, today's included."""
    start = dt.date.fromisoformat(today)
    left = ((entry, dt.date.fromisoformat(str(last_day(entry))) - start) for entry in exceptions)
    return [entry for entry, time in left if time.days <= days]


def expired(fleet: Fleet, today: str) -> list[Entry]:
    """The exceptions whose last day is over."""
    return [entry for entry in fleet.of(KIND).values() if (last_day(entry) or today) < today]


def unjudged(fleet: Fleet, run: Run) -> frozenset[str]:
    """The exceptions from rules that did not run, or not completely: they may be used, or not."""
    known = {name for names in run.groups.values() for name in names}
    scopes = ((entry.ref, scope_of(entry)) for entry in fleet.of(KIND).values())
    return frozenset(
        ref for ref, scope in scopes if scope and scope.rule in known and not run.complete(scope.rule)
    )


def last_day(exception: Entry) -> str | None:
    """The day through which an exception holds; None where no date of the calendar is written, or decided."""
    written = exception.get("expires")
    decided = isinstance(written, str) and is_date(written) and not exception.undecided("expires")
    return written if decided else None


def scope_of(exception: Entry) -> Scope | None:
    """What an exception is about; None where it does not say so, leaves it open, or gives no reason.

    `schema` or `unknown-reference` then says what is wrong with it.
    """
    rule, written, reason = (exception.get(name) for name in ("rule", "entry", "reason"))
    entry = None if exception.undecided("rule", "entry", "reason") else exception.link("entry")
    if not (isinstance(rule, str) and isinstance(written, str) and isinstance(reason, str) and entry):
        return None
    return Scope(rule, entry)


def _unclear(fleet: Fleet) -> set[str]:
    """The exceptions that may be displaced, say twice what decides, or stand in a conflict.

    Of a file in which a merge was left unfinished nobody knows which side was approved.
    """
    torn = {problem.position.path for problem in fleet.problems_of("merge-conflict")}
    unclear = {entry.ref for entry in fleet.of(KIND).values() if entry.source.path in torn}
    unclear |= {problem.entry for problem in fleet.problems_of("malformed-table") if problem.entry}
    doubled = {first.position for problem in fleet.problems_of("duplicate-key") for first in problem.related}
    if not doubled:
        return unclear
    keys = ((entry.ref, entry.at_key(name)) for entry in fleet.of(KIND).values() for name in DECIDING)
    return unclear | {ref for ref, key in keys if key in doubled}
