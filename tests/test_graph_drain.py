"""The drain order, its loops, its critical path, and what the files leave open."""

from __future__ import annotations

from itertools import pairwise

import pytest

from conftest import SmallFleet
from regcheck.graph import FleetGraph

MACHINES = """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen, becomes: c}
  - {id: c, role: planned, target_role: production}
"""


def leaving(*names: str, **fields: str) -> str:
    """Workloads that must leave b, with more fields by name."""
    rows = [
        f"  - {{id: {name}, environment: production, current_host: b, target_host: a"
        f"{''.join(f', {more}' for more in [fields.get(name, '')] if more)}}}"
        for name in names
    ]
    return "workload:\n" + "\n".join(rows) + "\n"


def waits(graph: FleetGraph) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for wait in graph.drain.waits:
        found.setdefault(wait.source, []).append(wait.target)
    return {source: sorted(targets) for source, targets in found.items()}


def test_the_nodes_are_the_waves_and_the_workloads_that_must_move(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("x", "y")
        + """
  - {id: stays, environment: production, current_host: a}
  - {id: part, environment: production, part_of: [x]}
wave:
  - {number: 1, name: one, moves: [x]}
"""
    )
    assert [node.ref for node in graph.drain.nodes] == [
        "workload:x",
        "workload:part",
        "wave:1",
        "workload:y",
    ]


def test_a_workload_waits_for_its_drain_after_and_the_waves_before_its_own(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("x", "y", "z", z="drain_after: [y]")
        + """
wave:
  - {number: 1, name: one, moves: [x]}
  - {number: 4, name: two, moves: [z]}
"""
    )
    assert waits(graph) == {
        "wave:1": ["workload:x"],
        "workload:z": ["wave:1", "workload:y"],
        "wave:4": ["wave:1", "workload:z"],
    }
    assert not graph.drain.has_loop


def test_a_need_at_run_time_is_no_wait(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + leaving("x", "y", x="needs: [y]", y="needs: [x]"))
    assert waits(graph) == {}
    assert graph.drain.loops() == []


def test_a_wave_is_after_the_next_lower_one_unless_it_says(fleet: SmallFleet) -> None:
    graph = fleet(
        """
wave:
  - {number: 9, name: nine, after: [2, 4]}
  - {number: 2, name: two}
  - {number: 4, name: four, after: []}
  - {number: 7, name: seven}
""",
        sound=False,
    )
    assert waits(graph) == {"wave:7": ["wave:4"], "wave:9": ["wave:2", "wave:4"]}
    written = {(w.source, w.target): w.written for w in graph.drain.waits}
    assert written == {("wave:7", "wave:4"): False, ("wave:9", "wave:2"): True, ("wave:9", "wave:4"): True}


def test_what_is_last_waits_for_all_else_that_leaves_its_machine(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("x", "vault", "login", vault="drain_last: yes", login="drain_last: yes")
        + """
  - {id: whole, environment: production, current_host: b, target_host: a, drain_last: yes, part_of: [x]}
  - {id: kept, environment: production, current_host: b}
  - {id: elsewhere, environment: production, current_host: a, target_host: c}
"""
    )
    assert waits(graph) == {"workload:vault": ["workload:x"], "workload:login": ["workload:x"]}


def test_a_part_leaves_last_with_its_whole(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving(
            "x",
            "vault",
            "seal",
            "key",
            vault="drain_last: yes",
            seal="part_of: [vault]",
            key="part_of: [seal]",
        )
    )
    assert waits(graph) == {"workload:vault": ["workload:x"]}


def test_what_goes_with_the_rebuild_of_its_machine_keeps_nothing_waiting(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("x", "rest", "vault", vault="drain_last: yes")
        + """
wave:
  - {number: 1, name: one, moves: [x]}
  - {number: 2, name: two, moves: [vault]}
  - {number: 3, name: three, moves: [rest], rebuilds: b}
"""
    )
    assert waits(graph)["workload:vault"] == ["wave:1", "workload:x"]
    assert graph.drain.loops() == []
    assert list(graph.drain.lasts.too_late()) == []


def test_what_is_late_for_many_is_late_once(fleet: SmallFleet) -> None:
    names = [f"last{n}" for n in range(30)]
    graph = fleet(
        MACHINES
        + leaving("x", "y", *names, **dict.fromkeys(names, "wave: 1, drain_last: yes"))
        + """
wave:
  - {number: 1, name: one}
  - {number: 2, name: two, moves: [x, y]}
"""
    )
    found = list(graph.drain.lasts.too_late())
    assert [(late.workload.id, len(late.earlier), late.more) for late in found] == [
        ("x", 20, 29),
        ("y", 20, 29),
    ]
    assert not [wait for wait in graph.drain.waits if wait.relation == "drain-last"]


