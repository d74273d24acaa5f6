"""Lanes that hold together, production nodes, outages and dependencies."""

from __future__ import annotations

import pytest

from conftest import SmallFleet
from regcheck.graph import FleetGraph, Path

MACHINES = """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen}
  - {id: c, role: production}
  - {id: w, role: interactive}
"""


def short(path: Path) -> list[str]:
    return [edge.target.partition(":")[2] for edge in path]


# --- paths --------------------------------------------------------------------

PATHS = """
workload:
  - {id: app, environment: production, current_host: a}
  - {id: db, environment: production, current_host: b}
  - {id: twice, environment: production, current_host: [a, c], redundant: yes}
  - {id: lost, environment: production, current_host: unknown}
tunnel:
  - {id: aw, from: a, to: w, reverse: yes}
  - {id: wb, from: w, to: b}
  - {id: cb, from: c, to: b}
"""


@pytest.mark.parametrize(
    ("lane", "breaks"),
    [
        ("from: app, to: db, current_path: [aw, wb]", []),
        ("from: app, to: db, current_path: [aw, w, wb]", []),
        ("from: app, to: db, current_path: [aw, wb, b]", []),
        ("from: a, to: b, current_path: [aw, wb]", []),
        ("from: app, to: db, current_path: [wb]", ["start 0"]),
        ("from: app, to: db, current_path: [aw, cb]", ["hop 1"]),
        ("from: app, to: db, current_path: [aw, c, cb]", ["hop 1"]),
        ("from: app, to: db, current_path: [aw]", ["end 0"]),
        ("from: b, to: app, current_path: [aw]", ["start 0", "end 0"]),
        ("from: twice, to: db, current_path: [aw, wb]", []),
        ("from: twice, to: db, current_path: [cb]", []),
        ("from: twice, to: db, current_path: [wb]", ["start 0"]),
        ("from: lost, to: db, current_path: [wb]", []),
        ("from: app, to: lost, current_path: [aw]", []),
        ("from: app, to: twice, current_path: [a]", []),
        ("from: app, to: db", []),
    ],
)
def test_a_path_leads_hop_by_hop_from_one_end_to_the_other(
    fleet: SmallFleet, lane: str, breaks: list[str]
) -> None:
    graph = fleet(f"{MACHINES}{PATHS}\nlane:\n  - {{id: l, {lane}}}\n")
    (entry,) = graph.fleet.of("lane").values()
    found = graph.lanes.breaks(entry, "current_path", "now")
    assert [f"{found_.part} {found_.item}" for found_ in found] == breaks


def test_a_path_ends_where_its_workload_is_in_the_state(fleet: SmallFleet) -> None:
    graph = fleet(
        f"""{MACHINES}
workload:
  - {{id: app, environment: production, current_host: b, target_host: a}}
lane:
  - {{id: l, from: c, to: app, current_path: [c], target_path: [c]}}
"""
    )
    (entry,) = graph.fleet.of("lane").values()
    assert [b.expected for b in graph.lanes.breaks(entry, "current_path", "now")] == [("machine:b",)]
    assert [b.expected for b in graph.lanes.breaks(entry, "target_path", "target")] == [("machine:a",)]


# --- production ---------------------------------------------------------------


def nodes(graph: FleetGraph, state: str) -> list[str]:
    return list(graph.production.nodes(state))


def test_production_workloads_and_what_is_marked_critical_are_production_nodes(fleet: SmallFleet) -> None:
    graph = fleet(
        f"""{MACHINES}
workload:
  - {{id: app, environment: production, current_host: a}}
  - {{id: toy, environment: staging, current_host: a}}
  - {{id: gone, environment: production, current_host: a, target_host: retired}}
lane:
  - {{id: by-its-start, from: app, to: toy}}
  - {{id: by-its-word, from: toy, to: app, critical: yes}}
  - {{id: not-by-its-word, from: app, to: toy, critical: no}}
  - {{id: until-it-moves, from: toy, to: app, critical: now, current_path: [a], target_path: [a]}}
  - {{id: not, from: toy, to: app}}
  - {{id: of-the-retired, from: gone, to: app}}
sink:
  - {{id: yes, critical: yes, current_host: a}}
  - {{id: no, current_host: a}}
checkout:
  - {{id: yes, critical: yes, current_host: a, target_host: retired}}
pipeline:
  - {{id: yes, artifact: x, critical: yes, current_build_host: a}}
  - {{id: no, artifact: x, critical: no, current_build_host: a}}
repo:
  - {{id: never, current_remote: x/y}}
"""
    )
    now = ["workload:app", "workload:gone", "lane:by-its-start", "lane:by-its-word", "lane:until-it-moves"]
    rest = ["lane:of-the-retired", "sink:yes", "checkout:yes", "pipeline:yes"]
    assert nodes(graph, "now") == now + rest
    assert nodes(graph, "target") == [
        "workload:app",
        "lane:by-its-start",
        "lane:by-its-word",
        "sink:yes",
        "pipeline:yes",
    ]


