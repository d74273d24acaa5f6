"""Where the boxes and lines of a layered drawing go: deterministic, and without a line of SVG.

The steps, of which layers.py has the first two, are those of Sugiyama, Tagawa and Toda ("Methods for visual
understanding of hierarchical system structures", IEEE Trans. SMC 11, 1981):
cycles are broken, nodes put into columns, the nodes of a column ordered by the
barycentres of their neighbours so that few lines cross, and then given heights
near those of their neighbours. Columns run from left to right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from regcheck.drawing import layers
from regcheck.drawing.layers import Pair

PASSES = 12
"""Sweeps over the columns to reduce crossings; more seldom changes anything."""
MOST_PASSES = 60
"""Sweeps after which even a drawing that still gets better is taken as it is."""


class Size(NamedTuple):
    """Width and height of a box, in pixels."""

    width: float
    height: float


class Gaps(NamedTuple):
    """Space between things, in pixels."""

    column: float = 90
    row: float = 14
    line: float = 8
    """Between two lines that pass a column."""


GAPS = Gaps()

BEND = "\0"
"""What the name of a bend starts with, and no node's."""


Point = tuple[float, float]
Points = tuple[Point, ...]


def turned(points: Points) -> Points:
    """The same points where columns are rows."""
    return tuple((y, x) for x, y in points)


class Box(NamedTuple):
    """Where a node is: its upper left corner, and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height at which lines arrive and leave."""
        return self.y + self.height / 2


class Layout(NamedTuple):
    """A finished layout: boxes by node, and the points that each line passes."""

    boxes: dict[str, Box]
    lines: dict[Pair, Points]
    """A line of three points is a bow: it comes back to the side that it left."""
    columns: tuple[tuple[float, float], ...]
    """The left side and the width of each column."""
    width: float
    height: float
    loose: float | None = None
    """Where the rows of what no line joins begin, if they stand below something else."""

    def turned(self) -> Layout:
        """The same with rows from the top down, each from left to right, instead of columns."""
        return Layout(
            {node: Box(box.y, box.x, box.height, box.width) for node, box in self.boxes.items()},
            {pair: turned(points) for pair, points in self.lines.items()},
            self.columns,
            self.height,
            self.width,
        )


def layered(
    sizes: Mapping[str, Size], pairs: Iterable[Pair], *, rightmost: bool = False, gaps: Gaps = GAPS
) -> Layout:
    """Lay out nodes from left to right along the pairs that join them.

    A node's column is its longest path from the left, or with `rightmost` that
    to the right, so that what leads to nothing else stands in the last column.
    Nodes that no line joins go below the others.
    """
    pairs = list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
    joined = {node for pair in pairs for node in pair}
    drawn = [node for node in sizes if node in joined]
    forward = layers.without_cycles(drawn, pairs)
    columns = (layers.rightmost if rightmost else layers.leftmost)(drawn, forward)
    grid = _Grid(_cells(drawn, columns), forward)
    grid.order()
    layout = grid.place(sizes, gaps)
    loose = [node for node in sizes if node not in joined]
    return _add_loose(layout, loose, sizes, gaps) if loose else layout


def listed(
    columns: Sequence[Sequence[str]],
    sizes: Mapping[str, Size],
    pairs: Iterable[Pair],
    *,
    gaps: Gaps = GAPS,
    least: Sequence[float] = (),
) -> Layout:
    """Lay out columns that are given, each as a list that starts at the top.

    Lines that pass a column go below its list. A column is as wide as its
    widest node, and no narrower than `least` says of it.
    """
    known = {node for column in columns for node in column}
    pairs = list(dict.fromkeys(p for p in pairs if p[0] != p[1] and known.issuperset(p)))
    grid = _Grid(columns, pairs)
    grid.order(lists=True)
    return grid.place(sizes, gaps, lists=True, least=least)


def ranked(
    columns: Sequence[Sequence[str]], sizes: Mapping[str, Size], pairs: Iterable[Pair], *, gaps: Gaps = GAPS
) -> Layout:
    """Lay out columns that are given, each in an order in which few lines cross, near its neighbours.

    Nodes that are in none go below the others.
    """
    known = {node for column in columns for node in column}
    grid = _Grid(columns, list(dict.fromkeys(p for p in pairs if p[0] != p[1] and known.issuperset(p))))
    grid.order()
    layout = grid.place(sizes, gaps)
    loose = [node for node in sizes if node not in known]
    return _add_loose(layout, loose, sizes, gaps) if loose else layout


def _cells(nodes: Sequence[str], column: Mapping[str, int]) -> list[list[str]]:
    cells: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node in nodes:
        cells[column[node]].append(node)
    return cells


