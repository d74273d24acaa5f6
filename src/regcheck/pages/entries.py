"""What every page says of an entry in the same way: its fields, findings, place and last changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from regcheck.drawing.views import status
from regcheck.model import Entry, Finding
from regcheck.pages import markup
from regcheck.pages.markup import badge, code, html, message
from regcheck.pages.page import relative
from regcheck.pages.site import Site
from regcheck.trees.commits import CUT_OFF
from regcheck.words import flow

DATE = re.compile(r"\d{4}-\d\d-\d\d")
STATUS_LOOKS = {"role": "role", "environment": "env", "status": "status"}
"""Properties whose values are shown as badges, and the beginning of their look."""
MOST_CHANGES = 8
"""Commits that a page names of an entry."""


def value(site: Site, entry: Entry, name: str, page: str) -> str:
    """What a field says, in HTML: references are links, what is left open says so."""
    if name not in entry.values:
        return '<em class="rc-open">undecided</em>' if entry.undecided(name) else ""
    links = list(entry.links.get(name, ()))
    shown = []
    for item in entry.list(name):
        ref = next((ref for ref in links if ref.partition(":")[2] == str(item) or ref == str(item)), None)
        if ref:
            links.remove(ref)
        shown.append(_linked(site, name, ref, page) if ref else _plain(name, item))
    said = markup.enumerated(shown)
    return f'{said} <em class="rc-open">(not final)</em>' if entry.undecided(name) else said


def owners(site: Site, entry: Entry, page: str) -> str:
    """Who owns an entry, in HTML; that it is nobody, where it is."""
    return value(site, entry, "owner", page) or '<em class="rc-open">nobody</em>'


def _linked(site: Site, name: str, ref: str, page: str) -> str:
    return owner(site, ref, page) if name == "owner" else site.name(ref, page)


def owner(site: Site, ref: str, page: str) -> str:
    """A task that owns something, in HTML, and whether it is finished: then nobody sees to it."""
    task = site.fleet.get(ref)
    if task is None or not site.graph.tasks.finished(ref):
        return site.name(ref, page)
    return f"{site.name(ref, page)} <small>({html(status(task))})</small>"


def _plain(name: str, item: object) -> str:
    if name in STATUS_LOOKS:
        return badge(item, f"{STATUS_LOOKS[name]}-{item}")
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, str) and DATE.fullmatch(item):
        return markup.day(item)
    return message(item) if isinstance(item, str) else html(flow(item))


def fields(site: Site, entry: Entry, page: str) -> str:
    """All that an entry says, each field with its meaning in a tooltip."""
    named = [name for name in entry.kind.properties if name in entry.values or entry.undecided(name)]
    rows: list[tuple[str, ...]] = [
        (
            _named(entry, name),
            value(site, entry, name, page),
            site.source(at) if (at := entry.at(name)).path != entry.position.path else "",
        )
        for name in named
    ]
    heads: tuple[str, ...] = ("Field", "Value", "Said elsewhere")
    if not any(place for *_, place in rows):
        heads, rows = heads[:2], [row[:2] for row in rows]
    return markup.table(heads, rows, caption=f"All that is said of {entry.label}")


def _named(entry: Entry, name: str) -> str:
    property_ = entry.kind.properties[name]
    return f'<span title="{html(property_.description)}">{html(property_.title)}</span>'


def findings_of(site: Site, refs: Iterable[str], page: str) -> str:
    """The findings about some entries, accepted ones included; nothing where there is none."""
    wanted = set(refs)
    found = [(f, "") for f in site.verdict.findings if f.entry in wanted]
    found += [(one.finding, one.by) for one in site.verdict.silenced if one.finding.entry in wanted]
    found.sort(key=lambda one: (bool(one[1]), one[0].severity.rank))
    rows = [row(site, finding, page, accepted=by) for finding, by in found]
    if not rows:
        return ""
    heads = ("Severity", "What is wrong, and how to put it right", "Rule", "Place")
    return "## Findings\n\n" + markup.table(heads, rows, caption="Findings")


def row(site: Site, finding: Finding, page: str, *, accepted: str = "") -> Iterator[str]:
    """A finding as the cells of a row."""
    severity = finding.severity.value
    yield badge(severity, f"severity-{severity}")
    named = partial(site.named, page=page)
    by = f'<br><span class="rc-accepted">accepted by {html(accepted)}</span>' if accepted else ""
    help = f'<br><span class="rc-help">{message(finding.help, named)}</span>' if finding.help else ""
    yield f"{message(finding.message, named)}{help}{by}"
    yield markup.link(relative(f"rules/{finding.rule}.md", page), code(finding.rule))
    yield site.source(finding.position)


def changes(site: Site, entry: Entry) -> str:
    """The commits that wrote an entry as it is now, newest first; nothing where Git does not say."""
    found = [commit for commit in site.changes(entry) if commit != CUT_OFF]
    if not found:
        return ""
    rows = [
        (markup.day(c.day), html(c.subject), code(c.oid[:10]) if c.day else "") for c in found[:MOST_CHANGES]
    ]
    more = len(found) - len(rows)
    after = f"\n{more} earlier commits are not shown.\n" if more > 0 else ""
    table = markup.table(("Day", "Change", "Commit"), rows, caption="Commits that wrote this entry")
    return f"## Last changes\n\n{table}{after}"


def wave(site: Site, entry: Entry, page: str) -> str:
    """The wave in which an entry moves, in HTML; nothing where it is in none."""
    number = site.graph.timeline.wave(entry)
    found = site.graph.timeline.waves.get(number) if number is not None else None
    return numbered(site, found, page) if found else ""


def numbered(site: Site, wave: Entry, page: str) -> str:
    """A wave with its number, in HTML."""
    name = site.name(wave.ref, page)
    return name if site.numbered(wave) == wave.label else f"{site.graph.drain.number(wave)} · {name}"


def said_in(site: Site, entry: Entry) -> str:
    """Where an entry stands, and where its facts come from, in HTML."""
    source = f" · Source: {html(entry.get('source'))}" if entry.get("source") else ""
    said = f"Written in {site.source(entry.position)}{source}"
    return markup.block("p", [said], "rc-place", data_search_exclude="")


def heading(text: str, body: str, level: int = 2) -> str:
    """A section; nothing where it has no body."""
    return f"{'#' * level} {text}\n\n{body}\n" if body else ""
