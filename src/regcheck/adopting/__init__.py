"""What a repository needs so that regcheck guards it: settings, a register to start with, hooks, a workflow.

Nothing that is there already is changed, save that a hook is added where its list
can take it without a doubt. Nothing is written in here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from regcheck.adopting import pre_commit, starters
from regcheck.adopting.forges import FORGES, GITLAB_CI, GITLAB_INCLUDE, Forge, is_included
from regcheck.model import Unreadable
from regcheck.reading import read_fleet
from regcheck.reading.files import glob_pattern
from regcheck.settings import FILE, are_in, load_settings
from regcheck.trees import WorkTree

__all__ = ["FORGES", "Forge", "Step", "steps"]

WRITTEN, EXTENDED, UNCHANGED, LEFT_ALONE = "written", "extended", "unchanged", "left alone"


class Step(NamedTuple):
    """What becomes of one file."""

    path: str
    """Below the top of the repository."""
    what: str
    """`written`, `extended`, `unchanged` or `left alone`."""
    text: str
    """What the file is to hold; where it is left alone, what it would hold, or what to add to it."""
    before: bytes | None = None
    """What it holds; None where it is not there, or cannot be read."""
    why: str = ""
    """Why it is left alone, or unchanged."""
    differs: bool = False
    """Whether it is left alone because it holds something else than a whole text would be."""

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return self.what in (WRITTEN, EXTENDED)


def steps(top: str, folder: str, forge: Forge, requirement: str) -> Iterator[Step]:
    """What becomes of each file below the top of a repository, in the order in which they are read.

    `folder` is the one with the settings or without any, below the top or the top itself
    (`""`); `requirement` is what installs regcheck. Raises SettingsError for settings
    that cannot be read.
    """
    tree = WorkTree(top)
    own = WorkTree(os.path.join(top, folder)) if folder else tree
    settings = load_settings(own)
    if not are_in(own):
        yield _new(tree, _below(folder, FILE), starters.SETTINGS)
    register = starters.REGISTER_PATH
    read = any(glob_pattern(glob).fullmatch(register) for glob in settings.registers)
    if read and read_fleet(own, settings).is_empty:
        yield _new(tree, _below(folder, register), starters.REGISTER)
    command = f"regcheck -C {folder}" if folder else "regcheck"
    yield _hooked(tree, pre_commit.hook(command, requirement))
    yield _new(tree, forge.workflow, forge.text(command, requirement))
    if forge.name == "gitlab":
        yield _included(tree)


def _below(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def _new(tree: WorkTree, path: str, text: str) -> Step:
    """A file that is written where there is none."""
    held, why = _held(tree, path)
    if why:
        return Step(path, LEFT_ALONE, text, None, why)
    if held is None:
        return Step(path, WRITTEN, text)
    if held.replace(b"\r\n", b"\n") == text.encode():
        return Step(path, UNCHANGED, text, held)
    return Step(path, LEFT_ALONE, text, held, "it is yours; what would be written differs so", differs=True)


def _hooked(tree: WorkTree, hook: str) -> Step:
    """The configuration of pre-commit, with the hook in it."""
    path = pre_commit.FILE
    held, why = _held(tree, path)
    if why:
        return Step(path, LEFT_ALONE, hook, None, why)
    if held is None:
        return Step(path, WRITTEN, pre_commit.HEAD + hook)
    try:
        before = held.decode()
        todo = "" if pre_commit.is_asked_before_merges(before) else pre_commit.INSTALLS
        if pre_commit.has_hook(before):
            return Step(path, UNCHANGED, before, held, "; ".join(filter(None, ("it has the hook", todo))))
        return Step(path, EXTENDED, pre_commit.with_hook(before, hook), held, todo)
    except (UnicodeDecodeError, pre_commit.Doubtful) as doubt:
        text = f"{hook}  # {pre_commit.INSTALLS}\n"
        return Step(path, LEFT_ALONE, text, held, f"{doubt}: add to its `repos`")


def _included(tree: WorkTree) -> Step:
    """GitLab's own configuration, with what it includes."""
    held, why = _held(tree, GITLAB_CI)
    if held is not None and is_included(held.decode(errors="replace")):
        return Step(GITLAB_CI, UNCHANGED, GITLAB_INCLUDE, held, "it includes the job")
    if why or held is not None:
        return Step(GITLAB_CI, LEFT_ALONE, GITLAB_INCLUDE, held, why or "it is yours: add to it")
    return Step(GITLAB_CI, WRITTEN, GITLAB_INCLUDE)


def _held(tree: WorkTree, path: str) -> tuple[bytes | None, str]:
    """What a file holds (None where there is none), or why it is not to be touched."""
    base = os.path.realpath(tree.root)
    way = path.split("/")
    for length in range(1, len(way) + 1):
        place = os.path.join(base, *way[:length])
        if os.path.islink(place):
            return None, f"`{'/'.join(way[:length])}` is a symbolic link, which is not written through"
        if length < len(way) and os.path.exists(place) and not os.path.isdir(place):
            return None, f"`{'/'.join(way[:length])}` is no folder"
    if not tree.exists(path):
        return None, ""
    try:
        return tree.read(path), ""
    except Unreadable as error:
        return None, error.message
