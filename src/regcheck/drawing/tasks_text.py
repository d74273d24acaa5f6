"""The order of the tasks as text to read in a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from regcheck.drawing.drain_text import table
from regcheck.drawing.views import status
from regcheck.graph import FleetGraph
from regcheck.model import Entry
from regcheck.terminal import PLAIN, Terminal, visible
from regcheck.words import plural


def render(graph: FleetGraph, chosen: Collection[str] | None = None, terminal: Terminal = PLAIN) -> str:
    """Tasks, each after those that it waits for, with their status."""
    return "\n".join(_lines(graph, chosen, terminal)) + "\n"


def _lines(graph: FleetGraph, chosen: Collection[str] | None, terminal: Terminal) -> Iterator[str]:
    shown = 0
    for kind, many in (("task", "tasks"), ("phase", "phases")):
        entries = graph.fleet.of(kind)
        refs = {e.ref for e in entries.values() if chosen is None or e.ref in chosen}
        if not refs:
            continue
        if shown:
            yield ""
        shown += len(refs)
        yield terminal.paint(f"In order: {plural(len(refs), kind, many)}", "strong")
        ordered = [entry for ref in graph.tasks.in_order(refs) if (entry := graph.fleet.get(ref))]
        yield from table(_row(graph, entry) for entry in ordered)
    if not shown:
        yield "There is no task here."
    for loop in graph.tasks.loops():
        cycle = [visible(ref.partition(":")[2]) for ref in loop.cycle]
        yield ""
        yield terminal.paint("These wait for one another:", "error")
        yield f"  {' waits for '.join([*cycle, cycle[0]])}"


def _row(graph: FleetGraph, entry: Entry) -> tuple[str, ...]:
    waits = ", ".join(_wait(graph, entry, ref) for ref in dict.fromkeys(entry.links.get("after", ())))
    label = visible(str(entry.get("action") or entry.label)) if entry.label == entry.id else entry.label
    name = "" if label == entry.id else visible(label)
    state = "" if entry.kind.name == "phase" else visible(status(entry))
    return (visible(entry.id), state, name, f"after {waits}" if waits else "")


def _wait(graph: FleetGraph, entry: Entry, ref: str) -> str:
    """What an entry waits for: short within one workplan, and whether it is done."""
    before = graph.fleet.get(ref)
    if before is None:
        return visible(ref)
    plan, dash, short = before.id.rpartition("-")
    name = short if dash and entry.id.rpartition("-")[0] == plan else before.id
    finished = before.kind.name == "task" and graph.tasks.finished(ref)
    return visible(name) + (f" ({before.get('status') or 'done'})" if finished else "")
