"""A repository as Git holds it: one of its revisions, or its index. Nothing is checked out for it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from regcheck.errors import GitError
from regcheck.model import Unlisted, Unreadable, What
from regcheck.store import digest
from regcheck.trees import texts
from regcheck.trees.git import Blob, Git
from regcheck.trees.texts import LARGEST_FILE, shown
from regcheck.trees.work_tree import SKIPPED_FOLDERS, SUFFIXES
from regcheck.writing import DRAFT

LINK, SUBMODULE = "120000", "160000"
MOST_LINKS = 40
"""Symbolic links on one way, as Linux has it."""


class Objects:
    """The blobs below a folder of one revision, or of the index."""

    def __init__(
        self, git: Git, blobs: Mapping[str, Blob], top: str, unmerged: frozenset[str] = frozenset()
    ) -> None:
        """`top` is the folder on disk in which the paths of the blobs lie."""
        self.git = git
        self.root = top
        self.blobs = blobs
        self.remarks: dict[str, None] = {}
        """What whoever asked should know, in the order met."""
        self.unmerged = unmerged
        """The paths that a merge has left in conflict."""
        self.opened: set[str] = set()
        """The paths whose files were read."""
        self.incomplete = False
        """Whether a file that was to be read has no object here, though it may have one some day."""

    @classmethod
    def of_revision(cls, git: Git, revision: str) -> Objects:
        """What a revision holds; raises GitError where there is none of this name."""
        return cls(git, dict(git.revision(git.resolve(revision, "tree"))), git.top)

    @classmethod
    def of_index(cls, git: Git) -> Objects:
        """What the next commit would hold."""
        blobs, unmerged = {}, set()
        for path, blob, stage in git.index():
            blobs[path] = blob
            if stage:  # 1 to 3: the sides of a conflict (git-read-tree(1))
                unmerged.add(path)
        return cls(git, blobs, git.top, frozenset(unmerged))

    def below(self, folder: str) -> Objects:
        """The same with a folder as its root."""
        if not folder:
            return self
        start = f"{folder}/"
        blobs = {
            path.removeprefix(start): blob for path, blob in self.blobs.items() if path.startswith(start)
        }
        unmerged = frozenset(path.removeprefix(start) for path in self.unmerged if path.startswith(start))
        return Objects(self.git, blobs, os.path.join(self.root, folder), unmerged)

    @cached_property
    def identity(self) -> str:
        """A name for all that it holds: two that hold the same have the same."""
        said = "\0".join(f"{path}\0{blob.mode} {blob.oid}" for path, blob in sorted(self.blobs.items()))
        return digest(f"{said}\0{sorted(self.unmerged)}")

    def answers_like(self, other: Objects) -> bool:
        """Whether all that was asked of another one would be answered here just the same.

        It has the same paths, and the same files where they were read.
        """
        if self.blobs.keys() != other.blobs.keys():
            return False
        changed = {path for path, _ in self.blobs.items() ^ other.blobs.items()}
        modes = ((self.blobs[path].mode, other.blobs[path].mode) for path in changed)
        return changed.isdisjoint(other.opened) and all(a == b != LINK for a, b in modes)

    def walk(self, folder: str, leads_into: Callable[[str], object]) -> Iterator[str | Unlisted]:
        """Every path in a folder and the folders below it that are led into.

        Of folders only those that are named like a register.
        """
        try:
            real = self._resolved(folder)
        except Unreadable:
            yield Unlisted(folder, texts.LEADS_OUT)
            return
        if real in self._folders:
            yield from self._walk([(folder, real)], leads_into)
        elif self._is_repository(real):
            self._pass_over(folder)
        elif self.exists(folder):  # a file, or a link that leads nowhere
            yield Unlisted(folder, self._missing(real))

    def _walk(self, stack: list[tuple[str, str]], leads_into: Callable[[str], object]) -> Iterator[str]:
        """What lies in some folders and below, each by its path and by the one that it really has."""
        while stack:
            folder, real = stack.pop()
            for name in self._folders[real]:
                path, real_path = (f"{above}/{name}".lstrip("/") for above in (folder, real))
                if DRAFT.fullmatch(name):
                    continue
                if real_path not in self._folders:
                    if not self._is_repository(real_path):
                        if name not in SKIPPED_FOLDERS and self._is_inner(real_path) and leads_into(path):
                            self.remarks[texts.not_followed(path)] = None
                        yield path
                    elif leads_into(path):
                        self._pass_over(path)
                elif name not in SKIPPED_FOLDERS:
                    if leads_into(path):
                        stack.append((path, real_path))
                    if name.lower().endswith(SUFFIXES):
                        yield path

    def _is_inner(self, path: str) -> bool:
        """Whether it is a symbolic link to a folder of this repository."""
        return self.blobs[path].mode == LINK and self._what(path) in ("folder", "repository")

    def _is_repository(self, path: str) -> bool:
        return path in self.blobs and self.blobs[path].mode == SUBMODULE

    def _pass_over(self, path: str) -> None:
        self.remarks[texts.passed_over(path)] = None

    def exists(self, path: str) -> bool:
        """Whether there is anything at a path, a symbolic link that leads nowhere included."""
        return path in self.blobs or path in self._folders

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises Unreadable where it is none, or none of the repository."""
        real = self._resolved(path)
        blob = self.blobs.get(real)
        if real in self._folders or self._is_repository(real):
            raise texts.not_regular("a folder")
        if blob is None or blob.mode == LINK:
            raise texts.not_opened(self._missing(real))
        if real in self.unmerged:
            raise Unreadable(
                "the index has several sides of a conflict here", "settle it, then `git add` the file"
            )
        self.opened.add(real)
        try:
            content = self.git.content(blob.oid, LARGEST_FILE)
        except GitError as error:
            self.incomplete = True
            message = "Git has no object for this file: this clone does not hold everything"
            raise Unreadable(message, "fetch it (`git fetch --refetch`), or clone again") from error
        if isinstance(content, int):
            raise texts.too_large(content)
        return content

    def listing(self, folder: str) -> Mapping[str, What] | None:
        """The names in a folder, as they are shown; None where there is no such folder. The root is `""`."""
        try:
            names = self._folders.get(self._resolved(folder))
        except (Unreadable, OSError):
            return None
        if names is None:
            return None
        found = ((name, self._what(f"{folder}/{name}".lstrip("/"))) for name in names)
        return {shown(name): what for name, what in found if what is not None}

    def _what(self, path: str) -> What | None:
        """What is at a path; None for a symbolic link that leads nowhere."""
        try:
            real = self._resolved(path)
        except Unreadable:
            return "outside"
        if self._is_repository(real):
            return "repository"
        if real in self._folders:
            return "folder"
        return "file" if real in self.blobs and self.blobs[real].mode != LINK else None

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        """The names in each folder."""
        found: dict[str, list[str]] = {"": []}
        for path in self.blobs:
            child, name = path, path
            while child:
                folder, _, name = child.rpartition("/")
                known = folder in found
                found.setdefault(folder, []).append(name)
                child = "" if known else folder
        return found

    def _resolved(self, path: str) -> str:
        """Where a path leads along its symbolic links; raises Unreadable where that is out of here."""
        ahead, here, links = path.split("/")[::-1], list[str](), 0
        while ahead:
            part = ahead.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not here:
                    raise texts.leads_out()
                here.pop()
                continue
            here.append(part)
            blob = self.blobs.get("/".join(here))
            if blob is not None and blob.mode == LINK:
                links += 1
                target = self.git.content(blob.oid, LARGEST_FILE)
                if links > MOST_LINKS or not isinstance(target, bytes):
                    return "/".join(here)  # where it stopped is a link: nothing can be read there
                leads = os.fsdecode(target)
                if leads.startswith("/"):
                    raise texts.leads_out()
                here.pop()
                ahead += leads.split("/")[::-1]
        return "/".join(here)

    def _missing(self, path: str) -> str:
        """Why nothing can be opened, or listed, at a path, in the words of the system."""
        if path in self.blobs and self.blobs[path].mode == LINK:  # too many to follow
            return os.strerror(errno.ELOOP)
        parts = path.split("/")
        way = ("/".join(parts[:length]) for length in range(1, len(parts) + 1))
        return os.strerror(errno.ENOTDIR if any(step in self.blobs for step in way) else errno.ENOENT)
