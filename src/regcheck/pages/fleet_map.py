"""Where each entry of the fleet stands on the explorer's one drawing: laid out once, the same in every state.

Entries of a kind stand together, what is needed to the right of what needs it;
kinds with few entries share a column. Of a large fleet each machine has columns
of its own, with what belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, sqrt
from typing import NamedTuple

from regcheck.drawing.layers import Pair, columns
from regcheck.drawing.layout import Size, ranked

BOX = Size(130, 34)
"""What a node takes, in pixels: two lines of a name."""
ACROSS, DOWN = 168, 42
"""From the middle of one node to that of the next one, in the next column or below."""
BESIDE = 146
"""The same between two columns of one kind."""
APART = 130
"""Pixels between the drawings of two machines."""
MOST_TOGETHER = 200
"""Entries that stand in common columns; with more, each machine has its own."""
MOST_SORTED = 800
"""Entries of one drawing that are sorted for few crossings: more of them no order makes readable."""
TALL = 0.7
"""How high the columns are at least, as a part of their width: few nodes stand far apart."""
WIDE = 1.5
"""How much wider than high the whole may be."""

Point = tuple[int, int]


class _Drawing(NamedTuple):
    """The middles of nodes, from the upper left corner of what all of them take."""

    at: dict[str, Point]
    width: int
    height: int


def places(refs: Sequence[str], pairs: Sequence[Pair]) -> dict[str, Point]:
    """The middle of each entry, where the pairs say who needs whom."""
    if not refs:
        return {}
    order = _kinds(refs, pairs)
    if len(refs) <= MOST_TOGETHER:
        return _drawn(refs, pairs, order).at
    drawings = []
    for members in _by_machine(refs, pairs).values():
        among = set(members)
        drawings.append(_drawn(members, [pair for pair in pairs if among.issuperset(pair)], order))
    return _shelved(drawings)


def _kinds(refs: Iterable[str], pairs: Iterable[Pair]) -> dict[str, int]:
    """The column of each kind: a kind that another one needs stands to its right."""
    kinds = list(dict.fromkeys(map(_kind, refs)))
    needs = dict.fromkeys((_kind(source), _kind(target)) for source, target in pairs)
    found = columns(kinds, needs)
    return {
        kind: at for at, kind in enumerate(sorted(kinds, key=lambda kind: (found[kind], kinds.index(kind))))
    }


def _kind(ref: str) -> str:
    return ref.partition(":")[0]


def _drawn(refs: Sequence[str], pairs: Sequence[Pair], order: dict[str, int]) -> _Drawing:
    """The columns of some entries, a long one broken into several side by side."""
    kinds: dict[str, list[str]] = {kind: [] for kind in order}
    for ref in refs:
        kinds[_kind(ref)].append(ref)
    most = max(6, ceil(sqrt(len(refs) * ACROSS / DOWN)))
    cells = _shared({kind: found for kind, found in kinds.items() if found}, pairs, most)
    if len(refs) <= MOST_SORTED:
        boxes = ranked(cells, dict.fromkeys(refs, BOX), pairs).boxes
        cells = [sorted(column, key=lambda ref: (order[_kind(ref)], boxes[ref].y)) for column in cells]
    folds = [(ceil(len(column) / most), column) for column in cells]
    width = sum(ACROSS + (parts - 1) * BESIDE for parts, _ in folds) - ACROSS + BOX.width
    height = max(max(ceil(len(column) / parts) for parts, column in folds) * DOWN, width * TALL)
    at: dict[str, Point] = {}
    x = BOX.width / 2
    for parts, column in folds:
        each = ceil(len(column) / parts)
        pitch = height / each
        for number, ref in enumerate(column):
            part, row = divmod(number, each)
            at[ref] = (round(x + part * BESIDE), round((row + 0.5) * pitch))
        x += (parts - 1) * BESIDE + ACROSS
    return _Drawing(at, round(width), round(height))


def _shared(kinds: dict[str, list[str]], pairs: Iterable[Pair], most: int) -> list[list[str]]:
    """The columns of kinds in their order, no two in one of which one needs the other.

    A kind goes into the first column behind those of its neighbours that has room
    for it beside the tallest one; so a drawing is no wider than it has to be.
    """
    near: dict[str, set[str]] = {kind: set() for kind in kinds}
    for source, target in dict.fromkeys((_kind(source), _kind(target)) for source, target in pairs):
        near[source].add(target)
        near[target].add(source)
    tallest = max(ceil(len(found) / ceil(len(found) / most)) for found in kinds.values())
    column: dict[str, int] = {}
    cells: list[list[str]] = []
    for kind, found in kinds.items():
        first = max((column[other] + 1 for other in near[kind] if other in column), default=0)
        free = (at for at in range(first, len(cells)) if len(cells[at]) + len(found) <= tallest)
        column[kind] = next(free, len(cells))
        if column[kind] == len(cells):
            cells.append([])
        cells[column[kind]] += found
    return cells


def _by_machine(refs: Sequence[str], pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """The entries by the machine that they need by the fewest steps, the first one of several."""
    needing: dict[str, list[str]] = {}
    for source, target in pairs:
        needing.setdefault(target, []).append(source)
    home = {ref: ref for ref in refs if ref.startswith("machine:")}
    queue = list(home)
    for ref in queue:
        for source in needing.get(ref, ()):
            if source not in home:
                home[source] = home[ref]
                queue.append(source)
    found: dict[str, list[str]] = {ref: [] for ref in home.values()}
    for ref in refs:
        found.setdefault(home.get(ref, ""), []).append(ref)
    return found


def _shelved(drawings: Sequence[_Drawing]) -> dict[str, Point]:
    """Drawings side by side on shelves, in their order."""
    area = sum((one.width + APART) * (one.height + APART) for one in drawings)
    most = max([sqrt(area) * WIDE, *(one.width for one in drawings)])
    found: dict[str, Point] = {}
    x = y = tall = 0
    for one in drawings:
        if x and x + one.width > most:
            x, y, tall = 0, y + tall + APART, 0
        found.update((ref, (x + left, y + top)) for ref, (left, top) in one.at.items())
        x, tall = x + one.width + APART, max(tall, one.height)
    return found
