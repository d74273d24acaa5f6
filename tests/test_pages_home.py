"""The first page: what it says of the move in its first lines, and that no zero of it is a false one."""

from __future__ import annotations

import re
from html import unescape
from importlib import import_module

from conftest import SmallFleet
from regcheck.graph import FleetGraph
from regcheck.pages import Page, build
from sites import site_of

MOVING = """
machine:
  - {id: old, role: frozen, target_role: retired}
  - {id: new, role: production}
workload:
  - {id: gone, environment: production, current_host: new, target_host: new, wave: 1}
  - {id: shop, environment: production, current_host: old, target_host: new, wave: 2, owner: T1}
  - {id: free, environment: staging, current_host: old, target_host: new, owner: T0}
wave:
  - {number: 1, name: First, moves: [gone]}
  - {number: 2, name: Shop, moves: [shop], owner: [T1]}
task:
  - {id: T0, title: Prepare, status: done}
  - {id: T1, title: Move the shop, status: todo, after: [T2]}
  - {id: T2, title: Rehearse, status: doing}
"""
UNKNOWN = """
machine:
  - {id: lap, role: interactive}
  - {id: new, role: production}
workload:
  - {id: w, environment: production, current_host: unknown, target_host: new}
"""


def home(graph: FleetGraph, name: str = "home") -> str:
    (page,) = import_module(f"regcheck.pages.{name}").pages(site_of(graph))
    return str(page.text)


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def lead(text: str) -> str:
    return plain(text.partition("rc-lead")[2].partition(">")[2].partition("</p>")[0])


def cards(text: str) -> list[str]:
    return [plain(card) for card in text.partition("rc-cards")[2].partition("\n</div>")[0].split("</a>")]


def test_it_says_how_far_the_move_is_and_what_the_next_wave_waits_for(fleet: SmallFleet) -> None:
    text = home(fleet(MOVING))
    assert "Next is wave 2 · Shop ; it waits for Rehearse ." in lead(text)
    assert "1 of 3 workloads are in place; 1 of 2 waves are done; 1 in no wave yet" in cards(text)[0]
    steps = re.findall(r'<li class="rc-(\w+)">(.*?)</li>', text)
    assert [(look, plain(said)) for look, said in steps] == [
        ("over", "1 · First ✓ done gone no owner"),
        ("next", "2 · Shop next shop owner: Move the shop"),
    ]


def test_what_is_in_a_wave_moves_before_what_is_in_none(fleet: SmallFleet) -> None:
    text = home(fleet(MOVING.replace("status: todo, after: [T2]", "status: todo")))
    assert "Next to move: shop , in wave 2 · Shop ; it is the work of Move the shop ." in lead(text)
    moves = [plain(line) for line in text.partition("## What moves next")[2].split("<li>")[1:3]]
    assert moves == [
        "workload shop can move now, in wave 2 · Shop",
        "workload free can move now, and is in no wave yet",
    ]


def test_an_owner_of_a_workload_and_of_its_wave_is_named_once(fleet: SmallFleet) -> None:
    ready = MOVING.replace("status: todo, after: [T2]", "status: todo")
    text = home(fleet(ready.replace("wave: 2, owner: T1", "wave: 2, owner: [T0, T1]")))
    assert "; it is the work of Prepare (done) , Move the shop ." in lead(text)


def test_an_owner_that_is_finished_is_told_as_such(fleet: SmallFleet) -> None:
    waves = MOVING[MOVING.index("wave:\n") : MOVING.index("task:\n")]
    text = home(fleet(MOVING.replace(waves, "").replace(", wave: 1", "").replace(", wave: 2", "")))
    assert "Next to move: free , in no wave yet; it is the work of Prepare (done) ." in lead(text)


def test_a_zero_counts_with_what_nobody_knows(fleet: SmallFleet) -> None:
    text = home(fleet(UNKNOWN))
    assert lead(text).startswith(
        "No production needs anybody's own machine, now or at the target, as far as anybody knows."
        " Nobody knows the place of 1 entry that production may need."
    )
    (look,) = re.findall(r'class="rc-card rc-(\w+)"[^>]*><b>0</b> <span>[^<]* own machine now', text)
    assert look == "warn"


def test_what_could_not_be_read_is_said_wherever_something_is_counted(fleet: SmallFleet) -> None:
    def told(graph: FleetGraph) -> set[str]:
        """The kinds of pages that begin with it."""
        made = (one for one in build(site_of(graph)) if isinstance(one, Page))
        return {one.path.partition("/")[0] for one in made if plain(one.text).startswith(said)}

    said = "registers/workload.yaml could not be read as a whole, so this may be incomplete"
    broken = fleet(UNKNOWN.replace("current_host: unknown", "current_host: [unknown"), sound=False)
    every = {one.path.partition("/")[0] for one in build(site_of(broken)) if isinstance(one, Page)}
    assert every - told(broken) == {"rules", "kinds", "glossary.md"}
    assert told(fleet(UNKNOWN)) == set()


def test_a_page_of_a_list_leads_back_to_it(fleet: SmallFleet) -> None:
    made = {one.path: one.text for one in build(site_of(fleet(MOVING))) if isinstance(one, Page)}
    listed = (
        "machines/old.md",
        "workloads/shop.md",
        "outages/old.md",
        "registers/wave.md",
        "rules/undrained.md",
    )
    for path in listed:
        folder = path.partition("/")[0]
        assert made[path].count(f'<a href="index.html">All {folder}</a>') == 1, path
        assert f"All {folder}</a>" not in made[f"{folder}/index.md"]
