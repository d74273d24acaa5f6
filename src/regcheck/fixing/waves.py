"""Waves in the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from regcheck.fixing.edits import Fix, Work, apply, replaced
from regcheck.fixing.items import items
from regcheck.fixing.rows import grids
from regcheck.model import Register, Source
from regcheck.reading.values import untyped
from regcheck.reading.yaml_nodes import parse

KIND = "wave"
NUMBER = "number"


def fixes(work: Work) -> Iterator[Fix]:
    """Each table and each YAML list of waves put in order."""
    for grid in grids(work, KIND):
        yield from _ordered(grid.source, grid.register, grid.lines[2:])
    for register in work.verdict.fleet.registers:
        source = work.sources.get(register.source.path)
        if source is None or register.kind.name != KIND or register.shape != "list":
            continue
        if _order(register) and (found := items(source, register)):
            starts = source.starts
            blocks = [
                (starts[first], starts[last] + len(source.line(last + 1))) for first, last in found.blocks
            ]
            yield from _ordered(source, register, blocks)


def _order(register: Register) -> list[int] | None:
    """The places of a register's waves by their numbers; None where they stand so, or one has none."""
    numbers = [entry.get(NUMBER) for entry in register.entries]
    if not all(isinstance(number, int) for number in numbers):
        return None
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    return None if order == sorted(order) else order


def _ordered(source: Source, register: Register, blocks: list[tuple[int, int]]) -> Iterator[Fix]:
    """The fix that puts the texts of the waves in order; what stands between them stays."""
    order = _order(register)
    if order is None:
        return
    texts = [source.text[start:end] for start, end in blocks]
    moved = [(block, texts[at]) for block, at in zip(blocks, order, strict=True) if blocks[at] != block]
    fix = Fix(tuple(replaced(source, start, end, text) for (start, end), text in moved))
    if register.shape == "list":
        before, after = _items(source), _items(Source(source.path, apply(source.text, fix.edits)))
        if [before[at] for at in order] != after:
            return
    yield fix


def _items(source: Source) -> list[Any]:
    """What the items of a YAML list say to the letter: a block of text owns the line ends behind it."""
    node, _ = parse(source)
    found = untyped(node) if node else None
    return found["entries"] if isinstance(found, dict) else []
