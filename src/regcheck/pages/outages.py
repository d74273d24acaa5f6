"""What breaks when a machine is off: a heat map of machines and states, and behind each cell the list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

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
        yield Page(outage_path(site, machine), f"When {machine.label} is off", partial(_page, site, machine))


def outage_path(site: Site, machine: Entry) -> str:
    """The path of the page that tells what breaks with a machine."""
    return "outages/" + site.paths[machine.ref].rpartition("/")[2]


def anchor(state: str) -> str:
    """The anchor of a state on such a page."""
    return state.replace(":", "-")


def counted(site: Site, machine: Entry, state: str, page: str) -> str:
    """How much production an outage affects, in HTML, with a link to what and why."""
    count = len(site.affected(machine.ref, state))
    heat = -(-SHADES * count // max(site.worst_outage, 1))
    href = f"{relative(outage_path(site, machine), page)}#{anchor(state)}"
    words = f"{plural(count, 'production node')} affected by {machine.label} off in state {state}"
    return f'<a class="rc-heat rc-heat-{heat}" href="{html(href)}" aria-label="{html(words)}">{count}</a>'


def _index(site: Site, machines: list[Entry]) -> str:
    if not machines:
        return "No register names a machine yet.\n"
    states = site.graph.states
    rows = [
        (site.name(machine.ref, INDEX), *(counted(site, machine, state, INDEX) for state in states))
        for machine in machines
    ]
    lead = (
        "How much production goes down or is degraded while one machine is off, from now through each wave to"
        " the target. A cell leads to what that is, and why. Zero is safe, as far as the registers know.\n\n"
    )
    unknown = {e.ref: e for state in states for e in site.graph.reach.undetermined(state)}
    return (
        lead
        + markup.table(
            ("Machine", *map(html, states)),
            rows,
            caption="Production nodes affected by an outage",
            searched=False,
        )
        + heading("What nobody knows", _unknown(site, list(unknown.values()), INDEX))
    )


def _unknown(site: Site, entries: list[Entry], page: str) -> str:
    rows = [
        (site.name(e.ref, page, full=True), html(open_places(e)), site.source(e.position)) for e in entries
    ]
    caption = "Entries whose place is open: an outage could affect them, too"
    return markup.table(("Entry", "Open", "Said in"), rows, caption=caption) if rows else ""


def _page(site: Site, machine: Entry) -> str:
    page = outage_path(site, machine)
    states = site.graph.states
    lead = f"<p>{site.name(machine.ref, page)} is off. What production needs it, state by state.</p>\n"
    jump = " · ".join(markup.link(f"#{anchor(state)}", html(state)) for state in states)
    parts = [lead, f'<p class="rc-jump">{jump}</p>\n']
    shown: dict[tuple[Affected, ...], str] = {}
    for state in states:
        hits = tuple(site.affected(machine.ref, state))
        parts.append(f'<h2 id="{html(anchor(state))}">{html(state)}</h2>\n')
        if not hits:
            parts.append('<p class="rc-good">No production is affected.</p>\n')
        elif hits in shown:
            parts.append(f"<p>The same {len(hits)} as in {html(shown[hits])}.</p>\n")
        else:
            shown[hits] = state
            rows = [_row(site, hit, page) for hit in hits]
            heads, caption = ("Entry", "Effect", "Why"), f"Affected in state {state}"
            parts.append(markup.table(heads, rows, caption=caption, searched=False))
    return "\n".join(parts)


def _row(site: Site, hit: Affected, page: str) -> tuple[str, str, str]:
    why = [site.name(hit.entry.ref, page)]
    why += [
        f'<span class="rc-verb">{html(verb(edge))}</span> {site.name(edge.target, page)}' for edge in hit.path
    ]
    return site.name(hit.entry.ref, page, full=True), badge(hit.effect, f"effect-{hit.effect}"), " ".join(why)
