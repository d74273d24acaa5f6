"""The findings as workflow commands of GitHub Actions.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from regcheck.model import Finding, Severity
from regcheck.reporting.phrases import accepted, headline, left_out, told, worst_first
from regcheck.reporting.view import PIPE, View
from regcheck.terminal import visible
from regcheck.verdict import Verdict
from regcheck.words import plural

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
MOST = 10
"""Annotations of one level that GitHub shows of a step; it drops the others without a word."""
LONGEST = 4096
"""Characters of an annotation's message that the runner keeps."""


def render(verdict: Verdict, view: View = PIPE) -> str:
    """The commands for the findings that GitHub will show, then how many there are besides, and where."""
    said = accepted(verdict)
    shown: list[Finding] = []
    for severity in Severity:
        of_level = [finding for finding in verdict.findings if finding.severity is severity]
        shown += worst_first(of_level)[: MOST - (severity is Severity.INFO)]
    if hidden := len(verdict.findings) - len(shown):
        summarized = f"{plural(hidden, 'more finding')} in the job summary"
        said.insert(0, summarized if view.summarized else left_out(hidden))
    lines = [_command(finding) for finding in shown]
    if said:
        lines.append(f"::notice title=regcheck::{_data('; '.join(said))}")
    return "\n".join([*lines, headline(verdict)]) + "\n"


def _command(finding: Finding) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _place(finding))
    message = "\n".join(told(finding))
    if len(message) > LONGEST:
        message = f"{message[: LONGEST - 1]}…"
    return f"::{COMMANDS[finding.severity]} {properties}::{_data(message)}"


def _place(finding: Finding) -> Iterator[tuple[str, str]]:
    at = finding.position
    yield "title", f"regcheck: {finding.rule}"
    yield "file", visible(at.path)
    yield "line", str(at.line)
    yield "endLine", str(at.end_line)
    if at.line == at.end_line:  # the runner takes columns within one line only
        yield "col", str(at.column)
        yield "endColumn", str(at.end_column)


def _data(text: str) -> str:
    """A message as a command's data.

    Runners look for commands of the old form, `##[…]`, anywhere in a line.
    """
    text = text.replace("##[", "## [")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
