"""From a tree to the texts of the files that the globs name.

Whatever cannot be listed or read becomes an `unreadable-file` problem.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from regcheck.model import Position, Problem, Source, Tree, Unlisted, Unreadable
from regcheck.trees import read_text, shown
from regcheck.words import shorten

CHOICE = re.compile(r"\{([^{}]*)\}")

CONFLICT_LINE = re.compile(
    r"(?:^|(?<=\r))(?P<mark><{7}|\|{7}|={7}|>{7})(?: [^\r\n]*)?(?=[\r\n]|\Z)", re.MULTILINE
)


class Found(NamedTuple):
    """What globs name."""

    paths: list[str]
    """Sorted."""
    problems: list[Problem]
    """What is wrong with the folders that they lead into."""
    idle: dict[int, str]
    """The globs that name nothing, by their number."""


def find(tree: Tree, globs: Iterable[str]) -> Found:
    """The paths that one of the globs names.

    `**` stands for any folders, `*` and `?` stop at a slash, `{a,b}` is a choice.
    """
    found: set[str] = set()
    unlisted: dict[Unlisted, None] = {}
    idle: dict[int, str] = {}
    for number, pattern in enumerate(globs):
        fixed = os.path.dirname(re.split(r"[*?{]", pattern, maxsplit=1)[0])
        if os.path.isabs(pattern) or ".." in fixed.split("/"):
            continue  # the settings refuse it; nothing outside is read all the same
        matches = glob_pattern(pattern).fullmatch
        idle[number] = pattern
        for met in tree.walk(fixed, _folders(pattern).fullmatch):
            if isinstance(met, Unlisted):
                unlisted[met] = None
            elif matches(met):
                found.add(met)
            else:
                continue
            idle.pop(number, None)
    return Found(sorted(found), [_unlisted(*folder) for folder in unlisted], idle)


@lru_cache(maxsize=64)
def glob_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression of a glob; it never searches one place twice."""
    return re.compile("|".join(map(_segments, choices(pattern))), re.DOTALL)


@lru_cache(maxsize=64)
def _folders(pattern: str) -> re.Pattern[str]:
    """The regular expression of the folders in which a glob may name something."""
    heads = []
    for way in choices(pattern):
        parts = way.split("/")
        deepest = parts.index("**") + 1 if "**" in parts else len(parts) - 1
        heads += ["/".join(parts[:depth]) for depth in range(deepest + 1)]
    return re.compile("|".join(map(_segments, heads)), re.DOTALL)


def choices(pattern: str) -> list[str]:
    """A glob once for each way through its choices: `a.{b,c}` is `a.b` and `a.c`."""
    choice = CHOICE.search(pattern)
    if choice is None:
        return [pattern]
    before, after = pattern[: choice.start()], pattern[choice.end() :]
    return [way for part in choice[1].split(",") for way in choices(before + part + after)]


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


def load(tree: Tree, path: str) -> tuple[Source, list[Problem]]:
    """Read one file; the text is empty where it cannot be read."""
    try:
        source = Source(shown(path), read_text(tree, path))
    except Unreadable as why:
        source = Source(shown(path), "")
        position = Position(source.path, *why.place)
        return source, [Problem("unreadable-file", position, why.message, why.help)]
    return source, _settle_conflicts(source)


def text(tree: Tree, path: str) -> str | None:
    """The text of a file, less what conflicts leave out; None where it cannot be read."""
    source, unread = load(tree, path)
    return None if any(problem.rule == "unreadable-file" for problem in unread) else source.text


def _unlisted(folder: str, why: str) -> Problem:
    return Problem(
        "unreadable-file",
        Position(shown(folder), 1, 1, 1, 1),
        f"the folder cannot be listed, so nothing in it is read: {why}",
        "make it a folder that can be listed, or write globs that do not lead into it",
    )


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
