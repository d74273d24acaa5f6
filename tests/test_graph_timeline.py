"""Places and states: who moves when, where things then are, what exists."""

from __future__ import annotations

import pytest

from conftest import SmallFleet
from regcheck.graph import FleetGraph

BASE = """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen}
  - {id: w, role: interactive}
wave:
  - {number: 1, name: one, moves: [first], owner: [t1]}
  - {number: 2, name: two, owner: [t2]}
  - {number: 5, name: five, moves: [last], owner: [t5, t6]}
task:
  - {id: t1, title: one, status: todo}
  - {id: t2, title: two, status: todo}
  - {id: t5, title: five, status: todo}
  - {id: t6, title: six, status: todo}
"""


def wave(graph: FleetGraph, ref: str) -> int | None:
    entry = graph.fleet.get(ref)
    assert entry is not None
    return graph.timeline.wave(entry)


def hosts(graph: FleetGraph, ref: str, state: str) -> tuple[str, ...]:
    entry = graph.fleet.get(ref)
    assert entry is not None
    return graph.timeline.hosts(entry, state)


@pytest.mark.parametrize(
    ("places", "moves"),
    [
        ("current_host: b, target_host: a", True),
        ("current_host: b, target_host: retired", True),
        ("current_host: [a, b], target_host: a", True),
        ("current_host: a, target_host: a", False),
        ("current_host: [a, b], target_host: [b, a]", False),
        ("current_host: b", False),
        ("target_host: a", False),
        ("current_host: unknown, target_host: a", False),
    ],
)
def test_an_entry_must_move_when_its_place_is_known_and_its_target_differs(
    fleet: SmallFleet,
    places: str,
    moves: bool,  # noqa: FBT001
) -> None:
    graph = fleet(
        BASE
        + f"""
workload:
  - {{id: app, environment: production, {places}}}
  - {{id: first, environment: production}}
  - {{id: last, environment: production}}
"""
    )
    (app, *_) = graph.fleet.of("workload").values()
    assert graph.timeline.must_move(app) is moves


def test_build_hosts_remotes_and_paths_are_places_and_registries_are_none(fleet: SmallFleet) -> None:
    graph = fleet(
        """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen}
pipeline:
  - {id: moves, artifact: x, current_build_host: b, target_build_host: a}
  - {id: stays, artifact: x, current_build_host: b, current_registry: r/x, target_registry: s/x}
repo:
  - {id: moves, current_remote: one/x, target_remote: two/x}
  - {id: goes, current_remote: one/x, target_remote: retired}
  - {id: stays, current_remote: one/x}
lane:
  - {id: moves, from: a, to: b, current_path: [a, b], target_path: [b, a]}
  - {id: stays, from: a, to: b, current_path: [a, b], target_path: [a, b]}
sink:
  - {id: stays, current_host: a, current_path: /x, target_path: /y}
"""
    )
    entries = [e for k in ("pipeline", "repo", "lane", "sink") for e in graph.fleet.of(k).values()]
    moving = [entry.ref for entry in entries if graph.timeline.must_move(entry)]
    assert moving == ["pipeline:moves", "repo:moves", "repo:goes", "lane:moves"]


def test_states_use_current_and_target_places(fleet: SmallFleet) -> None:
    graph = fleet(
        BASE
        + """
workload:
  - {id: first, environment: production, current_host: b, target_host: a}
  - {id: last, environment: production, current_host: b, target_host: a}
  - {id: stays, environment: production, current_host: b, wave: 1}
  - {id: never, environment: production, current_host: b, target_host: a}
"""
    )
    assert graph.states == ["now", "wave:1", "wave:2", "wave:5", "target"]
    rows = {
        name: [hosts(graph, f"workload:{name}", state)[0][-1] for state in graph.states]
        for name in ("first", "last", "stays", "never")
    }
    assert rows == {
        "first": ["b", "a", "a", "a", "a"],
        "last": ["b", "b", "b", "a", "a"],
        "stays": ["b", "b", "b", "b", "b"],
        "never": ["b", "b", "b", "b", "a"],
    }


