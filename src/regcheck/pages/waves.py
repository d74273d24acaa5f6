"""A wave as a checklist: what must be over before, what moves and switches, what is at risk, the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from regcheck.drawing.views import move, status
from regcheck.graph.evidence import said, shows, unproven_stages
from regcheck.graph.standing import SETTLED, UNKNOWN
from regcheck.model import Entry
from regcheck.pages import entries, markup
from regcheck.pages.bodies import body
from regcheck.pages.entries import heading, value
from regcheck.pages.maps import names
from regcheck.pages.markup import block, html, link
from regcheck.pages.outages import anchor, effects, outage_path
from regcheck.pages.page import relative
from regcheck.pages.site import Site
from regcheck.words import listed, plural

INDEX = "drain/index.md"
NOBODY = '<em class="rc-open">nobody</em>'


def text(site: Site, wave: Entry) -> str:
    """What the page of a wave says."""
    page, members = site.paths[wave.ref], site.graph.drain.members[wave.ref]
    switching = _switching(site, wave)
    parts = [
        _neighbours(site, wave, page),
        block("p", [_lead(site, wave)], "rc-lead"),
        markup.facts(_facts(site, wave, page)),
        entries.said_in(site, wave),
        body(wave, page, site),
        heading("Before it starts", _before(site, wave, page)),
        heading("What moves", _moves(site, wave, page)),
        heading("Lanes that switch with it", _lanes(site, wave, switching, page)),
        heading("At risk until the next wave", _risk(site, wave, page)),
        heading("How to undo it", _undo(site, wave, page)),
        entries.findings_of(site, [entry.ref for entry in (wave, *members, *switching)], page),
        entries.changes(site, wave),
    ]
    return "\n".join(part for part in parts if part)


def mark(*, done: bool) -> str:
    """Whether something is done, as a sign and a word, in HTML."""
    return (
        '<span class="rc-mark rc-done">✓\u00a0done</span>'
        if done
        else '<span class="rc-mark rc-todo">○\u00a0open</span>'
    )


def standing(site: Site, workload: Entry) -> str:
    """How far a workload is on its way, as a sign and a word, in HTML."""
    if site.standing(workload) == UNKNOWN:
        return '<span class="rc-mark rc-todo">? unknown</span>'
    return mark(done=site.standing(workload) == SETTLED)


def is_over(site: Site, wave: Entry) -> bool:
    """Whether nothing is left to do in a wave, and that is known."""
    drain = site.graph.drain
    settled = all(site.standing(member) == SETTLED for member in drain.members.get(wave.ref, ()))
    return settled and wave.ref not in site.graph.tasks.open_waves


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
        return f"stays on {site.names(now, page)}"
    return html(move(site.graph, workload))


# --- what the wave is ---------------------------------------------------------


def _neighbours(site: Site, wave: Entry, page: str) -> str:
    """The way to the waves beside it, and to all of them."""
    waves = list(site.graph.drain.waves.values())
    at = waves.index(wave)
    found = [f"← {entries.numbered(site, waves[at - 1], page)}"] if at else []
    found.append(link(relative(INDEX, page), "All waves"))
    found += [f"{entries.numbered(site, waves[at + 1], page)} →"] if at + 1 < len(waves) else []
    return block("p", [" | ".join(found)], "rc-jump", data_search_exclude="")


def _lead(site: Site, wave: Entry) -> str:
    drain = site.graph.drain
    members = drain.members[wave.ref]
    machine = site.fleet.get(wave.link("rebuilds"))
    settled = [member for member in members if site.standing(member) == SETTLED]
    lost = [member.label for member in members if site.standing(member) == UNKNOWN]
    if is_over(site, wave):
        said = "Over: what it moves is where it must be"
    elif len(members) == 1 and not lost:
        said = f"{members[0].label} has {'moved' if settled else 'not moved yet'}"
    elif members:
        said = f"{len(settled)} of {plural(len(members), 'workload')} moved"
        said += f"; nobody knows it of {listed(lost)}" if lost else ""
    elif machine is not None:
        said = "It moves nothing"
    else:
        said = "Nobody has decided yet what it moves" if wave.undecided("moves") else "It moves nothing"
    if machine is not None:
        other = site.fleet.get(machine.link("becomes"))
        said += f"; it wipes {machine.label}" + (f", which comes back as {other.label}" if other else "")
    return f"{html(said)}."


def _facts(site: Site, wave: Entry, page: str) -> Iterator[tuple[str, str]]:
    owners = [o for ref in wave.links.get("owner", ()) if (o := site.fleet.get(ref))]
    said = "<br>".join(f"{site.name(o.ref, page)} <small>{html(status(o))}</small>" for o in owners)
    yield "Owner", said or NOBODY
    yield (
        "After",
        site.names((other.ref for other, _ in site.graph.drain.after(wave)), page) or "no other wave",
    )
    yield "Rebuilds", value(site, wave, "rebuilds", page)
    phases = [p.ref for p in site.fleet.of("phase").values() if wave.ref in p.links.get("during", ())]
    yield "Phases", site.names(phases, page)
    yield "Notes", value(site, wave, "notes", page)


def _checklist(lines: Iterable[tuple[bool, str]]) -> str:
    return markup.items((f"{mark(done=done)} {said}" for done, said in lines), "rc-checklist")


# --- before it ----------------------------------------------------------------


def _before(site: Site, wave: Entry, page: str) -> str:
    lines = dict(_preconditions(site, wave, page))
    return _checklist((done, said) for said, done in lines.items()) or "<p>It waits for nothing.</p>\n"


def _preconditions(site: Site, wave: Entry, page: str) -> Iterator[tuple[str, bool]]:
    """What must be over before a wave starts, each with whether it is."""
    drain, tasks = site.graph.drain, site.graph.tasks
    for other, written in drain.after(wave):
        why = "" if written else " <small>(by the order of their numbers)</small>"
        yield f"{site.name(other.ref, page, full=True)} is over{why}", is_over(site, other)
    members = drain.members[wave.ref]
    own = {member.ref for member in members}
    for member in members:
        for ref in dict.fromkeys(member.links.get("drain_after", ())):
            if ref not in own:
                said = f"{site.name(ref, page)} has moved, which {site.name(member.ref, page)} leaves after"
                other_one = site.fleet.get(ref)
                yield said, other_one is None or site.standing(other_one) == SETTLED
    owners = dict.fromkeys(ref for entry in (wave, *members) for ref in entry.links.get("owner", ()))
    for owner in filter(None, map(site.fleet.get, owners)):
        open_ = tasks.open_before(owner)
        before = [t for ref in dict.fromkeys(owner.links.get("after", ())) if (t := site.fleet.get(ref))]
        for entry in dict.fromkeys((*before, *open_)):
            how = "settles" if entry.kind.name == "gap" else status(entry)
            why = f"<small>{html(how)}; “{html(owner.label)}” waits for it</small>"
            yield f"{site.name(entry.ref, page, full=True)} {why}", entry not in open_


# --- what it does -------------------------------------------------------------


def _moves(site: Site, wave: Entry, page: str) -> str:
    drain = site.graph.drain
    rows = [
        (
            standing(site, member),
            site.name(member.ref, page),
            way(site, member, page),
            value(site, member, "method", page),
            value(site, member, "owner", page) or NOBODY,
            _gate(site, member, page),
        )
        for member in _in_order(site, wave)
    ]
    heads = ("Standing", "Workload", "From → to", "Method", "Owner", "Gate evidence")
    table = markup.table(heads, rows, caption="In this order", told=True) if rows else ""
    also: dict[tuple[str, str], list[str]] = {}
    for kind in ("checkout", "sink", "pipeline", "repo"):
        for entry in site.fleet.of(kind).values():
            if site.graph.timeline.wave(entry) == drain.number(wave) and site.graph.timeline.must_move(entry):
                whose = value(site, entry, "owner", page) or NOBODY
                also.setdefault((site.fleet.kinds[kind].plural, whose), []).append(entry.ref)
    if also:
        more = [
            (html(kind.capitalize()), names(site, refs, page), whose) for (kind, whose), refs in also.items()
        ]
        table += markup.table(("Kind", "What", "Owner"), more, caption="Moves in the same wave", told=True)
    return table


def _in_order(site: Site, wave: Entry) -> list[Entry]:
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


def _gate(site: Site, workload: Entry, page: str) -> str:
    """What is proven of a workload's promotion and what is not, in HTML."""
    if workload.list("target_host") == ["retired"]:
        return "is retired"
    gate, lacks = site.graph.placement.evidence(workload)
    if gate is None:
        return '<span class="rc-mark rc-todo">○ no gate</span>'
    to_gate = site.name(gate.ref, page)
    if not lacks:
        return f'<span class="rc-mark rc-done">✓ complete</span> <small>{to_gate}</small>'
    missing = ", ".join(_lack(gate, name) for name in lacks)
    return f'<span class="rc-mark rc-todo">○ lacks {missing}</span> <small>{to_gate}</small>'


