"""The blocks of a Markdown text in which links and anchors may stand.

CommonMark 0.31, sections 3 to 5, with GFM's tables: line by line, and only as
far as it takes to tell prose from code, comments and raw HTML. What hides a link
is not in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from regcheck.model.position import LINE_END
from regcheck.reading import tables

PROSE, HEADING, ROW, HTML = "prose", "heading", "row", "html"

QUOTE = -1
"""In place of the indentation of a list item's content: the container is a block quote."""
DEEPEST = 100
"""Containers within containers."""
CODE = 4
"""Columns of indentation that make code."""
TAB = 4

Lines = list[tuple[int, int]]

ROWS = re.compile(r"(?:\|[^\r\n]*(?:\r\n?|\n|\Z))+")
"""Lines that go on with a table."""
PLAIN_ROWS = re.compile(r"(?:\|.*(?:\n|\Z))+")
"""The same, ten times as fast, where no line ends with a carriage return alone."""
LONE_RETURN = re.compile(r"\r(?!\n)")

BULLET = re.compile(r"(?:[-+*]|(?P<number>[0-9]{1,9})[.)])(?=[ \t]|$)")
BREAK = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
ATX = re.compile(r"(?P<mark>#{1,6})(?:[ \t]+|$)")
CLOSING_MARKS = re.compile(r"(?:^|[ \t])#+[ \t]*$")
UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    r"dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|"
    r"html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|"
    r"section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[ \t]|/?>|$)",
    re.IGNORECASE,
)
LONE_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:[ \t][^<>]*)?/?>[ \t]*$")
RAW_ENDS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))


class Block(NamedTuple):
    """A piece of a text; `text` is as long as what it stands for, marks of block quotes blanked."""

    kind: str
    start: int
    text: str


def blocks(text: str, start: int, wanted: tuple[re.Pattern[str], ...]) -> Iterator[Block]:
    """Paragraphs, headings (without their marks), table rows and raw HTML, from an offset on.

    There can be very many rows: only those in which something is `wanted` are told.
    """
    scan = _Scan(text)
    rows = ROWS if LONE_RETURN.search(text, start) else PLAIN_ROWS
    at = start
    while at < len(text):
        for line_start, line_end in tables.lines(text, at):
            if scan.table and not scan.containers and (run := rows.match(text, line_start)):
                yield from _rows(text, *run.span(), wanted)
                at = run.end()
                break
            scan.line(line_start, line_end)
            if scan.found:
                yield from scan.found
                scan.found.clear()
        else:
            break
    scan.close()
    yield from scan.found


def _rows(text: str, start: int, end: int, wanted: tuple[re.Pattern[str], ...]) -> Iterator[Block]:
    at = start
    for mark in sorted(found.start() for pattern in wanted for found in pattern.finditer(text, start, end)):
        if mark >= at:
            first = max(start, *(text.rfind(char, at, mark) + 1 for char in "\r\n"))
            line_end = LINE_END.search(text, mark, end)
            at = line_end.start() if line_end else end
            yield Block(ROW, first, text[first:at])


