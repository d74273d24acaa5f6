"""Where in a file something stands.

Inside regcheck a place is a *span* of character offsets into the text of its
source, which is cheap to keep for every field of a large fleet. It becomes a
`Position` with lines and columns only when somebody is told about it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

LINE_END = re.compile(r"\r\n|\r|\n")
NEWLINE = re.compile(r"\n")
"""The same where there is no carriage return, ten times as fast."""


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

    __slots__ = ("_last", "_numbers", "_starts", "_whole", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        """Path below the root, with forward slashes."""
        self.text = text
        """What is read: the file, less the lines that were left out."""
        self._whole: Source | None = None
        self._starts: list[int] | None = None
        self._numbers: list[int] | None = None
        self._last: tuple[int, str] | None = None
        """The line asked for last: a line of a megabyte may have thousands of findings."""

    def leave_out(self, lines: Iterable[tuple[int, int]]) -> None:
        """Read on without these lines (their numbers from, up to); the others keep their numbers."""
        self._whole = self._whole or Source(self.path, self.text)
        starts = self.starts
        out: list[str] = []
        kept: list[int] = []
        at = 0
        for first, last in [*lines, (len(starts) + 1, 0)]:
            kept += range(at, first - 1)
            if first - 1 > at:
                out.append(self.text[starts[at] : self._start(first)])
            at = last
        self.text = "".join(out)
        self._numbers = [index + 1 for index in kept] or [1]
        self._starts = self._last = None

    @property
    def written(self) -> str:
        """The whole file."""
        return self._whole.text if self._whole else self.text

    @property
    def lines(self) -> int:
        """How many lines the whole file has; what follows its last line end is one, too."""
        return len((self._whole or self).starts)

    def _start(self, line: int) -> int:
        return self.starts[line - 1] if line <= len(self.starts) else len(self.text)

    @property
    def starts(self) -> list[int]:
        """The offset at which each line starts (made on first use)."""
        if self._starts is None:
            line_end = LINE_END if "\r" in self.text else NEWLINE
            self._starts = [0, *(end.end() for end in line_end.finditer(self.text))]
        return self._starts

    def position(self, span: tuple[int, int]) -> Position:
        """The lines and columns of a span."""
        starts = self.starts
        start, end = span
        line, end_line = bisect_right(starts, start), bisect_right(starts, end)
        column, end_column = start - starts[line - 1] + 1, end - starts[end_line - 1] + 1
        if self._numbers is not None:
            line, end_line = self._number(line), self._number(end_line)
        return Position(self.path, line, column, end_line, end_column)

    def _number(self, line: int) -> int:
        """The number that a line of the text has in the file."""
        numbers = self._numbers or [1]
        return numbers[min(line, len(numbers)) - 1]

    def line(self, number: int) -> str:
        """The text of a line of the file (counted from 1) without its end."""
        if self._whole is not None:
            return self._whole.line(number)
        if self._last is None or self._last[0] != number:
            starts = self.starts
            if not 1 <= number <= len(starts):
                return ""
            end = starts[number] if number < len(starts) else len(self.text)
            self._last = number, self.text[starts[number - 1] : end].rstrip("\r\n")
        return self._last[1]
