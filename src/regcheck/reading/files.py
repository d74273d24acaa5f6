"""From a folder to the texts of the files that the globs name.

Nothing outside the root is read, nothing that is not a regular file is opened,
and whatever cannot be read becomes an `unreadable-file` problem.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from functools import lru_cache

from regcheck.model import Position, Problem, Source
from regcheck.words import shorten

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes; a register of 100,000 entries takes about 25 MiB."""

SKIPPED_FOLDERS = frozenset({".git", ".hg", ".venv", "node_modules", "__pycache__"})

CONFLICT_LINE = re.compile(
    r"(?:^|(?<=\r))(?P<mark><{7}|\|{7}|={7}|>{7})(?: [^\r\n]*)?(?=[\r\n]|\Z)", re.MULTILINE
)


def find(root: str, globs: Iterable[str]) -> list[str]:
    """The paths below `root` that one of the globs names, sorted.

    `**` stands for any folders, `*` and `?` stop at a slash, `{a,b}` is a choice.
    """
    found: set[str] = set()
    for pattern in globs:
        fixed = os.path.dirname(re.split(r"[*?\[{]", pattern, maxsplit=1)[0])
        if ".." in fixed.split("/") or os.path.isabs(pattern):
            continue  # nothing outside the root is read, whatever the settings say
        matches = glob_pattern(pattern).fullmatch
        found.update(path for path in _walk(root, fixed) if matches(path))
    return sorted(found)


@lru_cache(maxsize=64)
def glob_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression of a glob."""
    out, depth, i = "", 0, 0
    closing = pattern.count("}")
    while i < len(pattern):
        char = pattern[i]
        if pattern.startswith("**/", i):
            out, i = out + "(?:[^/]+/)*", i + 3
            continue
        if pattern.startswith("**", i):
            out, i = out + ".*", i + 2
            continue
        if char == "{" and closing > depth:
            out, depth = out + "(?:", depth + 1
        elif char == "}":
            out, depth = (out + ")", depth - 1) if depth else (out + "}", 0)
            closing -= 1
        elif char == "," and depth:
            out += "|"
        else:
            out += {"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char)
        i += 1
    return re.compile(out, re.DOTALL)


def _walk(root: str, folder: str) -> Iterator[str]:
    """Every path below a folder that is not itself a plain folder without a dot."""
    stack = [folder]
    while stack:
        folder = stack.pop()
        try:
            entries = list(os.scandir(os.path.join(root, folder)))
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name in SKIPPED_FOLDERS:
                    continue
                stack.append(path)
            yield path


def shown(path: str) -> str:
    """A path as text that every terminal and encoder can take."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def load(root: str, path: str) -> tuple[Source, list[Problem]]:
    """Read one file; its text is empty where it cannot be read."""
    try:
        source = Source(shown(path), _decode(_read(root, path)))
    except _Unreadable as why:
        source = Source(shown(path), "")
        position = Position(source.path, *why.place)
        return source, [Problem("unreadable-file", position, why.message, why.help)]
    return source, _settle_conflicts(source)


class _Unreadable(Exception):
    def __init__(self, message: str, help: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.help = message, help
        self.place = (line, column, line, column)


def _read(root: str, path: str) -> bytes:
    full = os.path.join(root, path)
    try:
        if os.path.islink(full):
            real, base = os.path.realpath(full), os.path.realpath(root)
            if os.path.commonpath([real, base]) != base:
                raise _Unreadable(
                    "this symbolic link leads out of the repository",
                    "put the file itself here: only files of the repository are read",
                )
        # O_NONBLOCK: a FIFO put here meanwhile must not make the run wait for ever.
        descriptor = os.open(full, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise _Unreadable(
            f"the file cannot be opened: {error.strerror}",
            "make it a readable file, or take it out of the globs",
        ) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise _Unreadable(f"this is {what}", "registers are regular files; rename or remove it")
        if status.st_size > LARGEST_FILE:
            raise _Unreadable(
                f"the file is too large: {status.st_size:,} bytes (at most {LARGEST_FILE:,})",
                "split the register into several files",
            )
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def _decode(data: bytes) -> str:
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(errors="replace").removeprefix("\ufeff")
        raise _Unreadable(
            f"the file is not UTF-8: byte 0x{data[error.start]:02x} is not valid here",
            "save the file with the encoding UTF-8",
            *_line_and_column(before),
        ) from error
    if (at := text.find("\0")) >= 0:
        raise _Unreadable(
            "the file has a NUL byte, so it is not text",
            "remove the byte, or take the file out of the globs",
            *_line_and_column(text[:at]),
        )
    return text


def _line_and_column(before: str) -> tuple[int, int]:
    position = Source("", before).position((len(before), len(before)))
    return position.line, position.column


def _settle_conflicts(source: Source) -> list[Problem]:
    """Report conflict markers, and read on with our side of each conflict.

    The marker lines and the other side are left out of the text, so that one
    forgotten merge does not bury the file under findings of its own.
    """
    text = source.text
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return []
    problems: list[Problem] = []
    left_out: list[tuple[int, int]] = []
    opened = False
    middle = 0
    for marker in CONFLICT_LINE.finditer(text):
        mark, number = marker["mark"], source.position(marker.span()).line
        if mark in ("|||||||", "======="):  # else a heading's underline
            middle = middle or (number if opened else 0)
        elif mark == ">>>>>>>" and middle:
            left_out.append((middle, number))
            opened, middle = False, 0
        elif not middle:
            problems.append(_conflict(source, marker))
            left_out.append((number, number))
            opened = mark == "<<<<<<<"
    if middle:
        left_out.append((middle, middle))
    if left_out:
        source.leave_out(left_out)
    return problems


def _conflict(source: Source, marker: re.Match[str]) -> Problem:
    return Problem(
        "merge-conflict",
        source.position(marker.span()),
        f"a merge was left unfinished here: {shorten(marker.group())}",
        "choose one side, then remove the lines <<<<<<<, ======= and >>>>>>>",
    )
