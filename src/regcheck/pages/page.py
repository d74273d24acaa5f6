"""What a site is made of: pages of Markdown, and files that are taken as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from hashlib import sha256
from typing import Any, NamedTuple

from regcheck.pages import markup

UNSAFE = re.compile(r"[^\w-]+")
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9]|index|readme)")
"""Names that some systems, or this site itself, give another meaning."""
LONGEST_NAME = 80
"""Bytes of a file's name, so that the whole stays within what file systems take."""


class Page(NamedTuple):
    """A page of the site."""

    path: str
    """Below the site's folder, with forward slashes; it ends with `.md`."""
    title: str
    """As plain text."""
    write: Callable[[], str]
    """Makes the Markdown below the title, when a builder wants it."""
    search: bool = True
    """Whether the site's search finds it."""
    wide: bool = False
    """Whether it takes the place of the table of contents."""

    @property
    def text(self) -> str:
        """The Markdown below the title."""
        return self.write()

    @property
    def heading(self) -> str:
        """The title above the text, as Markdown."""
        return f"# {markup.prose(self.title)}"

    @property
    def front(self) -> dict[str, Any]:
        """What its front matter tells a builder."""
        found: dict[str, Any] = {"title": markup.title(self.title)}
        if not self.search:
            found["search"] = {"exclude": True}
        if self.wide:
            found["hide"] = ["toc"]
        return found


class Asset(NamedTuple):
    """A file of the site that is taken as it is."""

    path: str
    data: bytes


def address(path: str) -> str:
    """Where a page is read once it is built: a `README.md` is the index of its folder."""
    if not path.endswith(".md"):
        return path
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{'index' if name == 'README.md' else name.removesuffix('.md')}.html"


def relative(path: str, page: str) -> str:
    """How a page links to another one, or to a file, each by its path."""
    folder, _, _ = page.rpartition("/")
    if folder and path.startswith(f"{folder}/"):
        return address(path[len(folder) + 1 :])
    return "../" * page.count("/") + address(path)


def file_name(name: str, taken: Container[str] = ()) -> str:
    """A name for the file of an entry, made of its id: nothing in it leads to another folder.

    Where the id cannot be a name, or differs from a taken one only by case, it
    ends with a few digits of its hash.
    """
    safe = UNSAFE.sub("-", name).strip("-").encode("utf-8", "ignore")[:LONGEST_NAME].decode("utf-8", "ignore")
    if safe and safe == name and not RESERVED.fullmatch(safe) and safe.casefold() not in taken:
        return safe
    digits = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}-{digits}" if safe else digits
