"""The order in which machines are emptied: the map of it, what is open, and how it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from regcheck.drawing import views
from regcheck.drawing.picture import Node, Picture
from regcheck.graph import Wait
from regcheck.graph.standing import SETTLED, UNKNOWN
from regcheck.pages import markup, moving, waves
from regcheck.pages.entries import heading, numbered, owners
from regcheck.pages.maps import MOST_ROWS, Rank, figure, limited, names
from regcheck.pages.markup import block, html
from regcheck.pages.page import Page
from regcheck.pages.site import Site
from regcheck.words import listed, plural

INDEX = "drain/index.md"
MOST_NAMED = 6
MOST_WAVES = 12
"""Waves of which a map shows what they move."""
WAITS = {
    "drain-after": "leaves after",
    "drain-last": "leaves last, so after",
    "moves": "is done when it has moved",
    "after": "starts after",
    "waits-for-wave": "leaves in a wave that is after",
}
"""How each wait reads between the one that waits and what it waits for."""


def pages(site: Site) -> Iterator[Page]:
    """The map of the drain, and a page for each wave."""
    yield Page(INDEX, "Drain order", partial(_index, site))
    for number, wave in site.graph.drain.waves.items():
        title = f"Wave {number}" if site.numbered(wave) == wave.label else f"Wave {number}: {wave.label}"
        yield Page(site.paths[wave.ref], title, partial(waves.text, site, wave))


def _index(site: Site) -> str:
    drain = site.graph.drain
    if not drain.nodes:
        return "Nothing moves: there is no wave, and no workload that must leave its host.\n"
    picture = _with_what_is_left(site, views.drain(site.graph))
    parts = [
        block("p", [_lead(site)], "rc-lead"),
        heading("What waits in a circle", _loops(site)),
        figure(site, limited(picture, _rank(site, picture)), INDEX, "drain", _beside(site)),
        heading("Wave by wave", _waves(site)),
        heading("The longest chain", _critical_path(site)),
        heading("In no wave yet", _open(site)),
        heading("Undoing it", _undo(site)),
    ]
    return "\n".join(part for part in parts if part)


def _with_what_is_left(site: Site, picture: Picture) -> Picture:
    """Without the sign that it is done at a wave that has more to do than to move its workloads."""
    more = {wave.ref for wave in site.graph.drain.waves.values() if moving.left(site, wave)}
    nodes = (
        node._replace(tone=node.tone.replace("done", "").strip()) if node.id in more else node
        for node in picture.nodes
    )
    return picture._replace(nodes=tuple(nodes))


def _lead(site: Site) -> str:
    drain = site.graph.drain
    planned = [m for members in drain.members.values() for m in members]
    open_ = len([w for w in drain.moving if drain.wave(w) is None])
    moved = len([m for m in planned if site.standing(m) == SETTLED])
    left = f"{plural(open_, 'workload')} must move"
    if not drain.waves:
        return html(f"There is no wave yet, and {left}.")
    gone = f"{moved or 'none'} of them {'is' if moved == 1 else 'are'} in place"
    lost = len([m for m in planned if site.standing(m) == UNKNOWN])
    gone += f", of {lost} nobody knows" if lost else ""
    said = f"{plural(len(drain.waves), 'wave')} for {plural(len(planned), 'workload')}; {gone}"
    if not open_:
        return html(f"{said}. Everything that must move has its wave.")
    return html(f"{said}. {plural(open_, 'more workload')} must move, with no wave to move in.")


def _rank(site: Site, picture: Picture) -> Rank:
    """What stays on a map that cannot show all: waves, the longest chain, of each wave production first."""
    production = site.graph.production.nodes(picture.state)
    numbers = {f"wave:{step.number}": at for at, step in enumerate(picture.steps)}
    drawn = {n.group for n in picture.nodes if "critical" in n.tone} | {*list(numbers)[:MOST_WAVES]}
    place: dict[str, int] = {}
    seen: dict[str, int] = {}
    for node in sorted(picture.nodes, key=lambda node: node.id not in production):
        place[node.id] = seen[node.group] = seen.get(node.group, -1) + 1

    def rank(node: Node) -> tuple[int, ...]:
        wave = node.id in numbers
        return (
            node.group in numbers and node.group not in drawn,
            not wave,
            "critical" not in node.tone,
            place[node.id],
        )

    return rank


def _beside(site: Site) -> str:
    """Who waits for whom, as far as somebody wrote it down."""
    drain = site.graph.drain
    waits: dict[str, list[str]] = {}
    waiting: dict[str, list[str]] = {}
    for wait in drain.waits:
        if wait.written and wait.relation != "waits-for-wave":
            waits.setdefault(wait.source, []).append(wait.target)
            waiting.setdefault(wait.target, []).append(wait.source)
    rows = []
    for entry in drain.nodes[:MOST_ROWS]:
        wave = entry if entry.kind.name == "wave" else drain.wave(entry)
        rows.append(
            (
                site.name(entry.ref, INDEX, full=True),
                ""
                if wave is entry
                else numbered(site, wave, INDEX)
                if wave
                else '<em class="rc-open">none</em>',
                "" if wave is entry else moving.way(site, entry, INDEX),
                names(site, waits.get(entry.ref, ()), INDEX),
                names(site, waiting.get(entry.ref, ()), INDEX),
            )
        )
    left = len(drain.nodes) - len(rows)
    more = f"<p>{left:,} more stand on the pages of their waves.</p>" if left > 0 else ""
    heads = ("What", "Wave", "From → to", "Waits for", "Waits for it")
    return markup.table(heads, rows, caption="The drain order") + more


def _waves(site: Site) -> str:
    drain = site.graph.drain
    rows = []
    for wave in drain.waves.values():
        after = [other for other, _ in drain.after(wave)]
        rows.append(
            (
                numbered(site, wave, INDEX),
                moving.done(site, wave),
                moving.does(site, wave, INDEX, MOST_NAMED),
                owners(site, wave, INDEX),
                markup.enumerated(numbered(site, other, INDEX) for other in after),
            )
        )
    heads = ("Wave", "Standing", "What it does", "Owner", "After")
    return markup.table(heads, rows, caption="The waves in their order") if rows else ""


def _critical_path(site: Site) -> str:
    """The longest chain that somebody wrote down, and why each step waits for the one before."""
    drain = site.graph.drain
    chain = drain.critical_path()
    if not chain:
        return ""
    waits = {(wait.source, wait.target): wait for wait in drain.waits}
    lines = [f"{_named(site, chain[0])} goes first"]
    for before, after in pairwise(chain):
        lines.append(_because(site, waits[after, before]))
    steps = block("ol", [f"<li>{line}</li>" for line in lines])
    said = f"The longest chain that somebody wrote down has {plural(len(chain), 'step')}."
    return f"{said} Besides, a wave comes after the one before it.\n\n{steps}"


def _because(site: Site, wait: Wait) -> str:
    how = WAITS.get(wait.relation, wait.relation)
    source, target = _named(site, wait.source), _named(site, wait.target)
    if wait.relation == "moves":
        said = f"{source} is done when {target} has moved"
    else:
        said = f"{source} {html(how)} {target}"
    return f"{said} <small>({site.source(wait.position)})</small>"


def _named(site: Site, ref: str) -> str:
    return site.name(ref, INDEX, full=ref.startswith("wave:"))


def _open(site: Site) -> str:
    """What must move and is in no wave, and the earliest wave that could take it."""
    drain = site.graph.drain
    earliest = drain.suggestions(site.graph.tasks.before)
    rows = []
    for workload in drain.moving:
        if drain.wave(workload) is not None:
            continue
        number = earliest.get(workload.ref)
        wave = drain.waves.get(number) if number is not None else None
        when = (
            site.name(wave.ref, INDEX, full=True)
            if wave
            else "after the last wave"
            if earliest
            else ""
            if drain.waves
            else "there is no wave"
        )
        rows.append(
            (
                site.name(workload.ref, INDEX),
                moving.way(site, workload, INDEX),
                owners(site, workload, INDEX),
                when,
            )
        )
    heads = ("Workload", "From → to", "Owner", "Earliest wave")
    return markup.table(heads, rows, caption="They must move, and no wave moves them") if rows else ""


def _undo(site: Site) -> str:
    drain = site.graph.drain
    if not drain.waves:
        return ""
    lines = markup.items(site.name(wave.ref, INDEX, full=True) for wave in reversed(drain.waves.values()))
    return (
        "In the reverse order: the last wave first, and in it the last move first. Each wave's page says"
        f" what that takes.\n\n{lines}"
    )


def _loops(site: Site) -> str:
    """Workloads and waves that wait for one another, and what is cheapest to give up."""
    lines = []
    for loop in site.graph.drain.loops():
        way = [_named(site, ref) for ref in (*loop.cycle, loop.cycle[0])]
        cut = [_because(site, wait) for wait in loop.cut]
        lines.append(f"{' waits for '.join(way)}. Cheapest to give up: {listed(cut)}.")
    return markup.items(lines)
