"""A picture as a Mermaid flowchart, for Markdown pages elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from regcheck.drawing.picture import Group, Node, Picture, plain

MOST_EDGES = 500
MOST_CHARACTERS = 50_000
"""Mermaid's defaults of `maxEdges` and `maxTextSize`; a page can raise neither of its own accord."""

# Quoted text is still read for HTML, Markdown and entities (`#quot;`, `#35;`).
SPECIAL = re.compile(r"""["'#&<>`*_~\[\](){}|\\;%]""")
LEADING = re.compile(r"^(\d+)?([-+.)])")
"""What starts a list in Markdown, which Mermaid then refuses to draw."""

SHAPES = {
    "machine": ("[[", "]]"),
    "wave": ("{{", "}}"),
    "tunnel": ("([", "])"),
    "lane": ("([", "])"),
    "sink": ("[(", ")]"),
    "repo": ("[(", ")]"),
}


def render(picture: Picture) -> str:
    """The flowchart; what is needed, or goes first, is on the left of an order in time."""
    lines = list(_lines(picture))
    drawn = "\n".join(lines) + "\n"
    head = [f"flowchart {'RL' if picture.timely else 'LR'}", f"  %% {_comment(picture.title)}"]
    if len(picture.edges) > MOST_EDGES:
        head.append(
            f"  %% {len(picture.edges)} edges: Mermaid draws {MOST_EDGES} unless its page raises"
            " `maxEdges`; limit them with --select, or take --format svg"
        )
    elif len(drawn) > MOST_CHARACTERS:
        head.append(
            f"  %% more than {MOST_CHARACTERS} characters: Mermaid draws no more unless its page raises"
            " `maxTextSize`; limit them with --select, or take --format svg"
        )
    return "\n".join(head) + "\n" + drawn


def _lines(picture: Picture) -> Iterator[str]:
    names = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    for number, group in enumerate(picture.groups):
        yield from _subgraph(f"g{number}", group, picture, names)
    known = {group.id for group in picture.groups}
    for node in picture.nodes:
        if node.group not in known:
            yield f"  {_node(names[node.id], node)}"
    for edge in picture.edges:
        arrow = "-.->" if edge.tone == "implied" else "==>" if edge.tone == "critical" else "-->"
        yield f'  {names[edge.source]} {arrow}|"{escape(edge.relation)}"| {names[edge.target]}'


def _subgraph(name: str, group: Group, picture: Picture, names: dict[str, str]) -> Iterator[str]:
    yield f'  subgraph {name}["{escape(group.label)}"]'
    for node in picture.members(group.id):
        yield f"    {_node(names[node.id], node)}"
    yield "  end"


def _node(name: str, node: Node) -> str:
    opening, closing = SHAPES.get(node.kind, ("[", "]"))
    note = f"<br>{escape(node.note)}" if node.note else ""
    return f'{name}{opening}"{escape(node.label)}{note}"{closing}'


def escape(text: str) -> str:
    """Text that Mermaid shows as it is: no markup, no entity, no list, no end of a quote."""
    text = LEADING.sub(lambda found: f"{found[1] or ''}\0{found[2]}", plain(text))
    escaped = SPECIAL.sub(lambda found: f"#{ord(found[0])};", text)
    return re.sub("\0(.)", lambda found: f"#{ord(found[1])};", escaped.replace("\0#41;", "#41;"))


def _comment(text: str) -> str:
    """Text for a comment, in which Mermaid still looks for directives."""
    return re.sub(r"[{}%;]", "", plain(text))
