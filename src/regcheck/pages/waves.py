"""A wave as a checklist: what must be over before, what moves and switches, what is at risk, the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from regcheck.drawing.views import status
from regcheck.graph.evidence import said, unproven_stages
from regcheck.graph.standing import SETTLED, UNKNOWN
from regcheck.model import Entry
from regcheck.pages import entries, markup, undoing
from regcheck.pages.bodies import body
from regcheck.pages.entries import heading, owners, value
from regcheck.pages.maps import names
from regcheck.pages.markup import block, html, link, sign
from regcheck.pages.moving import in_order, left, mark, moments, path, standing, way
from regcheck.pages.outages import anchor, effects, outage_path
from regcheck.pages.page import relative
from regcheck.pages.site import Site
from regcheck.words import listed, plural

INDEX = "drain/index.md"


def text(site: Site, wave: Entry) -> str:
    """What the page of a wave says."""
    page, members = site.paths[wave.ref], site.graph.drain.members[wave.ref]
    lanes, last = site.graph.lanes.switching.get(wave.ref, []), wave is [*site.graph.drain.waves.values()][-1]
    about = wave, *members, *lanes, *site.graph.leftovers.behind.get(wave.ref, ())
    parts = [
        _neighbours(site, wave, page),
        block("p", [_lead(site, wave)], "rc-lead"),
        markup.facts(_facts(site, wave, page)),
        entries.said_in(site, wave),
        body(wave, page, site),
        heading("Before it starts", _before(site, wave, page)),
        heading("What moves", _moves(site, wave, page)),
        heading("Lanes that switch with it", _lanes(site, wave, lanes, page)),
        heading("At risk after it" if last else "At risk until the next wave", _risk(site, wave, page)),
        heading("How to undo it", undoing.steps(site, wave, lanes, page)),
        entries.findings_of(site, [entry.ref for entry in about], page),
        entries.changes(site, wave),
    ]
    return "\n".join(part for part in parts if part)


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
    if site.graph.tasks.over(wave):
        undone = left(site, wave)
        said = "Its workloads are in place" if members else "It has no workload to move"
        said = f"{said}; still to do: {undone}" if undone else f"Done: {said[0].lower()}{said[1:]}"
    elif len(members) == 1 and lost:
        said = f"Nobody knows where {members[0].label} is"
    elif len(members) == 1:
        said = f"{members[0].label} {'is in place' if settled else 'has not moved yet'}"
    elif members:
        are = "is" if len(settled) == 1 else "are"
        said = f"{len(settled)} of {plural(len(members), 'workload')} {are} in place"
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
    tasks = [task for ref in wave.links.get("owner", ()) if (task := site.fleet.get(ref))]
    said = "<br>".join(f"{site.name(one.ref, page)} <small>{html(status(one))}</small>" for one in tasks)
    yield "Owner", said or owners(site, wave, page)
    yield (
        "After",
        site.names((other.ref for other, _ in site.graph.drain.after(wave)), page, full=True)
        or "no other wave",
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
    drain = site.graph.drain
    for other, written in drain.after(wave):
        why = "" if written else " <small>(by the order of their numbers)</small>"
        name, over = site.name(other.ref, page, full=True), site.graph.tasks.over(other)
        if undone := left(site, other):
            yield f"The workloads of {name} are in place{why}; still to do: {html(undone)}", True
        else:
            yield f"{name} is done{why}", over
    members = drain.members[wave.ref]
    for first, waiting in _first(site, members).items():
        who = site.names(waiting, page)
        how = "leaves" if len(waiting) == 1 else "leave"
        yield (
            f"{site.name(first.ref, page)} has moved; {who} {how} after it",
            site.standing(first) == SETTLED,
        )
    for entry in site.graph.leftovers.behind.get(wave.ref, ()):
        machine = site.name(wave.link("rebuilds") or "", page)
        yield f"{site.name(entry.ref, page, full=True)} has left {machine}: {_when(site, entry)}", False
    yield from _unblocked(site, (wave, *members), page)


def _when(site: Site, entry: Entry) -> str:
    """When an entry moves, in words."""
    number = site.graph.timeline.wave(entry)
    if not site.graph.timeline.must_move(entry) and not site.graph.timeline.follows(entry):
        return "it stays there"
    return "no wave moves it" if number is None else f"it moves in wave {number}"


def _first(site: Site, members: list[Entry]) -> dict[Entry, list[str]]:
    """What must have moved before some workloads and does not move with them, each with what waits for it."""
    found: dict[Entry, list[str]] = {}
    uncovered = site.graph.drain.lasts.uncovered
    for member in members:
        named = (site.fleet.get(ref) for ref in member.links.get("drain_after", ()))
        for one in dict.fromkeys((*filter(None, named), *uncovered.get(member.ref, ()))):
            if one not in members:
                found.setdefault(one, []).append(member.ref)
    return found


def _unblocked(site: Site, owned: Iterable[Entry], page: str) -> Iterator[tuple[str, bool]]:
    """What the owners of some entries wait for, and whether it is done; of finished owners what is open."""
    tasks = site.graph.tasks
    refs = dict.fromkeys(ref for entry in owned for ref in entry.links.get("owner", ()))
    waiting: dict[Entry, list[str]] = {}
    for owner in filter(None, map(site.fleet.get, refs)):
        open_ = tasks.open_before(owner)
        before = [t for ref in owner.links.get("after", ()) if (t := site.fleet.get(ref))]
        for entry in dict.fromkeys(open_ if tasks.finished(owner.ref) else (*before, *open_)):
            waiting.setdefault(entry, []).append(owner.label)
    for entry, labels in waiting.items():
        how = "an open gap" if entry.kind.name == "gap" else status(entry)
        verb = "waits" if len(labels) == 1 else "wait"
        why = f"{how}; {listed(f'“{label}”' for label in labels)} {verb} for it"
        yield f"{site.name(entry.ref, page, full=True)} <small>{html(why)}</small>", tasks.finished(entry.ref)


# --- what it does -------------------------------------------------------------


def _moves(site: Site, wave: Entry, page: str) -> str:
    rows = [
        (
            standing(site, member),
            site.name(member.ref, page),
            way(site, member, page),
            value(site, member, "method", page),
            owners(site, member, page),
            _gate(site, member, page),
        )
        for member in in_order(site, wave)
    ]
    heads = ("Standing", "Workload", "From → to", "Method", "Owner", "Gate evidence")
    nothing = "Not decided yet." if wave.undecided("moves") else "It moves no workload."
    table = markup.table(heads, rows, caption="In this order", told=True) if rows else f"<p>{nothing}</p>\n"
    also: dict[tuple[str, str], list[Entry]] = {}
    for entry in site.beside.get(wave.ref, ()):
        whose = owners(site, entry, page)
        also.setdefault((entry.kind.plural, whose), []).append(entry)
    if also:
        more = [
            (
                _moved(site, found),
                html(kind.capitalize()),
                names(site, [one.ref for one in found], page),
                whose,
            )
            for (kind, whose), found in also.items()
        ]
        table += markup.table(
            ("Standing", "Kind", "What", "Owner"), more, caption="Moves in the same wave", told=True
        )
    return table


def _moved(site: Site, found: list[Entry]) -> str:
    """How many of some entries have moved, as a sign and words, in HTML."""
    open_ = [one for one in found if site.standing(one) != SETTLED]
    if open_ and all(site.standing(one) == UNKNOWN for one in open_):
        said = "? unknown" if len(open_) == len(found) else f"? {len(open_)} of {len(found)} unknown"
    elif 0 < len(open_) < len(found):
        said = f"○\u00a0{len(open_)} of {len(found)} open"
    else:
        return mark(done=not open_)
    return sign("todo", said)


def _gate(site: Site, workload: Entry, page: str) -> str:
    """What is proven of a workload's promotion and what is not, in HTML."""
    if workload.list("target_host") == ["retired"]:
        return "is retired"
    gate, lacks = site.graph.placement.evidence(workload)
    if gate is None:
        return sign("todo", "○ no gate")
    to_gate = site.name(gate.ref, page)
    if not lacks:
        return f"{sign('done', '✓ complete')} <small>{to_gate}</small>"
    missing = ", ".join(_lack(gate, name) for name in lacks)
    return f"{sign('todo', f'○ lacks {missing}')} <small>{to_gate}</small>"


def _lack(gate: Entry, name: str) -> str:
    stages = unproven_stages(gate) if name == "stages" else []
    if stages:
        return html(", ".join(stages))
    return f"{html(name.replace('_', ' '))}{markup.message(said(gate, name))}"


def _lanes(site: Site, wave: Entry, switching: list[Entry], page: str) -> str:
    """The lanes that go another way after a wave than before it."""
    lanes, before, after = site.graph.lanes, *moments(site, wave)
    rows = []
    for lane in switching:
        critical = any(lanes.critical(lane, state) for state in (before, after))
        rows.append(
            (
                site.name(lane.ref, page) + (" <small>critical</small>" if critical else ""),
                path(site, lane, before, page),
                path(site, lane, after, page),
                owners(site, lane, page),
            )
        )
    heads = ("Lane", "Before", "After", "Owner")
    return markup.table(heads, rows, caption="Paths before and after the wave") if rows else ""


# --- what can go wrong --------------------------------------------------------


def _risk(site: Site, wave: Entry, page: str) -> str:
    """What an outage of each machine affects between this wave and the next, and what is new about that."""
    before, after = moments(site, wave)
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
            *(names(site, refs, page, full=True) for refs in (worse, better)),
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
