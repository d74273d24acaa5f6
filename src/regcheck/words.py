"""Small words that every stage uses: slugs, lists in sentences, suggestions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

Found = TypeVar("Found")

LONGEST = 57
"""Characters of a value that a message shows."""

MOST_BITS = 14_000
"""Bits of a whole number that is written out in digits."""

MANY = 200
"""Known words past which only those that begin or end alike are compared."""
A_TYPO = 3
"""Letters that a misspelt word may be longer or shorter by."""
A_WORD = 3
"""Letters from which on the beginning of a word says which one is meant."""
MOST_CLOSE = 5
"""Known words that are close enough to a misspelt one to be worth a thought."""
MOST_GUESSES = 100
"""Names for which others are sought: past that something else is wrong than a typo."""


def slug(text: str) -> str:
    """An id made from a name: lower case, words joined by hyphens."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w]+|_+", "-", folded).strip("-")


def listed(names: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    *rest, final = [*names] or [""]
    return f"{', '.join(rest)} {last} {final}" if rest else final


def plural(count: int, noun: str, many: str = "") -> str:
    """`1 error`, `2 errors`."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def shared_start(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question with the closest known word, or nothing where no known word is close."""
    close = closest(word, known)
    return f"did you mean {quoted(close)}?" if close else ""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like a misspelt one; None where none is."""
    return next(iter(close(word, known)), None)


def close(word: str, known: Iterable[str]) -> list[str]:
    """The few known words most like a misspelt one, best first (Ratcliff-Obershelp, as in difflib)."""
    from difflib import get_close_matches

    by_folded: dict[str, list[str]] = {}
    for name in sorted(known):
        by_folded.setdefault(name.casefold(), []).append(name)
    word = word.casefold()
    pool = list(by_folded)
    if len(pool) > MANY:  # a typo seldom changes both ends of a word
        pool = [
            n
            for n in pool
            if abs(len(n) - len(word)) <= A_TYPO and (n[:1] == word[:1] or n[-1:] == word[-1:])
        ]
    found = get_close_matches(word, pool, n=MOST_CLOSE, cutoff=0.6)
    if not found and len(word) >= A_WORD:
        found = [
            name for name in pool if name.startswith(word) or (len(name) >= A_WORD and word.startswith(name))
        ]
    return [name for folded in found for name in by_folded[folded]]


class Guesses(Generic[Found]):
    """What may be meant by names that are not known: sought once for each, and not for too many."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Found] = {}

    def of(self, name: Hashable, seek: Callable[[], Found]) -> Found | None:
        """What is found for a name; None for one too many."""
        if name not in self._found and len(self._found) < MOST_GUESSES:
            self._found[name] = seek()
        return self._found.get(name)


def shorten(value: Any) -> str:
    """A value in a message: in backquotes, on one line, never longer than 60 characters."""
    text = " ".join(flow(value).split())
    return quoted(f"{text[:LONGEST]}…" if len(text) > LONGEST + 1 else text)


def quoted(text: str) -> str:
    """A text in backquotes: in more of them than it holds in a row itself, so that it ends where it ends.

    It is a span of code in Markdown (CommonMark 6.1), whatever is in it. An empty
    text is shown as YAML writes it, since no span of code is empty.
    """
    text = text or '""'
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in (text[0], text[-1]) or (text[0] == text[-1] == " " and text.strip()) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def flow(value: Any) -> str:
    """A value as YAML writes it in the flow of a line: `true`, `null`, `[a, b]`, `{a: b}`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {flow(item)}' for name, item in value.items())}}}"
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return hex(value)  # Python refuses to write it out
    return str(value)
