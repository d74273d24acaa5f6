"""What a rule is: a name, a severity, documentation, and a pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from regcheck.model import Finding, Position, Problem, Related, Severity, Silenced
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


class Run(NamedTuple):
    """What a rule may ask besides the fleet."""

    today: str
    """The date of the run, as YYYY-MM-DD (UTC)."""
    settings: Settings = Settings()
    base: Base | None = None
    """The revision to compare with; rules that compare are silent without one."""
    rules: frozenset[str] = frozenset()
    """The names of the rules that run."""
    silenced: tuple[Silenced, ...] = ()
    """What was silenced; known only to a rule that judges `last`."""


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
    """Whether it judges what silencing left, so that it runs when all others have."""

    @property
    def summary(self) -> str:
        """What the rule finds, in one sentence."""
        return " ".join(self.doc.partition("\n\n")[0].split())


def rule(
    *, severity: Severity, since: str, silenced_by: Iterable[str] = SILENCERS, last: bool = False
) -> Callable[[Judge], Rule]:
    """Make a rule of a function; the rule is called as the function is, with hyphens."""

    def made(judge: Judge) -> Rule:
        name = judge.__name__.replace("_", "-")
        return Rule(name, severity, since, judge, judge.__doc__ or "", frozenset(silenced_by), last)

    return made


class Report:
    """What a rule reports with: fills in the rule's name and severity."""

    def __init__(self, rule: Rule, severity: Severity, run: Run) -> None:
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
    ) -> Finding:
        """A finding of the rule at a position; `entry` is the `kind:id` it is about."""
        found = tuple(related)
        return Finding(self.rule.name, self.severity, message, help, position, entry, found)

    def problem(self, problem: Problem) -> Finding:
        """A finding for what reading met."""
        position, related = problem.position, problem.related
        return self(position, problem.message, problem.help, entry=problem.entry, related=related)


def problems(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Every problem of this rule's name that reading met, as a finding."""
    yield from map(report.problem, fleet.fleet.problems_of(report.rule.name))
