"""Pictures of the fleet graph: what is on them, and how each format writes them.

`views` makes a picture of a fleet; each format is a module with a pure
function from a picture to text. Register text is untrusted, and every format
escapes it in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from regcheck.drawing import (
    dot,
    drain_text,
    graphml,
    json,
    mermaid,
    runtime_text,
    svg,
    tasks_text,
)
from regcheck.drawing.picture import Picture
from regcheck.drawing.views import VIEWS
from regcheck.graph import FleetGraph
from regcheck.terminal import PLAIN, Terminal

__all__ = ["FORMATS", "VIEWS", "Picture", "text"]

FORMATS: dict[str, Callable[[Picture], str]] = {
    "json": json.render,
    "mermaid": mermaid.render,
    "dot": dot.render,
    "graphml": graphml.render,
    "svg": svg.render,
}
"""The written list of the formats that a picture can take."""


def text(
    graph: FleetGraph,
    view: str,
    state: str,
    chosen: Collection[str] | None = None,
    terminal: Terminal = PLAIN,
) -> str:
    """A view as text; `chosen` are the references of the entries to show, or None for all."""
    if view == "tasks":
        return tasks_text.render(graph, chosen, terminal)
    if view == "runtime":
        return runtime_text.render(graph, state, chosen, terminal)
    return drain_text.render(graph, chosen, terminal)
