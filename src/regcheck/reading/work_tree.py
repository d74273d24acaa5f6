"""The files and folders of a work tree, asked for by those who follow a link."""

from __future__ import annotations

import os
from collections.abc import Mapping

from regcheck.model import What
from regcheck.reading import files
from regcheck.texts import outside


class WorkTree:
    """A repository as it lies on disk; each folder is listed once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._listings: dict[str, dict[str, What] | None] = {}
        self._written: dict[str, str] = {}
        """For names that are not UTF-8: what the system calls them, by what is shown."""

    def listing(self, folder: str) -> Mapping[str, What] | None:
        """The names in a folder, in their exact case; None where there is no such folder."""
        if folder not in self._listings:
            self._listings[folder] = self._list(folder)
        return self._listings[folder]

    def text(self, path: str) -> str | None:
        """The text of a file; None where it cannot be read."""
        source, unread = files.load(self.root, self._written.get(path, path))
        return None if any(problem.rule == "unreadable-file" for problem in unread) else source.text

    def _list(self, folder: str) -> dict[str, What] | None:
        real = self._written.get(folder, folder)
        found: dict[str, What] = {}
        try:
            with os.scandir(os.path.join(self.root, real)) as entries:
                for entry in entries:
                    if (what := self._what(entry)) is None:
                        continue
                    name = files.shown(entry.name)
                    found[name] = what
                    if (path := f"{real}/{entry.name}".lstrip("/")) != files.shown(path):
                        self._written[files.shown(path)] = path
        except OSError:
            return None
        return found

    def _what(self, entry: os.DirEntry[str]) -> What | None:
        """What a name is; None for a symbolic link that leads nowhere."""
        if entry.is_symlink():
            if outside(self.root, entry.path):
                return "outside"
            if not os.path.exists(entry.path):
                return None
        return "folder" if entry.is_dir() else "file"
