"""`regcheck why`: each shortest path by which one entry needs another."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from regcheck.cli import common
from regcheck.errors import UsageError
from regcheck.terminal import Terminal, columns, pad, visible
from regcheck.words import listed, plural

if TYPE_CHECKING:
    from regcheck.graph import FleetGraph, Path

DESCRIPTION = """\
Show why A needs B: each shortest path from one entry to the other over hosts,
needs, lanes and tunnels, with the file and line that says so. Of a lane all hops
are shown, in their order. An entry is `kind:id`; an id that only one entry has,
or an alias, will do.
"""

EXAMPLES = """\
examples:
  regcheck why workload:shop machine:laptop    why production needs a laptop now
  regcheck why shop laptop                     ids alone, where only one entry has them
  regcheck why shop laptop --state target      whether it still does in the end
  regcheck why repo:shop host-1 --state wave:1 --format json
                                               after the first wave, for other tools

exit status: 0 A needs B, 1 it does not in this state, 2 wrong usage.
"""

FORMATS = ("text", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `why`."""
    for name, help in (("source", "the entry that needs"), ("target", "the entry that is needed")):
        action = parser.add_argument(name, metavar="AB"[name == "target"], help=help)
        common.complete(action, "entries")
    help = "the state of the migration: now (default), wave:K or target"
    action = parser.add_argument("--state", metavar="STATE", default="now", help=help)
    common.complete(action, "states")
    common.add_format(parser, FORMATS)


def run(options: argparse.Namespace) -> int:
    """Show the paths; 1 where there is none."""
    graph = common.open_fleet(options)
    state = graph.state(options.state)
    source, target = graph.entry(options.source).ref, graph.entry(options.target).ref
    if source == target:
        raise UsageError(f"`{source}` is one entry: name two")
    paths = graph.why(source, target, state)
    question = f"{visible(source)} needs {visible(target)}"

    def render(name: str, terminal: Terminal) -> str:
        if name == "json":
            return _json(graph, source, target, state, paths)
        lines = _found(question, state, paths, terminal) if paths else _none(graph, source, target, state)
        return "\n".join(lines) + "\n"

    common.deliver(options, FORMATS[0], render)
    return 0 if paths else 1


def _json(graph: FleetGraph, source: str, target: str, state: str, paths: list[Path]) -> str:
    from regcheck.drawing.chains import as_json

    found = [[as_json(edge) for edge in path] for path in paths]
    unknown = [entry.ref for entry in graph.reach.undetermined(state, source)]
    answer = {
        "version": 1,
        "source": source,
        "target": target,
        "state": state,
        "paths": found,
        "undetermined": unknown,
    }
    return json.dumps(answer, indent=1) + "\n"


def _none(graph: FleetGraph, source: str, target: str, state: str) -> Iterator[str]:
    from regcheck.drawing.chains import open_places

    unknown = graph.reach.undetermined(state, source)
    known = ", as far as anybody knows" if unknown else ""
    yield f"{visible(source)} does not need {visible(target)}{known} (state {state})."
    for entry in unknown:
        place = visible(str(entry.position).rpartition(":")[0])
        yield f"  undetermined: {visible(entry.ref)}  {open_places(entry)}  {place}"
    others = [other for other in graph.states if other != state and graph.why(source, target, other)]
    if others:
        yield f"It does in {'the state' if len(others) == 1 else 'the states'} {listed(others)}."
    elif graph.why(target, source, state):
        yield f"It is the other way round: regcheck why {visible(target)} {visible(source)}"


def _found(question: str, state: str, paths: list[Path], terminal: Terminal) -> Iterator[str]:
    head = f"{question} (state {state}): {plural(len(paths), 'shortest path')}"
    yield terminal.paint(head, "strong")
    for path in paths:
        yield ""
        yield from _path(path, terminal)


def _path(path: Path, terminal: Terminal) -> Iterator[str]:
    """A path hop by hop; what stands before the last hop of a lane leads up to it."""
    from regcheck.drawing.chains import place, verb

    reached = path[0].source
    yield f"  {visible(reached)}"
    rows = []
    for edge in path:
        said = f"then {verb(edge)}" if edge.source != reached else verb(edge)
        rows.append((said, visible(edge.target), place(edge)))
        reached = edge.target
    said_width, target_width = (max(columns(row[at]) for row in rows) for at in (0, 1))
    for said, target, where in rows:
        hop = f"{pad(said, said_width)}  {pad(target, target_width)}"
        yield f"    {hop}  {terminal.paint(where, 'faint')}"
