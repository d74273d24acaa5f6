"""A picture as GraphML, for graph editors and for networkx elsewhere."""

from __future__ import annotations

from regcheck.drawing.picture import Picture, plain
from regcheck.graph import as_graphml


def render(picture: Picture) -> str:
    """The graph with `kind`, `label` and `group` on its nodes and `relation` on its edges."""
    nodes = (
        (plain(n.id), {"kind": n.kind, "label": plain(n.label), "group": plain(n.group)})
        for n in picture.nodes
    )
    edges = ((plain(e.source), plain(e.target), {"relation": e.relation}) for e in picture.edges)
    about = {"view": picture.view, "state": picture.state, "title": plain(picture.title)}
    return as_graphml(nodes, edges, about)
