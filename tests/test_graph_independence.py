"""Who is tied to interactive machines, what is not there, and what falls with a cut."""

from __future__ import annotations

from graphlib import TopologicalSorter

import pytest

from conftest import SmallFleet

MACHINES = """
machine:
  - {id: new, role: production}
  - {id: old, role: frozen}
  - {id: laptop, role: interactive}
"""

WAVES = """
wave:
  - {number: 1, name: a, moves: [a], after: [3]}
  - {number: 2, name: b, moves: [b]}
  - {number: 3, name: c, moves: [c, d]}
workload:
  - {id: a, environment: production, current_host: old, target_host: new, drain_after: [d]}
  - {id: b, environment: production, current_host: old, target_host: new}
  - {id: c, environment: production, current_host: old, target_host: new, drain_after: [b]}
  - {id: d, environment: production, current_host: old, target_host: new, drain_after: [c]}
"""


def test_a_critical_tunnel_is_left_to_the_lane_that_crosses_it(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
tunnel:
  - {id: out, from: new, to: laptop, critical: yes}
  - {id: on, from: laptop, to: old, critical: yes}
  - {id: alone, from: new, to: laptop, critical: yes}
lane:
  - {id: both, from: new, to: old, critical: yes, current_path: [out, on]}
"""
    )
    found = graph.reach.dependencies("machine:laptop", "now")
    assert [(d.entry.ref, [e.target for e in d.path]) for d in found] == [
        ("lane:both", ["tunnel:out", "machine:laptop"]),
        ("tunnel:alone", ["machine:laptop"]),
    ]


def test_what_is_not_there_is_not_passed(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
tunnel:
  - {id: gone, from: new, to: laptop, state: target}
lane:
  - {id: l, from: new, to: new, critical: yes, current_path: [gone], target_path: [gone]}
"""
    )
    closed = frozenset({"tunnel:gone"})
    assert graph.reach.dependencies("machine:laptop", "now", closed=closed) == []
    assert [hop.missing.ref for hop in graph.independence.dead_hops()] == ["tunnel:gone"]


def test_giving_up_the_cut_gives_up_what_falls_with_it(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + WAVES)
    (loop,) = graph.drain.loops()
    assert [(w.source, w.target) for w in loop.cut] == [("wave:1", "wave:3")]
    severed = {(w.source, w.target) for w in loop.severed}
    assert severed == {("wave:1", "wave:3"), ("workload:a", "wave:3")}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for wait in graph.drain.waits:
        if (wait.source, wait.target) not in severed:
            sorter.add(wait.source, wait.target)
    assert {*sorter.static_order()} == {*loop.members}


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (["now"], "now"),
        (["target", "now"], "now and at target"),
        (["wave:2", "wave:1"], "in wave:1 and in wave:2"),
        (["now", "wave:1", "wave:2", "target"], "from now to wave:2 and at target"),
        (["wave:1", "wave:2", "wave:3", "target"], "from wave:1 to target"),
    ],
)
def test_states_in_words(fleet: SmallFleet, states: list[str], words: str) -> None:
    assert fleet(MACHINES + WAVES).independence.moments(states) == words


def test_the_owners_of_a_part_and_of_a_sink_on_a_lane(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
task:
  - {id: T1, title: Move, status: done}
  - {id: T2, title: Lay, status: todo}
workload:
  - {id: hub, environment: legacy, current_host: laptop, target_host: new, owner: T1}
  - {id: icons, environment: production, current_host: laptop, part_of: [hub]}
tunnel:
  - {id: out, from: new, to: laptop}
lane:
  - {id: l, from: new, to: hub, critical: no, current_path: [out], target_path: [new], owner: T2}
sink:
  - {id: s, critical: yes, current_via: [l]}
"""
    )
    bonds = {bond.entry.ref: bond for bond in graph.independence.bonds}
    assert {ref: [entry.ref for entry in bond.owning] for ref, bond in bonds.items()} == {
        "workload:icons": ["workload:hub"],
        "sink:s": ["lane:l"],
    }
    assert [*graph.independence.still_dependent()] == ["workload:icons"]
    assert graph.independence.no_way_off() == []
