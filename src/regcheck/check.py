"""The one file that names every stage, in order: read, build the graph, judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from regcheck.catalogue import catalogue
from regcheck.errors import RegcheckError, RuleCrash, UsageError
from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.reading import read_fleet
from regcheck.rule import Base, Report, Rule, Run
from regcheck.settings import FILE, Settings, load_settings
from regcheck.verdict import Verdict


def read(root: str, settings: Settings | None = None) -> FleetGraph:
    """The graph of the fleet in a repository; raises UsageError where it has no register."""
    fleet = read_fleet(root, settings or load_settings(root))
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
) -> Verdict:
    """Judge a repository by all rules, or by those selected.

    Raises UsageError for a rule that does not exist, SettingsError for settings
    that do not say something sensible, RuleCrash when a rule itself fails.
    """
    settings = load_settings(root)
    known = catalogue()
    rules = known.chosen(root, settings, select, ignore)
    severities = known.severities(root, settings)
    graph = read(root, settings)
    today = today or dt.datetime.now(dt.UTC).date().isoformat()
    run = Run(today, settings, base, frozenset(rule.name for rule in rules))
    findings = sorted(judge(graph, rules, severities, run), key=lambda finding: finding.order)
    names = [rule.name for rule in rules]
    return Verdict(graph, findings, names, today=today, settings=settings)


def judge(
    graph: FleetGraph, rules: Iterable[Rule], severities: dict[str, Severity], run: Run
) -> Iterator[Finding]:
    """The findings of these rules, in no particular order."""
    for rule in rules:
        report = Report(rule, severities.get(rule.name, rule.severity), run)
        try:
            yield from rule.judge(graph, report)
        except RegcheckError:
            raise
        except Exception as error:
            raise RuleCrash(rule.name, error) from error