def _lack(gate: Entry, name: str) -> str:
    stages = unproven_stages(gate) if name == "stages" else []
    return html(", ".join(stages) if stages else f"{name.replace('_', ' ')}{said(gate, name)}")


def _lanes(site: Site, wave: Entry, switching: list[Entry], page: str) -> str:
    """The lanes that go another way after a wave than before it."""
    lanes, before, after = site.graph.lanes, *_moments(site, wave)
    rows = []
    for lane in switching:
        critical = any(lanes.critical(lane, state) for state in (before, after))
        rows.append(
            (
                site.name(lane.ref, page) + (" <small>critical</small>" if critical else ""),
                _path(site, lane, before, page),
                _path(site, lane, after, page),
                value(site, lane, "owner", page) or NOBODY,
            )
        )
    heads = ("Lane", "Before", "After", "Owner")
    return markup.table(heads, rows, caption="Paths before and after the wave") if rows else ""


def _switching(site: Site, wave: Entry) -> list[Entry]:
    """The lanes that go another way after a wave than before it."""
    before, after = _moments(site, wave)

    def way(lane: Entry, state: str) -> tuple[object, ...]:
        return (site.graph.lanes.hops(lane, state), *_ends(site, lane, state))

    return [lane for lane in site.fleet.of("lane").values() if way(lane, before) != way(lane, after)]


