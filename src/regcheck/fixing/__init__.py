"""Findings that regcheck can put right itself, and registers that it can write more readably.

A fix is made from what a check found; it is kept when a check of the mended
texts shows that its finding has gone and no error has come, or, where it only
changes how facts are written, that every fact and every finding is the same.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from regcheck.errors import SettingsError, UsageError
from regcheck.fixing import columns, exceptions, newlines, spelling, tasks, waves
from regcheck.fixing.changes import Change
from regcheck.fixing.edits import Edit, Fix, Work, apply, compatible
from regcheck.fixing.trials import NO_TRIAL, HeldBack, compare, held_back, split
from regcheck.model import Source
from regcheck.verdict import Verdict, is_below

__all__ = ["Change", "HeldBack", "Mended", "mend"]

Kind = Callable[[Work], Iterator[Fix]]
Judge = Callable[[Mapping[str, str]], Verdict]
"""A check of the repository with these texts in the place of those at their paths."""

MEANING: tuple[Kind, ...] = (spelling.fixes, tasks.unresolved, exceptions.misspelt, exceptions.fixes)
"""The written list of the fixes that end findings."""
WRITING: tuple[Kind, ...] = (tasks.mixed, waves.fixes, columns.fixes, newlines.fixes)
"""The written list of those that change how facts are written, and no fact."""

MOST_TRIALS = 200
"""Checks made to find out which fixes hold: past that the rest is left for people."""
Key = tuple[object, ...]
BROKEN = frozenset({"unreadable-file", "yaml-syntax", "merge-conflict"})
"""What is wrong with a file that is left alone as a whole."""


class Mended(NamedTuple):
    """What fixing came to, and the verdict on it."""

    changes: list[Change]
    """Sorted by path."""
    places: Counter[str]
    """How many places were put right in each file."""
    verdict: Verdict
    held_back: list[HeldBack]
    """The fixes of findings that are not made, sorted by place."""
    untried: int
    """How many more fixes would have taken too many checks."""


def mend(
    verdict: Verdict,
    judge: Judge,
    root: str,
    *,
    paths: Collection[str] = (),
    rules: Collection[str] | None = None,
) -> Mended:
    """Fix in memory what can be fixed safely, until nothing changes any more.

    Only in these files and folders (everywhere by default); with `rules` only
    their findings, and not how registers are written.
    """
    bench = _Bench(verdict, judge, root, paths)
    kinds = (MEANING, WRITING) if rules is None else (MEANING,)
    while any(bench.round(chosen, rules) for chosen in kinds):
        pass
    changes = [Change(path, bench.before[path], text) for path, text in sorted(bench.texts.items())]
    changed = [change for change in changes if change.before != change.after]
    return Mended(
        changed, bench.places, bench.verdict, sorted(bench.refused.values()), sum(bench.untried.values())
    )


class _Bench:
    """The texts on which fixes are tried."""

    def __init__(self, verdict: Verdict, judge: Judge, root: str, paths: Collection[str]) -> None:
        self.verdict = verdict
        self.judge = judge
        self.root = root
        self.paths = paths
        self.before: dict[str, str] = {}
        """What the files held that have new texts."""
        self.texts: dict[str, str] = {}
        self.places = Counter[str]()
        self.trials = 0
        self.untried: dict[tuple[Kind, ...], int] = {}
        self.refused: dict[Key, HeldBack] = {}

    def round(self, kinds: tuple[Kind, ...], rules: Collection[str] | None) -> bool:
        """Try all fixes of these kinds at once, and those that do not hold together in parts."""
        work = Work(self.verdict, self._editable())
        found = (fix for kind in kinds for fix in kind(work))
        wanted = [fix for fix in found if rules is None or all(rule in rules for rule, *_ in fix.ends)]
        for fix in wanted:
            if fix.doubt:
                self.refused[self._key(fix, work)] = held_back(fix, work, fix.doubt)
        fixes = compatible(fix for fix in wanted if self._key(fix, work) not in self.refused)
        held: list[Fix] = []
        verdict, waiting = self.verdict, [fixes] if fixes else []
        while waiting and self.trials < MOST_TRIALS:
            part = waiting.pop()
            self.trials += 1
            tried = self._judged([*held, *part], work)
            trial = compare(work, (verdict, held), (tried, [*held, *part]), part) if tried else NO_TRIAL
            if tried and trial.sound:
                held += part
                verdict = tried
            elif parts := split(part, trial, work):
                waiting += reversed(parts)
            else:
                for fix in part:
                    self.refused[self._key(fix, work)] = held_back(fix, work, trial.why(fix))
        self.untried[kinds] = sum(map(len, waiting))
        if not held:
            return False
        texts = self._edited(held, work)
        for path in texts.keys() - self.before.keys():
            self.before[path] = work.sources[path].text
        self.texts, self.verdict = texts, verdict
        self.refused.clear()  # what did not hold by itself may do so now
        self.places.update(fix.edits[0].path for fix in held)
        return True

    def _judged(self, fixes: Iterable[Fix], work: Work) -> Verdict | None:
        """The verdict with these fixes; None where the settings name what would no longer be there."""
        try:
            return self.judge(self._edited(fixes, work))
        except (UsageError, SettingsError):
            return None

    def _editable(self) -> dict[str, Source]:
        """The files that were read as a whole, each by one name, and that were asked for."""
        fleet = self.verdict.fleet
        broken = {problem.position.path for problem in fleet.problems if problem.rule in BROKEN}
        real = {source.path: os.path.realpath(os.path.join(self.root, source.path)) for source in fleet.texts}
        names = Counter(real.values())
        return {
            source.path: source
            for source in fleet.sources
            if source.path not in broken
            and names[real[source.path]] == 1
            and os.path.isfile(real[source.path])  # what is shown of an odd name is not the name
            and (not self.paths or "." in self.paths or any(is_below(source.path, p) for p in self.paths))
        }

    def _edited(self, fixes: Iterable[Fix], work: Work) -> dict[str, str]:
        """All new texts, with these fixes."""
        edits: dict[str, list[Edit]] = {}
        for fix in fixes:
            for edit in fix.edits:
                edits.setdefault(edit.path, []).append(edit)
        new = {path: apply(work.sources[path].text, of) for path, of in edits.items()}
        return {**self.texts, **new}

    def _key(self, fix: Fix, work: Work) -> Key:
        """What stays of a fix that does not hold, wherever it moves to."""
        edits = ((e.path, work.sources[e.path].text[e.start : e.end], e.text) for e in fix.edits)
        return fix.ends, *edits
