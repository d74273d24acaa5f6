"""A repository as it lies on disk.

Nothing outside the root is read, nor what Git would leave alone: files that
`.gitignore` names, and other repositories inside this one. Nothing that is not a
regular file is opened for longer than it takes to see that.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache

from regcheck.errors import GitError
from regcheck.model import Unlisted, What
from regcheck.trees import texts
from regcheck.trees.texts import LARGEST_FILE, shown
from regcheck.writing import DRAFT

SUFFIXES = (".md", ".yaml", ".yml")
SKIPPED_FOLDERS = frozenset({".git", ".hg", ".venv", "node_modules", "__pycache__"})


class WorkTree:
    """The files and folders below a folder; each folder is listed once."""

    identity = None
    """Its files may change at any time."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.remarks: dict[str, None] = {}
        """What whoever asked should know, in the order met."""
        self._listings: dict[str, dict[str, What] | None] = {}
        self._written: dict[str, str] = {}
        """For names that are not UTF-8: what the system calls them, by what is shown."""

    def walk(self, folder: str, leads_into: Callable[[str], object]) -> Iterator[str | Unlisted]:
        """Every path in a folder and the folders below it that are led into.

        Of folders only those that are named like a register.
        """
        if folder and _outside(self.root, os.path.join(self.root, folder)):
            yield Unlisted(folder, texts.LEADS_OUT)
            return
        stack = [folder]
        while stack:
            folder = stack.pop()
            full = os.path.join(self.root, folder)
            try:
                entries = list(os.scandir(full))
            except OSError as error:
                # A dangling link, or a file in a folder's place, is there all the same.
                absent = isinstance(error, FileNotFoundError | NotADirectoryError) and not os.path.lexists(
                    full
                )
                if not absent:
                    yield Unlisted(folder or ".", error.strerror or "")
                continue
            if folder and any(entry.name == ".git" for entry in entries):
                self.remarks[texts.passed_over(folder)] = None
                continue
            for entry in entries:
                if DRAFT.fullmatch(entry.name):
                    continue
                path = f"{folder}/{entry.name}" if folder else entry.name
                if path in self._ignored:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if entry.name in SKIPPED_FOLDERS:
                        continue
                    if leads_into(path):
                        stack.append(path)
                    if not entry.name.lower().endswith(SUFFIXES):
                        continue
                elif self._is_inner(entry) and leads_into(path):
                    self.remarks[texts.not_followed(path)] = None
                yield path

    def _is_inner(self, entry: os.DirEntry[str]) -> bool:
        """Whether it is a symbolic link to a folder of this repository."""
        if not entry.is_symlink() or entry.name in SKIPPED_FOLDERS:
            return False
        return os.path.isdir(entry.path) and not _outside(self.root, entry.path)

    def exists(self, path: str) -> bool:
        """Whether there is anything at a path, be it a symbolic link that leads nowhere."""
        return os.path.lexists(os.path.join(self.root, path))

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises Unreadable where it is none, or not one of the repository."""
        full = os.path.join(self.root, self._written.get(path, path))
        try:
            if (os.path.islink(full) and _outside(self.root, full)) or _outside(
                self.root, os.path.dirname(full)
            ):
                raise texts.leads_out()
            # O_NONBLOCK: a FIFO put here meanwhile must not make the run wait for ever.
            descriptor = os.open(full, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except OSError as error:
            raise texts.not_opened(error.strerror or "") from error
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise texts.not_regular("a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file")
            if status.st_size > LARGEST_FILE:
                raise texts.too_large(status.st_size)
            with open(descriptor, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(descriptor)

    def listing(self, folder: str) -> Mapping[str, What] | None:
        """The names in a folder, in their exact case; None where there is no such folder."""
        if folder not in self._listings:
            self._listings[folder] = self._list(folder)
        return self._listings[folder]

    def _list(self, folder: str) -> dict[str, What] | None:
        real = self._written.get(folder, folder)
        found: dict[str, What] = {}
        try:
            with os.scandir(os.path.join(self.root, real)) as entries:
                for entry in entries:
                    if entry.name == ".git" or (what := self._what(entry)) is None:
                        continue
                    name = shown(entry.name)
                    found[name] = what
                    if (path := f"{real}/{entry.name}".lstrip("/")) != shown(path):
                        self._written[shown(path)] = path
        except OSError:
            return None
        return found

    def _what(self, entry: os.DirEntry[str]) -> What | None:
        """What a name is; None for a symbolic link that leads nowhere."""
        if entry.is_symlink():
            if _outside(self.root, entry.path):
                return "outside"
            if not os.path.exists(entry.path):
                return None
        if not entry.is_dir():
            return "file"
        return "repository" if os.path.lexists(os.path.join(entry.path, ".git")) else "folder"

    @cached_property
    def _ignored(self) -> frozenset[str]:
        """The files and folders that `.gitignore` names; none where the root is in no repository of Git's."""
        if git_directory(self.root) is None:
            return frozenset()
        from regcheck.trees.git import ignored

        try:
            return ignored(self.root)
        except GitError as error:
            self.remarks[f"files that .gitignore names are read, too: {error}"] = None
            return frozenset()


def git_directory(folder: str) -> str | None:
    """The `.git` of the work tree that a folder is in, as far as a look tells; None where there is none."""
    folder = os.path.abspath(folder)
    while True:
        found = os.path.join(folder, ".git")
        if os.path.exists(os.path.join(found, "HEAD")):
            return found
        if os.path.isfile(found):  # gitrepository-layout(5): it names the folder
            with open(found, encoding="utf-8", errors="surrogateescape") as file:
                return os.path.join(folder, file.read().partition("gitdir:")[2].strip())
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


@lru_cache(maxsize=1024)
def _outside(root: str, path: str) -> bool:
    """Whether a path leads out of the repository, or into what Git keeps of it, links followed."""
    real, base = os.path.realpath(path), os.path.realpath(root)
    return os.path.commonpath([real, base]) != base or ".git" in real[len(base) :].split(os.sep)
