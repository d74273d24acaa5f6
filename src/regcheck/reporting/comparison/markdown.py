"""What a change means, as a comment on a pull request: a sentence or two, and the rest folded away.

Text of registers is shown as code, as in the report of findings.
"""

from __future__ import annotations

from regcheck.comparing.comparison import Comparison
from regcheck.reporting.comparison import Side, Sides
from regcheck.reporting.comparison.caveats import caveats
from regcheck.reporting.comparison.headline import headline
from regcheck.reporting.comparison.sections import Row, Section, sections
from regcheck.reporting.markdown import COMMENT, code, prose
from regcheck.terminal import PLAIN, Terminal
from regcheck.words import plural

MOST = 100
"""Rows of one sort that are shown, where there is room."""
ENDING = 200
"""Bytes that the sentence about what is left out may take."""
STYLES = {"+": "**+**", "-": "**−**", "~": "**~**"}  # noqa: RUF001  a minus at the start is a list


def render(comparison: Comparison, sides: Sides, _terminal: Terminal = PLAIN) -> str:
    """The comment, short enough for a forge."""
    start = "## regcheck: what this change means\n\n"
    start += "".join(f"> **Mind:** {prose(caveat)}\n\n" for caveat in caveats(comparison, sides))
    start += "\n".join(map(prose, headline(comparison))) + "\n"
    end = f"\n<sub>From {code(_named(sides.before))} to {code(_named(sides.after))}.</sub>\n"
    room = COMMENT - len((start + end).encode())
    parts = []
    found = sections(comparison)
    for at, section in enumerate(found):
        part = _section(section, room // (len(found) - at))  # what one does not need is for the others
        room -= len(part.encode())
        parts.append(part)
    return start + "".join(parts) + end


def _named(side: Side) -> str:
    name, commit = side
    return f"{name} ({commit[:12]})" if commit and not commit.startswith(name) else name


def _section(section: Section, room: int) -> str:
    """One sort of differences, folded, in at most so many bytes."""
    head = f"\n<details><summary>{section.title} ({section.size:,})</summary>\n\n"
    foot = "\n</details>\n"
    room -= len((head + foot).encode()) + ENDING
    items: list[str] = []
    for row in section.rows[:MOST]:
        item = _item(row)
        room -= len(item.encode())
        if room < 0:
            break
        items.append(item)
    if left := len(section.rows) - len(items):
        items.append(f"- {plural(left, 'more line')}: `regcheck diff --format json` has all\n")
    return f"{head}{''.join(items)}{foot}"


def _item(row: Row) -> str:
    states = f", {prose(row.states)}" if row.states else ""
    place = f" ({code(f'{row.position.path}:{row.position.line}')})" if row.position else ""
    start = f"- {STYLES[row.sign]} " if row.sign else "  - "
    return f"{start}{prose(row.text)}{states}{place}\n"