class _Grid:
    """Columns of cells: nodes, and the bends of lines that pass a column."""

    def __init__(self, columns: Sequence[Sequence[str]], pairs: Sequence[Pair]) -> None:
        self.columns = [list(column) for column in columns]
        column = {node: at for at, nodes in enumerate(columns) for node in nodes}
        self.left: dict[str, list[str]] = {}
        self.right: dict[str, list[str]] = {}
        self.chains: dict[Pair, list[str]] = {}
        for number, (source, target) in enumerate(pairs):
            start, end = (source, target) if column[source] <= column[target] else (target, source)
            chain = [start]
            for at in range(column[start] + 1, column[end]):
                bend = f"{BEND}{number}.{at}"
                self.columns[at].append(bend)
                chain.append(bend)
            chain.append(end)
            self.chains[source, target] = chain
            if column[start] != column[end]:
                for one, other in pairwise(chain):
                    self.right.setdefault(one, []).append(other)
                    self.left.setdefault(other, []).append(one)

    def order(self, *, lists: bool = False) -> None:
        """Sweep right and left by barycentres; keep the order with the fewest crossings.

        The sweeps go on from where the last one led, fewer crossings or not; in the
        end none from the order that is kept would leave fewer. With `lists` nodes
        keep their order, and only bends are sorted.
        """
        best, fewest = [list(column) for column in self.columns], self.crossings()
        for sweep in range(PASSES):
            if not fewest:
                break
            self.sweep(rightward=sweep % 2 == 0, lists=lists)
            crossings = self.crossings()
            if crossings < fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        vain = sweep = 0
        while fewest and vain < 2 and sweep < MOST_PASSES:  # noqa: PLR2004 (one in each direction)
            self.columns = [list(column) for column in best]
            self.sweep(rightward=sweep % 2 == 0, lists=lists)
            sweep += 1
            crossings = self.crossings()
            vain = 0 if crossings < fewest else vain + 1
            if crossings < fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        self.columns = best

    def sweep(self, *, rightward: bool, lists: bool = False) -> None:
        """Order each column by the one before it, from the left to the right or back."""
        rank = {cell: at for cells in self.columns for at, cell in enumerate(cells)}
        near = self.left if rightward else self.right
        for column in self.columns if rightward else reversed(self.columns):
            _sort(column, near, rank, lists=lists)

    def crossings(self) -> int:
        """How many lines cross between neighbouring columns (counted with a Fenwick tree)."""
        total = 0
        for column, following in pairwise(self.columns):
            rank = {cell: at for at, cell in enumerate(following)}
            ends = [e for cell in column for e in sorted(rank[o] for o in self.right.get(cell, ()))]
            tree = [0] * (len(following) + 1)
            for seen, end in enumerate(ends):
                not_after, at = 0, end + 1
                while at:
                    not_after += tree[at]
                    at &= at - 1
                total += seen - not_after
                at = end + 1
                while at <= len(following):
                    tree[at] += 1
                    at += at & -at
        return total

    def place(
        self, sizes: Mapping[str, Size], gaps: Gaps, *, lists: bool = False, least: Sequence[float] = ()
    ) -> Layout:
        """Give every cell its coordinates, every line its points."""
        height = {c: sizes[c].height if c in sizes else 0.0 for cells in self.columns for c in cells}
        middle = self._lists(height, gaps) if lists else _closed_up(self._middles(height, gaps), height, gaps)
        top = min((middle[c] - height[c] / 2 for c in middle), default=0.0)
        cell_boxes: dict[str, Box] = {}
        x, sides = 0.0, []
        for at, cells in enumerate(self.columns):
            width = max([*least[at : at + 1], *(sizes[c].width for c in cells if c in sizes)], default=0.0)
            sides.append((x, width))
            for cell in cells:
                cell_boxes[cell] = Box(x, middle[cell] - height[cell] / 2 - top, width, height[cell])
            x += width + gaps.column
        following = {pair for cells in self.columns for pair in pairwise(cells)}
        lines = {}
        for pair, chain in self.chains.items():
            points = _points(chain, cell_boxes, following, 0.6 * gaps.column)
            lines[pair] = points if chain[0] == pair[0] else points[::-1]
        boxes = {cell: box for cell, box in cell_boxes.items() if cell in sizes}
        wide = max([x - gaps.column, *(at for points in lines.values() for at, _ in points)])
        tall = max((box.y + box.height for box in cell_boxes.values()), default=0.0)
        return Layout(boxes, lines, tuple(sides), max(wide, 0.0), tall)

    def _lists(self, height: Mapping[str, float], gaps: Gaps) -> dict[str, float]:
        """Heights that start each column at the top; below its list a line runs on to where it arrives."""
        middle: dict[str, float] = {}
        for cells in reversed(self.columns):
            offsets = _apart(cells, height, gaps)
            start = height[cells[0]] / 2 if cells else 0.0
            middle.update((cell, start + at) for cell, at in zip(cells, offsets, strict=True))
            bends = [cell for cell in cells if cell.startswith(BEND)]
            onward = [middle[self.right[cell][0]] for cell in bends]
            spread = _spread(onward, offsets[len(cells) - len(bends) :])
            middle.update((cell, max(at, middle[cell])) for cell, at in zip(bends, spread, strict=True))
        return middle

    def _middles(self, height: Mapping[str, float], gaps: Gaps) -> dict[str, float]:
        """Heights near those of the neighbours, in the order of each column."""
        middle: dict[str, float] = {}
        apart = {id(cells): _apart(cells, height, gaps) for cells in self.columns}
        for cells in self.columns:
            offsets = apart[id(cells)]
            for cell, offset in zip(cells, offsets, strict=True):
                middle[cell] = offset - (offsets[-1] / 2 if offsets else 0)
        for sweep in range(PASSES):
            both = sweep >= PASSES - 4
            rightward = sweep % 2 == 0
            for cells in self.columns if rightward else reversed(self.columns):
                wanted = []
                for cell in cells:
                    near = list(self.left.get(cell, ())) if rightward or both else []
                    near += self.right.get(cell, ()) if both or not rightward else ()
                    wanted.append(_median([middle[o] for o in near]) if near else middle[cell])
                middle.update(zip(cells, _spread(wanted, apart[id(cells)]), strict=True))
        return middle


