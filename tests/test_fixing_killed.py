"""Processes killed at random moments while they write fixes, 200 times: each file is the old or the new one.

What is to be written is found out once; each process is forked to write it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from conftest import Repository, Run

TRIALS = 200
COUNT = 6
"""Files to fix."""

DRIVER = """
import json, os, random, signal, sys, time
from regcheck.check import check
from regcheck.fixing import mend
from regcheck.fixing.changes import save
from regcheck.trees import WorkTree

trials = int(sys.argv[1])
paths = sorted(f"registers/{name}" for name in os.listdir("registers"))
choose = random.Random(20260703)

def content(path):
    with open(path, "rb") as file:
        return file.read()

def inode(path):
    return os.stat(path).st_ino

def started():
    pid = os.fork()
    if pid == 0:
        os._exit(len(save(".", changes)))
    return pid

def follow(pid, upto, wait):
    "Kill the run when so many files are new and some time has passed; its whole time."
    start = time.perf_counter()
    while upto and inode(paths[upto - 1]) == inodes[upto - 1]:
        os.sched_yield()
    until = time.perf_counter() + wait
    while time.perf_counter() < until:
        os.sched_yield()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return time.perf_counter() - start

changes = mend(check(WorkTree(".")), lambda texts: check(WorkTree("."), texts=texts), ".").changes
assert [change.path for change in changes] == paths
old = [content(path) for path in paths]
inodes = [inode(path) for path in paths]
first = time.perf_counter()
pid = started()
moments = [0.0]
for path, was in zip(paths, inodes):
    while inode(path) == was:
        os.sched_yield()
    moments.append(time.perf_counter() - first)
_, status = os.waitpid(pid, 0)
assert os.waitstatus_to_exitcode(status) == 0
new = [content(path) for path in paths]
assert not any(a == b for a, b in zip(old, new))
between = (moments[-1] - moments[1]) / (len(paths) - 1)
waits = [moments[1], *[between] * len(paths)]

counts, torn, drafts = [], [], 0
for trial in range(trials):
    for path, text, inode_before in zip(paths, old, inodes):
        if content(path) != text:
            with open(path, "wb") as file:
                file.write(text)
    inodes = [inode(path) for path in paths]
    upto = trial % (len(paths) + 1)
    follow(started(), upto, choose.uniform(0, waits[upto]))
    found = [content(path) for path in paths]
    torn += [path for path, now, a, b in zip(paths, found, old, new) if now not in (a, b)]
    counts.append(sum(now == b for now, b in zip(found, new)))
    drafts = max(drafts, sum(name.endswith(".draft") for name in os.listdir("registers")))
print(json.dumps({"counts": counts, "torn": torn, "drafts": drafts}))
"""


def register(number: int) -> str:
    """A table to align, of a few rows and kilobytes."""
    notes = "some words " * 30
    rows = "".join(f"| w{number}-{row} | staging | {notes * row} |\n" for row in range(4))
    return f"---\nregister: workload\n---\n| Workload | Environment | Notes |\n|---|---|---|\n{rows}"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_run_leaves_old_or_new_files_and_the_next_one_tidies_up(
    repository: Repository, run: Run
) -> None:
    root = repository({f"registers/w{number}.md": register(number) for number in range(COUNT)})
    command = [sys.executable, "-c", DRIVER, str(TRIALS)]
    ran = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["torn"] == []
    assert len(found["counts"]) == TRIALS
    # Some were killed before the first file was written, some after the last, most while writing.
    assert found["counts"].count(0) >= TRIALS // 20
    assert found["counts"].count(COUNT) >= TRIALS // 20
    assert {*range(1, COUNT)} <= {*found["counts"]}
    assert found["drafts"] >= 1, "no kill came while a draft was there"
    clean = f"clean: {COUNT} files with {COUNT * 4} entries\n"
    assert run("check") == (0, clean, "")
    assert run("check", "--fix")[:2] == (0, clean)
    assert sorted(os.listdir(root / "registers")) == [f"w{number}.md" for number in range(COUNT)]
