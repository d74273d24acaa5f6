"""A page for each workload, and one with all of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from regcheck.drawing.chains import verb
from regcheck.graph import NOW, TARGET, Edge
from regcheck.graph.evidence import said
from regcheck.graph.standing import OPEN
from regcheck.model import Entry
from regcheck.pages import entries, maps, markup
from regcheck.pages.bodies import body
from regcheck.pages.entries import heading
from regcheck.pages.markup import badge, code, html, sign
from regcheck.pages.page import Page
from regcheck.pages.site import Site
from regcheck.words import plural

INDEX = "workloads/index.md"


def pages(site: Site) -> Iterator[Page]:
    """The list of the workloads, and each of them."""
    workloads = site.fleet.of("workload").values()
    yield Page(INDEX, "Workloads", partial(_index, site, list(workloads)), wide=True)
    for workload in workloads:
        yield Page(site.paths[workload.ref], workload.label, partial(_page, site, workload))


def _index(site: Site, workloads: list[Entry]) -> str:
    if not workloads:
        return "No register names a workload yet.\n"
    lacks = {one.workload.ref: one.missing for one in site.graph.placement.promotions()}
    rows = [
        (
            site.name(w.ref, INDEX),
            entries.value(site, w, "environment", INDEX),
            site.names(site.graph.timeline.hosts(w, NOW), INDEX) or _nowhere(w),
            _must(site, w),
            entries.wave(site, w, INDEX),
            entries.value(site, w, "owner", INDEX),
            _proven(lacks.get(w.ref)),
        )
        for w in workloads
    ]
    heads = ("Workload", "Environment", "Runs on", "Must run on", "Wave", "Owner", "Evidence")
    moving = site.graph.drain.moving
    production = sum(w.get("environment") == "production" for w in workloads)
    placed = sum(site.graph.drain.wave(w) is not None for w in moving)
    lead = (
        f"{plural(len(workloads), 'workload')}, {production} of them in production."
        f" {len(moving)} must move, and {placed} of these have a wave."
    )
    table = markup.table(heads, rows, caption="All workloads", tools=True, searched=False)
    return f"{markup.prose(lead)}\n\n{table}"


def _nowhere(workload: Entry) -> str:
    return '<em class="rc-open">unknown</em>' if "unknown" in workload.list("current_host") else "—"


def _proven(lacks: tuple[str, ...] | None) -> str:
    """Whether a promotion is proven, in HTML; a dash where there was none."""
    if lacks is None:
        return "—"
    return sign("todo", f"○ lacks {len(lacks)}") if lacks else sign("done", "✓ complete")


def _must(site: Site, workload: Entry) -> str:
    """Where a workload must run; a part that says nothing goes with its wholes."""
    if site.graph.timeline.follows(workload):
        return f"with {site.names(workload.links.get('part_of', ()), INDEX)}"
    return entries.value(site, workload, "target_host", INDEX)


def _page(site: Site, workload: Entry) -> str:
    page = site.paths[workload.ref]
    parts = [
        markup.block("p", [_standing(site, workload, page)], "rc-lead"),
        markup.facts(_facts(site, workload, page)),
        entries.said_in(site, workload),
        body(workload, page, site),
        heading("Neighbourhood", maps.neighbourhood(site, workload.ref, page)),
        heading("What it needs", _needs(site, site.graph.reach.needs(workload.ref, NOW), page, "target")),
        heading("What needs it", _needs(site, site.graph.reach.needed_by(workload.ref, NOW), page, "source")),
        heading("Lanes", _lanes(site, workload, page)),
        heading("Promotion evidence", _evidence(site, workload, page)),
        entries.findings_of(site, [workload.ref], page),
        heading("All fields", entries.fields(site, workload, page)),
        entries.changes(site, workload),
    ]
    return "\n".join(part for part in parts if part)


def _standing(site: Site, workload: Entry, page: str) -> str:
    """Where it is and where it must be, in one sentence of HTML."""
    timeline = site.graph.timeline
    now, target = (site.names(timeline.hosts(workload, state), page) for state in (NOW, TARGET))
    lost = timeline.undetermined(workload, NOW)
    where, and_ = (f"Runs on {now}", "and") if now else ("Nobody says where it runs", "and it")
    if now and lost:
        where += ", and where else nobody knows"
    elif not now and workload.list("current_host") not in ([], ["unknown"]):
        where = "Runs on what no register knows as a machine"
    moving = entries.wave(site, workload, page)
    when = f": it moves in wave {moving}." if moving else ". No wave moves it yet."
    if timeline.retired(workload, TARGET):
        return f"{where}, {and_} is to be retired{when}"
    if timeline.undetermined(workload, TARGET):
        return f"{where}; where it must run is open{when}"
    if timeline.follows(workload) and site.standing(workload) == OPEN:
        return f"{where}, {and_} goes with {site.names(workload.links.get('part_of', ()), page)}{when}"
    if timeline.must_move(workload) or (lost and target):
        return f"{where}, {and_} must run on {target or 'a machine that is not decided'}{when}"
    return f"{where}, and stays there." if now else f"{where}."


def _facts(site: Site, workload: Entry, page: str) -> Iterator[tuple[str, str]]:
    yield "Environment", entries.value(site, workload, "environment", page)
    yield "Owner", entries.owners(site, workload, page)
    yield "Part of", entries.value(site, workload, "part_of", page)
    yield "Stateful", "yes" if workload.get("stateful") is True else ""
    yield "Leaves last", "yes" if workload.get("drain_last") is True else ""
    yield "Waits for", entries.value(site, workload, "drain_after", page)
    yield "Domains", entries.value(site, workload, "domains", page)
    yield "How", entries.value(site, workload, "method", page)


def _needs(site: Site, edges: list[Edge], page: str, end: str) -> str:
    caption = "What it needs in the state now" if end == "target" else "What needs it in the state now"
    there = (edge for edge in edges if getattr(edge, end) in site.present)
    found = dict.fromkeys((getattr(edge, end), verb(edge), edge.position) for edge in there)
    rows = [(site.name(ref, page, full=True), html(how), site.source(at)) for ref, how, at in found]
    heads = ("Entry", "How", "Written in")
    return markup.table(heads, rows, caption=caption, searched=False) if rows else ""


def _lanes(site: Site, workload: Entry, page: str) -> str:
    lanes = [
        lane
        for lane in site.fleet.of("lane").values()
        if workload.ref in (*lane.links.get("from", ()), *lane.links.get("to", ()))
    ]
    names = ("from", "to", "current_path", "target_path")
    rows = [
        (
            site.name(lane.ref, page),
            *(entries.value(site, lane, name, page) for name in names),
            badge("critical", "severity-warning") if site.graph.lanes.critical(lane, NOW) else "—",
        )
        for lane in lanes
    ]
    heads = ("Lane", "From", "To", "Path now", "Path at target", "Critical")
    return markup.table(heads, rows, caption="Lanes that start or end here") if rows else ""


def _shown(gate: Entry, name: str, lacks: tuple[str, ...]) -> str:
    if name not in lacks:
        return sign("done", "✓ shown")
    return f"{sign('todo', '○ missing')}{markup.message(said(gate, name))}"


def _evidence(site: Site, workload: Entry, page: str) -> str:
    gate, lacks = site.graph.placement.evidence(workload)
    if gate is None and workload.get("environment") != "production":
        return ""
    if gate is None:
        wanted = ", ".join(map(code, lacks))
        return markup.block("p", [f"No gate records any evidence for it. Promotion needs {wanted}."])
    rows = [
        (
            code(name),
            _shown(gate, name, lacks),
            entries.value(site, gate, name, page),
        )
        for name in site.graph.placement.needed(gate, workload)
    ]
    return markup.table(("Evidence", "Standing", "What it says"), rows, caption="What promotion needs")
