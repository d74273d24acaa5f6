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
        "3 waves for 3 workloads; 1 of them has moved. 1 more workload must move, with no wave to move in."
        in text
    )
    assert [row[:5] for row in rows(part(text, "Wave by wave"))] == [
        ["1", "First", "○ open", "shop , moved", "Move the shop"],
        ["2", "Second", "○ open", "store", "Move the store"],
        ["3", "Wipe", "○ open", "rebuilds old", "nobody"],
    ]
    chain = lines(part(text, "The longest chain"))
    assert chain == [
        "shop goes first",
        "store leaves after shop ( registers/workload.yaml:4 )",
        "wave Second is over when store has moved ( registers/wave.yaml:4 )",
    ]
    assert rows(part(text, "In no wave yet")) == [["bell", "old → new", "Move the store", "wave Second"]]
    assert lines(part(text, "Undoing it")) == ["wave Wipe", "wave Second", "wave First"]


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
        "○ open wave First is over (by the order of their numbers)",
        "○ open shop has moved, which store leaves after",
        "○ open task Move the shop doing; “Move the store” waits for it",
        "○ open gap The name is open settles; “Move the store” waits for it",
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
        ["✓ done", "moved", "stays on new", "", "nobody", "○ no gate"],
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
        ["old", "4 down, 1 degraded → 2 down", "—", "workload moved , workload shop , lane moved-shop"],
        ["new", "2 down → 4 down", "workload bell , workload shop", "—"],
    ]


def test_a_wave_is_undone_from_its_end(fleet: SmallFleet) -> None:
    made = pages(fleet(FLEET))
    assert lines(part(made["waves/1.md"], "How to undo it")) == [
        "Undo Second first, as far as it has begun",
        "shop back to old : ✓ rollback proven shop",
    ]
    assert lines(part(made["waves/3.md"], "How to undo it")) == [
        "old has been wiped: it comes back by being built again, by no move"
    ]


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
