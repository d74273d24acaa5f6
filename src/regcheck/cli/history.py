"""`regcheck history`: how far the migration was, commit by commit."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING, Any, Self

from regcheck.cli import common, trees
from regcheck.errors import NoRegisters, RegcheckError, UsageError
from regcheck.settings import FILE
from regcheck.terminal import Terminal

if TYPE_CHECKING:
    from regcheck.history.progress import Point
    from regcheck.trees.commits import Commit

DESCRIPTION = """\
Show the progress of the migration over the commits that led to a revision, the
oldest first: how much production still needs an interactive machine, now and at
target, how much is still on frozen machines, how much has no complete promotion
evidence, and what a check finds. Of a merge only the first parent is followed.
Each commit is judged by its own settings and as of its own date (in UTC), so that
the answer is the same on any day.
"""

EXAMPLES = """\
examples:
  regcheck history                            up to the current commit
  regcheck history origin/main --max 50       the newest 50 commits of a branch
  regcheck history --since 2026-05-01         from this day on
  regcheck history --format csv=progress.csv  for a spreadsheet: every commit
  regcheck history --format json              for programs, with the reason of what was skipped

A commit whose settings or registers cannot be read is skipped and counted. What
was found out about a commit is kept in the user's cache for the next run.
"""

FORMATS = ("text", "json", "csv")
TOLD_EVERY = 0.1
"""Seconds between two words about how far a run is."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `history`."""
    help = "the revision that the commits led to (default: HEAD)"
    parser.add_argument("revision", metavar="REV", nargs="?", default="HEAD", help=help)
    parser.add_argument("--max", metavar="N", type=_count, help="only the newest N commits")
    parser.add_argument(
        "--since",
        metavar="DATE",
        type=common.date,
        help="only commits of this day (YYYY-MM-DD, in UTC) or later",
    )
    common.add_format(parser, FORMATS)
    parser.add_argument(
        "--no-cache", action="store_true", help="neither use nor keep what runs like this one have found out"
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"`{text}` is no number of commits")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Judge the commits, and show how their figures changed."""
    from regcheck.history.judging import Judging
    from regcheck.store import Store, user_folder
    from regcheck.trees import commits

    tree = trees.revision(common.folder(options), options.revision)
    git = tree.git
    found = commits.first_parents(git, options.revision, options.max)
    listed = [commit for commit in found if options.since is None or commit.day >= options.since]
    if not listed:
        latest = max(commit.day for commit in found)  # a clock may have been wrong
        raise UsageError(f"no commit is as late as {options.since}: the latest is of {latest}")
    if late := commits.begins_late(git, listed):
        common.note(late)
    judging = Judging(
        git, trees.below_top(tree.root, git), Store(None if options.no_cache else user_folder())
    )
    with _Progress(len(listed)) as progress:
        points = []
        for point in judging.points(listed, progress.tell):
            points.append(point)
            progress.done += 1
    if all(point.figures is None and not point.why for point in points):
        looked = "commit was" if len(points) == 1 else "commits were"
        raise NoRegisters(
            f"{len(points):,} {looked} looked at, and none has a register:"
            f" put files into registers/, or name their globs in {FILE}"
        )

    def render(name: str, terminal: Terminal) -> str:
        if name == "json":
            return _json(found[-1], points)
        if name == "csv":
            return _csv(points, terminal)
        from regcheck.history import text

        return text.render(points, terminal)

    common.deliver(options, FORMATS[0], render)
    return 0


class _Progress:
    """How far a run is, on a terminal that shows standard error; nothing elsewhere."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.done = 0
        self._shown = sys.stderr.isatty()
        self._last = 0.0
        self._commit: Commit | None = None

    def tell(self, commit: Commit) -> None:
        """Say that a commit is judged now."""
        self._commit = commit
        if self._shown and time.monotonic() - self._last >= TOLD_EVERY:
            self._last = time.monotonic()
            sys.stderr.write(f"\r\x1b[Kjudging commit {self.done + 1:,} of {self.count:,}, {commit.day}")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, _: object) -> None:
        if self._last:
            sys.stderr.write("\r\x1b[K")
        if isinstance(error, RegcheckError) and self._commit:
            common.note(f"this is about the commit {self._commit.oid}:")


def _json(last: Commit, points: list[Point]) -> str:
    answer: dict[str, Any] = {
        "version": 1,
        "revision": last.oid,
        "commits": [
            {
                "commit": commit.oid,
                "date": commit.day,
                "subject": commit.subject,
                "tree": commit.tree,
                "figures": figures and figures._asdict(),
                "why": why or None,
            }
            for commit, figures, why in points
        ],
        "skipped": sum(bool(point.why) for point in points),
    }
    return json.dumps(answer, indent=1) + "\n"


def _csv(points: list[Point], terminal: Terminal) -> str:
    from regcheck.cli.spreadsheet import csv_text
    from regcheck.history.progress import Figures

    nothing = [""] * len(Figures._fields)
    header = ["commit", "date", "subject", "tree", *Figures._fields, "why"]
    rows = (
        [commit.oid, commit.day, commit.subject, commit.tree, *(figures or nothing), why]
        for commit, figures, why in points
    )
    return csv_text(header, rows, terminal)
