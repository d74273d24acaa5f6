"""What breaks when a machine is off: a heat map of machines and states, and behind each cell the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import groupby, pairwise
from typing import NamedTuple
from urllib.parse import quote

from regcheck.drawing.chains import open_places, verb
from regcheck.graph import NOW, Affected
from regcheck.model import Entry
from regcheck.pages import markup
from regcheck.pages.entries import heading, owners
from regcheck.pages.maps import names
from regcheck.pages.markup import badge, html
from regcheck.pages.page import Page, relative
from regcheck.pages.site import Site
from regcheck.words import plural

INDEX = "outages/index.md"
SHADES = 5
"""From hardly any production to the most that any outage affects."""
FEW = 10
"""Rows that are read at a glance: of more of them a later state tells first what is different."""
MOST_AGAIN = 150
"""Rows that a later state tells once more: with more of them the page would be too large to open."""
DEGRADED = "Degraded means that it runs, but a lane that it uses, or that something it needs uses, is cut."


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


def effects(hits: Iterable[Affected | _Row]) -> str:
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
    table = markup.table(
        ("Machine", *heads(site)), rows, caption=caption, told=True, stacked=False, searched=False
    )
    shades = "".join(f'<span class="rc-heat-{shade}"></span>' for shade in range(SHADES + 1))
    parts = [
        lead + markup.block("div", [table.rstrip("\n")], "rc-matrix"),
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
    there = partial(site.graph.timeline.machine_exists, machine)
    told = cache(partial(_rows, site, page))  # most states are like the one before

    def answer(state: str) -> tuple[tuple[_Row, ...], bool]:
        return told(tuple(site.affected(machine.ref, state))), there(state)

    alike = groupby(site.graph.states, answer)
    runs = [(rows, list(states)) for (rows, _), states in alike]
    if any(row.effect == "degraded" for rows, _ in runs for row in rows):
        parts.append(f"<p>{DEGRADED}</p>\n")
    shown: dict[tuple[_Row, ...], str] = {}
    for (before, earlier), (rows, (first, *others)) in pairwise([((), []), *runs]):
        anchors = "".join(f'<span id="{html(anchor(state))}"></span>' for state in others)
        words = html(f"{_span(site, first, others)}: {effects(rows)}")
        parts.append(f'<h2 id="{html(anchor(first))}">{anchors}{words}</h2>\n')
        if not there(first):
            left = ": what follows has not left it by then" if rows else ""
            parts.append(f"<p>The machine is not there{left}.</p>\n")
        if rows:
            parts.append(markup.block("p", [_explored(machine, first, page)], "rc-jump"))
        if rows in shown:
            same = markup.link(f"#{anchor(shown[rows])}", html(f"as {site.moment(shown[rows])}"))
            parts.append(f"<p>The same {same}.</p>\n")
        elif rows:
            shown[rows] = first
            table = _table(site, rows, page, f"Affected {site.moment(first)}")
            if before and len(rows) > FEW:
                parts.append(f"<p>Compared with {html(_bare(site, earlier[-1]))}:</p>\n")
                parts.append(_differences(site, before, rows, page))
            if before and len(rows) > MOST_AGAIN:
                table = f"<p>All {len(rows):,}, and why, are in the explorer.</p>\n"
            elif before and len(rows) > FEW:
                table = f"<summary>All {len(rows):,}, and why</summary>\n{table}".rstrip("\n")
                table = markup.block("details", [table], "rc-fold")
            parts.append(table)
        elif there(first):
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
    there = site.graph.timeline.machine_exists(machine, safe)
    what = "it can be off without harm, as far as anybody knows" if there else "it is not there"
    return f"From <em>{html(_bare(site, safe))}</em> on {what}."


def _span(site: Site, first: str, others: list[str]) -> str:
    """From one state to another, as the beginning of a heading."""
    if not others:
        said = site.moment(first)
        return said[0].upper() + said[1:]
    return f"From {_bare(site, first)} to {_bare(site, others[-1])}"


def _bare(site: Site, state: str) -> str:
    """A state as an end of a span of time."""
    return site.moment(state).removeprefix("after ").removeprefix("at ")


def _explored(machine: Entry, state: str, page: str) -> str:
    """A link to the same outage in the explorer."""
    view = f"off={quote(machine.ref, safe=':')}" + (f"&state={state}" if state != NOW else "")
    return markup.link(f"{relative('explorer.md', page)}#{view}", "See it in the explorer")


class _Row(NamedTuple):
    """What a page tells of one production node that an outage affects; `owner` and `why` are HTML."""

    ref: str
    effect: str
    owner: str
    why: str


def _rows(site: Site, page: str, hits: tuple[Affected, ...]) -> tuple[_Row, ...]:
    """Who is affected: what is down before what is degraded, and the shortest reasons first."""

    def urgent(hit: Affected) -> tuple[object, ...]:
        return hit.effect != "down", len(hit.path), hit.entry.label.casefold(), hit.entry.ref

    return tuple(_row(site, hit, page) for hit in sorted(hits, key=urgent))


def _row(site: Site, hit: Affected, page: str) -> _Row:
    why = " → ".join(
        f'<span class="rc-verb">{html(verb(edge))}</span> {site.name(edge.target, page)}' for edge in hit.path
    )
    whose = owners(site, hit.entry, page) if "owner" in hit.entry.kind.properties else ""
    return _Row(hit.entry.ref, hit.effect, whose, why)


def _table(site: Site, rows: Sequence[_Row], page: str, caption: str) -> str:
    cells = [
        (site.name(row.ref, page, full=True), badge(row.effect, f"effect-{row.effect}"), row.why, row.owner)
        for row in rows
    ]
    tools = len(rows) > FEW
    heads = ("Entry", "Effect", "Why", "Owner")
    return markup.table(heads, cells, caption=caption, tools=tools, searched=False)


def _differences(site: Site, before: Iterable[_Row], rows: Iterable[_Row], page: str) -> str:
    """What an outage affects in another way than in an earlier state."""
    old, new = ({row.ref: row for row in some} for some in (before, rows))
    both = [(old[ref], row) for ref, row in new.items() if ref in old]
    other = [(one.effect, row.ref) for one, row in both if one.effect != row.effect]
    found = (
        ("No longer affected", [ref for ref in old if ref not in new]),
        ("Affected as well", [ref for ref in new if ref not in old]),
        ("Down, no longer only degraded", [ref for effect, ref in other if effect == "degraded"]),
        ("Only degraded, no longer down", [ref for effect, ref in other if effect == "down"]),
        ("For another reason", [r.ref for one, r in both if one.effect == r.effect and one.why != r.why]),
    )
    lines = [f"<li>{what}: {names(site, refs, page, full=True)}</li>" for what, refs in found if refs]
    return markup.block("ul", lines, data_search_exclude="")
