"""What a check of mended texts says of the fixes in them: whether they hold, and which ones do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from regcheck.fixing.edits import Edit, Fix, Said, Work, said
from regcheck.model import Finding, Fleet, Severity
from regcheck.verdict import Verdict

Place = tuple[str, str, int, int]
"""Rule, file, and where a finding stood before the fixes: its words may quote what they replace."""
Tried = tuple[Verdict, list[Fix]]


class HeldBack(NamedTuple):
    """A fix that is not made, and why."""

    path: str
    line: int
    column: int
    ends: bool
    """Whether it was to end a finding; else it would only have changed how facts are written."""
    why: str


class Trial(NamedTuple):
    """What came of some fixes."""

    sound: bool
    brought: tuple[Finding, ...] = ()
    """What must not come and came."""
    places: tuple[Place, ...] = ()
    """Where that would stand before the fixes."""
    stayed: frozenset[Said] = frozenset()
    """What should have gone."""

    def blames(self, fix: Fix, work: Work) -> bool:
        """Whether something wrong with the trial is about the same finding, entry or line."""
        lines = {(e.path, work.sources[e.path].position((e.start, e.start)).line) for e in fix.edits}
        return (
            not self.stayed.isdisjoint(fix.ends)
            or any(fix.entry is not None and found.entry == fix.entry for found in self.brought)
            or any((path, line) in lines for _, path, line, _ in self.places)
        )

    def why(self, fix: Fix) -> str:
        """Why a fix does not hold, in words."""
        about = [found for found in self.brought if fix.entry and found.entry == fix.entry]
        if self.brought:
            found = (about or list(self.brought))[0]
            at = found.position
            return f"mending it would bring {found.rule} in {at.path}:{at.line}:{at.column}"
        if self is NO_TRIAL:
            return "the settings name what would be gone"
        return f"mending it would not end {fix.ends[0][0]}" if fix.ends else "it would say something else"


NO_TRIAL = Trial(sound=False)
"""The settings do not allow the check."""


def held_back(fix: Fix, work: Work, why: str) -> HeldBack:
    """A fix that is not made, by its place."""
    first = min(edit for edit in fix.edits if edit.end > edit.start or len(fix.edits) == 1)
    place = work.sources[first.path].position((first.start, first.start))
    return HeldBack(first.path, place.line, place.column, bool(fix.ends), why)


def compare(work: Work, before: Tried, after: Tried, part: list[Fix]) -> Trial:
    """Whether fixes end what they should, bring nothing as bad, and else leave every fact as it was."""
    was, now = _findings(before[0]), _findings(after[0])
    ends = Counter(found for fix in part for found in fix.ends)
    if not ends:
        return Trial(sound=was == now and _facts(before[0].fleet) == _facts(after[0].fleet))
    stayed = frozenset(found for found in ends if now[found] > max(was[found] - ends[found], 0))
    worst = {found.severity for found in before[0].findings if said(found) in ends} or {Severity.ERROR}
    rank = max(severity.rank for severity in worst)
    known, ending = Counter[Place](), Counter(ends)
    for found, place in _places(work, *before, rank):
        if ending[said(found)]:  # another one in its place is no old one
            ending[said(found)] -= 1
        else:
            known[place] += 1
    brought, places = [], []
    for found, place in _places(work, *after, rank):
        if known[place]:
            known[place] -= 1
        elif said(found) not in stayed:
            brought.append(found)
            places.append(place)
    return Trial(not brought and not stayed, tuple(brought), tuple(places), stayed)


def split(part: list[Fix], trial: Trial, work: Work) -> list[list[Fix]]:
    """Parts of fixes that may hold; none where all are to blame, and alike.

    What goes wrong at one place speaks against the fixes there; all that put one
    word in the place of another stand or fall together before single ones do.
    """
    blamed = [fix for fix in part if trial.blames(fix, work)]
    rest = [fix for fix in part if fix not in set(blamed)]
    if blamed and rest:
        return [rest, blamed]
    groups: dict[object, list[Fix]] = {}
    for fix in part:
        groups.setdefault(_words(fix, work), []).append(fix)
    if len(groups) > 1:
        return list(groups.values())
    half = len(part) // 2
    return [part[:half], part[half:]] if half and not blamed else []


def _words(fix: Fix, work: Work) -> object:
    """The rule that a fix obeys, and the words that it replaces by others."""
    if not fix.ends:
        return ()
    words = [(work.sources[e.path].text[e.start : e.end], e.text) for e in fix.edits]
    return fix.ends[0][0], tuple(word for word in words if word[1])


def _findings(verdict: Verdict) -> Counter[Said]:
    return Counter(said(f) for f in (*verdict.findings, *(s.finding for s in verdict.silenced)))


def _places(work: Work, verdict: Verdict, fixes: Iterable[Fix], rank: int) -> Iterable[tuple[Finding, Place]]:
    """The findings so severe, with the places at which they would stand in the work's own texts."""
    edits: dict[str, list[Edit]] = {}
    for edit in sorted(edit for fix in fixes for edit in fix.edits):
        edits.setdefault(edit.path, []).append(edit)
    sources = {source.path: source for source in verdict.fleet.texts}
    for found in verdict.findings:
        if found.severity.rank > rank:
            continue
        path, line, column, *_ = found.position
        if path in edits and path in sources:
            offset = _origin(sources[path].starts[line - 1] + column - 1, edits[path])
            at = work.sources[path].position((offset, offset))
            line, column = at.line, at.column
        yield found, (found.rule, path, line, column)


def _origin(offset: int, edits: Iterable[Edit]) -> int:
    """Where an offset of a text was before its edits; what is new was where the edit starts."""
    shift = 0
    for edit in edits:
        start = edit.start + shift
        if offset < start:
            break
        if offset < start + len(edit.text):
            return edit.start
        shift += len(edit.text) - (edit.end - edit.start)
    return offset - shift


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
