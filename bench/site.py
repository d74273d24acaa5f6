"""Times how long a website takes to build, beside Sphinx with sphinx-needs for as many entries.

    python bench/site.py
    python bench/site.py --sizes 1000,10000 --runs 3

The peer gets the same entries as needs with the same links between them, fifty in
a file, and one table of all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from peers import BIN, BUILD, ENVIRONMENT, HERE, ROOT, install, say
from run import Command, Skipped, measure, table

PEERS = ("sphinx", "sphinx-needs")
IN_A_FILE = 50
MIB = 1024 * 1024
CONF = """\
project = "fleet"
extensions = ["sphinx_needs"]
needs_id_regex = "^[A-Za-z0-9_-]+"
html_theme = "alabaster"
"""


def fleet(size: int) -> str:
    """The folder of a generated fleet."""
    folder = os.path.join(BUILD, "site", f"fleet-{size}")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), str(size), "yaml", folder], check=True)
    subprocess.run(["git", "init", "-q", folder], check=True)  # what is around it plays no part
    return folder


def sphinx(folder: str, size: int) -> str:
    """The same workloads as needs: the folder of the Sphinx project."""
    listing = [os.path.join(BIN, "regcheck"), "-C", folder, "list", "workload", "--format", "json"]
    said = subprocess.run(listing, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    entries = json.loads(said)
    project = os.path.join(BUILD, "site", f"sphinx-{size}")
    shutil.rmtree(project, ignore_errors=True)
    os.makedirs(project)
    pages = [entries[at : at + IN_A_FILE] for at in range(0, len(entries), IN_A_FILE)]
    for number, of_page in enumerate(pages):
        with open(os.path.join(project, f"page{number}.rst"), "w", encoding="utf-8") as file:
            file.write(f"Page {number}\n==========\n\n" + "\n".join(map(need, of_page)))
    with open(os.path.join(project, "index.rst"), "w", encoding="utf-8") as file:
        names = "\n".join(f"   page{number}" for number in range(len(pages)))
        file.write(
            f"Fleet\n=====\n\n.. toctree::\n\n{names}\n\n.. needtable::\n   :columns: id, title, status\n"
        )
    with open(os.path.join(project, "conf.py"), "w", encoding="utf-8") as file:
        file.write(CONF)
    return project


def need(entry: dict[str, dict[str, object]]) -> str:
    """One workload as a need."""
    fields = entry["fields"]
    links = ", ".join(str(name) for name in fields.get("needs", []))  # type: ignore[attr-defined]
    lines = [f".. req:: {fields.get('name', fields['id'])}", f"   :id: {fields['id']}"]
    lines += [f"   :status: {fields.get('environment')}", *([f"   :links: {links}"] if links else [])]
    return "\n".join([*lines, "", f"   {fields.get('method') or fields.get('runtime') or 'A workload.'}", ""])


def commands(size: int) -> Iterator[Command]:
    folder = fleet(size)
    built = os.path.join(BUILD, "site", f"built-{size}")
    site = (os.path.join(BIN, "regcheck"), "-C", folder, "site", "--into", built)
    yield Command("regcheck site (MkDocs)", "", site, folder)
    yield Command("regcheck site (Zensical)", "", (*site, "--engine", "zensical"), folder)
    if size <= 1_000:  # beyond that it takes minutes
        project = sphinx(folder, size)
        out = os.path.join(BUILD, "site", f"sphinx-built-{size}")
        line = (os.path.join(BIN, "sphinx-build"), "-q", "-E", "-b", "html", project, out)
        yield Command("Sphinx, sphinx-needs", "", line, project)


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
        for command in commands(size):
            say(f"  {size:,}: {command.name}")
            try:
                found = [measure(command) for _ in range(options.runs)]
            except Skipped as why:
                rows.append((f"{size:,}", command.name, f"left out: {why}", "", ""))
                continue
            walls = sorted(run.wall for run in found)
            peak = max(run.peak for run in found) / MIB
            spread = f"{walls[0]:.1f}-{walls[-1]:.1f}"
            rows.append((f"{size:,}", command.name, f"{walls[len(walls) // 2]:.1f}", spread, f"{peak:.0f}"))
    print(table(("entries", "command", "median s", "min-max s", "peak MiB"), rows, markdown=True))


if __name__ == "__main__":
    main()
