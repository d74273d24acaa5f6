"""New texts to the files that hold them: byte for byte, unless somebody else has written there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regcheck import writing
from regcheck.trees import decode
from regcheck.writing import Changed

PLAIN = frozenset(range(ord(" "), ord("~") + 1)) - frozenset(b'"\\')
"""Bytes that stand for themselves in a quoted path of a diff."""


class Change(NamedTuple):
    """What one file held when it was read, and what it is to hold."""

    path: str
    """As it was read, below the root: it may be a symbolic link."""
    before: str
    after: str


class Content(NamedTuple):
    """The bytes of a change, and the file that they are in: where a link leads to."""

    file: str
    before: bytes
    after: bytes


def content(root: str, change: Change) -> Content:
    """The bytes of a change, with the byte order mark that a text does not have.

    Raises Changed where the file no longer holds what was read, OSError where
    that cannot be found out.
    """
    base = os.path.realpath(root)
    file = os.path.realpath(os.path.join(root, change.path))
    if not os.path.isfile(file) or os.path.commonpath([base, file]) != base:
        raise Changed(file)
    with open(file, "rb") as stream:
        before = stream.read()
    written = change.before.encode()
    if not before.endswith(written) or decode(before) != change.before:
        raise Changed(file)
    return Content(file, before, before[: len(before) - len(written)] + change.after.encode())


def save(root: str, changes: Iterable[Change]) -> dict[str, str]:
    """Write the files; what could not be written, by path, with the reason."""
    refused = {}
    for change in changes:
        try:
            wanted = content(root, change)
            writing.replace(wanted.file, wanted.after, read=wanted.before)
        except Changed:
            refused[change.path] = "it has changed meanwhile, so it is left as it is: run this again"
        except (OSError, UnicodeDecodeError) as error:
            refused[change.path] = f"it cannot be written: {getattr(error, 'strerror', None) or error}"
    return refused


def tidy(root: str, paths: Iterable[str]) -> None:
    """Remove what killed runs have left beside these files."""
    files = (os.path.realpath(os.path.join(root, path)) for path in paths)
    for folder in sorted({os.path.dirname(file) for file in files}):
        writing.tidy(folder)


def difference(root: str, change: Change) -> Iterator[str]:
    """The lines of a change as a unified diff, as `git apply` and `patch -p1` take it.

    Lines end with a line feed alone; a carriage return before it is the line's.
    """
    from difflib import unified_diff

    file, before, after = content(root, change)
    path = os.path.relpath(file, os.path.realpath(root)).replace(os.sep, "/")
    old, new = _lines(before.decode()), _lines(after.decode())
    for line in unified_diff(old, new, _named(f"a/{path}"), _named(f"b/{path}")):
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n"
            yield "\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _named(path: str) -> str:
    """A path as Git writes it in the head of a diff."""
    if path.isprintable() and PLAIN.issuperset(path.encode("ascii", "ignore")):
        return f"{path}\t" if " " in path else path
    quoted = (chr(byte) if byte in PLAIN else f"\\{byte:03o}" for byte in path.encode())
    return f'"{"".join(quoted)}"'
