"""Which files a verb is about: those on disk, those that are staged, or those of a revision."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from regcheck.cli import common
from regcheck.errors import UsageError
from regcheck.settings import are_in
from regcheck.trees import shown

if TYPE_CHECKING:
    from regcheck.model import Tree
    from regcheck.rule import Base
    from regcheck.store import Store
    from regcheck.trees.git import Git
    from regcheck.trees.objects import Objects

AT_HEAD = ("HEAD", "@")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--rev` and `--staged`."""
    which = parser.add_mutually_exclusive_group()
    help = "read what this revision holds, not the work tree; works in bare repositories too"
    which.add_argument("--rev", metavar="REV", help=help)
    help = "read what the next commit would hold (the index), not the work tree"
    which.add_argument("--staged", action="store_true", help=help)


def chosen(options: argparse.Namespace) -> Tree:
    """The files that the options ask for; raises UsageError, and GitError where Git has them not."""
    tree = common.work_tree(options)
    return revision(options.directory, options.rev) if options.rev is not None or options.staged else tree


def revision(folder: str, rev: str | None) -> Objects:
    """What a revision holds, or the index where none is named, from the root of its registers on.

    That is the nearest folder upwards with settings in it, else the top.
    """
    from regcheck.trees.git import Git
    from regcheck.trees.objects import Objects

    git = Git(folder)
    whole = Objects.of_index(git) if rev is None else Objects.of_revision(git, rev)
    prefix = git.prefix
    while prefix:
        if are_in(found := whole.below(prefix)):
            return found
        prefix = os.path.dirname(prefix)
    return whole


def base(options: argparse.Namespace, tree: Tree) -> Objects | None:
    """What the options, or else CI, compare with; None where there is nothing to compare with."""
    from regcheck.trees import branches

    if options.base is None and not branches.is_ci():
        return None
    from regcheck.errors import GitError
    from regcheck.trees.git import Git
    from regcheck.trees.objects import Objects

    head = options.rev or "HEAD"
    try:
        git = Git(options.directory)
        rev = options.base or branches.change_base(git, head)
        if rev in AT_HEAD and git.unborn:
            common.note("nothing has been committed yet, so there is nothing to compare with")
            return None
        if rev is None:
            if git.shallow:
                common.note(
                    "no base revision is known in this shallow clone: fetch its whole history to compare"
                )
            return None
        found = Objects.of_revision(git, rev)
    except GitError:
        if options.base:
            raise
        return None
    return found.below(below_top(tree.root, git))


def below_top(folder: str, git: Git) -> str:
    """A folder on disk as a path below the top of its repository, which is empty."""
    path = os.path.relpath(folder, git.top).replace(os.sep, "/")
    return "" if path == "." else path


def read_base(base: Objects | None, tree: Tree, store: Store) -> Base | None:
    """The base revision of a tree, read; by the settings of the tree where its own cannot be."""
    if base is None:
        return None
    from regcheck.check import read_base

    return read_base(base, store, instead=tree)


def below(tree: Tree, path: str) -> str:
    """A path of the command line (from the current folder) as one below the root."""
    on_disk = not hasattr(tree, "identity")
    if on_disk and not os.path.lexists(path):
        raise UsageError(f"there is no file or folder `{path}`")
    # The folder is resolved, the file is not: a symbolic link is reported where it lies.
    folder, name = os.path.split(os.path.abspath(path))
    below = os.path.relpath(os.path.join(os.path.realpath(folder), name), os.path.realpath(tree.root))
    if below == os.pardir or below.startswith(os.pardir + os.sep):
        raise UsageError(f"`{path}` is outside the repository {tree.root}")
    below = below.replace(os.sep, "/")
    if not on_disk and below != "." and not tree.exists(below):
        raise UsageError(f"there is no file or folder `{path}` there")
    return shown(below)
