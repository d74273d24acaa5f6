"""The order of the tasks: what can be done now, what blocks the rest, and a page for each task."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from regcheck.drawing import views
from regcheck.drawing.picture import Node, Picture
from regcheck.graph import NOW, TARGET, Next
from regcheck.model import Entry
from regcheck.pages import entries, markup
from regcheck.pages.bodies import body
from regcheck.pages.entries import heading, value
from regcheck.pages.maps import MOST, MOST_ROWS, Rank, figure, limited, names
from regcheck.pages.markup import Card, badge, block, code, html, link, sign
from regcheck.pages.moving import does, mark, way
from regcheck.pages.page import Page, relative
from regcheck.pages.site import Site
from regcheck.words import plural

INDEX = "tasks/index.md"
MOST_NAMED = 12


class _Order(NamedTuple):
    """The tasks of a fleet as their pages need them."""

    next: Next
    waiting: dict[str, list[str]]
    """What waits for each task."""
    owned: dict[str, list[Entry]]
    """The entries that each task owns."""
    ready: frozenset[str]
    blocked: dict[str, tuple[Entry, ...]]


def pages(site: Site) -> Iterator[Page]:
    """The map of the tasks, and a page for each."""
    order = _order(site)
    yield Page(INDEX, "Task order", partial(_index, site, order))
    for task in site.fleet.of("task").values():
        yield Page(site.paths[task.ref], _title(task), partial(_page, site, task, order))


def _order(site: Site) -> _Order:
    waiting: dict[str, list[str]] = {}
    for wait in site.graph.tasks.waits:
        waiting.setdefault(wait.target, []).append(wait.source)
    owned: dict[str, list[Entry]] = {}
    for kind in site.fleet.kinds:
        for entry in site.fleet.of(kind).values():
            for owner in dict.fromkeys(entry.links.get("owner", ())):
                owned.setdefault(owner, []).append(entry)
    now = site.graph.tasks.next()
    ready = frozenset(task.ref for task in (*now.tasks, *now.decisions))
    return _Order(now, waiting, owned, ready, {one.entry.ref: one.waits_for for one in now.blocked})


def _title(task: Entry) -> str:
    return task.label if task.label == task.id else f"{task.id}: {task.label}"


def standing(site: Site, task: Entry, order: _Order) -> str:
    """How far a task is, as a sign and words, in HTML."""
    if site.graph.tasks.finished(task.ref):
        return sign("done", f"✓ {html(views.status(task))}")
    if task.ref in order.ready:
        human = task.get("human") is True
        said = "waits for a human" if human else "can be done now"
        return sign("ready", f"▶ {html(views.status(task))}, {said}")
    if task.ref in order.blocked:
        return sign("todo", f"○\u00a0{html(views.status(task))}, has to wait")
    return sign("other", f"○\u00a0{html(views.status(task))}")


# --- all of them --------------------------------------------------------------


def _index(site: Site, order: _Order) -> str:
    tasks = list(site.fleet.of("task").values())
    if not tasks:
        return "No register names a task yet.\n"
    done = [task for task in tasks if site.graph.tasks.finished(task.ref)]
    blocked = [task for task in tasks if task.ref in order.blocked]
    others = len(tasks) - len(done) - len(order.next.tasks) - len(order.next.decisions) - len(blocked)
    picture = _picture(site, order)
    parts = [
        block("p", [_lead(tasks, done, others, order)], "rc-lead"),
        markup.cards(_cards(tasks, done, blocked, others, order)),
        heading("What waits in a circle", _loops(site)),
        figure(site, _drawn(picture, order), INDEX, "tasks", _beside(site, order)),
        _section("Can be done now", _ready(site, order.next.tasks, order, "Tasks that can be done now")),
        _section("Waits for a human", _ready(site, order.next.decisions, order, "Decisions to be made")),
        _section("Workloads that can move now", _moves(site, order)),
        _section("Blocked", _blocked(site, blocked, order)),
        _section("All tasks in their order", _all(site, order)),
    ]
    return "\n".join(part for part in parts if part)


def _cards(
    tasks: list[Entry], done: list[Entry], blocked: list[Entry], others: int, order: _Order
) -> Iterator[Card]:
    look = "good" if len(done) == len(tasks) else ""
    finished = "task is finished" if len(tasks) == 1 else "tasks are finished"
    yield Card(f"{len(done)} of {len(tasks)}", finished, look)
    yield Card(f"{len(order.next.tasks)}", "can be done now", "good", "#can-be-done-now")
    human = len(order.next.decisions)
    yield Card(f"{human}", f"wait{_s(human)} for a human", "", "#waits-for-a-human")
    stuck = len(blocked)
    yield Card(f"{stuck}", f"wait{_s(stuck)} for something else", "warn" if blocked else "", "#blocked")
    if others:
        yield Card(f"{others}", f"belong{_s(others)} to others, or to another task")


def _s(count: int) -> str:
    """The ending of a verb."""
    return "s" if count == 1 else ""


def _section(title: str, body: str) -> str:
    return heading(title, body or "<p>None.</p>")


def _lead(tasks: list[Entry], done: list[Entry], others: int, order: _Order) -> str:
    if len(done) == len(tasks):
        return html(
            f"All {len(tasks)} tasks are finished." if len(tasks) > 1 else "The one task is finished."
        )
    first = [task.label for task in order.next.tasks[:1]] or [task.label for task in order.next.decisions[:1]]
    left = len(tasks) - len(done)
    said = f"{left} of {plural(len(tasks), 'task')} {'is' if left == 1 else 'are'} left"
    said += f", {others} of them with others" if others else ""
    return html(f"{said}; next is “{first[0]}”." if first else f"{said}, and none of them can be done now.")


def _picture(site: Site, order: _Order) -> Picture:
    picture = views.tasks(site.graph)
    tones = {task.ref: "ready" for task in order.next.tasks} | {t.ref: "human" for t in order.next.decisions}
    nodes = tuple(
        node._replace(tone=f"{node.tone} {tones.get(node.id, '')}".strip()) for node in picture.nodes
    )
    says = f"{picture.description} What can be done now stands on coloured ground."
    return picture._replace(nodes=nodes, description=says)


def _drawn(picture: Picture, order: _Order) -> Picture:
    """The tasks and phases that are on the map: what joins something, and what can be done."""
    joined = {ref for edge in picture.edges for ref in (edge.source, edge.target)}
    idle = {node.id for node in picture.nodes if node.id not in joined and node.id not in order.ready}
    if len(idle) == len(picture.nodes):
        return limited(picture, _rank(order, frozenset()))
    return limited(picture, _rank(order, idle), min(MOST, len(picture.nodes) - len(idle)))


def _rank(order: _Order, idle: Collection[str]) -> Rank:
    """What stays on a map that cannot show all: what can be done, what most waits for, what is done last."""

    def rank(node: Node) -> tuple[int, ...]:
        return (
            node.id in idle,
            "done" in node.tone,
            node.id not in order.ready,
            -len(order.waiting.get(node.id, ())),
        )

    return rank


def _beside(site: Site, order: _Order) -> str:
    rows = [
        (
            site.name(entry.ref, INDEX, full=True),
            names(site, entry.links.get("after", ()), INDEX),
            names(site, order.waiting.get(entry.ref, ()), INDEX),
        )
        for kind in ("task", "phase")
        for entry in list(site.fleet.of(kind).values())[:MOST_ROWS]
    ]
    left = len(site.fleet.of("task")) - MOST_ROWS
    more = (
        f'<p><a href="#all-tasks-in-their-order">All tasks</a>, {left:,} more, stand below.</p>'
        if left > 0
        else ""
    )
    return markup.table(("Task or phase", "Waits for", "Waits for it"), rows, caption="The task order") + more


def _ready(site: Site, tasks: Iterable[Entry], order: _Order, caption: str) -> str:
    rows = [
        (
            site.name(task.ref, INDEX),
            html(views.status(task)),
            names(site, order.waiting.get(task.ref, ()), INDEX),
            _owns(order, task),
        )
        for task in tasks
    ]
    heads = ("Task", "Status", "Frees", "Owns")
    return markup.table(heads, rows, caption=caption) if rows else ""


def _owns(order: _Order, task: Entry) -> str:
    found = order.owned.get(task.ref, [])
    return plural(len(found), "entry", "entries") if found else ""


def _moves(site: Site, order: _Order) -> str:
    rows = [
        (
            site.name(workload.ref, INDEX),
            way(site, workload, INDEX),
            site.name(wave.ref, INDEX, full=True) if wave else '<em class="rc-open">in no wave yet</em>',
        )
        for workload, wave in order.next.moves
    ]
    return (
        markup.table(("Workload", "From → to", "Wave"), rows, caption="Nothing is left before these")
        if rows
        else ""
    )


def _blocked(site: Site, tasks: Iterable[Entry], order: _Order) -> str:
    rows = []
    for task in tasks:
        waits = names(site, (entry.ref for entry in order.blocked[task.ref]), INDEX)
        rows.append((site.name(task.ref, INDEX), html(views.status(task)), waits or "its own status says so"))
    return (
        markup.table(("Task", "Status", "Waits for"), rows, caption="What each of them waits for")
        if rows
        else ""
    )


def _all(site: Site, order: _Order) -> str:
    refs = site.graph.tasks.in_order({task.ref for task in site.fleet.of("task").values()})
    rows = [
        (
            site.name(task.ref, INDEX),
            code(task.id),
            standing(site, task, order),
            names(site, task.links.get("after", ()), INDEX),
            _owns(order, task),
        )
        for task in filter(None, map(site.fleet.get, refs))
    ]
    return markup.table(("Task", "Id", "Status", "Waits for", "Owns"), rows, caption="All tasks", tools=True)


def _loops(site: Site) -> str:
    loops = site.graph.tasks.loops()
    ways = ([*loop.cycle, loop.cycle[0]] for loop in loops)
    return markup.items(" waits for ".join(site.name(ref, INDEX) for ref in refs) for refs in ways)


# --- one of them --------------------------------------------------------------


def _page(site: Site, task: Entry, order: _Order) -> str:
    page = site.paths[task.ref]
    owned = order.owned.get(task.ref, [])
    parts = [
        block("p", [standing(site, task, order)], "rc-lead"),
        block("p", [link(relative(INDEX, page), "All tasks")], "rc-jump", data_search_exclude=""),
        markup.facts(_facts(site, task, page)),
        entries.said_in(site, task),
        body(task, page, site),
        heading("What it waits for", _waits(site, task, page)),
        heading("What waits for it", _waiting(site, task, order, page)),
        heading("What it owns", _owned(site, owned, page)),
        heading("Evidence", markup.items(html(one) for one in task.list("evidence"))),
        entries.findings_of(site, [task.ref], page),
        heading("All fields", entries.fields(site, task, page)),
        entries.changes(site, task),
    ]
    return "\n".join(part for part in parts if part)


def _facts(site: Site, task: Entry, page: str) -> Iterator[tuple[str, str]]:
    yield "Workplan", value(site, task, "workplan", page)
    yield "Absorbed by", value(site, task, "absorbed_by", page)
    yield "Done by", "a human" if task.get("human") is True else ""
    yield "Belongs to", "another repository" if task.get("external") is True else ""
    yield "Notes", value(site, task, "notes", page)


def _waits(site: Site, task: Entry, page: str) -> str:
    before = [other for ref in dict.fromkeys(task.links.get("after", ())) if (other := site.fleet.get(ref))]
    open_ = site.graph.tasks.open_before(task)
    lines = []
    for other in dict.fromkeys((*before, *open_)):
        how = "an open gap" if other.kind.name == "gap" else views.status(other)
        lines.append(
            f"{mark(done=other not in open_)} {site.name(other.ref, page)} <small>{html(how)}</small>"
        )
    return markup.items(lines, "rc-checklist")


def _waiting(site: Site, task: Entry, order: _Order, page: str) -> str:
    found = [other for ref in order.waiting.get(task.ref, ()) if (other := site.fleet.get(ref))]
    return markup.items(f"{site.name(o.ref, page)} <small>{html(views.status(o))}</small>" for o in found)


def _owned(site: Site, owned: list[Entry], page: str) -> str:
    rows = [(site.name(e.ref, page, full=True), _way(site, e, page), _moved(site, e)) for e in owned]
    heads = ("Entry", "From → to", "Standing")
    return markup.table(heads, rows, caption="Entries whose owner it is") if rows else ""


def _way(site: Site, entry: Entry, page: str) -> str:
    """From where to where an entry moves, in HTML, for each kind of place that it has."""
    found = []
    for place in site.graph.timeline.places[entry.kind.name]:
        now, target = (value(site, entry, name, page) for name in (place.now, place.target))
        if now or target:
            found.append(f"{now or 'nowhere'} → {target}" if target else f"stays: {now}")
    if not found and entry.kind.name == "wave":
        moves = "moves " if site.graph.drain.members.get(entry.ref) else ""
        return f"{moves}{does(site, entry, page, MOST_NAMED)}"
    return "; ".join(found)


def _moved(site: Site, entry: Entry) -> str:
    if entry.kind.name == "wave":
        return mark(done=site.graph.tasks.over(entry))
    if not site.graph.timeline.places[entry.kind.name]:
        return ""
    timeline = site.graph.timeline
    if any(timeline.undetermined(entry, state) for state in (NOW, TARGET)):
        return '<em class="rc-open">unknown</em>'
    return (
        badge("must move", "move-leaves")
        if site.graph.timeline.must_move(entry)
        else badge("stays", "move-stays")
    )
