"""What is on a picture, before anybody has decided how it looks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""What no text format takes: XML 1.0 allows none of it (section 2.2), terminals act on it."""

OVERRIDES = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Bidirectional controls, which make a text read as another one."""


MORE = "more"
"""The kind of a node that stands for others, which are left out."""


class Node(NamedTuple):
    """One entry on a picture."""

    id: str
    """Its reference, `kind:id`."""
    kind: str
    label: str
    group: str = ""
    """The id of the group that it belongs to."""
    note: str = ""
    """A few words under the label."""
    tone: str = ""
    """What is remarkable about it, in words such as `done`, `blocked`, `critical` or `open`."""
    column: int | None = None
    """Where it stands in the order, if that is more than its edges say."""
    items: tuple[Node, ...] = ()
    """What stands inside it, one below the other."""


class Edge(NamedTuple):
    """`source` needs, or waits for, `target`."""

    source: str
    target: str
    relation: str
    tone: str = ""
    """`critical` on the longest chain, `implied` where nobody wrote it down."""


class Group(NamedTuple):
    """Nodes that belong together."""

    id: str
    label: str


class Step(NamedTuple):
    """A wave of the drain, and the workloads that it moves."""

    number: int
    name: str
    moves: tuple[str, ...]


class Picture(NamedTuple):
    """Nodes and edges with the words that introduce them."""

    view: str
    """`drain`, `tasks` or `runtime`."""
    state: str
    title: str
    description: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...] = ()
    steps: tuple[Step, ...] = ()
    critical_path: tuple[str, ...] = ()
    apart: str = "Without dependencies"
    """What stands above the nodes that no edge joins to others."""

    @property
    def timely(self) -> bool:
        """Whether it shows an order in time, in which the target of an edge goes first."""
        return self.view != "runtime"

    @property
    def boxes(self) -> list[Node]:
        """The nodes that are drawn as boxes: a wave is the heading of what it moves."""
        return [node for node in self.nodes if not (self.steps and node.kind == "wave")]

    def members(self, group: str) -> Iterator[Node]:
        """The nodes of a group."""
        return (node for node in self.nodes if node.group == group)

    def limited_to(self, refs: Collection[str]) -> Picture:
        """The picture of only these entries and what is between them."""
        nodes = [node for node in self.nodes if node.id in refs]
        left = {node.id for node in nodes}
        groups = {node.group for node in nodes}
        steps = [step._replace(moves=tuple(m for m in step.moves if m in left)) for step in self.steps]
        kept = [bool(step.moves) or f"wave:{step.number}" in left for step in steps]
        if steps:  # what stands in the column of a step goes where that has gone
            at = [sum(kept[:column]) for column in range(len(kept) + 1)]
            nodes = [
                n if n.column is None else n._replace(column=at[min(n.column, len(kept))]) for n in nodes
            ]
        return self._replace(
            nodes=tuple(nodes),
            edges=tuple(e for e in self.edges if e.source in left and e.target in left),
            groups=tuple(group for group in self.groups if group.id in groups),
            steps=tuple(step for step, stays in zip(steps, kept, strict=True) if stays),
            critical_path=tuple(ref for ref in self.critical_path if ref in left),
        )


def plain(text: str) -> str:
    """A text on one line, with only characters that any format can hold."""
    if text.isascii() and text.isprintable() and "  " not in text and text == text.strip():
        return text
    return NOT_TEXT.sub("\ufffd", OVERRIDES.sub("", " ".join(text.split())))
