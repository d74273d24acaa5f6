"""The explorer in a real browser, from `file://` and under a strict policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browsing import until
from conftest import SmallFleet
from regcheck.drawing.chains import verb
from regcheck.graph import FleetGraph
from regcheck.pages import ASSETS, Asset, Page, Site, explorer
from sites import made_up_site, real_site, site_of

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'"

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def real() -> Site:
    return real_site()


def write(site: Site, folder: Path) -> Path:
    """The explorer of a fleet as a builder leaves it: a page with its policy, and its files."""
    (folder / ASSETS).mkdir(parents=True, exist_ok=True)
    for file in files("regcheck.pages").joinpath("assets").iterdir():
        (folder / ASSETS / file.name).write_bytes(file.read_bytes())
    styles = "".join(f'<link rel="stylesheet" href="{ASSETS}/{name}.css">' for name in ("regcheck", "maps"))
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">{styles}'
    for made in explorer.pages(site):
        if isinstance(made, Asset):
            (folder / made.path).write_bytes(made.data)
        else:
            assert isinstance(made, Page)
            inside = f'<main class="md-typeset"><h1>{made.title}</h1>{made.text}</main>'
            body = f'<body data-md-color-scheme="default">{inside}</body>'
            text = (
                f'<!DOCTYPE html><html lang="en"><head>{head}<title>{made.title}</title></head>{body}</html>'
            )
            (folder / "explorer.html").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def open_page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Open the explorer of a fleet; in the end nothing has failed, and nothing was asked of another host."""
    wrong: list[str] = []
    contexts = []

    def told(message: Any) -> None:
        if message.type in ("error", "warning"):
            wrong.append(message.text)

    def refused(dialog: Any) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    def abroad(url: str) -> list[str]:
        return [] if url.startswith(("file:", "data:")) else [url]

    def opened(site: Site, hash: str = "", *, wide: int = 1300, fingers: bool = False) -> Any:
        folder = write(site, tmp_path_factory.mktemp("site"))
        context = browser.new_context(
            viewport={"width": wide, "height": 900},
            reduced_motion="reduce",
            has_touch=fingers,
            is_mobile=fingers,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", told)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", refused)
        page.on("request", lambda asked: wrong.extend(abroad(asked.url)))
        page.goto(f"{(folder / 'explorer.html').as_uri()}{f'#{hash}' if hash else ''}")
        until(page, "window.regcheckExplorer !== undefined")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def said(page: Any) -> str:
    return str(page.locator("#rc-said").inner_text())


def shown(page: Any, sign: str = "") -> set[str]:
    """The entries that are drawn, in no shadow; with `sign` those that have it."""
    script = """sign => window.regcheckExplorer.cy.nodes(sign ? `.${sign}` : "node")
      .filter(n => !n.hasClass("absent") && !n.hasClass("faint"))
      .map(n => window.regcheckExplorer.fleet.nodes[Number(n.id().slice(1))].id)"""
    return set(page.evaluate(script, sign))


def hash_of(page: Any) -> str:
    return str(page.evaluate("window.location.hash"))


# --- what it does ---------------------------------------------------------------


def test_it_starts_with_all_that_is_there_now(open_page: Open, real: Site) -> None:
    page = open_page(real)
    assert shown(page) == set(real.graph.present("now"))
    assert said(page) == "Now there are 63 entries with 125 relations."
    assert hash_of(page) == ""


def test_search_finds_a_workload_by_keyboard(open_page: Open, real: Site) -> None:
    page = open_page(real)
    field = page.get_by_role("combobox", name="Look at an entry")
    field.focus()
    page.keyboard.type("bao")
    options = page.get_by_role("listbox", name="Look at an entry").get_by_role("option")
    assert options.first.inner_text() == "workload OpenBao"
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert said(page) == "Now OpenBao needs 1 entry and is needed by 7 entries."
    assert hash_of(page) == "#focus=workload:openbao"
    assert shown(page, "focus") == {"workload:openbao"}
    page.get_by_role("link", name="Its page").wait_for()
    assert page.get_by_role("link", name="Its page").get_attribute("href") == "workloads/openbao.html"


