"""The order of the tasks, and what can be done next."""

from __future__ import annotations

from conftest import SmallFleet

TASKS = """
task:
  - {id: P-T1, title: one, status: done}
  - {id: P-T2, title: two, status: todo, after: [P-T1]}
  - {id: P-T3, title: three, status: doing, after: [P-T2]}
  - {id: P-T4, title: decide, status: todo, human: yes}
  - {id: P-T5, title: wait, status: todo, after: [P-T4, P-T6]}
  - {id: P-T6, title: given up, status: cancelled}
  - {id: P-T7, title: stuck, status: blocked}
  - {id: P-T8, title: gone, status: todo, absorbed_by: P-T1}
  - {id: P-T9, title: gone too, status: todo, absorbed_by: P-T2}
  - {id: P-T10, title: after what was absorbed, status: todo, after: [P-T8]}
  - {id: X, external: yes}
  - {id: Y, title: theirs, status: todo, external: yes}
gap:
  - {id: g, title: open, blocks: [P-T11]}
  - {id: closed, title: closed, blocks: [P-T2], follow_on: [P-T1]}
"""


def test_what_can_be_done_now(fleet: SmallFleet) -> None:
    found = fleet(TASKS.replace("gap:", "  - {id: P-T11, title: gap, status: todo}\ngap:")).tasks.next()
    assert [task.id for task in found.tasks] == ["P-T2", "P-T10", "Y"]
    assert [task.id for task in found.decisions] == ["P-T4"]
    blocked = {block.entry.id: [other.ref for other in block.waits_for] for block in found.blocked}
    assert blocked == {
        "P-T3": ["task:P-T2"],
        "P-T5": ["task:P-T4"],
        "P-T7": [],
        "P-T11": ["gap:g"],
    }


def test_a_task_is_finished_with_the_one_that_absorbed_it(fleet: SmallFleet) -> None:
    tasks = fleet(TASKS.replace("[P-T11]", "[P-T2]")).tasks
    finished = [name for name in tasks.fleet.of("task") if tasks.finished(f"task:{name}")]
    assert finished == ["P-T1", "P-T6", "P-T8"]


def test_tasks_that_absorb_one_another_are_not_finished(fleet: SmallFleet) -> None:
    graph = fleet(
        """
task:
  - {id: a, title: a, status: todo, absorbed_by: b}
  - {id: b, title: b, status: todo, absorbed_by: a}
"""
    )
    assert not graph.tasks.finished("task:a")


def test_in_order_puts_each_task_after_those_it_waits_for(fleet: SmallFleet) -> None:
    tasks = fleet(TASKS.replace("[P-T11]", "[P-T2]")).tasks
    order = tasks.in_order({f"task:{name}" for name in tasks.fleet.of("task")})
    for wait in tasks.waits:
        assert order.index(wait.target) < order.index(wait.source)
    assert tasks.needed_for({"task:P-T3"}) == ["task:P-T2", "task:P-T3"]


def test_moves_wait_for_waves_owners_and_one_another(fleet: SmallFleet) -> None:
    graph = fleet(
        """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen}
workload:
  - {id: free, environment: production, current_host: b, target_host: a}
  - {id: first, environment: production, current_host: b, target_host: a}
  - {id: third, environment: production, current_host: b, target_host: a}
  - {id: after, environment: production, current_host: b, target_host: a, drain_after: [free]}
  - {id: owned, environment: production, current_host: b, target_host: a, owner: [t2]}
  - {id: there, environment: production, current_host: a, target_host: a}
wave:
  - {number: 1, name: one, moves: [first]}
  - {number: 2, name: empty}
  - {number: 3, name: three, moves: [third]}
task:
  - {id: t1, title: one, status: todo}
  - {id: t2, title: two, status: todo, after: [t1]}
"""
    )
    found = graph.tasks.next()
    moves = [(entry.id, wave.ref if wave else None) for entry, wave in found.moves]
    assert moves == [("first", "wave:1"), ("free", None)]
    blocked = {
        b.entry.ref: [w.ref for w in b.waits_for] for b in found.blocked if b.entry.kind.name != "task"
    }
    assert blocked == {
        "wave:2": ["wave:1"],
        "workload:third": ["wave:2"],  # nothing is in wave 2, but it comes after wave 1
        "wave:3": ["wave:2"],
        "workload:after": ["workload:free"],
        "workload:owned": ["task:t1"],
    }


def test_tasks_that_wait_for_one_another_are_loops(fleet: SmallFleet) -> None:
    graph = fleet(
        """
task:
  - {id: a, title: a, status: todo, after: [b]}
  - {id: b, title: b, status: todo, after: [a]}
  - {id: c, title: c, status: todo, after: [a]}
phase:
  - {id: s0, action: begin, after: [s0]}
"""
    )
    assert [sorted(loop.members) for loop in graph.tasks.loops()] == [["phase:s0"], ["task:a", "task:b"]]
