"""The folder that a builder makes a site of: generated and hand-written pages joined."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from regcheck import settings
from regcheck.check import check
from regcheck.errors import GitError, UsageError
from regcheck.history.judging import Judging
from regcheck.history.progress import Point
from regcheck.pages import Asset, Forge, Page, Site, build, documents
from regcheck.pages.page import address
from regcheck.publishing.relinking import relinked
from regcheck.publishing.written import above, hand_written, links, readable
from regcheck.reporting.phrases import incomplete_note
from regcheck.silencing import baseline
from regcheck.store import Store, user_folder
from regcheck.trees import WorkTree, commits
from regcheck.trees.git import Git
from regcheck.trees.sparse import whole
from regcheck.words import listed, plural

DOCS = "site"
"""The folder of hand-written pages, where no `mkdocs.yml` names another one."""
MOST_COMMITS = 500
"""How many commits of the history are judged, the newest: the first build pays for each of them."""
STYLES = ("assets/regcheck/regcheck.css", "assets/regcheck/maps.css")
SCRIPTS = ("assets/regcheck/tables.js", "assets/regcheck/repairs.js")
"""What every page of the site uses, where it is there."""
POLYFILL = "assets/regcheck/iframe-worker.js"
"""What a search needs from `file://`, where a page may not start a worker."""
HEADING = re.compile(r"(?:---\n(?s:.*?)\n---\n)?\s*# .*\n")
"""The front matter of a page, and the title with which it begins."""
LONGEST_LIST = 5
TOLD_EVERY = 1.0
"""Seconds between two words about how far a run is."""
SAID = (settings.FILE, settings.PROJECT, baseline.FILE)
"""What decides about a site beside registers, schemas and pages."""

Told = Callable[[str], None]
"""Whoever hears how far the work is."""
LeftOut = Callable[[str], bool]
"""Whether a site leaves out the hand-written file of a path."""


class Notes(NamedTuple):
    """Who is told how far the work is, and what is worth a note beside it."""

    progress: Told
    note: Told


class Source(NamedTuple):
    """Where a site comes from."""

    root: str
    """The folder of the settings."""
    docs: str
    """The folder of hand-written pages; it need not exist."""
    forge: Forge = Forge()
    left_out: LeftOut = lambda _: False


class Assembly:
    """The site of a fleet, and the files of the folder that a builder reads."""

    def __init__(
        self, source: Source, site: Site, notes: Notes, written: frozenset[str], links: frozenset[str]
    ) -> None:
        """`written` and `links` are the paths of hand-written files and of links below their folder."""
        self.source, self.site, self.notes = source, site, notes
        self.written, self.links = written, links

    @cached_property
    def generated(self) -> dict[str, Page | Asset]:
        """The generated files by path; where a hand-written one has the address, it stays.

        Raises UsageError where there is no room for one.
        """
        found: dict[str, Page | Asset] = {}
        given_up = []
        taken = {*map(address, self.written)}
        for made in build(self.site):
            if is_outside(made.path) or made.path in found:
                raise ValueError(f"no page can have the path {made.path!r}")
            if address(made.path) in taken:
                given_up.append(f"`{made.path}`")
            else:
                found[made.path] = made
        if given_up:
            count = plural(len(given_up), "generated page gives", "generated pages give")
            self.notes.note(f"{count} way to hand-written ones: {_some(given_up)}")
        self._have_room(found)
        return found

    def _have_room(self, generated: Iterable[str]) -> None:
        """Raise UsageError where a hand-written file has the name of a folder, or a folder that of a page."""
        folders = {folder for path in self.written for folder in above(path)}
        for made in generated:
            blocked = folders.intersection((made, address(made))) or self.written.intersection(above(made))
            if blocked:
                what = os.path.join(self.source.docs, min(blocked))
                kind = "folder" if blocked <= folders else "file"
                raise UsageError(f"`{made}` cannot be made: the {kind} {what} is in its way, so rename that")

    @cached_property
    def below(self) -> str | None:
        """The folder of hand-written pages below the root; None where it lies elsewhere."""
        docs = os.path.relpath(self.source.docs, self.source.root).replace(os.sep, "/")
        return None if docs == ".." or docs.startswith("../") else docs

    def relinked(self, path: str, text: str, *, views: bool = False) -> str:
        """A hand-written page whose links to registers lead to the pages that show them.

        A canon document says above its text where it stands. With `views` the links
        to views of the explorer are no anchors to a builder.
        """
        if self.below is None:
            return text
        text = relinked(text, path, self.below, self.site, views=views)
        register = self.site.registers.get(f"{self.below}/{path}")
        document = (
            next((e for e in register.entries if e.kind.name == "document"), None) if register else None
        )
        if document is None or not (heading := HEADING.match(text)):
            return text
        about = documents.about(self.site, document, path)
        return f"{text[: heading.end()]}\n{about}\n{text[heading.end() :]}"

    def files(self) -> Iterator[Asset]:
        """Every file of the folder, generated or hand-written."""
        for made in self.generated.values():
            yield made if isinstance(made, Asset) else Asset(made.path, markdown(made))
        for path in sorted(self.written):
            with open(os.path.join(self.source.docs, path), "rb") as file:
                data = file.read()
            if path.endswith(".md"):
                data = self.relinked(path, data.decode("utf-8-sig", "replace"), views=True).encode()
            yield Asset(path, data)

    def watched(self) -> list[str]:
        """The files and folders of which a change makes another site; not all need be there."""
        paths = [source.path for source in self.site.fleet.sources]
        places = {path.partition("/")[0] for path in paths} | {self.site.verdict.settings.schemas}
        names = sorted({*places, *SAID})
        return [os.path.normpath(os.path.join(self.source.root, name)) for name in names]

    def of_every_page(self, paths: Iterable[str]) -> list[str]:
        """Those of some styles or scripts that are there."""
        return [path for path in paths if path in self.generated or path in self.written]


def assemble(source: Source, notes: Notes) -> Assembly:
    """Check the fleet of a repository, and make its site.

    Raises NoRegisters where it has no register, UsageError where a hand-written
    page cannot be read, and what a check raises.
    """
    notes.progress("reading the registers")
    verdict = check(whole(WorkTree(source.root)), store=Store(user_folder()))
    for remark in verdict.fleet.remarks:
        notes.note(remark)
    if unread := verdict.fleet.unread:
        notes.note(incomplete_note(unread))
    linked = frozenset(links(source.docs))
    if linked:
        what = plural(len(linked), "symbolic link", "symbolic links")
        some = _some([f"`{path}`" for path in sorted(linked)])
        notes.note(
            f"{what} among the hand-written pages {'is' if len(linked) == 1 else 'are'} not followed: {some}"
        )
    written = frozenset(path for path in hand_written(source.docs) if not source.left_out(path))
    readable(source.docs, sorted(written))
    docs = os.path.relpath(source.docs, source.root).replace(os.sep, "/")
    documents = {f"{docs}/{path}": path for path in sorted(written) if path.endswith(".md")}
    points = history(source.root, notes)
    notes.progress("making the pages")
    site = Site(verdict, points, source.forge, documents, blame=_blame(source.root))
    return Assembly(source, site, notes, written, linked)


def _some(names: list[str]) -> str:
    return listed(names[:LONGEST_LIST] + ["others"] * (len(names) > LONGEST_LIST))


def _blame(root: str) -> Callable[[str], Sequence[commits.Commit]]:
    """What tells which commit wrote each line of a file; nothing where Git does not know the file."""
    try:
        git = Git(root)
    except GitError:
        return lambda _: ()

    @cache
    def blame(path: str) -> Sequence[commits.Commit]:
        try:
            return commits.blame(git, os.path.join(git.prefix, path))
        except GitError:
            return ()

    return blame


def history(root: str, notes: Notes) -> list[Point]:
    """The newest commits of the current branch with their figures; none where there is no Git."""
    try:
        git = Git(root)
        found = [] if git.bare or git.unborn else commits.first_parents(git, "HEAD", MOST_COMMITS)
        late = commits.begins_late(git, found)
    except GitError:
        return []
    if late:
        notes.note(late)
    judging = Judging(git, git.prefix, Store(user_folder()))
    told, last = 0, time.monotonic()

    def tell(commit: commits.Commit) -> None:
        nonlocal told, last
        told += 1
        if time.monotonic() - last >= TOLD_EVERY:
            last = time.monotonic()
            notes.progress(f"judged {told:,} commits, now that of {commit.day}")

    return list(judging.points(found, tell))


def markdown(page: Page) -> bytes:
    """A page as a builder reads it: front matter, the title as its heading, the text."""
    # JSON is YAML but for what it writes as two halves of a character.
    front = "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in page.front.items()
    )
    return f"---\n{front}---\n\n{page.heading}\n\n{page.text}".encode("utf-8", "replace")


def write(folder: str, files: Iterable[Asset]) -> None:
    """Write files below a folder, which is empty or does not exist, and nowhere else."""
    for path, data in files:
        if is_outside(path):
            raise ValueError(f"{path!r} leads out of the folder")
        full = os.path.join(folder, *path.split("/"))
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "xb") as file:
            file.write(data)


def is_outside(path: str) -> bool:
    """Whether a path is more than names below a folder, on any system."""
    parts = path.split("/")
    return any(part in ("", ".", "..") or set(part) & set('\\:\0*?"<>|') for part in parts)
