"""The first page: where production stands, what moves next, what would break, who owns it, is it fresh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from regcheck.graph import NOW, TARGET, Next
from regcheck.graph.coverage import Coverage
from regcheck.history.progress import Figures, figures
from regcheck.model import Entry, Severity
from regcheck.pages import entries, markup
from regcheck.pages.entries import heading
from regcheck.pages.markup import badge, html, link
from regcheck.pages.outages import counted
from regcheck.pages.page import Page, relative
from regcheck.pages.site import Site
from regcheck.pages.waves import is_over
from regcheck.reporting import statistics
from regcheck.reporting.phrases import read
from regcheck.reporting.statistics import Facts
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
    facts = statistics.coverage(site.verdict).facts
    parts = [
        _lead(site, found, now, _age(facts)),
        markup.cards(_cards(site, found)),
        heading("The drain", _waves(site)),
        heading("What moves next", _next(site, now)),
        heading("What would break", _outages(site)),
        heading("How complete and fresh this is", _facts(site, facts)),
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
    parts = [
        f"{html(said)}.",
        _first(site, ready),
        f"Checked on {markup.day(site.verdict.today)}; {html(age)}.",
    ]
    return markup.block("p", [" ".join(part for part in parts if part)], "rc-lead")


def _first(site: Site, ready: Next) -> str:
    """What moves first, and whose work that is, in HTML."""
    if not ready.moves:
        return ""
    entry, wave = ready.moves[0]
    owning = [ref for one in (entry, wave) if one for ref in one.links.get("owner", ())]
    owners = site.names(dict.fromkeys(owning), PATH)
    where = f", in wave {entries.numbered(site, wave, PATH)}" if wave else ""
    whose = f"it is the work of {owners}" if owners else "nobody owns it"
    return f"Next to move: {site.name(entry.ref, PATH)}{where}; {whose}."


def _cards(site: Site, found: Figures) -> Iterator[tuple[str, str, str]]:
    drain = site.graph.drain
    placed = [w for w in drain.moving if drain.wave(w) is not None]
    to = {
        "outages": relative("outages/index.md", PATH),
        "machines": relative("machines/index.md", PATH),
        "drain": relative("drain/index.md", PATH),
        "gates": relative("workloads/index.md", PATH),
        "findings": relative("findings.md", PATH),
    }
    yield (
        link(to["outages"], str(found.interactive_now)),
        f"production node{' needs' if found.interactive_now == 1 else 's need'} an interactive machine now",
        "bad" if found.interactive_now else "good",
    )
    yield (
        link(to["machines"], str(found.frozen)),
        f"{'entry is' if found.frozen == 1 else 'entries are'} still on frozen machines",
        _look(found.frozen),
    )
    left = len(drain.moving) - len(placed)
    waves = f"{len(placed)} of {len(drain.moving)}" if left else f"all {len(placed)}" if placed else "0"
    yield link(to["drain"], waves), "moving workloads have a wave", _look(left)
    yield (
        link(to["gates"], str(found.unproven)),
        "in production without complete evidence",
        _look(found.unproven),
    )
    errors = site.verdict.count(Severity.ERROR)
    accepted = sum(one.finding.severity is Severity.ERROR for one in site.verdict.silenced)
    words = "open errors" + (f", {accepted} more accepted for now" if accepted else "")
    yield link(to["findings"], str(errors)), words, "bad" if errors else _look(accepted)


def _look(count: int) -> str:
    return "warn" if count else "good"


def _waves(site: Site) -> str:
    """The waves as one row of steps, each with what it moves and whose work that is."""
    steps = []
    open_ = [wave for wave in site.graph.drain.waves.values() if not is_over(site, wave)]
    for wave in site.graph.drain.waves.values():
        look, standing = ("next", "next") if wave in open_[:1] else ("later", "")
        if wave not in open_:
            look, standing = "over", "✓ over"
        owners = site.names(wave.links.get("owner", ()), PATH)
        lines = [
            f"<b>{entries.numbered(site, wave, PATH)}</b>",
            f" {badge(standing, look)}" if standing else "",
            f"<span>{html(_moves(site, wave))}</span>",
            f"<span>by {owners}</span>" if owners else f" {badge('no owner', 'severity-warning')}",
        ]
        steps.append(f'<li class="rc-{look}">{"".join(lines)}</li>')
    return markup.block("ol", steps, "rc-steps") if steps else ""


def _moves(site: Site, wave: Entry) -> str:
    members = site.graph.drain.members[wave.ref]
    said = [member.label for member in members[:MOST_NAMED]]
    said += [f"{len(members) - MOST_NAMED:,} more"] if len(members) > MOST_NAMED else []
    machine = site.fleet.get(wave.link("rebuilds"))
    said += [f"wipes {machine.label}"] if machine else []
    return ", ".join(said) or ("not decided yet" if wave.undecided("moves") else "moves nothing")


def _next(site: Site, found: Next) -> str:
    moves = [
        f"{site.name(entry.ref, PATH, full=True)} can move now"
        + (f", in {site.name(wave.ref, PATH)}" if wave else ", and is in no wave yet")
        for entry, wave in found.moves
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


def _age(facts: Facts) -> str:
    """How old what the registers say is."""
    age = facts.age
    if age is None:
        return "no register says of which day it is"
    days = f"{age.newest} to {age.oldest}" if age.newest != age.oldest else f"{age.oldest}"
    return f"the facts are {days} days old"