def _ends(site: Site, lane: Entry, state: str) -> Iterator[tuple[str, ...] | None]:
    for name in ("from", "to"):
        yield site.graph.lanes.ends(lane.link(name), state)


def _path(site: Site, lane: Entry, state: str, page: str) -> str:
    """The machines and tunnels of a lane in a state, from end to end."""
    hops = site.graph.lanes.hops(lane, state)
    first, last = (
        " or ".join(site.name(ref, page) for ref in end) if end else "anywhere"
        for end in _ends(site, lane, state)
    )
    between = [site.name(ref, page) for ref in hops if ref.startswith("tunnel:")]
    if hops:
        return " → ".join([first, *between, last])
    known = "unknown" if site.graph.timeline.undetermined(lane, state) else "no path"
    return f'{first} → {last} <em class="rc-open">{known}</em>'


# --- what can go wrong --------------------------------------------------------


def _moments(site: Site, wave: Entry) -> tuple[str, str]:
    """The state before a wave, and the one after it."""
    after = f"wave:{site.graph.drain.number(wave)}"
    return next(pair for pair in pairwise(site.graph.states) if pair[1] == after)


def _risk(site: Site, wave: Entry, page: str) -> str:
    """What an outage of each machine affects between this wave and the next, and what is new about that."""
    before, after = _moments(site, wave)
    rows, same = [], 0
    for machine in site.fleet.of("machine").values():
        old, new = (
            {hit.entry.ref: hit for hit in site.affected(machine.ref, state)} for state in (before, after)
        )
        if not old and not new:
            continue
        unchanged = {r: hit.effect for r, hit in old.items()} == {r: hit.effect for r, hit in new.items()}
        same += unchanged
        if unchanged and not _drawn_anyway(site):
            continue
        href = f"{relative(outage_path(site, machine), page)}#{anchor(after)}"
        worse = [
            ref for ref, hit in new.items() if ref not in old or hit.effect != old[ref].effect == "degraded"
        ]
        better = [r for r, hit in old.items() if r not in new or hit.effect != new[r].effect == "degraded"]
        was, is_ = effects(old.values()), effects(new.values())
        said = f"{is_}, as before" if unchanged else f"{was} → {is_}"
        cells = (
            link(href, html(said)),
            *(names(site, refs, page, full=True) or "—" for refs in (worse, better)),
        )
        rows.append((site.name(machine.ref, page), *cells))
    if not rows:
        others = f" It is as before for {plural(same, 'machine')}." if same else ""
        return f"<p>No machine's outage affects other production than before.{others}</p>\n"
    heads = ("Machine off", "Affected before → after", "New or worse", "No longer, or less")
    caption = (
        f"Production affected by the outage of one machine, {site.moment(before)} → {site.moment(after)}"
    )
    return markup.table(heads, rows, caption=caption, told=True)


def _drawn_anyway(site: Site) -> bool:
    """Whether the machines are so few that those are told, too, for which nothing changes."""
    return len(site.fleet.of("machine")) <= entries.MOST_CHANGES


def _undo(site: Site, wave: Entry, page: str) -> str:
    """The way back: what comes after it first, then what it moved, the last one first."""
    drain = site.graph.drain
    later = [other for other in drain.waves.values() if any(one is wave for one, _ in drain.after(other))]
    lines = (
        [f"Undo {site.names((o.ref for o in reversed(later)), page)} first, as far as it has begun"]
        if later
        else []
    )
    machine = site.fleet.get(wave.link("rebuilds"))
    if machine is not None:
        lines.append(
            f"{site.name(machine.ref, page)} has been wiped: it comes back by being built again, by no move"
        )
    for member in reversed(_in_order(site, wave)):
        if site.standing(member) == SETTLED:
            continue
        hosts = site.names(member.links.get("current_host", ()), page) or "where it was"
        lines.append(f"{site.name(member.ref, page)} back to {hosts}: {_rollback(site, member, page)}")
    return block("ol", [f"<li>{line}</li>" for line in lines]) if lines else ""


def _rollback(site: Site, workload: Entry, page: str) -> str:
    gate, _ = site.graph.placement.evidence(workload)
    if gate is not None and "rollback" in gate.list("stages"):
        proof = f"<small>{site.name(gate.ref, page)}</small>"
        return f'<span class="rc-mark rc-done">✓ rollback proven</span> {proof}'
    for exception in site.fleet.of("exception").values():
        if workload.ref in exception.links.get("entry", ()) and shows(exception, "rollback"):
            return f"{html(exception.get('rollback'))} <small>{site.name(exception.ref, page)}</small>"
    return '<span class="rc-mark rc-todo">○ no rollback proven</span>'
