"""The findings as reviewdog's Diagnostic Format, which brings them to reviews on any forge.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. reviewdog refuses
a report with a field that its version does not know, so only those are used
that it has always had: related places are told in the message.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import accumulate
from typing import Any

from regcheck.model import Finding, Severity
from regcheck.reporting.markdown import code, prose
from regcheck.reporting.phrases import accepted, told
from regcheck.reporting.view import PIPE, View
from regcheck.terminal import visible
from regcheck.verdict import Verdict

SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}
PART = 1024
"""Characters of a line whose bytes are counted together, once."""


def render(verdict: Verdict, _view: View = PIPE) -> str:
    """The report, one diagnostic a line.

    What is silenced is counted in the name of the report's source. As a
    diagnostic it would fail a run of reviewdog; each diagnostic has a source of
    its own, so that a comment stays the same when that count changes.
    """
    source = json.dumps({"name": "; ".join(["regcheck", *accepted(verdict)])})
    lines = ",".join(f"\n{json.dumps(_diagnostic(verdict, finding))}" for finding in verdict.findings)
    return f'{{"source": {source}, "diagnostics": [{lines}\n]}}\n'


def _diagnostic(verdict: Verdict, finding: Finding) -> dict[str, Any]:
    return {
        "message": "\n".join(told(finding, prose, code)),  # it becomes a comment in Markdown
        "location": {"path": visible(finding.position.path), "range": _range(verdict, finding)},
        "severity": SEVERITIES[finding.severity],
        "source": {"name": "regcheck"},
        "code": {"value": finding.rule},
    }


def _range(verdict: Verdict, finding: Finding) -> dict[str, Any]:
    """The place with columns that count bytes of UTF-8; only its lines where the text is not at hand."""
    at = finding.position
    source = verdict.fleet.source(at.path)
    if source is None or not source.written:
        return {"start": {"line": at.line}, "end": {"line": at.end_line}}

    def place(line: int, column: int) -> dict[str, int]:
        return {"line": line, "column": _size(source.line(line), column - 1) + 1}

    return {"start": place(at.line, at.column), "end": place(at.end_line, at.end_column)}


def _size(line: str, end: int) -> int:
    """How many bytes a line has up to a column."""
    part, rest = divmod(min(end, len(line)), PART)
    return _sizes(line)[part] + _bytes(line[part * PART : part * PART + rest])


@lru_cache(2)  # of the lines where a finding starts and ends
def _sizes(line: str) -> list[int]:
    """The bytes before each part of a line: one of a megabyte may have thousands of findings."""
    parts = (line[start : start + PART] for start in range(0, len(line), PART))
    return [*accumulate(map(_bytes, parts), initial=0)]


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
