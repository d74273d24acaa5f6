"""How a wave is undone: what comes after it first, then what it did, the last of it first."""

from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph.evidence import shows
from regcheck.graph.standing import SETTLED
from regcheck.model import Entry
from regcheck.pages.maps import names
from regcheck.pages.markup import block, html, sign
from regcheck.pages.moving import in_order, moments, path
from regcheck.pages.site import Site


def steps(site: Site, wave: Entry, lanes: list[Entry], page: str) -> str:
    """The steps back, in HTML; `lanes` are those that switch with the wave."""
    lines = (
        *_before(site, wave, page),
        *_moves(site, wave, page),
        *_lanes(site, wave, lanes, page),
        *_beside(site, wave, page),
    )
    return block("ol", [f"<li>{line}</li>" for line in lines]) if lines else ""


def _before(site: Site, wave: Entry, page: str) -> Iterator[str]:
    drain = site.graph.drain
    later = [other for other in drain.waves.values() if any(one is wave for one, _ in drain.after(other))]
    if later:
        waves = site.names((one.ref for one in reversed(later)), page, full=True)
        yield f"Undo {waves} first, as far as it has begun"
    machine = site.fleet.get(wave.link("rebuilds"))
    if machine is not None:
        wiped = site.name(machine.ref, page)
        yield f"{wiped} has been wiped by then: it comes back by being built again, by no move"


def _moves(site: Site, wave: Entry, page: str) -> Iterator[str]:
    for member in reversed(in_order(site, wave)):
        name = site.name(member.ref, page)
        if site.standing(member) == SETTLED:
            hosts = "where it was before, if that was elsewhere: the history of its register tells"
        else:
            hosts = site.names(member.links.get("current_host", ()), page) or "where it was"
        yield f"{name} back to {hosts}; {_rollback(site, member, page)}"


def _lanes(site: Site, wave: Entry, lanes: list[Entry], page: str) -> Iterator[str]:
    before, _ = moments(site, wave)
    for lane in lanes:
        yield f"{site.name(lane.ref, page)} back to its path: {path(site, lane, before, page)}"


def _beside(site: Site, wave: Entry, page: str) -> Iterator[str]:
    back: dict[str, list[str]] = {}
    for entry in site.beside.get(wave.ref, ()):
        back.setdefault(entry.kind.plural, []).append(entry.ref)
    for kind, refs in back.items():
        yield f"{html(kind.capitalize())} back to where they were: {names(site, refs, page)}"


def _rollback(site: Site, workload: Entry, page: str) -> str:
    gate, _ = site.graph.placement.evidence(workload)
    if gate is not None and "rollback" in gate.list("stages"):
        proof = f"<small>{site.name(gate.ref, page)}</small>"
        return f"{sign('done', '✓ rollback proven')} {proof}"
    for exception in site.fleet.of("exception").values():
        if workload.ref in exception.links.get("entry", ()) and shows(exception, "rollback"):
            return f"{html(exception.get('rollback'))} <small>{site.name(exception.ref, page)}</small>"
    return sign("todo", "○ no rollback proven")
