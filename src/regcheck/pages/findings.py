"""What the check found, and what is accepted for now."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from regcheck.model import Entry, Severity
from regcheck.pages import entries, markup
from regcheck.pages.entries import heading
from regcheck.pages.markup import Card, html, prose
from regcheck.pages.page import Page
from regcheck.pages.site import Site
from regcheck.reporting.phrases import debt, found, read
from regcheck.silencing import exceptions
from regcheck.words import plural

PATH = "findings.md"
HEADS = ("Severity", "What is wrong, and how to put it right", "Rule", "Place")


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    yield Page(PATH, "Findings", partial(_text, site), wide=True)


def _text(site: Site) -> str:
    verdict = site.verdict
    looks = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: "info"}
    counts = [
        Card(str(count), plural(count, f"open {severity.value}").partition(" ")[2], looks[severity])
        for severity in Severity
        if (count := verdict.count(severity))
    ]
    silenced = [one.finding for one in verdict.silenced]
    wrong = any(finding.severity is Severity.ERROR for finding in silenced)
    counts = counts or [Card("0", "open findings", "" if wrong else "good")]
    words = f"accepted for now: {html(found(silenced))}"
    accepted = Card(str(len(silenced)), words, "warn" if wrong else "", "#accepted-for-now")
    parts = [
        f"Checked on {markup.prose(verdict.today)}: {markup.prose(read(verdict))}.\n",
        markup.cards([*counts, *([accepted] if silenced else [])]),
        heading("Open", _open(site)),
        heading("Accepted for now", _accepted(site)),
        heading("Exceptions", _exceptions(site)),
    ]
    return "\n".join(part for part in parts if part)


def _open(site: Site) -> str:
    found = sorted(site.verdict.findings, key=lambda finding: finding.severity.rank)
    if not found:
        return '<p class="rc-good">Nothing is open.</p>\n'
    rows = (entries.row(site, finding, PATH) for finding in found)
    return markup.table(HEADS, rows, caption="Open findings, the most severe first", tools=True)


def _accepted(site: Site) -> str:
    verdict = site.verdict
    found = sorted(verdict.silenced, key=lambda one: one.finding.severity.rank)
    if not found:
        return ""
    by = {one.by for one in found}
    rows = (entries.row(site, one.finding, PATH, accepted=one.by if len(by) > 1 else "") for one in found)
    all_ = (
        f"All of them are accepted by {'the ' if by == {'baseline'} else ''}{prose(*by)}."
        if len(by) == 1
        else ""
    )
    owed = f"{prose(debt(verdict).capitalize())}." if verdict.baseline and verdict.baseline[1] else ""
    return (
        f"{all_} {owed}".strip() + "\n\n" + markup.table(HEADS, rows, caption="Accepted findings", tools=True)
    )


def _exceptions(site: Site) -> str:
    rows = [_exception(site, one) for one in site.fleet.of(exceptions.KIND).values()]
    heads = ("Exception", "Rule", "Entry", "Reason", "Through")
    return markup.table(heads, rows, caption="Permissions to break one rule for a while") if rows else ""


def _exception(site: Site, one: Entry) -> Iterator[str]:
    yield site.name(one.ref, PATH)
    for name in ("rule", "entry", "reason"):
        yield entries.value(site, one, name, PATH)
    day = exceptions.last_day(one)
    over = " (over)" if day and day < site.verdict.today else ""
    yield f"{html(day or one.get('expires') or '—')}{over}"
