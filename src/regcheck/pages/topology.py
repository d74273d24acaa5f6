"""What runs where, and over which tunnels machines talk: now, and when the migration is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial

from regcheck.drawing.layers import columns
from regcheck.drawing.picture import MORE, Edge, Node, Picture
from regcheck.graph import NOW, TARGET
from regcheck.model import Entry
from regcheck.pages import markup
from regcheck.pages.entries import heading
from regcheck.pages.machines import role
from regcheck.pages.maps import MOST, about, figure, names
from regcheck.pages.markup import block, html, link
from regcheck.pages.page import Page, relative
from regcheck.pages.site import OCCUPANTS, Site
from regcheck.words import listed, plural

PATHS = {NOW: "topology/now.md", TARGET: "topology/target.md"}
MOST_TUNNELS, MOST_ITEMS, MOST_DRAWN = 20, 12, 40
"""What is drawn of very much: boxes for tunnels, and rows in the box of one machine and of all of them."""
MOST_LISTED = 10
"""Machines whose boxes list what is on them; those of more only count it."""
MOST_NAMED = 3
"""Machines that somebody works on of which the first sentences speak."""
FEWEST_ABSENT = 2
"""Machines that are gone or planned and are drawn, however many others there are."""


def pages(site: Site) -> Iterator[Page]:
    """The topology now, and at the target."""
    yield Page(PATHS[NOW], "Topology now", partial(_text, site, NOW))
    yield Page(PATHS[TARGET], "Topology at the target", partial(_text, site, TARGET))


class _Topology:
    """Machines, what is on them, and the tunnels between them, in a state."""

    def __init__(self, site: Site, state: str) -> None:
        self.site = site
        self.graph = site.graph
        self.state = state
        self.production = self.graph.production.nodes(state)
        everyone = list(site.fleet.of("machine").values())
        self.machines = [m for m in everyone if self.graph.production.exists(m, state)]
        self.absent = [m for m in everyone if m not in self.machines]
        tunnels = site.fleet.of("tunnel").values()
        self.tunnels = [t for t in tunnels if self.graph.production.exists(t, state)]

    @cached_property
    def standing(self) -> dict[str, list[Entry]]:
        """What is on each machine, production first."""
        found: dict[str, list[Entry]] = {}
        for machine in self.site.fleet.of("machine").values():
            kept = self.site.occupants(machine, self.state)
            kept.sort(key=lambda e: (e.ref not in self.production, OCCUPANTS.index(e.kind.name)))
            found[machine.ref] = kept
        return found

    @cached_property
    def carried(self) -> dict[str, list[Entry]]:
        """The lanes that cross each tunnel or machine."""
        found: dict[str, list[Entry]] = {}
        for lane in self.site.fleet.of("lane").values():
            for ref in dict.fromkeys(self.graph.lanes.hops(lane, self.state)):
                found.setdefault(ref, []).append(lane)
        return found

    def critical(self, tunnel: Entry) -> bool:
        """Whether production goes through a tunnel."""
        lanes = self.carried.get(tunnel.ref, ())
        return tunnel.ref in self.production or any(lane.ref in self.production for lane in lanes)

    @cached_property
    def _hits(self) -> dict[str, int]:
        return self.graph.reach.hit([machine.ref for machine in self.machines], self.state)

    def weighs(self, machine: Entry) -> int:
        """How much production goes down or is degraded when a machine is off."""
        return self._hits[machine.ref]

    # --- the drawing --------------------------------------------------------

    def picture(self) -> Picture:
        """The machines that matter most, what is on them, and the tunnels between those."""
        bundles = self._bundles()
        drawn = self._foremost(MOST - len(bundles))
        missing = self.absent[: max(MOST - len(bundles) - len(drawn), FEWEST_ABSENT)]
        refs = {machine.ref for machine in (*drawn, *missing)}
        boxes = [box for box in bundles if refs.issuperset(_between(box[0]))]
        shown = [tunnel for box in boxes for tunnel in box]
        rows, column = self._rows(drawn), self._columns((*drawn, *missing), shown)
        nodes = [self._machine(machine, rows, column.get(machine.ref)) for machine in drawn]
        for box in boxes:
            between = min(column[ref] for ref in _between(box[0])) + 1
            nodes.append(
                self._tunnel(box[0], between) if len(box) == 1 else self._bundle(box, between, boxes)
            )
        nodes += [self._gone(machine, column.get(machine.ref)) for machine in missing]
        for what, all_, some in (
            ("machine", len(self.machines) + len(self.absent), len(refs)),
            ("tunnel", len(self.tunnels), len(shown)),
        ):
            if all_ > some:
                said = plural(all_ - some, f"more {what}")
                nodes.append(Node(f"{MORE}:{what}", MORE, said, note="in the table"))
        edges = [edge for box in boxes for edge in self._ends(box)]
        when = "now" if self.state == NOW else "at the target"
        what = "what is on them, production in bold" if any(n.items for n in nodes) else "how much is on them"
        says = f"Machines with {what}. An arrow goes the way of the traffic; a tunnel says who opens it."
        title, apart = f"Machines and tunnels {when}", "Without tunnels"
        return Picture("runtime", self.state, title, says, tuple(nodes), tuple(edges), apart=apart)

    def _bundles(self) -> list[tuple[Entry, ...]]:
        """The tunnels as they share boxes: what carries production alone, the rest by what it joins."""
        alone: list[tuple[Entry, ...]] = []
        rest: dict[frozenset[str], list[Entry]] = {}
        for tunnel in filter(_between, self.tunnels):
            if self.critical(tunnel):
                alone.append((tunnel,))
            else:
                rest.setdefault(frozenset(_between(tunnel)), []).append(tunnel)
        carrying = sorted(rest.values(), key=lambda box: not any(self.carried.get(t.ref) for t in box))
        return [*alone, *map(tuple, carrying)][:MOST_TUNNELS]

    def _foremost(self, most: int) -> list[Entry]:
        """The machines that are drawn: those whose outage affects most."""
        order = sorted(self.machines, key=lambda m: (-self.weighs(m), -len(self.standing[m.ref])))
        kept = {machine.ref for machine in order[:most]}
        return [machine for machine in self.machines if machine.ref in kept]

    @staticmethod
    def _columns(machines: Sequence[Entry], tunnels: Iterable[Entry]) -> dict[str, int]:
        """The column of each machine with tunnels: every other one, so that these stand between them.

        The most important tunnel between two machines leads to the right.
        """
        pairs: dict[frozenset[str], tuple[str, str]] = {}
        for tunnel in tunnels:
            start, end = _between(tunnel)
            pairs.setdefault(frozenset((start, end)), (start, end))
        joined = {ref for pair in pairs for ref in pair}
        found = columns([machine.ref for machine in machines if machine.ref in joined], pairs.values())
        return {ref: 2 * column for ref, column in found.items()}

    def _rows(self, machines: list[Entry]) -> Mapping[str, int]:
        """How many rows the box of each machine has, so that all of them together can be read."""
        if len(machines) > MOST_LISTED:
            return Counter()
        left = {m.ref: min(len(self.standing[m.ref]), MOST_ITEMS) for m in machines}
        rows = Counter[str]()
        free = MOST_DRAWN
        while free and any(left.values()):
            for ref in [ref for ref, count in left.items() if count][:free]:
                rows[ref] += 1
                left[ref] -= 1
                free -= 1
        return rows

    def _machine(self, machine: Entry, rows: Mapping[str, int], column: int | None) -> Node:
        here = self.standing[machine.ref]
        shown = here[: rows[machine.ref]]
        items = [self._item(entry) for entry in shown]
        if items and len(here) > len(shown):
            items.append(
                Node(f"{MORE}:{machine.ref}", MORE, f"{len(here) - len(shown):,} more", "", "in the table")
            )
        vital = sum(entry.ref in self.production for entry in here)
        note = self.graph.timeline.role(machine, self.state) or "no role"
        if not here:
            note += ", nothing runs here"
        elif not items:
            kinds = Counter(entry.kind.name for entry in here)
            counts = [plural(count, kind) for kind, count in kinds.items()]
            note = ", ".join([note, *counts, f"{vital or 'none'} in production"])
        tone = "production" if vital else ""
        return Node(machine.ref, "machine", machine.label, "", note, tone, column, tuple(items))

    def _item(self, entry: Entry) -> Node:
        tone = "production" if entry.ref in self.production else ""
        return Node(entry.ref, entry.kind.name, entry.label, "", about(self.site, entry, self.state), tone)

    def _tunnel(self, tunnel: Entry, column: int) -> Node:
        opener = self.site.fleet.get(self.graph.production.opener(tunnel))
        lanes = [lane.label for lane in self.carried.get(tunnel.ref, ())]
        note = f"opened by {opener.label}" if opener else "nobody says who opens it"
        note += f", carries {plural(len(lanes), 'lane')}" if lanes else ""
        tone = "critical" if self.critical(tunnel) else ""
        return Node(tunnel.ref, "tunnel", tunnel.label, "", note, tone, column)

    def _bundle(self, tunnels: Sequence[Entry], column: int, boxes: Iterable[Sequence[Entry]]) -> Node:
        """Tunnels without production that join the same two machines, in a box that leads to the table."""
        ends = set(_between(tunnels[0]))
        more = any(box is not tunnels and ends == {*_between(box[0])} for box in boxes)
        said = plural(len(tunnels), "more tunnel" if more else "tunnel")
        return Node(_box(tunnels), MORE, said, "", "none carries production", "", column)

    def _ends(self, tunnels: Sequence[Entry]) -> Iterator[Edge]:
        tone = "critical" if self.critical(tunnels[0]) else ""
        for start, end in dict.fromkeys(map(_between, tunnels)):
            yield Edge(start, _box(tunnels), "from", tone)
            yield Edge(_box(tunnels), end, "to", tone)

    def _gone(self, machine: Entry, column: int | None) -> Node:
        return Node(machine.ref, "machine", machine.label, "", self.why_absent(machine), "absent", column)

    def why_absent(self, machine: Entry) -> str:
        """Why a machine is not there in the state."""
        timeline = self.graph.timeline
        gone = timeline.gone_from(machine)
        if gone is not None and timeline.order(gone) <= timeline.order(self.state):
            other = self.site.fleet.get(machine.link("becomes"))
            became = f", comes back as {other.label}" if other else ""
            return f"gone{'' if gone in (NOW, TARGET) else f' from {_moment(gone)} on'}{became}"
        born = next((state for state in self.graph.states if timeline.machine_exists(machine, state)), None)
        return f"planned, there from {_moment(born)} on" if born else "planned"


def _moment(state: str) -> str:
    """A state as a sentence says it."""
    return "the target" if state == TARGET else state.replace(":", " ")


def _box(tunnels: Sequence[Entry]) -> str:
    """The id of the box of one tunnel or of several."""
    return tunnels[0].ref if len(tunnels) == 1 else f"{MORE}:{tunnels[0].ref}"


def _between(tunnel: Entry) -> tuple[str, ...]:
    """The two machines that a tunnel joins; nothing where it does not say both."""
    start, end = tunnel.link("from"), tunnel.link("to")
    return (start, end) if start and end and start != end else ()


# --- the page -----------------------------------------------------------------


def _text(site: Site, state: str) -> str:
    page, topology = PATHS[state], _Topology(site, state)
    if not site.fleet.of("machine"):
        return "No register names a machine yet.\n"
    parts = [
        block("p", [_lead(topology)], "rc-lead"),
        block("p", [" · ".join(_ways_on(state))], "rc-jump"),
        figure(site, topology.picture(), page, f"topology-{state}", _machines(topology, page)),
        heading("Tunnels", _tunnels(topology, page)),
        heading("Lanes", _lanes(topology, page)),
        heading("Gone or planned", _absent(topology, page)),
        heading("Place unknown", _unknown(topology, page)),
    ]
    return "\n".join(part for part in parts if part)


def _ways_on(state: str) -> Iterator[str]:
    other, words = (TARGET, "How it must be at the target") if state == NOW else (NOW, "How it is now")
    yield link(relative(PATHS[other], PATHS[state]), words)
    yield link(relative("explorer.md", PATHS[state]), "The whole fleet in the explorer")


def _lead(topology: _Topology) -> str:
    """What to see, in a sentence or two."""
    timeline, state = topology.graph.timeline, topology.state
    by_role: dict[str, list[Entry]] = {}
    for machine in topology.machines:
        by_role.setdefault(timeline.role(machine, state) or "without a role", []).append(machine)
    if not topology.machines:
        return "No machine is there."
    counts = [f"{len(machines)} {role}" for role, machines in by_role.items()]
    said = f"{plural(len(topology.machines), 'machine')}: {listed(counts)}. "
    personal = by_role.get("interactive", [])
    worst = max(topology.machines, key=topology.weighs, default=None)
    if worst is not None and topology.weighs(worst):
        said += f"With {worst.label} off, {_lost(topology, worst)}, the most of any machine. "
    for machine in personal[:MOST_NAMED]:
        if machine is not worst and topology.weighs(machine):
            said += f"With {machine.label} off, {_lost(topology, machine)}. "
    if not personal:
        said += "None of them is one that somebody works on."
    elif not any(map(topology.weighs, personal)):
        said += "Nothing in production needs a machine that somebody works on, as far as anybody knows."
    return html(said.strip())


def _lost(topology: _Topology, machine: Entry) -> str:
    """What an outage of a machine does to production."""
    hits = topology.site.affected(machine.ref, topology.state)
    down = sum(hit.effect == "down" for hit in hits)
    degraded = len(hits) - down
    if not down:
        return f"{plural(degraded, 'production node is', 'production nodes are')} degraded"
    said = f"{plural(down, 'production node goes', 'production nodes go')} down"
    return f"{said} and {degraded:,} {'is' if degraded == 1 else 'are'} degraded" if degraded else said


def _machines(topology: _Topology, page: str) -> str:
    site = topology.site
    rows = [
        (
            site.name(machine.ref, page),
            role(site, machine, topology.state),
            names(site, (entry.ref for entry in topology.standing[machine.ref]), page),
            names(site, (t.ref for t in topology.tunnels if t.link("from") == machine.ref), page),
            names(site, (t.ref for t in topology.tunnels if t.link("to") == machine.ref), page),
        )
        for machine in site.fleet.of("machine").values()
    ]
    heads = ("Machine", "Role", "What is on it", "Tunnels from it", "Tunnels to it")
    return _table(heads, rows, "Machines, and what is on them")


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A table, and nothing at all without a row."""
    said = list(rows)
    return markup.table(heads, said, caption=caption) if said else ""