def test_search_finds_first_what_begins_with_the_text_and_workloads_among_those(
    open_page: Open, real: Site
) -> None:
    page = open_page(real)
    field = page.get_by_role("combobox", name="Look at an entry")
    options = page.get_by_role("listbox", name="Look at an entry").get_by_role("option")
    field.fill("hub")
    found = options.all_inner_texts()
    assert all(text.startswith("workload ") for text in found[:5])
    assert found[0] == "workload State Hub API (primary)"
    assert found[5].startswith("lane ")
    assert found[-1].endswith(" more: go on typing")
    field.fill("issue")
    assert options.first.inner_text() == "workload issue-core"
    field.fill("zzzz")
    assert options.all_inner_texts() == ["Nothing of that name"]
    assert options.first.get_attribute("aria-disabled") == "true"
    page.keyboard.press("Enter")
    assert hash_of(page) == ""
    field.blur()
    assert field.input_value() == ""


def test_the_names_can_be_read_on_opening_and_around_an_entry(open_page: Open, real: Site) -> None:
    page = open_page(real)
    letters = "12 * window.regcheckExplorer.cy.zoom()"
    assert page.evaluate(letters) > 9.5
    boxes = """() => window.regcheckExplorer.cy.nodes().not(".absent").map(n => {
      const { x1, x2, y1, y2 } = n.renderedBoundingBox({ includeLabels: false, includeOverlays: false });
      return [window.regcheckExplorer.fleet.nodes[Number(n.id().slice(1))].id, x1, x2, y1, y2];
    })"""
    canvas = page.locator("#rc-canvas").bounding_box()
    for hash in (
        "",
        "off=machine:workstation",
        "focus=workload:state-hub",
        "focus=machine:workstation&depth=2",
    ):
        page.goto(f"{page.url.partition('#')[0]}#{hash}")
        page.reload()
        assert page.evaluate(letters) > 7
        drawn = page.evaluate(boxes)
        assert len(drawn) > 5
        for at, (ref, left, right, top, bottom) in enumerate(drawn):
            assert left > 0, ref
            assert top > 0, ref
            assert right < canvas["width"], ref
            assert bottom < canvas["height"], ref
            for other, x1, x2, y1, y2 in drawn[at + 1 :]:
                assert x2 < left or right < x1 or y2 < top or bottom < y1, (hash, ref, other)


def test_around_an_entry_what_it_needs_is_right_of_it_and_places_come_back(
    open_page: Open, real: Site
) -> None:
    page = open_page(real)
    places = """() => Object.fromEntries(window.regcheckExplorer.cy.nodes().map(
      n => [window.regcheckExplorer.fleet.nodes[Number(n.id().slice(1))].id, n.position()]))"""
    before = page.evaluate(places)
    page.locator("#rc-list").get_by_role("link", name="State Hub API (primary)").click()
    until(page, "window.regcheckExplorer.view.focus !== null")
    around = page.evaluate(places)
    middle = around["workload:state-hub"]["x"]
    reach = real.graph.reach
    needed = {edge.target for edge in reach.needs("workload:state-hub", "now")}
    needing = {edge.source for edge in reach.needed_by("workload:state-hub", "now")}
    assert all(around[ref]["x"] > middle for ref in needed)
    assert all(around[ref]["x"] < middle for ref in needing)
    assert needed
    assert needing
    page.get_by_role("button", name="Show everything").click()
    assert page.evaluate(places) == before


LABELS = """() => {
  const box = ({ x1, x2, y1, y2 }) => [x1, x2, y1, y2];
  const { cy } = window.regcheckExplorer;
  const label = { includeEdges: false, includeNodes: false, includeOverlays: false };
  return [
    cy.edges(".told").map(edge => [edge.data("told"), box(edge.boundingBox(label))]),
    cy.nodes().not(".absent").map(node => ["", box(node.boundingBox({ includeLabels: false }))]),
    cy.edges().not(".absent").map(edge => [edge.source().id(), edge.target().id()].sort().join()),
  ];
}"""


def test_what_lines_say_stands_clear_and_once_for_two_entries(open_page: Open, real: Site) -> None:
    page = open_page(real, "from=workload:activity-core&to=machine:workstation")
    labels, boxes, ends = page.evaluate(LABELS)
    assert {text for text, _ in labels} == {
        "starts ⇄\nstarts at",
        "crosses",
        "leads from,\nis opened by",
        "leads to,\nis opened by",
    }
    assert len(labels) == len(ends) == len(set(ends)) == 10
    for at, (text, (left, right, top, bottom)) in enumerate(labels):
        for other, (x1, x2, y1, y2) in labels[at + 1 :] + boxes:
            assert x2 <= left or right <= x1 or y2 <= top or bottom <= y1, (text, other)


