"""`regcheck history`: what it tells of the commits of a real repository."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from committing import commit, git, started
from conftest import Run
from moving_fleet import MACHINES, PLAN, TEXT, history, made, workloads
from regcheck.history.text import sparkline


@pytest.fixture
def moving(tmp_path: Path) -> Path:
    return made(tmp_path / "fleet")


def test_what_changed_and_what_it_came_to(moving: Path, run: Run) -> None:
    assert run("history", directory=moving) == (0, TEXT, "")


def test_json_has_every_commit(moving: Path, run: Run) -> None:
    ran = run("history", "--max=3", "HEAD~3", "--format=json", directory=moving)
    assert (ran.status, ran.err) == (0, "")
    nothing = dict.fromkeys(
        ("interactive_target", "undetermined", "unproven", "errors", "warnings", "silenced"), 0
    )
    figures = {
        name: {"interactive_now": 1, "frozen": 1, **nothing}[name]
        for name in (
            "interactive_now",
            "interactive_target",
            "undetermined",
            "frozen",
            "unproven",
            "errors",
            "warnings",
            "silenced",
        )
    }
    answer = {
        "version": 1,
        "revision": "73810b1d7d2ac3e85eacbbbb9e7f66d7b1a6b1b5",
        "commits": [
            {
                "commit": "22180603ab3c875a9e754c381a028bb9a97f100e",
                "date": "2026-05-02",
                "subject": "Say so",
                "tree": "a8d7b8f9407edd75500797f6462d6e04e5ed4fe2",
                "figures": figures,
                "why": None,
            },
            {
                "commit": "18711b46b76c670c660e8c1f4fe6191243c968ab",
                "date": "2026-05-03",
                "subject": "Set up",
                "tree": "1522f63ae5d3948d4186216452dddf522e55f9b2",
                "figures": None,
                "why": "regcheck.toml:1: there is no setting `register`: did you mean `registers`?",
            },
            {
                "commit": "73810b1d7d2ac3e85eacbbbb9e7f66d7b1a6b1b5",
                "date": "2026-05-04",
                "subject": "Do without",
                "tree": "a8d7b8f9407edd75500797f6462d6e04e5ed4fe2",
                "figures": figures,
                "why": None,
            },
        ],
        "skipped": 1,
    }
    assert ran.out == json.dumps(answer, indent=1) + "\n"


CSV = """\
commit,date,subject,tree,interactive_now,interactive_target,undetermined,frozen,unproven,errors,warnings,silenced,why
18711b46b76c670c660e8c1f4fe6191243c968ab,2026-05-03,Set up,1522f63ae5d3948d4186216452dddf522e55f9b2,,,,,,,,,\
regcheck.toml:1: there is no setting `register`: did you mean `registers`?
73810b1d7d2ac3e85eacbbbb9e7f66d7b1a6b1b5,2026-05-04,Do without,a8d7b8f9407edd75500797f6462d6e04e5ed4fe2,\
1,0,0,1,0,0,0,0,
98450f1376168c70986b92eb55dff35ed855956c,2026-05-05,Move the \x1b[3mshop,\
18f9a4c330393d58cd8880eebb705879ca01158c,\
0,0,0,1,1,0,2,0,
6010ccad9566e1d43e100dc1ff317e4340216cb2,2026-05-06,=Move the mail,0e40527cc54a457e5623a42fbb9669895242f9bb,\
0,0,0,0,2,0,4,0,
70fe5b9b070acb74ad2013a00b3f2487435ae603,2026-05-07,Program,d09f5e137bc151882b61344f8183e8ef10e31f49,0,0,0,0,2,0,4,0,
"""


def test_csv_has_every_commit_and_says_what_would_run(moving: Path, run: Run) -> None:
    ran = run("history", "--since=2026-05-03", "--format=csv=progress.csv", directory=moving)
    said = "1 text in this CSV would be run as a formula by a spreadsheet: import the columns as text"
    assert ran == (0, "", f"regcheck: {said}\n")
    assert (moving / "progress.csv").read_bytes() == CSV.replace("\n", "\r\n").encode()


def test_what_is_told_of_the_last_commit_is_what_the_other_verbs_tell(moving: Path, run: Run) -> None:
    for back, (subject, figures, _) in enumerate(reversed(history(run, moving, "HEAD~1"))):
        git(moving, "checkout", "--quiet", f"main~{back + 1}")
        if figures is None:
            continue
        told = json.loads(run("check", "--format=json", "--statistics", directory=moving).out)
        evidence = told["statistics"]["coverage"]["evidence"]
        affected = json.loads(run("simulate", "--offline=laptop", "--format=json", directory=moving).out)[
            "affected"
        ]
        found = {
            "interactive_now": len(affected),
            "unproven": evidence["of"] - evidence["have"],
            "errors": told["summary"]["errors"],
            "warnings": told["summary"]["warnings"],
        }
        assert {name: figures.get(name, 0) for name in found} == found, subject


def test_all_interactive_machines_are_off_together(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    machines = MACHINES + "  - {id: tower, role: interactive}\n"
    both = "[laptop, tower], redundant: true"
    commit(
        root,
        PLAN | {"registers/machines.yaml": machines, "registers/w.yaml": workloads(both, "new")},
        "A",
        "2026-05-01",
    )
    [(_, figures, _)] = history(run, root)
    assert figures is not None
    assert figures["interactive_now"] == 1


def test_a_place_that_nobody_knows_is_counted(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    commit(root, PLAN | {"registers/w.yaml": workloads("unknown", "new")}, "A", "2026-05-01")
    [(_, figures, _)] = history(run, root)
    assert figures == {"undetermined": 1, "unproven": 1, "warnings": 4}


def test_a_part_is_on_the_frozen_machine_of_its_whole(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    part = "{id: part, environment: staging, part_of: mail}"
    commit(root, PLAN | {"registers/w.yaml": workloads("new", "old", part)}, "A", "2026-05-01")
    [(_, figures, _)] = history(run, root)
    assert figures is not None
    assert figures["frozen"] == 2


def test_a_terminal_has_colours_and_an_end(moving: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run("history", "--color=always", "--max=2", "main~1", directory=moving)
    assert ran.out.splitlines()[2] == (
        "2026-05-06  \x1b[36m6010ccad\x1b[0m    0       0        0  \x1b[1;32m     0\x1b[0m"
        "  \x1b[1;31m      2\x1b[0m       0  \x1b[1;31m       4\x1b[0m         0  =Move the mail"
    )
    monkeypatch.setenv("COLUMNS", "105")
    assert shown(moving, "history").splitlines()[4].endswith("  2         0  Move the \\x1b[3…")
    monkeypatch.setenv("COLUMNS", "95")
    assert shown(moving, "history").splitlines()[4].endswith("       2         0")


def shown(root: Path, *words: str) -> str:
    """What a terminal shows of standard output."""
    ours, theirs = pty.openpty()
    line = [sys.executable, "-m", "regcheck", *words, "--color=never"]
    subprocess.run(line, cwd=root, stdout=theirs, check=True)
    os.close(theirs)
    return read_all(ours).replace("\r\n", "\n")


def read_all(descriptor: int) -> str:
    data = b""
    try:
        while part := os.read(descriptor, 1 << 16):
            data += part
    except OSError:  # the other end is closed
        pass
    os.close(descriptor)
    return data.decode()


def test_how_far_it_is_is_told_to_a_terminal_only_and_only_while_it_judges(moving: Path) -> None:
    def told() -> str:
        ours, theirs = pty.openpty()
        line = [sys.executable, "-m", "regcheck", "history"]
        subprocess.run(line, cwd=moving, stdout=subprocess.DEVNULL, stderr=theirs, check=True)
        os.close(theirs)
        return read_all(ours)

    first = told()
    assert first.startswith("\r\x1b[Kjudging commit 1 of 8, 2026-05-01")
    assert first.endswith("\r\x1b[K")
    assert told() == ""


def test_an_old_output_gets_plain_bars(moving: Path) -> None:
    line = [sys.executable, "-m", "regcheck", "history"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(line, cwd=moving, env=environment, capture_output=True, text=True, check=True)
    assert "\n  frozen    1 -> 0  ####__  entries still on frozen machines\n" in done.stdout


@pytest.mark.parametrize(
    ("numbers", "width", "bars"),
    [
        ([0, 0], 2, "▁▁"),
        ([0, 1, 100], 3, "▁▂█"),
        ([8, 7, 6, 5, 4, 3, 2, 1, 0], 9, "██▇▆▅▄▃▂▁"),
        ([7, 7, 7, 0], 2, "█▁"),
        ([3, 2, 1], 1, "▄"),
    ],
)
def test_a_line_of_bars(numbers: list[int], width: int, bars: str) -> None:
    assert sparkline(numbers, width) == bars