# --- loops --------------------------------------------------------------------


def loops(graph: FleetGraph) -> list[tuple[list[str], list[str]]]:
    return [
        (sorted({w.source for w in loop.waits}), [f"{w.source} {w.target}" for w in loop.cut])
        for loop in graph.drain.loops()
    ]


def test_each_component_is_one_loop_with_its_cheapest_cut(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving(
            *("p", "q", "r", "s", "t"),
            p="drain_after: [q]",
            q="drain_after: [p, r]",
            r="drain_after: [p]",
            s="drain_after: [t]",
            t="drain_after: [s]",
        )
    )
    assert loops(graph) == [
        (["workload:p", "workload:q", "workload:r"], ["workload:p workload:q"]),
        (["workload:s", "workload:t"], ["workload:s workload:t"]),
    ]
    first, _ = graph.drain.loops()
    assert first.cut[0].position.path == "registers/workload.yaml"
    assert graph.drain.has_loop


def test_a_workload_that_waits_for_itself_is_a_loop(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + leaving("p", p="drain_after: [p]"))
    assert loops(graph) == [(["workload:p"], ["workload:p workload:p"])]


def test_a_membership_is_dearer_to_cut_than_a_wish(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("x", "y", "z", x="drain_after: [z]", z="drain_after: [y]")
        + """
wave:
  - {number: 1, name: one, moves: [x]}
  - {number: 2, name: two, moves: [y]}
"""
    )
    ((_, cut),) = loops(graph)
    assert cut in (["workload:x workload:z"], ["workload:z workload:y"])


def test_the_waves_can_be_a_loop(fleet: SmallFleet) -> None:
    graph = fleet("wave:\n  - {number: 1, name: one, after: [2]}\n  - {number: 2, name: two}\n", sound=False)
    # The default order is not what has to go: nobody wrote it, and nobody can take it back.
    assert loops(graph) == [(["wave:1", "wave:2"], ["wave:1 wave:2"])]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"x": "drain_after: [y]"}, "too_early"),
        ({"x": "drain_last: yes"}, "not_last"),
        ({"y": "wave: 3"}, "two_waves"),
    ],
)
def test_a_contradiction_with_a_rule_of_its_own_is_no_loop(
    fleet: SmallFleet, fields: dict[str, str], rule: str
) -> None:
    graph = fleet(
        MACHINES
        + leaving("x", "y", **fields)
        + """
wave:
  - {number: 1, name: one, moves: [x]}
  - {number: 2, name: two, moves: [y]}
  - {number: 3, name: three}
"""
    )
    assert graph.drain.loops() == []
    assert not graph.drain.has_loop
    drain = graph.drain
    too_late = drain.lasts.too_late()
    refused = {"too_early": drain.too_early, "not_last": too_late, "two_waves": drain.two_waves()}
    assert {name for name, found in refused.items() if list(found)} == {rule}


def test_parts_drain_with_their_wholes(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("x", "y", "part", part="part_of: [x], drain_after: [y]")
        + """
wave:
  - {number: 1, name: one, moves: [x]}
  - {number: 2, name: two, moves: [y]}
"""
    )
    assert [member.id for member in graph.drain.members["wave:1"]] == ["x", "part"]
    assert [wait.source for wait, _, _ in graph.drain.too_early] == ["workload:part"]


# --- the critical path --------------------------------------------------------


def test_the_critical_path_is_the_longest_written_chain(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("p", "q", "r", "s", q="drain_after: [p]", s="drain_after: [r]")
        + """
wave:
  - {number: 1, name: one, moves: [p]}
  - {number: 2, name: two, moves: [s]}
  - {number: 3, name: three}
"""
    )
    assert graph.drain.critical_path() == ["workload:r", "workload:s", "wave:2"]


def test_a_written_order_of_waves_is_on_the_path(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("p", "q")
        + """
wave:
  - {number: 1, name: one, moves: [p]}
  - {number: 2, name: two, moves: [q], after: [1]}
"""
    )
    assert graph.drain.critical_path() == ["workload:p", "wave:1", "workload:q", "wave:2"]