def test_a_line_within_a_column_goes_round_outside_of_what_is_between(open_page: Open, real: Site) -> None:
    page = open_page(real, "focus=workload:state-hub")
    found = page.evaluate("""() => {
      const { cy, fleet } = window.regcheckExplorer;
      const node = ref => cy.getElementById(`n${fleet.byId.get(ref).number}`);
      const line = node("workload:identity").edgesTo(node("machine:coulombcore"));
      return [line.midpoint().x, node("workload:openbao").boundingBox().x2, line.hasClass("absent")];
    }""")
    assert found[0] > found[1]
    assert found[2] is False


def test_back_leads_to_what_was_looked_at_before(open_page: Open, real: Site) -> None:
    page = open_page(real)
    page.get_by_label("Switch off a machine").select_option("Workstation")
    page.get_by_role("slider", name="State").press("ArrowRight")
    page.get_by_role("combobox", name="Look at an entry").fill("openbao")
    page.keyboard.press("Enter")
    assert hash_of(page) == "#state=wave:1&focus=workload:openbao"
    page.go_back()
    expect(page.locator("#rc-said")).to_contain_text("With Workstation off after wave 1")
    assert page.get_by_label("Switch off a machine").input_value() == "machine:workstation"
    page.go_back()
    expect(page.locator("#rc-said")).to_contain_text("Now there are")


def test_what_is_gone_and_still_needed_says_so(open_page: Open, real: Site) -> None:
    page = open_page(real)
    assert shown(page, "gone") == set()
    assert not page.locator(".rc-look-gone").is_visible()
    page.get_by_role("slider", name="State").press("End")
    graph = real.graph
    lost = {
        ref for ref, entry in graph.present("target").items() if not graph.production.exists(entry, "target")
    }
    assert shown(page, "gone") == lost == {"machine:coulombcore"}
    assert said(page).endswith(" 1 more is not there, and still needed.")
    part = page.locator(".rc-part", has=page.get_by_role("heading", name="Not there, and still needed (1)"))
    assert part.locator("li").inner_text().startswith("machine coulombcore gone: needed by ")
    assert page.locator(".rc-look-gone").is_visible()
    machines = page.locator(".rc-part", has=page.get_by_role("heading", name="Machines (4)"))
    assert "railiance02 production" in machines.locator("li").all_inner_texts()


def test_the_legend_tells_the_looks_that_are_seen(open_page: Open, real: Site) -> None:
    page = open_page(real)
    signs = page.get_by_role("list", name="Signs").get_by_role("listitem")
    assert signs.all_inner_texts() == ["→ leads to what is needed", "production"]
    page.get_by_label("Switch off a machine").select_option("Workstation")
    assert {"switched off", "down", "degraded", "not concerned"} <= set(signs.all_inner_texts())
    assert "stays up on another host" not in signs.all_inner_texts()


def test_when_a_machine_can_be_off_is_said_for_every_state(open_page: Open, real: Site) -> None:
    page = open_page(real, "off=machine:coulombcore")
    assert said(page).endswith(" From wave 7 on it can be off without harm.")
    page.get_by_role("slider", name="State").press("End")
    assert said(page) == "coulombcore is not there at the target. From wave 7 on it can be off without harm."
    page.get_by_label("Switch off a machine").select_option("railiance01")
    assert said(page).endswith(" go down. It is needed in every state, the target included.")


def test_entries_of_one_name_are_told_apart(open_page: Open, real: Site) -> None:
    page = open_page(real, "from=pipeline:activity-core&to=workload:activity-core")
    assert said(page).startswith("Now activity-core (pipeline) ")
    assert "activity-core (workload)" in said(page)


def test_the_focus_has_depth_direction_and_filters(open_page: Open, real: Site) -> None:
    page = open_page(real, "focus=workload:nats&way=needs")
    reach = real.graph.reach
    near = {edge.target for edge in reach.needs("workload:nats", "now")}
    assert shown(page) == {"workload:nats", *near}
    page.get_by_label("Steps", exact=True).select_option("all")
    found, stack = {"workload:nats"}, ["workload:nats"]
    while stack:
        new = {edge.target for edge in reach.needs(stack.pop(), "now")} - found
        found |= new
        stack += new
    assert shown(page) == found
    page.get_by_text("Kinds and relations").click()
    page.get_by_label("machines", exact=True).uncheck()
    assert shown(page) == {ref for ref in found if not ref.startswith("machine:")}
    page.get_by_label("is part of", exact=True).uncheck()
    assert shown(page) == {"workload:nats"}
    assert "without-kinds=machine" in hash_of(page)
    page.keyboard.press("Escape")
    assert not page.get_by_label("machines", exact=True).is_visible()
    page.get_by_role("button", name="Show everything").click()
    assert shown(page) == set(real.graph.present("now"))
    assert hash_of(page) == ""


