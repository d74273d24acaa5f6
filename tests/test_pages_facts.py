"""What pages say of a fleet is what the graph says of it: no more, and nothing that nobody knows."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from committing import commit, git, started
from conftest import SmallFleet
from regcheck.graph import FleetGraph
from regcheck.pages import explorer, outages
from regcheck.publishing.assemble import Notes, Source, assemble
from sites import site_of

MACHINES = """
machine:
  - {id: old, role: frozen, target_role: retired}
  - {id: new, role: production}
"""
OPEN = f"""{MACHINES}
workload:
  - {{id: lost, environment: production, current_host: unknown, target_host: new, owner: T}}
  - {{id: open, environment: production, current_host: old, undecided: [target_host], owner: T}}
  - {{id: here, environment: production, current_host: new, target_host: new}}
wave:
  - {{number: 1, name: First, moves: [lost, open, here], owner: [T]}}
task:
  - {{id: T, title: Move, status: todo}}
"""
PARTS = f"""{MACHINES}
workload:
  - {{id: whole, environment: production, current_host: new, target_host: new}}
  - {{id: piece, environment: production, current_host: new, part_of: [whole]}}
  - {{id: big, environment: production, current_host: old, target_host: new, owner: T, wave: 1}}
  - {{id: small, environment: production, current_host: old, part_of: [big]}}
gate:
  - {{workload: whole, overlay_repo: r, stages: [deploy, observe, promote, rollback], canary: x,
     approved_by: y, approved_on: 2024-01-01, image: "i@sha256:{"a" * 64}"}}
wave:
  - {{number: 1, name: First, moves: [big], owner: [T]}}
task:
  - {{id: T, title: Move, status: todo}}
"""
GATES = f"""{MACHINES}
workload:
  - {{id: suite, environment: production, current_host: old, target_host: new, owner: T, wave: 1}}
  - {{id: whole, environment: production, current_host: old, target_host: new, part_of: [suite], wave: 1}}
  - {{id: piece, environment: production, current_host: old, target_host: new, part_of: [whole], wave: 1}}
gate:
  - {{workload: whole, overlay_repo: r, stages: [deploy]}}
  - {{workload: suite, overlay_repo: r, stages: [deploy, observe, promote, rollback], canary: x,
     approved_by: y, approved_on: 2024-01-01, image: "i@sha256:{"a" * 64}"}}
wave:
  - {{number: 1, name: First, moves: [suite, whole, piece], owner: [T]}}
task:
  - {{id: T, title: Move, status: todo}}
"""
HOSTS = f"""{MACHINES}
workload:
  - {{id: shop, environment: production, current_host: old, target_host: retired}}
  - {{id: lost, environment: production, current_host: unknown, target_host: new}}
sink:
  - {{id: log, current_host: new, current_path: /l, current_via: [old]}}
"""


def texts(graph: FleetGraph, *modules: str) -> dict[str, str]:
    site = site_of(graph)
    made = (page for name in modules for page in import_module(f"regcheck.pages.{name}").pages(site))
    return {page.path: page.text for page in made}


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_a_wave_is_not_over_while_nobody_knows(fleet: SmallFleet) -> None:
    made = texts(fleet(OPEN), "drain")
    wave = plain(made["waves/1.md"])
    assert "1 of 3 workloads is in place; nobody knows it of lost and open." in wave
    assert wave.count("? unknown") == 2
    assert "1 wave for 3 workloads; 1 of them is in place, of 2 nobody knows." in made["drain/index.md"]
    assert "✓ done" not in plain(made["drain/index.md"])


def test_what_is_open_is_said_on_every_page(fleet: SmallFleet) -> None:
    made = texts(fleet(OPEN), "drain", "workloads", "machines", "tasks")
    assert "Nobody says where it runs, and it must run on new : it moves in wave 1 · First ." in plain(
        made["workloads/lost.md"]
    )
    assert "Runs on old ; where it must run is open: it moves in wave 1 · First ." in plain(
        made["workloads/open.md"]
    )
    assert "old → undecided" in made["waves/1.md"]
    assert ">undecided</span>" in made["machines/old.md"].partition("## What is on it")[2]
    owned = made["tasks/T.md"].partition("## What it owns")[2].partition("\n## ")[0]
    assert plain(owned).count("unknown") == 3  # of one the place now, and of both the standing
    assert "stays" not in plain(owned).replace("stays:", "")
    assert "moves lost , open , here" in plain(owned)


def test_as_before_is_only_what_is_as_before(fleet: SmallFleet) -> None:
    swap = (
        MACHINES
        + """
