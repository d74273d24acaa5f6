"""From a folder to the texts of the files that the globs name.

Nothing outside the root is read, nothing that is not a regular file is opened,
and whatever cannot be read becomes an `unreadable-file` problem.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from regcheck.model import Position, Problem, Source
from regcheck.words import shorten
from regcheck.writing import DRAFT

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes; a register of 100,000 entries takes about 25 MiB."""

SUFFIXES = (".md", ".yaml", ".yml")
CHOICE = re.compile(r"\{([^{}]*)\}")
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
        fixed = os.path.dirname(re.split(r"[*?{]", pattern, maxsplit=1)[0])
        if os.path.isabs(pattern) or ".." in fixed.split("/"):
            continue  # the settings refuse it; nothing outside is read all the same
        matches = glob_pattern(pattern).fullmatch
        found.update(path for path in _walk(root, fixed) if matches(path))
    return sorted(found)


@lru_cache(maxsize=64)
def glob_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression of a glob; it never searches one place twice."""
    return re.compile("|".join(map(_segments, _choices(pattern))), re.DOTALL)


def _choices(pattern: str) -> list[str]:
    """A glob once for each way through its choices: `a.{b,c}` is `a.b` and `a.c`."""
    choice = CHOICE.search(pattern)
    if choice is None:
        return [pattern]
    before, after = pattern[: choice.start()], pattern[choice.end() :]
    return [way for part in choice[1].split(",") for way in _choices(before + part + after)]


def _segments(pattern: str) -> str:
    """The regular expression of a glob without choices."""
    parts = pattern.split("/")
    segments = [s for at, s in enumerate(parts) if s != "**" or not at or parts[at - 1] != "**"]
    out = ""
    for at, segment in enumerate(segments, 1):
        if segment == "**":
            out += ".*" if at == len(segments) else "(?:[^/]+/)*"
            continue
        first, *rest = (re.escape(part).replace(r"\?", "[^/]") for part in re.split(r"\*+", segment))
        # As in fnmatch: what a star skips is decided once, at the first place where the next part fits.
        stars = [f"(?>[^/]*?{part})" for part in rest[:-1]] + [f"[^/]*{part}" for part in rest[-1:]]
        out += first + "".join(stars) + ("/" if at < len(segments) else "")
    return out


def _walk(root: str, folder: str) -> Iterator[str]:
    """Every path below a folder, but of its folders only those that are named like a register."""
    stack = [folder]
    while stack:
        folder = stack.pop()
        try:
            entries = list(os.scandir(os.path.join(root, folder)))
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        for entry in entries:
            if DRAFT.fullmatch(entry.name):
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name in SKIPPED_FOLDERS:
                    continue
                stack.append(path)
                if not entry.name.lower().endswith(SUFFIXES):
                    continue
            yield path


def shown(path: str) -> str:
    """A path as text that every terminal and encoder can take."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def load(root: str, path: str, texts: Mapping[str, str] | None = None) -> tuple[Source, list[Problem]]:
    """Read one file, or the text that stands in for it; the text is empty where it cannot be read."""
    if texts and (text := texts.get(shown(path))) is not None:
        source = Source(shown(path), text)
        return source, _settle_conflicts(source)
    try:
        source = Source(shown(path), decode(_read(root, path)))
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
        if (os.path.islink(full) and outside(root, full)) or outside(root, os.path.dirname(full)):
            raise _Unreadable(
                "a symbolic link leads out of the repository here",
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


@lru_cache(maxsize=1024)
def outside(root: str, path: str) -> bool:
    """Whether a path leads out of the repository, links followed."""
    real, base = os.path.realpath(path), os.path.realpath(root)
    return os.path.commonpath([real, base]) != base


def decode(data: bytes) -> str:
    """The text of a file, without a byte order mark."""
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
