"""Where in a TOML file a key or an item stands.

`tomllib` says what a file means and nothing of its lines. This reads only what
`tomllib` has accepted, so it can be short: it looks for keys and the ends of
values, and never judges.
"""

from __future__ import annotations

import re

from regcheck.settings.file import Path

BETWEEN = re.compile(r"(?:[\s,]|#[^\n]*)*")
STRING = (
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'  # up to two more quotes belong to the text
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
)
KEY = re.compile(rf"[ \t]*({STRING}|[A-Za-z0-9_-]+)[ \t]*(\.?)", re.DOTALL)
SIMPLE = re.compile(rf"{STRING}|[^\s,\]}}#]+(?: [0-9][^\s,\]}}#]*)?", re.DOTALL)
"""A value that is no list and no table; a date and its time may stand apart."""


def places(text: str) -> dict[Path, int]:
    """The offset at which each path of a TOML text begins."""
    return _Scanner(text).places


class _Scanner:
    """Walks over a text and notes where each path is written first."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[Path, int] = {}
        self._last: dict[Path, int] = {}
        """The index of the table begun last, for each list of tables (`[[name]]`)."""
        table: Path = ()
        while self._next():
            start = self.at
            if self._take("["):
                listed = self._take("[")
                table = self._table(self._key(), start, listed=listed)
                self.at = self.text.index("]", self.at) + (2 if listed else 1)
            else:
                self._pair(table)

    def _next(self) -> str:
        """The next character that says something; nothing at the end."""
        match = BETWEEN.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def _take(self, char: str) -> bool:
        found = self.text.startswith(char, self.at)
        self.at += found
        return found

    def _key(self) -> list[str]:
        words = []
        dot = "."
        while dot and (match := KEY.match(self.text, self.at)):
            word, dot = match.groups()
            words.append(_unquoted(word))
            self.at = match.end()
        return words

    def _table(self, words: list[str], start: int, *, listed: bool) -> Path:
        """The path that a header means, where a list of tables stands for its last table."""
        path: Path = ()
        for number, word in enumerate(words, 1):
            path = (*path, word)
            self.places.setdefault(path, start)
            if number == len(words) and listed:
                self._last[path] = self._last.get(path, -1) + 1
            if path in self._last:
                path = (*path, self._last[path])
                self.places.setdefault(path, start)
        return path

    def _pair(self, table: Path) -> None:
        """`key = value`, where the key may have dots."""
        start = self.at
        path = table
        for word in self._key():
            path = (*path, word)
            self.places.setdefault(path, start)
        self.at = self.text.index("=", self.at) + 1
        self._value(path)

    def _value(self, path: Path) -> None:
        char = self._next()
        if char == "[":
            self.at += 1
            item = 0
            while self._next() not in ("]", ""):
                self.places[*path, item] = self.at
                self._value((*path, item))
                item += 1
            self.at += 1
        elif char == "{":
            self.at += 1
            while self._next() not in ("}", ""):
                self._pair(path)
            self.at += 1
        elif match := SIMPLE.match(self.text, self.at):
            self.at = match.end()


def _unquoted(word: str) -> str:
    if word[0] not in "\"'":
        return word
    import tomllib

    return str(tomllib.loads(f"key = {word}")["key"])
