"""Exceptions that nothing needs any more, removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from regcheck.catalogue import catalogue
from regcheck.fixing.edits import Edit, Fix, Said, Work, replaced, said, span
from regcheck.fixing.items import Items, items
from regcheck.fixing.rows import grids
from regcheck.fixing.spelling import meant
from regcheck.model import Entry, Finding, Guess, Position, Source
from regcheck.silencing.exceptions import KIND
from regcheck.words import close

UNUSED = "unused-exception"
REMARK = re.compile(r"(?<!\S)#")
KEY_END = re.compile(r"[\"']?[ \t]*:(?=[ \t]*(?:#|[\r\n]))")


def fixes(work: Work) -> Iterator[Fix]:
    """The row or the item of each unused exception removed; an entry document stays."""
    unused = _unused(work)
    if not unused:
        return
    met = work.verdict.fleet.doubt
    doubt = f"it may be needed again when {met} is mended" if met else ""
    for grid in grids(work, KIND):
        for entry, (start, end) in zip(grid.register.entries, grid.lines[2:], strict=True):
            if entry.position in unused and "<!--" not in grid.text[start:end]:
                row = replaced(grid.source, start, _next_line(grid.source, end), "")
                yield Fix((row,), (unused[entry.position],), entry.ref, doubt)
    for register in work.verdict.fleet.registers:
        source = work.sources.get(register.source.path)
        if source is None or register.kind.name != KIND or register.shape != "list":
            continue
        found = items(source, register) if any(e.position in unused for e in register.entries) else None
        for index, entry in enumerate(register.entries if found else ()):
            if found and entry.position in unused and (edits := _without(source, found, index)):
                yield Fix(edits, (unused[entry.position],), entry.ref, doubt)


def misspelt(work: Work) -> Iterator[Fix]:
    """The right name of the rule in each exception from a rule that is misspelt."""
    rules = catalogue()
    for exception, finding in _found(work):
        source, position = work.sources.get(finding.position.path), exception.at("rule")
        word = str(exception.get("rule"))
        if source is None or finding.position != position or word in rules or word in rules.groups:
            continue
        right = meant(Guess(word, tuple(close(word, [*rules.groups, *rules]))), closed=False)
        start, end = span(source, position)
        if right and right in rules and source.text.count(word, start, end) == 1:
            at = source.text.index(word, start, end)
            yield Fix((replaced(source, at, at + len(word), right),), (said(finding),), exception.ref)


def _unused(work: Work) -> dict[Position, Said]:
    """The findings on exceptions from known rules, by place: the name of another may just be misspelt."""
    rules = catalogue()
    found: dict[Position, Said] = {}
    for exception, finding in _found(work):
        rule = str(exception.get("rule"))
        if rule in rules and rules.rule(rule).allows_exceptions:
            found[exception.position] = said(finding)
    return found


def _found(work: Work) -> Iterator[tuple[Entry, Finding]]:
    for finding in work.verdict.findings:
        if finding.rule == UNUSED and (exception := work.verdict.fleet.get(finding.entry)):
            yield exception, finding


def _without(source: Source, found: Items, index: int) -> tuple[Edit, ...]:
    """The edits that remove an item, and the blank lines that set it apart; the comment above it stays.

    An item with a comment in it stays as well: only people know where that belongs.
    """
    starts, blocks = source.starts, found.blocks
    dash, (head, last) = found.dashes[index], blocks[index]
    after = starts[last + 1] if last + 1 < len(starts) else len(source.text)
    if REMARK.search(source.text, starts[dash], after):
        return ()
    if index + 1 < len(blocks):
        return (replaced(source, starts[dash], starts[blocks[index + 1][0]], ""),)
    if index:
        first = blocks[index - 1][1] + 1 if head == dash else dash
        return (replaced(source, starts[first], after, ""),)
    colon = KEY_END.match(source.text, found.key.end)
    if colon is None:  # an anchor stands there, or worse
        return ()
    empty = replaced(source, colon.end(), colon.end(), " []")
    return empty, replaced(source, starts[dash], after, "")


def _next_line(source: Source, end: int) -> int:
    """The start of the line after the one that ends at an offset."""
    line = source.position((end, end)).line
    return source.starts[line] if line < len(source.starts) else len(source.text)
