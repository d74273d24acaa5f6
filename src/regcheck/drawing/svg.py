"""A picture as a static SVG 1.1 document: no script, readable in light and in dark.

Text is measured by estimate, on the generous side, because nothing here knows
the reader's fonts; what is too long is wrapped once and then cut, and is whole
in the tooltip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import NamedTuple

from regcheck.drawing.layout import Box, Gaps, Layout, Size, layered, listed, ranked
from regcheck.drawing.picture import Edge, Node, Picture, plain
from regcheck.drawing.style import KINDS, style
from regcheck.drawing.text import cut, width, wrapped

LABEL, NOTE, TITLE = 13, 11, 18
"""Sizes of type, in pixels."""

MARGIN, PAD, LEAD = 24, 12, 16
WIDEST, NARROWEST = 212, 96
"""The limits of a box's width."""

HEADER = 58
"""The height of a wave's heading in the drain view."""

Line = tuple[str, str]


class _Tie(NamedTuple):
    """All edges between two nodes, drawn as one line."""

    edges: tuple[Edge, ...]
    heads: frozenset[str]
    """The nodes at which the line has an arrowhead."""


def render(picture: Picture, links: Mapping[str, str] | None = None, *, within: str = "") -> str:
    """The drawing; `links` are the addresses that nodes lead to, by reference.

    `within` is what its ids begin with on a page that holds it: then it brings
    no style sheet, paper or heading of its own, and who cannot see it hears its
    nodes, the first column first, and not its lines.
    """
    drawing = _Drawing(picture, links or {}, within)
    return "\n".join(drawing.lines()) + "\n"


