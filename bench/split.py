"""Where the time of a check goes, in one process: reading, the graph, and each rule.

    python bench/split.py FOLDER
    python bench/split.py FOLDER --json

The first rule that asks the graph for something pays for making it; a rule is
measured after those before it in the list, as in any check.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from typing import NamedTuple

from regcheck.catalogue import catalogue
from regcheck.graph import FleetGraph
from regcheck.reading import read_fleet
from regcheck.rule import Report, Run
from regcheck.settings import load_settings
from regcheck.trees import WorkTree


class Split(NamedTuple):
    """Seconds of processor."""

    reading: float
    rules: dict[str, float]


def split(folder: str, today: str) -> Split:
    """Read a fleet and judge it once, with the garbage collector off, as `regcheck` has it."""
    gc.disable()
    clock = time.process_time
    start = clock()
    settings = load_settings(WorkTree(folder))
    fleet = read_fleet(WorkTree(folder), settings)
    reading = clock() - start
    start = clock()
    graph = FleetGraph(fleet)
    rules = {"the graph": clock() - start}
    known = catalogue().chosen(settings, (), ())
    run = Run(today, settings, None, {rule.name: rule for rule in known})
    for rule in known:
        start = clock()
        list(rule.judge(graph, Report(rule, rule.severity, run)))
        rules[rule.name] = clock() - start
    return Split(reading, rules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--today", default="2026-07-03", metavar="DATE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = split(options.folder, options.today)
    if options.json:
        print(json.dumps(found._asdict()))
        return
    total = sum(found.rules.values())
    print(f"{found.reading * 1000:9.1f} ms         reading")
    print(f"{total * 1000:9.1f} ms {total / found.reading:7.1%} all rules")
    for name, seconds in sorted(found.rules.items(), key=lambda row: (-row[1], row[0])):
        print(f"{seconds * 1000:9.1f} ms {seconds / found.reading:7.1%} {name}")


if __name__ == "__main__":
    main()
