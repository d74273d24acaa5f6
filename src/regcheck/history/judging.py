"""The commits of a history, each judged as of its own day, and no more of them than is needed."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator

from regcheck.custom import are_declared
from regcheck.errors import CustomRuleError, GitError, NoRegisters, RegcheckError, UsageError
from regcheck.history.progress import Figures, Point, figures
from regcheck.store import Memory, Store, program
from regcheck.trees.commits import Commit
from regcheck.trees.git import Git
from regcheck.trees.objects import Objects

MOST_REMEMBERED = 64 * 1024 * 1024
"""Bytes of what was read of files, for the next commits that hold the same."""
BROKEN = frozenset({"unreadable-file", "yaml-syntax", "merge-conflict", "unknown-kind", "bad-schema"})
"""Problems that keep a file, or a part of it, from being read."""
COLLECTED_EVERY = 16
"""Commits judged, after which what they have left behind is collected: it refers to itself in circles."""

Answer = tuple[Figures | None, str]
"""The figures, and why there are none."""


class Judging:
    """The figures of commits: from the store, from the commit before, or from a check."""

    def __init__(self, git: Git, folder: str, store: Store) -> None:
        """`folder` is the root of the registers below the top of the repository, in every commit."""
        self.git = git
        self.folder = folder
        # The code of custom rules may change at any time.
        self.store = store if store and not are_declared() else Store(None)
        self._memory = Memory(MOST_REMEMBERED)
        self.judged = 0
        """How many checks there were."""
        self._last: tuple[Objects, str, Answer] | None = None
        """The files that were judged last, as of which day, and what that came to."""

    def points(self, commits: Iterable[Commit], told: Callable[[Commit], None]) -> Iterator[Point]:
        """Each commit with its figures; whoever is `told` hears of those that are not in the store."""
        for commit in commits:
            name = ("progress", program(), self.folder, commit.day, commit.tree)
            if (data := self.store.get(*name)) is not None:
                numbers, why = json.loads(data)
                yield Point(commit, Figures(*numbers) if numbers else None, why)
                continue
            told(commit)
            (found, why), complete = self._judge(commit)
            if complete:
                self.store.put(name, json.dumps([found, why]).encode())
            yield Point(commit, found, why)

    def _judge(self, commit: Commit) -> tuple[Answer, bool]:
        """What a commit comes to, and whether nothing that it holds is missing here."""
        try:
            blobs = dict(self.git.revision(commit.tree))
        except GitError as error:
            return (None, str(error)), False
        tree = Objects(self.git, blobs, self.git.top).below(self.folder)
        if self._last and self._last[1] == commit.day and tree.answers_like(self._last[0]):
            return self._last[2], True
        answer = _answer(tree, commit.day, self._memory)
        self._last = None if tree.incomplete else (tree, commit.day, answer)
        self.judged += 1
        if self.judged % COLLECTED_EVERY == 0:
            gc.collect()
        return answer, not tree.incomplete


def _answer(tree: Objects, day: str, memory: Memory) -> Answer:
    """The figures of a tree on a day, or why it has none: what is broken in it is no reason to stop."""
    from regcheck.check import check

    try:
        verdict = check(tree, today=day, store=memory)
    except NoRegisters:
        return None, ""
    except CustomRuleError:  # that is the fault of no commit
        raise
    except RegcheckError as error:
        if error.status != UsageError.status:
            raise
        tree.incomplete |= isinstance(error, GitError)
        return None, str(error)
    # A figure of what could be read would look like progress.
    broken = next((problem for problem in verdict.fleet.problems if problem.rule in BROKEN), None)
    return (None, f"{broken.position}: {broken.message}") if broken else (figures(verdict), "")
