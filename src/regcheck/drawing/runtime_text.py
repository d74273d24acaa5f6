"""What needs what in a state, as text to read in a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from regcheck.drawing.drain_text import table
from regcheck.graph import NOW, FleetGraph
from regcheck.model import Entry
from regcheck.terminal import PLAIN, Terminal, visible
from regcheck.words import plural


def render(
    graph: FleetGraph,
    state: str = NOW,
    chosen: Collection[str] | None = None,
    terminal: Terminal = PLAIN,
) -> str:
    """The entries by kind, each with what it needs and where that is written."""
    return "\n".join(_lines(graph, state, chosen, terminal)) + "\n"


def _lines(
    graph: FleetGraph, state: str, chosen: Collection[str] | None, terminal: Terminal
) -> Iterator[str]:
    present = {ref: e for ref, e in graph.present(state).items() if chosen is None or ref in chosen}
    production = graph.production.nodes(state)
    by_kind: dict[str, list[Entry]] = {}
    for entry in present.values():
        by_kind.setdefault(entry.kind.name, []).append(entry)
    if not by_kind:
        yield f"Nothing exists here in the state {state}."
        return
    head = f"What needs what, state {state}: {plural(len(present), 'entry', 'entries')}"
    yield terminal.paint(head, "strong")
    for kind in (name for name in graph.fleet.kinds if name in by_kind):
        yield ""
        title = graph.fleet.kinds[kind].plural.capitalize()
        yield terminal.paint(f"{visible(title)} ({len(by_kind[kind])})", "strong")
        for entry in by_kind[kind]:
            label = f"  {visible(entry.label)}" if entry.label != entry.id else ""
            about = [_about(graph, entry, state)] if _about(graph, entry, state) else []
            # A production workload says so itself.
            if entry.ref in production and "production" not in about:
                about.append("production needs it")
            said = terminal.paint(f"  ({visible(', '.join(about))})", "faint") if about else ""
            yield f"  {terminal.paint(visible(entry.id), 'code')}{label}{said}"
            edges = dict.fromkeys(
                (visible(edge.relation), visible(edge.target), visible(_place(edge.position)))
                for edge in graph.reach.needs(entry.ref, state)
                if edge.target in present
            )
            yield from table(edges, "      ")


def _about(graph: FleetGraph, entry: Entry, state: str) -> str:
    if entry.kind.name == "machine":
        role = graph.timeline.role(entry, state)
    else:
        role = str(entry.get("environment", ""))
    if not graph.production.exists(entry, state):
        return f"{role}, not there in this state" if role else "not there in this state"
    return role


def _place(position: object) -> str:
    return str(position).rpartition(":")[0]
