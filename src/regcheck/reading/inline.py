"""Markdown dressing in a table cell: what is text, and what only makes it look like something.

CommonMark 0.31 section 6 (code spans, escapes, entities, links, autolinks,
emphasis) and GFM's strikethrough, as far as a cell needs them. Each part takes
time in proportion to the text, whatever stands in it: a cell may be a megabyte
of asterisks.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from html import unescape
from typing import NamedTuple

DRESSED = re.compile(r"[`*\[\\<&]|~~|(?<!\w)_|_(?!\w)")
SPECIAL = re.compile(r"`+|\*+|_+|~+|!?\[|\]|\\|<|&")
ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
DESTINATION = re.compile(r"(?:[^\s()\\]|\\.)+")
BRACKETED = re.compile(r"<[^<>]*>")
TITLE = re.compile(r"\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\))")
SPACE = re.compile(r"\s*")

DEEPEST_PARENTHESES = 4
"""Of a link's destination: more than any address needs (CommonMark asks for three)."""


class Link(NamedTuple):
    """An inline link or image, as spans: the whole of it, and where it leads."""

    whole: tuple[int, int]
    target: tuple[int, int]


class Dressing:
    """The parts of one text: its plain words, and the spans in which a comma is no separator."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.covered: list[tuple[int, int]] = []
        """Code, links, autolinks and escapes; they may overlap."""
        self.links: list[Link] = []
        self._ticks: dict[int, list[int]] | None = None
        self._brackets: list[_Bracket] = []
        self._runs: list[_Run] = []
        at = 0
        while mark := SPECIAL.search(text, at):
            if mark.start() > at:
                self.pieces.append(text[at : mark.start()])
            at = self._special(mark)
        self.pieces.append(text[at:])
        self._emphasis(0)

    @property
    def plain(self) -> str:
        """The text without its dressing."""
        return "".join(self.pieces)

    def _special(self, mark: re.Match[str]) -> int:
        """Read on from a character that may mean something; returns where to go on."""
        start, end = mark.span()
        match mark.group()[0]:
            case "`":
                return self._code(start, end)
            case "*" | "_" | "~":
                self._runs.append(_Run(self.text, start, end, len(self.pieces)))
            case "[" | "!":
                self._brackets.append(_Bracket(start, len(self.pieces), len(self._runs)))
            case "]":
                return self._closed(start)
            case "\\" if escaped := ESCAPED.match(self.text, start):
                return self._kept(escaped, escaped.group()[1:])
            case "<" if broken := LINE_BREAK.match(self.text, start):
                self.pieces.append(" ")
                return broken.end()
            case "<" if linked := AUTOLINK.match(self.text, start):
                return self._kept(linked, linked[1])
            case "&" if entity := ENTITY.match(self.text, start):
                return self._kept(entity, unescape(entity.group()))
        self.pieces.append(mark.group())
        return end

    def _kept(self, match: re.Match[str], literal: str) -> int:
        self.pieces.append(literal)
        self.covered.append(match.span())
        return match.end()

    def _code(self, start: int, end: int) -> int:
        """A code span up to the next run of as many backticks; without one they are text."""
        if self._ticks is None:
            self._ticks = {}
            for run in re.finditer("`+", self.text):
                self._ticks.setdefault(run.end() - run.start(), []).append(run.start())
        closing = self._ticks.get(end - start, [])
        index = bisect_left(closing, end)
        if index == len(closing):
            self.pieces.append(self.text[start:end])
            return end
        code = self.text[end : closing[index]].replace("\\|", "|")
        padded = code.startswith(" ") and code.endswith(" ") and code.strip()
        self.pieces.append(code[1:-1] if padded else code)
        self.covered.append((start, closing[index] + end - start))
        return closing[index] + end - start

    def _closed(self, at: int) -> int:
        """A closing bracket: the end of a link's or an image's text, or a bracket."""
        after = _tail(self.text, at + 1) if self._brackets else None
        opened = self._brackets.pop() if self._brackets else None
        if opened is None or after is None:
            self.pieces.append("]")
            return at + 1
        self._emphasis(opened.runs)
        self.pieces[opened.piece] = ""
        self.covered.append((opened.start, after.end))
        self.links.append(Link((opened.start, after.end), after.target))
        return after.end

    def _emphasis(self, bottom: int) -> None:
        """Drop the delimiters that pair, from one run on (CommonMark's appendix, "process emphasis")."""
        runs, openers = self._runs[bottom:], list[_Run]()
        del self._runs[bottom:]
        looked: dict[tuple[str, bool, int], int] = {}
        for run in runs:
            key = (run.mark, run.opens, run.length % 3)
            while run.closes and run.left:
                at = len(openers) - 1
                while at >= looked.get(key, 0) and not openers[at].pairs(run):
                    at -= 1
                if at < looked.get(key, 0):
                    looked[key] = len(openers)
                    break
                opener = openers[at]
                used = min(opener.left, run.left, 2)
                opener.left -= used
                run.left -= used
                del openers[at + (opener.left > 0) :]
                looked = {key: min(height, len(openers)) for key, height in looked.items()}
            if run.opens and run.left:
                openers.append(run)
        for run in runs:
            self.pieces[run.piece] = run.mark * run.left


class _Bracket:
    """An opening bracket: its offset, its piece, and how many runs were before it."""

    __slots__ = ("piece", "runs", "start")

    def __init__(self, start: int, piece: int, runs: int) -> None:
        self.start, self.piece, self.runs = start, piece, runs


class _Run:
    """A run of `*`, `_` or `~`, and whether it may open or close emphasis."""

    __slots__ = ("closes", "left", "length", "mark", "opens", "piece")

    def __init__(self, text: str, start: int, end: int, piece: int) -> None:
        self.mark, self.piece = text[start], piece
        self.length = self.left = end - start
        before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
        opens = not after.isspace() and (not _punctuation(after) or before.isspace() or _punctuation(before))
        closes = not before.isspace() and (not _punctuation(before) or after.isspace() or _punctuation(after))
        if self.mark == "_":  # not inside a word
            opens, closes = (
                opens and (not closes or _punctuation(before)),
                closes and (not opens or _punctuation(after)),
            )
        usable = self.mark != "~" or self.length == len("~~")
        self.opens, self.closes = opens and usable, closes and usable

    def pairs(self, closer: _Run) -> bool:
        """Whether this run opens what another one closes."""
        if self.mark != closer.mark:
            return False
        both = (self.opens and self.closes) or (closer.opens and closer.closes)
        return not both or (self.length + closer.length) % 3 != 0 or self.length % 3 == 0


class _Tail(NamedTuple):
    """What follows the text of a link: where it ends, and the span of the destination."""

    end: int
    target: tuple[int, int]


def _punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _tail(text: str, at: int) -> _Tail | None:
    """A link's `(destination "title")`; None where there is none."""
    if text[at : at + 1] != "(":
        return None
    at = _skip(SPACE, text, at + 1)
    if bracketed := BRACKETED.match(text, at):
        target = at + 1, bracketed.end() - 1
        at = bracketed.end()
    else:
        start, depth = at, 0
        while True:
            at = _skip(DESTINATION, text, at)
            char = text[at : at + 1]
            if char == "(" and depth < DEEPEST_PARENTHESES:
                depth += 1
            elif char == ")" and depth:
                depth -= 1
            else:
                break
            at += 1
        if depth:
            return None
        target = start, at
    at = _skip(SPACE, text, _skip(TITLE, text, at))
    return _Tail(at + 1, target) if text[at : at + 1] == ")" else None


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def plain(text: str) -> str:
    """A cell's text without its Markdown dressing: code, emphasis, links keep their text."""
    return Dressing(text).plain if DRESSED.search(text) else text


def covered(text: str) -> list[tuple[int, int]]:
    """The spans of a cell in which a comma or a line break is no separator, in their order."""
    if not DRESSED.search(text):
        return []
    merged: list[tuple[int, int]] = []
    for start, end in sorted(Dressing(text).covered):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
