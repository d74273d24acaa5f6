"""What each wave moves, how far it is, and what else goes with it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from regcheck.drawing.views import move
from regcheck.graph.standing import SETTLED, UNKNOWN
from regcheck.model import Entry
from regcheck.pages.maps import names
from regcheck.pages.markup import html, sign
from regcheck.pages.site import Site
from regcheck.words import listed, plural


def mark(*, done: bool) -> str:
    """Whether something is done, as a sign and a word, in HTML."""
    return sign("done", "✓\u00a0done") if done else sign("todo", "○\u00a0open")


def standing(site: Site, workload: Entry) -> str:
    """How far a workload is on its way, as a sign and a word, in HTML."""
    if site.standing(workload) == UNKNOWN:
        return sign("todo", "? unknown")
    return mark(done=site.standing(workload) == SETTLED)


def left(site: Site, wave: Entry) -> str:
    """What a wave whose workloads are in place has still to do, counted, as plain text; else nothing."""
    if not site.graph.tasks.over(wave):
        return ""
    moving = [one for one in site.beside.get(wave.ref, ()) if site.standing(one) != SETTLED]
    lanes = site.graph.lanes.switching.get(wave.ref, ())
    counts = Counter(one.kind.name for one in (*moving, *lanes))
    found = [plural(count, kind, site.fleet.kinds[kind].plural) for kind, count in counts.items()]
    if behind := site.graph.leftovers.behind.get(wave.ref):
        found.append(f"{plural(len(behind), 'entry', 'entries')} still on the machine that it wipes")
    return listed(found)


def done(site: Site, wave: Entry) -> str:
    """Whether a wave is done, as a sign and words, in HTML."""
    if undone := left(site, wave):
        return sign("done", "✓\u00a0workloads in place") + f" <small>still to do: {html(undone)}</small>"
    return mark(done=site.graph.tasks.over(wave))


def does(site: Site, wave: Entry, page: str, most: int) -> str:
    """What a wave moves and wipes, in HTML; of very many workloads the first."""
    members, machine = site.graph.drain.members.get(wave.ref, ()), wave.link("rebuilds")
    found = [names(site, (member.ref for member in members), page, most=most)] if members else []
    found += [f"rebuilds {site.name(machine, page)}"] if machine else []
    nothing = '<em class="rc-open">undecided</em>' if wave.undecided("moves") else "nothing"
    return "; ".join(found) or nothing


def way(site: Site, workload: Entry, page: str) -> str:
    """From where to where a workload moves, in HTML."""
    now, target = (workload.links.get(name, ()) for name in ("current_host", "target_host"))
    if (
        now
        and target
        and not site.graph.timeline.follows(workload)
        and site.graph.timeline.must_move(workload)
    ):
        return f"{site.names(now, page)} → {site.names(target, page)}"
    if now and now == target:
        return f"on {site.names(now, page)}"
    return html(move(site.graph, workload))


def in_order(site: Site, wave: Entry) -> list[Entry]:
    """What a wave moves, each after what it waits for; as the wave lists it where nothing says more."""
    from graphlib import CycleError, TopologicalSorter

    members = {member.ref: member for member in site.graph.drain.members[wave.ref]}
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(members, ()))
    for wait in site.graph.drain.waits:
        if wait.source in members and wait.target in members:
            sorter.add(wait.source, wait.target)
    try:
        return [members[ref] for ref in sorter.static_order()]
    except CycleError:
        return list(members.values())


def moments(site: Site, wave: Entry) -> tuple[str, str]:
    """The state before a wave, and the one after it."""
    after = f"wave:{site.graph.drain.number(wave)}"
    return next(pair for pair in pairwise(site.graph.states) if pair[1] == after)


def path(site: Site, lane: Entry, state: str, page: str) -> str:
    """The machines and tunnels of a lane in a state, from end to end."""
    hops = site.graph.lanes.hops(lane, state)
    first, last = (
        " or ".join(site.name(ref, page) for ref in end) if end else "anywhere"
        for end in (site.graph.lanes.ends(lane.link(name), state) for name in ("from", "to"))
    )
    between = [site.name(ref, page) for ref in hops if ref.startswith("tunnel:")]
    if hops:
        return " → ".join([first, *between, last])
    known = "unknown" if site.graph.timeline.undetermined(lane, state) else "no path"
    return f'{first} → {last} <em class="rc-open">{known}</em>'
