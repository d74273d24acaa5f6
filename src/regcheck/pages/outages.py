"""What breaks when a machine is off: a heat map of machines and states, and behind each cell the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

from regcheck.drawing.chains import open_places, verb
from regcheck.graph import Affected
from regcheck.model import Entry
from regcheck.pages import markup
from regcheck.pages.entries import heading
from regcheck.pages.markup import badge, html
from regcheck.pages.page import Page, relative
from regcheck.pages.site import Site
from regcheck.words import plural

INDEX = "outages/index.md"
SHADES = 5
"""From hardly any production to the most that any outage affects."""


def pages(site: Site) -> Iterator[Page]:
    """The heat map, and a page for each machine."""
    machines = list(site.fleet.of("machine").values())
    yield Page(INDEX, "Outages", partial(_index, site, machines), wide=True)
    for machine in machines:
        title = f"When {machine.label} is off"
        yield Page(outage_path(site, machine), title, partial(_page, site, machine), wide=True)


def outage_path(site: Site, machine: Entry) -> str:
    """The path of the page that tells what breaks with a machine."""
    return "outages/" + site.paths[machine.ref].rpartition("/")[2]


def anchor(state: str) -> str:
    """The anchor of a state on such a page."""
    return state.replace(":", "-")


def effects(hits: Iterable[Affected]) -> str:
    """How much goes down, and how much is degraded, as plain text."""
    found = [hit.effect for hit in hits]
    counts = [f"{found.count(effect)} {effect}" for effect in ("down", "degraded") if effect in found]
    return ", ".join(counts) or "nothing"


def counted(site: Site, machine: Entry, state: str, page: str) -> str:
    """How much production an outage affects, in HTML, with a link to what and why."""
    count = len(site.affected(machine.ref, state))
    if not count and not site.graph.timeline.machine_exists(machine, state):
        return '<span class="rc-none" title="It is not there.">—</span>'
    heat = -(-SHADES * count // max(site.worst_outage, 1))
    href = f"{relative(outage_path(site, machine), page)}#{anchor(state)}"
    words = f"{plural(count, 'production node')} affected by {machine.label} off {site.moment(state)}"
    return f'<a class="rc-heat rc-heat-{heat}" href="{html(href)}" aria-label="{html(words)}">{count}</a>'


def heads(site: Site) -> list[str]:
    """The heads of columns for each state, in HTML."""
    said = (state.replace(":", " ").capitalize() for state in site.graph.states)
    return [f'<span class="rc-none">{html(state)}</span>' for state in said]


def _index(site: Site, machines: list[Entry]) -> str:
    if not machines:
        return "No register names a machine yet.\n"
    states = site.graph.states
    rows = [
        (site.name(machine.ref, INDEX), *(counted(site, machine, state, INDEX) for state in states))
        for machine in machines
    ]
    lead = (
        "How much production goes down or is degraded while one machine is off: now, after each wave, and at"
        " the target. A figure leads to what that is, and why. Zero is safe, as far as the registers know; a"
        " dash says that the machine is not there.\n\n"
    )
    unknown = {e.ref: e for m in machines for state in states for e in _doubtful(site, m, state)}
    caption = "Production affected while a machine is off: now, after each wave, and at the target"
    shades = "".join(f'<span class="rc-heat-{shade}"></span>' for shade in range(SHADES + 1))
    parts = [
        lead
        + markup.table(
            ("Machine", *heads(site)), rows, caption=caption, told=True, stacked=False, searched=False
        ),
        markup.block("p", [f"0 {shades} {site.worst_outage:,}"], "rc-scale", aria_hidden="true"),
        heading("What nobody knows", _unknown(site, list(unknown.values()), INDEX)),
    ]
    return "\n".join(part for part in parts if part)


def _doubtful(site: Site, machine: Entry, state: str) -> tuple[Entry, ...]:
    """What an outage of a machine may affect, too: nobody wrote enough down to say."""
    return site.graph.outages.undetermined((machine.ref,), state)


def strip(site: Site, machine: Entry, page: str) -> str:
    """The outage of one machine in each state, as one row of figures."""
    cells = [counted(site, machine, state, page) for state in site.graph.states]
    caption = "Production affected now, after each wave, and at the target"
    return markup.table(heads(site), [cells], caption=caption, told=True, stacked=False, searched=False)


def _unknown(site: Site, entries: list[Entry], page: str) -> str:
    rows = [
        (site.name(e.ref, page, full=True), html(open_places(e)), site.source(e.position)) for e in entries
    ]
    caption = "Entries whose place is open: an outage could affect them, too"
    return markup.table(("Entry", "Open", "Written in"), rows, caption=caption, told=True) if rows else ""


def _page(site: Site, machine: Entry) -> str:
    page = outage_path(site, machine)
    name = site.name(machine.ref, page)
    said = f"What production needs {name}, and why, from now through each wave to the target."
    parts = [markup.block("p", [f"{said} {_safe(site, machine)}"], "rc-lead"), strip(site, machine, page)]
    shown: dict[tuple[Affected, ...], str] = {}
    runs = groupby(site.graph.states, lambda state: tuple(site.affected(machine.ref, state)))
    for hits, run in runs:
        first, *others = run
        anchors = "".join(f'<span id="{html(anchor(state))}"></span>' for state in others)
        words = html(f"{_span(site, first, others)}: {effects(hits)}")
        parts.append(f'<h2 id="{html(anchor(first))}">{anchors}{words}</h2>\n')
        if hits in shown:
            before = markup.link(f"#{anchor(shown[hits])}", html(f"as {site.moment(shown[hits])}"))
            parts.append(f"<p>The same {before}.</p>\n")
        elif hits:
            shown[hits] = first
            rows = [_row(site, hit, page) for hit in hits]
            caption = f"Affected {site.moment(first)}"
            parts.append(markup.table(("Entry", "Effect", "Why"), rows, caption=caption, searched=False))
        elif not site.graph.timeline.machine_exists(machine, first):
            parts.append("<p>The machine is not there.</p>\n")
        else:
            parts.append('<p class="rc-good">No production is affected, as far as anybody knows.</p>\n')
    unknown = {e.ref: e for state in site.graph.states for e in _doubtful(site, machine, state)}
    parts.append(heading("What nobody knows", _unknown(site, list(unknown.values()), page)))
    return "\n".join(parts)


def _safe(site: Site, machine: Entry) -> str:
    """From which state on a machine can be off, in HTML."""
    states = site.graph.states
    hurt = [at for at, state in enumerate(states) if site.affected(machine.ref, state)]
    if not hurt:
        return ""
    if hurt[-1] + 1 == len(states):
        return "Production needs it to the end, the target included."
    safe = states[hurt[-1] + 1]
    return f"From <em>{html(_bare(site, safe))}</em> on it can be off without harm."


def _span(site: Site, first: str, others: list[str]) -> str:
    """From one state to another, as the beginning of a heading."""
    if not others:
        said = site.moment(first)
        return said[0].upper() + said[1:]
    return f"From {_bare(site, first)} to {_bare(site, others[-1])}"


def _bare(site: Site, state: str) -> str:
    """A state as an end of a span of time."""
    return site.moment(state).removeprefix("after ").removeprefix("at ")


def _row(site: Site, hit: Affected, page: str) -> tuple[str, str, str]:
    why = " → ".join(
        f'<span class="rc-verb">{html(verb(edge))}</span> {site.name(edge.target, page)}' for edge in hit.path
    )
    return site.name(hit.entry.ref, page, full=True), badge(hit.effect, f"effect-{hit.effect}"), why
