"""A settings file, and where in it something stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from regcheck.errors import SettingsError
from regcheck.model import Position, Source

Path = tuple[str | int, ...]
"""The keys, and the indexes of lists, that lead to a value."""

WORD = re.compile(r"\[\[?[^\]\n]*\]\]?|\"[^\"\n]*\"|'[^'\n]*'|[\w.-]+")
"""A header, a text or a key."""


class File(NamedTuple):
    """A settings file, and the part of it that is regcheck's."""

    name: str
    text: str
    """With `\\n` for the end of a line."""
    prefix: Path = ()
    """The keys of the table that holds the settings."""

    def lines(self) -> dict[Path, int]:
        """The line of each setting, and of each item of a list."""
        from regcheck.settings.places import places

        own = len(self.prefix)
        ends = [at for at, char in enumerate(self.text) if char == "\n"]
        return {
            path[own:]: bisect_left(ends, offset) + 1
            for path, offset in places(self.text).items()
            if path[:own] == self.prefix
        }

    def line(self, path: Path) -> int:
        """The line of a setting, or of the nearest thing around it that is written."""
        lines = self.lines()
        return next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), 1)

    def position(self, path: Path) -> Position:
        """Where the key or item of a setting stands, or the nearest thing around it; else the start."""
        from regcheck.settings.places import places

        found = places(self.text)
        whole = (*self.prefix, *path)
        written = (whole[:n] for n in range(len(whole), len(self.prefix) - 1, -1) if whole[:n] in found)
        start = next((found[near] for near in written), None)
        word = WORD.match(self.text, start) if start is not None else None
        return Source(self.name, self.text).position(word.span() if word else (0, 0))

    def wrong(self, path: Path, message: str) -> SettingsError:
        """The error of a setting, with its file and line."""
        return SettingsError(f"{self.name}:{self.line(path)}: {message}")
