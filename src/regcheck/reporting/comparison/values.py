"""Values of fields in few words."""

from __future__ import annotations

from typing import Any

from regcheck.model import Property
from regcheck.words import flow, quoted, shared_start

LONGEST = 60
"""Characters of a value that are shown."""
LEADING = 15
"""Characters of what two long values begin with in common that are shown before their difference."""


def value(said: Any, property_: Property | None) -> str:
    """What a field says: of a reference the id, in backquotes what is more than a word."""
    if isinstance(said, list):
        return ", ".join(value(item, property_) for item in said) or "nothing"
    text = " ".join(flow(said).split())
    kind, colon, id_ = text.partition(":")
    if colon and property_ and property_.reference and kind in property_.reference.kinds:
        text = id_
    return quoted(cut(text)) if " " in text or not text or "`" in text else cut(text)


def cut(text: str, most: int = LONGEST) -> str:
    """A text of at most so many characters, its end replaced by `…` where it is longer."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def from_their_difference(before: str, after: str) -> tuple[str, str]:
    """Two texts, without the most of what they begin with in common where that is long."""
    shared = shared_start(before, after)
    if max(len(before), len(after)) <= LONGEST or shared <= LEADING + 1:
        return before, after
    return f"…{before[shared - LEADING :]}", f"…{after[shared - LEADING :]}"
