from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Problem, Severity
from regcheck.rule import Report, rule
from regcheck.words import did_you_mean, shorten


@rule(severity=Severity.ERROR, since="0.1")
def unknown_reference(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A field names an entry or a rule that does not exist, or that could be two.

    ## Why it matters

    The edge is missing from the graph: a workload on a misspelt machine is not
    affected when that machine is off, and its drain waits for nobody. A policy with a
    misspelt rule enforces nothing.

    ## How to fix it

    Correct the name, or add the entry that it should be. A task of another
    repository is an entry as well, with `external: yes`; a short task (`T05`)
    needs the `workplan` of its register.

    ## Example

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
        becomes: sparbox
      - id: sparebox
        role: planned
    ```

    The id of the machine:

    ```yaml
    register: machine
    entries:
      - id: oldbox
        role: frozen
        becomes: sparebox
      - id: sparebox
        role: planned
    ```
    """
    for problem in fleet.fleet.problems_of("unknown-reference"):
        yield report.problem(problem._replace(help=_put_back(problem, report) or problem.help))
    names = [*report.run.groups, *(name for group in report.run.groups.values() for name in group)]
    for policy in fleet.fleet.of("policy").values():
        for index, written in enumerate(policy.list("rules")):
            if isinstance(written, str) and written not in names:
                yield report(
                    policy.at("rules", index),
                    f"there is no rule or group {shorten(written)}, so {policy.ref} enforces nothing by it",
                    did_you_mean(written, names)
                    or "see `regcheck explain`, or install the package that brings it",
                    entry=policy.ref or None,
                )


def _put_back(problem: Problem, report: Report) -> str:
    """What to do where the base revision has the entry that is sought; nothing where it has it not."""
    if report.run.base is None:
        return ""
    before = report.run.base.graph.fleet
    entry = next(filter(None, map(before.named, problem.sought)), None)
    if entry is None:
        return ""
    place = str(entry.position).rpartition(":")[0]
    return f"it was in the base revision, at {place}: put it back, or let go of it here"
