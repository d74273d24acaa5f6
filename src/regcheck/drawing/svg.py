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

from regcheck.drawing import bands, legend
from regcheck.drawing.layout import Box, Gaps, Layout, Size, layered, listed, ranked
from regcheck.drawing.picture import MORE, Edge, Node, Picture, plain
from regcheck.drawing.strokes import arrowhead, number, path, text, tooltip, words
from regcheck.drawing.style import kind_class, style
from regcheck.drawing.text import BOLD, LABEL, NOTE, TITLE, cut, shared, width, wrapped

MARGIN, PAD, LEAD = 24, 12, 16
WIDEST, NARROWEST = 212, 96
"""The limits of a box's width."""
WIDEST_WITHIN, WIDEST_IN_BAND, MOST_WITHIN = 160, 188, 230
"""The same on a page, which is narrower than a sheet, in the bands there, and where there is room."""
ROW, INDENT = 20, 10
"""The height of what stands inside a box, and how far its text is from the left."""
NOTES = 3
"""Lines of a note."""

NARROWEST_LEGEND = 300
"""What a legend may take beside a drawing that is narrower."""

IN_BAND, IN_BAND_WITHIN = 6, 4
"""Boxes of a wave that stand side by side, on a sheet and on a page."""
HEAD = 140
"""The width of the heading of a wave."""
BETWEEN = Gaps(column=36, row=22, line=10)
"""The space between the rows of waves and, in a row, between boxes, which an arrow may cross."""
ON_PAGE = Gaps(column=48)

BROAD, FITTED = 890, 1206
"""Up to which width a drawing fits beside a table of contents, and up to which a page without one.

A page scales it down to about four fifths, and no further: smaller type nobody reads.
"""
SCALE = 0.82
"""How large one is that fits nowhere."""

Line = tuple[str, str]


class _Tie(NamedTuple):
    """All edges between two nodes, drawn as one line."""

    edges: tuple[Edge, ...]
    heads: frozenset[str]
    """The nodes at which the line has an arrowhead."""


def render(picture: Picture, links: Mapping[str, str] | None = None, *, within: str = "") -> str:
    """The drawing; `links` are the addresses that nodes lead to, by reference.

    `within` is what its ids begin with on a page that holds it: then it brings
    no style sheet, paper, heading or legend of its own, and who cannot see it
    hears its nodes, the first column first, and not its lines.
    """
    drawing = _Drawing(picture, links or {}, within)
    return "\n".join(drawing.lines()) + "\n"


