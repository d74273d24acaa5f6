"""The findings for people: what is wrong, the line it stands in, and the way out.

Each finding begins with `path:line:column: severity[rule]: message`, which
editors and terminals know how to open, and which one line of grep can find.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from regcheck.model import Finding, Position, Severity
from regcheck.reporting import statistics
from regcheck.reporting.phrases import debt, silenced
from regcheck.reporting.snippet import snippet
from regcheck.reporting.view import PIPE, View
from regcheck.terminal import UNKNOWN_WIDTH, pad, visible
from regcheck.verdict import Verdict
from regcheck.words import plural

if TYPE_CHECKING:
    from regcheck.graph.coverage import Share

NARROWEST = 30
"""Columns that a source line is given even on the narrowest terminal."""
MOST_RELATED = 20
"""Related places of one finding that are shown; JSON has them all."""
NONE = "—"
"""A figure where there is nothing to count."""


def render(verdict: Verdict, view: View = PIPE) -> str:
    """The whole report; the same on every machine where no terminal shows it."""
    blocks = ["\n".join(_finding(verdict, finding, view)) for finding in verdict.findings]
    if view.statistics:
        blocks.append("\n".join(_statistics(verdict, view)))
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


def _statistics(verdict: Verdict, view: View) -> Iterator[str]:
    paint = view.terminal.paint
    rows = statistics.by_rule(verdict)
    kinds = statistics.by_kind(verdict)
    names = [row.rule for row in rows] + list(kinds)
    width = max(map(len, names), default=0)
    if rows:
        yield paint("findings by rule", "strong")
        for row in rows:
            severity = paint(row.severity.value, row.severity.value)
            yield f"  {row.times:>7,}  {pad(row.rule, width)}  {severity}"
    yield paint("entries by kind", "strong")
    for kind, count in kinds.items():
        yield f"  {count:>7,}  {kind}"
    yield from _coverage(verdict, view)


def _coverage(verdict: Verdict, view: View) -> Iterator[str]:
    """How complete the entries are: a table of the kinds, then the day of what they say."""
    found = statistics.coverage(verdict)
    figures = found.figures.values()
    kinds = sorted({kind for figure in figures for kind in figure.kinds})
    rows = {kind: [_share(figure.kinds.get(kind)) for figure in figures] for kind in kinds}
    rows["all"] = [_share(figure.total) for figure in figures]
    rows["undecided"] = [f"{figure.total.undecided:,}" if figure.total.of else NONE for figure in figures]
    width = max(map(len, (*rows, "coverage")))
    widths = [max(map(len, column)) for column in zip(found.figures, *rows.values(), strict=True)]

    def row(head: str, cells: Iterable[str]) -> str:
        return head + "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))

    yield view.terminal.paint(row(pad("coverage", width + 2), found.figures), "strong")
    for head, cells in rows.items():
        yield row(f"  {pad(head, width)}", cells)
    yield from _days(found, verdict, view)


def _share(share: Share | None) -> str:
    """`3/4`; what nothing must have is a dash, lest nothing of nothing look like all."""
    return f"{share.have:,}/{share.of:,}" if share and share.of else NONE


def _days(found: statistics.Coverage, verdict: Verdict, view: View) -> Iterator[str]:
    """The age of the facts, how long the exceptions hold, and the size of the baseline."""
    facts, held = found.facts, found.exceptions
    blocks: list[tuple[str, dict[str, int]]] = []
    ages = {f"days old: the {name}": age for name, age in facts.age._asdict().items()} if facts.age else {}
    counts = {"dated": facts.dated, "without a date": facts.undated, "stale": facts.stale}
    blocks.append((f"facts on {verdict.today}", ages | counts))
    if any(held):
        soon = f"of them end within {statistics.SOON} days"
        counts = {"in force": held.in_force, soon: held.expiring, "expired": held.expired}
        blocks.append((f"exceptions on {verdict.today}", counts))
    if verdict.baseline:
        blocks.append(
            ("baseline", {"findings": verdict.baseline.size, "of them gone": verdict.baseline.gone})
        )
    for title, lines in blocks:
        yield view.terminal.paint(title, "strong")
        for words, count in lines.items():
            yield f"  {count:>7,}  {words}"


def _summary(verdict: Verdict, view: View) -> str:
    found = [(severity, verdict.count(severity)) for severity in Severity]
    read = f"{plural(verdict.files, 'file')} with {plural(verdict.entries, 'entry', 'entries')}"
    if verdict.elsewhere:
        read += f"; {plural(verdict.elsewhere, 'finding')} elsewhere"
    if accepted := silenced(verdict):
        read += f"; {accepted}"
    if owed := debt(verdict):
        read += f"\n{owed}"
    worst = next((severity for severity, count in found if count), None)
    if worst is None:
        return f"{view.terminal.paint('clean', 'good')}: {read}"
    counts = ", ".join(plural(count, severity.value) for severity, count in found if count)
    return f"{view.terminal.paint(counts, worst.value)} in {read}"
