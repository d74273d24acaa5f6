"""The first page: where production stands, what moves next, what would break, who owns it, is it fresh."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import partial

from regcheck.graph import NOW, TARGET, Drain, Next
from regcheck.graph.coverage import Coverage
from regcheck.graph.facts import facts
from regcheck.graph.standing import SETTLED
from regcheck.history.progress import Figures, figures
from regcheck.model import Entry, Severity
from regcheck.pages import entries, markup
from regcheck.pages.entries import heading
from regcheck.pages.maps import names
from regcheck.pages.markup import Card, badge, html, link
from regcheck.pages.moving import left
from regcheck.pages.outages import anchor, counted, outage_path
from regcheck.pages.page import Page, relative
from regcheck.pages.site import Site
from regcheck.reporting import statistics
from regcheck.reporting.phrases import read
from regcheck.reporting.statistics import Ages, Facts
from regcheck.words import listed, plural

PATH = "index.md"
MOST_NAMED = 3
MOST = 6
"""Lines of one list: more than that is not read at a glance."""


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    yield Page(PATH, "The migration at a glance", partial(_text, site))


def _text(site: Site) -> str:
    found, now = figures(site.verdict), site.graph.tasks.next()
    fresh = statistics.coverage(site.verdict).facts
    parts = [
        _lead(site, found, now, _age(fresh)),
        markup.cards(_cards(site, found, fresh)),
        heading("The drain", _waves(site)),
        heading("What moves next", _next(site, now)),
        heading("What would break", _outages(site)),
        heading("How complete and fresh this is", _facts(site, fresh)),
    ]
    return "\n".join(part for part in parts if part)


def _lead(site: Site, found: Figures, ready: Next, age: str) -> str:
    now, target = found.interactive_now, found.interactive_target
    production = len(site.graph.production.nodes(NOW))
    if now:
        said = f"{now} of {production} production nodes need somebody's own machine today; "
        said += f"{target} would still need one at the target" if target else "none will at the target"
    elif target:
        said = f"No production needs anybody's own machine now, but {target} would at the target"
    else:
        said = "No production needs anybody's own machine, now or at the target"
    lost = found.undetermined
    unknown = f"Nobody knows the place of {plural(lost, 'entry', 'entries')} that production may need."
    parts = [
        f"{html(said)}{', as far as anybody knows' if lost else ''}.",
        unknown if lost else "",
        _first(site, ready),
        f"Checked on {markup.day(site.verdict.today)}; {html(age)}.",
    ]
    return markup.block("p", [" ".join(part for part in parts if part)], "rc-lead")


def _first(site: Site, ready: Next) -> str:
    """What moves first, and whose work that is, or what it waits for, in HTML."""
    waves = _open_waves(site)
    entry, wave = next(iter(_moves(ready)), (None, None))
    if waves and wave is None:
        waits = dict.fromkeys(_waits(site, waves[0], ready))
        after = f"; it waits for {names(site, waits, PATH, most=MOST_NAMED)}" if waits else ""
        return f"Next is {site.name(waves[0].ref, PATH, full=True)}{after}."
    if entry is None:
        return ""
    owning = dict.fromkeys(ref for one in (entry, wave) if one for ref in one.links.get("owner", ()))
    owners = markup.enumerated(entries.owner(site, ref, PATH) for ref in owning)
    owners = owners or entries.value(site, entry, "owner", PATH)
    where = f"in {site.name(wave.ref, PATH, full=True)}" if wave else "in no wave yet"
    whose = f"it is the work of {owners}" if owners else "nobody owns it"
    return f"Next to move: {site.name(entry.ref, PATH)}, {where}; {whose}."


def _moves(ready: Next) -> list[tuple[Entry, Entry | None]]:
    """What can move now: in the order of the waves, and last what is in none."""
    return sorted(ready.moves, key=lambda move: Drain.number(move[1]) if move[1] else math.inf)


def _waits(site: Site, wave: Entry, ready: Next) -> Iterator[str]:
    """What a wave and all that it moves wait for."""
    own = {wave.ref, *(member.ref for member in site.graph.drain.members[wave.ref])}
    for one in ready.blocked:
        if one.entry.ref in own:
            yield from (entry.ref for entry in one.waits_for if entry.ref not in own)


def _cards(site: Site, found: Figures, fresh: Facts) -> Iterator[Card]:
    yield _moved(site)
    outages, machines = relative("outages/index.md", PATH), relative("machines/index.md", PATH)
    own, frozen = list(site.graph.independence.interactive(NOW).values()), _frozen(site)
    if len(own) == 1:
        outages = f"{relative(outage_path(site, own[0]), PATH)}#{anchor(NOW)}"
    if len(frozen) == 1:
        machines = relative(site.path(frozen[0]), PATH)
    need = "node needs" if found.interactive_now == 1 else "nodes need"
    words = f"production {need} somebody's own machine now"
    look = "bad" if found.interactive_now else _look(found.undetermined)
    yield Card(str(found.interactive_now), words, look, outages)
    words = f"{'entry is' if found.frozen == 1 else 'entries are'} still on frozen machines"
    yield Card(str(found.frozen), words, _look(found.frozen), machines)
    words = "in production without complete evidence"
    yield Card(str(found.unproven), words, _look(found.unproven), relative("workloads/index.md", PATH))
    errors = site.verdict.count(Severity.ERROR)
    accepted = sum(one.finding.severity is Severity.ERROR for one in site.verdict.silenced)
    words = "open error" if errors == 1 else "open errors"
    words += f", {accepted} more accepted for now" if accepted else ""
    yield Card(str(errors), words, "bad" if errors else _look(accepted), relative("findings.md", PATH))
    if fresh.age is not None:
        yield _fresh(site, fresh, fresh.age)


def _frozen(site: Site) -> list[Entry]:
    return [one for one in site.fleet.of("machine").values() if one.get("role") == "frozen"]


def _moved(site: Site) -> Card:
    """How many workloads are in place, and how many waves are done."""
    drain, waves = site.graph.drain, list(site.graph.drain.waves.values())
    lost = [one for one in drain.moving if drain.wave(one) is None]
    planned = [member for members in drain.members.values() for member in members]
    settled = [member for member in planned if site.standing(member) == SETTLED]
    total = len(planned) + len(lost)
    if not total:
        return Card("0", "workloads have to move, as far as anybody knows")
    words = "workload is in place" if total == 1 else "workloads are in place"
    if waves:
        done = sum(site.graph.tasks.over(wave) and not left(site, wave) for wave in waves)
        words += f"; {done} of {plural(len(waves), 'wave')} {'is' if len(waves) == 1 else 'are'} done"
    words += f"; {len(lost)} in no wave yet" if lost else ""
    look = "" if len(settled) < total else "good"
    return Card(f"{len(settled):,} of {total:,}", words, look, relative("drain/index.md", PATH))


def _fresh(site: Site, found: Facts, age: Ages) -> Card:
    """How old the facts are, and whether that is older than they may be."""
    limits = [fact.max_age for fact in facts(site.fleet, site.verdict.settings.max_age)]
    if found.stale:
        verdict, look = f"{found.stale} of {found.dated} are older than they may be", "warn"
    elif any(most is not None for most in limits):
        verdict, look = "none are older than they may be", "good"
    else:
        verdict, look = "nobody has set a limit", ""
    do = "does" if found.undated == 1 else "do"
    undated = f"; {found.undated} {do} not say" if found.undated else ""
    newest = f", {max(age.newest, 0)} the newest" if age.newest != age.oldest else ""
    words = f"old are the oldest facts{newest}; {verdict}{undated}"
    return Card(plural(max(age.oldest, 0), "day"), words, look)


def _look(count: int) -> str:
    return "warn" if count else "good"


def _open_waves(site: Site) -> list[Entry]:
    return [wave for wave in site.graph.drain.waves.values() if not site.graph.tasks.over(wave)]


def _waves(site: Site) -> str:
    """The waves as one row of steps, each with what it moves and whose work that is."""
    steps = []
    open_ = _open_waves(site)
    for wave in site.graph.drain.waves.values():
        undone = left(site, wave)
        look, standing = ("next", "next") if wave in open_[:1] else ("later", "")
        if wave not in open_:
            look, standing = "over", "✓ workloads in place" if undone else "✓ done"
        owners = entries.value(site, wave, "owner", PATH)
        lines = [
            f"<b>{entries.numbered(site, wave, PATH)}</b>",
            f" {badge(standing, look)}" if standing else "",
            f"<span>{html(_moved_by(site, wave))}</span>",
            f"<span>still to do: {html(undone)}</span>" if undone else "",
            f"<span>owner: {owners}</span>" if owners else f" {badge('no owner', 'severity-warning')}",
        ]
        steps.append(f'<li class="rc-{look}">{"".join(lines)}</li>')
    return markup.block("ol", steps, "rc-steps") if steps else ""


def _moved_by(site: Site, wave: Entry) -> str:
    members = site.graph.drain.members[wave.ref]
    said = [member.label for member in members[:MOST_NAMED]]
    said += [f"{len(members) - MOST_NAMED:,} more"] if len(members) > MOST_NAMED else []
    machine = site.fleet.get(wave.link("rebuilds"))
    said += [f"wipes {machine.label}"] if machine else []
    return ", ".join(said) or ("not decided yet" if wave.undecided("moves") else "moves nothing")


def _next(site: Site, found: Next) -> str:
    moves = [
        f"{site.name(entry.ref, PATH, full=True)} can move now"
        + (f", in {site.name(wave.ref, PATH, full=True)}" if wave else ", and is in no wave yet")
        for entry, wave in _moves(found)
    ]
    decisions = [
        f"{_task(site, task)} {badge('a human decides', 'severity-warning')}" for task in found.decisions
    ]
    tasks = [_task(site, task) for task in found.tasks]
    lines = [*moves, *decisions, *tasks]
    if not lines:
        return (
            "Nothing is ready: each task waits for another one.\n"
            if found.blocked
            else "Nothing is left to do.\n"
        )
    kinds = Counter(one.entry.kind.name for one in found.blocked)
    rest = [f"{len(lines) - MOST:,} more can be done"] if len(lines) > MOST else []
    waiting = [plural(count, name, site.fleet.kinds[name].plural) for name, count in kinds.items()]
    rest += [f"still waiting: {listed(waiting)}"] if waiting else []
    after = link(relative("tasks/index.md", PATH), html("; ".join(rest))) if rest else ""
    return f"{markup.items(lines[:MOST], 'rc-ready')}\n{markup.block('p', [after])}"


def _task(site: Site, task: Entry) -> str:
    return site.name(task.ref, PATH, full=True)


def _outages(site: Site) -> str:
    hit = [(len(site.affected(machine.ref, NOW)), machine) for machine in site.fleet.of("machine").values()]
    worst = sorted((one for one in hit if one[0]), key=lambda one: (-one[0], one[1].id))[:MOST]
    if not worst:
        return '<p class="rc-good">No outage of a single machine affects production now.</p>\n'
    rows = [
        (
            site.name(machine.ref, PATH),
            badge(str(machine.get("role", "unknown")), f"role-{machine.get('role')}"),
            counted(site, machine, NOW, PATH),
            counted(site, machine, TARGET, PATH),
        )
        for _, machine in worst
    ]
    return markup.table(
        ("When it is off", "Role", "Affected now", "At target"),
        rows,
        caption="The worst outages",
        stacked=False,
    )


def _facts(site: Site, facts: Facts) -> str:
    coverage: Coverage = site.graph.coverage
    owner, target = coverage.owner().total, coverage.target().total
    stale = f"; {plural(facts.stale, 'register is', 'registers are')} stale" if facts.stale else ""
    return markup.facts(
        [
            ("Owners", html(f"{owner.have} of {owner.of} that must have one")),
            ("Targets", html(f"{target.have} of {target.of} whose place now is known")),
            ("Freshness", html(f"{_age(facts)}{stale}")),
            ("Read", html(read(site.verdict))),
        ]
    )


def _age(found: Facts) -> str:
    """How old what the registers say is, and of how many that is not said."""
    if found.age is None:
        return "no register says of which day it is"
    undated = f"; {found.undated} of {found.dated + found.undated} do not say how old they are"
    return f"the facts are {_span(found.age)} old{undated if found.undated else ''}"


def _span(age: Ages) -> str:
    """From the age of the newest facts to that of the oldest, in days; none are of a day to come."""
    newest, oldest = (max(days, 0) for days in (age.newest, age.oldest))
    return plural(oldest, "day") if newest == oldest else f"{newest} to {plural(oldest, 'day')}"