class _Drawing:
    def __init__(self, picture: Picture, links: Mapping[str, str], within: str = "") -> None:
        self.picture = picture
        self.links = links
        self.within = within
        self.nodes = {node.id: node for node in picture.nodes if not self._is_header(node)}
        self.texts = {ref: wrapped(plain(node.label), LABEL, WIDEST) for ref, node in self.nodes.items()}
        self.notes = {
            ref: wrapped(plain(node.note), NOTE, WIDEST) if node.note else []
            for ref, node in self.nodes.items()
        }
        self.ties = self._tie()
        self.layout = self._lay_out()
        self.top = (MARGIN if within else MARGIN + TITLE + 26) + (HEADER + 18 if picture.steps else 0)
        words = 0 if within else max(width(plain(picture.title), TITLE), width(picture.description, NOTE))
        self.width = max(self.layout.width, words, self._legend_width()) + 2 * MARGIN
        self.height = self.top + self.layout.height + MARGIN + 30

    def _is_header(self, node: Node) -> bool:
        return bool(self.picture.steps) and node.kind == "wave"

    # --- preparing ----------------------------------------------------------

    def _size(self, node: Node) -> Size:
        rows, notes = self.texts[node.id], self.notes[node.id]
        widest = max([*(width(row, LABEL) for row in rows), *(width(row, NOTE) for row in notes)])
        tall = len(rows) * LEAD + len(notes) * (LEAD - 2) + 12
        return Size(min(max(widest, NARROWEST), WIDEST) + 2 * PAD, tall)

    def _lay_out(self) -> Layout:
        sizes = {ref: self._size(node) for ref, node in self.nodes.items()}
        given = [node.column or 0 for node in self.nodes.values()]
        if not self.picture.steps and all(node.column is None for node in self.nodes.values()):
            return layered(sizes, self.ties, rightmost=not self.picture.timely)
        columns: list[list[str]] = [[] for _ in range(max([len(self.picture.steps) - 1, *given]) + 1)]
        for ref, node in self.nodes.items():
            columns[node.column or 0].append(ref)
        if not self.picture.steps:
            return ranked(columns, sizes, self.ties)
        return listed(columns, sizes, self.ties, gaps=Gaps(column=44))

    def _tie(self) -> dict[Line, _Tie]:
        """The lines: a pair for each two nodes with edges, the one that goes first on the left."""
        timely = self.picture.timely
        found: dict[Line, _Tie] = {}
        for edge in self.picture.edges:
            if edge.source not in self.nodes or edge.target not in self.nodes or edge.source == edge.target:
                continue
            if edge.relation == "drain-last" and edge.tone != "critical":
                continue  # a line to all else on its machine: the node says so in words
            pair = (edge.target, edge.source) if timely else (edge.source, edge.target)
            head = edge.source if timely else edge.target
            if pair[::-1] in found:
                pair = pair[::-1]
            before = found.get(pair, _Tie((), frozenset()))
            found[pair] = _Tie((*before.edges, edge), before.heads | {head})
        return found

    # --- drawing ------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """The document, line by line."""
        picture = self.picture
        name = self.within or re.sub(r"\W", "-", f"regcheck-{picture.view}-{picture.state}")
        wide, tall = round(self.width), round(self.height)
        # what has the role of an image hides the links in it
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="regcheck-map" role="{self._role()}"'
            f' aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {wide} {tall}"'
            f' width="{wide}" height="{tall}">'
        )
        yield f'<title id="{name}-title">{_text(picture.title)}</title>'
        yield f'<desc id="{name}-desc">{_text(picture.description)}</desc>'
        if not self.within:
            yield f"<style>{style(node.kind for node in picture.nodes)}</style>"
            yield f'<rect class="paper" width="{wide}" height="{tall}"/>'
            yield _words(MARGIN, MARGIN + TITLE - 3, picture.title, "title")
            yield _words(MARGIN, MARGIN + TITLE + 16, picture.description, "note")
        yield from self._headers()
        yield f'<g transform="translate({MARGIN} {_n(self.top)})">'
        yield from self._ties_drawn()
        for ref, box in self.layout.boxes.items():
            yield from self._node(self.nodes[ref], box)
        yield "</g>"
        yield from self._legend()
        yield "</svg>"

    def _role(self) -> str:
        return "group" if self.within else "img"

    def _headers(self) -> Iterator[str]:
        """The wave of each column, and the arrows between waves."""
        top = self.top - HEADER - 18
        groups = {group.id: group for group in self.picture.groups}
        refs = [*(f"wave:{step.number}" for step in self.picture.steps), "open"]
        if not self.picture.steps:
            return
        place: dict[str, tuple[float, float]] = {}
        nodes = {node.id: node for node in self.picture.nodes}
        for ref, (x, wide) in zip(refs, self.layout.columns, strict=False):
            place[ref] = (x + MARGIN, wide)
            tall = self.layout.height + HEADER + 30
            yield (
                f'<rect class="column" x="{_n(x + MARGIN - 8)}" y="{_n(top)}" width="{_n(wide + 16)}"'
                f' height="{_n(tall)}" rx="10"/>'
            )
            node = nodes.get(ref)
            over, _, name = (groups[ref].label if ref in groups else ref).partition(" · ")
            tone = " critical" if node is not None and "critical" in node.tone else ""
            yield f'<g class="head{tone}">{_tooltip(node.label if node else over)}'
            more = node.note.partition(", ")[2] if node is not None else ""
            over = cut(plain(f"{over}, {more}" if more else over), NOTE, wide - 4)
            yield _words(x + MARGIN + 2, top + 20, over, "note")
            if name:
                rows = wrapped(plain(name), LABEL, wide - 4)
                for row, text in enumerate(rows):
                    yield _words(x + MARGIN + 2, top + 37 + row * (LEAD - 1), text, "label")
            yield "</g>"
        for edge in self.picture.edges:
            if edge.relation == "after" and edge.source in place and edge.target in place:
                yield self._wave_arrow(edge, place, top + 15)

    def _wave_arrow(self, edge: Edge, place: Mapping[str, tuple[float, float]], y: float) -> str:
        """An arrow from the wave that goes first: straight to the next column, else an arc above."""
        (x, wide), (end, end_wide) = place[edge.target], place[edge.source]
        start = x + wide + 8
        tip = end - 9
        tone = f" {edge.tone}" if edge.tone else ""
        between = sum(start < at < tip for at, _ in place.values())
        if not between and tip > start:
            path = f"M{_n(start)} {_n(y)}H{_n(tip)}"
        else:
            start, tip = x + wide / 2, end + end_wide / 2
            y -= 15
            path = f"M{_n(start)} {_n(y)}c0 -22 {_n(tip - start)} -22 {_n(tip - start)} -2"
            return (
                f'<g class="line{tone}">{_tooltip(_says(edge))}<path d="{path}"/>'
                f'<path class="tip" d="M{_n(tip)} {_n(y)}l-4 -8h8z"/></g>'
            )
        return (
            f'<g class="line{tone}">{_tooltip(_says(edge))}<path d="{path}"/>'
            f'<path class="tip" d="M{_n(tip)} {_n(y)}l-8 -4v8z"/></g>'
        )

    def _ties_drawn(self) -> Iterator[str]:
        for pair, tie in self.ties.items():
            points, order = self.layout.lines.get(pair), pair
            if points is None:
                order = (pair[1], pair[0])
                points = self.layout.lines[order]
            tones = {edge.tone for edge in tie.edges}
            tone = " critical" if "critical" in tones else " implied" if tones == {"implied"} else ""
            same = points[0][0] == points[-1][0]
            heads = [
                _arrowhead(points[at], leftward=same or points[at][0] < points[at - 1 if at else 1][0])
                for at, ref in ((0, order[0]), (-1, order[1]))
                if ref in tie.heads
            ]
            hidden = ' aria-hidden="true"' if self.within else ""
            yield (
                f'<g class="line{tone}"{hidden}>{_tooltip("; ".join(_says(edge) for edge in tie.edges))}'
                f'<path d="{_path(points)}"/>{"".join(heads)}</g>'
            )

    def _node(self, node: Node, box: Box) -> Iterator[str]:
        tone = "".join(f" {escape(word)}" for word in node.tone.split())
        link = self.links.get(node.id)
        if link is not None:
            said = f' aria-label="{_text(_name(node))}"' if self.within else ""
            yield f'<a href="{escape(link)}"{said}>'
        kind = _class(node.kind)
        yield f'<g class="node {kind}{tone}">{_tooltip(_name(node))}'
        x, y, wide, tall = map(_n, (box.x, box.y, box.width, box.height))
        yield f'<rect class="box" x="{x}" y="{y}" width="{wide}" height="{tall}" rx="6"/>'
        yield f'<path class="bar" d="M{_n(box.x + 5)} {_n(box.y + 7)}v{_n(box.height - 14)}"/>'
        row = box.y + 6 + LABEL
        for text in self.texts[node.id]:
            yield _words(box.x + PAD, row, text, "label")
            row += LEAD
        for text in self.notes[node.id]:
            yield _words(box.x + PAD, row - 1, text, "note")
            row += LEAD - 2
        yield "</g>"
        if link is not None:
            yield "</a>"

    def _kinds(self) -> list[str]:
        return list(dict.fromkeys(node.kind for node in self.nodes.values()))

    def _legend_width(self) -> float:
        return sum(width(plain(kind), NOTE) + 34 for kind in self._kinds())

    def _legend(self) -> Iterator[str]:
        """Which colour is which kind."""
        x, y = float(MARGIN), self.height - 20
        for kind in self._kinds():
            yield f'<g class="node {_class(kind)}"><path class="bar" d="M{_n(x + 2)} {_n(y - 10)}v12"/></g>'
            yield _words(x + 10, y, kind, "note")
            x += width(plain(kind), NOTE) + 34


