"""`regcheck next`: what can be done now, in words and as JSON."""

from __future__ import annotations

import json

from conftest import Repository, Run, registers

FLEET = """
machine:
  - {id: new, role: production}
  - {id: old, role: frozen}
workload:
  - {id: db, name: Database, environment: production, current_host: old, target_host: new}
  - {id: app, environment: production, current_host: old, target_host: new, drain_after: [db]}
wave:
  - {number: 1, name: one, moves: [db]}
task:
  - {id: P-T1, title: Plan, status: todo}
  - {id: P-T2, title: Build, status: todo, after: [P-T1]}
  - {id: P-T3, title: Decide, status: todo, human: yes}
  - {id: P-T4, title: Stuck, status: blocked}
"""

TEXT = """\
Can be done now (1)
  P-T1  todo  Plan

Waits for a human to decide (1)
  P-T3  todo  Decide

Can move now (1)
  Database  old → new  wave 1

Blocked (3)
  P-T2          waits for P-T1
  P-T4          blocked, says its register
  workload app  waits for workload Database
"""


def test_what_can_be_done_in_words(repository: Repository, run: Run) -> None:
    repository(registers(FLEET))
    assert run("next") == (0, TEXT, "")


def test_what_can_be_done_as_json(repository: Repository, run: Run) -> None:
    repository(registers(FLEET))
    assert json.loads(run("next", "--format", "json").out) == {
        "version": 1,
        "tasks": ["task:P-T1"],
        "decisions": ["task:P-T3"],
        "moves": [{"id": "workload:db", "wave": "wave:1"}],
        "blocked": [
            {"id": "task:P-T2", "waits_for": ["task:P-T1"]},
            {"id": "task:P-T4", "waits_for": []},
            {"id": "workload:app", "waits_for": ["workload:db"]},
        ],
    }


def test_nothing_left_to_do(repository: Repository, run: Run) -> None:
    repository(registers("task:\n  - {id: P-T1, title: Plan, status: done}\n"))
    assert run("next") == (0, "Nothing is left to do.\n", "")
