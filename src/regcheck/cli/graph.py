"""`regcheck graph`: the drain order, the order of the tasks, or what needs what."""

from __future__ import annotations

import argparse

from regcheck.cli import common

DESCRIPTION = """\
Show the fleet graph. By default the drain order: the waves, what each moves,
from where to where and by whom, what must move and is in no wave yet, and the
longest chain of waits. In an order, what goes first comes first; undoing goes in
the reverse order.

EXPR selects entries: `kind:workload`, `workload:shop`, `role:frozen`,
`environment=production`; `+X` adds what X needs, `X+` what needs X, `2+X` no
further than two steps. A blank is "or", a comma "and". With --view tasks the
plus signs follow what a task waits for.
"""

EXAMPLES = """\
examples:
  regcheck graph                                   the drain order, to read
  regcheck graph --format svg=drain.svg            the same as a drawing
  regcheck graph --view tasks                      the tasks, and what each waits for
  regcheck graph --view tasks --select +task:MOVE-T09
                                                   what comes before one task
  regcheck graph --view runtime --state wave:3     what needs what after wave 3
  regcheck graph --view runtime --select machine:laptop+ --format mermaid
                                                   all that needs a machine, for a Markdown page
"""

VIEWS = ("drain", "tasks", "runtime")
FORMATS = ("text", "json", "mermaid", "dot", "graphml", "svg")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `graph`."""
    help = "drain (default), tasks, or runtime: what needs what"
    parser.add_argument("--view", choices=VIEWS, default="drain", help=help)
    help = "the state of the migration: now (default), wave:K or target; for --view runtime and for --select"
    action = parser.add_argument("--state", metavar="STATE", default="now", help=help)
    common.complete(action, "states")
    help = "only these entries, and the edges between them"
    action = parser.add_argument("--select", metavar="EXPR", type=_expression, help=help)
    common.complete(action, "selections")
    common.add_format(parser, FORMATS)


def run(options: argparse.Namespace) -> int:
    """Draw the view in each format that is asked for."""
    from regcheck import drawing
    from regcheck.terminal import Terminal

    graph = common.open_fleet(options)
    state = graph.state(options.state)
    if options.state != "now" and options.view != "runtime" and not options.select:
        common.note(f"the view `{options.view}` is the same in every state")
    chosen = graph.select(options.select, state, options.view) if options.select else None

    def render(name: str, terminal: Terminal) -> str:
        if name == "text":
            return drawing.text(graph, options.view, state, chosen, terminal)
        picture = drawing.VIEWS[options.view](graph, state)
        return drawing.FORMATS[name](picture if chosen is None else picture.limited_to(chosen))

    common.deliver(options, FORMATS[0], render)
    return 0


def _expression(text: str) -> str:
    if not text.replace(",", " ").split():  # an empty variable in a script must not mean "all entries"
        raise argparse.ArgumentTypeError("it names no entry")
    return text