class _Scan:
    """What is open at a line: containers, and the one leaf block within them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Block] = []
        self.containers: list[int] = []
        self.paragraph: Lines = []
        self.html: Lines = []
        self.fence = ""
        self.raw_end: str | None = None
        """What ends the raw HTML that is open; empty for a blank line."""
        self.hidden = False
        """Whether that raw HTML is text of its own (a script, preformatted text)."""
        self.table = False

    def line(self, start: int, end: int) -> None:
        """Take one more line."""
        at, column, matched = self._matched(start, end)
        if matched < len(self.containers):
            if self.paragraph and not self._starts_block(at, end) and not self._is_blank(at, end):
                self._continue(at, end)
                return
            self.close()
            del self.containers[matched:]
        if self.fence:
            closing = self.text[at:end].strip()
            if closing.startswith(self.fence) and not closing.strip(self.fence[0]):
                self.fence = ""
        elif self.raw_end is not None:
            self._raw(at, end)
        else:
            self._leaf(*self._opened(at, column, end), end)

    def close(self) -> None:
        """End the leaf block that is open."""
        self._end(PROSE, self.paragraph)
        if not self.hidden:
            self._end(HTML, self.html)
        self.paragraph, self.html = [], []
        self.fence, self.raw_end, self.hidden, self.table = "", None, False, False

    # --- containers ---------------------------------------------------------

    def _matched(self, start: int, end: int) -> tuple[int, int, int]:
        """How far a line carries on the open containers: offset, column, their count."""
        at = start
        column = 0
        for count, container in enumerate(self.containers):
            there, there_column = self._indent(at, column, end)
            if container == QUOTE:
                if there == end or there_column - column >= CODE or self.text[there] != ">":
                    return at, column, count
                at, column = self._after_quote(there, there_column, end)
            elif there == end:
                at, column = there, there_column
            elif there_column - column < container:
                return at, column, count
            else:
                wanted = column + container
                while column < wanted:
                    column += TAB - column % TAB if self.text[at] == "\t" else 1
                    at += 1
        return at, column, len(self.containers)

    def _opened(self, at: int, column: int, end: int) -> tuple[int, int]:
        """Open the block quotes and list items that a line starts: offset and indentation of the rest."""
        while True:
            there, there_column = self._indent(at, column, end)
            indent = there_column - column
            if there == end or indent >= CODE or len(self.containers) >= DEEPEST:
                return there, indent
            if self.text[there] == ">":
                self.close()
                self.containers.append(QUOTE)
                at, column = self._after_quote(there, there_column, end)
                continue
            bullet = self._bullet(there, end)
            if bullet is None:
                return there, indent
            after, after_column = there + len(bullet.group()), there_column + len(bullet.group())
            content, content_column = self._indent(after, after_column, end)
            if self.paragraph and (content == end or bullet["number"] not in (None, "1")):
                return there, indent
            self.close()
            if content == end or content_column - after_column > CODE:
                content, content_column = min(after + 1, end), after_column + 1
            self.containers.append(content_column - column)
            at, column = content, content_column

    def _bullet(self, at: int, end: int) -> re.Match[str] | None:
        if self.text[at] not in "-+*0123456789":
            return None
        line = self.text[at:end]
        if BREAK.match(line) or (self.paragraph and UNDERLINE.match(line)):
            return None
        return BULLET.match(line)

    def _after_quote(self, at: int, column: int, end: int) -> tuple[int, int]:
        spaced = at + 1 < end and self.text[at + 1] in " \t"
        return at + 1 + spaced, column + 1 + spaced

    def _indent(self, at: int, column: int, end: int) -> tuple[int, int]:
        text = self.text
        while at < end and (char := text[at]) in " \t":
            column += TAB - column % TAB if char == "\t" else 1
            at += 1
        return at, column

    def _is_blank(self, at: int, end: int) -> bool:
        return self._indent(at, 0, end)[0] == end

    # --- leaves ---------------------------------------------------------------

    def _leaf(self, at: int, indent: int, end: int) -> None:
        """What a line is within its containers, from its first character that is no blank."""
        text = self.text
        if at == end:
            self.close()
            return
        if indent >= CODE:
            if self.paragraph:
                self._continue(at, end)
            else:
                self.close()
            return
        line, first = text[at:end], text[at]
        if first in "`~" and (opened := tables.FENCE.match(line)) and not _is_code_span(opened):
            self.close()
            self.fence = opened["mark"]
        elif first == "#" and (mark := ATX.match(line)):
            self.close()
            title = CLOSING_MARKS.sub("", line[mark.end() :])
            self.found.append(Block(HEADING, at + mark.end(), title))
        elif first == "<" and self._opens_html(line):
            self._raw(at, end)
        elif self.paragraph and first in "=-" and UNDERLINE.match(line) and not self._is_delimiter(line):
            self._end(HEADING, self.paragraph)
            self.paragraph = []
            self.close()
        elif first in "*-_" and BREAK.match(line):
            self.close()
        elif self.table:
            self.found.append(Block(ROW, at, line))
        elif self.paragraph and self._is_delimiter(line):
            *before, header = self.paragraph
            self._end(PROSE, before)
            self._end(ROW, [header])
            self.paragraph, self.table = [], True
        else:
            self.paragraph.append((at, end))

    def _continue(self, at: int, end: int) -> None:
        self.paragraph.append((self._indent(at, 0, end)[0], end))

    def _starts_block(self, at: int, end: int) -> bool:
        return bool(tables.BLOCK_START.match(self.text[at:end]))

    def _is_delimiter(self, line: str) -> bool:
        """Whether a line makes a table's header of the line before it."""
        if not tables.DELIMITER.fullmatch(line):
            return False
        header = self.paragraph[-1]
        wide = len(tables.cells(self.text, *header))
        return ("|" in line or "|" in self.text[slice(*header)]) and len(tables.texts(line)) == wide

    def _opens_html(self, line: str) -> bool:
        """Whether a line begins raw HTML (CommonMark 4.6); its end is remembered."""
        if raw := tables.RAW_HTML.match(line):
            end, hidden = f"</{raw['tag'].lower()}>", True
        elif found := next((after for before, after in RAW_ENDS if line.startswith(before)), None):
            end, hidden = found, False
        elif BLOCK_TAG.match(line) or (not self.paragraph and LONE_TAG.match(line)):
            end, hidden = "", False
        else:
            return False
        self.close()
        self.raw_end, self.hidden = end, hidden
        return True

    def _raw(self, at: int, end: int) -> None:
        line = self.text[at:end]
        if self.raw_end == "" and not line.strip():
            self.close()
            return
        self.html.append((at, end))
        if self.raw_end and self.raw_end in line.lower():
            self.close()

    def _end(self, kind: str, lines: Lines) -> None:
        """Hand over the lines of a block as one text of the same length."""
        if not lines:
            return
        pieces, last = [], lines[0][0]
        for start, end in lines:
            pieces += [re.sub(r"[^\r\n]", " ", self.text[last:start]), self.text[start:end]]
            last = end
        self.found.append(Block(kind, lines[0][0], "".join(pieces)))


def _is_code_span(fence: re.Match[str]) -> bool:
    """Whether what looks like the opening of a fence is code in a line."""
    return fence["mark"][0] == "`" and "`" in fence["info"]