workload:
  - {id: leaves, environment: production, current_host: old, target_host: new, wave: 1}
  - {id: comes, environment: production, current_host: new, target_host: old, wave: 1}
wave:
  - {number: 1, name: Swap}
"""
    )
    text = plain(texts(fleet(swap), "drain")["waves/1.md"])
    assert "old 1 down → 1 down workload comes workload leaves" in text
    assert "as before" not in text


def test_a_part_moves_with_its_whole(fleet: SmallFleet) -> None:
    made = texts(fleet(PARTS), "drain", "workloads")
    assert "0 of 2 workloads are in place." in made["waves/1.md"]
    assert "✓ done" not in plain(made["waves/1.md"].partition("## What moves")[2])
    small = plain(made["workloads/small.md"])
    assert "Runs on old , and goes with big : it moves in wave 1 · First ." in small
    assert '<td>with <a href="big.html">big</a></td>' in made["workloads/index.md"]


def test_the_evidence_of_a_whole_is_that_of_its_parts(fleet: SmallFleet) -> None:
    made = texts(fleet(PARTS), "workloads")
    assert made["workloads/piece.md"].count("✓ shown") == made["workloads/whole.md"].count("✓ shown") > 3
    assert "No gate records any evidence" in made["workloads/small.md"]


def test_a_complete_gate_of_any_whole_counts_before_the_nearest(fleet: SmallFleet) -> None:
    graph = fleet(GATES)
    made = texts(graph, "drain", "workloads")
    assert graph.placement.unproven() == []
    assert made["waves/1.md"].count("✓ complete") == made["waves/1.md"].count("✓ rollback proven") == 3
    assert "○" not in made["workloads/piece.md"].partition("## Promotion evidence")[2].partition("\n## ")[0]


def test_what_goes_through_a_machine_is_not_on_it(fleet: SmallFleet) -> None:
    made = texts(fleet(HOSTS), "machines")
    on_it = made["machines/old.md"].partition("## What is on it")[2].partition("\n## ")[0]
    assert "shop" in on_it
    assert "log" not in on_it


def test_an_outage_comes_with_what_nobody_knows(fleet: SmallFleet) -> None:
    made = texts(fleet(HOSTS), "outages")
    for path in ("outages/index.md", "outages/old.md", "outages/new.md"):
        assert "lost" in made[path].partition("## What nobody knows")[2], path
    assert "From the target on it is not there." in plain(made["outages/old.md"])


def test_what_is_not_there_yet_is_no_neighbour(fleet: SmallFleet) -> None:
    tunnel = "  - {id: %s, from: new, to: old, state: %s}\n"
    tunnels = "tunnel:\n" + tunnel % ("later", "interim") + tunnel % ("here", "now")
    text = texts(fleet(HOSTS + tunnels), "machines")["machines/old.md"]
    around = text.partition("## Neighbourhood")[2].partition("\n## ")[0]
    assert "here" in around
    assert "later" not in around


def test_states_that_are_alike_have_one_heading(fleet: SmallFleet) -> None:
    waves = "wave:\n  - {number: 1, name: First}\n  - {number: 2, name: Second, moves: [shop]}\n"
    moving = HOSTS.replace("current_host: old, target_host: retired", "current_host: old, target_host: new")
    text = texts(fleet(moving + waves), "outages")["outages/old.md"]
    heads = [plain(found) for found in re.findall(r"<h2 .*?</h2>", text)]
    assert heads == ["From now to wave 1: 1 down", "After wave 2: nothing", "At the target: nothing"]
    there, _, gone = text.partition('id="target"')
    assert "The machine is not there." in gone
    assert "machine is not there" not in there
    assert "From wave 2 on it can be off without harm, as far as anybody knows." in plain(there)
    assert all(f'id="{anchor}"' in text for anchor in ("now", "wave-1", "wave-2", "target"))


def test_a_very_long_answer_is_told_once_and_then_by_what_differs(fleet: SmallFleet) -> None:
    many = "".join(
        f"  - {{id: w{at}, environment: production, current_host: old, target_host: old}}\n"
        for at in range(outages.MOST_AGAIN)
    )
    moving = f"""
