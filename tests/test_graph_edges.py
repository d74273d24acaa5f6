"""What needs what: the edges of the run-time graph."""

from __future__ import annotations

import networkx as nx

from conftest import SmallFleet

MACHINES = """
machine:
  - {id: a, role: production}
  - {id: b, role: frozen}
  - {id: w, role: interactive}
"""


def test_a_workload_needs_its_hosts_its_needs_its_wholes_and_its_critical_lanes(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
workload:
  - {id: app, environment: production, current_host: [a, b], needs: [db], part_of: [suite]}
  - {id: db, environment: production, current_host: a}
  - {id: suite, environment: production, current_host: a}
lane:
  - {id: critical, from: app, to: db}
  - {id: idle, from: app, to: db, critical: no}
"""
    )
    edges = {(e.target, e.relation) for e in graph.reach.needs("workload:app", "now")}
    assert edges == {
        ("machine:a", "hosted-on"),
        ("machine:b", "hosted-on"),
        ("workload:db", "needs"),
        ("workload:suite", "part-of"),
        ("lane:critical", "lane"),
    }


def test_a_lane_needs_its_ends_and_every_hop(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
workload:
  - {id: db, environment: production, current_host: b}
tunnel:
  - {id: t, from: a, to: w}
  - {id: u, from: w, to: b}
lane:
  - {id: l, from: a, to: db, current_path: [t, w, u]}
"""
    )
    edges = [(e.target, e.relation) for e in graph.reach.needs("lane:l", "now")]
    assert sorted(edges) == [
        ("machine:a", "from"),
        ("machine:w", "crosses"),
        ("tunnel:t", "crosses"),
        ("tunnel:u", "crosses"),
        ("workload:db", "to"),
    ]


def test_a_tunnel_needs_its_ends_and_its_opener(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
tunnel:
  - {id: forward, from: a, to: b}
  - {id: reverse, from: a, to: b, reverse: yes}
  - {id: third, from: a, to: b, opened_by: w}
"""
    )

    def opener(name: str) -> list[str]:
        return [e.target for e in graph.reach.needs(f"tunnel:{name}", "now") if e.relation == "opened-by"]

    assert [opener(name) for name in ("forward", "reverse", "third")] == [
        ["machine:a"],
        ["machine:b"],
        ["machine:w"],
    ]
    ends = {e.target for e in graph.reach.needs("tunnel:third", "now")}
    assert ends == {"machine:a", "machine:b", "machine:w"}


def test_what_has_an_address_needs_the_workload_that_serves_it(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
workload:
  - {id: forge, environment: production, current_host: a, domains: [git.example.org]}
repo:
  - {id: url, current_remote: "https://git.example.org/team/url.git"}
  - {id: scp, current_remote: "git@GIT.example.org:team/scp.git"}
  - {id: ssh, current_remote: "ssh://git@git.example.org:2222/team/ssh.git"}
  - {id: bare, current_remote: git.example.org/team/bare.git}
  - {id: else, current_remote: other.example.org/team/git.example.org.git}
pipeline:
  - {id: p, artifact: p, current_build_host: b, current_registry: git.example.org/team/p}
"""
    )
    served = {e.source for e in graph.reach.needed_by("workload:forge", "now")}
    assert served == {"repo:url", "repo:scp", "repo:ssh", "repo:bare", "pipeline:p"}
    assert [e.relation for e in graph.reach.needs("pipeline:p", "now")] == ["built-on", "served-by"]


def test_a_sink_needs_its_host_and_its_way(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
tunnel:
  - {id: t, from: w, to: b}
lane:
  - {id: l, from: a, to: b}
sink:
  - {id: s, current_host: b, current_via: [t, l, w], target_host: a}
checkout:
  - {id: c, current_host: w, target_host: a}
"""
    )
    needs = [(e.target, e.relation) for e in graph.reach.needs("sink:s", "now")]
    assert needs == [
        ("machine:b", "hosted-on"),
        ("tunnel:t", "via"),
        ("lane:l", "via"),
        ("machine:w", "via"),
    ]
    # Moved without a word on its way, it goes directly.
    assert [e.target for e in graph.reach.needs("sink:s", "target")] == ["machine:a"]
    assert [e.target for e in graph.reach.needs("checkout:c", "now")] == ["machine:w"]


def test_an_edge_knows_where_it_is_written(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
workload:
  - id: app
    environment: production
    current_host: [a, b]
"""
    )
    first, second = graph.reach.needs("workload:app", "now")
    assert (first.position.path, first.position.line, first.position.column) == (
        "registers/workload.yaml",
        5,
        20,
    )
    assert second.position.column == 23


def test_the_network_is_a_multigraph_with_entries_on_its_nodes(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
workload:
  - {id: app, environment: production, current_host: a, target_host: b}
tunnel:
  - {id: gone, from: w, to: a, state: now}
"""
    )
    network = graph.network("target")
    assert isinstance(network, nx.MultiDiGraph)
    assert network.nodes["workload:app"]["entry"] is graph.fleet.get("workload:app")
    assert list(network.edges(data=True)) == [
        ("workload:app", "machine:b", {"relation": "hosted-on", "state": "target"})
    ]
    assert "machine:w" in network
    assert "tunnel:gone" not in network
    assert "tunnel:gone" in graph.network("now")


def test_why_shows_the_hops_of_a_lane_in_their_order(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
workload:
  - {id: app, environment: production, current_host: a}
  - {id: db, environment: production, current_host: b}
tunnel:
  - {id: t, from: a, to: w, reverse: yes}
  - {id: u, from: w, to: b}
lane:
  - {id: l, from: app, to: db, current_path: [t, u]}
"""
    )
    (path,) = graph.why("workload:app", "machine:w", "now")
    assert [edge.target for edge in path] == ["lane:l", "tunnel:t", "tunnel:u", "machine:w"]
    paths = graph.why("workload:app", "machine:b", "now")
    assert [[edge.target for edge in path] for path in paths] == [
        ["lane:l", "tunnel:t", "tunnel:u", "machine:b"],
        ["lane:l", "workload:db", "machine:b"],
    ]
    assert graph.why("machine:b", "workload:app", "now") == []


def test_a_path_with_an_unknown_hop_keeps_the_places_of_the_others(fleet: SmallFleet) -> None:
    graph = fleet(
        MACHINES
        + """
lane:
  - {id: l, from: a, to: b, current_path: [nowhere, b]}
""",
        sound=False,
    )
    (crossing,) = (e for e in graph.reach.needs("lane:l", "now") if e.relation == "crosses")
    assert crossing.target == "machine:b"
    line = (graph.fleet.sources[0].line(crossing.position.line), crossing.position.column)
    assert line[0][line[1] - 1] == "b"


def test_of_very_many_paths_the_first_are_told(fleet: SmallFleet) -> None:
    layers = 9
    rows = [
        f"  - {{id: w{at}-{n}, environment: production"
        + (f", needs: [w{at + 1}-0, w{at + 1}-1, w{at + 1}-2]}}" if at < layers else ", current_host: a}")
        for at in range(layers + 1)
        for n in range(3)
    ]
    graph = fleet(MACHINES + "workload:\n" + "\n".join(rows) + "\n")
    paths = graph.why("workload:w0-0", "machine:a", "now")
    assert len(paths) == 200
    assert {len(path) for path in paths} == {layers + 1}
