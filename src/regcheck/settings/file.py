"""A settings file, and where in it something stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from regcheck.errors import SettingsError
from regcheck.model import Position, Source, Tree, Unreadable
from regcheck.trees import read_text

Path = tuple[str | int, ...]
"""The keys, and the indexes of lists, that lead to a value."""

WORD = re.compile(r"\[\[?[^\]\n]*\]\]?|\"[^\"\n]*\"|'[^'\n]*'|[\w.-]+")
"""A header, a text or a key."""

HUGE = re.compile(r"(?<![\w.])[0-9](?:_?[0-9]){4300,}")
"""A whole number that is longer than Python reads by default."""

PLACE = r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$"
"""How `tomllib` ends a sentence about what is wrong."""
ADVICE = {
    "Invalid value": "write a text in quotes, a list in brackets",
    "Expected '=' after a key": "write a setting as `name = value`",
    "Expected newline": "write each setting on a line of its own, and a text in quotes",
    "Cannot overwrite": "keep one of the two",
    "Cannot declare": "keep one of the two",
}
"""What to do where `tomllib` begins a sentence so."""


class File(NamedTuple):
    """A settings file, and the part of it that is regcheck's."""

    name: str
    text: str
    """With `\\n` for the end of a line."""
    prefix: Path = ()
    """The keys of the table that holds the settings."""

    def table(self) -> dict[str, Any]:
        """What the whole file says; raises SettingsError, with its line, where that is not TOML."""
        import tomllib

        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise self._no_toml(str(error)) from error
        except RecursionError as error:
            raise SettingsError(f"{self.name}:1: this is nested too deeply: flatten it") from error
        except ValueError as error:  # more digits than Python reads (sys.set_int_max_str_digits)
            number = HUGE.search(self.text)
            line = self.text.count("\n", 0, number.start()) + 1 if number else 1
            message = "a number with thousands of digits is no setting: write a smaller one"
            raise SettingsError(f"{self.name}:{line}: {message}") from error

    def _no_toml(self, said: str) -> SettingsError:
        place = re.search(PLACE, said)
        what = said[: place.start()] if place else said
        line, column = place.groups() if place else (None, None)
        where = f"column {column}" if column else "at the end"
        line = line or str(self.text.rstrip().count("\n") + 1)
        general = "check the quotes, brackets and commas of this line"
        help = next((help for begin, help in ADVICE.items() if what.startswith(begin)), general)
        return SettingsError(f"{self.name}:{line}: this is not TOML: {what} ({where}): {help}")

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


def read_file(tree: Tree, name: str, prefix: Path = ()) -> File:
    """A settings file of a repository; raises SettingsError where it cannot be read."""
    try:
        return File(name, read_text(tree, name).replace("\r\n", "\n"), prefix)
    except Unreadable as why:
        raise SettingsError(f"{name}:{why.place[0]}: {why.message}: {why.help}") from why


def nearest(positions: Mapping[Path, Position], path: Path) -> Position | None:
    """Where a setting stands, or the nearest thing around it that is written."""
    around = (path[:length] for length in range(len(path), -1, -1))
    return next((positions[outer] for outer in around if outer in positions), None)


def _word(text: str, start: int) -> tuple[int, int]:
    word = WORD.match(text, start)
    return word.span() if word else (start, start + 1)
