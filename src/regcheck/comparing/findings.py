"""The findings of two verdicts compared: which are new, and which are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from regcheck.comparing.renames import Renames
from regcheck.model import Finding
from regcheck.verdict import Verdict

Identity = tuple[str, str, str]


class Told(NamedTuple):
    """A finding that only one side has among those that count."""

    finding: Finding
    accepted: str | None
    """What accepts it on the other side (`exception:ID` or `baseline`); None where that has it not."""


class Findings(NamedTuple):
    """What is found that was not, and what no longer is; the most severe first."""

    new: tuple[Told, ...]
    gone: tuple[Told, ...]


def compare_findings(before: Verdict, after: Verdict, renames: Renames) -> Findings:
    """The findings of one side that the other has not, by rule, entry and words, under new names too.

    What an exception or a baseline accepts does not count. Of what has no entry the
    words alone decide where the file has another name.
    """
    new, gone = list(after.findings), list(before.findings)
    names, reworded = renames.names | renames.numbers, renames.reworded

    def renamed(finding: Finding) -> Identity:
        rule, about, message = finding.identity
        return rule, names.get(about, about), reworded(message)

    for known_by in (_identity, renamed, lambda finding: _without_path(renamed(finding))):
        new, gone = _left(new, gone, known_by)
    accepted_before = {renamed(one.finding): one.by for one in before.silenced}
    accepted_now = {_identity(one.finding): one.by for one in after.silenced}
    return Findings(
        tuple(Told(finding, accepted_before.get(_identity(finding))) for finding in _worst_first(new)),
        tuple(Told(finding, accepted_now.get(renamed(finding))) for finding in _worst_first(gone)),
    )


def _left(
    new: list[Finding], gone: list[Finding], known_by: Callable[[Finding], Identity]
) -> tuple[list[Finding], list[Finding]]:
    """Both lists without the pairs that are known by the same; of equal ones the first are paired."""
    free: dict[Identity, list[int]] = {}
    for at, finding in reversed([*enumerate(gone)]):
        free.setdefault(known_by(finding), []).append(at)
    left, paired = [], set[int]()
    for finding in new:
        if same := free.get(known_by(finding)):
            paired.add(same.pop())
        else:
            left.append(finding)
    return left, [finding for at, finding in enumerate(gone) if at not in paired]


def _identity(finding: Finding) -> Identity:
    return finding.identity


def _without_path(identity: Identity) -> Identity:
    rule, about, message = identity
    return rule, about if ":" in about else "", message


def _worst_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (finding.severity.rank, *finding.order))
