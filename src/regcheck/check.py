"""The one file that names every stage, in order: read, build the graph, judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from regcheck.errors import RegcheckError, RuleCrash, UsageError
from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.reading import read_fleet
from regcheck.rule import Base, Report, Rule, Run
from regcheck.rules import GROUPS, RULES
from regcheck.settings import FILE, Settings, load_settings, wrong_setting
from regcheck.verdict import Verdict
from regcheck.words import did_you_mean


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
    for name in settings.ignore:
        _named(root, name, "ignore")
    rules = chosen(select, (*settings.ignore, *ignore))
    severities = overridden(root, settings)
    graph = read(root, settings)
    today = today or dt.datetime.now(dt.UTC).date().isoformat()
    run = Run(today, settings, base, frozenset(rule.name for rule in rules))
    findings = sorted(judge(graph, rules, severities, run), key=lambda finding: finding.order)
    return Verdict(graph, findings, [rule.name for rule in rules])


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


def chosen(select: Iterable[str], ignore: Iterable[str]) -> list[Rule]:
    """The rules that run: those selected by name or group (all by default), less those ignored."""
    wanted = (expand(select) or set(RULES)) - expand(ignore)
    if not wanted:
        raise UsageError("no rule is left to run: all that are selected are ignored, too")
    return [rule for name, rule in RULES.items() if name in wanted]


def expand(names: Iterable[str]) -> set[str]:
    """Rule names from rule and group names; raises UsageError, with a suggestion."""
    found: set[str] = set()
    for name in names:
        if name in GROUPS:
            found.update(rule.name for rule in GROUPS[name])
        elif name in RULES:
            found.add(name)
        else:
            guess = did_you_mean(name, [*RULES, *GROUPS])
            raise UsageError(f"there is no rule or group `{name}`: {guess or 'see `regcheck explain`'}")
    return found


def _named(root: str, name: str, key: str) -> set[str]:
    """The rules that a setting names; raises SettingsError, with its line, for an unknown one."""
    try:
        return expand([name])
    except UsageError as error:
        raise wrong_setting(root, key, str(error)) from error


def overridden(root: str, settings: Settings) -> dict[str, Severity]:
    """The severities that the settings change; a rule's own line beats its group's."""
    found: dict[str, Severity] = {}
    for name in sorted(settings.severity, key=lambda name: name not in GROUPS):
        names = _named(root, name, name)
        found.update(dict.fromkeys(names, Severity(settings.severity[name])))
    return found
