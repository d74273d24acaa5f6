"""Maps on pages: a drawing with real links, and beside it the same in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from regcheck.drawing import legend, svg
from regcheck.drawing.chains import verb
from regcheck.drawing.picture import MORE, Edge, Node, Picture
from regcheck.graph import NOW
from regcheck.graph import Edge as Need
from regcheck.model import Entry
from regcheck.pages.markup import block, html, link, table
from regcheck.pages.page import relative
from regcheck.pages.site import Site, anchor_of
from regcheck.words import plural

MOST = 60
"""Nodes of a map: with more of them nobody reads it."""
MOST_BESIDE = 8
"""Nodes of one column on the map of a neighbourhood, and rows in the box of a machine there."""
MOST_ROWS = 300
"""Rows of the table beside the map of a neighbourhood."""
Rank = Callable[[Node], tuple[int, ...]]
"""What is lower stays on a map that cannot show all."""
FOCUS = "focus"
"""The tone of the node that a map is about."""


def figure(site: Site, picture: Picture, page: str, name: str, beside: str) -> str:
    """A map for a page, in HTML.

    `name` makes its ids those of no other map on the page; `beside` is the table
    that says the same, in HTML.
    """
    id_ = f"rc-map-{name}"
    parts = (part for node in picture.nodes for part in (node, *node.items))
    links = {part.id: href for part in parts if (href := _href(site, part, page, id_))}
    drawn = svg.render(picture, links, within=id_)
    scroll = {"tabindex": "0", "role": "region", "aria_label": f"Map: {picture.title}"}
    return block(
        "figure",
        [
            f"<figcaption><strong>{html(picture.title)}.</strong> {html(picture.description)}</figcaption>",
            block("div", [drawn.rstrip("\n")], "rc-scroll", **scroll).rstrip("\n"),
            _legend(picture),
            '<details class="rc-fold"><summary>The same as a table</summary>',
            block("div", [beside.rstrip("\n")], id=f"{id_}-table").rstrip("\n"),
            "</details>",
        ],
        "rc-map",
        data_search_exclude="",
    )


def _legend(picture: Picture) -> str:
    """What colours and borders mean, below what scrolls; nothing where nothing must be explained."""
    said = [f"<span>{legend.alone(key)} {html(key.said)}</span>" for key in legend.keys(picture)]
    return block("p", said, "rc-keys").rstrip("\n") if said else ""


def _href(site: Site, node: Node, page: str, id_: str) -> str | None:
    """Where a node leads: what is left out of a map is in its table, and nothing leads to its own page."""
    if node.kind == MORE:
        return f"#{id_}-table"
    return None if site.paths.get(node.id) == page else site.href(node.id, page)


def limited(picture: Picture, rank: Rank, most: int = MOST) -> Picture:
    """A picture of no more nodes than can be read: those of the lowest rank, and how many more there are.

    Where nodes have the same rank, the first ones stay. What is left out of a
    wave is counted in it.
    """
    if len(picture.nodes) <= most:
        return picture
    kept = {node.id for node in sorted(picture.nodes, key=rank)[:most]}
    small = picture.limited_to(kept)
    columns = {f"wave:{step.number}": at for at, step in enumerate(small.steps)}
    last = max((node.column or 0 for node in small.nodes), default=0) if small.steps else None
    left = Counter(
        node.group if node.group in columns else "" for node in picture.nodes if node.id not in kept
    )
    more = (
        Node(f"{MORE}:{group}", MORE, f"{count:,} more", group, "in the table", "", columns.get(group, last))
        for group, count in left.items()
    )
    return small._replace(nodes=(*small.nodes, *more))


# --- what is next to an entry -------------------------------------------------


def neighbourhood(site: Site, ref: str, page: str) -> str:
    """What is next to an entry now, as a map with its table in HTML: what it needs, and who needs it.

    Of a machine also what is on it; of others the second step as well. A
    sentence where there is nothing, and nothing at all where there is no such entry.
    """
    entry = site.fleet.get(ref)
    if entry is None:
        return ""
    nodes, edges, steps = (_machine if entry.kind.name == "machine" else _around)(site, entry)
    if len(nodes) == 1:
        what, else_ = ("what is on it", " else") if nodes[0].items else ("it", "")
        alone = f"{what} needs nothing{else_}, and nothing{else_} is known to need it"
        return f"<p>As things are now, {alone}.</p>\n"
    title = f"What {entry.label} needs, and who needs it"
    within = ", with what is on it" if any(node.items for node in nodes) else ""
    says = f"As things are now{within}. An arrow leads from an entry to what it needs at run time"
    says += "." if within else "; what else they need of one another is in the table."
    picture = Picture("runtime", NOW, title, says, tuple(nodes), tuple(edges))
    return figure(site, picture, page, f"around-{anchor_of(entry)}", _beside(site, steps, page))


Around = tuple[list[Node], Iterable[Edge], Mapping[str, int]]
"""What is drawn, and how many steps away all is that the table names, whether that fits on the map or not."""


def _around(site: Site, entry: Entry) -> Around:
    """An entry between what needs it and what it needs, each one or two steps away.

    What these need of one another is left to the table: the lines would hide those to the entry.
    """
    needs, needed = _steps(site, entry.ref, 1), _steps(site, entry.ref, -1)
    steps = {entry.ref: 0, **needs, **{r: -n for r, n in needed.items() if n < needs.get(r, n + 1)}}
    kept = _drawn(site, steps)
    first = min(steps[other] for other in kept)
    nodes = [_node(site, other, step - first) for other, step in steps.items() if other in kept]
    nodes = [_focused(node) if node.id == entry.ref else node for node in nodes]
    left = Counter(step for other, step in steps.items() if other not in kept)
    nodes += [_more(step, count, step - first) for step, count in sorted(left.items())]
    edges = dict.fromkeys(
        Edge(edge.source, edge.target, edge.relation)
        for other in kept
        for edge in site.graph.reach.needs(other, NOW)
        if edge.target in kept and steps[edge.target] == steps[other] + 1  # what leads to it, or from it
    )
    return nodes, edges, steps


def _machine(site: Site, machine: Entry) -> Around:
    """A machine with what is on it as the rows of its box, between what needs these and what they need."""
    reach, production = site.graph.reach, site.graph.production.nodes(NOW)

    def foremost(refs: Iterable[str]) -> list[str]:
        return sorted(refs, key=lambda ref: ref not in production)[:MOST_BESIDE]

    here = [entry.ref for entry in site.occupants(machine, NOW)]
    rows = foremost(here)
    inside = dict.fromkeys((machine.ref, *rows, *here))
    needed = [e for ref in inside for e in reach.needed_by(ref, NOW) if _leaves(site, e.source, inside)]
    needs = [e for ref in inside for e in reach.needs(ref, NOW) if _leaves(site, e.target, inside)]
    back = dict.fromkeys(edge.source for edge in needed)
    on = dict.fromkeys(edge.target for edge in needs if edge.target not in back)
    box = _focused(_node(site, machine.ref, 1))
    items = [_node(site, ref, 1) for ref in rows]
    items += [_more("on", len(here) - len(rows), 1)] if len(here) > len(rows) else []
    nodes = [box._replace(items=tuple(items))]
    for column, beside in ((0, back), (2, on)):
        drawn = foremost(beside)
        nodes += [_node(site, ref, column) for ref in beside if ref in drawn]
        nodes += [_more(column, len(beside) - len(drawn), column)] if len(beside) > len(drawn) else []
    at = dict.fromkeys(here, f"{MORE}:on") | {node.id: node.id for node in (*nodes, *items)}
    edges = dict.fromkeys(
        Edge(at[edge.source], at[edge.target], edge.relation)
        for edge in (*needed, *needs)
        if edge.source in at and edge.target in at
    )
    steps = {machine.ref: 0, **dict.fromkeys(here, -1), **dict.fromkeys(back, -2), **dict.fromkeys(on, 2)}
    return nodes, edges, steps


def _leaves(site: Site, ref: str, inside: Mapping[str, None]) -> bool:
    """Whether an end of an edge is outside, and there."""
    return ref not in inside and ref in site.present


def _steps(site: Site, ref: str, way: int, most: int = 2) -> dict[str, int]:
    """How many steps away the entries are that one needs (`way` 1), or that need it (-1)."""
    reach = site.graph.reach
    found: dict[str, int] = {}
    level = [ref]
    for step in range(1, most + 1):
        near = {
            other: None
            for at in level
            for edge in (reach.needs(at, NOW) if way > 0 else reach.needed_by(at, NOW))
            if (other := edge.target if way > 0 else edge.source) != ref
            and other not in found
            and other in site.present
        }
        found.update(dict.fromkeys(near, step))
        level = list(near)
    return found


def _drawn(site: Site, steps: Mapping[str, int]) -> dict[str, None]:
    """The entries that are drawn: of each step what joins the one before, production first."""
    reach, production = site.graph.reach, site.graph.production.nodes(NOW)
    kept: dict[str, None] = {}
    for step in sorted(set(steps.values()), key=lambda step: (abs(step), -step)):
        level = [ref for ref, at in steps.items() if at == step]
        if len(level) > MOST_BESIDE:
            if step > 0:
                near = {edge.target for ref in kept for edge in reach.needs(ref, NOW)}
            else:
                near = {ref for ref in level if any(e.target in kept for e in reach.needs(ref, NOW))}
            level.sort(key=lambda ref: (ref not in near, ref not in production))
        kept.update(dict.fromkeys(level[:MOST_BESIDE]))
    return kept


def _node(site: Site, ref: str, column: int) -> Node:
    entry = site.fleet.get(ref)
    assert entry is not None
    tone = "production" if ref in site.graph.production.nodes(NOW) else ""
    return Node(ref, entry.kind.name, entry.label, "", about(site, entry), tone, column)


def _focused(node: Node) -> Node:
    return node._replace(tone=f"{node.tone} {FOCUS}".strip())


def _more(what: object, count: int, column: int) -> Node:
    return Node(f"{MORE}:{what}", MORE, f"{count:,} more", note="in the table", column=column)


def about(site: Site, entry: Entry, state: str = NOW) -> str:
    """An entry in a word or two: its kind, and what that is for."""
    kind = entry.kind.name
    said = site.graph.timeline.role(entry, state) if kind == "machine" else entry.get("environment")
    return f"{kind}, {said}" if said else kind


def _beside(site: Site, steps: Mapping[str, int], page: str) -> str:
    reach, near = site.graph.reach, sorted(steps, key=lambda ref: (abs(steps[ref]), steps[ref] < 0))
    needs = {ref: [edge for edge in reach.needs(ref, NOW) if edge.target in steps] for ref in near}
    needed: dict[str, list[str]] = {}
    for ref, edges in needs.items():
        for edge in edges:
            needed.setdefault(edge.target, []).append(ref)
    rows = []
    for ref in near[:MOST_ROWS]:
        entry = site.fleet.get(ref)
        assert entry is not None
        what = html(about(site, entry))
        rows.append(
            (site.name(ref, page), what, said(site, needs[ref], page), names(site, needed.get(ref, ()), page))
        )
    explorer = relative("explorer.md", page)
    left = len(near) - len(rows)
    more = f"<p>{plural(left, 'more entry is', 'more entries are')} in the {link(explorer, 'explorer')}.</p>"
    beside = table(["Entry", "What it is", "Needs", "Needed by"], rows, caption="Needs and needed by")
    return beside + more if left > 0 else beside


def said(site: Site, edges: Iterable[Need | Edge], page: str) -> str:
    """What something needs, each with the word for how, in HTML."""
    by_verb: dict[str, list[str]] = {}
    for edge in edges:
        by_verb.setdefault(verb(edge), []).append(edge.target)
    return "; ".join(f"{html(how)} {names(site, refs, page)}" for how, refs in by_verb.items())


def names(site: Site, refs: Iterable[str], page: str, *, most: int = MOST, full: bool = False) -> str:
    """Entries with links, each once, in HTML, with `full` with their kind; of very many the first."""
    found = list(dict.fromkeys(refs))
    left = len(found) - most
    shown = site.names(found[:most], page, full=full)
    return f"{shown} and {left:,} more" if left > 0 else shown