def test_the_state_slider_moves_and_entries_keep_their_places(open_page: Open, real: Site) -> None:
    page = open_page(real)
    places = "Object.fromEntries(window.regcheckExplorer.cy.nodes().map(n => [n.id(), n.position()]))"
    before = page.evaluate(places)
    slider = page.get_by_role("slider", name="State")
    slider.focus()
    for time, state in enumerate(real.graph.states):
        if time:
            page.keyboard.press("ArrowRight")
            assert hash_of(page) == f"#state={state}"
        assert shown(page) == set(real.graph.present(state))
    assert page.evaluate(places) == before
    assert slider.get_attribute("aria-valuetext") == "target"


def test_a_machine_that_is_off_takes_down_what_simulate_says(open_page: Open, real: Site) -> None:
    page = open_page(real)
    page.get_by_label("Switch off a machine").select_option("Workstation")
    assert said(page) == (
        "With Workstation off now, 15 production nodes go down and 4 are degraded."
        " Only at the target can it be off without harm."
    )
    hits = real.graph.outage(["machine:workstation"], "now").affected
    for effect in ("down", "degraded"):
        assert shown(page, effect) == {hit.entry.ref for hit in hits if hit.effect == effect}
    chains = page.locator("#rc-list ul").first.locator("li").all_inner_texts()
    assert chains[0] == "lane activity-core to issue-core → issue-core-railiance01 → Workstation"
    page.get_by_role("slider", name="State").press("End")
    assert said(page) == (
        "With Workstation off at the target, no production node goes down."
        " Only at the target can it be off without harm."
    )
    assert shown(page, "down") == set()
    assert hash_of(page) == "#state=target&off=machine:workstation"


STAGING = """
machine:
  - {id: m, role: production}
  - {id: n, role: production}
workload:
  - {id: shop, environment: production, current_host: n, needs: [stage]}
  - {id: stage, environment: staging, current_host: m}
  - {id: test, environment: staging, current_host: n, needs: [shop]}
  - {id: pair, environment: staging, redundant: true, current_host: [m, n]}
  - {id: far, environment: production, current_host: n}
  - {id: try, environment: development, current_host: n, needs: [far]}
  - {id: calm, environment: staging, current_host: n}
lane:
  - {id: way, from: far, to: stage, current_path: [m]}
"""


def also_affected(graph: FleetGraph, machine: str, state: str) -> dict[str, str]:
    """What is no production and needs a machine all the same, each with the effect."""
    off = frozenset({machine})
    down = graph.reach.paths_to(off, state, off=off, expand=lambda ref: not ref.startswith("lane:"))
    there = {ref for ref, entry in graph.present(state).items() if graph.production.exists(entry, state)}
    others = there.difference(graph.production.nodes(state))
    found = others.intersection(graph.reach.paths_to(off, state, off=off))
    return {ref: "down" if ref in down else "degraded" for ref in found}


def test_what_goes_down_without_being_production_says_so(open_page: Open, fleet: SmallFleet) -> None:
    page = open_page(site_of(fleet(STAGING)), "off=machine:m")
    assert said(page).startswith("With m off now, 2 production nodes go down and 1 is degraded.")
    assert shown(page, "down") == {"workload:shop", "lane:way"}
    assert shown(page, "degraded") == {"workload:far"}
    assert shown(page, "also-down") == {"workload:stage", "workload:test"}
    assert shown(page, "also-degraded") == {"workload:try"}
    signs = page.get_by_role("list", name="Signs").get_by_role("listitem").all_inner_texts()
    assert {"down, not counted as production", "degraded, not counted as production"} <= set(signs)
    part = page.locator(".rc-part", has=page.get_by_role("heading", name="Down, not counted as production"))
    assert part.locator("li").all_inner_texts() == [
        "staging workload stage → m",
        "staging workload test → shop → stage → m",
    ]


