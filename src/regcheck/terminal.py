"""Text as a terminal shows it: what is visible, how wide it is, colour, links.

Register text is untrusted: an escape sequence or a bidirectional override in it
must never reach a terminal, so everything shown goes through `visible`.
"""

from __future__ import annotations

import os
import unicodedata
from typing import NamedTuple

UNKNOWN_WIDTH = 100
"""Columns of a text report that no terminal shows: the same on every machine."""

STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "good": "1;32",
    "strong": "1",
    "faint": "2",
    "code": "36",
}
"""What a piece of text is, and how that looks (ECMA-48, Select Graphic Rendition)."""

URI_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


class Terminal(NamedTuple):
    """What text is written for; the defaults are a pipe or a file."""

    color: bool = False
    links: bool = False
    width: int | None = None
    """Columns, or None where no terminal shows the text."""

    def paint(self, text: str, style: str) -> str:
        """Text in one of the styles; as it is where there is no colour."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.color and text else text

    def link(self, text: str, file: str) -> str:
        """Text that opens a file when it is clicked (OSC 8); `file` is an absolute path."""
        if not self.links:
            return text
        path = "".join(chr(b) if b in URI_SAFE else f"%{b:02X}" for b in os.fsencode(file))
        return f"\x1b]8;;file://{path}\x1b\\{text}\x1b]8;;\x1b\\"


PLAIN = Terminal()


def visible(text: str) -> str:
    r"""Text with every character that cannot be seen written as an escape, such as `\x1b`."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text
    )


def columns(text: str) -> int:
    """How many columns of a terminal a visible text takes (Unicode Annex 11)."""
    if text.isascii():
        return len(text)
    return sum(map(char_columns, text))


def char_columns(char: str) -> int:
    """0 for a combining mark, 2 for a wide character, else 1."""
    if char < "\u0300":
        return 1
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def pad(text: str, width: int) -> str:
    """A visible text with blanks up to a width in columns."""
    return text + " " * (width - columns(text))


def fit(text: str, width: int) -> str:
    """A visible text of at most so many columns, its end replaced by `…` where it is longer."""
    if columns(text) <= width:
        return text
    kept, used = [], 1
    for char in text:
        used += char_columns(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept) + "…"
