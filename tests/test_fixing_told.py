"""What `regcheck check --fix` and `--diff` say of the fixes that they do not make."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conftest import Repository, Run

WORKLOADS = """\
---
register: workload
---
|Workload|Environment|Current host|
|---|---|---|
| shop | stagin | newets |
| mail | staging | newest |
"""
MACHINES = "register: machine\nentries:\n  - {id: newest, role: production}\n"
FILES = {"registers/w.md": WORKLOADS, "registers/m.yaml": MACHINES}
IGNORED = ("--ignore", "missing-target")


def test_a_fix_that_would_uncover_an_error_is_told(repository: Repository, run: Run) -> None:
    text = WORKLOADS.replace("Current host", "Curent host").replace("newets", "newbox")
    root = repository({**FILES, "registers/w.md": text})
    ran = run("check", "--fix", *IGNORED)
    assert ran.err == (
        "regcheck: fixed 2 places in 1 file\n"
        "regcheck: registers/w.md:4:28 is not fixed:"
        " mending it would bring unknown-reference in registers/w.md:6:28\n"
    )
    assert "Curent host" in (root / "registers/w.md").read_text()


def test_the_last_unused_exception_stays_and_that_is_told(repository: Repository, run: Run) -> None:
    item = "  - {id: %s, rule: unknown-place, entry: 'machine:newest', reason: x, expires: 2999-01-01}\n"
    head = "register: exception\nentries:\n"
    root = repository({"registers/m.yaml": MACHINES, "registers/e.yaml": head + item % "a" + item % "b"})
    assert run("check", "--fix", "--ignore", "unused-machine").err == (
        "regcheck: fixed 1 place in 1 file\n"
        "regcheck: registers/e.yaml:3:1 is not fixed:"
        " mending it would bring empty-register in registers/e.yaml:1:11\n"
    )
    assert (root / "registers/e.yaml").read_text() == head + item % "b"
    run("check", "--fix", "--ignore", "unused-machine,empty-register")
    assert (root / "registers/e.yaml").read_text() == head.replace("entries:", "entries: []")


def test_what_too_many_checks_leave_untried_is_told(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regcheck.fixing.MOST_TRIALS", 2)
    text = (
        "register: workload\nentries:\n"
        "  - {id: a, environment: stagin, current_host: newest, target_host: newest}\n"
        "  - {id: b, environment: staging, curent_host: nowhere}\n"
        "  - {id: c, environment: staging, curent_host: gone}\n"
    )
    repository({"registers/m.yaml": MACHINES, "registers/w.yaml": text})
    assert run("check", "--fix").err == (
        "regcheck: fixed 1 place in 1 file\nregcheck: 2 more fixes not tried: run this again\n"
    )


INTERFERING = """
import sys
def write(event, words):
    if event == "import" and words[0] == "difflib":
        with open("registers/w.md", "a") as file:
            file.write("meanwhile")
sys.addaudithook(write)
from regcheck.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_diff_names_what_changed_meanwhile_as_the_report_does(repository: Repository) -> None:
    root = repository({**FILES, "registers/w.md": WORKLOADS.replace("| shop | stagin | newets |\n", "")})
    command = [sys.executable, "-c", INTERFERING, "check", "--diff", *IGNORED]
    ran = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == ("regcheck: registers/w.md has changed while it was checked: run this again\n")
