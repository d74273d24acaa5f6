"""The one file that names every stage, in order: read, build the graph, judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from regcheck.catalogue import catalogue
from regcheck.errors import RegcheckError, RuleCrash, UsageError
from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity, Silenced
from regcheck.reading import read_fleet
from regcheck.rule import Base, Report, Rule, Run
from regcheck.settings import FILE, Settings, load_settings
from regcheck.silencing import baseline, exceptions
from regcheck.silencing.baseline import Renewal
from regcheck.verdict import Verdict


def read(root: str, settings: Settings | None = None, texts: Mapping[str, str] | None = None) -> FleetGraph:
    """The graph of the fleet in a repository; raises UsageError where it has no register."""
    fleet = read_fleet(root, settings or load_settings(root), texts)
    if not fleet.registers and not fleet.problems:
        raise UsageError(
            f"no register found in {root}: put files into registers/, or name their globs in {FILE}"
        )
    return FleetGraph(fleet)


def check(
    root: str,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    today: str | None = None,
    base: Base | None = None,
    texts: Mapping[str, str] | None = None,
) -> Verdict:
    """Judge a repository by all rules, or by those selected.

    `texts` are read in place of what the files at these paths hold.

    Raises UsageError for a rule that does not exist, SettingsError for settings
    that do not say something sensible, RuleCrash when a rule itself fails.
    """
    settings = load_settings(root)
    known = catalogue()
    rules = known.chosen(root, settings, select, ignore)
    severities = known.severities(root, settings)
    graph = read(root, settings, texts)
    today = today or dt.datetime.now(dt.UTC).date().isoformat()
    held = baseline.load(root)
    run = Run(today, settings, base, {rule.name: rule for rule in rules}, known.groups, root=root)
    if base is not None:
        run = run._replace(defaults={name: known.rule(name).severity for name in known})
    findings, silenced = judge_all(graph, severities, run)
    names = [rule.name for rule in rules]
    verdict = Verdict(graph, findings, names, silenced=tuple(silenced), today=today, settings=settings)
    if held is None:
        return verdict
    matched = baseline.match(held, findings, run, exceptions.unjudged(graph.fleet, run))
    silenced = sorted([*silenced, *matched.silenced], key=lambda one: one.finding.order)
    return verdict._replace(
        findings=matched.left, silenced=tuple(silenced), baseline=matched.baseline, unjudged=matched.kept
    )


def judge_all(
    graph: FleetGraph, severities: dict[str, Severity], run: Run
) -> tuple[list[Finding], list[Silenced]]:
    """The findings of a run, and those that an exception accepts, both sorted."""
    first = [rule for rule in run.rules.values() if not rule.last]
    found = sorted(judge(graph, first, severities, run), key=_order)
    left, silenced = exceptions.silence(found, exceptions.in_force(graph.fleet, run.today), run.rules)
    last = [rule for rule in run.rules.values() if rule.last]
    left += judge(graph, last, severities, run._replace(findings=tuple(found)))
    return sorted(left, key=_order), silenced


def _order(finding: Finding) -> tuple[object, ...]:
    return finding.order


def renewed_baseline(verdict: Verdict, paths: Iterable[str]) -> Renewal:
    """The baseline that accepts what it did and still occurs, and what is new in these files and folders.

    What rules hold that did not run stays in it; what an exception accepts does not get into it.
    """
    asked, known = verdict.limited_to(paths), catalogue()
    new = [finding for finding in asked.findings if known.rule(finding.rule).allows_baseline]
    refused = [finding for finding in asked.findings if not known.rule(finding.rule).allows_baseline]
    still = [one.finding for one in verdict.silenced if one.by == baseline.BY]
    findings = sorted([*verdict.unjudged, *(finding.identity for finding in (*still, *new))])
    dropped = verdict.baseline.gone if verdict.baseline else 0
    return Renewal(findings, len(new), dropped, refused, asked.elsewhere)


def judge(
    graph: FleetGraph, rules: Iterable[Rule], severities: dict[str, Severity], run: Run
) -> Iterator[Finding]:
    """The findings of these rules, in no particular order."""
    for rule in rules:
        report = Report(rule, severities.get(rule.name), run)
        try:
            yield from rule.judge(graph, report)
        except RegcheckError:
            raise
        except Exception as error:
            raise RuleCrash(rule.name, error) from error