def _class(kind: str) -> str:
    return f"kind-{kind}" if kind in KINDS else "kind-other"


def _name(node: Node) -> str:
    return f"{node.id}: {node.label}. {node.note}"


def _says(edge: Edge) -> str:
    return f"{edge.source} {edge.relation.replace('-', ' ')} {edge.target}"


def _path(points: Iterable[tuple[float, float]]) -> str:
    """Straight through columns, and in level curves from one to the next."""
    (x, y), *rest = points
    path = [f"M{_n(x)} {_n(y)}"]
    for to_x, to_y in rest:
        if to_y == y:
            path.append(f"H{_n(to_x)}")
        elif to_x == x:  # within a column: a bow to the right
            bow = x + 14 + min(abs(to_y - y) / 6, 22)
            path.append(f"C{_n(bow)} {_n(y)} {_n(bow)} {_n(to_y)} {_n(to_x)} {_n(to_y)}")
        else:
            half = (x + to_x) / 2
            path.append(f"C{_n(half)} {_n(y)} {_n(half)} {_n(to_y)} {_n(to_x)} {_n(to_y)}")
        x, y = to_x, to_y
    return "".join(path)


def _arrowhead(point: tuple[float, float], *, leftward: bool) -> str:
    x, y = point
    return f'<path class="tip" d="M{_n(x)} {_n(y)}l{8 if leftward else -8} -4v8z"/>'


def _words(x: float, y: float, text: str, look: str) -> str:
    return f'<text class="{look}" x="{_n(x)}" y="{_n(y)}">{_text(text)}</text>'


def _tooltip(text: str) -> str:
    return f"<title>{_text(text)}</title>"


def _text(text: str) -> str:
    return escape(plain(text))


def _n(number: float) -> str:
    """A number as short as a tenth of a pixel allows."""
    text = f"{number:.1f}"
    return text.removesuffix(".0")
