"""What the check found, and what is accepted for now."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from regcheck.model import Entry, Severity
from regcheck.pages import entries, markup
from regcheck.pages.entries import heading
from regcheck.pages.markup import html
from regcheck.pages.page import Page
from regcheck.pages.site import Site
from regcheck.reporting.phrases import debt, read
from regcheck.silencing import exceptions

PATH = "findings.md"
HEADS = ("Severity", "What is wrong, and how to put it right", "Rule", "Place")


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    yield Page(PATH, "Findings", partial(_text, site), wide=True)


def _text(site: Site) -> str:
    verdict = site.verdict
    looks = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: "info"}
    counts = [
        (str(count), f"{severity.value}s", looks[severity] if count else "good")
        for severity in Severity
        for count in [verdict.count(severity)]
    ]
    accepted = [(str(len(verdict.silenced)), "accepted for now", "")]
    owed = f" {markup.prose(debt(verdict))}." if debt(verdict) else ""
    parts = [
        f"Checked on {markup.prose(verdict.today)}: {markup.prose(read(verdict))}.{owed}\n",
        markup.cards([*counts, *accepted]),
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
    found = sorted(site.verdict.silenced, key=lambda one: one.finding.severity.rank)
    rows = (entries.row(site, one.finding, PATH, accepted=one.by) for one in found)
    return markup.table(HEADS, rows, caption="Accepted findings", tools=True) if found else ""


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
