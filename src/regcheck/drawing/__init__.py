"""Pictures of the fleet graph: what is on them, and how each format writes them.

`views` makes a picture of a fleet; each format is a module with a pure
function from a picture to text. Register text is untrusted, and every format
escapes it in its own way.
"""

from __future__ import annotations

from collections.abc import Callable

from regcheck.drawing import dot, graphml, json, mermaid, svg
from regcheck.drawing.picture import Picture

FORMATS: dict[str, Callable[[Picture], str]] = {
    "json": json.render,
    "mermaid": mermaid.render,
    "dot": dot.render,
    "graphml": graphml.render,
    "svg": svg.render,
}
"""The written list of the formats that a picture can take."""
