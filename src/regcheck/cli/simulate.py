"""`regcheck simulate`: which production is down or degraded when machines are off."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from regcheck.cli import common
from regcheck.errors import UsageError
from regcheck.terminal import Terminal, visible
from regcheck.words import did_you_mean, listed, plural

if TYPE_CHECKING:
    from regcheck.graph import FleetGraph, Outage
    from regcheck.model import Entry

DESCRIPTION = """\
Show what an outage does: which production is down, and which degraded because
only a lane leads to the machine; the path that proves each; what nobody knows the
place of, so that a zero can be trusted; from which state on nothing is affected,
and which tasks that takes.
"""

EXAMPLES = """\
examples:
  regcheck simulate --offline laptop                  now
  regcheck simulate --offline laptop --state target   and when the migration is over
  regcheck simulate --offline host-1,host-2           several machines at once
  regcheck simulate --offline laptop --done T04,T05   as if these tasks were finished
  regcheck simulate --matrix                          every machine in every state

exit status: 0 no production is affected (always 0 with --matrix), 1 some is,
2 wrong usage.
"""

FORMATS = ("text", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `simulate`."""
    help = "the machines that are off, by id or alias; repeatable"
    action = parser.add_argument(
        "--offline", metavar="MACHINE[,…]", action="extend", type=_names, default=[], help=help
    )
    common.complete(action, "machines")
    help = "the state of the migration: now (default), wave:K or target"
    action = parser.add_argument("--state", metavar="STATE", help=help)
    common.complete(action, "states")
    help = "as if these tasks were finished, and what they move had moved; repeatable"
    action = parser.add_argument(
        "--done", metavar="TASK[,…]", action="extend", type=_names, default=[], help=help
    )
    common.complete(action, "tasks")
    help = "count what each machine's outage affects in each state"
    parser.add_argument("--matrix", action="store_true", help=help)
    common.add_format(parser, FORMATS)


def _names(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := part.strip())]


def run(options: argparse.Namespace) -> int:
    """Switch the machines off; 1 where production is affected."""
    from regcheck.graph import FleetGraph

    offline = options.offline
    if options.matrix and (offline or options.state is not None):
        raise UsageError("--matrix shows every machine in every state: leave --offline and --state out")
    if not options.matrix and not offline:
        raise UsageError("say which machines are off (--offline MACHINE), or ask for all of them (--matrix)")
    graph = common.open_fleet(options)
    done = frozenset(_task(graph, name).ref for name in options.done)
    graph = FleetGraph(graph.fleet, done) if done else graph
    if options.matrix:
        common.deliver(options, FORMATS[0], lambda name, terminal: _matrix(graph, name, terminal))
        return 0
    machines = [_machine(graph, name).ref for name in offline]
    outage = graph.outage(machines, graph.state(options.state or "now"))

    def render(name: str, terminal: Terminal) -> str:
        if name == "json":
            return _json(outage)
        return "\n".join(_text(graph, outage, terminal)) + "\n"

    common.deliver(options, FORMATS[0], render)
    return int(bool(outage.affected))


def _machine(graph: FleetGraph, name: str) -> Entry:
    """The machine of an id, an alias or `machine:id`; raises UsageError, with a suggestion."""
    known = graph.fleet.names["machine"]
    if (found := known.get(name.removeprefix("machine:"))) is not None:
        return found
    guess = did_you_mean(name.removeprefix("machine:"), known)
    names = listed([f"`{ref}`" for ref in graph.fleet.of("machine")], "or")
    raise UsageError(f"there is no machine `{name}`: {guess or f'write {names}'}")


def _task(graph: FleetGraph, name: str) -> Entry:
    """The task of an id, of `task:id`, or of a short id that only one task has; raises UsageError."""
    known = graph.fleet.of("task")
    bare = name.removeprefix("task:")
    if (found := known.get(bare)) is not None:
        return found
    ends = [task for id_, task in known.items() if id_.endswith(f"-{bare}")]
    if len(ends) == 1:
        return ends[0]
    if ends:
        names = listed([f"`{task.id}`" for task in ends], "or")
        raise UsageError(f"the task `{bare}` could be {names}: write it out")
    guess = did_you_mean(bare, known)
    raise UsageError(f"there is no task `{bare}`" + (f": {guess}" if guess else ""))


