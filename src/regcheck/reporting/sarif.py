"""The findings as SARIF 2.1.0, held to the limits of GitHub code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
import re
from typing import Any

from regcheck import __version__
from regcheck.catalogue import catalogue
from regcheck.model import Finding, Position, Related, Severity, Silenced
from regcheck.reporting.fingerprints import fingerprints
from regcheck.reporting.phrases import most_severe, sentences
from regcheck.reporting.view import PIPE, View
from regcheck.rule import Rule
from regcheck.terminal import URI_SAFE, visible
from regcheck.verdict import Verdict
from regcheck.words import plural

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
ROOT = "%SRCROOT%"

# https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
MOST_RESULTS = 25_000
MOST_LOCATIONS = 100
LONGEST_DESCRIPTION = 1024


def render(verdict: Verdict, _view: View = PIPE) -> str:
    """The report, one result a line; whoever compares two runs has `partialFingerprints`.

    What is silenced is a result with a suppression. GitHub shows such results
    only where its setting to treat them as dismissed is on.
    """
    results, left_out = _results(verdict)
    run = {
        "tool": {"driver": _driver(verdict)},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "originalUriBaseIds": {ROOT: {"description": {"text": "the root of the repository"}}},
        "invocations": [_invocation(left_out)],
        "properties": _properties(verdict),
    }
    lines = ",".join(f"\n{json.dumps(result)}" for result in results)
    head = json.dumps({"$schema": SCHEMA, "version": "2.1.0"})[:-1]
    return f'{head}, "runs": [\n{json.dumps(run)[:-1]}, "results": [{lines}]}}]}}\n'


def _driver(verdict: Verdict) -> dict[str, Any]:
    known = catalogue()
    rules = [_rule(known.rule(name), known.group_of(name)) for name in verdict.rules]
    return {"name": "regcheck", "version": __version__, "semanticVersion": __version__, "rules": rules}


def _rule(rule: Rule, group: str) -> dict[str, Any]:
    from inspect import cleandoc

    body = cleandoc(rule.doc).partition("\n\n")[2].strip()
    reason = " ".join(body.partition("## Why it matters")[2].partition("\n## ")[0].split())
    return {
        "id": rule.name,
        "shortDescription": {"text": _cut(rule.summary)},
        "fullDescription": {"text": _cut(reason or rule.summary)},
        "help": {"text": body or rule.summary, "markdown": body or rule.summary},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": [group]},
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_DESCRIPTION else f"{text[: LONGEST_DESCRIPTION - 1]}…"


def _invocation(left_out: int) -> dict[str, Any]:
    if not left_out:
        return {"executionSuccessful": True}
    text = f"{plural(left_out, 'result')} left out: code scanning takes no more than {MOST_RESULTS:,}"
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": text}}],
    }


def _properties(verdict: Verdict) -> dict[str, Any]:
    """The figures that SARIF itself has no place for."""
    counts: dict[str, Any] = {"silenced": len(verdict.silenced)}
    if verdict.baseline:
        counts["baseline"] = verdict.baseline._asdict()
    return counts


def _results(verdict: Verdict) -> tuple[list[dict[str, Any]], int]:
    """The results, and how many are left out: of the findings the least severe, or what is silenced."""
    index = {name: number for number, name in enumerate(verdict.rules)}
    found: list[tuple[Finding, Silenced | None]] = [
        (finding, None) for finding in most_severe(verdict.findings, MOST_RESULTS)
    ]
    found += [(silenced.finding, silenced) for silenced in verdict.silenced]
    kept = found[:MOST_RESULTS]
    prints = fingerprints(finding for finding, _ in kept)
    return [
        _result(finding, silenced, index[finding.rule], fingerprint)
        for (finding, silenced), fingerprint in zip(kept, prints, strict=True)
    ], len(verdict.findings) + len(verdict.silenced) - len(kept)


def _result(finding: Finding, silenced: Silenced | None, index: int, fingerprint: str) -> dict[str, Any]:
    location = _location(finding.position)
    if finding.entry:
        kind, _, name = finding.entry.partition(":")
        entry = {"fullyQualifiedName": finding.entry, "name": name, "kind": kind}
        location["logicalLocations"] = [{key: visible(value) for key, value in entry.items()}]
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": _message(sentences(finding)),
        "locations": [location],
        "partialFingerprints": {"identity/v1": fingerprint},
        # Either all results of a run have suppressions or none has (3.27.23).
        "suppressions": [_suppression(silenced)] if silenced else [],
    }
    if finding.new is not None:
        result["baselineState"] = "new" if finding.new else "unchanged"
    if finding.related:
        places = enumerate(finding.related[:MOST_LOCATIONS], 1)
        result["relatedLocations"] = [_related(number, related) for number, related in places]
    return result


def _related(number: int, related: Related) -> dict[str, Any]:
    return {"id": number, **_location(related.position), "message": _message(related.message)}


def _suppression(silenced: Silenced) -> dict[str, Any]:
    why = f"{silenced.by}: {silenced.reason}" if silenced.reason else silenced.by
    return {"kind": "external", "status": "accepted", "justification": visible(why)}


def _message(text: str) -> dict[str, str]:
    """A text with nothing in it that a viewer takes for a placeholder or a link (3.11.5, 3.11.6).

    A blank takes them apart: viewers do not agree on how to show what is escaped.
    """
    return {"text": re.sub(r"\{(?=\d)|\](?=\()", r"\g<0> ", visible(text))}


def _location(position: Position) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(position.path), "uriBaseId": ROOT},
            "region": {
                "startLine": position.line,
                "startColumn": position.column,
                "endLine": position.end_line,
                "endColumn": position.end_column,
            },
        }
    }


def _uri(path: str) -> str:
    """A path as a relative reference (RFC 3986)."""
    return "".join(chr(b) if b in URI_SAFE else f"%{b:02X}" for b in os.fsencode(path))