class _Drawing:
    def __init__(self, picture: Picture, links: Mapping[str, str], within: str = "") -> None:
        self.picture = picture
        self.links = links
        self.within = within
        self.margin = 14 if within else MARGIN
        self.headings = bands.headings(picture, HEAD - 16) if picture.steps else []
        self.label = LABEL * BOLD
        self.nodes = {node.id: node for node in picture.boxes}
        self.widest = self._limits()
        self.texts = {
            ref: wrapped(plain(node.label), self.label, self.widest[node.column])
            for ref, node in self.nodes.items()
        }
        self.notes = {
            ref: wrapped(plain(node.note), NOTE, self.widest[node.column], NOTES) if node.note else []
            for ref, node in self.nodes.items()
        }
        parts = (part for node in self.nodes.values() for part in (node, *node.items))
        self.more = {part.id: part.label for part in parts if part.kind == MORE}
        self.homes = {item.id: ref for ref, node in self.nodes.items() for item in node.items}
        self.ties = self._tie()
        self.entered = {self._home(ref) for pair in self.ties for ref in pair if ref not in self.nodes}
        self.bands: list[list[str]] = []
        self.spans: list[tuple[float, float]] = []
        self.layout = self._lay_out()
        self._frame()

    def _frame(self) -> None:
        """How large the drawing is, and where in it the layout stands."""
        picture, pad, self.indent = self.picture, 0, 0
        if self.headings:
            arcs = bands.around(picture, [heading.ref for heading in self.headings])
            pad, self.indent = bands.PAD, HEAD + bands.PAD + (bands.ARC if arcs else 0)
        said = max(width(plain(picture.title), TITLE), width(picture.description, NOTE))
        inner = max(self.indent + self.layout.width + pad, 0 if self.within else said)
        found = [] if self.within else legend.keys(picture)
        self.legend = legend.rows(found, max(inner, NARROWEST_LEGEND))
        ends = (x + key.wide + width(plain(key.said), NOTE) for row in self.legend for x, key in row)
        self.width = max(inner, *ends, 0) + 2 * self.margin
        self.left = self.margin + self.indent
        self.top = self.margin + (0 if self.within else TITLE + 26) + pad
        below = self.top + self.layout.height + pad
        self.key = below + 30
        self.height = below + self.margin + (16 + len(self.legend) * legend.LEAD if self.legend else 0)

    # --- preparing ----------------------------------------------------------

    def _limits(self) -> Mapping[int | None, float]:
        """How wide the text in each column may be: on a page these share the room, where they are known."""
        columns = dict.fromkeys(node.column for node in self.nodes.values())
        if not self.within or self.headings:
            return dict.fromkeys(columns, WIDEST_IN_BAND if self.within else WIDEST)
        columns.pop(None, None)
        room = FITTED - 2 * self.margin - (len(columns) - 1) * ON_PAGE.column - len(columns) * 2 * PAD
        wanted = self._wanted(MOST_WITHIN, MOST_WITHIN)
        if sum(wanted.values()) > room:  # what can be broken makes room for the rows, which cannot
            rows = any(node.items for node in self.nodes.values())
            wanted = self._wanted(WIDEST_WITHIN if rows else MOST_WITHIN, WIDEST_WITHIN)
        most = max(shared(wanted.values(), room), WIDEST_WITHIN)
        return {None: WIDEST_WITHIN, **{column: min(wide, most) for column, wide in wanted.items()}}

    def _wanted(self, label: float, note: float) -> dict[int, float]:
        """How wide each column would like to be, with labels and notes that are no wider than so much."""
        found = dict[int, float]()
        for node in self.nodes.values():
            if node.column is not None:
                said = (
                    min(width(plain(node.label), self.label), label),
                    min(width(plain(node.note), NOTE), note),
                )
                wide = max(*said, *self._inside(node), found.get(node.column, NARROWEST))
                found[node.column] = min(wide, MOST_WITHIN)
        return found

    def _inside(self, node: Node) -> list[float]:
        """How wide the rows in a box would like to be."""
        return [width(plain(item.label), _heft(item)) + INDENT for item in node.items]

    def _size(self, node: Node) -> Size:
        rows, notes, inside = self.texts[node.id], self.notes[node.id], self._inside(node)
        widest = max(
            [*(width(row, self.label) for row in rows), *(width(row, NOTE) for row in notes), *inside]
        )
        tall = len(rows) * LEAD + len(notes) * (LEAD - 2) + 12 + len(node.items) * ROW
        return Size(
            min(max(widest, NARROWEST), self.widest[node.column]) + 2 * PAD, tall + (4 if inside else 0)
        )

    def _lay_out(self) -> Layout:
        sizes = {ref: self._size(node) for ref, node in self.nodes.items()}
        pairs = [(self._home(one), self._home(other)) for one, other in self.ties]
        steps, given = self.picture.steps, [node.column for node in self.nodes.values()]
        if not steps and all(column is None for column in given):
            gaps = Gaps(column=48) if self.within else Gaps()
            return layered(sizes, pairs, rightmost=not self.picture.timely, gaps=gaps)
        joined = {ref for pair in pairs for ref in pair}
        columns: list[list[str]] = [[] for _ in range(max([len(steps) - 1, *(c or 0 for c in given)]) + 1)]
        for ref, node in self.nodes.items():
            if steps or node.column is not None or ref in joined:
                columns[node.column or 0].append(ref)
        if steps:
            return self._in_bands(columns, sizes)
        return ranked([column for column in columns if column], sizes, pairs, gaps=ON_PAGE)

    def _in_bands(self, waves: list[list[str]], sizes: Mapping[str, Size]) -> Layout:
        """Waves one below the other, each in rows of so many boxes as are read side by side."""
        most = IN_BAND_WITHIN if self.within else IN_BAND
        rows: list[list[str]] = []
        least: list[float] = []
        first: list[int] = []
        for heading, wave in zip(self.headings, waves, strict=False):
            first.append(len(rows))
            rows += [wave[at : at + most] for at in range(0, len(wave), most)] or [[]]
            least += [heading.height, *[0.0] * (len(rows) - len(least) - 1)]
        turned = {ref: Size(size.height, size.width) for ref, size in sizes.items()}
        layout = listed(rows, turned, self.ties, gaps=BETWEEN, least=least).turned()
        for at, end in zip(first, [*first[1:], len(rows)], strict=True):
            (top, _), (bottom, tall) = layout.columns[at], layout.columns[end - 1]
            self.bands.append([ref for row in rows[at:end] for ref in row])
            self.spans.append((top, bottom + tall - top))
        return layout

    def _tie(self) -> dict[Line, _Tie]:
        """The lines: a pair for each two nodes with edges, the one that goes first on the left."""
        timely = self.picture.timely
        found: dict[Line, _Tie] = {}
        for edge in self.picture.edges:
            ends = self._home(edge.source), self._home(edge.target)
            if not self.nodes.keys() >= {*ends} or ends[0] == ends[1]:
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

    def _home(self, ref: str) -> str:
        """The box of a node, or that in which it stands."""
        return ref if ref in self.nodes else self.homes.get(ref, ref)

    # --- drawing ------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """The document, line by line."""
        picture = self.picture
        name = self.within or re.sub(r"\W", "-", f"regcheck-{picture.view}-{picture.state}")
        role = "group" if self.within else "img"  # an image would hide the links in it
        wide, tall = round(self.width), round(self.height)
        fits = "" if not self.within or wide <= BROAD else " broad" if wide <= FITTED else " broad wide"
        scale = SCALE if "wide" in fits else 1
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="regcheck-map{fits}" role="{role}"'
            f' aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {wide} {tall}"'
            f' width="{round(wide * scale)}" height="{round(tall * scale)}">'
        )
        yield f'<title id="{name}-title">{text(picture.title)}</title>'
        yield f'<desc id="{name}-desc">{text(picture.description)}</desc>'
        if not self.within:
            yield f"<style>{style(node.kind for node in picture.nodes)}</style>"
            yield f'<rect class="paper" width="{wide}" height="{tall}"/>'
            yield words(MARGIN, MARGIN + TITLE - 3, picture.title, "title")
            yield words(MARGIN, MARGIN + TITLE + 16, picture.description, "note")
        yield f'<g transform="translate({number(self.left)} {number(self.top)})">'
        yield from self._ground()
        yield from self._ties_drawn()
        yield from self._boxes()
        yield "</g>"
        yield from legend.lines(self.legend, self.margin, self.key)
        yield "</svg>"

    def _ground(self) -> Iterator[str]:
        """What lies below the boxes: the bands of the waves and the arrows between those, or a caption."""
        loose = self.layout.loose
        if loose is not None and any(
            box.y >= loose and self.nodes[ref].kind != MORE for ref, box in self.layout.boxes.items()
        ):
            yield words(0, loose - 12, self.picture.apart, "note")
        edge = -HEAD - bands.PAD
        wide = self.width - 2 * self.margin - self.indent - edge
        for top, tall in self.spans:
            y, high = number(top - bands.PAD), number(tall + 2 * bands.PAD)
            yield f'<rect class="column" x="{edge}" y="{y}" width="{number(wide)}" height="{high}" rx="10"/>'
        place = {heading.ref: span for heading, span in zip(self.headings, self.spans, strict=False)}
        order = list(place)
        for after in self.picture.edges:
            if after.relation == "after" and place.keys() >= {after.source, after.target}:
                near = order.index(after.source) == order.index(after.target) + 1
                drawn = bands.arrow(place[after.target], place[after.source], edge, near=near)
                yield f"{self._line(after.tone, self._says(after))}{drawn}</g>"

    def _boxes(self) -> Iterator[str]:
        """The nodes; a wave goes before what it moves."""
        if not self.bands:
            for ref, box in self.layout.boxes.items():
                yield from self._node(self.nodes[ref], box)
        for heading, (top, _), refs in zip(self.headings, self.spans, self.bands, strict=False):
            yield self._start(heading.ref, heading.said, heading.look)
            yield from heading.lines(-HEAD, top)
            yield self._end(heading.ref)
            for ref in refs:
                yield from self._node(self.nodes[ref], self.layout.boxes[ref])

    def _ties_drawn(self) -> Iterator[str]:
        down = bool(self.bands)
        for pair, tie in self.ties.items():
            order = pair if tuple(map(self._home, pair)) in self.layout.lines else pair[::-1]
            (x, y), *between, (to_x, to_y) = self.layout.lines[self._home(order[0]), self._home(order[1])]
            points = ((x, self._level(order[0], y)), *between, (to_x, self._level(order[1], to_y)))
            tones = {edge.tone for edge in tie.edges}
            tone = "critical" if "critical" in tones else "implied" if tones == {"implied"} else ""
            heads = [
                arrowhead(points[at], points[before], down=down)
                for at, before, ref in ((0, 1, order[0]), (-1, -2, order[1]))
                if ref in tie.heads
            ]
            said = "; ".join(self._says(edge) for edge in tie.edges)
            yield f'{self._line(tone, said)}<path d="{path(points, down=down)}"/>{"".join(heads)}</g>'

    def _level(self, ref: str, y: float) -> float:
        """Where a line ends: at the row that it leads to, at the head of a box with such rows, else `y`."""
        if ref in self.nodes:
            return self.layout.boxes[ref].y + LEAD if ref in self.entered else y
        home = self.nodes[self.homes[ref]]
        at = next(at for at, item in enumerate(home.items) if item.id == ref)
        return self._row(home, self.layout.boxes[home.id], at).middle

    def _row(self, node: Node, box: Box, at: int) -> Box:
        """Where a row in a box is."""
        above = 11 + len(self.texts[node.id]) * LEAD + len(self.notes[node.id]) * (LEAD - 2)
        return Box(box.x + PAD, box.y + above + at * ROW, box.width - 2 * PAD, ROW)

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
        for at, item in enumerate(node.items):
            yield from self._item(item, self._row(node, box, at))

    def _item(self, item: Node, box: Box) -> Iterator[str]:
        """What stands inside a node, on a row of its own."""
        yield self._start(item.id, _name(item), _look(item, "item"))
        x, y, wide, tall = map(number, (box.x - 4, box.y + 1, box.width + 8, box.height - 2))
        yield f'<rect class="row" x="{x}" y="{y}" width="{wide}" height="{tall}" rx="4"/>'
        yield f'<path class="bar" d="M{number(box.x)} {number(box.y + 5)}v{number(box.height - 10)}"/>'
        yield words(
            box.x + INDENT, box.y + 14, cut(plain(item.label), _heft(item), box.width - INDENT), "row-label"
        )
        yield self._end(item.id)

    def _start(self, ref: str, said: str, look: str) -> str:
        """What a node begins with; in a link the tooltip stands first, as the name of the link."""
        href = self.links.get(ref)
        if href is None:
            return f'<g class="{look}">{tooltip(said)}'
        return f'<a href="{escape(href)}">{tooltip(said)}<g class="{look}">'

    def _end(self, ref: str) -> str:
        return "</g></a>" if ref in self.links else "</g>"

    def _says(self, edge: Edge) -> str:
        """An edge in words; what stands for others is called as on the drawing."""
        ends = (self.more.get(ref, ref) for ref in (edge.source, edge.target))
        return f" {edge.relation.replace('-', ' ')} ".join(ends)


def _look(node: Node, what: str) -> str:
    return escape(" ".join((what, kind_class(node.kind), *node.tone.split())))


def _heft(item: Node) -> float:
    """How large the letters of what stands inside a node are for their width: production is bold."""
    return NOTE * BOLD if "production" in item.tone else NOTE


def _name(node: Node) -> str:
    """A node as one says it: its label, its kind, and its note where that is more."""
    said = [node.label] if node.kind in (MORE, node.note.partition(", ")[0]) else [node.label, node.kind]
    return ", ".join([*said, node.note] if node.note else said)