machine:
  - {{id: old, role: production}}
  - {{id: new, role: production}}
workload:
{many}  - {{id: goes, environment: production, current_host: old, target_host: new, wave: 1}}
  - {{id: comes, environment: production, current_host: new, target_host: old, wave: 1}}
wave:
  - {{number: 1, name: One}}
"""
    text = texts(fleet(moving), "outages")["outages/old.md"]
    _, now, later = text.split("<h2 ")
    assert now.count("<tr>") == outages.MOST_AGAIN + 2
    assert "<tr>" not in later
    assert "No longer affected: workload goes" in plain(later)
    assert "Affected as well: workload comes" in plain(later)
    assert f"All {outages.MOST_AGAIN + 1}, and why, are in the explorer." in later


def test_what_is_to_be_retired_says_when(fleet: SmallFleet) -> None:
    assert (
        "and is to be retired. No wave moves it yet." in texts(fleet(HOSTS), "workloads")["workloads/shop.md"]
    )


def test_a_fleet_of_which_nothing_runs_has_an_explorer(fleet: SmallFleet) -> None:
    site = site_of(fleet("task:\n  - {id: T, title: Move, status: todo}\n"))
    assert [made.path for made in explorer.pages(site)] == ["assets/regcheck/fleet-data.js", "explorer.md"]


# --- the history of an entry ---------------------------------------------------------

REGISTER = """\
register: workload
defaults:
  source: A
entries:
  - id: one
    environment: staging
  - id: two
    environment: staging
  - id: three
    environment: staging
"""


def told(_: str) -> None:
    pass


def changes(root: Path) -> dict[str, list[str]]:
    site = assemble(Source(str(root), str(root / "site")), Notes(told, told)).site
    return {e.id: [commit.subject for commit in site.changes(e)] for e in site.fleet.of("workload").values()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = started(tmp_path / "fleet")
    commit(root, {"registers/w.yaml": REGISTER}, "All", "2026-01-01")
    changed = REGISTER.replace("two\n    environment: staging", "two\n    environment: production")
    commit(root, {"registers/w.yaml": changed}, "Two", "2026-01-02")
    return root


def test_an_entry_has_the_commits_of_its_own_lines(root: Path) -> None:
    assert changes(root) == {"one": ["All"], "two": ["Two", "All"], "three": ["All"]}
    path = root / "registers/w.yaml"
    path.write_text(path.read_text().replace("id: three", "id: four"))
    assert changes(root)["four"] == ["not committed yet", "All"]


def test_a_shallow_clone_does_not_say_what_it_cannot_know(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "shallow")
    assert {subject for found in changes(tmp_path / "shallow").values() for subject in found} == {""}


# --- the page for the night in which a machine is off --------------------------------

NIGHT = """
machine:
  - {id: old, role: frozen, target_role: retired}
  - {id: new, role: production}
workload:
  - {id: shop, name: Beta, environment: production, current_host: old, target_host: new, owner: T, wave: 1}
  - {id: aaa, name: Last, environment: production, current_host: new, needs: [shop]}
  - {id: mail, name: Alpha, environment: production, current_host: old}
  - {id: desk, name: Distant, environment: production, current_host: new}
