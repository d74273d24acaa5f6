"""How far a migration is: the figures of one commit, made of what a check of it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from regcheck.trees.commits import Commit

if TYPE_CHECKING:
    from regcheck.graph import FleetGraph
    from regcheck.verdict import Verdict


class Figures(NamedTuple):
    """What is left to do, counted."""

    interactive_now: int
    interactive_target: int
    undetermined: int
    frozen: int
    unproven: int
    errors: int
    warnings: int
    silenced: int


class Figure(NamedTuple):
    """How a figure is called at the head of a column, and what it counts."""

    head: str
    meaning: str


FIGURES = (
    Figure("now", "production nodes that need an interactive machine"),
    Figure("target", "production nodes that would still need one at `target`"),
    Figure("unknown", "entries that production may need, and nobody knows their place"),
    Figure("frozen", "entries still on frozen machines"),
    Figure("no gate", "production without complete promotion evidence"),
    Figure("errors", "open errors"),
    Figure("warnings", "open warnings"),
    Figure("accepted", "findings that an exception or the baseline accepts"),
)
"""In the order of `Figures`."""


class Point(NamedTuple):
    """One commit of the history."""

    commit: Commit
    figures: Figures | None
    """None where the commit has no register, or was skipped."""
    why: str = ""
    """Why it was skipped; empty where it was not."""


def figures(verdict: Verdict) -> Figures:
    """The figures of what a check came to."""
    from regcheck.graph import NOW, TARGET
    from regcheck.model import Severity

    graph = verdict.graph
    evidence = graph.coverage.evidence().total
    undetermined = {entry.ref for state in (NOW, TARGET) for entry in graph.reach.undetermined(state)}
    return Figures(
        interactive_now=_interactive(graph, NOW),
        interactive_target=_interactive(graph, TARGET),
        undetermined=len(undetermined),
        frozen=len(graph.placement.on("frozen")),
        unproven=evidence.of - evidence.have,
        errors=verdict.count(Severity.ERROR),
        warnings=verdict.count(Severity.WARNING),
        silenced=len(verdict.silenced),
    )


def _interactive(graph: FleetGraph, state: str) -> int:
    """Production that an outage of all interactive machines together affects in a state."""
    machines = graph.independence.interactive(state)
    return len(graph.reach.affected(machines, state)) if machines else 0