def _sort(column: list[str], near: Mapping[str, list[str]], rank: dict[str, int], *, lists: bool) -> None:
    """Order a column by the barycentres of its neighbours; with `lists` nodes stay where they are."""

    def place(cell: str) -> tuple[float, ...]:
        if lists and not cell.startswith(BEND):
            return (0, rank[cell])
        others = near.get(cell)
        barycentre = sum(rank[other] for other in others) / len(others) if others else rank[cell]
        return (1, barycentre, rank[cell])

    column.sort(key=place)
    rank.update((cell, at) for at, cell in enumerate(column))


def _closed_up(middle: Mapping[str, float], height: Mapping[str, float], gaps: Gaps) -> dict[str, float]:
    """The same heights without the bands, across all columns, in which nothing lies."""
    found: dict[str, float] = {}
    reached, shift = None, 0.0
    for cell in sorted(middle, key=lambda cell: middle[cell] - height[cell] / 2):
        start, end = middle[cell] - height[cell] / 2, middle[cell] + height[cell] / 2
        if reached is not None and start - reached > 2 * gaps.row:
            shift += start - reached - 2 * gaps.row
        reached = end if reached is None else max(reached, end)
        found[cell] = middle[cell] - shift
    return found


def _apart(cells: Sequence[str], height: Mapping[str, float], gaps: Gaps) -> list[float]:
    """How far below the first cell of a column each one is at least."""
    offsets: list[float] = []
    for at, cell in enumerate(cells):
        if not at:
            offsets.append(0.0)
            continue
        before = cells[at - 1]
        gap = gaps.row if height[cell] or height[before] else gaps.line
        offsets.append(offsets[-1] + (height[before] + height[cell]) / 2 + gap)
    return offsets


def _median(values: list[float]) -> float:
    values.sort()
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _spread(wanted: Sequence[float], offsets: Sequence[float]) -> list[float]:
    """The heights nearest to those wanted that keep the order and the distances.

    Least squares under a chain of order constraints: pool adjacent violators
    (Ayer and others, Annals of Mathematical Statistics 26, 1955).
    """
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        total, count = want - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            before, many = pools.pop()
            total, count = total + before, count + many
        pools.append((total, count))
    bases = [total / count for total, count in pools for _ in range(count)]
    return [base + offset for base, offset in zip(bases, offsets, strict=True)]


def _points(
    chain: Sequence[str], boxes: Mapping[str, Box], following: Collection[Pair], widest: float
) -> Points:
    """Where a line leaves its first box, passes the bends, and arrives.

    Within one column it leads straight to the next box, and to any other one in
    a bow on the right, which is no wider than `widest`.
    """
    first, *bends, last = (boxes[cell] for cell in chain)
    if first.x < last.x:
        passed = [(x, bend.y) for bend in bends for x in (bend.x, bend.x + bend.width)]
        return ((first.x + first.width, first.middle), *passed, (last.x, last.middle))
    if (chain[0], chain[1]) in following:
        return ((x := first.x + first.width / 2, first.y + first.height), (x, last.y))
    if (chain[1], chain[0]) in following:
        return ((x := first.x + first.width / 2, first.y), (x, last.y + last.height))
    side, apart = first.x + first.width, abs(first.middle - last.middle)
    bow = side + min(14 + apart / 6, 36, widest)
    return ((side, first.middle), (bow, (first.middle + last.middle) / 2), (side, last.middle))


def _add_loose(layout: Layout, loose: Sequence[str], sizes: Mapping[str, Size], gaps: Gaps) -> Layout:
    """Rows of what no line joins to anything, below the rest."""
    boxes = dict(layout.boxes)
    widest = max(sizes[node].width for node in loose)
    width = max(layout.width, min(len(loose), 4) * (widest + gaps.row) - gaps.row)
    fits = max(1, int((width + gaps.row) // (widest + gaps.row)))
    start = y = layout.height + (3 * gaps.row if layout.boxes else 0)
    for at in range(0, len(loose), fits):
        row = loose[at : at + fits]
        tall = max(sizes[node].height for node in row)
        for place, node in enumerate(row):
            boxes[node] = Box(place * (widest + gaps.row), y, widest, sizes[node].height)
        y += tall + gaps.row
    below = start if layout.boxes else None
    return layout._replace(boxes=boxes, width=width, height=y - gaps.row, loose=below)
