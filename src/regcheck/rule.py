"""What a rule is: a name, a severity, documentation, and a pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from regcheck.model import Finding, Position, Problem, Related, Severity
from regcheck.settings import Settings

if TYPE_CHECKING:
    from regcheck.graph import FleetGraph

Judge = Callable[["FleetGraph", "Report"], Iterator[Finding]]


SILENCERS = frozenset({"exception", "baseline"})
"""What may accept a finding."""


class Base(NamedTuple):
    """The revision that a run compares with."""

    graph: FleetGraph
    settings: Settings = Settings()
    accepted: tuple[tuple[str, str, str], ...] | None = None
    """The findings that its baseline holds, by their identities; None where it has none."""
    wrong: str = ""
    """What is wrong with its settings, so that neither they nor its baseline decide anything."""
    left_out: tuple[str, ...] = ()
    """What of it is wrong, and does not count; all else decides."""

    @property
    def decides(self) -> bool:
        """Whether it says how to judge: rightly, and with a word or with a register."""
        said = self.settings.file.text.strip() or self.accepted is not None or not self.graph.fleet.is_empty
        return bool(said) and not self.wrong


class Run(NamedTuple):
    """What a rule may ask besides the fleet."""

    today: str
    """The date of the run, as YYYY-MM-DD (UTC)."""
    settings: Settings = Settings()
    base: Base | None = None
    """The revision to compare with; rules that compare are silent without one."""
    rules: Mapping[str, Rule] = MappingProxyType({})
    """The rules that run, by name."""
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """The names of all rules that there are, by group."""
    findings: tuple[Finding, ...] = ()
    """What the other rules found, accepted or not; known only to a rule that judges `last`."""
    declared: Settings = Settings()
    """What the settings of the fleet itself say; those of the run may be the base's instead."""
    defaults: Mapping[str, Severity] = MappingProxyType({})
    """The default severity of every rule that there is; known only with a base."""
    hidden: bool = False
    """Whether something could not be read as a whole: what no rule finds may stand there."""
    accepted: tuple[tuple[str, str, str], ...] | None = None
    """What the baseline of the fleet itself holds; that of the base may decide instead."""
    trusts_base: bool = False
    """Whether the settings and the baseline of the base decide: then nothing may guard less than they do."""

    def complete(self, rule: str) -> bool:
        """Whether a rule runs and can say all that it has to say."""
        if self.hidden or rule not in self.rules:
            return False
        return self.base is not None or not self.rules[rule].compares


class Rule(NamedTuple):
    """A named check. Its documentation is the docstring of its function."""

    name: str
    severity: Severity
    since: str
    judge: Judge
    doc: str
    """The docstring: what the rule finds, then `## Why it matters` and `## How to fix it`."""
    silenced_by: frozenset[str] = SILENCERS
    """What may accept its findings: an `exception`, the `baseline`, both, or nothing."""
    last: bool = False
    """Whether it judges what the others found, so that it runs when they have."""
    compares: bool = False
    """Whether some of its findings, or all, are made only in comparison with a base revision."""

    @property
    def allows_exceptions(self) -> bool:
        """Whether an exception can accept its findings."""
        return "exception" in self.silenced_by and not self.last

    @property
    def allows_baseline(self) -> bool:
        """Whether the baseline can accept its findings."""
        return "baseline" in self.silenced_by

    @property
    def summary(self) -> str:
        """What the rule finds, in one sentence."""
        return " ".join(self.doc.partition("\n\n")[0].split())


def rule(
    *,
    severity: Severity,
    since: str,
    silenced_by: Iterable[str] = SILENCERS,
    last: bool = False,
    compares: bool = False,
) -> Callable[[Judge], Rule]:
    """Make a rule of a function; the rule is called as the function is, with hyphens."""

    def made(judge: Judge) -> Rule:
        name = judge.__name__.replace("_", "-")
        doc, silencers = judge.__doc__ or "", frozenset(silenced_by)
        return Rule(name, severity, since, judge, doc, silencers, last, compares)

    return made


class Report:
    """What a rule reports with: fills in the rule's name and severity."""

    def __init__(self, rule: Rule, severity: Severity | None, run: Run) -> None:
        """`severity` is what the settings give the rule; None leaves it to the rule."""
        self.rule = rule
        self.severity = severity
        self.run = run

    def __call__(
        self,
        position: Position,
        message: str,
        help: str = "",
        *,
        entry: str | None = None,
        related: Iterable[Related] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of the rule at a position; `entry` is the `kind:id` it is about, where that has an id.

        `severity` is for one that weighs otherwise than the rule does by default.
        """
        found = tuple(related)
        weight = self.severity or severity or self.rule.severity
        return Finding(self.rule.name, weight, message, help, position, entry or None, found)

    def problem(self, problem: Problem) -> Finding:
        """A finding for what reading met."""
        position, related = problem.position, problem.related
        return self(position, problem.message, problem.help, entry=problem.entry, related=related)


def problems(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Every problem of this rule's name that reading met, as a finding."""
    yield from map(report.problem, fleet.fleet.problems_of(report.rule.name))
