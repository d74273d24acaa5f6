"""The text of one file of a repository, or why it cannot be read."""

from __future__ import annotations

import os

from regcheck.model import Source, Tree, Unreadable

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes; a register of 100,000 entries takes about 25 MiB."""


def read_text(tree: Tree, path: str) -> str:
    """The text of a file below the root, without a byte order mark; raises Unreadable."""
    return decode(tree.read(path))


def shown(path: str) -> str:
    """A path as text that every terminal and encoding can take."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


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


# --- why nothing is read, in the same words wherever the files lie ----------------


LEADS_OUT = "a symbolic link leads out of the repository here"


def leads_out() -> Unreadable:
    """A symbolic link to somewhere else."""
    return Unreadable(LEADS_OUT, "put the file itself here: only files of the repository are read")


def passed_over(folder: str) -> str:
    """The remark on a submodule, or any repository inside another."""
    return f"{shown(folder)} is another repository: nothing in it was read"


def not_followed(link: str) -> str:
    """The remark on a symbolic link to a folder of the repository: it may lead in a circle."""
    return f"{shown(link)} is a symbolic link to a folder and is not followed: let a glob name that folder"


def not_opened(why: str) -> Unreadable:
    """Nothing that can be opened; `why` in the words of the system."""
    return Unreadable(f"the file cannot be opened: {why}", "make it a file that can be read, or remove it")


def not_regular(what: str) -> Unreadable:
    """A folder, a pipe, a device."""
    return Unreadable(f"this is {what}", "put a regular file here, or rename or remove this")


def too_large(size: int) -> Unreadable:
    """More bytes than any register has."""
    message = f"the file is too large: {size:,} bytes (at most {LARGEST_FILE:,})"
    return Unreadable(message, "split it into several files")
