"""Where in a file something stands.

Inside regcheck a place is a *span* of character offsets into the text of its
source, which is cheap to keep for every field of a large fleet. It becomes a
`Position` with lines and columns only when somebody is told about it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

LINE_END = re.compile(r"\r\n|\r|\n")


class Span(NamedTuple):
    """A half-open range of character offsets into a source's text."""

    start: int
    end: int


class Position(NamedTuple):
    """A place in a file: lines and columns start at 1, columns count characters.

    The end is exclusive, as in SARIF and the Language Server Protocol.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Source:
    """The decoded text of one file, and the way from offsets to lines and columns."""

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        """Path below the root, with forward slashes."""
        self.text = text
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """The offset at which each line starts (made on first use)."""
        if self._starts is None:
            self._starts = [0, *(end.end() for end in LINE_END.finditer(self.text))]
        return self._starts

    def position(self, span: tuple[int, int]) -> Position:
        """The lines and columns of a span."""
        starts = self.starts
        start, end = span
        line, end_line = bisect_right(starts, start), bisect_right(starts, end)
        return Position(
            self.path,
            line,
            start - starts[line - 1] + 1,
            end_line,
            end - starts[end_line - 1] + 1,
        )

    def line(self, number: int) -> str:
        """The text of a line (counted from 1) without its end."""
        starts = self.starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")