def test_what_else_goes_down_is_all_that_needs_the_machine(
    open_page: Open, real: Site, fleet: SmallFleet, tmp_path: Path
) -> None:
    for site in (real, site_of(fleet(STAGING)), made_up_site(200, tmp_path)):
        page, graph = open_page(site), site.graph
        machines = [machine.ref for machine in site.fleet.of("machine").values()]
        found = page.evaluate(
            """([refs, count]) => {
              const { byId, nodes, outage } = window.regcheckExplorer.fleet;
              const told = ({ node, effect }) => [nodes[node].id, effect];
              return refs.map(ref => [...Array(count).keys()].map(
                time => Object.fromEntries(outage(byId.get(ref).number, time).others.map(told))));
            }""",
            [machines, len(graph.states)],
        )
        assert found == [[also_affected(graph, ref, state) for state in graph.states] for ref in machines]
        assert sum(len(others) for states in found for others in states) > 4


def test_on_the_whole_drawing_nothing_that_is_down_is_a_shadow(open_page: Open, real: Site) -> None:
    page = open_page(real, "off=machine:workstation")
    others = also_affected(real.graph, "machine:workstation", "now")
    assert shown(page, "also-down") == {ref for ref, effect in others.items() if effect == "down"}
    assert len(shown(page, "also-down")) > 10


def test_every_path_is_that_of_why(open_page: Open, real: Site) -> None:
    page = open_page(real)
    graph = real.graph
    refs = list(graph.present("now"))
    for state in ("now", "wave:2", "target"):
        pairs = [
            (a, b)
            for a, b in product(refs, refs)
            if a != b and a.startswith(("lane:", "workload:", "sink:", "repo:"))
        ]
        found = page.evaluate(
            """([pairs, time]) => {
              const { byId, nodes, data, why } = window.regcheckExplorer.fleet;
              const told = edge => [nodes[edge.source].id, data.verbs[edge.verb], nodes[edge.target].id];
              return pairs.map(pair => pair.map(ref => byId.get(ref).number))
                .map(([a, b]) => why(a, b, time).map(path => path.map(told)));
            }""",
            [pairs, graph.states.index(state)],
        )
        there = graph.present(state)
        wanted = [
            [[[e.source, verb(e), e.target] for e in path] for path in graph.why(a, b, state)]
            if a in there and b in there
            else []
            for a, b in pairs
        ]
        assert found == wanted
        assert sum(map(bool, wanted)) > 100


def test_no_path_is_denied_with_more_certainty_than_there_is(open_page: Open, real: Site) -> None:
    page = open_page(real, "from=workload:llm-connect&to=machine:coulombcore")
    assert said(page) == "Now llm-connect does not need coulombcore, as far as anybody knows."
    assert "Nobody knows enough of these (1)" in page.locator("#rc-list").inner_text()
    for state in ("now", "target"):
        refs = list(real.graph.present(state))
        found = page.evaluate(
            """([refs, time]) => {
              const { byId, nodes, open } = window.regcheckExplorer.fleet;
              return refs.map(ref => open(byId.get(ref).number, time).map(number => nodes[number].id).sort());
            }""",
            [refs, real.graph.states.index(state)],
        )
        reach = real.graph.reach
        assert found == [sorted(entry.ref for entry in reach.undetermined(state, ref)) for ref in refs]


def test_a_path_is_shown_hop_by_hop_and_turned_round_where_it_is_the_other_way(
    open_page: Open, real: Site
) -> None:
    page = open_page(real)
    for name, text in (("Path from", "workstation"), ("to", "nats")):
        page.get_by_role("combobox", name=name, exact=True).fill(text)
        page.keyboard.press("Enter")
    assert said(page) == "Now Workstation does not need NATS: there is no path."
    page.get_by_role("link", name="NATS → Workstation").click()
    expect(page.locator("#rc-said")).to_contain_text("shortest")
    assert said(page) == "Now NATS needs Workstation, by 2 shortest paths."
    steps = page.locator("#rc-list ol").first.locator("li").all_inner_texts()
    assert steps == [
        "workload NATS is part of activity-core",
        "workload activity-core starts activity-core to issue-core",
        "lane activity-core to issue-core crosses issue-core-railiance01",
        "lane activity-core to issue-core then crosses issue-core-coulombcore",
        "tunnel issue-core-coulombcore leads from Workstation",
    ]
    assert hash_of(page) == "#focus=".replace("focus=", "from=workload:nats&to=machine:workstation")