def test_a_workload_takes_the_wave_that_moves_it_and_a_part_the_last_of_its_wholes(fleet: SmallFleet) -> None:
    graph = fleet(
        BASE
        + """
workload:
  - {id: first, environment: production}
  - {id: last, environment: production}
  - {id: own, environment: production, wave: 2, part_of: [last]}
  - {id: part, environment: production, part_of: [first, last]}
  - {id: inner, environment: production, part_of: [part]}
  - {id: alone, environment: production, owner: [t1]}
"""
    )
    waves = {name: wave(graph, f"workload:{name}") for name in graph.fleet.of("workload")}
    assert waves == {"first": 1, "last": 5, "own": 2, "part": 5, "inner": 5, "alone": None}


@pytest.mark.parametrize("asked", [("x", "y"), ("y", "x")])
def test_parts_of_one_another_have_the_same_wave_whoever_is_asked_first(
    fleet: SmallFleet, asked: tuple[str, ...]
) -> None:
    graph = fleet(
        BASE
        + """
workload:
  - {id: first, environment: production}
  - {id: last, environment: production}
  - {id: x, environment: production, part_of: [y, first]}
  - {id: y, environment: production, part_of: [x]}
"""
    )
    assert [wave(graph, f"workload:{name}") for name in asked] == [1, 1]


def test_a_long_chain_of_parts_is_no_trouble(fleet: SmallFleet) -> None:
    parts = "\n".join(
        f"  - {{id: p{n}, environment: production, part_of: [{f'p{n - 1}' if n else 'last'}]}}"
        for n in range(3000)
    )
    graph = fleet(
        f"""{BASE}
workload:
  - {{id: first, environment: production}}
  - {{id: last, environment: production, current_host: b, target_host: retired}}
{parts}
"""
    )
    end = graph.fleet.of("workload")["p2999"]
    assert graph.timeline.wave(end) == 5
    assert graph.timeline.hosts(end, "now") == ("machine:b",)
    assert graph.timeline.retired(end, "target")


def test_a_lane_moves_with_the_last_of_its_ends(fleet: SmallFleet) -> None:
    graph = fleet(
        BASE
        + """
workload:
  - {id: first, environment: production}
  - {id: last, environment: production}
  - {id: stays, environment: production}
lane:
  - {id: both, from: first, to: last, owner: [t2]}
  - {id: one, from: first, to: stays}
  - {id: machine, from: a, to: first}
  - {id: none, from: stays, to: a, owner: [t1]}
  - {id: own, from: first, to: last, wave: 2}
"""
    )
    waves = {name: wave(graph, f"lane:{name}") for name in graph.fleet.of("lane")}
    assert waves == {"both": 5, "one": 1, "machine": 1, "none": None, "own": 2}


def test_any_other_entry_moves_with_the_one_wave_of_its_owners(fleet: SmallFleet) -> None:
    graph = fleet(
        BASE
        + """
workload:
  - {id: first, environment: production}
  - {id: last, environment: production}
checkout:
  - {id: one, owner: [t1]}
  - {id: same, owner: [t5, t6]}
  - {id: two, owner: [t1, t2]}
  - {id: none}
  - {id: own, owner: [t1], wave: 5}
"""
    )
    waves = {name: wave(graph, f"checkout:{name}") for name in graph.fleet.of("checkout")}
    assert waves == {"one": 1, "same": 5, "two": None, "none": None, "own": 5}


def test_a_lane_takes_its_interim_path_until_it_has_moved(fleet: SmallFleet) -> None:
    graph = fleet(
        """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen}
  - {id: w, role: interactive}
workload:
  - {id: app, environment: production, current_host: b, target_host: a, wave: 2}
wave:
  - {number: 1, name: one}
  - {number: 2, name: two}
  - {number: 3, name: three}
lane:
  - {id: between, from: a, to: app, current_path: [w], interim_path: [b], target_path: [a]}
  - {id: plain, from: a, to: app, current_path: [w], target_path: [a]}
  - {id: kept, from: a, to: app, current_path: [w], interim_path: [b]}
"""
    )

    def crossed(name: str) -> list[str]:
        lane = graph.fleet.of("lane")[name]
        for state in graph.states:  # the edges say the same as the path
            edges = (e for e in graph.reach.needs(lane.ref, state) if e.relation == "crosses")
            assert tuple(e.target for e in edges) == graph.lanes.hops(lane, state)
        return [graph.lanes.hops(lane, state)[0][-1] for state in graph.states]

    assert crossed("between") == ["w", "b", "a", "a", "a"]
    assert crossed("plain") == ["w", "w", "a", "a", "a"]
    assert crossed("kept") == ["w", "b", "w", "w", "w"]


