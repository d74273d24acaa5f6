"""What several reports say in the same words, and which findings go first where few are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from regcheck.model import Finding, Severity
from regcheck.terminal import visible
from regcheck.verdict import Verdict
from regcheck.words import listed, plural

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


def accepted(verdict: Verdict) -> list[str]:
    """What is accepted for now, and the size of the baseline; nothing where there is neither."""
    said = []
    if verdict.silenced:
        baseline = sum(silenced.by == "baseline" for silenced in verdict.silenced)
        exceptions = len(verdict.silenced) - baseline
        by = [f"{exceptions:,} by an exception"] if exceptions else []
        by += [f"{baseline:,} by the baseline"] if baseline else []
        said.append(f"{plural(len(verdict.silenced), 'finding')} silenced: {listed(by)}")
    if verdict.baseline:
        size = f"baseline: {plural(verdict.baseline.size, 'finding')}"
        gone = f", {verdict.baseline.gone:,} of them gone" if verdict.baseline.gone else ""
        said.append(size + gone)
    return said


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
