"""The explorer's data: what it says of every outage is what `regcheck simulate` says."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from conftest import SmallFleet
from regcheck.graph import FleetGraph
from regcheck.pages import Asset, Page, explorer
from regcheck.pages.fleet_data import fleet_data, script
from sites import made_up_site, real_site, site_of

ASSETS = files("regcheck.pages").joinpath("assets")
HOSTILE = "</script><script>alert(1)</script> \u2028\u2029 ${x} \\ \" ' <!--"
REDUNDANT = """
machine:
  - {id: a, role: production}
  - {id: b, role: production}
  - {id: c, role: planned}
workload:
  - {id: pair, environment: production, redundant: true, current_host: [a, b], target_host: [b, c], wave: 1}
  - {id: one, environment: production, current_host: a, needs: [pair], target_host: c, wave: 2}
  - {id: who, environment: unknown, current_host: a}
  - {id: where, environment: production, current_host: unknown, needs: [one]}
tunnel:
  - {id: t, from: a, to: b, critical: true}
lane:
  - {id: l, from: where, to: one, current_path: [t], target_path: [c]}
wave:
  - {number: 1, name: first}
  - {number: 2, name: second}
"""


def read(data: bytes) -> dict[str, Any]:
    """What a browser reads: the one value that the script sets."""
    text = data.decode("ascii")
    head = "window.regcheckFleet = "
    assert text.startswith(head)
    assert text.endswith(";\n")
    found: dict[str, Any] = json.loads(text[len(head) : -2])
    return found


def holds(times: list[int], time: int) -> bool:
    return any(first <= time <= last for first, last in zip(times[::2], times[1::2], strict=True))


def answers(graph: FleetGraph) -> int:
    """Compare every machine in every state with what the graph says; how much was compared."""
    data = read(script(site_of(graph), "explorer.md"))
    refs = [node[0] for node in data["nodes"]]
    assert data["states"] == graph.states
    compared = 0
    for machine in graph.fleet.of("machine").values():
        known = data["outages"][str(refs.index(machine.ref))]
        for time, state in enumerate(graph.states):
            outage = graph.outage([machine.ref], state)
            told = [
                ("degraded" if effect else "down", [refs[number] for number in way])
                for effect, *way in data["lists"][known["hits"][time]]
            ]
            assert told == [
                (hit.effect, [hit.entry.ref, *(edge.target for edge in hit.path)]) for hit in outage.affected
            ]
            unknown = [refs[number] for number in data["lists"][known["unknown"][time]]]
            assert unknown == [entry.ref for entry in outage.undetermined]
            safe = max(known["safe"], time)
            assert (graph.states[safe] if safe < len(graph.states) else None) == outage.safe_from
            compared += len(told) + len(unknown) + 1
    return compared


def test_the_real_fleet_goes_down_as_it_does_in_simulate() -> None:
    graph = real_site().graph
    assert answers(graph) > 5 * len(graph.states) + 200


@pytest.mark.parametrize("seed", [1, 2])
def test_made_up_fleets_go_down_as_they_do_in_simulate(seed: int, tmp_path: Path) -> None:
    assert answers(made_up_site(200, tmp_path, seed).graph) > 1000


def test_redundant_and_unknown_workloads_are_told(fleet: SmallFleet) -> None:
    graph = fleet(REDUNDANT)
    assert answers(graph) > 20
    data = fleet_data(site_of(graph), "explorer.md")
    refs = [node[0] for node in data["nodes"]]
    spared = {
        (refs[number], state): [refs[at] for at in data["lists"][known["spared"][time]]]
        for number, known in data["outages"].items()
        for time, state in enumerate(data["states"])
    }
    assert {key: found for key, found in spared.items() if found} == {
        ("machine:a", "now"): ["workload:pair"],
        ("machine:b", "now"): ["workload:pair"],
        ("machine:b", "wave:1"): ["workload:pair"],
        ("machine:c", "wave:1"): ["workload:pair"],
        ("machine:b", "wave:2"): ["workload:pair"],
        ("machine:c", "wave:2"): ["workload:pair"],
        ("machine:b", "target"): ["workload:pair"],
        ("machine:c", "target"): ["workload:pair"],
    }


def test_what_exists_and_what_needs_what_is_that_of_the_graph(fleet: SmallFleet) -> None:
    real = real_site().graph
    for graph in (real, fleet(REDUNDANT)):
        data = fleet_data(site_of(graph), "explorer.md")
        refs = [node[0] for node in data["nodes"]]
        for time, state in enumerate(graph.states):
            network = graph.network(state)
            assert {refs[at] for at, node in enumerate(data["nodes"]) if holds(node[7], time)} == set(network)
            edges = {
                (refs[source], refs[target], data["relations"][relation][0])
                for source, target, relation, _, _, times in data["edges"]
                if holds(times, time)
            }
            assert edges == {(a, b, said["relation"]) for a, b, said in network.edges(data=True)}
            production = {refs[at] for at, node in enumerate(data["nodes"]) if holds(node[8], time)}
            assert production == set(graph.production.nodes(state))
            lost = {refs[at] for at, node in enumerate(data["nodes"]) if not holds(node[9], time)}
            everything = (entry for kind in graph.runtime_kinds for entry in graph.fleet.of(kind).values())
            assert lost == {entry.ref for entry in everything if not graph.production.exists(entry, state)}


def test_a_state_says_the_number_of_its_wave_once(fleet: SmallFleet) -> None:
    graph = fleet("""