def test_a_tunnel_exists_when_its_state_says(fleet: SmallFleet) -> None:
    graph = fleet(
        """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen}
wave:
  - {number: 1, name: one}
  - {number: 2, name: two}
tunnel:
  - {id: now, from: a, to: b, state: now}
  - {id: interim, from: a, to: b, state: interim}
  - {id: target, from: a, to: b, state: target}
  - {id: always, from: a, to: b, state: always}
  - {id: silent, from: a, to: b}
  - {id: now-crossed, from: a, to: b, state: now}
  - {id: target-crossed, from: a, to: b, state: target}
  - {id: crossed, from: a, to: b}
  - {id: via, from: a, to: b}
lane:
  - {id: l, from: a, to: b, wave: 2, current_path: [now-crossed, crossed], target_path: [target-crossed]}
sink:
  - {id: s, current_host: b, target_host: a, current_via: [via], wave: 1}
"""
    )

    def when(name: str) -> list[str]:
        tunnel = graph.fleet.of("tunnel")[name]
        return [state for state in graph.states if graph.production.exists(tunnel, state)]

    assert when("now") == ["now"]
    assert when("interim") == ["wave:1", "wave:2"]
    assert when("target") == ["target"]
    assert when("always") == when("silent") == ["now", "wave:1", "wave:2", "target"]
    assert when("now-crossed") == when("crossed") == ["now", "wave:1"]
    assert when("target-crossed") == ["wave:2", "target"]
    assert when("via") == ["now"]


def test_machines_go_and_come_with_the_waves(fleet: SmallFleet) -> None:
    graph = fleet(
        """
machine:
  - {id: reborn, role: frozen, becomes: new}
  - {id: new, role: planned, target_role: production}
  - {id: wiped, role: frozen, target_role: retired}
  - {id: in-place, role: production}
  - {id: leaves, role: frozen, target_role: retired}
  - {id: filled, role: planned, target_role: production}
  - {id: empty, role: planned, target_role: production}
  - {id: passed, role: planned, target_role: production}
wave:
  - {number: 1, name: one, moves: [app]}
  - {number: 2, name: two, rebuilds: reborn}
  - {number: 3, name: three, rebuilds: wiped}
  - {number: 4, name: four, rebuilds: in-place}
workload:
  - {id: app, environment: production, current_host: wiped, target_host: filled}
lane:
  - {id: l, from: app, to: in-place, current_path: [wiped], target_path: [passed]}
"""
    )

    def when(name: str) -> str:
        machine = graph.fleet.of("machine")[name]
        there = [graph.timeline.machine_exists(machine, state) for state in graph.states]
        return "".join("x" if exists else "." for exists in there)

    # now, wave 1 to 4, target
    assert {name: when(name) for name in graph.fleet.of("machine")} == {
        "reborn": "xx....",
        "new": "..xxxx",
        "wiped": "xxx...",
        "in-place": "xxxxxx",
        "leaves": "xxxxx.",
        "filled": ".xxxxx",
        "empty": ".....x",
        "passed": ".....x",
    }


def test_a_machine_has_its_target_role_only_at_target(fleet: SmallFleet) -> None:
    graph = fleet(
        """
machine:
  - {id: a, role: production, target_role: experimental}
  - {id: b, role: frozen}
wave:
  - {number: 1, name: one}
"""
    )
    a, b = graph.fleet.of("machine").values()
    assert [graph.timeline.role(a, s) for s in graph.states] == ["production", "production", "experimental"]
    assert graph.timeline.role(b, "target") == "frozen"


def test_a_part_without_a_place_is_where_its_wholes_are_and_is_retired_with_them(fleet: SmallFleet) -> None:
    graph = fleet(
        """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen}
wave:
  - {number: 1, name: one, moves: [goes]}
workload:
  - {id: goes, environment: production, current_host: b, target_host: retired}
  - {id: moves, environment: production, current_host: b, target_host: a}
  - {id: part, environment: production, part_of: [goes]}
  - {id: of-both, environment: production, part_of: [goes, moves]}
  - {id: placed, environment: production, current_host: a, part_of: [goes]}
"""
    )
    workloads = graph.fleet.of("workload")
    retired = [name for name, entry in workloads.items() if graph.timeline.retired(entry, "target")]
    assert retired == ["goes", "part", "placed"]  # a part without a target goes with its wholes
    assert graph.timeline.retired(workloads["part"], "wave:1")
    assert not graph.timeline.retired(workloads["part"], "now")
    assert hosts(graph, "workload:part", "now") == ("machine:b",)
    assert hosts(graph, "workload:of-both", "target") == ("machine:a",)
    assert hosts(graph, "workload:placed", "now") == ("machine:a",)


