"""Maps on pages: what is drawn, in which order it is heard, and where it leads."""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from importlib import import_module
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import SmallFleet
from regcheck.drawing import svg, views
from regcheck.drawing.layers import columns
from regcheck.drawing.layout import _Grid
from regcheck.drawing.legend import MEANING
from regcheck.drawing.picture import MORE, Edge, Node, Picture
from regcheck.drawing.style import KINDS, TONES
from regcheck.drawing.text import NOTE
from regcheck.pages import ASSETS, Page, Site, maps
from regcheck.pages.page import address
from sites import HERE, real_site, site_of

SVG = "{http://www.w3.org/2000/svg}"
OWN = ("topology", "drain", "tasks", "explorer")
"""The modules whose pages hold maps, beside those of the entries."""

SMALL = """
machine:
  - {id: left, role: frozen}
  - {id: right, role: production}
workload:
  - {id: shop, name: The shop, environment: production, current_host: left, needs: [store]}
  - {id: store, environment: production, current_host: left}
  - {id: mail, environment: staging, current_host: left, needs: [shop]}
"""


@pytest.fixture(scope="module")
def real() -> Site:
    return real_site()


def own_pages(site: Site) -> Iterator[Page]:
    for name in OWN:
        made = import_module(f"regcheck.pages.{name}").pages(site)
        yield from (page for page in made if isinstance(page, Page))
    for kind in ("machine", "workload"):
        for entry in site.fleet.of(kind).values():
            path = site.paths[entry.ref]
            yield Page(path, entry.label, partial(maps.neighbourhood, site, entry.ref, path))


def drawings(text: str) -> list[ET.Element]:
    """The drawings of a page; each of them is well-formed."""
    return [
        ET.fromstring(found)
        for found in re.findall(r'<svg [^>]*class="regcheck-map.*?</svg>', text, re.DOTALL)
    ]


def boxes(drawing: ET.Element) -> list[tuple[float, float, str, str | None]]:
    """What is drawn, in the order of the document: left, top, name and address."""
    found = []
    parents = {child: parent for parent in drawing.iter() for child in parent}
    for group in drawing.iter(f"{SVG}g"):
        box, parent = group.find(f"{SVG}rect[@class='box']"), parents.get(group)
        if box is not None and parent is not None and (group.get("class") or "").startswith("node"):
            href = parent.get("href") if parent.tag == f"{SVG}a" else None
            name = (group if href is None else parent).findtext(f"{SVG}title") or ""
            found.append((float(box.get("x", 0)), float(box.get("y", 0)), name, href))
    return found


