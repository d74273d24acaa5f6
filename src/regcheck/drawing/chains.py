"""Paths through the fleet graph in words: who starts, crosses, runs on and needs what."""

from __future__ import annotations

from regcheck.drawing.picture import Edge as Drawn
from regcheck.graph import Edge, Path
from regcheck.model import Entry
from regcheck.terminal import visible
from regcheck.words import listed

WORDS = {
    "hosted-on": "runs on",
    "needs": "needs",
    "part-of": "is part of",
    "lane": "starts",
    "from": "starts at",
    "to": "leads to",
    "crosses": "crosses",
    "opened-by": "is opened by",
    "via": "goes through",
    "built-on": "is built on",
    "served-by": "is served by",
}
"""How each relation reads between its two entries."""

STORED = ("sink", "checkout", "repo")


def verb(edge: Edge | Drawn) -> str:
    """The relation of an edge as a verb; a kind of the repository's own says it as it is."""
    if edge.relation == "hosted-on" and edge.source.partition(":")[0] in STORED:
        return "is kept on"
    if edge.source.startswith("tunnel:") and edge.relation in ("from", "to"):
        return {"from": "leads from", "to": "leads to"}[edge.relation]
    return WORDS.get(edge.relation, visible(edge.relation.replace("-", " ")))


def chain(start: str, path: Path) -> str:
    """All of a path on one line."""
    return " → ".join(visible(ref) for ref in (start, *(edge.target for edge in path)))


def open_places(entry: Entry) -> str:
    """What nobody knows of an entry, in the words of its register."""
    unknown = [name for name in entry.values if "unknown" in entry.list(name)]
    places = [name for name in unknown if name != "environment"]
    undecided = [str(name) for name in entry.list("undecided")]
    said = [f"{listed(places)} unknown"] if places else []
    said += [f"{listed(undecided)} undecided"] if undecided else []
    return visible(", ".join(said or [f"{name} unknown" for name in unknown]))


def place(edge: Edge) -> str:
    """File and line of an edge."""
    return visible(str(edge.position).rpartition(":")[0])


def as_json(edge: Edge) -> dict[str, object]:
    """An edge with its place, for other tools."""
    path, line, column, *_ = edge.position
    ends = {"source": edge.source, "target": edge.target, "relation": edge.relation}
    return {**ends, "path": path, "line": line, "column": column}
