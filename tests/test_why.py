"""`regcheck why`: each shortest path, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Repository, Run, registers

FLEET = """
machine:
  - {id: new, role: production}
  - {id: old, role: frozen, aliases: [legacy-1]}
  - {id: laptop, role: interactive}
workload:
  - {id: app, environment: production, current_host: new}
  - {id: db, environment: production, current_host: old, target_host: new}
repo:
  - {id: app, current_remote: git.example.org/app, target_remote: retired}
tunnel:
  - {id: up, from: new, to: laptop, reverse: yes, state: now}
  - {id: down, from: laptop, to: old, state: now}
lane:
  - {id: app-db, from: app, to: db, current_path: [up, down], target_path: [new]}
"""

TO_LAPTOP = """\
workload:app needs machine:laptop (state now): 1 shortest path

  workload:app
    starts        lane:app-db     registers/lane.yaml:3
    crosses       tunnel:up       registers/lane.yaml:3
    then crosses  tunnel:down     registers/lane.yaml:3
    leads from    machine:laptop  registers/tunnel.yaml:4
"""


@pytest.fixture
def here(repository: Repository) -> Path:
    return repository(registers(FLEET))


@pytest.mark.usefixtures("here")
def test_the_path_is_told_hop_by_hop_with_its_places(run: Run) -> None:
    assert run("why", "workload:app", "laptop") == (0, TO_LAPTOP, "")


@pytest.mark.usefixtures("here")
def test_every_shortest_path_is_told(run: Run) -> None:
    out = run("why", "workload:app", "legacy-1").out
    assert out.startswith("workload:app needs machine:old (state now): 2 shortest paths\n")
    assert "    leads to  workload:db" in out
    assert "    runs on   machine:old" in out


@pytest.mark.usefixtures("here")
def test_no_path_is_status_1_and_names_the_states_that_have_one(run: Run) -> None:
    ran = run("why", "workload:app", "laptop", "--state", "target")
    said = "workload:app does not need machine:laptop (state target).\nIt does in the state now.\n"
    assert ran == (1, said, "")
    ran = run("why", "laptop", "workload:app")
    said = "machine:laptop does not need workload:app (state now).\n"
    assert ran == (1, f"{said}It is the other way round: regcheck why workload:app machine:laptop\n", "")
    assert run("why", "repo:app", "laptop").out == "repo:app does not need machine:laptop (state now).\n"


@pytest.mark.usefixtures("here")
def test_json_has_each_edge_with_its_place(run: Run) -> None:
    ran = run("why", "db", "old", "--format", "json")
    assert ran.status == 0
    assert json.loads(ran.out) == {
        "version": 1,
        "source": "workload:db",
        "target": "machine:old",
        "state": "now",
        "paths": [
            [
                {
                    "source": "workload:db",
                    "target": "machine:old",
                    "relation": "hosted-on",
                    "path": "registers/workload.yaml",
                    "line": 4,
                    "column": 53,
                }
            ]
        ],
        "undetermined": [],
    }
    none = run("why", "old", "db", "--format", "json")
    assert (none.status, json.loads(none.out)["paths"]) == (1, [])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("workload:ap", "laptop"), "there is no workload `ap`: did you mean `app`?"),
        (("app", "laptop"), "write `app` as `kind:id`: `repo:app` or `workload:app`"),
        (("db", "workload:db"), "`workload:db` is one entry: name two"),
        (("db", "laptop", "--state", "wave:1"), "there is no state `wave:1`: now or target"),
    ],
)
@pytest.mark.usefixtures("here")
def test_wrong_words_are_status_2(run: Run, words: tuple[str, ...], message: str) -> None:
    ran = run("why", *words)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
