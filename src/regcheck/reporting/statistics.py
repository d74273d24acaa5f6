"""Findings counted by rule, entries by kind."""

from __future__ import annotations

from typing import NamedTuple

from regcheck.model import Severity
from regcheck.verdict import Verdict


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
