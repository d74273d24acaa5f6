"""The findings as JUnit XML, as Jenkins, GitLab and most other CI servers read it.

The schema is that of Jenkins' xUnit plugin. A suite is a group of rules; a case
is a finding, or a rule that found nothing. Times and hosts are left out: the
schema does not ask for them, and they would differ from run to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from regcheck.catalogue import catalogue
from regcheck.model import Finding, Severity, Silenced
from regcheck.reporting.phrases import accepted, headline, told
from regcheck.reporting.view import PIPE, View
from regcheck.terminal import visible
from regcheck.verdict import Verdict


class Case(NamedTuple):
    """A test case: an element, and what it counts as."""

    element: str
    failed: bool = False
    skipped: bool = False


def render(verdict: Verdict, view: View = PIPE) -> str:
    """The report, in ASCII.

    What fails the run is a failure: errors, and where the view is strict
    warnings. Other findings are passed cases that say so in their output, and
    what is silenced is skipped.
    """
    cases = _cases(verdict, view)
    every = [case for of_group in cases.values() for case in of_group]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="regcheck"{_counts(every)}>']
    for group, of_group in cases.items():
        skipped = sum(case.skipped for case in of_group)
        lines.append(f'  <testsuite name="{group}"{_counts(of_group)} skipped="{skipped}">')
        lines += [case.element for case in of_group]
        lines.append("  </testsuite>")
    lines.append(f'  <testsuite name="summary"{_counts([])} skipped="0">')
    for said in [headline(verdict), *accepted(verdict)]:
        lines.append(f"    <system-out>{_xml(said)}</system-out>")
    lines += ["  </testsuite>", "</testsuites>"]
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


def _cases(verdict: Verdict, view: View) -> dict[str, list[Case]]:
    """The cases of every group of which a rule ran, rule by rule."""
    known = catalogue()
    found: dict[str, list[Finding | Silenced]] = {name: [] for name in verdict.rules}
    for finding in verdict.findings:
        found[finding.rule].append(finding)
    for silenced in verdict.silenced:
        found[silenced.finding.rule].append(silenced)
    groups: dict[str, list[Case]] = {}
    for rule, of_rule in found.items():
        cases = groups.setdefault(known.group_of(rule), [])
        cases += _of_rule(rule, of_rule, view) if of_rule else [Case(_element(rule, rule, ""))]
    return groups


def _of_rule(rule: str, found: list[Finding | Silenced], view: View) -> Iterator[Case]:
    """A case for each finding; its name stays when lines move, so that a history of runs can be kept."""
    failing = {Severity.ERROR, Severity.WARNING} if view.strict else {Severity.ERROR}
    times: dict[str, int] = {}
    for one in found:
        finding = one.finding if isinstance(one, Silenced) else one
        _, about, message = finding.identity
        name = message if about in message else f"{about}: {message}"
        times[name] = times.get(name, 0) + 1
        name += f" ({times[name]})" if times[name] > 1 else ""
        if isinstance(one, Silenced):
            why = f"{one.by}: {one.reason}" if one.reason else one.by
            yield Case(_element(rule, name, f'<skipped message="{_xml(why)}"/>'), skipped=True)
        elif finding.severity in failing:
            start = f'<failure type="{finding.severity.value}" message="{_xml(finding.message)}">'
            yield Case(_element(rule, name, f"{start}{_body(finding)}</failure>"), failed=True)
        else:
            yield Case(_element(rule, name, f"<system-out>{_body(finding)}</system-out>"))


def _body(finding: Finding) -> str:
    first, *rest = told(finding)
    place = f"{visible(str(finding.position))}: {finding.severity.value}[{finding.rule}]"
    return _xml("\n  ".join([f"{place}: {first}", *rest]), lines=True)


def _element(rule: str, name: str, content: str) -> str:
    start = f'    <testcase classname="{_xml(rule)}" name="{_xml(name)}"'
    return f"{start}>{content}</testcase>" if content else f"{start}/>"


def _counts(cases: list[Case]) -> str:
    return f' tests="{len(cases)}" failures="{sum(case.failed for case in cases)}" errors="0"'


def _xml(text: str, *, lines: bool = False) -> str:
    """Text as XML can hold it: what cannot be printed, which XML refuses in part, as an escape."""
    parts = text.split("\n") if lines else [text]
    return escape("\n".join(map(visible, parts)))
