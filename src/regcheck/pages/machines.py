"""A page for each machine, and one with all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from regcheck.graph import NOW, TARGET
from regcheck.model import Entry
from regcheck.pages import entries, maps, markup
from regcheck.pages.bodies import body
from regcheck.pages.entries import heading
from regcheck.pages.markup import badge, html
from regcheck.pages.outages import counted, outage_path, strip
from regcheck.pages.page import Page, relative
from regcheck.pages.site import Site
from regcheck.words import listed, plural

INDEX = "machines/index.md"
EXISTS = {"always": "always", "now": "only now", "interim": "in between", "target": "only at the target"}
"""When a tunnel is there, by what it says of its state."""
UNHARMED = "No production is affected when it is off, as far as anybody knows."


def pages(site: Site) -> Iterator[Page]:
    """The list of the machines, and each of them."""
    machines = site.fleet.of("machine").values()
    yield Page(INDEX, "Machines", partial(_index, site, list(machines)), wide=True)
    for machine in machines:
        yield Page(site.paths[machine.ref], machine.label, partial(_page, site, machine))


def role(site: Site, machine: Entry, state: str) -> str:
    """The role of a machine in a state, as a badge; that it is not there, where it is not."""
    if not site.graph.timeline.machine_exists(machine, state):
        return '<span class="rc-badge rc-gone">not there</span>'
    said = site.graph.timeline.role(machine, state)
    return badge(said, f"role-{said}")


def _index(site: Site, machines: list[Entry]) -> str:
    there = [m for m in machines if site.graph.timeline.machine_exists(m, NOW)]
    roles = Counter(site.graph.timeline.role(machine, NOW) or "unknown" for machine in there)
    said = listed(
        f"{count} {'without a known role' if role == 'unknown' else role}" for role, count in roles.items()
    )
    lead = f"{plural(len(there), 'machine')} now: {said}." if there else "No machine is there now."
    rows = [
        (
            site.name(machine.ref, INDEX),
            role(site, machine, NOW),
            role(site, machine, TARGET),
            str(len(site.occupants(machine, NOW))),
            str(len(site.occupants(machine, TARGET))),
            counted(site, machine, NOW, INDEX),
        )
        for machine in machines
    ]
    heads = ("Machine", "Role now", "Role at target", "On it now", "On it at target", "Breaks when it is off")
    table = markup.table(heads, rows, caption="All machines", tools=True, searched=False)
    return f"{markup.prose(lead)}\n\n{table}"


def _page(site: Site, machine: Entry) -> str:
    page = site.paths[machine.ref]
    parts = [
        markup.block("p", [_lead(site, machine)], "rc-lead"),
        markup.facts(_facts(site, machine, page)),
        entries.said_in(site, machine),
        body(machine, page, site),
        heading("When it is off", _outage(site, machine, page)),
        heading("What is on it", _occupants(site, machine, page)),
        heading("Neighbourhood", maps.neighbourhood(site, machine.ref, page)),
        heading("Tunnels", _tunnels(site, machine, page)),
        entries.findings_of(site, [machine.ref], page),
        heading("All fields", entries.fields(site, machine, page)),
        entries.changes(site, machine),
    ]
    return "\n".join(part for part in parts if part)


def _lead(site: Site, machine: Entry) -> str:
    """What it is, and what hangs on it, in one or two sentences of HTML."""
    said = []
    for state in (NOW, TARGET):
        there = site.graph.timeline.machine_exists(machine, state)
        said.append(site.graph.timeline.role(machine, state) or "without a role" if there else "not there")
    now, target = said
    roles = f"{now}, now and at the target" if now == target else f"{now} now, {target} at the target"
    hits = [len(site.affected(machine.ref, state)) for state in (NOW, TARGET)]
    affected = plural(hits[0], "production node")
    off = f"With it off, {affected} would be affected now, {hits[1] or 'none'} at the target."
    return html(f"{roles[0].upper()}{roles[1:]}. {off if any(hits) else UNHARMED}")


def _facts(site: Site, machine: Entry, page: str) -> Iterator[tuple[str, str]]:
    yield "Role now", role(site, machine, NOW)
    yield "Role at target", role(site, machine, TARGET)
    yield "Frozen since", entries.value(site, machine, "frozen_since", page)
    yield "Becomes", entries.value(site, machine, "becomes", page)
    yield "Rebuilt from", entries.value(site, machine, "rebuilt_from", page)
    gone = site.graph.timeline.gone_from(machine)
    yield "Gone", html(site.moment(gone)) if gone else ""
    yield "Addresses", entries.value(site, machine, "addresses", page)
    yield "Used for", entries.value(site, machine, "current_use", page)
    yield "Will be used for", entries.value(site, machine, "target_use", page)


def _occupants(site: Site, machine: Entry, page: str) -> str:
    now, target = ({e.ref: e for e in site.occupants(machine, state)} for state in (NOW, TARGET))
    rows = []
    for ref in {**now, **target}:
        when = "stays" if ref in now and ref in target else "leaves" if ref in now else "comes"
        entry = now.get(ref) or target[ref]
        if when == "leaves" and site.graph.timeline.undetermined(entry, TARGET):
            when = "undecided"
        rows.append(
            (
                site.name(ref, page, full=True),
                badge(when, f"move-{when}"),
                entries.wave(site, entry, page) if when != "stays" else "",
                entries.value(site, entry, "environment", page),
            )
        )
    return (
        markup.table(
            ("Entry", "Move", "In wave", "Environment"), rows, caption="Now and at target", searched=False
        )
        if rows
        else ""
    )


def _tunnels(site: Site, machine: Entry, page: str) -> str:
    rows = [
        (
            site.name(tunnel.ref, page),
            entries.value(site, tunnel, "from", page),
            entries.value(site, tunnel, "to", page),
            site.name(opener, page) if (opener := site.graph.production.opener(tunnel)) else "",
            EXISTS.get(str(tunnel.get("state", "always"))) or entries.value(site, tunnel, "state", page),
            entries.value(site, tunnel, "purpose", page),
        )
        for tunnel in site.fleet.of("tunnel").values()
        if machine.ref in site.graph.production.machines_of(tunnel)
    ]
    heads = ("Tunnel", "From", "To", "Opened by", "Exists", "Purpose")
    return markup.table(heads, rows, caption="Tunnels that start, end or are opened here") if rows else ""


def _outage(site: Site, machine: Entry, page: str) -> str:
    href = relative(outage_path(site, machine), page)
    lead = markup.block("p", [f"{markup.link(href, 'What goes down, and why')}."])
    return lead + "\n" + strip(site, machine, page)
