"""The figures of `--statistics` for people: counts first, in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from regcheck.graph.coverage import Share
from regcheck.reporting import statistics
from regcheck.reporting.view import View
from regcheck.terminal import pad
from regcheck.verdict import Verdict

NONE = "—"
"""A figure where there is nothing to count."""


def figures(verdict: Verdict, view: View) -> Iterator[str]:
    """Findings by rule, entries by kind, and how complete and how old these are, line by line."""
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
