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
from regcheck.fixing.edits import Edit, Fix, Said, Work, apply, compatible, said
from regcheck.model import Fleet, Severity, Source
from regcheck.verdict import Verdict, is_below

__all__ = ["Change", "Mended", "mend"]

Kind = Callable[[Work], Iterator[Fix]]
Judge = Callable[[Mapping[str, str]], Verdict]
"""A check of the repository with these texts in the place of those at their paths."""

MEANING: tuple[Kind, ...] = (spelling.fixes, tasks.unresolved, exceptions.fixes)
"""The written list of the fixes that end findings."""
WRITING: tuple[Kind, ...] = (tasks.mixed, waves.fixes, columns.fixes, newlines.fixes)
"""The written list of those that change how facts are written, and no fact."""

MOST_TRIALS = 200
"""Checks made to find out which fixes hold: past that the rest is left for people."""
BROKEN = frozenset({"unreadable-file", "yaml-syntax", "merge-conflict"})
"""What is wrong with a file that is left alone as a whole."""


class Mended(NamedTuple):
    """What fixing came to, and the verdict on it."""

    changes: list[Change]
    """Sorted by path."""
    places: Counter[str]
    """How many places were put right in each file."""
    verdict: Verdict


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
    return Mended(changed, bench.places, bench.verdict)


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
        self.refused: set[tuple[object, ...]] = set()

    def round(self, kinds: Iterable[Kind], rules: Collection[str] | None) -> bool:
        """Try all fixes of these kinds at once, and those that do not hold together in halves."""
        work = Work(self.verdict, self._editable())
        found = (fix for kind in kinds for fix in kind(work))
        wanted = [fix for fix in found if rules is None or all(rule in rules for rule, *_ in fix.ends)]
        fixes = compatible(fix for fix in wanted if self._key(fix, work) not in self.refused)
        held: list[Fix] = []
        verdict, untried = self.verdict, [fixes] if fixes else []
        while untried and self.trials < MOST_TRIALS:
            part = untried.pop()
            self.trials += 1
            tried = self._judged([*held, *part], work)
            if tried is not None and _sound(verdict, tried, part):
                held += part
                verdict = tried
            elif len(part) > 1:
                half = len(part) // 2
                untried += [part[half:], part[:half]]
            else:
                self.refused.add(self._key(part[0], work))
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

    def _key(self, fix: Fix, work: Work) -> tuple[object, ...]:
        """What stays of a fix that does not hold, wherever it moves to."""
        edits = ((e.path, work.sources[e.path].text[e.start : e.end], e.text) for e in fix.edits)
        return fix.ends, *edits


def _sound(before: Verdict, after: Verdict, fixes: Iterable[Fix]) -> bool:
    """Whether the fixes end what they should, bring no error, and else leave every fact as it was."""
    was, now = _findings(before), _findings(after)
    ends = Counter(found for fix in fixes for found in fix.ends)
    if not ends:
        return was == now and _facts(before.fleet) == _facts(after.fleet)
    errors = Counter(said(f) for f in after.findings if f.severity is Severity.ERROR)
    known = Counter(said(f) for f in before.findings if f.severity is Severity.ERROR)
    return errors <= known and all(now[found] <= max(was[found] - ends[found], 0) for found in ends)


def _findings(verdict: Verdict) -> Counter[Said]:
    return Counter(said(f) for f in (*verdict.findings, *(s.finding for s in verdict.silenced)))


def _facts(fleet: Fleet) -> list[object]:
    """All that the registers say, the order of their entries apart."""
    return [
        (
            r.kind.name,
            r.source.path,
            r.title,
            r.as_of,
            r.max_age,
            r.workplan,
            sorted((repr(e.values), repr(e.links)) for e in r.entries),
        )
        for r in fleet.registers
    ]