class Ids(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.ids += [said["id"] or ""] if "id" in said else []
        self.links += [said["href"] or ""] if "href" in said and tag == "a" else []


# --- one map --------------------------------------------------------------------


def test_a_small_map_is_just_this(fleet: SmallFleet) -> None:
    site = site_of(fleet(SMALL))
    figure = maps.neighbourhood(site, "workload:shop", "workloads/shop.md")
    name = re.findall(r'<svg [^>]*aria-labelledby="(\S+)-title (\S+)-desc"', figure)
    assert name == [("rc-map-around-workload-shop",) * 2]
    head, _, rest = figure.partition("<svg ")
    assert head == (
        '<figure class="rc-map" data-search-exclude="">\n'
        "<figcaption><strong>What The shop needs, and who needs it.</strong> As things are now."
        " An arrow leads from an entry to what it needs at run time;"
        " what else they need of one another is in the table.</figcaption>\n"
        '<div class="rc-scroll" tabindex="0" role="region"'
        ' aria-label="Map: What The shop needs, and who needs it">\n'
    )
    assert rest.partition("</svg>")[2].startswith('\n</div>\n<p class="rc-keys">\n')
    assert (
        '</span>\n</p>\n<details class="rc-fold"><summary>The same as a table</summary>\n'
        f'<div id="{name[0][0]}-table">\n<div class="rc-table rc-stack">\n'
    ) in rest
    (drawing,) = drawings(figure)
    assert (drawing.get("role"), drawing.find(f"{SVG}style")) == ("group", None)
    assert [(text, href) for _, _, text, href in boxes(drawing)] == [
        ("mail, workload, staging", "mail.html"),
        ("The shop, workload, production", None),
        ("left, machine, frozen", "../machines/left.html"),
        ("store, workload, production", "store.html"),
    ]
    lines = drawing.findall(f".//{SVG}g[@aria-hidden='true']/{SVG}title")
    assert sorted(line.text or "" for line in lines) == [
        "workload:mail needs workload:shop",
        "workload:shop hosted on machine:left",
        "workload:shop needs workload:store",
    ]
    assert (
        '<tr><td><a href="shop.html">The shop</a></td><td>workload, production</td>'
        '<td>runs on <a href="../machines/left.html">left</a>; needs <a href="store.html">store</a></td>'
        '<td><a href="mail.html">mail</a></td></tr>'
    ) in figure


def test_there_is_no_map_of_what_is_not_there(fleet: SmallFleet) -> None:
    assert maps.neighbourhood(site_of(fleet(SMALL)), "workload:gone", "index.md") == ""


def crowded(fleet: SmallFleet) -> Site:
    rows = [
        f"  - {{id: w{at:02}, environment: {'production' if at > 35 else 'staging'}, current_host: m,"
        " needs: [store]}}"
        for at in range(40)
    ]
    machines = "machine:\n  - {id: m, role: production}\n  - {id: n, role: production}\n"
    store = "workload:\n  - {id: store, environment: production, current_host: n}\n"
    return site_of(fleet(machines + store + "\n".join(rows).replace("}}", "}")))


def test_what_is_left_out_is_counted_and_leads_to_the_table(fleet: SmallFleet) -> None:
    figure = maps.neighbourhood(crowded(fleet), "workload:store", "workloads/store.md")
    (drawing,) = drawings(figure)
    named = [(name, href) for _, _, name, href in boxes(drawing)]
    table = re.findall(r'<div id="(\S+-table)">', figure)
    assert named[-1] != ("32 more, in the table", None)
    assert ("32 more, in the table", f"#{table[0]}") in named
    drawn = [name.split(",")[0] for name, _ in named if name.startswith("w")]
    assert sorted(drawn) == [f"w{at:02}" for at in (*range(4), *range(36, 40))]
    assert figure.count("<tr><td>") == 42


def test_a_machine_is_a_box_with_what_is_on_it(fleet: SmallFleet) -> None:
    figure = maps.neighbourhood(crowded(fleet), "machine:m", "machines/m.md")
    (drawing,) = drawings(figure)
    assert [name for _, _, name, _ in boxes(drawing)] == [
        "m, machine, production",
        "store, workload, production",
    ]
    rows = [
        (link.findtext(f"{SVG}title"), link.get("href"))
        for link in drawing.iter(f"{SVG}a")
        if link.find(f"{SVG}g/{SVG}rect[@class='row']") is not None
    ]
    (table,) = re.findall(r'<div id="(\S+-table)">', figure)
    assert rows == [
        *((f"w{at}, workload, production", f"../workloads/w{at}.html") for at in range(36, 40)),
        *((f"w{at:02}, workload, staging", f"../workloads/w{at:02}.html") for at in range(4)),
        ("32 more, in the table", f"#{table}"),
    ]
    assert figure.count("<tr><td>") == 42


def test_a_line_ends_at_the_row_that_it_is_about(fleet: SmallFleet) -> None:
    (drawing,) = drawings(maps.neighbourhood(crowded(fleet), "machine:m", "machines/m.md"))
    levels: dict[float, int] = {}
    for row in drawing.iter(f"{SVG}rect"):
        if row.get("class") == "row":
            levels[float(row.get("y", 0)) + float(row.get("height", 0)) / 2] = len(levels)
    said = {}
    for line in drawing.findall(f".//{SVG}g[@aria-hidden='true']"):
        (start, *_) = re.findall(r"M\S+ ([\d.]+)", line[1].get("d") or "")
        said[line.findtext(f"{SVG}title")] = levels[float(start)]
    order = [36, 37, 38, 39, 0, 1, 2, 3]
    told = {f"workload:w{at:02} needs workload:store": row for row, at in enumerate(order)}
    assert said == told | {"32 more needs workload:store": 8}


def test_where_nothing_is_joined_a_sentence_says_so(fleet: SmallFleet) -> None:
    site = site_of(fleet(SMALL + "  - {id: alone, environment: staging, current_host: unknown}\n"))
    for ref, what in (
        ("workload:alone", "it needs nothing, and nothing is known to need it"),
        ("machine:right", "it needs nothing, and nothing is known to need it"),
        ("machine:left", "what is on it needs nothing else, and nothing else is known to need it"),
    ):
        assert maps.neighbourhood(site, ref, site.paths[ref]) == f"<p>As things are now, {what}.</p>\n"


def picture_of(count: int, tone: str = "") -> Picture:
    nodes = tuple(Node(f"task:t{at}", "task", f"t{at}", tone=tone) for at in range(count))
    edges = tuple(Edge(one.id, other.id, "after") for one, other in pairwise(nodes))
    return Picture("tasks", "now", "Tasks", "In order.", nodes, edges)


def test_a_picture_keeps_what_ranks_lowest_and_the_first_of_equals() -> None:
    whole = picture_of(60)
    assert maps.limited(whole, lambda _: (0,)) is whole
    small = maps.limited(picture_of(100), lambda node: (int(node.id[6:]) < 50,), 40)
    assert [node.id for node in small.nodes] == [*(f"task:t{at}" for at in range(50, 90)), "more:"]
    assert (small.nodes[-1].kind, small.nodes[-1].label, small.nodes[-1].column) == (MORE, "60 more", None)
    assert len(small.edges) == 39


def test_a_large_drain_is_limited_wave_by_wave(fleet: SmallFleet) -> None:
    rows = [
        f"  - {{id: w{at:03}, environment: {'production' if at % 20 == 7 else 'staging'},"
        f" current_host: old, target_host: new, wave: {1 + at % 2}}}"
        for at in range(200)
    ]
    machines = "machine:\n  - {id: old, role: frozen}\n  - {id: new, role: production}\n"
    waves = "wave:\n  - {number: 1, name: one}\n  - {number: 2, name: two}\n"
    text = f"{machines}{waves}workload:\n" + "\n".join(rows)
    (page, *_) = import_module("regcheck.pages.drain").pages(site_of(fleet(text)))
    (drawing,) = drawings(page.text)
    named = [name for _, _, name, _ in boxes(drawing)]
    drawn = {name.split(",")[0] for name in named if ", workload" in name}
    assert len(drawn) + 2 == maps.MOST
    assert {f"w{at:03}" for at in range(7, 200, 20)} <= drawn
    assert sorted(name for name in named if "more" in name) == [
        "71 more, in the table",
        "71 more, in the table",
    ]


# --- every map of the real fleet ------------------------------------------------


def test_every_map_is_small_and_is_heard_column_by_column(real: Site) -> None:
    seen = 0
    for page in own_pages(real):
        for drawing in drawings(page.text):
            seen += 1
            found = boxes(drawing)
            assert len(found) <= maps.MOST + 5
            lefts = [left for left, *_ in found]
            back = (at for at, (one, other) in enumerate(pairwise(lefts), 1) if other < one)
            loose = next(back, len(lefts))  # what no line joins stands in rows below
            places = [(left, top) for left, top, *_ in found]
            assert places[:loose] == sorted(places[:loose]), page.path
            rows = [(top, left) for left, top in places[loose:]]
            assert rows == sorted(rows), page.path
    alone = {"machine:railiance02", "workload:llm-connect", "workload:ops-hub"}
    assert all("<figure" not in maps.neighbourhood(real, ref, real.paths[ref]) for ref in alone)
    assert seen == 4 + len(real.fleet.of("machine")) + len(real.fleet.of("workload")) - len(alone)


def test_every_id_is_there_once_and_every_link_leads_somewhere(real: Site) -> None:
    pages = list(own_pages(real))
    known = {address(path) for path in real.paths.values()} | {address(page.path) for page in pages}
    known |= {f"registers/{kind}.html" for kind in real.fleet.kinds} | {
        "workloads/index.html",
        "outages/index.html",
    }
    known |= {f"outages/{machine}.html" for machine in real.fleet.of("machine")}
    known |= {f"rules/{rule}.html" for rule in real.verdict.rules}
    for page in pages:
        parsed = Ids(page.text)
        headings = re.findall(r"^## (.*)$", page.text, re.MULTILINE)
        slugs = [re.sub(r"[\s-]+", "-", heading.lower().strip()) for heading in headings]
        ids = [*parsed.ids, *slugs]
        assert [name for name, count in Counter(ids).items() if count > 1] == []
        for link in parsed.links:
            path, _, anchor = link.partition("#")
            if path:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), path))
                assert target in known, f"{page.path} → {link}"
            else:
                assert anchor in ids, f"{page.path} → {link}"


