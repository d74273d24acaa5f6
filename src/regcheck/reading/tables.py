"""GFM tables in Markdown, with the place of every cell.

GitHub Flavored Markdown Spec 0.29, section 4.10, read line by line: only the
tables are of interest, so a full Markdown parser (75 times slower on a table of
10,000 rows) is not needed; what hides a table is (code fences, indented code,
HTML comments).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from regcheck.reading.inline import covered

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
DELIMITER = re.compile(r" {0,3}(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?")
ALMOST_MARKER = re.compile(r" {0,3}<!--[ \t]*regcheck\b")
RAW_HTML = re.compile(r" {0,3}<(?P<tag>pre|script|style|textarea)(?=[\s>]|$)", re.IGNORECASE)
FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<info>[^\r\n]*)")
MARKER = re.compile(r" {0,3}<!--[ \t]*regcheck:[ \t]*register[ \t]*=[ \t]*(?P<kind>[^\s>]*?)[ \t]*-->[ \t]*")
BLOCK_START = re.compile(
    r" {0,3}(?:#{1,6}(?:[ \t]|$)|>|`{3,}|~{3,}|<[!/?A-Za-z]|(?:[-+*]|\d{1,9}[.)])[ \t]"
    r"|(?:\*[ \t]*){3,}$|(?:_[ \t]*){3,}$)"
)
ESCAPED = re.compile(r"\\.|[^|\\]+|\\$")
MARK = re.compile(r"\*{1,3}|_{1,3}|~~|`+")
LINKED = re.compile(r"\[(?P<label>[^\[\]\\]+)\]\([^()\s]*\)")
SEPARATOR = re.compile(r"<br\s*/?>|,", re.IGNORECASE)


class Cell(NamedTuple):
    """The written text of a cell and its span."""

    text: str
    start: int
    end: int


class Table(NamedTuple):
    """A table: its header, its rows as spans of their lines, and the kind a marker names."""

    header: list[Cell]
    delimiter_cells: int
    rows: list[tuple[int, int]]
    start: int
    marker: Marker | None


class Marker(NamedTuple):
    """A comment `<!-- regcheck: register=KIND -->` on a line of its own; no kind where it is misspelt."""

    kind: str
    start: int
    end: int


def lines(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The spans of the lines from an offset on, without their ends."""
    for match in LINE.finditer(text, start):
        line_start, line_end = match.span()
        while line_end > line_start and text[line_end - 1] in "\r\n":
            line_end -= 1
        if match.end() > line_start:
            yield line_start, line_end


def find(text: str, start: int) -> Iterator[Table | Marker]:
    """The tables from an offset on, and the markers that no table follows."""
    fence = raw_end = ""
    comment = False
    marker: Marker | None = None
    previous: tuple[int, int] | None = None
    spans = lines(text, start)
    span = next(spans, None)
    while span is not None:
        line = text[span[0] : span[1]]
        if fence:
            closing = line.strip()
            if closing.startswith(fence) and not closing.strip(fence[0]):
                fence = ""
            previous = None
        elif comment:
            comment = "-->" not in line
            previous = None
        elif raw_end:
            raw_end = "" if raw_end in line.lower() else raw_end
            previous = None
        elif opened := (FENCE.match(line) if line.lstrip(" ")[:3] in ("```", "~~~") else None):
            mark, info = opened["mark"], opened["info"]
            if mark[0] == "`" and "`" in info:
                previous = span  # inline code, not a fence
            else:
                fence, previous = mark, None
        elif "<!--" in line and ALMOST_MARKER.match(line):
            if marker:
                yield marker
            marker, previous = _marker(line, span[0]), None
            comment = "-->" not in line
        elif "<" in line and (raw := RAW_HTML.match(line)):
            raw_end, previous = f"</{raw['tag'].lower()}>", None
            if raw_end in line.lower():
                raw_end = ""
        elif line.lstrip(" ").startswith("<!--") and "-->" not in line:
            comment, previous = True, None
        elif previous and "-" in line and DELIMITER.fullmatch(line) and _may_head(text, previous, line):
            rows: list[tuple[int, int]] = []
            header = cells(text, *previous)
            count = len(cells(text, *span))
            head = previous[0]
            previous = None
            while (span := next(spans, None)) is not None:
                row = text[span[0] : span[1]]
                if not row.strip() or ("|" not in row[:4] and _interrupts(row)):
                    break
                rows.append(span)
            yield Table(header, count, rows, head, marker)
            marker = None
            continue  # the line that ended the table is looked at again
        else:
            if marker and line.strip() and "|" not in line:
                yield marker
                marker = None
            previous = span if line.strip() and not line.startswith(("    ", "\t")) else None
        span = next(spans, None)
    if marker:
        yield marker


