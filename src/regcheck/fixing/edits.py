"""What a fix is: edits of texts that only make sense together, and what they must come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from regcheck.model import Entry, Finding, Position, Problem, Source
from regcheck.verdict import Verdict

Said = tuple[str, str, str]
"""What identifies a finding here: its rule, its file, its words. Its entry may get its id by a fix."""
UNKNOWN = "unknown-reference"


class Edit(NamedTuple):
    """New text for a span of one file."""

    path: str
    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """One place put right. It ends a finding, or else it changes how facts are written and no fact."""

    edits: tuple[Edit, ...]
    ends: tuple[Said, ...] = ()
    entry: str | None = None
    """The entry that it is about, where it is about one."""
    doubt: str = ""
    """Why nobody can tell yet whether it is right, so that it is not made."""


class User(NamedTuple):
    """An entry that names another, and the property in which it does."""

    entry: Entry
    name: str


def kinds_named(users: Iterable[User]) -> frozenset[str]:
    """The kinds whose entries these references may name."""
    return frozenset(kind for user in users for kind in user.entry.kind.references[user.name].kinds)


class Work(NamedTuple):
    """What the fixes are made from: a verdict, and those of its sources that may be edited."""

    verdict: Verdict
    sources: Mapping[str, Source]

    def problems(self) -> Iterable[tuple[Problem, Source]]:
        """What reading met in these sources and a rule of the run reports."""
        ran = frozenset(self.verdict.rules)
        for problem in self.verdict.fleet.problems:
            source = self.sources.get(problem.position.path)
            if source is not None and problem.rule in ran:
                yield problem, source

    def doubt(self, kinds: frozenset[str]) -> str:
        """Why an entry of these kinds may be there all the same; of no kinds, why a word may be known."""
        fleet = self.verdict.fleet
        schemas = {source.path for source in fleet.schemas}
        hiding = (
            [*fleet.hiding(*kinds), *fleet.problems_of("duplicate-key")]
            if kinds
            else [problem for problem in fleet.hiding() if problem.position.path in schemas]
        )
        return f"{hiding[0].position.path} could not be read as a whole" if hiding else ""

    def users(self, problems: Iterable[Problem]) -> dict[Position, list[User]]:
        """The references that stand at the places of unknown ones; a default is one of several entries."""
        users: dict[Position, list[User]] = {p.position: [] for p in problems if p.rule == UNKNOWN}
        for entry in self.verdict.fleet if users else ():
            for name in entry.kind.references:
                value = entry.get(name)
                if value is None or entry.places.value(name, None) is None:
                    continue
                for index in range(len(value)) if isinstance(value, list) else [None]:
                    if (place := entry.at(name, index)) in users:
                        users[place].append(User(entry, name))
        return users


def replaced(source: Source, start: int, end: int, text: str) -> Edit:
    """The edit that puts a text in the place of what a source says."""
    return Edit(source.path, start, end, text)


def said(found: Finding | Problem) -> Said:
    """What identifies a finding, or the one that a problem becomes."""
    return found.rule, found.position.path, found.message


def span(source: Source, position: Position) -> tuple[int, int]:
    """The offsets of a position in a source of which no line was left out."""
    _, line, column, end_line, end_column = position
    starts = source.starts
    return starts[line - 1] + column - 1, starts[end_line - 1] + end_column - 1


def apply(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits that do not overlap."""
    parts, at = [], 0
    for edit in sorted(edits):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def compatible(fixes: Iterable[Fix]) -> list[Fix]:
    """The fixes of which none edits what one before it edits: the others wait for the next round."""
    taken: dict[str, list[Edit]] = {}
    kept = []
    for fix in dict.fromkeys(fixes):
        if any(_overlap(edit, other) for edit in fix.edits for other in taken.get(edit.path, ())):
            continue
        for edit in fix.edits:
            taken.setdefault(edit.path, []).append(edit)
        kept.append(fix)
    return kept


def _overlap(one: Edit, other: Edit) -> bool:
    return one.start <= other.end and other.start <= one.end
