"""What several reports say in the same words, and which findings go first where few are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from regcheck.model import Finding, Severity
from regcheck.terminal import visible
from regcheck.verdict import Verdict
from regcheck.words import plural

MOST_RELATED = 20
"""Related places of one finding that are told in words; JSON has them all."""


def found(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`; nothing where there is no finding."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(plural(counts[severity], severity.value) for severity in Severity if counts[severity])


def read(verdict: Verdict) -> str:
    """How much was read, and how much of what was found is left out of the report."""
    read = f"{plural(verdict.files, 'file')} with {plural(verdict.entries, 'entry', 'entries')}"
    return f"{read}; {plural(verdict.elsewhere, 'finding')} elsewhere" if verdict.elsewhere else read


def headline(verdict: Verdict) -> str:
    """The whole verdict on one line."""
    counts = found(verdict.findings)
    return f"{counts} in {read(verdict)}" if counts else f"clean: {read(verdict)}"


def silenced(verdict: Verdict) -> str:
    """`3 silenced: 1 by an exception, 2 by the baseline`; nothing where nothing is accepted."""
    by = []
    if verdict.excepted:
        by.append("1 by an exception" if verdict.excepted == 1 else f"{verdict.excepted:,} by exceptions")
    if verdict.baselined:
        by.append(f"{verdict.baselined:,} by the baseline")
    return f"{len(verdict.silenced):,} silenced: {', '.join(by)}" if by else ""


def debt(verdict: Verdict) -> str:
    """The size of the baseline, and what to do where it is too large; nothing where there is none."""
    if not verdict.baseline:
        return ""
    size, gone = verdict.baseline
    ways = f", {gone:,} of them gone: `regcheck check --write-baseline` drops those" if gone else ""
    return f"baseline: {plural(size, 'finding')}{ways}"


def accepted(verdict: Verdict) -> list[str]:
    """What is accepted for now, and the size of the baseline; nothing where there is neither."""
    return [said for said in (silenced(verdict), debt(verdict)) if said]


def sentences(finding: Finding) -> str:
    """What is wrong and how to put it right, on one line."""
    return visible(". ".join(filter(None, (finding.message, finding.help))))


def told(finding: Finding) -> Iterator[str]:
    """A finding in plain lines: what is wrong, how to put it right, and the related places."""
    yield visible(finding.message)
    if finding.help:
        yield f"help: {visible(finding.help)}"
    for place, message in finding.related[:MOST_RELATED]:
        yield f"note: {visible(str(place))}: {visible(message)}"
    if (hidden := len(finding.related) - MOST_RELATED) > 0:
        yield f"note: {plural(hidden, 'more place')} in the JSON report"


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The most severe first, and of each severity one of every rule before a second of any."""
    times: Counter[tuple[Severity, str]] = Counter()
    order: list[tuple[int, int, int, Finding]] = []
    for finding in findings:
        key = finding.severity, finding.rule
        times[key] += 1
        order.append((finding.severity.rank, times[key], len(order), finding))
    return [finding for *_, finding in sorted(order, key=lambda one: one[:3])]


def most_severe(findings: list[Finding], most: int) -> list[Finding]:
    """So many of the findings at most, in their order, without the least severe."""
    if len(findings) <= most:
        return findings
    kept = sorted(range(len(findings)), key=lambda number: findings[number].severity.rank)[:most]
    return [findings[number] for number in sorted(kept)]
