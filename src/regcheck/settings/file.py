"""A settings file, and where in it something stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
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

    def positions(self) -> dict[Path, Position]:
        """Where the key of each setting, and each item of a list, stands."""
        from regcheck.settings.places import places

        source = Source(self.name, self.text)
        return {
            path[len(self.prefix) :]: source.position(_word(self.text, offset))
            for path, offset in places(self.text).items()
            if path[: len(self.prefix)] == self.prefix
        }

    def position(self, path: Path) -> Position:
        """Where a setting stands, or the nearest thing around it; else the start."""
        return nearest(self.positions(), path) or Position(self.name, 1, 1, 1, 1)

    def wrong(self, path: Path, message: str) -> SettingsError:
        """The error of a setting, with its file and line."""
        return SettingsError(f"{self.name}:{self.position(path).line}: {message}")


def nearest(positions: Mapping[Path, Position], path: Path) -> Position | None:
    """Where a setting stands, or the nearest thing around it that is written."""
    around = (path[:length] for length in range(len(path), -1, -1))
    return next((positions[outer] for outer in around if outer in positions), None)


def _word(text: str, start: int) -> tuple[int, int]:
    word = WORD.match(text, start)
    return word.span() if word else (start, start + 1)