def test_no_page_has_a_style_or_a_handler_in_its_markup(real: Site) -> None:
    for page in own_pages(real):
        assert not re.search(r"<[^>]*\s(style|on\w+)=", page.text), page.path
        assert "<style" not in page.text


SEEDED = """
import hashlib, sys
from functools import partial
from importlib import import_module
from regcheck.check import check
from regcheck.pages import Site, maps
from regcheck.trees import WorkTree
site = Site(check(WorkTree(sys.argv[1]), today="2026-07-03"))
digest = hashlib.sha256()
for name in ("topology", "drain", "tasks", "explorer"):
    for made in import_module(f"regcheck.pages.{name}").pages(site):
        digest.update(made.text.encode() if hasattr(made, "text") else made.data)
for ref in site.paths:
    digest.update(maps.neighbourhood(site, ref, site.paths[ref]).encode())
print(digest.hexdigest())
"""


def test_pages_are_the_same_under_every_hash_seed() -> None:
    said = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", SEEDED, str(HERE)]
        said.add(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout)
    assert len(said) == 1


# --- hostile text ---------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["</title></svg><script>alert(1)</script>", "]] & &amp; \\u202e", "x" * 10_000, "{{ x }} | `y`"]
)
def test_what_a_register_says_stays_text(fleet: SmallFleet, name: str) -> None:
    text = SMALL.replace("The shop", '"' + name.replace('"', "") + '"')
    site = site_of(fleet(text))
    for page in own_pages(site):
        for drawing in drawings(page.text):
            tags = {element.tag.removeprefix(SVG) for element in drawing.iter()}
            assert tags <= {"svg", "title", "desc", "rect", "g", "path", "text", "a"}
        assert "alert(1)</script>" not in page.text


