"""The drain order and its waves: what must be over before, what moves, what is at risk, and the way back."""

from __future__ import annotations

import re

from conftest import SmallFleet
from regcheck.graph import FleetGraph
from regcheck.pages import drain
from sites import site_of

FLEET = """
machine:
  - {id: old, role: frozen, target_role: retired}
  - {id: new, role: production}
workload:
  - {id: shop, environment: production, current_host: old, target_host: new, owner: [T1], method: copy}
  - {id: store, environment: production, current_host: old, target_host: new, owner: T2, drain_after: [shop]}
  - {id: bell, environment: production, current_host: old, target_host: new, owner: [T2], needs: [shop]}
  - {id: moved, environment: production, current_host: new, target_host: new}
tunnel:
  - {id: here, from: new, to: old, state: now}
lane:
  - {id: moved-shop, from: moved, to: shop, current_path: [here], target_path: [new], owner: [T1]}
wave:
  - {number: 1, name: First, moves: [shop, moved], owner: [T1]}
  - {number: 2, name: Second, moves: [store], owner: [T2]}
  - {number: 3, name: Wipe, rebuilds: old}
task:
  - {id: T0, title: Prepare, status: done}
  - {id: T1, title: Move the shop, status: doing, after: [T0]}
  - {id: T2, title: Move the store, status: todo, after: [T1]}
gap:
  - {id: name, title: The name is open, about: ["workload:store"], blocks: [T2]}
gate:
  - {workload: shop, overlay_repo: repo, stages: [deploy, rollback], canary: ok}
"""


def pages(graph: FleetGraph) -> dict[str, str]:
    return {page.path: page.text for page in drain.pages(site_of(graph))}


def part(text: str, heading: str) -> str:
    """A section, without its heading."""
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.replace("<wbr>", "")).split())


def lines(html: str, tag: str = "li") -> list[str]:
    return [plain(found) for found in re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)]


def rows(html: str) -> list[list[str]]:
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in body.split("<tr>")[1:]
    ]


def test_the_order_is_told_in_words(fleet: SmallFleet) -> None:
    text = pages(fleet(FLEET))["drain/index.md"]
    assert (
        "3 waves for 3 workloads; 1 of them is in place. 1 more workload must move, with no wave to move in."
        in text
    )
    assert [row[:5] for row in rows(part(text, "Wave by wave"))] == [
        ["1 · First", "○ open", "shop , moved", "Move the shop", ""],
        ["2 · Second", "○ open", "store", "Move the store", "1 · First"],
        ["3 · Wipe", "○ open", "rebuilds old", "nobody", "2 · Second"],
    ]
    chain = lines(part(text, "The longest chain"))
    assert chain == [
        "shop goes first",
        "store leaves after shop ( registers/workload.yaml:4 )",
        "wave 2 · Second is done when store has moved ( registers/wave.yaml:4 )",
    ]
    assert rows(part(text, "In no wave yet")) == [["bell", "old → new", "Move the store", "wave 2 · Second"]]
    assert lines(part(text, "Undoing it")) == ["wave 3 · Wipe", "wave 2 · Second", "wave 1 · First"]


def test_the_map_leads_to_waves_and_workloads(fleet: SmallFleet) -> None:
    text = pages(fleet(FLEET))["drain/index.md"]
    svg = text[text.index("<svg") : text.index("</svg>")]
    assert re.findall(r'<a href="([^"]*)"', svg) == [
        "../waves/1.html",
        "../workloads/shop.html",
        "../workloads/moved.html",
        "../waves/2.html",
        "../workloads/store.html",
        "../workloads/bell.html",
        "../waves/3.html",
    ]


def test_the_waves_of_the_map_go_down_and_say_all_of_their_names(fleet: SmallFleet) -> None:
    text = pages(fleet(FLEET.replace("name: Wipe", "name: The end of the old machine as it was")))[
        "drain/index.md"
    ]
    svg = text[text.index("<svg") : text.index("</svg>")]
    bands = re.findall(r'<rect class="column" x="(\S+)" y="(\S+)"', svg)
    assert len({x for x, _ in bands}) == 1
    assert len(bands) == 3
    assert [float(y) for _, y in bands] == sorted(float(y) for _, y in bands)
    (head,) = re.findall(r'<g class="head">(?:(?!</g>).)*The end of(?:(?!</g>).)*</g>', svg, re.DOTALL)
    said = re.findall(r"<text [^>]*>([^<]*)</text>", head)
    assert " ".join(said) == "Wave 3 The end of the old machine as it was rebuilds old"


