"""How wide text is, by estimate, and how it is made to fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from math import inf

LABEL, NOTE, TITLE = 13, 11, 18
"""Sizes of type, in pixels."""
BOLD = 1.08
"""How much wider the bold type of a reader's system may be than the estimate."""

NARROW = frozenset("iljtf.,:;'|!()[]{} ·`-")
WIDE = frozenset("mwMW@%→—…")

BREAK = re.compile(r"(?<=[-/_. ])")
"""Where a line may end."""


def width(text: str, size: float) -> float:
    """Pixels that a text takes in a common sans-serif face, rather too many than too few."""
    return sum(map(_em, text)) * size


def _em(char: str) -> float:
    if char in NARROW:
        return 0.37
    if char in WIDE:
        return 0.98
    if char < "\u0300":
        return 0.74 if char.isupper() else 0.62
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    return 1.1 if unicodedata.east_asian_width(char) in ("W", "F") else 0.75


def cut(text: str, size: float, most: float) -> str:
    """A text that fits, its end replaced by `…` where it is longer."""
    if width(text, size) <= most:
        return text
    left, kept = most - width("…", size), []
    for char in text:
        left -= _em(char) * size
        if left < 0:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def wrapped(text: str, size: float, most: float, rows: int = 2) -> list[str]:
    """At most so many lines that fit, broken after a blank or a hyphen where there is one."""
    text = text.rstrip()
    if rows == 1 or width(text, size) <= most:
        return [cut(text, size, most)]
    first, pieces = "", BREAK.split(text)
    while width((first + pieces[0]).rstrip(), size) <= most:
        first += pieces.pop(0)
    if not first.strip():
        return [cut(text, size, most)]
    return [first.rstrip(), *wrapped("".join(pieces), size, most, rows - 1)]


def shared(wanted: Iterable[float], room: float) -> float:
    """The limit under which things of such widths fit into some room: the narrow leave theirs to the wide."""
    left = sorted(wanted)
    while left and left[0] * len(left) <= room:
        room -= left.pop(0)
    return room / len(left) if left else inf
