"""Rows of text as an aligned table, as wide as the terminal at most."""

from __future__ import annotations

from itertools import zip_longest

from regcheck.terminal import Terminal, columns, fit, pad, visible
from regcheck.words import plural

GAP = "  "
NARROWEST = 12
"""Columns of the terminal below which a long text says nothing; the last columns are left out instead."""


def table(header: list[str], rows: list[list[str]], terminal: Terminal) -> str:
    """The table with its header; where no terminal shows it nothing is cut off."""
    lines = [[visible(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(columns, column), default=0) for column in zip_longest(*lines, fillvalue="")]
    kept = widths if terminal.width is None else _narrowed(widths, terminal.width)
    shown = [
        GAP.join(pad(fit(cell, width), width) for cell, width in zip(line, kept, strict=False)).rstrip()
        for line in lines
    ]
    if kept:
        shown[0] = terminal.paint(shown[0], "strong")
        shown.insert(1, terminal.paint(GAP.join("─" * width for width in kept), "faint"))
    if len(kept) < len(widths):
        more = plural(len(widths) - len(kept), "more column")
        shown.append(terminal.paint(f"… and {more} beyond this terminal: see --format json or csv", "faint"))
    return "\n".join(shown) + "\n" if kept else ""


def _narrowed(widths: list[int], room: int) -> list[int]:
    """The widths that fit: the first column names the row, of the others the widest give way.

    Where even that is not enough the last columns are left out.
    """
    if not widths:
        return []
    widths = [min(width, room) for width in widths]
    least = [min(width, NARROWEST) for width in widths]
    least[0] = min(widths[0], max(NARROWEST, room // 2))
    shown = len(widths)
    while shown > 1 and sum(least[:shown]) + len(GAP) * (shown - 1) > room:
        shown -= 1
    kept, least = widths[:shown], least[:shown]
    room -= len(GAP) * (shown - 1)
    while sum(kept) > room:
        spare = [width - low for width, low in zip(kept, least, strict=True)]
        if not any(spare):
            break
        widest = max((width, index) for index, width in enumerate(kept) if spare[index])[1]
        kept[widest] -= 1
    return kept
