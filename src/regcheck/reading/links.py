"""The links of a Markdown text, and the anchors that links can lead to.

Inline links and images are those that the inline reader finds in table cells;
reference definitions and their uses are CommonMark's (0.31, sections 4.7 and
6.3), the anchors of headings those of forges and of Python-Markdown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import accumulate
from typing import NamedTuple

from regcheck.reading import tables
from regcheck.reading.blocks import HEADING, HTML, PROSE, ROW, Block, blocks
from regcheck.reading.inline import AUTOLINK, LINE_BREAK, Dressing

MAY_LINK = (re.compile(r"\](?:\(|\[|:)"), re.compile(r"<(?:a|img)\s", re.IGNORECASE))
"""What a text without links does not have. Patterns that begin with one character are found fastest."""
MAY_ANCHOR = (re.compile(r"\{:?[^{}\n]*?#"), re.compile(r"<[A-Za-z][^<>]*?\b(?:id|name)\s*=", re.IGNORECASE))

TAG = re.compile(r"</?(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<said>(?:[\s/](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)?)>")
ATTRIBUTE = re.compile(
    r"(?<![^\s\"'/])(?P<name>[^\s\"'<>/=]+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+))",
    re.IGNORECASE,
)
LEADS = {("a", "href"), ("img", "src")}
DEFINITION = re.compile(
    r"[ ]{0,3}\[(?P<label>(?:[^\[\]\\]|\\.){1,999})\]:[ \t]*(?:\r\n?|\n)?[ \t]*"
    r"(?:<(?P<bracketed>[^<>\r\n]*)>|(?P<target>[^\s<]\S*))"
    r"(?:[ \t]*(?:\r\n?|\n)?[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*(?:\r\n?|\n|\Z)"
)
ATTRIBUTES = re.compile(r"\{:?[^{}\n]*?#(?P<id>[^\s{}]+)[^{}\n]*\}")
HEADING_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]+\{:?[^{}\n]*\}[ \t]*$")
BACKSLASHED = re.compile(r"\\([!-/:-@\[-`{-~])")
NUMBERED = re.compile(r"(.*)_([0-9]{1,9})")


class Link(NamedTuple):
    """A link: where it leads, and the spans of the target as written and of the whole."""

    target: str
    span: tuple[int, int]
    whole: tuple[int, int]


class Use(NamedTuple):
    """A link by reference whose label nothing defines."""

    label: str
    span: tuple[int, int]


def may_link(text: str) -> bool:
    """Whether a text has what a text without links does not have."""
    return any(mark.search(text) for mark in MAY_LINK)


def links(text: str, start: int = 0) -> Iterator[Link | Use]:
    """The links from an offset on, and the uses of labels that are not defined, block by block."""
    linking = [block for block in blocks(text, start, MAY_LINK) if may_link(block.text)]
    defined = {label for block in linking for label, _ in _definitions(block)}
    for block in linking:
        if block.kind == HTML:
            prose = Prose(block.text, raw=True)
            yield from (_moved(link, block.start) for link in prose.found)
            continue
        at = 0
        for _, link in _definitions(block):
            yield _moved(link, block.start)
            at = link.whole[1]
        for piece_start, piece in _pieces(block, at):
            prose = Prose(piece)
            yield from (_moved(link, piece_start) for link in prose.found)
            for use in prose.undefined(defined):
                yield use._replace(span=_shifted(use.span, piece_start))


def anchors(text: str, start: int = 0) -> frozenset[str]:
    """Every name that a link to this text may have behind its `#`."""
    found: set[str] = set()
    forge, python = _Numbered(), _Underscored()
    for block in blocks(text, start, MAY_ANCHOR):
        if block.kind == HEADING:
            title = block.text
            if named := HEADING_ATTRIBUTES.search(title):
                title = title[: named.start()]
            heading = Prose(title)
            found.update((forge.add(forge_slug(heading.plain)), python.add(python_slug(heading.plain))))
        if any(mark.search(block.text) for mark in MAY_ANCHOR):
            found.update(match["id"] for match in ATTRIBUTES.finditer(block.text))
            found.update(Prose(block.text, raw=block.kind == HTML).ids)
    return frozenset(found)


def _definitions(block: Block) -> list[tuple[str, Link]]:
    """The reference definitions at the start of a paragraph, with their labels."""
    found: list[tuple[str, Link]] = []
    at = 0
    while block.kind == PROSE and (match := DEFINITION.match(block.text, at)):
        at = match.end()
        if match["label"].startswith("^") or not match["label"].strip():
            break  # a footnote
        name = "target" if match["bracketed"] is None else "bracketed"
        found.append((_label(match["label"]), Link(_meant(match[name]), match.span(name), match.span())))
    return found


def _pieces(block: Block, at: int) -> Iterable[tuple[int, str]]:
    """The parts of a block that are read apart: the cells of a row, else all from an offset on."""
    if block.kind != ROW:
        return [(block.start + at, block.text[at:])]
    return [(block.start + start, cell) for start, cell in _cells(block.text) if may_link(cell)]


def _cells(row: str) -> Iterable[tuple[int, str]]:
    """The cells of a row and where they start; only pipes that a backslash escapes take long."""
    if "\\" in row:
        return [(cell.start, cell.text) for cell in tables.cells(row, 0, len(row))]
    parts = row.split("|")
    starts = accumulate((len(part) + 1 for part in parts), initial=0)
    return zip(starts, parts, strict=False)


class Prose(Dressing):
    """The links and anchors in a piece of text; `raw` says that it is HTML."""

    def __init__(self, text: str, *, raw: bool = False) -> None:
        self.ids: list[str] = []
        self.found: list[Link] = []
        self.brackets: dict[int, int] = {}
        """The offsets of brackets that enclose something and are no inline link."""
        if raw:
            for tag in TAG.finditer(_without_comments(text)):
                self._tag(tag)
            return
        self._last_comment = text.rfind("-->")
        super().__init__(text)
        inline = (Link(_meant(text[slice(*link.target)]), link.target, link.whole) for link in self.links)
        self.found = sorted([*self.found, *inline], key=lambda link: link.whole)

    def undefined(self, defined: set[str]) -> Iterator[Use]:
        """The uses `[text][label]` and `[text][]` of labels that are not defined."""
        for start, end in sorted(self.brackets.items()):
            label_end = self.brackets.get(end + 1)
            said = self.text[start + 1 : end].removeprefix("[").strip()
            if label_end is None or self.text[end + 1] != "[" or not said or said.startswith("^"):
                continue
            if self.text[start] == "[" and (before := self.text[start - 1 : start]) and _is_word(before):
                continue  # the index of an array
            label = self.text[end + 2 : label_end]
            if _label(label.strip() or said) in defined or label.startswith("^"):
                continue
            if label:
                yield Use(" ".join(label.split()), (end + 2, label_end))
            else:
                at = self.text.index(said, start)
                yield Use(" ".join(said.split()), (at, at + len(said)))

    def _special(self, mark: re.Match[str]) -> int:
        """As in a cell, but HTML is no text."""
        start = mark.start()
        if mark.group() != "<" or LINE_BREAK.match(self.text, start) or AUTOLINK.match(self.text, start):
            return super()._special(mark)
        if self.text.startswith("<!--", start) and start < self._last_comment:
            return self.text.index("-->", start + 2) + 3
        if tag := TAG.match(self.text, start):
            self._tag(tag)
            return tag.end()
        return super()._special(mark)

    def _closed(self, at: int) -> int:
        opened = self._brackets[-1].start if self._brackets else None
        after = super()._closed(at)
        if opened is not None and after == at + 1:
            self.brackets[opened] = at
        return after

    def _tag(self, tag: re.Match[str]) -> None:
        """Take the addresses and names that a tag says."""
        for said in ATTRIBUTE.finditer(tag["said"]):
            name = said["name"].lower()
            quoted = next(quote for quote in ("double", "single", "bare") if said[quote] is not None)
            value = unescape(said[quoted])
            if (tag["name"].lower(), name) in LEADS:
                span = _shifted(said.span(quoted), tag.start("said"))
                self.found.append(Link(value, span, tag.span()))
            elif name == "id" or (name == "name" and tag["name"].lower() == "a"):
                self.ids.append(value)


# --- anchors of headings ---------------------------------------------------------


def forge_slug(heading: str) -> str:
    """The anchor that GitHub (as github-slugger does) and Forgejo give to a heading."""
    kept = (char for char in heading.strip().lower() if char in " -_" or _is_word(char))
    return "".join(kept).replace(" ", "-")


def python_slug(heading: str) -> str:
    """The anchor that Python-Markdown's `toc` gives to a heading, as MkDocs leaves it."""
    ascii_only = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_only).strip().lower())


