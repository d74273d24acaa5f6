"""Times how long a website takes to build, beside Sphinx with sphinx-needs for as many entries.

    python bench/site.py
    python bench/site.py --sizes 1000,10000 --runs 3

The peer gets every entry as a need, fifty in a file, and one table of all: once with
its title, status and links only, once with all of its fields, as regcheck shows them.
It makes no map, no page for each need, and judges nothing. It may use all processors,
as regcheck does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from peers import BIN, BUILD, ENVIRONMENT, HERE, ROOT, install, say
from run import Command, Run, Skipped, measure, table

PEERS = ("sphinx", "sphinx-needs")
IN_A_FILE = 50
MIB = 1024 * 1024
CONF = """\
project = "fleet"
extensions = ["sphinx_needs"]
needs_id_regex = "^[A-Za-z0-9_.-]+"
needs_fields = {fields}
html_theme = "alabaster"
"""
OWN = ("id", "name", "title", "status", "needs", "links", "tags")
"""Fields that are told in another way than by their name."""


def fleet(size: int) -> str:
    """The folder of a generated fleet."""
    folder = os.path.join(BUILD, "site", f"fleet-{size}")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), str(size), "yaml", folder], check=True)
    subprocess.run(["git", "init", "-q", folder], check=True)  # what is around it plays no part
    return folder


def listed(folder: str, *kind: str) -> list[dict[str, Any]]:
    listing = [os.path.join(BIN, "regcheck"), "-C", folder, "list", *kind, "--format", "json"]
    said = subprocess.run(listing, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    found: list[dict[str, Any]] = json.loads(said)
    return found


def sphinx(folder: str, size: int, *, whole: bool) -> str:
    """The same entries as needs: the folder of the Sphinx project."""
    entries = [entry for kind in listed(folder) for entry in listed(folder, kind["kind"])]
    project = os.path.join(BUILD, "site", f"sphinx-{size}-{'whole' if whole else 'bare'}")
    shutil.rmtree(project, ignore_errors=True)
    os.makedirs(project)
    pages = [entries[at : at + IN_A_FILE] for at in range(0, len(entries), IN_A_FILE)]
    for number, of_page in enumerate(pages):
        with open(os.path.join(project, f"page{number}.rst"), "w", encoding="utf-8") as file:
            file.write(
                f"Page {number}\n==========\n\n" + "\n".join(need(entry, whole=whole) for entry in of_page)
            )
    with open(os.path.join(project, "index.rst"), "w", encoding="utf-8") as file:
        names = "\n".join(f"   page{number}" for number in range(len(pages)))
        file.write(
            f"Fleet\n=====\n\n.. toctree::\n\n{names}\n\n.. needtable::\n   :columns: id, title, status\n"
        )
    fields = sorted({name for entry in entries for name in entry["fields"]} - {*OWN})
    with open(os.path.join(project, "conf.py"), "w", encoding="utf-8") as file:
        file.write(CONF.format(fields={f"its_{name}": {"schema": {"type": "string"}} for name in fields}))
    return project


def need(entry: dict[str, Any], *, whole: bool) -> str:
    """One entry as a need."""
    kind, _, id_ = entry["entry"].partition(":")
    fields = entry["fields"]
    lines = [f".. req:: {fields.get('name') or fields.get('title') or id_}", f"   :id: {kind}-{id_}"]
    lines += [
        f"   :status: {status}" for status in [fields.get("status") or fields.get("environment")] if status
    ]
    lines += [f"   :its_{name}: {told(value)}" for name, value in fields.items() if whole and name not in OWN]
    if kind == "workload" and fields.get("needs"):
        lines.append(f"   :links: {', '.join(f'workload-{name}' for name in fields['needs'])}")
    return "\n".join([*lines, "", f"   A {kind}.", ""])


def told(value: object) -> str:
    return ", ".join(map(told, value)) if isinstance(value, list) else " ".join(str(value).split())


def commands(size: int) -> Iterator[Command]:
    folder = fleet(size)
    built = os.path.join(BUILD, "site", f"built-{size}")
    site = (os.path.join(BIN, "regcheck"), "-C", folder, "site", "--into", built)
    yield Command("regcheck site (MkDocs)", "", site, folder)
    yield Command("regcheck site (Zensical)", "", (*site, "--engine", "zensical"), folder)
    if size <= 1_000:  # beyond that it takes minutes
        for whole, name in ((False, "bare"), (True, "with fields")):
            project = sphinx(folder, size, whole=whole)
            out = f"{project}-built"
            line = (os.path.join(BIN, "sphinx-build"), "-q", "-E", "-j", "auto", "-b", "html", project, out)
            yield Command(f"Sphinx, sphinx-needs, {name}", "", line, project)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000", help="numbers of entries, by commas (default: 1000)")
    parser.add_argument("--runs", type=int, default=3, help="timed runs of each (default: 3)")
    options = parser.parse_args()
    install({})
    pip = [os.path.join(BIN, "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, f"{ROOT}[site]", "zensical", *PEERS], env=ENVIRONMENT, check=True)
    rows = []
    for size in map(int, options.sizes.split(",")):
        todo, found = [*commands(size)], defaultdict(list)
        skipped: dict[str, str] = {}
        for turn in range(options.runs + 1):
            for command in todo:
                say(f"  {size:,}: {command.name}")
                try:
                    run = measure(command)
                except Skipped as why:
                    skipped[command.name] = str(why)
                    continue
                if turn:  # the first is to warm up
                    found[command.name].append(run)
        rows += [(f"{size:,}", *row(name, runs)) for name, runs in found.items()]
        rows += [(f"{size:,}", name, f"left out: {why}", "", "", "") for name, why in skipped.items()]
    print(table(("entries", "command", "median s", "min-max s", "cpu s", "peak MiB"), rows, markdown=True))


def row(name: str, runs: list[Run]) -> tuple[str, ...]:
    walls, cpu = sorted(run.wall for run in runs), sorted(run.cpu for run in runs)
    peak = max(run.peak for run in runs) / MIB
    middle = len(runs) // 2
    return (
        name,
        f"{walls[middle]:.1f}",
        f"{walls[0]:.1f}-{walls[-1]:.1f}",
        f"{cpu[middle]:.1f}",
        f"{peak:.0f}",
    )


if __name__ == "__main__":
    main()