def test_a_critical_tunnel_is_one_while_a_critical_lane_crosses_it(fleet: SmallFleet) -> None:
    graph = fleet(
        f"""{MACHINES}
wave:
  - {{number: 1, name: one}}
  - {{number: 2, name: two}}
tunnel:
  - {{id: crossed, from: a, to: b, critical: yes}}
  - {{id: by-an-idle-lane, from: a, to: b, critical: yes}}
  - {{id: unnamed, from: a, to: b, critical: yes}}
  - {{id: not-critical, from: a, to: b}}
lane:
  - {{id: l, from: a, to: b, critical: yes, wave: 2, current_path: [crossed, not-critical], target_path: [a]}}
  - {{id: idle, from: a, to: b, critical: no, current_path: [by-an-idle-lane]}}
"""
    )
    tunnels = {s: [r for r in nodes(graph, s) if r.startswith("tunnel:")] for s in graph.states}
    assert tunnels == {
        "now": ["tunnel:crossed", "tunnel:unnamed"],
        "wave:1": ["tunnel:crossed", "tunnel:unnamed"],
        "wave:2": ["tunnel:unnamed"],
        "target": ["tunnel:unnamed"],
    }


# --- outages ------------------------------------------------------------------

CHAIN = """
workload:
  - {id: db, environment: production, current_host: b, target_host: a, owner: [t2]}
  - {id: app, environment: production, current_host: a, needs: [cache]}
  - {id: cache, environment: development, current_host: a}
  - {id: report, environment: production, current_host: c, needs: [db]}
  - {id: twice, environment: production, current_host: [a, c], redundant: yes}
tunnel:
  - {id: aw, from: a, to: w, reverse: yes, state: now}
  - {id: wb, from: w, to: b, state: now}
lane:
  - {id: l, from: app, to: db, current_path: [aw, wb], target_path: [a], owner: [t3]}
task:
  - {id: t1, title: first, status: todo}
  - {id: t2, title: move db, status: todo, after: [t1]}
  - {id: t3, title: move lane, status: done}
"""


def effects(graph: FleetGraph, state: str, *machines: str) -> dict[str, str]:
    affected = graph.outage([f"machine:{m}" for m in machines], state).affected
    return {hit.entry.ref: hit.effect for hit in affected}


def test_what_reaches_a_machine_is_down_or_degraded_if_only_by_a_lane(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + CHAIN)
    assert effects(graph, "now", "w") == {"workload:app": "degraded", "lane:l": "down"}
    assert effects(graph, "now", "b") == {
        "workload:app": "degraded",
        "workload:db": "down",
        "workload:report": "down",
        "lane:l": "down",
    }
    assert effects(graph, "target", "b") == effects(graph, "target", "w") == {}


def test_the_path_of_an_effect_proves_it(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + CHAIN)
    paths = {hit.entry.id: short(hit.path) for hit in graph.outage(["machine:w"], "now").affected}
    assert paths == {"app": ["l", "aw", "w"], "l": ["aw", "w"]}


def test_a_redundant_workload_is_down_with_all_its_hosts_only(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + CHAIN)
    assert "workload:twice" not in effects(graph, "now", "a")
    assert "workload:twice" not in effects(graph, "now", "c")
    assert effects(graph, "now", "a", "c")["workload:twice"] == "down"


def test_a_host_that_is_not_there_spares_no_redundant_workload(fleet: SmallFleet) -> None:
    graph = fleet(
        """
machine:
  - {id: a, role: production}
  - {id: new, role: planned, target_role: production}
workload:
  - {id: app, environment: production, current_host: [a, new], redundant: yes}
"""
    )
    assert effects(graph, "now", "a") == {"workload:app": "down"}
    assert effects(graph, "target", "a") == {}


