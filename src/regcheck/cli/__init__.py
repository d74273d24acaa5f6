"""The verbs of the command line, one a file.

A verb is a module `regcheck.cli.NAME` with

- `DESCRIPTION` and `EXAMPLES`, the texts before and after its options in `--help`;
- `arguments(parser)`, which adds its arguments;
- `run(options)`, which does the work and returns the exit status.

Only the module of the verb that is run is imported: start-up is most of a small check.
"""

from __future__ import annotations

VERBS = {
    "check": "check every register and name what is wrong, with file, line and column",
    "graph": "show the drain order, or another view of the fleet graph",
    "next": "show what can be done now, what waits for a human, and what blocks the rest",
    "why": "show each shortest path by which one entry needs another",
    "simulate": "show which production is down when machines are off",
    "history": "show how far the migration was, commit by commit",
    "diff": "show what a change means: what moved, what needs what, what an outage hits",
    "site": "build the website of the fleet",
    "list": "list the entries of a kind as a table, JSON or CSV",
    "explain": "explain a rule, a group of rules, or a kind, with examples",
    "init": "write settings, hooks and a CI workflow for a repository that adopts regcheck",
    "schema": "print the JSON Schema of the registers, for editors",
}
"""The written list of the verbs, each with its line in `regcheck --help`."""