def test_of_more_than_can_be_read_the_machines_come_first(open_page: Open, tmp_path: Path) -> None:
    site = made_up_site(300, tmp_path)
    page = open_page(site)
    there = set(site.graph.present("now"))
    machines = {ref for ref in there if ref.startswith("machine:")}
    assert shown(page) == machines
    assert len(there) > 200
    assert said(page).endswith(" relations. Choose an entry, or switch a machine off.")
    assert page.evaluate("12 * window.regcheckExplorer.cy.zoom()") > 9
    page.get_by_role("button", name="Show everything").click()
    assert hash_of(page) == "#show=everything"
    page.reload()
    assert shown(page) == there
    page.get_by_role("button", name="Show the machines").click()
    assert hash_of(page) == ""
    assert shown(page) == machines


def test_of_many_machines_the_most_needed_come_first(open_page: Open, fleet: SmallFleet) -> None:
    many = "".join(f"  - {{id: m{number}, role: production}}\n" for number in range(100))
    hosts = "".join(f"  - {{id: w{number}, current_host: m{number}}}\n" for number in range(40, 100))
    site = site_of(fleet(f"machine:\n{many}workload:\n{hosts.replace('id:', 'environment: staging, id:')}"))
    page = open_page(site)
    assert shown(page) == {f"machine:m{number}" for number in range(40, 100)}
    assert " Of 100 machines the 60 that are needed most are drawn. " in said(page)
    page = open_page(site, wide=390)
    assert shown(page) == {f"machine:m{number}" for number in range(40, 64)}
    assert page.evaluate("12 * window.regcheckExplorer.cy.zoom()") > 7


def test_a_phone_begins_with_the_machines_and_how_much_needs_them(open_page: Open, real: Site) -> None:
    page = open_page(real, wide=390)
    notes = """() => Object.fromEntries(window.regcheckExplorer.cy.nodes(".noted").map(
      n => [window.regcheckExplorer.fleet.nodes[Number(n.id().slice(1))].id, n.data("note")]))"""
    reach = real.graph.reach
    for key, state in (("Home", "now"), ("End", "target")):
        page.get_by_role("slider", name="State").press(key)
        there = real.graph.present(state).keys()
        machines = {ref for ref in there if ref.startswith("machine:")}
        assert shown(page) == machines
        needing = {ref: {edge.source for edge in reach.needed_by(ref, state)} for ref in machines}
        counts = {ref: len(needing[ref] & there) for ref in machines}
        assert page.evaluate(notes) == {
            ref: f"needed by {count or 'nothing'}" for ref, count in counts.items()
        }
    page.get_by_role("combobox", name="Look at an entry").fill("openbao")
    page.keyboard.press("Enter")
    assert shown(page, "focus") == {"workload:openbao"}
    page.set_viewport_size({"width": 1300, "height": 900})
    page.get_by_role("button", name="Show everything").click()
    assert shown(page) == set(real.graph.present("target"))


def test_the_legend_stands_whole_below_the_drawing_on_a_phone(open_page: Open, real: Site) -> None:
    page = open_page(real, "off=machine:workstation", wide=390)
    canvas = page.locator("#rc-canvas").bounding_box()
    signs = [item for item in page.locator(".rc-legend li").all() if item.is_visible()]
    assert len(signs) > 9
    for sign in signs:
        box = sign.bounding_box()
        assert box["x"] >= canvas["x"]
        assert box["x"] + box["width"] <= canvas["x"] + canvas["width"]
        assert box["y"] >= canvas["y"] + canvas["height"]


def test_the_view_comes_back_from_the_address(open_page: Open, real: Site) -> None:
    page = open_page(real, "state=wave:2&focus=lane:agents-state-hub&depth=2")
    assert said(page).startswith("After wave 2 Agents and MCP to State Hub needs ")
    page.evaluate("window.location.hash = '#off=machine:coulombcore'")
    expect(page.locator("#rc-said")).to_contain_text("With coulombcore off now")
    page.evaluate(
        "window.location.hash = '#state=never&focus=nobody:x&off=workload:nats&depth=-3&without-kinds=x'"
    )
    expect(page.locator("#rc-said")).to_contain_text("Now there are 63")


def test_what_is_not_there_in_a_state_says_when_it_is(open_page: Open, real: Site) -> None:
    page = open_page(real, "focus=machine:railiance02")
    assert said(page) == "railiance02 is not there now, but from wave 8 on."
    assert shown(page) == {"machine:railiance02"}


