"""The columns of register tables, pipes under pipes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from regcheck.fixing.edits import Fix, Work, replaced
from regcheck.fixing.rows import Grid, grids
from regcheck.terminal import columns

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""A tab, or worse: nobody knows how wide it is."""
NARROWEST = 3
"""Columns of a cell: dashes in the delimiter row."""
MOST_GROWTH = 10
"""Times its size that a table may take to be aligned: a page in one cell is not worth blanks in all."""


def fixes(work: Work) -> Iterator[Fix]:
    """Each table aligned whose pipes do not stand under one another."""
    for grid in grids(work):
        if _pipes(grid) and (new := _aligned(grid)):
            edits = [replaced(grid.source, *line, text) for line, text in zip(grid.lines, new, strict=True)]
            changed = [edit for edit in edits if edit.text != grid.text[edit.start : edit.end]]
            yield Fix(tuple(changed))


def _pipes(grid: Grid) -> bool:
    """Whether the pipes stand in different columns, in a table of which all rows are written alike."""
    text = grid.text
    styles, places = set(), set()
    for (start, end), row in zip(grid.lines, grid.cells, strict=True):
        gaps = [(start, row[0].start), *((a.end, b.start) for a, b in pairwise(row)), (row[-1].end, end)]
        said = [text[slice(*gap)].strip() for gap in gaps]
        if CONTROL.search(text, start, end) or any(pipe != "|" for pipe in said[1:-1]):
            return False
        styles.add((said[0], said[-1]))
        at = [text.index("|", *gap) for gap, pipe in zip(gaps, said, strict=True) if pipe]
        places.add(tuple(columns(text[start:pipe]) for pipe in at))
    return len(styles) == 1 and len(places) > 1


def _aligned(grid: Grid) -> list[str] | None:
    """The lines of a table with cells of one width; None where that would blow it up."""
    header, delimiter, *rows = grid.cells
    widths = [
        max(NARROWEST, *(columns(cell.text) for cell in column)) for column in zip(header, *rows, strict=True)
    ]
    written = grid.lines[-1][1] - grid.lines[0][0]
    if sum(widths) * len(grid.lines) > MOST_GROWTH * written:
        return None
    return [
        _line(
            grid.text[slice(*line)],
            grid.text[row[-1].end : line[1]].strip(),
            [
                _dashes(under.text, width) if row is delimiter else _justified(cell.text, width, under.text)
                for cell, under, width in zip(row, delimiter, widths, strict=True)
            ],
        )
        for line, row in zip(grid.lines, grid.cells, strict=True)
    ]


def _line(written: str, last: str, cells: list[str]) -> str:
    """A row with these cells, with or without its outer pipes as it is written."""
    row = written.rstrip()
    start = "| " if row.startswith("|") else ""
    end = f" {last}" if last else ""  # an escaped pipe is its cell's
    body = f"{start}{' | '.join(cells)}{end}"
    return body.rstrip() + written[len(row) :]


def _dashes(delimiter: str, width: int) -> str:
    left, right = delimiter[0] == ":", delimiter[-1] == ":"
    return ":" * left + "-" * (width - left - right) + ":" * right


def _justified(text: str, width: int, delimiter: str) -> str:
    """A cell as wide as its column, on the side that the delimiter row says."""
    left, right = delimiter[0] == ":", delimiter[-1] == ":"
    free = width - columns(text)
    before = (free // 2 if left else free) if right else 0
    return " " * before + text + " " * (free - before)
