"""Links that lead nowhere: in the text of Markdown files, and in the `links` of entries."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regcheck.model import Entry, Fleet, Position, Source
from regcheck.reading import files, front_matter
from regcheck.reading.links import Link, Use, anchors, links, may_link
from regcheck.words import Guesses, closest, quoted, shorten

MARKDOWN = (".md", ".markdown")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
PATH = re.compile(
    r"(?:\.{0,2}/|\.\.$)\S*"  # ./x, ../x, /x
    r"|[^\s/.~]+/\S*"  # folder/x, which is no host
    r"|[^\s/]+\.(?:md|markdown|ya?ml|json|toml|txt|html?|pdf|svg|png|jpe?g|csv)(?:[?#]\S*)?"
)
"""What looks like a path where a text may be one, an address or a name."""
LINE_OF_A_FORGE = re.compile(r"L[0-9]+(?:C[0-9]+)?(?:-L?[0-9]+(?:C[0-9]+)?)?")
OUTSIDE = "put what it names into the repository, or write its address (`https://…`)"


class BrokenLink(NamedTuple):
    """A link that leads nowhere, and what may be meant by it."""

    position: Position
    entry: Entry | None
    written: str
    wrong: str
    """What is wrong with it, as the rest of a sentence that begins with the link."""
    help: str


class Wrong(NamedTuple):
    """What is wrong with a target, and what to do about it."""

    what: str
    help: str = "correct it, or remove the link"

    def guessed(self, target: str | None, remark: str = "") -> Wrong:
        """The same with what may be meant, where that is known."""
        return self._replace(help=f"did you mean {quoted(target)}?{remark}") if target else self


def broken_links(fleet: Fleet) -> Iterator[BrokenLink]:
    """Every link of the files that were read, and of their entries, that leads nowhere."""
    follower = _Follower(fleet)
    in_text: dict[str, list[Link]] = {}
    for source in fleet.sources:
        if not source.path.lower().endswith(MARKDOWN) or not may_link(source.text):
            continue
        found = in_text[source.path] = []
        entries: _Entries | None = None
        for link in links(source.text, front_matter.read(source).body):
            if isinstance(link, Link) and (not found or found[-1].whole[1] <= link.whole[0]):
                found.append(link)  # an image in a link is in its text
            if wrong := _wrong(follower, source, link):
                entries = entries or _Entries(fleet, source)
                position = source.position(link.span if link.span[0] < link.span[1] else _whole(link))
                written = source.text[slice(*link.span)] or source.text[slice(*_whole(link))]
                yield BrokenLink(position, entries.at(position.line), written, *wrong)
    told: set[Position] = set()
    for entry, index, target in _paths(fleet):
        wrong = follower.wrong(target, entry.source.path)
        if wrong is None or _is_dressed(entry, index, in_text.get(entry.source.path, [])):
            continue
        position = entry.at("links", index)
        if position not in told:
            told.add(position)
            yield BrokenLink(position, entry, target, *wrong)


def _wrong(follower: _Follower, source: Source, link: Link | Use) -> Wrong | None:
    if isinstance(link, Use):
        help = f"add a line `[{link.label}]: PATH`, or correct the label"
        return Wrong("uses a label that nothing in this file defines", help)
    if not link.target.strip():
        return Wrong("names no target", "write the path or the address, or remove the link")
    return follower.wrong(link.target, source.path)


def _whole(link: Link | Use) -> tuple[int, int]:
    return link.whole if isinstance(link, Link) else link.span


def _paths(fleet: Fleet) -> Iterator[tuple[Entry, int, str]]:
    """The items of `links` that look like paths."""
    for entry in fleet:
        if "links" not in entry.values or "links" not in entry.kind.properties:
            continue
        for index, item in enumerate(entry.list("links")):
            if isinstance(item, str) and not SCHEME.match(item) and PATH.fullmatch(item):
                yield entry, index, item


def _is_dressed(entry: Entry, index: int, found: list[Link]) -> bool:
    """Whether an item of `links` is the text of a link, which was followed already."""
    span = entry.places.value("links", index)
    before = bisect_right(found, span[0], key=lambda link: link.whole[0]) if span else 0
    return span is not None and before > 0 and span[0] < found[before - 1].whole[1]


class _Entries:
    """The entries of one file by line: those of a table, or the one that the file is about."""

    def __init__(self, fleet: Fleet, source: Source) -> None:
        self.one: Entry | None = None
        self.by_line: dict[int, Entry] = {}
        for register in fleet.registers:
            if register.source is not source:
                continue
            if register.shape == "document":
                self.one = register.entries[0]
                continue
            for entry in register.entries:
                self.by_line.setdefault(source.position(entry.places.entry()).line, entry)

    def at(self, line: int) -> Entry | None:
        """The entry that a line is about."""
        return self.by_line.get(line, self.one)


class _Follower:
    """Follows links within one repository; what it has seen it does not look at again."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.tree = fleet.tree
        self.guesses: Guesses[str | None] = Guesses()
        self._anchors: dict[str, frozenset[str] | None] = {}
        self._wrong: dict[tuple[str, str], Wrong | None] = {}

    def wrong(self, target: str, page: str) -> Wrong | None:
        """Why a target on a page leads nowhere; None where it leads somewhere, or to another host."""
        if SCHEME.match(target):
            return None
        key = (target, page if target.startswith("#") else posixpath.dirname(page))
        if key not in self._wrong:
            self._wrong[key] = self._follow(target.strip(), page)
        return self._wrong[key]

    def _follow(self, target: str, page: str) -> Wrong | None:
        address, _, fragment = target.partition("#")
        written = address.partition("?")[0]
        plain = _unquoted(written)
        path = page
        if plain:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(f"/{page}"), plain)).lstrip("/")
            if _climbs(plain, page):
                return Wrong("leads out of the repository", OUTSIDE)
            if wrong := self._missing(path, plain, page, target[len(written) :]):
                return wrong
        return self._no_anchor(path, _unquoted(fragment), address) if fragment else None

    def _missing(self, path: str, plain: str, page: str, rest: str) -> Wrong | None:
        """What is wrong with a path below the root; `rest` is what the link says behind it."""
        folder = ""
        parts = path.split("/") if path else []
        for at, part in enumerate(parts):
            names = self.tree.listing(folder) or {}
            here = posixpath.join(folder, part)
            what = names.get(part)
            if what == "repository":
                return None  # what another repository holds, this one does not know
            if what == "outside":
                return Wrong(f"leads out of the repository by the symbolic link {shorten(here)}", OUTSIDE)
            if what is None or (what == "file" and (at + 1 < len(parts) or plain.endswith("/"))):
                why = f"there is no {shorten(path)}" if what is None else f"{shorten(here)} is no folder"
                guess = self._guess(folder, parts[at:]) if what is None else here
                remark = " (the case of letters counts)" if guess and _alike(guess, path) else ""
                written = guess and f"{_written(guess, plain, page)}{rest}"
                return Wrong(f"leads nowhere: {why}").guessed(written, remark)
            folder = here
        return None

    def _guess(self, folder: str, rest: list[str]) -> str | None:
        """The path that may be meant, where a folder has not what comes next."""
        return self.guesses.of((folder, *rest), lambda: self._near(folder, rest))

    def _near(self, folder: str, rest: list[str]) -> str | None:
        names = self.tree.listing(folder) or {}
        name = rest[-1]
        folded = sorted(n for n in names if n.casefold() == rest[0].casefold())
        elsewhere = [s.path for s in self.fleet.sources if posixpath.basename(s.path) == name]
        if not folded and len(elsewhere) == 1:
            return elsewhere[0]
        near = folded[0] if folded else _closest_name(rest[0], names)
        if near is None:
            return None
        guess = posixpath.join(folder, near, *rest[1:])
        return guess if len(rest) == 1 or self._exists(guess) else None

    def _exists(self, path: str) -> bool:
        folder, name = posixpath.split(path)
        return name in (self.tree.listing(folder) or {})

    def _no_anchor(self, path: str, fragment: str, address: str) -> Wrong | None:
        """What is wrong with the part after `#`."""
        known = self._known_anchors(path)
        if known is None or fragment in known or fragment.lower() == "top":
            return None
        if LINE_OF_A_FORGE.fullmatch(fragment):
            return None
        near = self.guesses.of((path, "#", fragment), lambda: closest(fragment, known))
        where = shorten(path) if address else "this file"
        wrong = Wrong(f"leads nowhere: {where} has no heading or anchor {shorten(fragment)}")
        return wrong.guessed(near and f"{address}#{near}")

    def _known_anchors(self, path: str) -> frozenset[str] | None:
        """The anchors of a Markdown file; None for any other."""
        if path not in self._anchors:
            self._anchors[path] = self._read_anchors(path)
        return self._anchors[path]

    def _read_anchors(self, path: str) -> frozenset[str] | None:
        if not path.lower().endswith(MARKDOWN):
            return None
        source = self.fleet.source(path)
        if source is None:
            text = files.text(self.tree, path)
            if text is None:
                return None
            source = Source(path, text)
        return anchors(source.text, front_matter.read(source).body)


def _climbs(plain: str, page: str) -> bool:
    """Whether a path leads out of the folder that holds the repository."""
    depth = 0 if plain.startswith("/") else page.count("/")
    for part in plain.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


def _alike(path: str, other: str) -> bool:
    return path != other and path.casefold() == other.casefold()


def _closest_name(name: str, names: Iterable[str]) -> str | None:
    """The file name that may be meant: a similar one of the same type, or the same of another type."""
    stem, suffix = posixpath.splitext(name)
    parts = [posixpath.splitext(known) for known in names]
    if near := closest(stem, [known for known, other in parts if other == suffix]):
        return near + suffix
    return next((stem + other for known, other in sorted(parts) if known == stem), None)


def _written(path: str, plain: str, page: str) -> str:
    """A path below the root as a link on a page says it."""
    from urllib.parse import quote

    if plain.startswith("/"):
        return f"/{quote(path)}"
    return quote(posixpath.relpath(path, posixpath.dirname(page) or "."))


def _unquoted(text: str) -> str:
    """A part of an address without its percent signs."""
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)