def _marker(line: str, start: int) -> Marker:
    """The marker on a line; without a kind where it does not say one."""
    named = MARKER.fullmatch(line)
    if named and named["kind"]:
        return Marker(named["kind"], start + named.start("kind"), start + named.end("kind"))
    text = line.strip()
    at = start + line.index(text)
    return Marker("", at, at + len(text))


def _may_head(text: str, header: tuple[int, int], delimiter: str) -> bool:
    """Whether a line and the delimiter row after it make a table, not a heading."""
    line = text[header[0] : header[1]]
    if "|" not in delimiter:  # a row of dashes alone underlines a heading
        return "|" in line and len(cells(text, *header)) == 1
    return not _interrupts(line)


def _interrupts(line: str) -> bool:
    return bool(BLOCK_START.match(line))


def cells(text: str, start: int, end: int) -> list[Cell]:
    """The cells of a row, trimmed; a pipe counts unless a backslash escapes it."""
    line = text[start:end]
    at = start + len(line) - len(line.lstrip())
    line = line.strip()
    if line.startswith("|"):
        line, at = line[1:], at + 1
    found = []
    for part in _split(line):
        trimmed = part.strip()
        cell_start = at + (len(part) - len(part.lstrip()) if trimmed else min(1, len(part)))
        found.append(Cell(trimmed, cell_start, cell_start + len(trimmed)))
        at += len(part) + 1
    return found


def texts(line: str) -> list[str]:
    """The texts of a row's cells, for the fast path of a clean table."""
    line = line.strip()
    return [part.strip() for part in _split(line.removeprefix("|"))]


def _split(line: str) -> list[str]:
    """The parts between the pipes of a row whose leading pipe is gone."""
    if "\\" not in line:
        return line.removesuffix("|").split("|")
    parts, part = [], ""
    for char, piece in _pieces(line):
        if char:
            parts.append(part)
            part = ""
        else:
            part += piece
    return parts if line.endswith("|") and not part else [*parts, part]


def _pieces(line: str) -> Iterator[tuple[bool, str]]:
    at = 0
    while at < len(line):
        if line[at] == "|":
            yield True, "|"
            at += 1
            continue
        piece = ESCAPED.match(line, at)
        assert piece is not None
        yield False, piece.group()
        at = piece.end()


def _dressed_whole(text: str) -> tuple[int, int] | None:
    """Where the text stands in a cell that is bold, code or a link as a whole: a list is one still."""
    if mark := MARK.match(text):
        start, end = mark.end(), len(text) - mark.end()
        inside = text[start:end]
        closed = text.endswith(mark.group()) and inside and inside.strip() == inside
        return (start, end) if closed and mark.group()[0] not in inside and "\\" not in inside else None
    linked = LINKED.fullmatch(text)
    return linked.span("label") if linked else None


def items(cell: Cell) -> list[Cell]:
    """The items of a list in a cell, separated by `,` or `<br>` outside code and links."""
    text = cell.text
    if "," not in text and "<" not in text:
        return [cell]
    if whole := _dressed_whole(text):
        start, end = whole
        return items(Cell(text[start:end], cell.start + start, cell.start + end))
    protected = iter([*covered(text), (len(text) + 1, len(text) + 1)])
    inside_from, inside_to = next(protected)
    found, at = [], 0
    for cut_start, cut_end in [*(m.span() for m in SEPARATOR.finditer(text)), (len(text), len(text))]:
        while inside_to <= cut_start:
            inside_from, inside_to = next(protected)
        if inside_from <= cut_start:
            continue
        part = text[at:cut_start]
        trimmed = part.strip()
        if trimmed:
            start = cell.start + at + len(part) - len(part.lstrip())
            found.append(Cell(trimmed, start, start + len(trimmed)))
        at = cut_end
    return found