def test_an_outage_says_from_when_it_hurts_nothing_and_what_that_takes(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + CHAIN)
    outage = graph.outage(["machine:b"], "now")
    assert outage.safe_from == "target"
    # Its owner, what comes before that, and the owner of the lane, though it says it is done.
    assert outage.tasks == ("task:t1", "task:t3", "task:t2")
    safe = graph.outage(["machine:b"], "target")
    assert (safe.affected, safe.safe_from, safe.tasks) == ((), "target", ())
    never = graph.outage(["machine:a"], "now")
    assert (never.safe_from, never.tasks) == (None, ())


def test_every_way_to_a_machine_has_its_price(fleet: SmallFleet) -> None:
    graph = fleet(
        f"""{MACHINES}
workload:
  - {{id: app, environment: production, current_host: b, target_host: a, owner: [t1], needs: [old]}}
  - {{id: old, environment: legacy, current_host: b, target_host: a, owner: [t2]}}
  - {{id: apart, environment: legacy, current_host: b, target_host: a, owner: [t3]}}
lane:
  - {{id: people, from: b, to: app, critical: now, owner: [t4], current_path: [b], target_path: [b, a]}}
task:
  - {{id: t1, title: one, status: todo}}
  - {{id: t2, title: two, status: todo}}
  - {{id: t3, title: three, status: todo}}
  - {{id: t4, title: four, status: todo}}
"""
    )
    assert graph.outage(["machine:b"], "now").tasks == ("task:t1", "task:t2", "task:t4")


def test_an_outage_is_not_safe_between_two_that_hurt(fleet: SmallFleet) -> None:
    graph = fleet(
        f"""{MACHINES}
wave:
  - {{number: 1, name: one}}
  - {{number: 2, name: two}}
lane:
  - {{id: l, from: a, to: a, critical: yes, wave: 2, current_path: [w], interim_path: [a], target_path: [w]}}
"""
    )
    counts = {s: len(graph.outage(["machine:w"], s).affected) for s in graph.states}
    assert counts == {"now": 1, "wave:1": 0, "wave:2": 1, "target": 1}
    assert graph.outage(["machine:w"], "now").safe_from is None
    assert graph.matrix()["machine:w"] == counts


def test_tasks_taken_as_done_lower_the_price(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + CHAIN, ("task:t2",))
    assert effects(graph, "now", "b") == {"workload:app": "degraded", "lane:l": "down"}
    assert graph.outage(["machine:b"], "now").tasks == ("task:t3",)


# --- dependencies -------------------------------------------------------------


def dependencies(graph: FleetGraph, machine: str) -> dict[str, list[str]]:
    found = graph.reach.dependencies(f"machine:{machine}", "now")
    return {d.entry.ref: [other.ref for other, _ in d.others] for d in found}


def test_a_dependency_is_found_where_no_other_production_node_is_between(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + CHAIN)
    assert dependencies(graph, "w") == {"lane:l": ["workload:app"]}
    assert dependencies(graph, "b") == {
        "workload:db": ["workload:report"],
        "lane:l": ["workload:app"],
    }


def test_a_dependency_through_what_is_no_production_is_its_own(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + CHAIN.replace(
            "id: cache, environment: development, current_host: a",
            "id: cache, environment: development, current_host: w",
        )
    )
    found = {d.entry.ref: short(d.path) for d in graph.reach.dependencies("machine:w", "now")}
    assert found == {"workload:app": ["cache", "w"], "lane:l": ["aw", "w"]}


def test_a_critical_tunnel_counts_only_where_nothing_that_counts_crosses_it(fleet: SmallFleet) -> None:
    graph = fleet(
        f"""{MACHINES}
tunnel:
  - {{id: first, from: a, to: w, critical: yes}}
  - {{id: second, from: w, to: b, critical: yes}}
  - {{id: alone, from: w, to: b, critical: yes}}
  - {{id: via, from: w, to: b, critical: yes}}
lane:
  - {{id: l, from: a, to: b, critical: yes, current_path: [first, second]}}
sink:
  - {{id: s, critical: yes, current_host: w, current_via: [via]}}
"""
    )
    assert sorted(dependencies(graph, "w")) == ["lane:l", "sink:s", "tunnel:alone"]


def test_the_matrix_counts_what_each_outage_affects(fleet: SmallFleet) -> None:
    graph = fleet(MACHINES + CHAIN)
    matrix = graph.matrix()
    assert matrix == {
        f"machine:{name}": {s: len(effects(graph, s, name)) for s in graph.states} for name in "abcw"
    }
    assert matrix["machine:w"] == {"now": 2, "target": 0}
