"""The findings as a GitLab code quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from typing import Any

from regcheck.model import Finding, Severity
from regcheck.reporting.fingerprints import digest, fingerprints
from regcheck.reporting.phrases import accepted, sentences
from regcheck.reporting.view import PIPE, View
from regcheck.terminal import visible
from regcheck.verdict import Verdict

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(verdict: Verdict, _view: View = PIPE) -> str:
    """The report, one issue a line."""
    prints = fingerprints(verdict.findings)
    issues = [_issue(finding, next(prints)) for finding in verdict.findings]
    if verdict.silenced:
        issues.append(_silenced(verdict))
    return "[" + ",".join(f"\n{json.dumps(issue)}" for issue in issues) + "\n]\n"


def _issue(finding: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "description": sentences(finding),
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": _location(finding),
    }


def _silenced(verdict: Verdict) -> dict[str, Any]:
    """What is accepted, as one note: the format has no place for it beside the issues.

    Its fingerprint never changes, so a merge request does not show it as new
    whenever the count does.
    """
    return {
        "description": "; ".join(accepted(verdict)),
        "check_name": "silenced",
        "fingerprint": digest("silenced"),
        "severity": "info",
        "location": _location(verdict.silenced[0].finding),
    }


def _location(finding: Finding) -> dict[str, Any]:
    return {"path": visible(finding.position.path), "lines": {"begin": finding.position.line}}