# --- the layout -----------------------------------------------------------------


def crossings_after(grid: _Grid, *, rightward: bool) -> int:
    kept = [list(column) for column in grid.columns]
    grid.sweep(rightward=rightward)
    found = grid.crossings()
    grid.columns = kept
    return found


node_names = st.integers(0, 15).map(lambda number: f"n{number:02}")


@given(st.lists(st.tuples(node_names, node_names), max_size=40))
@settings(deadline=None)
def test_no_sweep_by_barycentres_would_leave_fewer_crossings(joined: list[tuple[str, str]]) -> None:
    pairs = list(dict.fromkeys(pair for pair in joined if pair[0] < pair[1]))
    names = sorted({name for pair in pairs for name in pair})
    cells: list[list[str]] = [[] for _ in range(16)]
    for name, column in columns(names, pairs).items():
        cells[column].append(name)
    grid = _Grid(cells, pairs)
    grid.order()
    fewest = grid.crossings()
    assert fewest <= min(crossings_after(grid, rightward=way) for way in (True, False))


NUMBERS = re.compile(r"-?[\d.]+")


def reached(drawing: ET.Element) -> Iterator[tuple[float, float]]:
    """The corners of each rectangle, and the points that pull at each line, which is never beyond them."""
    (inner,) = drawing.findall(f"{SVG}g[@transform]")
    left, top = (float(found) for found in NUMBERS.findall(inner.get("transform") or ""))
    for element in inner.iter():
        if element.tag == f"{SVG}rect":
            x, y, wide, tall = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
            yield from ((left + x, top + y), (left + x + wide, top + y + tall))
        elif element.tag == f"{SVG}path" and element.get("class") is None:
            said = re.sub(r"V(\S+)$", r" 0 \1", element.get("d") or "")
            found = [float(one) for one in NUMBERS.findall(said)]
            yield from ((left + x, top + y) for x, y in zip(found[::2], found[1::2], strict=True))


def test_nothing_on_a_map_of_the_real_fleet_is_cut_off(real: Site) -> None:
    lines = 0
    for page in own_pages(real):
        for drawing in drawings(page.text):
            _, _, wide, tall = map(float, (drawing.get("viewBox") or "").split())
            points = list(reached(drawing))
            lines += len(drawing.findall(f".//{SVG}g[@aria-hidden='true']"))
            assert all(0 <= x <= wide and 0 <= y <= tall for x, y in points), page.path
    assert lines > 150


def test_a_map_is_as_broad_as_it_may_be_and_still_be_read(real: Site) -> None:
    broad = 0
    for page in own_pages(real):
        for drawing in drawings(page.text):
            wide = float((drawing.get("viewBox") or "").split()[2])
            assert wide <= svg.FITTED, page.path
            assert (drawing.get("class") == "regcheck-map broad") == (wide > svg.BROAD), page.path
            broad += wide > svg.BROAD
    assert 0 < broad < len(list(own_pages(real)))


def test_what_fits_nowhere_is_scaled_as_far_as_it_can_be_read() -> None:
    drawing = ET.fromstring(svg.render(picture_of(30), within="here"))
    assert drawing.get("class") == "regcheck-map broad wide"
    wide = float((drawing.get("viewBox") or "").split()[2])
    assert drawing.get("width") == str(round(wide * svg.SCALE))
    assert NOTE * svg.SCALE >= 9


def legends(text: str) -> list[list[str]]:
    """The words of each legend of a page: they stand below what scrolls."""
    found = re.findall(r'</svg>\n</div>\n<p class="rc-keys">(.*?)</p>', text, re.DOTALL)
    return [re.findall(r"</svg> ([^<]*)</span>", one) for one in found]


