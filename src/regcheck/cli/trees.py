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
    """Add `--rev` and `--staged`, and what goes with them."""
    which = parser.add_mutually_exclusive_group()
    help = "read what this revision holds, not the work tree; works in bare repositories too"
    which.add_argument("--rev", metavar="REV", help=help)
    help = "read what the next commit would hold (the index), not the work tree"
    which.add_argument("--staged", action="store_true", help=help)
    help = "with either: the folder of the repository that has the settings, be it there on disk or not"
    parser.add_argument("--folder", metavar="DIR", type=_folder, help=help)
    help = (
        "with either: go by GIT_DIR, GIT_INDEX_FILE and the like, by which Git tells a hook what it is about"
    )
    parser.add_argument("--in-hook", action="store_true", help=help)


def _folder(text: str) -> str:
    """The type of an option that is a folder of the repository; its top is `""`."""
    path = os.path.normpath(text).replace(os.sep, "/") if text else ".."
    if path == ".." or path.startswith(("../", "/")):
        raise argparse.ArgumentTypeError(f"`{text}` is no folder of the repository: name it from its top")
    return "" if path == "." else path


def chosen(options: argparse.Namespace) -> Tree:
    """The files that the options ask for; raises UsageError, and GitError where Git has them not."""
    if options.rev is not None or options.staged:
        git = _git(options)
        whole = _whole(git, options.rev)
        return _rooted(whole, git) if options.folder is None else whole.below(options.folder)
    if options.folder is not None or options.in_hook:
        raise UsageError("--folder and --in-hook are about what Git holds: add --staged, or --rev REV")
    return common.work_tree(options)


def _git(options: argparse.Namespace) -> Git:
    from regcheck.trees.git import Git

    return Git(common.folder(options), in_hook=options.in_hook)


def revision(folder: str, rev: str) -> Objects:
    """What a revision holds, from the root of its registers on.

    That is the nearest folder upwards with settings in it, else the top.
    """
    from regcheck.trees.git import Git

    git = Git(folder)
    return _rooted(_whole(git, rev), git)


def _whole(git: Git, rev: str | None) -> Objects:
    """What a revision holds, or the index where none is named."""
    from regcheck.trees.objects import Objects

    return Objects.of_index(git) if rev is None else Objects.of_revision(git, rev)


def _rooted(whole: Objects, git: Git) -> Objects:
    prefix = git.prefix
    while prefix:
        if are_in(found := whole.below(prefix)):
            return found
        prefix = os.path.dirname(prefix)
    return whole


def bases(options: argparse.Namespace, tree: Tree) -> list[Objects]:
    """What the options, or else CI, compare with; empty where there is nothing to compare with."""
    from regcheck.trees import branches

    if options.base is None and not branches.is_ci():
        return []
    from regcheck.errors import GitError
    from regcheck.trees.objects import Objects

    try:
        git = _git(options)
        begun = branches.change_base(git, options.rev or "HEAD") if options.base is None else None
        revs = [begun] if begun else options.base or []
        if revs and revs[0] in AT_HEAD and git.unborn:
            common.note("nothing has been committed yet, so there is nothing to compare with")
            return []
        if not revs and git.shallow:
            common.note("no base revision is known in this shallow clone: fetch its whole history to compare")
        return [Objects.of_revision(git, rev).below(below_top(tree.root, git)) for rev in revs]
    except GitError:
        if options.base is not None:
            raise
        return []


def below_top(folder: str, git: Git) -> str:
    """A folder on disk as a path below the top of its repository, which is empty."""
    path = os.path.relpath(folder, git.top).replace(os.sep, "/")
    return "" if path == "." else path


def read_base(bases: list[Objects], tree: Tree, store: Store) -> tuple[Base | None, bool]:
    """The first of these revisions that says how to judge, else the first; None where there are none.

    Settings of it that cannot be read are those of the tree instead. With it, whether a revision
    was passed over that has no register: then neither need the tree have any.
    """
    from regcheck.check import read_base

    found: list[Base] = []
    for objects in bases:
        found.append(read_base(objects, store, instead=tree))
        if found[-1].decides:
            break
    if not found or not found[-1].decides:
        return (found[0] if found else None), False
    *passed, base = found
    wrong = [one.wrong for one in passed if one.wrong]
    empty = bool(passed) and not wrong  # one without a register, or it would decide
    return base._replace(left_out=(*wrong, *base.left_out)), empty


def below(tree: Tree, path: str) -> str:
    """A path of the command line (from the current folder) as one below the root."""
    on_disk = tree.identity is None
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