def _tunnels(topology: _Topology, page: str) -> str:
    site = topology.site
    rows = [
        (
            site.name(tunnel.ref, page),
            f"{_end(site, tunnel, 'from', page)} → {_end(site, tunnel, 'to', page)}",
            site.name(opener, page) if (opener := site.graph.production.opener(tunnel)) else "",
            names(site, (lane.ref for lane in topology.carried.get(tunnel.ref, ())), page),
            "yes" if topology.critical(tunnel) else "",
        )
        for tunnel in topology.tunnels
    ]
    heads = ("Tunnel", "Direction", "Opened by", "Carries", "Production")
    return _table(heads, rows, "Tunnels that are there, the way the traffic goes")


def _end(site: Site, tunnel: Entry, name: str, page: str) -> str:
    return site.name(ref, page) if (ref := tunnel.link(name)) else "?"


def _lanes(topology: _Topology, page: str) -> str:
    site, lanes = topology.site, topology.graph.lanes
    rows = [
        (
            site.name(lane.ref, page),
            names(site, lane.links.get("from", ()), page),
            " → ".join(site.name(ref, page) for ref in lanes.hops(lane, topology.state))
            or (
                "unknown"
                if topology.graph.timeline.undetermined(lane, topology.state)
                else "no path is written down"
            ),
            names(site, lane.links.get("to", ()), page),
            "yes" if lanes.critical(lane, topology.state) else "",
        )
        for lane in site.fleet.of("lane").values()
    ]
    heads = ("Lane", "From", "Over", "To", "Production")
    return _table(heads, rows, "How one workload reaches another")


def _absent(topology: _Topology, page: str) -> str:
    rows = [(topology.site.name(m.ref, page), html(topology.why_absent(m))) for m in topology.absent]
    return _table(("Machine", "Why"), rows, "Machines that are gone or planned")


def _unknown(topology: _Topology, page: str) -> str:
    """What is there in the state, and nobody says where."""
    site, graph, state = topology.site, topology.graph, topology.state
    refs = [
        entry.ref
        for kind in (*OCCUPANTS, "lane")
        for entry in site.fleet.of(kind).values()
        if graph.production.exists(entry, state)
        and (
            graph.timeline.undetermined(entry, state)
            or (kind == "workload" and not graph.timeline.hosts(entry, state))
        )
    ]
    return f"<p>{names(site, refs, page, full=True)}</p>\n" if refs else ""
