"""A picture as JSON; version 1 is a promise to other tools."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from regcheck.drawing.picture import Picture

VERSION = 1


def render(picture: Picture) -> str:
    """One node or edge a line; beyond ASCII everything is escaped, so any encoding can take it."""
    head = {"version": VERSION, "view": picture.view, "state": picture.state}
    parts = [f'"{name}": {json.dumps(value)}' for name, value in head.items()]
    parts.append(_lines("nodes", ({"id": n.id, "kind": n.kind, "label": n.label} for n in picture.nodes)))
    edges = ({"source": e.source, "target": e.target, "relation": e.relation} for e in picture.edges)
    parts.append(_lines("edges", edges))
    if picture.view == "drain":
        waves = ({"number": s.number, "name": s.name, "moves": list(s.moves)} for s in picture.steps)
        parts.append(_lines("waves", waves))
        parts.append(_lines("critical_path", picture.critical_path))
    return "{" + ",\n ".join(parts) + "}\n"


def _lines(name: str, items: Iterable[Any]) -> str:
    return f'"{name}": [' + ",".join(f"\n  {json.dumps(item)}" for item in items) + "]"