def test_a_legend_says_what_every_border_means(real: Site) -> None:
    found = {page.path: legends(page.text) for page in own_pages(real)}
    assert found["drain/index.md"] == [
        ["on the longest chain", "in no wave yet", "only by the order of the numbers"]
    ]
    assert found["tasks/index.md"] == [["task", "phase", "done", "can be done now", "waits for a human"]]
    assert found["topology/now.md"][0][-3:] == ["carries production", "production", "gone or planned"]
    assert found["workloads/gitea.md"][0][-2:] == ["production", "what this page is about"]


def test_every_tone_that_a_style_sheet_knows_has_a_meaning() -> None:
    sheet = files("regcheck.pages").joinpath("assets/maps.css").read_text()
    tones = set(re.findall(r"\.rc-map \.(\w+) > \.box", sheet))
    assert tones == {*MEANING, "critical"}


def test_no_map_of_the_real_fleet_could_have_fewer_crossings(
    real: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[_Grid, bool]] = []
    order = _Grid.order

    def watched(self: _Grid, *, lists: bool = False) -> None:
        order(self, lists=lists)
        seen.append((self, lists))

    monkeypatch.setattr(_Grid, "order", watched)
    assert len([page.text for page in own_pages(real)]) > 40
    assert len(seen) > 20
    for grid, lists in seen:
        if lists:
            continue  # a wave is a list, in which the order says something
        fewest = grid.crossings()
        assert fewest <= min(crossings_after(grid, rightward=way) for way in (True, False))


def test_a_step_that_is_left_out_takes_its_column_with_it(fleet: SmallFleet) -> None:
    machines = "machine:\n  - {id: old, role: frozen}\n  - {id: new, role: production}\n"
    workloads = "".join(
        f"  - {{id: w{at}, environment: staging, current_host: old, target_host: new, wave: {at}}}\n"
        for at in (1, 2)
    )
    graph = fleet(
        f"{machines}wave:\n  - {{number: 1, name: one}}\n  - {{number: 2, name: two}}\nworkload:\n{workloads}"
    )
    small = views.drain(graph).limited_to({"workload:w2"})
    assert [(node.id, node.column) for node in small.nodes] == [("workload:w2", 0)]
    assert [step.number for step in small.steps] == [2]


# --- the style sheet ------------------------------------------------------------


def test_the_style_sheet_has_the_colours_of_every_drawing() -> None:
    sheet = files("regcheck.pages").joinpath("assets/maps.css").read_text()
    light, dark, system = re.findall(r"{([^{}]*--map-paper:[^{}]*)}", sheet)[:3]
    paper = "var(--md-default-bg-color)"  # the page's own, which is dark only where it has a scheme
    assert re.sub(r"\s", "", dark).replace(paper, SLATE) == re.sub(r"\s", "", system)
    for names in (KINDS, TONES):
        for name, (on_light, on_dark) in names.items():
            assert f"--map-{name}: {on_light};" in light
            assert name == "production" or f"--map-{name}: {on_dark};" in dark
    assert all(f".kind-{kind} > .bar" in sheet for kind in KINDS if kind != "other")


SLATE = "#1e2129"
"""The paper of Material's dark scheme."""


def luminance(colour: str) -> float:
    """How bright a colour is (WCAG 2.2, relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dim, bright = sorted(map(luminance, (one, other)))
    return (bright + 0.05) / (dim + 0.05)


def test_in_the_dark_text_and_borders_stand_out() -> None:
    sheet = files("regcheck.pages").joinpath("assets/maps.css").read_text()
    dark = re.findall(r"{([^{}]*--map-paper:[^{}]*)}", sheet)[1]
    colours = dict(re.findall(r"--map-(\w+): (#\w{6});", dark)) | {"paper": SLATE}
    grounds = [colours.pop(name) for name in ("paper", "column", "box", "focus")]
    for name in ("text", "note"):
        assert min(contrast(colours[name], ground) for ground in grounds) >= 4.5, name
    for name in ("edge", "line", *TONES, *KINDS):  # a focus has a border of its own
        assert min(contrast(colours[name], ground) for ground in grounds[:3]) >= 3, name


def test_a_drawing_on_its_own_brings_its_style_and_one_on_a_page_does_not() -> None:
    made = picture_of(3)
    alone, within = svg.render(made), svg.render(made, within="here")
    assert "<style>" in alone
    assert 'role="img"' in alone
    assert "<style>" not in within
    assert re.findall(r'id="([^"]*)"', within) == ["here-title", "here-desc"]
    assert ASSETS == "assets/regcheck"
