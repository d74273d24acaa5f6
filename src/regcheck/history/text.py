"""Progress as text to read in a terminal: what changed, commit by commit, and what it came to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from regcheck.history.progress import FIGURES, Figures, Point
from regcheck.terminal import Terminal, fit, visible
from regcheck.words import plural

SHORT = 8
"""Characters of a commit's name."""
BARS = "▁▂▃▄▅▆▇█"
MOST_BARS = 24
MOST_REASONS = 3
GAP = "  "
LEAST_SUBJECT = 12
"""Columns of a subject below which it says nothing, and is left out."""
CHANGED, UNCHANGED, SKIPPED, EMPTY = "changed", "without a change", "skipped", "without registers"


def render(points: Sequence[Point], terminal: Terminal) -> str:
    """Where a figure changed, one commit a line; then each figure from its first value to its last."""
    counted = [point for point in points if point.figures is not None]
    lines = [*_table(points, terminal)]
    if counted:
        lines += ["", *_summary(counted, terminal)]
    if skipped := [point for point in points if point.why]:
        lines += ["", *_reasons(skipped, terminal)]
    return "\n".join(lines) + "\n"


def _table(points: Sequence[Point], terminal: Terminal) -> Iterator[str]:
    """A head, then the commits; those in which no figure changed are only counted."""
    heads = [figure.head for figure in FIGURES]
    rows = [list(map(str, point.figures)) for point in points if point.figures]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    head = [f"{'date':10}", f"{'commit':{SHORT}}", *map(str.rjust, heads, widths), "subject"]
    yield terminal.paint(GAP.join(head), "strong")
    room = None if terminal.width is None else terminal.width - len(GAP.join(head[:-1])) - len(GAP)
    before: Figures | None = None
    for changed, group in groupby(_kinds(points), key=lambda pair: pair[0] == CHANGED):
        if not changed:
            counts = _counted([kind for kind, _ in group])
            yield terminal.paint(f"… {counts}", "faint")
            continue
        for _, point in group:
            assert point.figures is not None
            yield _row(point, before, widths, room, terminal)
            before = point.figures


def _kinds(points: Sequence[Point]) -> Iterator[tuple[str, Point]]:
    """What there is to tell of each commit."""
    before: Figures | None = None
    for point in points:
        if point.figures is None:
            yield SKIPPED if point.why else EMPTY, point
        else:
            yield CHANGED if point.figures != before else UNCHANGED, point
            before = point.figures


def _counted(kinds: list[str]) -> str:
    """`3 commits without a change, 1 skipped`."""
    counts = {kind: kinds.count(kind) for kind in (UNCHANGED, EMPTY, SKIPPED) if kind in kinds}
    (kind, count), *others = counts.items()
    return ", ".join([f"{plural(count, 'commit')} {kind}", *(f"{n:,} {kind}" for kind, n in others)])


def _row(
    point: Point, before: Figures | None, widths: list[int], room: int | None, terminal: Terminal
) -> str:
    assert point.figures is not None
    cells = []
    for name, number, width in zip(Figures._fields, point.figures, widths, strict=True):
        cell = str(number).rjust(width)
        if before and number != (old := getattr(before, name)):
            worse = "warning" if name == "silenced" else "error"
            cell = terminal.paint(cell, worse if number > old else "good")
        cells.append(cell)
    row = [point.commit.day, terminal.paint(point.commit.oid[:SHORT], "code"), *cells]
    subject = visible(point.commit.subject)
    if room is None or room >= LEAST_SUBJECT:
        row.append(subject if room is None else fit(subject, room))
    return GAP.join(row).rstrip()


def _summary(counted: list[Point], terminal: Terminal) -> Iterator[str]:
    """What the figures were at first and are at last, in a sentence and in a table."""
    columns = list(zip(*(point.figures for point in counted if point.figures), strict=True))
    since, first, last = counted[0].commit.day, columns[0][0], columns[0][-1]
    nodes = "production node that needs" if last == 1 else "production nodes that need"
    yield terminal.paint(f"since {since}: {first:,} → {last:,} {nodes} an interactive machine", "strong")
    changes = [(str(numbers[0]), str(numbers[-1])) for numbers in columns]
    olds, news = (max(map(len, column)) for column in zip(*changes, strict=True))
    heads = max(len(figure.head) for figure in FIGURES)
    bars = min(len(counted), MOST_BARS) if any(len({*numbers}) > 1 for numbers in columns) else 0
    for figure, numbers, (old, new) in zip(FIGURES, columns, changes, strict=True):
        row = [f"  {figure.head:{heads}}", f"{old.rjust(olds)} → {new.ljust(news)}"]
        row += [sparkline(numbers, bars) if len({*numbers}) > 1 else " " * bars] if bars else []
        yield GAP.join([*row, figure.meaning])


def sparkline(numbers: Sequence[int], width: int) -> str:
    """The course of some numbers in so many characters, from nothing to the highest of them.

    Each character stands for the last of the numbers that fall to it.
    """
    most = max(numbers)
    ends = [len(numbers) * (at + 1) // width - 1 for at in range(width)]
    steps = len(BARS) - 1
    return "".join(BARS[-(-numbers[end] * steps // most) if most else 0] for end in ends)


def _reasons(skipped: list[Point], terminal: Terminal) -> Iterator[str]:
    """Why commits were skipped: a reason once for all that follow one another with it."""
    many = "commit was" if len(skipped) == 1 else "commits were"
    yield terminal.paint(f"{len(skipped):,} {many} skipped, because nothing can be counted there:", "warning")
    reasons = [
        (why, [point.commit for point in group]) for why, group in groupby(skipped, key=lambda p: p.why)
    ]
    for why, (first, *others) in reasons[:MOST_REASONS]:
        more = f" and {len(others):,} more" if others else ""
        yield f"  {first.day}  {first.oid[:SHORT]}{more}  {visible(why)}"
    if len(reasons) > MOST_REASONS:
        yield f"  … {plural(len(reasons) - MOST_REASONS, 'more reason')}: see --format json"