@pytest.mark.parametrize(
    ("fields", "states"),
    [
        ("current_host: unknown, target_host: a", ["now"]),
        ("current_host: unknown", ["now", "target"]),
        ("current_host: b, undecided: [target_host]", ["target"]),
        ("target_host: a, undecided: [current_host]", ["now"]),
        ("current_host: b, target_host: a", []),
        ("current_host: b, undecided: [method]", []),
    ],
)
def test_unknown_and_undecided_places_are_undetermined(
    fleet: SmallFleet, fields: str, states: list[str]
) -> None:
    graph = fleet(
        f"""
machine:
  - {{id: a, role: production}}
  - {{id: b, role: frozen}}
workload:
  - {{id: app, environment: production, {fields}}}
  - {{id: toy, environment: development, current_host: unknown}}
  - {{id: unsaid, environment: unknown, current_host: b}}
"""
    )
    found = [s for s in graph.states for entry in graph.reach.undetermined(s) if entry.ref == "workload:app"]
    assert found == states
    # Nothing in production depends on it.
    assert all(e.ref != "workload:toy" for s in graph.states for e in graph.reach.undetermined(s))


def test_what_production_only_reaches_is_undetermined_too(fleet: SmallFleet) -> None:
    graph = fleet(
        """
machine:
  - {id: a, role: production}
workload:
  - {id: app, environment: production, current_host: a, needs: [db]}
  - {id: db, environment: legacy, current_host: unknown}
wave:
  - {number: 1, name: one}
lane:
  - {id: l, from: app, to: db, current_path: [a], undecided: [interim_path], target_path: [a]}
sink:
  - {id: s, critical: yes, current_host: a, undecided: [current_via]}
"""
    )
    found = {s: [e.ref for e in graph.reach.undetermined(s)] for s in graph.states}
    assert found == {
        "now": ["sink:s", "workload:db"],
        "wave:1": ["lane:l", "sink:s", "workload:db"],
        "target": ["workload:db"],
    }


def test_finished_tasks_move_what_they_own(fleet: SmallFleet) -> None:
    text = """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen}
task:
  - {id: P-T1, title: one, status: todo}
  - {id: P-T2, title: two, status: todo}
  - {id: P-T3, title: three, status: done}
  - {id: Q, external: yes, absorbed_by: P-T1}
wave:
  - {number: 1, name: one, owner: [P-T2], moves: [waved]}
workload:
  - {id: own, environment: production, current_host: b, target_host: a, owner: [P-T1]}
  - {id: shared, environment: production, current_host: b, target_host: a, owner: [P-T1, P-T2]}
  - {id: rest-done, environment: production, current_host: b, target_host: a, owner: [P-T1, P-T3]}
  - {id: absorbed, environment: production, current_host: b, target_host: a, owner: [Q]}
  - {id: waved, environment: production, current_host: b, target_host: a}
  - {id: part, environment: production, current_host: b, target_host: a, part_of: [own]}
  - {id: stale, environment: production, current_host: b, target_host: a, owner: [P-T3]}
lane:
  - {id: follows, from: own, to: waved, current_path: [b], target_path: [a]}
  - {id: waits, from: own, to: shared, current_path: [b], target_path: [a]}
"""

    def moved(*done: str) -> list[str]:
        graph = fleet(text, done)
        entries = [*graph.fleet.of("workload").values(), *graph.fleet.of("lane").values()]
        return [entry.id for entry in entries if graph.timeline.phase(entry, "now") == 4]

    assert moved() == []
    assert moved("task:P-T1") == ["own", "rest-done", "absorbed", "part"]
    assert moved("task:P-T2") == ["waved"]
    assert moved("task:P-T1", "task:P-T2") == [
        "own",
        "shared",
        "rest-done",
        "absorbed",
        "waved",
        "part",
        "follows",
        "waits",
    ]
