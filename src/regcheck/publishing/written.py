"""The hand-written files of a site: which there are, and that builders can read them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from regcheck.errors import UsageError

READ = (".md", ".html", ".htm")
"""How the name of a file ends that is read, and not only taken along."""


def hand_written(folder: str) -> Iterator[str]:
    """The files below a folder; no link is followed, and nothing that is hidden is taken."""
    for path, full in _seen(folder):
        if os.path.isfile(full) and not os.path.islink(full):
            yield path


def links(folder: str) -> Iterator[str]:
    """The symbolic links below a folder, be it to files or to folders."""
    for path, full in _seen(folder):
        if os.path.islink(full):
            yield path


def above(path: str) -> Iterator[str]:
    """The folders in which a path lies, the innermost first."""
    while path := path.rpartition("/")[0]:
        yield path


def readable(folder: str, paths: Iterable[str]) -> None:
    """Raise UsageError where one of the pages below a folder cannot be read, and say why."""
    for path in paths:
        if path.endswith(READ):
            full = os.path.join(folder, path)
            try:
                with open(full, encoding="utf-8") as file:
                    file.read()
            except OSError as error:
                raise UsageError(f"{full} cannot be read: {error.strerror}") from error
            except UnicodeDecodeError as error:
                raise UsageError(f"{full} is not in UTF-8, as pages are: save it in that encoding") from error


def _seen(folder: str) -> Iterator[tuple[str, str]]:
    """All that is below a folder and not hidden: its path from there, and the whole one."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*folders, *names]):
            if not name.startswith("."):
                full = os.path.join(where, name)
                yield os.path.relpath(full, folder).replace(os.sep, "/"), full
