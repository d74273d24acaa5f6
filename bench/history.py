"""Times `regcheck history` over many commits: a first run, and further ones, which have its cache.

python bench/history.py
python bench/history.py --commits 5000 --markdown
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator

from peers import BIN, BUILD, ENVIRONMENT, install_regcheck, say
from run import MIB, Command, Run, fleet, measure, table

LAST = dt.datetime(2026, 7, 3, 12, tzinfo=dt.UTC)
"""When the newest commit was made."""
BETWEEN = dt.timedelta(hours=16)
"""From one commit to the next: 1,000 take almost two years."""
MOVE = re.compile(r"(    current_host: )(\[old-\w+\])(\n    target_host: )(\[new-\w+\])")
SECOND = 1.0
"""Seconds that the second run over 1,000 commits may take."""


def repository(commits: int, size: int) -> str:
    """A fleet that moves, one host after the other, in every second commit; the others touch a program."""
    made = fleet(size, "yaml")
    folder = os.path.join(BUILD, "history")
    shutil.rmtree(folder, ignore_errors=True)
    git = ("git", "-C", folder)
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", folder], env=ENVIRONMENT, check=True)
    feed = b"".join(stream(made, commits))
    subprocess.run([*git, "fast-import", "--quiet"], input=feed, env=ENVIRONMENT, check=True)
    return folder


def stream(folder: str, commits: int) -> Iterator[bytes]:
    """What `git fast-import` reads (git-fast-import(1))."""
    files = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, encoding="utf-8") as file:
                files[os.path.relpath(path, folder)] = file.read()
    workloads = files["registers/workloads.yaml"]
    moves = len(MOVE.findall(workloads))
    for number in range(commits):
        when = LAST - BETWEEN * (commits - 1 - number)
        if number % 2 == 0:
            moved = MOVE.sub(r"\1\4\3\4", workloads, count=moves * number // commits) if number else workloads
            as_of = f'as_of: "{when.date()}"'
            changed = {"registers/workloads.yaml": re.sub('as_of: ".*"', as_of, moved, count=1)}
        else:
            changed = {"src/program.txt": f"step {number}\n"}
        if number == 0:
            changed = files | changed
        subject = f"Step {number}"
        yield f"commit refs/heads/main\ncommitter B <b@example.net> {when.timestamp():.0f} +0000\n".encode()
        yield f"data {len(subject)}\n{subject}\n".encode()
        for path, text in changed.items():
            yield f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n".encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commits", type=int, default=1_000)
    parser.add_argument("--size", type=int, default=100, help="entries of the fleet (default: 100)")
    parser.add_argument("--runs", type=int, default=7, help="timed second runs (default: 7)")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    os.makedirs(BUILD, exist_ok=True)
    install_regcheck()
    say("making the repository")
    folder = repository(options.commits, options.size)
    cache = os.path.join(BUILD, "history-cache")
    shutil.rmtree(cache, ignore_errors=True)
    line = ("env", f"XDG_CACHE_HOME={cache}", os.path.join(BIN, "regcheck"), "history", "--format", "json")
    command = Command("regcheck history", "", line, folder)
    say("the first run")
    first = measure(command)
    later = [measure(command) for _ in range(options.runs)]
    body = [row("first", [first], options.commits), row("second", later, options.commits)]
    print(
        table(
            ("commits", "run", "median s", "min-max s", "cpu s", "peak MiB"), body, markdown=options.markdown
        )
    )
    found = statistics.median(run.wall for run in later)
    if options.commits == 1_000:
        print(f"\nthe second run may take {SECOND} s: {'holds' if found < SECOND else 'FAILS'}")


def row(name: str, runs: list[Run], commits: int) -> tuple[str, ...]:
    walls = [run.wall for run in runs]
    cpu = statistics.median(run.cpu for run in runs)
    peak = max(run.peak for run in runs) / MIB
    spread = f"{min(walls):.2f}-{max(walls):.2f}" if len(walls) > 1 else "once"
    return f"{commits:,}", name, f"{statistics.median(walls):.3f}", spread, f"{cpu:.3f}", f"{peak:.0f}"


if __name__ == "__main__":
    main()
