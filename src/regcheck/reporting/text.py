"""The findings for people: what is wrong, the line it stands in, and the way out.

Each finding begins with `path:line:column: severity[rule]: message`, which
editors and terminals know how to open, and which one line of grep can find.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from regcheck.model import Finding, Position, Severity
from regcheck.reporting.phrases import NEW, debt, found, nothing, read, silenced
from regcheck.reporting.snippet import snippet
from regcheck.reporting.view import PIPE, View
from regcheck.terminal import UNKNOWN_WIDTH, visible
from regcheck.verdict import Verdict
from regcheck.words import plural

NARROWEST = 30
"""Columns that a source line is given even on the narrowest terminal."""
MOST_RELATED = 20
"""Related places of one finding that are shown; JSON has them all."""


def render(verdict: Verdict, view: View = PIPE) -> str:
    """The whole report; the same on every machine where no terminal shows it."""
    blocks = ["\n".join(_finding(verdict, finding, view)) for finding in verdict.findings]
    if view.statistics:
        from regcheck.reporting.figures import figures

        blocks.append("\n".join(figures(verdict, view)))
    blocks.append(_summary(verdict, view))
    return "\n\n".join(blocks) + "\n"


def _finding(verdict: Verdict, finding: Finding, view: View) -> Iterator[str]:
    paint = view.terminal.paint
    severity = finding.severity.value
    place = paint(_place(finding.position, view), "strong")
    kind = paint(f"{severity}[{finding.rule}]", severity)
    yield f"{place}: {kind}: {visible(finding.message)}"
    yield from _source(verdict, finding, view)
    if finding.help:
        yield f"  {paint('help', 'good')}: {visible(finding.help)}"
    if finding.new:
        yield f"  {paint('note', 'info')}: {NEW}"
    for related in finding.related[:MOST_RELATED]:
        yield f"  {paint('note', 'info')}: {_place(related.position, view)}: {visible(related.message)}"
    if (hidden := len(finding.related) - MOST_RELATED) > 0:
        yield f"  {paint('note', 'info')}: {plural(hidden, 'more place')} in the JSON report"


def _place(position: Position, view: View) -> str:
    file = os.path.join(view.root, position.path)
    return view.terminal.link(visible(str(position)), file)


def _source(verdict: Verdict, finding: Finding, view: View) -> Iterator[str]:
    """The line of the file, and the carets under the place that the finding names."""
    source = verdict.fleet.source(finding.position.path)
    line = source.line(finding.position.line) if source else ""
    if not line.strip():
        return
    paint = view.terminal.paint
    number = str(finding.position.line)
    room = (view.terminal.width or UNKNOWN_WIDTH) - len(f"  {number} │ ")
    shown = snippet(line, finding.position, max(room, NARROWEST))
    carets = paint(shown.carets.lstrip(), finding.severity.value)
    indent = " " * (len(shown.carets) - len(shown.carets.lstrip()))
    yield f"  {paint(f'{number} │', 'faint')} {shown.source}"
    yield f"  {' ' * len(number)} {paint('╵', 'faint')} {indent}{carets}"


def _summary(verdict: Verdict, view: View) -> str:
    said = read(verdict)
    if accepted := silenced(verdict):
        said += f"; {accepted}"
    if owed := debt(verdict):
        said += f"\n{owed}"
    worst = next((severity for severity in Severity if verdict.count(severity)), None)
    if worst is None:
        style = "warning" if verdict.untold else "good"
        return f"{view.terminal.paint(nothing(verdict), style)}: {said}"
    return f"{view.terminal.paint(found(verdict.findings), worst.value)} in {said}"