class _Numbered:
    """Anchors in which `-1` tells the second of a name from the first."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def add(self, slug: str) -> str:
        name = slug
        while name in self.seen:
            self.seen[slug] += 1
            name = f"{slug}-{self.seen[slug]}"
        self.seen[name] = 0
        return name


class _Underscored:
    """Anchors in which `_1` tells the second of a name from the first."""

    def __init__(self) -> None:
        self.seen: set[str] = {""}
        self.last: dict[str, int] = {}

    def add(self, slug: str) -> str:
        name = slug
        if slug in self.seen:
            number = NUMBERED.fullmatch(slug)
            stem, count = (number[1], int(number[2])) if number else (slug, 0)
            count = max(count, self.last.get(slug, 0)) + 1
            while (name := f"{stem}_{count}") in self.seen:
                count += 1
            self.last[slug] = count
        self.seen.add(name)
        return name


def _without_comments(text: str) -> str:
    """The same text with blanks in place of its comments."""
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 2)) >= 0:
        pieces += [text[at:start], " " * (end + 3 - start)]
        at = end + 3
    return "".join([*pieces, text[at:]])


def _is_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _label(text: str) -> str:
    """A label as it is compared: case and the kind of white space do not count."""
    return " ".join(text.split()).casefold()


def _meant(target: str) -> str:
    """A target of Markdown without its escapes."""
    return unescape(BACKSLASHED.sub(r"\1", target))


def _shifted(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


def _moved(link: Link, by: int) -> Link:
    return link._replace(span=_shifted(link.span, by), whole=_shifted(link.whole, by))