AWAY = """
machine:
  [{id: a, role: production}, {id: b, role: production}, {id: c, role: production}]
tunnel:
  [{id: t, from: a, to: b}, {id: u1, from: a, to: c}, {id: u2, from: c, to: b}]
lane:
  - {id: l, from: a, to: b, wave: 2, current_path: [t], interim_path: [u1, u2], target_path: [t]}
workload:
  - {id: w, environment: production, current_host: a, target_host: b}
  - {id: x, environment: production, current_host: b, target_host: a}
wave:
  [{number: 1, name: One, moves: [w]}, {number: 2, name: Two, moves: [x]}]
"""


def test_what_comes_and_goes_says_each_time(open_page: Open, fleet: SmallFleet) -> None:
    site = site_of(fleet(AWAY))
    assert said(open_page(site, "focus=tunnel:t&state=wave:1")).endswith(
        "t is not there after wave 1, but now and from wave 2 on."
    )
    assert said(open_page(site, "focus=tunnel:u1")).endswith("u1 is not there now, but only after wave 1.")


def test_a_path_needs_two_ends(open_page: Open, fleet: SmallFleet) -> None:
    page = open_page(site_of(fleet(AWAY)), "from=tunnel:t&to=tunnel:t")
    assert said(page).endswith("A path leads to another entry than t: choose one.")


def test_its_answer_is_printed(open_page: Open, real: Site) -> None:
    page = open_page(real, "off=machine:workstation")
    page.emulate_media(media="print")
    expect(page.locator("#rc-said")).to_be_visible()
    expect(page.locator("#rc-canvas")).to_be_hidden()


def test_it_fits_a_phone_and_a_dark_room(open_page: Open, real: Site) -> None:
    page = open_page(real, "off=machine:workstation", wide=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.locator(".rc-lead").is_visible()
    assert page.locator("#rc-said").bounding_box()["y"] < page.locator("#rc-canvas").bounding_box()["y"] < 640
    assert page.evaluate("12 * window.regcheckExplorer.cy.zoom()") > 7
    path = page.get_by_role("combobox", name="Path from")
    assert not path.is_visible()
    page.get_by_text("Path, steps and filters").click()
    assert path.is_visible()
    light = page.evaluate("window.regcheckExplorer.cy.nodes('.down').first().style('background-color')")
    page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    until(
        page,
        "light => window.regcheckExplorer.cy.nodes('.down').first().style('background-color') !== light",
        arg=light,
    )


# --- wheels and fingers -----------------------------------------------------------

VIEWPORT = (
    "(({ x, y }, zoom) => [x, y, zoom])(window.regcheckExplorer.cy.pan(), window.regcheckExplorer.cy.zoom())"
)

Point = tuple[float, float]


def middle(page: Any) -> Point:
    """The middle of what the window shows of the drawing."""
    box = page.locator("#rc-canvas").bounding_box()
    return box["x"] + box["width"] / 2, (max(box["y"], 0) + min(box["y"] + box["height"], 900)) / 2


def fingers(page: Any, *ways: tuple[Point, Point]) -> None:
    """Put down fingers, move each from one point to another, and lift them."""
    session = page.context.new_cdp_session(page)

    def touch(type: str, part: float) -> None:
        points = [
            {"x": x + (to_x - x) * part, "y": y + (to_y - y) * part, "id": number}
            for number, ((x, y), (to_x, to_y)) in enumerate(ways)
        ]
        session.send("Input.dispatchTouchEvent", {"type": type, "touchPoints": points})

    touch("touchStart", 0)
    for step in range(1, 11):
        touch("touchMove", step / 10)
        page.wait_for_timeout(16)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def place(page: Any, ref: str) -> Point:
    """Where the window shows an entry."""
    script = """ref => {
      const { cy, fleet } = window.regcheckExplorer;
      return cy.getElementById(`n${fleet.byId.get(ref).number}`).renderedPosition();
    }"""
    box, at = page.locator("#rc-canvas").bounding_box(), page.evaluate(script, ref)
    return box["x"] + at["x"], box["y"] + at["y"]


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(open_page: Open, real: Site) -> None:
    page = open_page(real)
    assert page.get_by_text("Ctrl or ⌘ with the wheel zooms").is_visible()
    before = page.evaluate(VIEWPORT)
    page.mouse.move(*middle(page))
    page.mouse.wheel(0, 200)
    until(page, "window.scrollY === 200")
    assert page.evaluate(VIEWPORT) == before
    page.wait_for_timeout(300)  # Cytoscape.js is deaf for a while after the page has scrolled
    for key in ("Control", "Meta"):
        zoom = page.evaluate("window.regcheckExplorer.cy.zoom()")
        page.keyboard.down(key)
        page.mouse.wheel(0, -200)
        until(page, "zoom => window.regcheckExplorer.cy.zoom() > zoom", arg=zoom)
        page.keyboard.up(key)
    assert page.evaluate("[window.scrollY, window.visualViewport.scale]") == [200, 1]
    x, y, zoom = page.evaluate(VIEWPORT)
    at = middle(page)
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] - 60, at[1] + 40, steps=5)
    page.mouse.up()
    assert page.evaluate(VIEWPORT) == pytest.approx([x - 60, y + 40, zoom])


