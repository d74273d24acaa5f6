"""`regcheck diff`: what a change means for the fleet."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NamedTuple

from regcheck.cli import common, trees
from regcheck.errors import BaselineError, GitError, RegcheckError, SettingsError, UsageError
from regcheck.reporting.comparison import FORMATS, Side, Sides
from regcheck.store import Store, user_folder
from regcheck.terminal import Terminal

if TYPE_CHECKING:
    from regcheck.comparing.comparison import Comparison
    from regcheck.model import Tree

DESCRIPTION = """\
Show what a change means: what moved, which entries came, went, were renamed or say
something else, which run-time edges, waves and critical path that makes, which
production an outage newly takes down or no longer does, and which findings are new
or gone. The order of rows and the form of the files are no difference.

A is a revision, B another one or, where it is left out, the work tree. `A..B` is
the same as `A B`; `A...B` begins where B left A (their merge base), as a pull
request does.
"""

EXAMPLES = """\
examples:
  regcheck diff HEAD                        what is not yet committed
  regcheck diff HEAD~1 HEAD                 what the last commit means
  regcheck diff origin/main...HEAD          what this branch means
  regcheck diff v1.2..v1.3 --format json    for programs
  regcheck diff origin/main...HEAD --format text --format markdown=comment.md
                                            text here, and a comment for the pull request

exit status: 0 whatever the differences are, 2 wrong usage or an unknown revision,
3 a defect in regcheck.
"""

WORK_TREE = "the work tree"


class _Read(NamedTuple):
    """One of the two states that are compared."""

    side: Side
    tree: Tree


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `diff`."""
    parser.add_argument("before", metavar="A", help="a revision, or both as A..B or A...B")
    parser.add_argument("after", metavar="B", nargs="?", help="another one (default: the work tree)")
    common.add_format(parser, FORMATS)
    help = "neither use nor keep what runs have read of these files"
    parser.add_argument("--no-cache", action="store_true", help=help)
    help = "judge both as of this date (YYYY-MM-DD) instead of the present one, in UTC"
    parser.add_argument("--today", metavar="DATE", type=common.date, help=help)


def run(options: argparse.Namespace) -> int:
    """Compare, and tell the differences; 0 whatever they are."""
    from regcheck.reporting.comparison.caveats import caveats

    before, after = _sides(options)
    comparison = _compared(options, before, after)
    sides = Sides(before.side, after.side)
    first = next(iter(FORMATS))
    shown = [output.format for output in options.format or [common.Output(first)] if output.file is None]
    for caveat in caveats(comparison, sides) if first not in shown else ():  # which says it itself
        common.note(caveat)

    def render(name: str, terminal: Terminal) -> str:
        return FORMATS[name](comparison, sides, terminal)

    common.deliver(options, first, render)
    return 0


def _compared(options: argparse.Namespace, before: _Read, after: _Read) -> Comparison:
    from regcheck.check import compare

    store = Store(None if options.no_cache else user_folder())
    was, is_ = before.side.name, after.side.name
    try:
        return compare(before.tree, after.tree, today=options.today, store=store)
    except (SettingsError, BaselineError) as error:  # where those of the side before are wrong, others decide
        raise UsageError(f"{is_} cannot be judged: {error}") from error
    except RegcheckError as error:
        if error.status != UsageError.status:
            raise
        raise UsageError(f"{was} and {is_} cannot be compared: {error}") from error


def _sides(options: argparse.Namespace) -> tuple[_Read, _Read]:
    """Both states; raises UsageError, and GitError where Git has one of them not."""
    from regcheck.trees.git import Git
    from regcheck.trees.objects import Objects

    tree: Tree = common.work_tree(options)
    git = Git(options.directory)
    first, name, second = _named(options)
    if second is None:
        if git.bare:
            raise GitError(f"{git.folder} is a bare repository, which has no work tree: name two revisions")
        after = _Read(Side(WORK_TREE, None), tree)
    else:
        after = _Read(Side(second, git.resolve(second)), trees.revision(options.directory, second))
    commit = git.resolve(first)
    if name is None:
        assert second is not None
        name = f"the merge base of {first} and {second}"
        base = git.merge_base(first, second)
        if base is None:
            cut = ": fetch more of their history (`git fetch --unshallow`)" if git.shallow else ""
            raise GitError(f"{first} and {second} have no commit in common{cut}")
        commit = base
    before = Objects.of_revision(git, commit).below(trees.below_top(after.tree.root, git))
    return _Read(Side(name, commit), before), after


def _named(options: argparse.Namespace) -> tuple[str, str | None, str | None]:
    """The revisions that are named, as Git reads two in one word: A, its name, and B.

    Without a name A is not compared itself, but where B left it; without B there is the work tree.
    """
    said, after = options.before, options.after
    for dots in ("...", ".."):
        before, found, behind = said.partition(dots)
        if found:
            if after is not None:
                raise UsageError(f"`{said}` names two revisions already: leave `{after}` out")
            first, second = before or "HEAD", behind or "HEAD"
            return first, None if dots == "..." else first, second
    return said, said, after
