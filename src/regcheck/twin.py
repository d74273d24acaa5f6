"""What people read, for programs: entries and outages as JSON, on the command line and on the site."""

from __future__ import annotations

import json
from collections.abc import Iterable

from regcheck.graph import FleetGraph
from regcheck.model import Entry

VERSION = 1
"""A promise to other tools."""


def entries(found: Iterable[Entry]) -> str:
    """Entries as a list, one a line, with the meaning of their fields and the place that says so."""
    return lines(
        {
            "entry": entry.ref or None,
            "path": entry.position.path,
            "line": entry.position.line,
            "fields": {name: entry.values[name] for name in entry.kind.properties if name in entry.values},
        }
        for entry in found
    )


def matrix(graph: FleetGraph) -> str:
    """How much production the outage of each machine affects in each state."""
    answer = {"version": VERSION, "states": graph.states, "machines": graph.matrix()}
    return json.dumps(answer, indent=1) + "\n"


def lines(items: Iterable[object]) -> str:
    """A list as JSON, one item a line."""
    return "[" + ",".join(f"\n  {json.dumps(item)}" for item in items) + "\n]\n"
