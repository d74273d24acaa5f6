"""What keeps a comparison from being the whole truth: what was not read, and who judged instead."""

from __future__ import annotations

from collections.abc import Iterator

from regcheck.comparing.comparison import Comparison
from regcheck.reporting.comparison import Side, Sides
from regcheck.reporting.comparison.values import cut
from regcheck.verdict import Verdict
from regcheck.words import listed

MOST_NAMED = 6
"""Files that one sentence names."""
LONGEST = 600
"""Characters of a sentence."""


def caveats(comparison: Comparison, sides: Sides) -> list[str]:
    """What a reader must know of both sides before the differences, one sentence each."""
    said = (*_about(comparison.before, sides.before, "new"), *_about(comparison.after, sides.after, "gone"))
    return [cut(sentence, LONGEST) for sentence in said]


def _about(verdict: Verdict, side: Side, seems: str) -> Iterator[str]:
    if unread := verdict.fleet.unread:
        more = len(unread) - MOST_NAMED
        files = listed([*unread[:MOST_NAMED], f"{more:,} more files"] if more > 1 else unread)
        rev = f" --rev {side.commit[:12]}" if side.commit else ""
        it = "it" if len(unread) == 1 else "them"
        why = f"could not be read as a whole, so what seems {seems} may stand in {it}"
        why += ", and what follows from it is not sure"
        yield f"{side.name}: {files} {why}: see `regcheck check{rev}`"
    yield from (f"{side.name}: {remark}" for remark in remarks(verdict))


def remarks(verdict: Verdict) -> list[str]:
    """What else is to be known of one side."""
    empty = not verdict.fleet.registers and not verdict.fleet.problems
    nothing = ["there is no register, so it counts as empty"] if empty else []
    return [*verdict.fleet.tree.remarks, *verdict.remarks, *nothing]
