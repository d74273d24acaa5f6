"""`regcheck simulate`: what an outage does, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Repository, Run, registers

FLEET = """
machine:
  - {id: new, role: production, aliases: [n1]}
  - {id: old, role: frozen}
  - {id: laptop, role: interactive}
workload:
  - {id: app, environment: production, current_host: new}
  - {id: db, environment: production, current_host: old, target_host: new, owner: [P-T2]}
  - {id: lost, environment: production, current_host: unknown, undecided: [method]}
tunnel:
  - {id: up, from: new, to: laptop, reverse: yes, state: now}
  - {id: down, from: laptop, to: old, state: now}
lane:
  - {id: app-db, from: app, to: db, current_path: [up, down], target_path: [new], owner: [P-T1]}
wave:
  - {number: 1, name: one, moves: [db]}
task:
  - {id: P-T1, title: Rewire, status: todo}
  - {id: P-T2, title: Move, status: todo, after: [Q-T2]}
  - {id: Q-T2, title: Decide, status: todo, human: yes}
"""

LAPTOP = """\
laptop off, state now: 2 production nodes affected

Down (1)
  lane:app-db → tunnel:up → machine:laptop  registers/lane.yaml:3

Degraded (1), as only a lane leads there
  workload:app → lane:app-db → tunnel:up → machine:laptop  registers/lane.yaml:3

Undetermined: nobody knows enough of these, so they could be affected too
  workload:lost  current_host unknown, method undecided  registers/workload.yaml:5

Safe from wave:1 on
That takes, in this order:
  P-T1  todo  Rewire
"""

MATRIX = """\
Production nodes that an outage affects, by machine and state
  machine   now  wave:1  target
  new         2       3       3
  old         3       0       0
  laptop      2       0       0
1 entry has a place that nobody knows: --offline MACHINE lists them
"""


@pytest.fixture
def here(repository: Repository) -> Path:
    return repository(registers(FLEET))


@pytest.mark.usefixtures("here")
def test_an_outage_in_words(run: Run) -> None:
    assert run("simulate", "--offline", "laptop") == (1, LAPTOP, "")


@pytest.mark.usefixtures("here")
def test_nothing_affected_is_status_0(run: Run) -> None:
    ran = run("simulate", "--offline", "laptop", "--state", "target")
    assert ran.status == 0
    assert ran.out.startswith("laptop off, state target: no production affected\n")
    assert ran.out.endswith("Safe from target on.\n")


@pytest.mark.usefixtures("here")
def test_no_way_out_is_said(run: Run) -> None:
    assert run("simulate", "--offline", "new").out.endswith(
        "There is no state from which on production does without.\n"
    )


@pytest.mark.usefixtures("here")
def test_an_outage_as_json(run: Run) -> None:
    ran = run("simulate", "--offline", "laptop", "--format", "json")
    assert ran.status == 1
    assert json.loads(ran.out) == {
        "version": 1,
        "offline": ["machine:laptop"],
        "state": "now",
        "affected": [
            {
                "id": "workload:app",
                "effect": "degraded",
                "path": ["workload:app", "lane:app-db", "tunnel:up", "machine:laptop"],
            },
            {"id": "lane:app-db", "effect": "down", "path": ["lane:app-db", "tunnel:up", "machine:laptop"]},
        ],
        "undetermined": ["workload:lost"],
        "safe_from": "wave:1",
        "tasks": ["task:P-T1"],
    }


@pytest.mark.usefixtures("here")
def test_machines_by_id_alias_or_reference_and_more_than_one(run: Run) -> None:
    found = json.loads(
        run("simulate", "--offline", "n1,machine:old", "--offline", "old", "--format", "json").out
    )
    assert found["offline"] == ["machine:new", "machine:old"]
    assert found["safe_from"] is None


@pytest.mark.parametrize("task", ["P-T2", "task:P-T2"])
@pytest.mark.usefixtures("here")
def test_as_if_tasks_were_finished(run: Run, task: str) -> None:
    found = json.loads(run("simulate", "--offline", "old", "--done", task, "--format", "json").out)
    assert [hit["id"] for hit in found["affected"]] == ["workload:app", "lane:app-db"]
    both = run("simulate", "--offline", "old", "--done", f"{task},T1")
    assert both.status == 0


@pytest.mark.usefixtures("here")
def test_the_matrix_of_machines_and_states(run: Run) -> None:
    assert run("simulate", "--matrix") == (0, MATRIX, "")
    assert json.loads(run("simulate", "--matrix", "--format", "json").out) == {
        "version": 1,
        "states": ["now", "wave:1", "target"],
        "machines": {
            "machine:new": {"now": 2, "wave:1": 3, "target": 3},
            "machine:old": {"now": 3, "wave:1": 0, "target": 0},
            "machine:laptop": {"now": 2, "wave:1": 0, "target": 0},
        },
    }
    done = json.loads(run("simulate", "--matrix", "--done", "P-T1,P-T2", "--format", "json").out)
    assert done["machines"]["machine:laptop"]["now"] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "say which machines are off (--offline MACHINE), or ask for all of them (--matrix)"),
        (("--offline", "lapto"), "there is no machine `lapto`: did you mean `laptop`?"),
        (("--offline", "workload:app"), "there is no machine `workload:app`: write `new`, `old` or `laptop`"),
        (("--offline", "new", "--done", "T2"), "the task `T2` could be `P-T2` or `Q-T2`: write it out"),
        (("--offline", "new", "--done", "P-T3"), "there is no task `P-T3`: did you mean `P-T"),
        (("--offline", "new", "--state", "later"), "there is no state `later`: now, wave:1 or target"),
        (("--matrix", "--offline", "new"), "leave --offline and --state out"),
    ],
)
@pytest.mark.usefixtures("here")
def test_wrong_words_are_status_2(run: Run, words: tuple[str, ...], message: str) -> None:
    ran = run("simulate", *words)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
