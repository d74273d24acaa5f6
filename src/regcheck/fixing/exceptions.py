"""Exceptions that nothing needs any more, removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from regcheck.catalogue import catalogue
from regcheck.fixing.edits import Edit, Fix, Said, Work, replaced, said
from regcheck.fixing.items import Items, items
from regcheck.fixing.rows import grids
from regcheck.model import Position, Source
from regcheck.silencing.exceptions import KIND

UNUSED = "unused-exception"
KEY_END = re.compile(r"[\"']?[ \t]*:(?=[ \t]*(?:#|[\r\n]))")


def fixes(work: Work) -> Iterator[Fix]:
    """The row or the item of each unused exception removed; an entry document stays."""
    unused = _unused(work)
    if not unused:
        return
    for grid in grids(work, KIND):
        for entry, (start, end) in zip(grid.register.entries, grid.lines[2:], strict=True):
            if entry.position in unused:
                row = replaced(grid.source, start, _next_line(grid.source, end), "")
                yield Fix((row,), (unused[entry.position],))
    for register in work.verdict.fleet.registers:
        source = work.sources.get(register.source.path)
        if source is None or register.kind.name != KIND or register.shape != "list":
            continue
        found = items(source, register) if any(e.position in unused for e in register.entries) else None
        for index, entry in enumerate(register.entries if found else ()):
            if found and entry.position in unused and (edits := _without(source, found, index)):
                yield Fix(edits, (unused[entry.position],))


def _unused(work: Work) -> dict[Position, Said]:
    """The findings on exceptions from known rules, by place: the name of another may just be misspelt."""
    rules = catalogue()
    found: dict[Position, Said] = {}
    for finding in work.verdict.findings:
        exception = work.verdict.fleet.get(finding.entry) if finding.rule == UNUSED else None
        rule = str(exception.get("rule")) if exception else ""
        if exception and rule in rules and rules.rule(rule).allows_exceptions:
            found[exception.position] = said(finding)
    return found


def _without(source: Source, found: Items, index: int) -> tuple[Edit, ...]:
    """The edits that remove an item with its comments, and the blank lines that set it apart."""
    starts, blocks = source.starts, found.blocks
    first, last = blocks[index]
    after = starts[last + 1] if last + 1 < len(starts) else len(source.text)
    if index + 1 < len(blocks):
        return (replaced(source, starts[first], starts[blocks[index + 1][0]], ""),)
    if index:
        return (replaced(source, starts[blocks[index - 1][1] + 1], after, ""),)
    colon = KEY_END.match(source.text, found.key.end)
    if colon is None:  # an anchor stands there, or worse
        return ()
    empty = replaced(source, colon.end(), colon.end(), " []")
    return empty, replaced(source, starts[first], after, "")


def _next_line(source: Source, end: int) -> int:
    """The start of the line after the one that ends at an offset."""
    line = source.position((end, end)).line
    return source.starts[line] if line < len(source.starts) else len(source.text)
