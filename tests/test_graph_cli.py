"""`regcheck graph`: each view in each format, through the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Repository, Run, registers

FLEET = """
machine:
  - {id: new, role: production}
  - {id: old, role: frozen, becomes: reborn}
  - {id: reborn, role: planned, target_role: production}
  - {id: laptop, role: interactive}
workload:
  - {id: forge, name: Forge, environment: production, current_host: old, target_host: new, owner: [P-T1]}
  - {id: hub, environment: production, current_host: old, target_host: new, drain_after: [forge]}
  - {id: part, environment: production, part_of: [hub]}
  - {id: vault, environment: production, current_host: old, target_host: new, drain_last: yes}
  - {id: open, environment: legacy, current_host: old, target_host: retired, drain_after: [hub]}
wave:
  - {number: 1, name: Forge, moves: [forge], owner: [P-T1]}
  - {number: 2, name: Hub, moves: [hub]}
  - {number: 3, name: Vault, moves: [vault], after: [1, 2]}
  - {number: 4, name: Rebirth, rebuilds: old}
task:
  - {id: P-T0, title: Plan, status: done}
  - {id: P-T1, title: Move the forge, status: todo, after: [P-T0]}
  - {id: P-T2, title: Rest, status: todo, after: [P-T0, P-T1]}
tunnel:
  - {id: t, from: new, to: laptop, reverse: yes}
lane:
  - {id: l, from: hub, to: forge, current_path: [old], target_path: [new]}
"""

DRAIN = """\
Drain order: 4 waves, 5 workloads

Wave 1  Forge  P-T1 (todo)
  Forge  old → new      P-T1 (todo)

Wave 2  Hub  no owner
  hub    old → new
  part   with hub

Wave 3  Vault  no owner
  after wave 1 and wave 2
  vault  old → new      leaves last

Wave 4  Rebirth  no owner
  rebuilds old, which becomes reborn

In no wave, and yet they must move
  open   old → retired  wave 2 at the earliest

Critical path: the longest chain that somebody wrote down, 5 steps
   1. Forge
   2. hub
   3. wave 2 Hub
   4. vault
   5. wave 3 Vault

Undoing goes in the reverse order: the last wave first, and in it the last move first.
"""

TASKS = """\
In order: 3 tasks
  P-T0  done  Plan
  P-T1  todo  Move the forge  after T0 (done)
  P-T2  todo  Rest            after T0 (done), T1
"""

LANES = """\
Lanes (1)
  l  (production needs it)
      from     workload:hub    registers/lane.yaml:3
      to       workload:forge  registers/lane.yaml:3
      crosses  machine:old     registers/lane.yaml:3
