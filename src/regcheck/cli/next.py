"""`regcheck next`: what can be done now, what waits for a human, and what blocks the rest."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from regcheck.cli import common
from regcheck.terminal import Terminal, visible

if TYPE_CHECKING:
    from regcheck.graph import FleetGraph, Next
    from regcheck.model import Entry

DESCRIPTION = """\
Show what can be done now: tasks with nothing unfinished before them, decisions
that wait for a human, workloads that can move; and for each of the others what
it waits for.
"""

EXAMPLES = """\
examples:
  regcheck next                            to read
  regcheck next --format json              for other tools
  regcheck next --format json=next.json    into a file, and nothing on the terminal
  regcheck -C ../fleet next                of another repository
"""

FORMATS = ("text", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `next`."""
    common.add_format(parser, FORMATS)


def run(options: argparse.Namespace) -> int:
    """Show it."""
    graph = common.open_fleet(options)
    found = graph.tasks.next()

    def render(name: str, terminal: Terminal) -> str:
        return _json(found) if name == "json" else "\n".join(_text(graph, found, terminal)) + "\n"

    common.deliver(options, FORMATS[0], render)
    return 0


def _json(found: Next) -> str:
    answer = {
        "version": 1,
        "tasks": [task.ref for task in found.tasks],
        "decisions": [task.ref for task in found.decisions],
        "moves": [{"id": entry.ref, "wave": wave.ref if wave else None} for entry, wave in found.moves],
        "blocked": [
            {"id": entry.ref, "waits_for": [other.ref for other in waits]} for entry, waits in found.blocked
        ],
    }
    return json.dumps(answer, indent=1) + "\n"


def _text(graph: FleetGraph, found: Next, terminal: Terminal) -> Iterator[str]:
    sections = [
        ("Can be done now", "good", [_task(task) for task in found.tasks]),
        ("Waits for a human to decide", "warning", [_task(task) for task in found.decisions]),
        ("Can move now", "good", [_move(graph, entry, wave) for entry, wave in found.moves]),
        ("Blocked", "strong", [_blocked(entry, waits) for entry, waits in found.blocked]),
    ]
    from regcheck.drawing.drain_text import table

    shown = False
    for title, style, rows in sections:
        if rows:
            if shown:
                yield ""
            yield terminal.paint(f"{title} ({len(rows)})", style)
            yield from table(rows)
            shown = True
    if not shown:
        yield "Nothing is left to do."


def _task(task: Entry) -> tuple[str, ...]:
    from regcheck.drawing.views import status

    return (visible(task.id), visible(status(task)), visible(task.label) if task.label != task.id else "")


def _move(graph: FleetGraph, entry: Entry, wave: Entry | None) -> tuple[str, ...]:
    from regcheck.drawing.views import move

    where = f"wave {visible(wave.id)}" if wave is not None else "in no wave yet"
    return (visible(entry.label), visible(move(graph, entry)), where)


def _blocked(entry: Entry, waits: tuple[Entry, ...]) -> tuple[str, ...]:
    names = ", ".join(_name(other) for other in waits)
    return (_name(entry), f"waits for {names}" if names else "blocked, says its register")


def _name(entry: Entry) -> str:
    kind = entry.kind.name
    if kind == "task":
        return visible(entry.id)
    return f"{kind} {visible(entry.id if kind == 'wave' else entry.label)}"
