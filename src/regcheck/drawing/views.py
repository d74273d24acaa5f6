"""The three views of a fleet as pictures: the drain, the tasks, and what needs what."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from regcheck.drawing.picture import Edge, Group, Node, Picture, Step
from regcheck.graph import NOW, FleetGraph, Wait
from regcheck.graph.standing import SETTLED, standing
from regcheck.model import Entry
from regcheck.words import listed, plural

OPEN = "open"
"""The group of what must move and has no wave."""


def drain(graph: FleetGraph, state: str = NOW) -> Picture:
    """The waves, what each moves, and who waits for whom."""
    order, critical = graph.drain, graph.drain.critical_path()
    steps = tuple(
        Step(number, wave.label, tuple(member.ref for member in order.members[wave.ref]))
        for number, wave in order.waves.items()
    )
    columns = {f"wave:{step.number}": at for at, step in enumerate(steps)}
    nodes = []
    earliest = order.suggestions(graph.tasks.before)
    for entry in order.nodes:
        wave = entry if entry.kind.name == "wave" else order.wave(entry)
        group = wave.ref if wave is not None else OPEN
        tone = "critical" if entry.ref in critical else ""
        note = _wave_note(graph, entry) if entry is wave else move(graph, entry)
        if graph.tasks.over(entry) if entry is wave else standing(graph.timeline, entry) == SETTLED:
            tone = f"{tone} done".strip()
        if entry.get("drain_last") is True:
            note += ", leaves last"
        if group == OPEN:
            tone = f"{tone} open".strip()
            group_column = f"wave:{earliest.get(entry.ref)}"
            if entry.ref in earliest:
                number = earliest[entry.ref]
                note += f"; no wave yet, {'after the last' if number is None else f'earliest {number}'}"
        else:
            group_column = group
        column = columns.get(group_column, len(steps))
        nodes.append(Node(entry.ref, entry.kind.name, entry.label, group, note, tone, column))
    groups = [Group(f"wave:{step.number}", f"Wave {step.number} · {step.name}") for step in steps]
    if any(node.group == OPEN for node in nodes):
        groups.append(Group(OPEN, "In no wave yet"))
    chain = set(pairwise(critical))
    edges = tuple(
        Edge(wait.source, wait.target, wait.relation, _wait_tone(wait, chain)) for wait in order.waits
    )
    title = f"Drain order: {plural(len(steps), 'wave')}"
    says = (
        "An arrow leads from what goes first to what waits for it. The longest chain is drawn thick,"
        " what is in no wave yet dashed. Undoing goes in the reverse order."
    )
    return Picture("drain", state, title, says, tuple(nodes), edges, tuple(groups), steps, tuple(critical))


def _wait_tone(wait: Wait, chain: set[tuple[str, str]]) -> str:
    if (wait.target, wait.source) in chain:
        return "critical"
    return "" if wait.written else "implied"


def _wave_note(graph: FleetGraph, wave: Entry) -> str:
    number = graph.drain.number(wave)
    machine = graph.fleet.get(wave.link("rebuilds"))
    return f"wave {number}, rebuilds {machine.id}" if machine else f"wave {number}"


def move(graph: FleetGraph, entry: Entry) -> str:
    """From where to where a workload moves, in the words of its register; a part may follow its wholes."""
    places = [entry.list(name) for name in ("current_host", "target_host")]
    now, target = (" + ".join(map(str, place)) for place in places)
    wholes = [ref.partition(":")[2] for ref in entry.links.get("part_of", ())]
    if now and graph.timeline.follows(entry):
        return f"{now} → with {listed(wholes)}"
    if not now and not target:
        return f"with {listed(wholes)}" if wholes else "nobody says where"
    if not target and entry.undecided("target_host"):
        return f"{now} → undecided"
    if now and now == target:
        return f"on {now}"
    return f"{now or 'nowhere'} → {target}" if target else f"stays on {now}"


def tasks(graph: FleetGraph, state: str = NOW) -> Picture:
    """The tasks and phases, and which wait for which."""
    entries = [entry for kind in ("task", "phase") for entry in graph.fleet.of(kind).values()]
    nodes = tuple(
        Node(entry.ref, entry.kind.name, entry.label, "", _task_note(entry), _task_tone(graph, entry))
        for entry in entries
    )
    edges = tuple(Edge(wait.source, wait.target, wait.relation) for wait in graph.tasks.waits)
    says = "An arrow leads from what is done first to what waits for it."
    counted = [(kind, sum(node.kind == kind for node in nodes)) for kind in ("task", "phase")]
    title = f"Task order: {listed(plural(count, kind) for kind, count in counted if count)}"
    return Picture("tasks", state, title, says, nodes, edges)


def _task_note(entry: Entry) -> str:
    if entry.kind.name == "phase":
        return str(entry.get("action") or "phase")
    words = [entry.id] if entry.label != entry.id else []
    return ", ".join([*words, status(entry)])


def _task_tone(graph: FleetGraph, entry: Entry) -> str:
    if entry.kind.name == "task" and graph.tasks.finished(entry.ref):
        return "done"
    said = entry.get("status")
    return said if said in ("doing", "blocked") else ""


def status(task: Entry) -> str:
    """How far a task or a phase is, in a word or three."""
    if task.kind.name == "phase":
        return "phase"
    if whole := task.link("absorbed_by"):
        return f"absorbed by {whole.partition(':')[2]}"
    said = task.get("status")
    if said is None:
        return "external" if task.get("external") is True else "no status"
    return f"{said}, external" if task.get("external") is True else str(said)


def runtime(graph: FleetGraph, state: str = NOW) -> Picture:
    """What exists in a state, and what each thing needs at run time."""
    present = graph.present(state)
    production = graph.production.nodes(state)
    nodes = tuple(
        Node(
            ref,
            entry.kind.name,
            entry.label,
            entry.kind.name,
            _runtime_note(graph, entry, state),
            "production" if ref in production else "",
        )
        for ref, entry in present.items()
    )
    edges = dict.fromkeys(
        Edge(edge.source, edge.target, edge.relation)
        for ref in present
        for edge in graph.reach.needs(ref, state)
    )
    used = {node.kind for node in nodes}
    groups = tuple(
        Group(name, kind.plural.capitalize()) for name, kind in graph.fleet.kinds.items() if name in used
    )
    title = f"What needs what ({state})"
    says = f"An arrow leads from an entry to what it needs at run time, in the state {state}."
    return Picture("runtime", state, title, says, nodes, tuple(edges), groups)


def _runtime_note(graph: FleetGraph, entry: Entry, state: str) -> str:
    if entry.kind.name == "machine":
        return graph.timeline.role(entry, state)
    return str(entry.get("environment", ""))


VIEWS: dict[str, Callable[[FleetGraph, str], Picture]] = {"drain": drain, "tasks": tasks, "runtime": runtime}
"""The written list of the views."""