"""


@pytest.fixture
def here(repository: Repository) -> Path:
    return repository(registers(FLEET))


@pytest.mark.usefixtures("here")
def test_the_default_is_the_drain_order(run: Run) -> None:
    assert run("graph") == (0, DRAIN, "")


@pytest.mark.usefixtures("here")
def test_the_tasks_in_order(run: Run) -> None:
    assert run("graph", "--view", "tasks") == (0, TASKS, "")


@pytest.mark.usefixtures("here")
def test_what_needs_what_with_file_and_line(run: Run) -> None:
    ran = run("graph", "--view", "runtime")
    assert ran.status == 0
    assert ran.out.startswith("What needs what, state now: 10 entries\n")
    assert LANES in ran.out
    assert "reborn" not in ran.out
    after = run("graph", "--view", "runtime", "--state", "target").out
    assert "  reborn  (production)\n" in after
    assert "  old  " not in after


@pytest.mark.usefixtures("here")
def test_json_of_the_drain(run: Run) -> None:
    found = json.loads(run("graph", "--format", "json").out)
    assert list(found) == ["version", "view", "state", "nodes", "edges", "waves", "critical_path"]
    assert (found["version"], found["view"], found["state"]) == (1, "drain", "now")
    assert found["nodes"][:2] == [
        {"id": "workload:forge", "kind": "workload", "label": "Forge"},
        {"id": "wave:1", "kind": "wave", "label": "Forge"},
    ]
    assert {"source": "workload:hub", "target": "workload:forge", "relation": "drain-after"} in found["edges"]
    assert {"source": "wave:1", "target": "workload:forge", "relation": "moves"} in found["edges"]
    assert found["waves"][1] == {"number": 2, "name": "Hub", "moves": ["workload:hub", "workload:part"]}
    assert found["critical_path"] == [
        "workload:forge",
        "workload:hub",
        "wave:2",
        "workload:vault",
        "wave:3",
    ]


@pytest.mark.usefixtures("here")
def test_a_view_of_all_states_says_so(run: Run) -> None:
    drain = run("graph")
    ran = run("graph", "--state", "wave:1")
    assert ran == (0, drain.out, "regcheck: the view `drain` is the same in every state\n")


@pytest.mark.parametrize(("view", "state"), [("tasks", "wave:1"), ("runtime", "wave:1")])
@pytest.mark.usefixtures("here")
def test_json_of_the_other_views(run: Run, view: str, state: str) -> None:
    found = json.loads(run("graph", "--view", view, "--format", "json", "--state", state).out)
    assert list(found) == ["version", "view", "state", "nodes", "edges"]
    assert (found["view"], found["state"]) == (view, state)
    ids = {node["id"] for node in found["nodes"]}
    assert all(edge["source"] in ids and edge["target"] in ids for edge in found["edges"])
    assert all(set(edge) == {"source", "target", "relation"} for edge in found["edges"])


@pytest.mark.usefixtures("here")
def test_a_selection_limits_nodes_and_what_is_between_them(run: Run) -> None:
    out = run("graph", "--select", "workload:forge workload:hub wave:2", "--format", "json").out
    found = json.loads(out)
    assert [node["id"] for node in found["nodes"]] == ["workload:forge", "workload:hub", "wave:2"]
    assert found["edges"] == [
        {"source": "workload:hub", "target": "workload:forge", "relation": "drain-after"},
        {"source": "wave:2", "target": "workload:hub", "relation": "moves"},
    ]
    assert [wave["number"] for wave in found["waves"]] == [1, 2]
    assert "vault" not in run("graph", "--select", "workload:forge workload:hub").out
    tasks = json.loads(run("graph", "--view", "tasks", "--select", "1+task:P-T2", "--format", "json").out)
    assert [node["id"] for node in tasks["nodes"]] == ["task:P-T0", "task:P-T1", "task:P-T2"]


def test_a_loop_is_named_and_so_is_the_order_that_is_left(repository: Repository, run: Run) -> None:
    repository(registers(FLEET.replace("id: forge, name", "id: forge, drain_after: [open], name")))
    out = run("graph").out
    assert "so the order shown is only that of the wave numbers" in out
    assert "  Forge waits for open waits for hub waits for Forge (1 more in the same loop)\n" in out
    assert "cheapest to give up: Forge waits for open  registers/workload.yaml:3:" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--select", ""), "argument --select: it names no entry"),
        (("--select", " "), "argument --select: it names no entry"),
        (("--select", ", ,"), "argument --select: it names no entry"),
        (("--view", "runtime", "--state", "wave:9"), "there is no state `wave:9`: did you mean `wave:"),
        (("--select", "workload:forg"), "there is no workload `forg`: did you mean `forge`?"),
    ],
)
@pytest.mark.usefixtures("here")
def test_wrong_words_are_refused(run: Run, words: tuple[str, ...], message: str) -> None:
    status, out, said = run("graph", *words)
    assert (status, out) == (2, "")
    assert message in said


def test_formats_go_into_files(here: Path, run: Run) -> None:
    ran = run("graph", "--format", "svg=drain.svg", "--format", "dot=drain.dot", "--format", "text")
    assert ran.out == DRAIN
    assert (here / "drain.svg").read_text().startswith("<svg ")
    assert (here / "drain.dot").read_text().startswith('digraph "drain" {')


@pytest.mark.parametrize("format_", ["text", "json", "mermaid", "dot", "graphml", "svg"])
@pytest.mark.parametrize("view", ["drain", "tasks", "runtime"])
def test_output_is_the_same_under_any_hash_seed(here: Path, view: str, format_: str) -> None:
    command = [sys.executable, "-m", "regcheck", "graph", "--view", view, "--format", format_]
    outs = {
        subprocess.run(
            command, cwd=here, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outs) == 1


def test_an_empty_fleet_has_no_order(repository: Repository, run: Run) -> None:
    repository(registers("machine:\n  - {id: a, role: production}\n"))
    assert run("graph").out == "Nothing moves: no wave and no workload that must leave its host.\n"
    assert run("graph", "--view", "tasks").out == "There is no task here.\n"
    assert run("graph", "--format", "svg").status == 0


def test_escape_sequences_of_registers_stay_out_of_the_terminal(repository: Repository, run: Run) -> None:
    nasty = '"\\e[31mred\\u202e\\u0007"'
    text = FLEET.replace("name: Forge", f"name: {nasty}").replace("title: Plan", f"title: {nasty}")
    repository(registers(text))
    for words in ((), ("--view", "tasks"), ("--view", "runtime")):
        for format_ in ("text", "json", "mermaid", "dot", "graphml", "svg"):
            ran = run("graph", *words, "--format", format_)
            assert ran.status == 0
            assert not {"\x1b", "\x07", "\u202e"} & set(ran.out), (words, format_)
