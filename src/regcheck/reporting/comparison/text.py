"""What a change means, for people at a terminal: one sentence or two, then the differences by sort."""

from __future__ import annotations

from collections.abc import Iterator

from regcheck.comparing.comparison import Comparison
from regcheck.reporting.comparison import Sides
from regcheck.reporting.comparison.caveats import caveats
from regcheck.reporting.comparison.headline import headline
from regcheck.reporting.comparison.sections import Row, Section, sections
from regcheck.terminal import PLAIN, Terminal, columns, pad, visible
from regcheck.words import plural

MOST = 40
"""Rows of one sort that are shown; JSON has them all."""
WIDEST = 70
"""Columns up to which the places behind the rows stand below each other."""
SIGNS = {"+": "good", "-": "error", "~": "warning", "": "faint"}


def render(comparison: Comparison, sides: Sides, terminal: Terminal = PLAIN) -> str:
    """The whole text."""
    return "\n".join(_lines(comparison, sides, terminal)) + "\n"


def _lines(comparison: Comparison, sides: Sides, terminal: Terminal) -> Iterator[str]:
    yield terminal.paint(visible(f"From {sides.before.name} to {sides.after.name}:"), "faint")
    for caveat in caveats(comparison, sides):
        yield terminal.paint(visible(caveat), "warning")
    for sentence in headline(comparison):
        yield terminal.paint(visible(sentence), "strong")
    for section in sections(comparison):
        yield ""
        yield terminal.paint(f"{section.title} ({section.size:,})", "strong")
        yield from _rows(section, terminal)


def _rows(section: Section, terminal: Terminal) -> Iterator[str]:
    shown = section.rows[:MOST]
    if section.place_first:
        yield from (_finding(row, terminal) for row in shown)
        shown = []
    texts = [visible(row.text if row.sign else f"  {row.text}") for row in shown]
    width = max((columns(text) for text in texts if columns(text) <= WIDEST), default=0)
    for row, text in zip(shown, texts, strict=True):
        sign = terminal.paint(row.sign, row.style or SIGNS[row.sign]) or " "
        yield f"  {sign} {pad(text, width)}{_behind(row, terminal)}".rstrip()
    if (left := len(section.rows) - MOST) > 0:
        yield terminal.paint(f"    {plural(left, 'more line')}: `--format json` has all", "faint")


def _finding(row: Row, terminal: Terminal) -> str:
    place = f"{terminal.paint(_place(row), 'strong')}: " if row.position else ""
    return f"  {terminal.paint(row.sign, row.style or SIGNS[row.sign])} {place}{visible(row.text)}"


def _place(row: Row) -> str:
    return visible(f"{row.position.path}:{row.position.line}") if row.position else ""


def _behind(row: Row, terminal: Terminal) -> str:
    """In which states it is so, and where it is written."""
    states = f"  {visible(row.states)}" if row.states else ""
    place = _place(row)
    return f"{states}  {terminal.paint(place, 'faint')}" if place else states
