"""A picture as a static SVG 1.1 document: no script, readable in light and in dark.

Text is measured by estimate, on the generous side, because nothing here knows
the reader's fonts; what is too long is wrapped once and then cut, and is whole
in the tooltip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

from regcheck.drawing.layout import Box, Gaps, Layout, Size, layered, listed, ranked
from regcheck.drawing.picture import MORE, Edge, Node, Picture, plain
from regcheck.drawing.strokes import arrowhead, number, path, text, tooltip, words
from regcheck.drawing.style import KINDS, style
from regcheck.drawing.text import cut, width, wrapped

LABEL, NOTE, TITLE = 13, 11, 18
"""Sizes of type, in pixels."""

MARGIN, PAD, LEAD = 24, 12, 16
WIDEST, NARROWEST = 212, 96
"""The limits of a box's width."""
WIDEST_WITHIN = 160
"""The same on a page, which is narrower than a sheet."""
BOLD = 1.08
"""How much wider the bold type of a reader's system may be than the estimate."""
ROW, INDENT = 20, 10
"""The height of what stands inside a box, and how far its text is from the left."""

HEADER = 58
"""The height of a wave's heading in the drain view."""
CLOSE = Gaps(column=44)
"""The space between columns that have headings, or stand on a page."""

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
        self.margin = 14 if within else MARGIN
        self.widest = WIDEST_WITHIN if within else WIDEST
        self.label = LABEL * BOLD if within else LABEL
        self.nodes = {node.id: node for node in picture.nodes if not self._is_header(node)}
        self.texts = {
            ref: wrapped(plain(node.label), self.label, self.widest) for ref, node in self.nodes.items()
        }
        self.notes = {
            ref: wrapped(plain(node.note), NOTE, self.widest) if node.note else []
            for ref, node in self.nodes.items()
        }
        self.ties = self._tie()
        self.layout = self._lay_out()
        heading = 0 if within else TITLE + 26
        self.top = self.margin + heading + (HEADER + 18 if picture.steps else 0)
        said = 0 if within else max(width(plain(picture.title), TITLE), width(picture.description, NOTE))
        self.width = max(self.layout.width, said, self._legend_width()) + 2 * self.margin
        self.height = self.top + self.layout.height + MARGIN + 30

    def _is_header(self, node: Node) -> bool:
        return bool(self.picture.steps) and node.kind == "wave"

    # --- preparing ----------------------------------------------------------

    def _size(self, node: Node) -> Size:
        rows, notes = self.texts[node.id], self.notes[node.id]
        inside = [width(plain(item.label), NOTE) + INDENT for item in node.items]
        widest = max(
            [*(width(row, self.label) for row in rows), *(width(row, NOTE) for row in notes), *inside]
        )
        tall = len(rows) * LEAD + len(notes) * (LEAD - 2) + 12 + len(node.items) * ROW
        return Size(min(max(widest, NARROWEST), self.widest) + 2 * PAD, tall + (4 if inside else 0))

    def _lay_out(self) -> Layout:
        sizes = {ref: self._size(node) for ref, node in self.nodes.items()}
        steps, given = self.picture.steps, [node.column for node in self.nodes.values()]
        if not steps and all(column is None for column in given):
            gaps = Gaps(column=64) if self.within else Gaps()
            return layered(sizes, self.ties, rightmost=not self.picture.timely, gaps=gaps)
        columns: list[list[str]] = [[] for _ in range(max([len(steps) - 1, *(c or 0 for c in given)]) + 1)]
        for ref, node in self.nodes.items():
            columns[node.column or 0].append(ref)
        if steps:
            return listed(columns, sizes, self.ties, gaps=Gaps(column=30) if self.within else CLOSE)
        return ranked([column for column in columns if column], sizes, self.ties, gaps=Gaps(column=64))

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
        role = "group" if self.within else "img"  # an image would hide the links in it
        wide, tall = round(self.width), round(self.height)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="regcheck-map" role="{role}"'
            f' aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {wide} {tall}"'
            f' width="{wide}" height="{tall}">'
        )
        yield f'<title id="{name}-title">{text(picture.title)}</title>'
        yield f'<desc id="{name}-desc">{text(picture.description)}</desc>'
        if not self.within:
            yield f"<style>{style(node.kind for node in picture.nodes)}</style>"
            yield f'<rect class="paper" width="{wide}" height="{tall}"/>'
            yield words(MARGIN, MARGIN + TITLE - 3, picture.title, "title")
            yield words(MARGIN, MARGIN + TITLE + 16, picture.description, "note")
        yield from self._headers()
        yield f'<g transform="translate({self.margin} {number(self.top)})">'
        yield from self._ties_drawn()
        for ref, box in self.layout.boxes.items():
            yield from self._node(self.nodes[ref], box)
        yield "</g>"
        yield from self._legend()
        yield "</svg>"

    def _headers(self) -> Iterator[str]:
        """The wave of each column, and the arrows between waves."""
        top = self.top - HEADER - 18
        groups = {group.id: group for group in self.picture.groups}
        refs = [*(f"wave:{step.number}" for step in self.picture.steps), "open"]
        if not self.picture.steps:
            return
        place: dict[str, tuple[float, float]] = {}
        nodes = {node.id: node for node in self.picture.nodes}
        for ref, (left, wide) in zip(refs, self.layout.columns, strict=False):
            x = left + self.margin
            place[ref] = (x, wide)
            tall = self.layout.height + HEADER + 30
            yield (
                f'<rect class="column" x="{number(x - 8)}" y="{number(top)}" width="{number(wide + 16)}"'
                f' height="{number(tall)}" rx="10"/>'
            )
            node = nodes.get(ref)
            over, _, name = (groups[ref].label if ref in groups else ref).partition(" · ")
            tone = " critical" if node is not None and "critical" in node.tone else ""
            yield self._start(ref, node.label if node else over, f"head{tone}")
            more = node.note.partition(", ")[2] if node is not None else ""
            over = cut(plain(f"{over}, {more}" if more else over), NOTE, wide - 4)
            yield words(x + 2, top + 20, over, "note")
            if name:
                rows = wrapped(plain(name), LABEL, wide - 4)
                for row, said in enumerate(rows):
                    yield words(x + 2, top + 37 + row * (LEAD - 1), said, "label")
            yield self._end(ref)
        for edge in self.picture.edges:
            if edge.relation == "after" and edge.source in place and edge.target in place:
                yield self._wave_arrow(edge, place, top + 15)

    def _wave_arrow(self, edge: Edge, place: Mapping[str, tuple[float, float]], y: float) -> str:
        """An arrow from the wave that goes first: straight to the next column, else an arc above."""
        (x, wide), (end, end_wide) = place[edge.target], place[edge.source]
        start = x + wide + 8
        tip = end - 9
        between = sum(start < at < tip for at, _ in place.values())
        if not between and tip > start:
            line, head = f"M{number(start)} {number(y)}H{number(tip)}", arrowhead((tip, y), leftward=False)
            return f'{self._line(edge.tone, _says(edge))}<path d="{line}"/>{head}</g>'
        start, tip = x + wide / 2, end + end_wide / 2
        y -= 15
        line = f"M{number(start)} {number(y)}c0 -22 {number(tip - start)} -22 {number(tip - start)} -2"
        head = f'<path class="tip" d="M{number(tip)} {number(y)}l-4 -8h8z"/>'
        return f'{self._line(edge.tone, _says(edge))}<path d="{line}"/>{head}</g>'

    def _ties_drawn(self) -> Iterator[str]:
        for pair, tie in self.ties.items():
            points, order = self.layout.lines.get(pair), pair
            if points is None:
                order = (pair[1], pair[0])
                points = self.layout.lines[order]
            tones = {edge.tone for edge in tie.edges}
            tone = "critical" if "critical" in tones else "implied" if tones == {"implied"} else ""
            same = points[0][0] == points[-1][0]
            heads = [
                arrowhead(points[at], leftward=same or points[at][0] < points[at - 1 if at else 1][0])
                for at, ref in ((0, order[0]), (-1, order[1]))
                if ref in tie.heads
            ]
            said = "; ".join(_says(edge) for edge in tie.edges)
            yield f'{self._line(tone, said)}<path d="{path(points)}"/>{"".join(heads)}</g>'

    def _line(self, tone: str, said: str) -> str:
        hidden = ' aria-hidden="true"' if self.within else ""
        return f'<g class="line{f" {tone}" if tone else ""}"{hidden}>{tooltip(said)}'

    def _node(self, node: Node, box: Box) -> Iterator[str]:
        yield self._start(node.id, _name(node), _look(node, "node"))
        x, y, wide, tall = map(number, (box.x, box.y, box.width, box.height))
        yield f'<rect class="box" x="{x}" y="{y}" width="{wide}" height="{tall}" rx="6"/>'
        yield f'<path class="bar" d="M{number(box.x + 5)} {number(box.y + 7)}v{number(box.height - 14)}"/>'
        row = box.y + 6 + LABEL
        for said in self.texts[node.id]:
            yield words(box.x + PAD, row, said, "label")
            row += LEAD
        for said in self.notes[node.id]:
            yield words(box.x + PAD, row - 1, said, "note")
            row += LEAD - 2
        yield self._end(node.id)
        for item in node.items:
            yield from self._item(item, Box(box.x + PAD, row - 8, box.width - 2 * PAD, ROW))
            row += ROW

    def _item(self, item: Node, box: Box) -> Iterator[str]:
        """What stands inside a node, on a row of its own."""
        yield self._start(item.id, _name(item), _look(item, "item"))
        x, y, wide, tall = map(number, (box.x - 4, box.y + 1, box.width + 8, box.height - 2))
        yield f'<rect class="row" x="{x}" y="{y}" width="{wide}" height="{tall}" rx="4"/>'
        yield f'<path class="bar" d="M{number(box.x)} {number(box.y + 5)}v{number(box.height - 10)}"/>'
        yield words(box.x + INDENT, box.y + 14, cut(plain(item.label), NOTE, box.width - INDENT), "row-label")
        yield self._end(item.id)

    def _start(self, ref: str, said: str, look: str) -> str:
        """What a node begins with; in a link the tooltip stands first, as the name of the link."""
        href = self.links.get(ref)
        if href is None:
            return f'<g class="{look}">{tooltip(said)}'
        return f'<a href="{escape(href)}">{tooltip(said)}<g class="{look}">'

    def _end(self, ref: str) -> str:
        return "</g></a>" if ref in self.links else "</g>"

    def _kinds(self) -> list[str]:
        found = (part for node in self.nodes.values() for part in (node, *node.items))
        return list(dict.fromkeys(part.kind for part in found if part.kind != MORE))

    def _legend_width(self) -> float:
        return sum(width(plain(kind), NOTE) + 34 for kind in self._kinds())

    def _legend(self) -> Iterator[str]:
        """Which colour is which kind."""
        x, y = float(self.margin), self.height - 20
        for kind in self._kinds():
            bar = f'<path class="bar" d="M{number(x + 2)} {number(y - 10)}v12"/>'
            yield f'<g class="node {_class(kind)}">{bar}</g>'
            yield words(x + 10, y, kind, "note")
            x += width(plain(kind), NOTE) + 34


def _look(node: Node, what: str) -> str:
    return escape(" ".join((what, _class(node.kind), *node.tone.split())))


def _class(kind: str) -> str:
    return f"kind-{kind}" if kind in KINDS else "kind-other"


def _name(node: Node) -> str:
    if node.kind == MORE:
        return f"{node.label}, {node.note}"
    return f"{node.id}: {node.label}. {node.note}"


def _says(edge: Edge) -> str:
    return f"{edge.source} {edge.relation.replace('-', ' ')} {edge.target}"
