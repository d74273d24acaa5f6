"""Times what a commit waits for: `regcheck check --staged` on this repository's own registers.

    python bench/staged.py
    python bench/staged.py --runs 30

Before each run one register is edited and staged. The peer is check-jsonschema on
those registers that it can read (YAML) with a schema that asks for next to nothing:
less than half of the files, and none of their references.
"""

from __future__ import annotations

import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess

from peers import BIN, BUILD, ENVIRONMENT, ROOT, install
from run import Command, measure, table

FOLDER = os.path.join(BUILD, "staged")
CACHE = os.path.join(BUILD, "staged-cache")
SCHEMA = os.path.join(BUILD, "register.schema.json")
EDITED = os.path.join("registers", "workloads.md")
BOUNDS = (("after an edit", 0.8), ("nothing changed", 0.4))


def git(*words: str) -> None:
    subprocess.run(["git", "-C", FOLDER, *words], env=ENVIRONMENT, check=True, capture_output=True)


def edit(number: int) -> None:
    """Another last line in one register, staged."""
    with open(os.path.join(ROOT, EDITED), encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(FOLDER, EDITED), "w", encoding="utf-8") as file:
        file.write(f"{text}\nEdit {number}.\n")
    git("add", EDITED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20, help="timed runs of each (default: 20)")
    options = parser.parse_args()
    install({})
    for folder in (FOLDER, CACHE):
        shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["git", "clone", "-q", ROOT, FOLDER], env=ENVIRONMENT, check=True)
    ENVIRONMENT["XDG_CACHE_HOME"] = CACHE
    with open(SCHEMA, "w", encoding="utf-8") as file:
        json.dump({"type": "object", "required": ["register", "entries"]}, file)
    registers = sorted(glob.glob(os.path.join(FOLDER, "registers", "**", "*.yaml"), recursive=True))
    staged = Command("regcheck", "", (os.path.join(BIN, "regcheck"), "check", "--staged"), FOLDER)
    schemafile = (os.path.join(BIN, "check-jsonschema"), "--schemafile", SCHEMA)
    peer = Command("check-jsonschema", "", (*schemafile, *registers), FOLDER)
    walls: dict[str, list[float]] = {"after an edit": [], "nothing changed": [], "check-jsonschema": []}
    for number in range(-1, options.runs):  # the first round warms up
        edit(number)
        for name, command in (*((name, staged) for name, _ in BOUNDS), ("check-jsonschema", peer)):
            wall = measure(command).wall
            if number >= 0:
                walls[name].append(wall)
    medians = {name: statistics.median(found) for name, found in walls.items()}
    spread = [(n, f"{medians[n]:.3f}", f"{min(w):.3f}-{max(w):.3f}") for n, w in walls.items()]
    print(table(("check --staged", "median s", "min-max s"), spread, markdown=True))
    print()
    rows = []
    for name, most in BOUNDS:
        ratio = medians[name] / medians["check-jsonschema"]
        rows.append((name, f"{ratio:.2f}", f"{most:.2f}", "holds" if ratio <= most else "FAILS"))
    print(table(("to check-jsonschema", "found", "at most", ""), rows, markdown=True))


if __name__ == "__main__":
    main()