def _json(outage: Outage) -> str:
    affected = [
        {
            "id": hit.entry.ref,
            "effect": hit.effect,
            "path": [hit.entry.ref, *(edge.target for edge in hit.path)],
        }
        for hit in outage.affected
    ]
    answer = {
        "version": 1,
        "offline": list(outage.offline),
        "state": outage.state,
        "affected": affected,
        "undetermined": [entry.ref for entry in outage.undetermined],
        "safe_from": outage.safe_from,
        "tasks": list(outage.tasks),
    }
    return json.dumps(answer, indent=1) + "\n"


def _text(graph: FleetGraph, outage: Outage, terminal: Terminal) -> Iterator[str]:
    off = listed([visible(ref.partition(":")[2]) for ref in outage.offline])
    count = plural(len(outage.affected), "production node") if outage.affected else "no production"
    style = "error" if outage.affected else "good"
    yield terminal.paint(f"{off} off, state {outage.state}: {count} affected", style)
    for effect in ("down", "degraded"):
        yield from _hits(outage, effect, terminal)
    if outage.undetermined:
        from regcheck.drawing.chains import open_places

        yield ""
        head = "Undetermined: nobody knows enough of these, so they could be affected too"
        yield terminal.paint(head, "warning")
        for entry in outage.undetermined:
            where = visible(str(entry.position).rpartition(":")[0])
            yield f"  {visible(entry.ref)}  {open_places(entry)}  {terminal.paint(where, 'faint')}"
    yield ""
    yield from _way_out(graph, outage, terminal)


def _hits(outage: Outage, effect: str, terminal: Terminal) -> Iterator[str]:
    from regcheck.drawing.chains import chain, place

    hits = [hit for hit in outage.affected if hit.effect == effect]
    if not hits:
        return
    yield ""
    why = ", as only a lane leads there" if effect == "degraded" else ""
    yield terminal.paint(f"{effect.capitalize()} ({len(hits)}){why}", "strong")
    for hit in hits:
        yield f"  {chain(hit.entry.ref, hit.path)}  {terminal.paint(place(hit.path[0]), 'faint')}"


def _way_out(graph: FleetGraph, outage: Outage, terminal: Terminal) -> Iterator[str]:
    if outage.safe_from is None:
        yield "There is no state from which on production does without."
        return
    if not outage.affected:
        yield f"Safe from {outage.safe_from} on."
        return
    takes = "" if outage.tasks else ", by entries that no task owns"
    yield terminal.paint(f"Safe from {outage.safe_from} on", "good") + takes
    if outage.tasks:
        from regcheck.drawing.drain_text import table
        from regcheck.drawing.views import status

        yield "That takes, in this order:"
        tasks = [task for ref in outage.tasks if (task := graph.fleet.get(ref)) is not None]
        labels = {task.ref: visible(task.label) if task.label != task.id else "" for task in tasks}
        yield from table((visible(t.id), visible(status(t)), labels[t.ref]) for t in tasks)


def _matrix(graph: FleetGraph, name: str, terminal: Terminal) -> str:
    if name == "json":
        from regcheck import twin

        return twin.matrix(graph)
    return "\n".join(_matrix_lines(graph, graph.matrix(), terminal)) + "\n"


def _matrix_lines(graph: FleetGraph, matrix: dict[str, dict[str, int]], terminal: Terminal) -> Iterator[str]:
    from regcheck.terminal import columns, pad

    yield terminal.paint("Production nodes that an outage affects, by machine and state", "strong")
    names = {ref: visible(ref.partition(":")[2]) for ref in matrix}
    first = max([7, *(columns(name) for name in names.values())])
    widths = [max(len(state), 4) for state in graph.states]
    heads = "  ".join(state.rjust(wide) for state, wide in zip(graph.states, widths, strict=True))
    yield f"  {pad('machine', first)}  {heads}"
    for ref, counts in matrix.items():
        cells = []
        for state, wide in zip(graph.states, widths, strict=True):
            text = str(counts[state]).rjust(wide)
            cells.append(terminal.paint(text, "error" if counts[state] else "faint"))
        yield f"  {pad(names[ref], first)}  {'  '.join(cells)}"
    undetermined = {entry.ref for state in graph.states for entry in graph.reach.undetermined(state)}
    if undetermined:
        several = "entry has" if len(undetermined) == 1 else "entries have"
        yield f"{len(undetermined)} {several} a place that nobody knows: --offline MACHINE lists them"