def test_a_wave_reads_as_a_checklist(fleet: SmallFleet) -> None:
    text = pages(fleet(FLEET))["waves/2.md"]
    assert "<input" not in text
    assert plain(text.partition("</p>")[0]) == "← 1 · First | All waves | 3 · Wipe →"
    assert lines(part(text, "Before it starts")) == [
        "○ open wave 1 · First is done (by the order of their numbers)",
        "○ open shop has moved; store leaves after it",
        "○ open task Move the shop doing; “Move the store” waits for it",
        "○ open gap The name is open an open gap; “Move the store” waits for it",
    ]
    assert rows(part(text, "What moves")) == [
        ["○ open", "store", "old → new", "", "Move the store", "○ no gate"]
    ]
    first = pages(fleet(FLEET))["waves/1.md"]
    assert lines(part(first, "Before it starts")) == [
        "✓ done task Prepare done; “Move the shop” waits for it"
    ]
    assert rows(part(first, "What moves")) == [
        [
            "○ open",
            "shop",
            "old → new",
            "copy",
            "Move the shop",
            "○ lacks observe, promote, approved by, approved on, image shop",
        ],
        ["✓ done", "moved", "on new", "", "nobody", "○ no gate"],
    ]


def test_a_wave_tells_its_lanes_and_what_is_at_risk_after_it(fleet: SmallFleet) -> None:
    graph = fleet(FLEET)
    text = pages(graph)["waves/1.md"]
    assert rows(part(text, "Lanes that switch with it")) == [
        ["moved-shop critical", "new → here → old", "new → new", "Move the shop"]
    ]
    before, after = (
        {h.entry.ref for h in graph.reach.affected(["machine:new"], s)} for s in ("now", "wave:1")
    )
    assert (len(before), len(after)) == (2, 4)
    assert rows(part(text, "At risk until the next wave")) == [
        ["old", "4 down, 1 degraded → 2 down", "", "workload moved , workload shop , lane moved-shop"],
        ["new", "2 down → 4 down", "workload bell , workload shop", ""],
    ]


BEFORE = "where it was before, if that was elsewhere: the history of its register tells"


def test_a_wave_is_undone_from_its_end(fleet: SmallFleet) -> None:
    made = pages(fleet(FLEET))
    assert lines(part(made["waves/1.md"], "How to undo it")) == [
        "Undo wave 2 · Second first, as far as it has begun",
        f"moved back to {BEFORE}; ○ no rollback proven",
        "shop back to old ; ✓ rollback proven shop",
        "moved-shop back to its path: new → here → old",
    ]
    assert lines(part(made["waves/3.md"], "How to undo it")) == [
        "old has been wiped by then: it comes back by being built again, by no move"
    ]


WIPED = """
machine:
  - {id: old, role: frozen, becomes: new}
  - {id: new, role: planned, target_role: production}
  - {id: safe, role: production}
workload:
  - {id: apps, environment: production, current_host: safe, target_host: safe, wave: 1}
  - {id: db, environment: production, current_host: old, target_host: safe, owner: T}
  - {id: vault, environment: production, current_host: old, target_host: safe, wave: 3, drain_last: true}
pipeline:
  - {id: build, current_build_host: old, target_build_host: safe, wave: 1, owner: T}
  - {id: late, current_build_host: old, target_build_host: safe}
wave:
  - {number: 1, name: Apps, moves: [apps]}
  - {number: 2, name: Open, undecided: [moves]}
  - {number: 3, name: Last, moves: [vault]}
  - {number: 4, name: Wipe, rebuilds: old}
task:
  - {id: T, title: Move, status: done}
"""


def test_a_wave_that_wipes_a_machine_says_what_is_still_on_it(fleet: SmallFleet) -> None:
    text = pages(fleet(WIPED))["waves/4.md"]
    assert lines(part(text, "Before it starts")) == [
        "○ open wave 3 · Last is done (by the order of their numbers)",
        "○ open workload db has left old : no wave moves it",
        "○ open pipeline late has left old : no wave moves it",
    ]


def test_a_wave_says_what_leaves_after_all_else(fleet: SmallFleet) -> None:
    text = pages(fleet(WIPED))["waves/3.md"]
    assert "○ open db has moved; vault leaves after it" in lines(part(text, "Before it starts"))
    before = pages(fleet(WIPED.replace("owner: T}\n  - {id: vault", "wave: 1}\n  - {id: vault")))[
        "waves/3.md"
    ]
    assert lines(part(before, "Before it starts")) == [
        "○ open wave 2 · Open is done (by the order of their numbers)"
    ]


def test_a_wave_is_not_done_before_it_is_decided_nor_before_all_of_it_has_moved(fleet: SmallFleet) -> None:
    graph = fleet(WIPED)
    made = pages(graph)
    assert [row[1] for row in rows(part(made["drain/index.md"], "Wave by wave"))] == [
        "✓ workloads in place still to do: 1 pipeline",
        "○ open",
        "○ open",
        "○ open",
    ]
    assert "Its workloads are in place; still to do: 1 pipeline." in made["waves/1.md"]
    assert rows(part(made["waves/1.md"], "What moves").partition("Moves in the same wave")[2]) == [
        ["○ open", "Pipelines", "build", "Move (done)"]
    ]
    assert lines(part(made["waves/1.md"], "How to undo it"))[-1] == "Pipelines back to where they were: build"
    moved = "✓ done The workloads of wave 1 · Apps are in place (by the order of their numbers)"
    assert lines(part(made["waves/2.md"], "Before it starts")) == [f"{moved} ; still to do: 1 pipeline"]
    assert "Nobody has decided yet what it moves." in made["waves/2.md"]
    assert "<p>Not decided yet.</p>" in made["waves/2.md"]
    waits = {one.entry.ref: [entry.ref for entry in one.waits_for] for one in graph.tasks.next().blocked}
    assert "wave:2" in waits["workload:vault"]


