"""What several reports say in the same words, and which findings go first where few are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from regcheck.model import Finding, Severity
from regcheck.terminal import visible
from regcheck.verdict import Verdict
from regcheck.words import listed, plural

NEW = "this is new: the base revision did not have it"
MOST_RELATED = 20
"""Related places of one finding that are told in words; JSON has them all."""


def found(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`; nothing where there is no finding."""
    counted = [*findings]
    counts = Counter(finding.severity for finding in counted)
    said = ", ".join(plural(counts[severity], severity.value) for severity in Severity if counts[severity])
    if all(finding.new is None for finding in counted):
        return said
    return f"{said} ({sum(finding.new is True for finding in counted):,} new)"


def read(verdict: Verdict) -> str:
    """How much was read, and how much of what was found is left out of the report."""
    read = f"{plural(verdict.files, 'file')} with {plural(verdict.entries, 'entry', 'entries')}"
    if verdict.elsewhere:
        read += f"; {plural(verdict.elsewhere, 'finding')} elsewhere"
    return f"{read}; {plural(verdict.old, 'old finding')} left out" if verdict.old else read


def incomplete(unread: Iterable[str]) -> str:
    """What to say where files could not be read as a whole; nothing where all could."""
    files = listed(unread)
    return f"{files} could not be read as a whole, so this may be incomplete" if files else ""


def incomplete_note(unread: Iterable[str]) -> str:
    """The same, and where it is told."""
    return f"{incomplete(unread)}: see `regcheck check`"


def headline(verdict: Verdict) -> str:
    """The whole verdict on one line."""
    counts = found(verdict.findings)
    return f"{counts} in {read(verdict)}" if counts else f"{nothing(verdict)}: {read(verdict)}"


def nothing(verdict: Verdict) -> str:
    """What to say where nothing is found."""
    return "nothing found in what could be read" if verdict.untold else "clean"


def silenced(verdict: Verdict) -> str:
    """`3 silenced: 1 by an exception, 2 by the baseline`, or `2 silenced by the baseline`."""
    exceptions, baseline = verdict.excepted, verdict.baselined
    by = "by an exception" if exceptions == 1 else "by exceptions"
    if exceptions and baseline:
        return f"{exceptions + baseline:,} silenced: {exceptions:,} {by}, {baseline:,} by the baseline"
    if exceptions or baseline:
        return f"{exceptions or baseline:,} silenced {by if exceptions else 'by the baseline'}"
    return ""


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


def left_out(count: int) -> str:
    """How many findings a report does not show, and how to see them."""
    return f"{plural(count, 'more finding')} left out here: `regcheck check` shows all"


def sentences(finding: Finding) -> str:
    """What is wrong and how to put it right, on one line."""
    end = "" if finding.message.endswith((".", "?")) else "."
    return visible(f"{finding.message}{end} {finding.help}" if finding.help else finding.message)


def told(
    finding: Finding, words: Callable[[str], str] = visible, place: Callable[[str], str] = visible
) -> Iterator[str]:
    """A finding in lines: what is wrong, how to put it right, and the related places.

    The functions make words and places fit for the report; plain text by default.
    """
    yield words(finding.message)
    if finding.help:
        yield f"help: {words(finding.help)}"
    if finding.new:
        yield f"note: {words(NEW)}"
    for position, message in finding.related[:MOST_RELATED]:
        yield f"note: {place(str(position))}: {words(message)}"
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
