"""The text of one file of a repository, or why it cannot be read.

Nothing outside the root is read, and nothing that is not a regular file is opened for longer
than it takes to see that.
"""

from __future__ import annotations

import os
import stat
from functools import lru_cache

from regcheck.model import Source

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes; a register of 100,000 entries takes about 25 MiB."""


class Unreadable(Exception):
    """A file is no text that may be read: what is wrong, how to put it right, and where."""

    def __init__(self, message: str, help: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.help = message, help
        self.place = (line, column, line, column)


def read_text(root: str, path: str) -> str:
    """The text of a file below the root, without a byte order mark; raises Unreadable."""
    return decode(_read(root, path))


@lru_cache(maxsize=1024)
def outside(root: str, path: str) -> bool:
    """Whether a path leads out of the repository, links followed."""
    real, base = os.path.realpath(path), os.path.realpath(root)
    return os.path.commonpath([real, base]) != base


def _read(root: str, path: str) -> bytes:
    full = os.path.join(root, path)
    try:
        if (os.path.islink(full) and outside(root, full)) or outside(root, os.path.dirname(full)):
            raise Unreadable(
                "a symbolic link leads out of the repository here",
                "put the file itself here: only files of the repository are read",
            )
        # O_NONBLOCK: a FIFO put here meanwhile must not make the run wait for ever.
        descriptor = os.open(full, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise Unreadable(
            f"the file cannot be opened: {error.strerror}", "make it a file that can be read, or remove it"
        ) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise Unreadable(f"this is {what}", "put a regular file here, or rename or remove this")
        if status.st_size > LARGEST_FILE:
            raise Unreadable(
                f"the file is too large: {status.st_size:,} bytes (at most {LARGEST_FILE:,})",
                "split it into several files",
            )
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def decode(data: bytes) -> str:
    """The text of a file, without a byte order mark; raises Unreadable."""
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(errors="replace").removeprefix("\ufeff")
        raise Unreadable(
            f"the file is not UTF-8: byte 0x{data[error.start]:02x} is not valid here",
            "save the file with the encoding UTF-8",
            *_line_and_column(before),
        ) from error
    if (at := text.find("\0")) >= 0:
        raise Unreadable(
            "the file has a NUL byte, so it is not text",
            "remove the byte, or save the file with the encoding UTF-8",
            *_line_and_column(text[:at]),
        )
    return text


def _line_and_column(before: str) -> tuple[int, int]:
    position = Source("", before).position((len(before), len(before)))
    return position.line, position.column