ASTRAY = """
machine:
  - {id: old, role: frozen, becomes: new}
  - {id: new, role: planned, target_role: production}
  - {id: lap, role: interactive}
workload:
  - {id: api, environment: production, current_host: lap, target_host: old, wave: 1}
  - {id: fresh, environment: production, target_host: new, wave: 3}
checkout:
  - {id: co, current_host: unknown, target_host: new, wave: 1, owner: T}
sink:
  - {id: log, current_host: old, target_host: new, wave: 3, owner: T}
wave:
  - {number: 1, name: One, moves: [api]}
  - {number: 2, name: Wipe, rebuilds: old, owner: [T]}
  - {number: 3, name: Three, moves: [fresh], owner: [C]}
task:
  - {id: T, title: Wipe it, status: done}
  - {id: C, title: Cancelled one, status: cancelled, after: [O]}
  - {id: O, title: Open one, status: todo}
"""


def test_a_wave_that_has_not_wiped_all_says_why_and_is_not_done(fleet: SmallFleet) -> None:
    made = pages(fleet(ASTRAY))
    assert lines(part(made["waves/2.md"], "Before it starts")) == [
        "○ open wave 1 · One is done (by the order of their numbers)",
        "○ open workload api has left old : it moves in wave 1",
        "○ open sink log has left old : it moves in wave 3",
    ]
    assert "✓ done" not in plain(part(made["drain/index.md"], "Wave by wave"))


def test_a_place_that_nobody_knows_is_not_in_place(fleet: SmallFleet) -> None:
    made = pages(fleet(ASTRAY))
    beside = part(made["waves/1.md"], "What moves").partition("Moves in the same wave")[2]
    assert rows(beside) == [["? unknown", "Checkouts", "co", "Wipe it (done)"]]
    assert rows(part(made["waves/3.md"], "What moves").partition("Moves in the same wave")[0]) == [
        ["? unknown", "fresh", "nowhere → new", "", "nobody", "○ no gate"]
    ]
    assert "Nobody knows where fresh is." in made["waves/3.md"]


def test_a_finished_owner_is_called_what_it_is_and_waits_for_what_is_open(fleet: SmallFleet) -> None:
    made = pages(fleet(ASTRAY))
    assert "Cancelled one (cancelled)" in plain(part(made["drain/index.md"], "Wave by wave"))
    assert lines(part(made["waves/3.md"], "Before it starts"))[-1] == (
        "○ open task Open one todo; “Cancelled one” waits for it"
    )


def test_what_finished_tasks_waited_for_is_no_condition(fleet: SmallFleet) -> None:
    text = FLEET.replace("title: Move the shop, status: doing", "title: Move the shop, status: done")
    assert (
        part(pages(fleet(text))["waves/1.md"], "Before it starts").strip() == "<p>It waits for nothing.</p>"
    )


def test_what_waits_in_a_circle_is_said(fleet: SmallFleet) -> None:
    text = FLEET.replace("method: copy", "drain_after: [bell]").replace(
        "needs: [shop]}", "drain_after: [shop]}"
    )
    (line,) = lines(part(pages(fleet(text))["drain/index.md"], "What waits in a circle"))
    assert line == (
        "bell waits for shop waits for bell . Cheapest to give up: bell leaves after shop"
        " ( registers/workload.yaml:5 ) ."
    )


def test_without_waves_and_moves_there_is_a_sentence(fleet: SmallFleet) -> None:
    made = pages(fleet("machine:\n  - {id: m, role: production}\n"))
    assert list(made) == ["drain/index.md"]
    assert made["drain/index.md"].startswith("Nothing moves")


def test_the_map_shows_what_is_done(fleet: SmallFleet) -> None:
    def drawn(text: str) -> str:
        return pages(fleet(text))["drain/index.md"].partition("<svg")[2].partition("</svg>")[0]

    svg = drawn(WIPED.replace("wave: 1, owner: T", "owner: T"))
    assert re.findall(r'<g class="(\w+ [^"]*\bdone)"', svg) == ["head done", "node kind-workload done"]
    assert "✓ Wave 1" in svg
    assert "✓ Wave 2" not in svg
    assert "on safe" in svg
    more_to_do = drawn(WIPED)
    assert re.findall(r'<g class="(\w+ [^"]*\bdone)"', more_to_do) == ["node kind-workload done"]
    assert "✓ Wave 1" not in more_to_do