lane:
  - {id: way, from: desk, to: mail, critical: yes, current_path: [hop]}
tunnel:
  - {id: hop, from: new, to: old, state: always}
  - {id: mid, from: new, to: old, state: interim, critical: yes}
wave:
  - {number: 1, name: First}
  - {number: 2, name: Second}
task:
  - {id: T, title: Move the shop, status: todo}
"""


def cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(<td.*?)</tr>", html)
    return [[plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def states_of(text: str) -> dict[str, str]:
    """What a page says of each state, by the words of its heading."""
    parts = re.split(r"<h2 [^>]*>(.*?)</h2>", text)
    return {plain(head): said for head, said in zip(parts[1::2], parts[2::2], strict=True)}


def test_what_is_down_comes_before_what_is_degraded_and_the_nearest_first(fleet: SmallFleet) -> None:
    text = texts(fleet(NIGHT), "outages")["outages/old.md"]
    now = states_of(text)["Now: 4 down, 1 degraded"]
    assert cells(now) == [
        ["workload Alpha", "down", "runs on old", "nobody"],
        ["workload Beta", "down", "runs on old", "Move the shop"],
        ["workload Last", "down", "needs Beta → runs on old", "nobody"],
        ["lane way", "down", "crosses hop → leads to old", "nobody"],
        ["workload Distant", "degraded", "starts way → crosses hop → leads to old", "nobody"],
    ]
    assert "<p>Degraded means that it runs, but a lane that it uses" in text
    assert "Degraded" not in texts(fleet(NIGHT), "outages")["outages/new.md"]


def test_each_outage_can_be_seen_in_the_explorer(fleet: SmallFleet) -> None:
    text = texts(fleet(NIGHT), "outages")["outages/old.md"]
    assert re.findall(r'href="([^"]*explorer[^"]*)"', text) == [
        "../explorer.html#off=machine:old",
        "../explorer.html#off=machine:old&amp;state=wave:1",
        "../explorer.html#off=machine:old&amp;state=target",
    ]


def test_of_a_long_outage_a_later_state_says_what_is_different_and_all_of_it(fleet: SmallFleet) -> None:
    many = "".join(f"  - {{id: w{at:02}, environment: production, current_host: old}}\n" for at in range(12))
    text = texts(fleet(NIGHT.replace("lane:\n", f"{many}lane:\n")), "outages")["outages/old.md"]
    found = states_of(text)
    assert "<details" not in found["Now: 16 down, 1 degraded"]
    later = next(said for head, said in found.items() if "wave 1" in head)
    told, _, whole = later.partition("<details")
    assert plain(told).endswith(
        "Compared with now: No longer affected: workload Beta , workload Last Affected as well: tunnel mid"
    )
    assert "<summary>All 16, and why</summary>" in whole
    near = ["workload Alpha", "tunnel mid", *(f"workload w{at:02}" for at in range(12))]
    assert [row[0] for row in cells(whole)] == [*near, "lane way", "workload Distant"]


def test_an_outage_that_is_as_before_is_not_told_twice(fleet: SmallFleet) -> None:
    text = texts(
        fleet(
            MACHINES
            + """
workload:
  - {id: mail, environment: production, current_host: old}
tunnel:
  - {id: mid, from: new, to: old, state: interim, critical: yes}
wave:
  - {number: 1, name: First}
"""
        ),
        "outages",
    )["outages/old.md"]
    found = states_of(text)
    assert list(found) == ["Now: 1 down", "After wave 1: 2 down", "At the target: 1 down"]
    assert [row[0] for row in cells(found["After wave 1: 2 down"])] == ["workload mail", "tunnel mid"]
    assert 'The same <a href="#now">as now</a>.' in found["At the target: 1 down"]
    assert cells(found["At the target: 1 down"]) == []