def test_ties_of_the_critical_path_go_by_id_from_the_first_step_on(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving(
            *("d", "c", "b2", "b1", "a2", "a1"),
            d="drain_after: [b2, b1]",
            c="drain_after: [b2, b1]",
            b2="drain_after: [a2, a1]",
            b1="drain_after: [a2]",
        )
    )
    assert graph.drain.critical_path() == ["workload:a1", "workload:b2", "workload:c"]


def test_a_loop_leaves_its_cut_out_of_the_critical_path(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES + leaving("p", "q", "r", p="drain_after: [r]", q="drain_after: [p]", r="drain_after: [q]")
    )
    assert graph.drain.critical_path() == ["workload:p", "workload:q", "workload:r"]


# --- suggestions --------------------------------------------------------------

OPEN = """
wave:
  - {number: 1, name: one, owner: [t1]}
  - {number: 2, name: two, owner: [t2], moves: [second]}
  - {number: 4, name: four, owner: [t2]}
  - {number: 6, name: six, rebuilds: b, owner: [t6]}
task:
  - {id: t1, title: one, status: todo}
  - {id: t2, title: two, status: todo}
  - {id: t3, title: three, status: todo, after: [t1]}
  - {id: t4, title: four, status: todo, after: [t3]}
  - {id: t5, title: five, status: todo, after: [t2]}
  - {id: t6, title: six, status: todo}
"""


@pytest.mark.parametrize(
    ("fields", "wave"),
    [
        ("", 1),
        ("drain_after: [second]", 2),
        ("drain_after: [other]", 2),
        ("owner: [t1]", 1),
        ("owner: [t2]", 2),  # the first wave of its owner
        ("owner: [t3]", 2),  # after the last wave of t1
        ("owner: [t4]", 2),
        ("owner: [t5]", None),  # no wave after the last of t2 but the one that rebuilds
        ("owner: [t6]", None),
        ("drain_last: yes", 2),
    ],
)
def test_the_earliest_wave_of_what_has_none(fleet: SmallFleet, fields: str, wave: int | None) -> None:
    graph = fleet(
        MACHINES + leaving("second", "other", "open", open=fields, other="drain_after: [second]") + OPEN
    )
    found = graph.drain.suggestions(graph.tasks.before)
    assert found == {"workload:other": 2, "workload:open": wave}


def test_a_long_chain_of_waits_is_no_trouble(fleet: SmallFleet) -> None:
    names = [f"w{n:04}" for n in range(3000)]
    after = {name: f"drain_after: [{before}]" for before, name in pairwise(names)}
    graph = fleet(MACHINES + leaving(*names, **after) + "wave:\n  - {number: 1, name: one}\n")
    assert set(graph.drain.suggestions(graph.tasks.before).values()) == {1}
    assert len(graph.drain.critical_path()) == 3000


def test_a_loop_does_not_hinder_suggestions(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("p", "q", p="drain_after: [q]", q="drain_after: [p]")
        + "wave:\n  - {number: 3, name: x}\n"
    )
    assert graph.drain.suggestions(graph.tasks.before) == {"workload:p": 3, "workload:q": 3}


def test_a_wave_without_a_number_is_no_wave(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + leaving("p")
        + "wave:\n  - {name: nameless, moves: [p], owner: [t]}\n  - {number: x, name: y}\n",
        sound=False,
    )
    assert graph.states == ["now", "target"]
    assert graph.drain.suggestions(graph.tasks.before) == {}
    assert [node.ref for node in graph.drain.nodes] == ["workload:p"]


def test_a_cycle_goes_once_round_and_starts_with_the_cut(fleet: SmallFleet) -> None:
    fields = {
        "p": "drain_after: [q]",
        "q": "drain_after: [r]",
        "r": "drain_after: [s, p]",
        "s": "drain_after: [q]",
    }
    (loop,) = fleet(MACHINES + leaving("p", "q", "r", "s", **fields)).drain.loops()
    waits_for = {(wait.source, wait.target) for wait in loop.waits}
    assert (loop.cycle[0], loop.cycle[1]) == (loop.cut[0].source, loop.cut[0].target)
    assert waits_for.issuperset(pairwise([*loop.cycle, loop.cycle[0]]))
    assert len(set(loop.cycle)) == len(loop.cycle) == 3
    (alone,) = fleet(MACHINES + leaving("p", p="drain_after: [p]")).drain.loops()
    assert alone.cycle == ["workload:p"]
