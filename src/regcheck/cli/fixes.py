"""What `--fix` and `--diff` do for `regcheck check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from regcheck.check import check
from regcheck.cli import common
from regcheck.errors import UsageError
from regcheck.fixing import Mended, mend
from regcheck.fixing.changes import difference, save, tidy
from regcheck.model import Tree
from regcheck.terminal import Terminal, visible
from regcheck.verdict import Verdict
from regcheck.words import plural
from regcheck.writing import Changed

STYLES = {"-": "error", "+": "good", "@": "code"}


def show(options: argparse.Namespace, tree: Tree, paths: Sequence[str], verdict: Verdict) -> int:
    """Print what `--fix` would change; 1 where that is anything."""
    mended = _mended(options, tree, paths, verdict)
    changes = mended.changes
    _remark(mended)
    lines: list[str] = []
    for change in changes:
        try:
            lines += difference(tree.root, change)
        except (Changed, OSError) as error:
            raise UsageError(f"{change.path} has changed while it was checked: run this again") from error
    if sys.stdout.isatty():
        lines = [_shown(line, common.terminal(options)) for line in lines]
    elif reconfigure := getattr(sys.stdout, "reconfigure", None):
        reconfigure(encoding="utf-8", newline="")  # a patch holds the bytes of the files
    common.put("".join(lines))
    return int(bool(changes))


def _shown(line: str, terminal: Terminal) -> str:
    """A line of a patch for people: coloured, and with nothing in it that steers a terminal."""
    text = visible(line.removesuffix("\n"))
    return f"{terminal.paint(text, STYLES[line[0]]) if line[0] in STYLES else text}\n"


def write(
    options: argparse.Namespace, tree: Tree, paths: Sequence[str], verdict: Verdict
) -> tuple[Verdict, bool]:
    """Fix the files; the verdict on what is left, and whether all of them could be written."""
    tidy(tree.root, [source.path for source in verdict.fleet.sources])
    mended = _mended(options, tree, paths, verdict)
    refused = save(tree.root, mended.changes)
    for path, why in refused.items():
        common.note(f"{path} is not fixed: {why}")
    saved = [change.path for change in mended.changes if change.path not in refused]
    if saved:
        places = sum(mended.places[path] for path in saved)
        common.note(f"fixed {plural(places, 'place')} in {plural(len(saved), 'file')}")
    _remark(mended)
    if mended.changes and (refused or options.select):
        left = check(tree, select=options.select, ignore=options.ignore, today=verdict.today)
        return left, not refused
    return (verdict if options.select else mended.verdict), not refused


def _remark(mended: Mended) -> None:
    """Say which findings could be fixed and are not, and why."""
    for path, line, column, ends, why in mended.held_back:
        if ends:
            common.note(f"{path}:{line}:{column} is not fixed: {why}")
    if mended.untried:
        more = "run this again" if mended.changes else "fix some by hand first"
        common.note(f"{plural(mended.untried, 'more fix', 'more fixes')} not tried: {more}")


def _mended(options: argparse.Namespace, tree: Tree, paths: Sequence[str], verdict: Verdict) -> Mended:
    """With `--select` only findings of these rules are fixed, but all rules judge what comes of it."""

    def judge(texts: Mapping[str, str]) -> Verdict:
        return check(tree, ignore=options.ignore, today=verdict.today, texts=texts)

    if not options.select:
        return mend(verdict, judge, tree.root, paths=paths)
    return mend(judge({}), judge, tree.root, paths=paths, rules=verdict.rules)