def test_one_finger_scrolls_the_page_and_two_move_the_drawing(open_page: Open, real: Site) -> None:
    page = open_page(real, "off=machine:workstation", wide=390, fingers=True)
    assert page.get_by_text("Two fingers move and zoom").is_visible()
    before = page.evaluate(VIEWPORT)
    x, y = middle(page)
    fingers(page, ((x, y + 80), (x, y - 120)))
    until(page, "window.scrollY > 100")
    page.wait_for_timeout(300)
    scrolled = page.evaluate("window.scrollY")
    x, y = place(page, "pipeline:state-hub")
    fingers(page, ((x, y), (x - 80, y)))  # a swipe is no tap, wherever it begins
    assert page.evaluate(VIEWPORT) == before
    assert hash_of(page) == "#off=machine:workstation"
    x, y = middle(page)
    fingers(page, ((x - 30, y), (x - 30, y - 50)), ((x + 30, y), (x + 30, y - 50)))
    assert page.evaluate(VIEWPORT) == pytest.approx([before[0], before[1] - 45, before[2]])
    fingers(page, ((x - 40, y), (x - 100, y)), ((x + 40, y), (x + 100, y)))
    assert page.evaluate(VIEWPORT)[2] > 2 * before[2]
    assert page.evaluate("[window.scrollY, window.visualViewport.scale]") == [scrolled, 1]
    page.get_by_role("button", name="All that is shown").tap()
    page.touchscreen.tap(*place(page, "pipeline:state-hub"))
    until(page, "window.location.hash === '#focus=pipeline:state-hub'")


# --- what it does not -----------------------------------------------------------

MARKUP = "<img src=x onerror=alert(1)>"


def test_what_a_register_says_is_never_run(open_page: Open, fleet: SmallFleet) -> None:
    graph: FleetGraph = fleet(f"""
machine:
  - {{id: m, name: "{MARKUP}", role: production}}
workload:
  - {{id: w, name: "</script><script>alert(2)</script>", environment: production, current_host: m}}
  - {{id: v, name: "javascript:alert(3)", environment: production, current_host: m, needs: [w]}}
""")
    page = open_page(site_of(graph), "off=machine:m")
    assert said(page).startswith(f"With {MARKUP} off now, 2 production nodes go down.")
    page.get_by_role("combobox", name="Look at an entry").fill("<img")
    assert page.get_by_role("option").all_inner_texts()[0] == f"machine {MARKUP}"
    page.keyboard.press("Enter")
    page.evaluate("window.location.hash = '#from=workload:v&to=machine:m'")
    expect(page.locator("#rc-said")).to_contain_text("shortest path")
    assert page.locator("img").count() == 0
    assert page.locator("#rc-explorer script").count() == 0


def test_without_scripts_it_leads_to_the_tables(browser: Browser, real: Site, tmp_path: Path) -> None:
    folder = write(real, tmp_path)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "explorer.html").as_uri())
    assert not page.locator("#rc-explorer").is_visible()
    assert page.get_by_role("link", name="what goes down with each machine").is_visible()
    context.close()


def test_of_a_large_fleet_everything_can_still_be_looked_at(open_page: Open, tmp_path: Path) -> None:
    site = made_up_site(1000, tmp_path)
    page = open_page(site, "state=wave:3&show=everything")
    assert len(shown(page)) == len(site.graph.present("wave:3")) > 800
    machine = next(iter(site.fleet.of("machine").values()))
    page.get_by_label("Switch off a machine").select_option(machine.label)
    hits = site.graph.outage([machine.ref], "wave:3").affected
    assert shown(page, "down") == {hit.entry.ref for hit in hits if hit.effect == "down"}
    assert len(hits) > 10
