"""`regcheck list`: entries as people, spreadsheets and programs read them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Repository, Run

TASKS = """\
register: task
workplan: WP-7
entries:
  - {id: T05, title: Move the shop, status: todo}
  - {id: T06, title: Move the rest, status: todo, after: T05, human: yes}
"""
WORKLOADS = """\
---
register: workload
---

| Workload | Name | Environment | Current host | Target host | Owner | Wave | Drain last |
| --- | --- | --- | --- | --- | --- | --- | --- |
| shop | The shop | production | old | new | WP-7-T05 | 2 | yes |
| lager | 倉庫 | staging | old, new | — | WP-7-T06 | 3 | no |
"""
MACHINES = """\
register: machine
entries:
  - {id: old, role: frozen, aliases: [legacy]}
  - {id: new, role: production}
"""


@pytest.fixture
def fleet(repository: Repository) -> Path:
    return repository(
        {
            "registers/tasks.yaml": TASKS,
            "registers/workloads.md": WORKLOADS,
            "registers/machines.yaml": MACHINES,
        }
    )


@pytest.mark.usefixtures("fleet")
def test_a_table(run: Run) -> None:
    ran = run("list", "workload")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "Workload  Name      Environment  Current host  Target host  Owner     Wave  Drain last\n"
        "────────  ────────  ───────────  ────────────  ───────────  ────────  ────  ──────────\n"
        "shop      The shop  production   old           new          WP-7-T05  2     yes\n"
        "lager     倉庫      staging      old, new                   WP-7-T06  3     no\n"
        "2 workloads\n"
    )


@pytest.mark.usefixtures("fleet")
def test_json_has_typed_values_and_full_references(run: Run) -> None:
    assert json.loads(run("list", "workloads", "--format", "json").out) == [
        {
            "entry": "workload:shop",
            "path": "registers/workloads.md",
            "line": 7,
            "fields": {
                "id": "shop",
                "name": "The shop",
                "environment": "production",
                "current_host": ["old"],
                "target_host": ["new"],
                "owner": ["WP-7-T05"],
                "wave": 2,
                "drain_last": True,
            },
        },
        {
            "entry": "workload:lager",
            "path": "registers/workloads.md",
            "line": 8,
            "fields": {
                "id": "lager",
                "name": "倉庫",
                "environment": "staging",
                "current_host": ["old", "new"],
                "owner": ["WP-7-T06"],
                "wave": 3,
                "drain_last": False,
            },
        },
    ]
    tasks = json.loads(run("list", "task", "--format", "json").out)
    assert [task["entry"] for task in tasks] == ["task:WP-7-T05", "task:WP-7-T06"]
    assert tasks[1]["fields"]["after"] == ["WP-7-T05"]


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        (["environment=production"], ["workload:shop"]),
        (["environment=staging", "wave=2"], []),
        (["environment=staging", "wave=3"], ["workload:lager"]),
        (["wave=03"], ["workload:lager"]),
        (["current_host=old"], ["workload:shop", "workload:lager"]),
        (["current_host=machine:new"], ["workload:lager"]),
        (["Current host=new"], ["workload:lager"]),
        (["owner=WP-7-T05"], ["workload:shop"]),
        (["drain_last=yes"], ["workload:shop"]),
        (["drain_last=true"], ["workload:shop"]),
        (["drain_last=✗"], ["workload:lager"]),
        (["drain_last=1"], []),
        (["target_host="], ["workload:lager"]),
    ],
)
def test_where(run: Run, conditions: list[str], found: list[str]) -> None:
    words = [word for condition in conditions for word in ("--where", condition)]
    listed = json.loads(run("list", "workload", "--format", "json", *words).out)
    assert [entry["entry"] for entry in listed] == found


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("environment=prod", "`environment` is never `prod`: did you mean `production`?"),
        ("Environment=zzz", "`environment` is never `zzz`: it is one of `production`"),
    ],
)
@pytest.mark.usefixtures("fleet")
def test_a_value_that_no_entry_may_have_is_refused(run: Run, condition: str, message: str) -> None:
    ran = run("list", "workload", "--where", condition)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert run("list", "workload", "--where", "environment=legacy").status == 0
    assert run("list", "workload", "--where", "environment=", "--where", "name=nobody").status == 0


def test_csv_for_a_terminal_steers_it_no_further(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository({"registers/m.yaml": 'register: sink\nentries: [{id: a, notes: "x\\e[2J\\ny"}]\n'})
    words = ("list", "sink", "--format")
    assert "x\x1b[2J\ny" in run(*words, "csv").out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "x\\x1b[2J\\ny" in run(*words, "csv").out
    assert run(*words, "csv=m.csv").status == 0
    assert b"x\x1b[2J\ny" in (root / "m.csv").read_bytes()


@pytest.mark.usefixtures("fleet")
def test_kinds_with_counts(run: Run) -> None:
    ran = run("list")
    assert ran.status == 0
    header, _, *rows = ran.out.splitlines()
    assert header == "Kind       Entries  What it is"
    counts = {row.split()[0]: row.split()[1] for row in rows}
    assert {kind: count for kind, count in counts.items() if count != "0"} == {
        "machine": "2",
        "task": "2",
        "workload": "2",
    }
    assert {"kind": "task", "plural": "tasks", "entries": 2} in json.loads(run("list", "--format=json").out)
    assert "\ntask,tasks,2\n" in run("list", "--format=csv").out.replace("\r\n", "\n")


@pytest.mark.usefixtures("fleet")
def test_csv_has_a_column_for_every_property(run: Run) -> None:
    ran = run("list", "machine", "--format", "csv")
    assert (ran.status, ran.err) == (0, "")
    header, old, new = csv.reader(io.StringIO(ran.out, newline=""))
    assert header[:6] == ["entry", "path", "line", "id", "name", "addresses"]
    assert header[-4:] == ["notes", "links", "source", "undecided"]
    row = dict(zip(header, old, strict=True))
    assert {name: value for name, value in row.items() if value} == {
        "entry": "machine:old",
        "path": "registers/machines.yaml",
        "line": "3",
        "id": "old",
        "role": "frozen",
        "aliases": "legacy",
    }
    assert len(new) == len(header)


def test_csv_is_rfc_4180_and_says_what_would_run(repository: Repository, run: Run) -> None:
    notes = r'"=HYPERLINK(\"x\"), \"a\"\nb"'
    register = f"register: machine\nentries:\n  - {{id: m, role: frozen, notes: {notes}, name: -1}}\n"
    root = repository({"registers/m.yaml": register})
    ran = run("list", "machine", "--format", "csv=m.csv")
    assert (ran.status, ran.out) == (0, "")
    warning = "2 texts in this CSV would be run as a formula by a spreadsheet: import the columns as text"
    assert ran.err == f"regcheck: {warning}\n"
    data = (root / "m.csv").read_bytes()
    assert data.count(b"\r\n") == 2
    assert b',"=HYPERLINK(""x""), ""a""\nb",' in data
    header, row = csv.reader(io.StringIO(data.decode(), newline=""))
    assert row[header.index("notes")] == '=HYPERLINK("x"), "a"\nb'


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["worklod"], "there is no kind `worklod`: did you mean `workload`?"),
        (
            ["workload", "--where", "envronment=x"],
            "the kind `workload` has no property `envronment`: did you mean `environment`?",
        ),
        (["workload", "--where", "wave"], "`--where wave` says no value: write PROPERTY=VALUE"),
        (["--where", "wave=2"], "`--where` asks about the entries of one kind: name it"),
    ],
)
def test_wrong_usage(run: Run, words: list[str], message: str) -> None:
    assert run("list", *words) == (2, "", f"regcheck: {message}\n")


def test_what_could_not_be_read_is_said(repository: Repository, run: Run) -> None:
    repository({"registers/m.yaml": MACHINES, "registers/t.yaml": "register: [\n"})
    ran = run("list", "machine")
    assert (ran.status, ran.out.splitlines()[-1]) == (0, "2 machines")
    assert ran.err == (
        "regcheck: registers/t.yaml could not be read as a whole, so this may be incomplete: "
        "see `regcheck check`\n"
    )


def test_an_empty_list_is_an_answer(repository: Repository, run: Run) -> None:
    repository({"registers/m.yaml": MACHINES})
    assert run("list", "task") == (0, "0 tasks\n", "")
    assert run("list", "task", "--format", "json") == (0, "[\n]\n", "")


def on_a_terminal(root: Path, width: int, *words: str) -> list[str]:
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": str(width)}
    command = [sys.executable, "-m", "regcheck", *words]
    subprocess.check_call(command, cwd=root, env=environment, stdout=slave)
    os.close(slave)
    shown = b""
    try:
        while chunk := os.read(master, 65536):
            shown += chunk
    except OSError:  # the other end is closed and all is read
        pass
    os.close(master)
    return shown.decode().splitlines()


def test_a_terminal_is_not_overrun(repository: Repository) -> None:
    long = "a long name with many words"
    row = f"| shop | {long} | production | old | {'word ' * 30}|"
    header = "| Workload | Name | Environment | Current host | Notes |\n| --- | --- | --- | --- | --- |"
    root = repository({"registers/w.md": f"---\nregister: workload\n---\n\n{header}\n{row}\n"})
    assert on_a_terminal(root, 60, "list", "workload") == [
        "Workload  Name                     Environment  Current host",
        "────────  ───────────────────────  ───────────  ────────────",
        "shop      a long name with many …  production   old",
        "… and 1 more column beyond this terminal: see --format json or csv",
        "1 workload",
    ]
    assert on_a_terminal(root, 70, "list", "workload") == [
        "Workload  Name              Environment  Current host  Notes",
        "────────  ────────────────  ───────────  ────────────  ───────────────",
        "shop      a long name wit…  production   old           word word word…",
        "1 workload",
    ]