wave:
  - {number: 1, name: Wave 1}
  - {number: 2, name: The last one}
  - {number: 3, name: "3"}
""")
    names = fleet_data(site_of(graph), "explorer.md")["names"]
    assert names == ["now", "after wave 1", "after wave 2: The last one", "after wave 3", "target"]


def test_no_entry_stands_on_another_one(tmp_path: Path) -> None:
    for site in (real_site(), made_up_site(600, tmp_path)):
        data = fleet_data(site, "explorer.md")
        places = sorted((node[5], node[6]) for node in data["nodes"])
        assert len(places) > 50
        for at, (x, y) in enumerate(places):
            for other, below in places[at + 1 :]:
                if other - x >= 112:
                    break
                assert abs(below - y) >= 36


def test_no_text_ends_the_script_or_becomes_markup(fleet: SmallFleet) -> None:
    name = json.dumps(HOSTILE)
    graph = fleet(f"machine:\n  - {{id: m, name: {name}, role: production}}\n")
    site = site_of(graph)
    made = list(explorer.pages(site))
    (data,) = (one for one in made if isinstance(one, Asset))
    (page,) = (one for one in made if isinstance(one, Page))
    assert data.path == "assets/regcheck/fleet-data.js"
    assert b"<" not in data.data
    assert data.data.isascii()
    assert data.data.count(b"\n") == 1
    assert read(data.data)["nodes"][0][2] == " ".join(HOSTILE.split())
    assert "alert(1)</script>" not in page.text
    assert '<option value="machine:m">&lt;/script&gt;' in page.text


def test_the_page_names_its_files_and_leads_to_tables_without_scripts(fleet: SmallFleet) -> None:
    made = list(explorer.pages(site_of(fleet(REDUNDANT))))
    page = next(one for one in made if isinstance(one, Page))
    assert page.path == "explorer.md"
    names = {file.name for file in ASSETS.iterdir()} | {"fleet-data.js"}
    for path in (*explorer.SCRIPTS, "assets/regcheck/explorer.css"):
        assert f'"{path}"' in page.text
        assert path.rpartition("/")[2] in names
    assert '<a href="topology/now.html">' in page.text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "<script>" not in page.text
    assert " style=" not in page.text


def test_vendored_files_are_those_that_are_listed() -> None:
    listed = json.loads(ASSETS.joinpath("VENDORED.json").read_text())
    known = {file["path"]: file["sha256"] for one in listed for file in one["files"]}
    assert known
    for path, digest in known.items():
        assert hashlib.sha256(ASSETS.joinpath(path).read_bytes()).hexdigest() == digest, path
    assert {"name", "version", "licence", "source", "home", "files"} == set.union(*map(set, listed))
    own = {
        "explorer.js",
        "explorer-model.js",
        "explorer-drawing.js",
        "iframe-worker.js",
        "repairs.js",
        "tables.js",
    }
    scripts = {file.name for file in ASSETS.iterdir() if file.name.endswith(".js")}
    assert scripts <= own | known.keys()


def test_nothing_vendored_is_code_that_a_policy_refuses() -> None:
    text = ASSETS.joinpath("cytoscape.min.js").read_text()
    assert "eval(" not in text
    assert "new Function" not in text
    assert explorer.CYTOSCAPE_STYLE in text
