"""A picture in the DOT language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from regcheck.drawing.picture import Node, Picture, plain

SHAPES = {
    "machine": "box3d",
    "wave": "hexagon",
    "tunnel": "cds",
    "lane": "rarrow",
    "sink": "cylinder",
    "repo": "cylinder",
    "checkout": "folder",
}
STYLES = {"implied": " style=dashed", "critical": " penwidth=2.5"}


def render(picture: Picture) -> str:
    """A directed graph; what goes first is on the left of an order in time."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield f"digraph {quoted(picture.view)} {{"
    yield f"  label={quoted(picture.title)} labelloc=t"
    yield f"  rankdir={'RL' if picture.timely else 'LR'}"
    yield '  node [shape=box style=rounded fontname="sans-serif"]'
    yield '  edge [fontname="sans-serif" fontsize=10]'
    for number, group in enumerate(picture.groups):
        yield f"  subgraph cluster_{number} {{"
        yield f"    label={quoted(group.label)}"
        yield from (f"    {_node(node)}" for node in picture.members(group.id))
        yield "  }"
    known = {group.id for group in picture.groups}
    yield from (f"  {_node(node)}" for node in picture.nodes if node.group not in known)
    for edge in picture.edges:
        style = STYLES.get(edge.tone, "")
        yield f"  {quoted(edge.source)} -> {quoted(edge.target)} [label={quoted(edge.relation)}{style}]"
    yield "}"


def _node(node: Node) -> str:
    shape = f" shape={SHAPES[node.kind]} style=solid" if node.kind in SHAPES else ""
    return f"{quoted(node.id)} [label={quoted(node.label, node.note)}{shape}]"


def quoted(*lines: str) -> str:
    r"""A double-quoted string; a backslash would start an escape such as `\N`, the node's name."""
    texts = (plain(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines if line)
    # Graphviz reads HTML entities in every label, so that `&lt;` would show as `<`.
    return '"' + "\\n".join(text.replace("&", "&amp;") for text in texts) + '"'
