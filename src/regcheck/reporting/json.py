"""The findings as JSON, one finding a line; version 1 is a promise to other tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from regcheck.model import Finding, Position, Severity, Silenced
from regcheck.reporting import statistics
from regcheck.reporting.view import PIPE, View
from regcheck.verdict import Verdict

VERSION = 1


def render(verdict: Verdict, view: View = PIPE) -> str:
    """The report; beyond ASCII everything is escaped, so that any terminal and encoding can take it."""
    return "".join(_parts(verdict, view))


def _parts(verdict: Verdict, view: View) -> Iterator[str]:
    yield f'{{"version": {VERSION},\n "findings": ['
    yield ",".join(f"\n  {json.dumps(_finding(finding))}" for finding in verdict.findings)
    yield '],\n "silenced": ['
    yield ",".join(f"\n  {json.dumps(_silenced(one))}" for one in verdict.silenced)
    yield f'],\n "summary": {json.dumps(_summary(verdict))}'
    if view.statistics:
        yield f',\n "statistics": {json.dumps(_statistics(verdict))}'
    yield "}\n"


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        **_place(finding.position),
        "end_line": finding.position.end_line,
        "end_column": finding.position.end_column,
        "entry": finding.entry,
        **({} if finding.new is None else {"new": finding.new}),
        "related": [{**_place(place), "message": message} for place, message in finding.related],
    }


def _silenced(silenced: Silenced) -> dict[str, Any]:
    return {**_finding(silenced.finding), "by": silenced.by, "reason": silenced.reason}


def _place(position: Position) -> dict[str, Any]:
    return {"path": position.path, "line": position.line, "column": position.column}


def _summary(verdict: Verdict) -> dict[str, Any]:
    return {
        "files": verdict.files,
        "entries": verdict.entries,
        "errors": verdict.count(Severity.ERROR),
        "warnings": verdict.count(Severity.WARNING),
        "infos": verdict.count(Severity.INFO),
        **({"old": verdict.old} if verdict.old else {}),
        "silenced": {"exception": verdict.excepted, "baseline": verdict.baselined},
        "baseline": verdict.baseline and verdict.baseline._asdict(),
    }


def _statistics(verdict: Verdict) -> dict[str, Any]:
    return {
        "findings": [
            {"rule": row.rule, "severity": row.severity.value, "count": row.times}
            for row in statistics.by_rule(verdict)
        ],
        "entries": statistics.by_kind(verdict),
        "coverage": _coverage(verdict),
    }


def _coverage(verdict: Verdict) -> dict[str, Any]:
    found = statistics.coverage(verdict)
    figures = {
        name: {**total._asdict(), "kinds": {kind: share._asdict() for kind, share in kinds.items()}}
        for name, (total, kinds) in found.figures.items()
    }
    return {
        "today": verdict.today,
        **figures,
        "facts": {**found.facts._asdict(), "age": found.facts.age and found.facts.age._asdict()},
        "exceptions": {**found.exceptions._asdict(), "expiring_days": statistics.SOON},
        "baseline": verdict.baseline and verdict.baseline._asdict(),
    }
