"""Pictures in each format: hostile text stays text, and the drawing holds together."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regcheck import drawing
from regcheck.drawing import legend, mermaid, svg
from regcheck.drawing.layout import Box, Size, layered, listed
from regcheck.drawing.picture import MORE, Edge, Group, Node, Picture, Step
from regcheck.drawing.strokes import arrowhead, path
from regcheck.drawing.text import LABEL, NOTE, cut, shared, width, wrapped

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    '"quoted" \\ back\\slash',
    "</text><script>alert(1)</script>",
    "]]> & &amp; &#60; #quot; #35;",
    "a[b](c){d}|e| `code` *bold* _it_ ~x~",
    "line\nbreak\r\n\ttab",
    "\x00\x07\x1b[31mred\x1b[0m \ud800 \ufffe",
    "\u202eright to left\u2066",
    "1. a list",
    "- a list",
    "%% a comment %%{init: {}}%%",
    "end",
    "日本語のとても長い名前がここに立っていて折り返しが必要になる",
    "x" * 400,
    "",
]


def picture(labels: list[str], view: str = "runtime", steps: tuple[Step, ...] = ()) -> Picture:
    nodes = tuple(
        Node(f"workload:n{at}", "workload", label, "g", label, "", 0) for at, label in enumerate(labels)
    )
    edges = tuple(Edge(one.id, other.id, "needs") for one, other in pairwise(nodes))
    groups = (Group("g", labels[0] if labels else ""),)
    return Picture(view, "now", "A title", "What it shows.", nodes, edges, groups, steps)


def root(text: str) -> ET.Element:
    return ET.fromstring(text)


# --- svg ----------------------------------------------------------------------


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("view", ["runtime", "tasks"])
def test_svg_is_well_formed_and_holds_no_markup_of_a_register(label: str, view: str) -> None:
    drawn = svg.render(picture([label, "other"], view), {"workload:n0": 'x"><script>'})
    tree = root(drawn)
    allowed = {"svg", "title", "desc", "style", "rect", "g", "path", "text", "a"}
    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= allowed
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", drawn)
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on")}


def test_svg_says_what_it_is() -> None:
    tree = root(svg.render(picture(["one", "two"])))
    assert (tree.get("role"), tree.get("aria-labelledby")) == (
        "img",
        "regcheck-runtime-now-title regcheck-runtime-now-desc",
    )
    assert [(child.tag.removeprefix(SVG), child.text) for child in list(tree)[:2]] == [
        ("title", "A title"),
        ("desc", "What it shows."),
    ]
    style = tree.find(f"{SVG}style")
    assert style is not None
    assert "prefers-color-scheme:dark" in (style.text or "")


@pytest.mark.parametrize("steps", [(), (Step(1, "first", ("workload:n0",)),)])
def test_svg_keeps_text_inside_its_boxes_and_boxes_inside_the_paper(steps: tuple[Step, ...]) -> None:
    drawn = root(svg.render(picture(HOSTILE, "drain" if steps else "runtime", steps=steps)))
    wide, tall = float(drawn.get("width", 0)), float(drawn.get("height", 0))
    inner = next(g for g in drawn.findall(f"{SVG}g") if "transform" in g.attrib)
    down = float(inner.get("transform", "").rstrip(")").split()[1])
    boxes = 0
    for group in inner.findall(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        if box is None:
            continue
        boxes += 1
        x, y, w, h = (float(box.get(name, 0)) for name in ("x", "y", "width", "height"))
        assert x + w + svg.MARGIN <= wide
        assert down + y + h <= tall
        for text in group.findall(f"{SVG}text"):
            size = LABEL if text.get("class") == "label" else NOTE
            assert float(text.get("x", 0)) + width(text.text or "", size) <= x + w
            assert y < float(text.get("y", 0)) < y + h
    assert boxes == len(HOSTILE)


def test_svg_links_only_what_has_an_address() -> None:
    drawn = svg.render(picture(["one", "two"]), {"workload:n0": "../workloads/one.html"})
    links = root(drawn).findall(f".//{SVG}a")
    assert [link.get("href") for link in links] == ["../workloads/one.html"]


def test_the_arrow_of_an_order_points_at_what_waits() -> None:
    for view, pointed in (("tasks", "workload:n0"), ("runtime", "workload:n1")):
        made = picture(["one", "two"], view)
        ties = svg._Drawing(made, {}).ties
        ((pair, tie),) = ties.items()
        assert tie.heads == {pointed}
        assert pair[1] == pointed


def test_a_legend_names_kinds_only_where_there_are_several() -> None:
    def said(*nodes: Node) -> list[str]:
        made = Picture("drain", "now", "", "", nodes, ())
        return [key.said for key in legend.keys(made)]

    one, other = Node("task:a", "task", "a", tone="done critical"), Node("phase:b", "phase", "b")
    assert said(one) == ["on the longest chain", "done"]
    assert said(one, other, Node("more:", MORE, "3 more")) == [
        "task",
        "phase",
        "on the longest chain",
        "done",
    ]
    assert said(other) == []


def test_a_legend_is_broken_where_the_drawing_ends() -> None:
    found = [legend.Key("box", "key", 20, "word " * 4) for _ in range(5)]
    rows = legend.rows(found, 350)
    assert [len(row) for row in rows] == [2, 2, 1]
    assert all(row[0][0] == 0 for row in rows)


# --- layout -------------------------------------------------------------------


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


node_names = st.integers(0, 11).map(lambda number: f"n{number:02}")
pairs = st.lists(st.tuples(node_names, node_names), max_size=30)


@given(pairs, st.booleans())
def test_no_two_boxes_overlap_and_every_line_joins_its_boxes(
    joined: list[tuple[str, str]],
    rightmost: bool,  # noqa: FBT001
) -> None:
    sizes = {f"n{number:02}": Size(80 + 10 * number, 30 + number) for number in range(12)}
    found = layered(sizes, joined, rightmost=rightmost)
    boxes = list(found.boxes.values())
    assert found.boxes.keys() == sizes.keys()
    assert not any(overlap(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :])
    assert all(box.x >= 0 and box.y >= -0.001 for box in boxes)
    assert all(box.x + box.width <= found.width + 0.001 for box in boxes)
    assert all(box.y + box.height <= found.height + 0.001 for box in boxes)
    for source, target in joined:
        if source == target:
            continue
        points = found.lines.get((source, target)) or found.lines[target, source][::-1]
        for (x, y), ref in ((points[0], source), (points[-1], target)):
            box = found.boxes[ref]
            assert y == pytest.approx(box.middle)
            assert x in (pytest.approx(box.x), pytest.approx(box.x + box.width))


@given(pairs)
def test_without_loops_every_line_leads_to_the_right(joined: list[tuple[str, str]]) -> None:
    forward = [(a, b) for a, b in joined if a < b]
    sizes = {f"n{number:02}": Size(80, 30) for number in range(12)}
    for rightmost in (False, True):
        found = layered(sizes, forward, rightmost=rightmost)
        assert all(found.boxes[a].x < found.boxes[b].x for a, b in forward)


def test_lists_start_at_the_top_in_their_order() -> None:
    sizes = {name: Size(80, 30) for name in "abcde"}
    found = listed([["a", "b"], [], ["c", "d", "e"]], sizes, [("b", "e"), ("a", "d")])
    assert [found.boxes[name].y for name in "abcde"] == [0, 44, 0, 44, 88]
    assert len(found.columns) == 3
    assert found.boxes["c"].x == found.columns[2][0] > found.columns[1][0] > 0


def test_neighbours_in_a_column_are_joined_straight_and_others_by_a_bow_that_fits() -> None:
    sizes = {name: Size(80, 30) for name in "abc"}
    found = listed([["a", "b", "c"]], sizes, [("a", "b"), ("c", "a")])
    assert list(found.lines["a", "b"]) == [(40, 30), (40, 44)]
    start, apex, end = found.lines["c", "a"]
    assert [start, end] == [(80, 103), (80, 15)]
    assert found.width == apex[0] > 80
    assert path(found.lines["a", "b"]) == "M40 30L40 44"
    assert re.fullmatch(r"M80 103Q[\d. ]+ 80 15", path(found.lines["c", "a"]))


def test_a_line_that_passes_a_list_runs_straight_to_where_it_arrives() -> None:
    sizes = {name: Size(80, 30) for name in "abcd"}
    found = listed([["a"], [], [], ["b", "c", "d"]], sizes, [("a", "d")])
    assert {y for _, y in found.lines["a", "d"][1:]} == {found.boxes["d"].middle}


def test_what_is_turned_goes_down() -> None:
    sizes = {name: Size(30, 80) for name in "ab"}
    found = listed([["a"], ["b"]], sizes, [("a", "b")]).turned()
    assert found.boxes["a"].y < found.boxes["b"].y
    assert path(found.lines["a", "b"], down=True) == "M40 30L40 120"
    tip = arrowhead(found.lines["a", "b"][1], found.lines["a", "b"][0], down=True)
    assert 'd="M40 120l-4 -8h8z"' in tip


@pytest.mark.parametrize(
    ("before", "tip"),
    [((0, 9), "l-8 -4v8z"), ((90, 9), "l8 -4v8z"), ((50, 0), "l-4 -8h8z"), ((50, 99), "l-4 8h8z")],
)
def test_the_tip_of_an_arrow_points_away_from_where_it_comes_from(
    before: tuple[float, float], tip: str
) -> None:
    assert f'd="M50 40{tip}"' in arrowhead((50, 40), before)


def test_crossings_are_reduced() -> None:
    sizes = {name: Size(80, 30) for name in "abcxyz"}
    found = layered(sizes, [("a", "z"), ("b", "y"), ("c", "x")])
    lefts = sorted("abc", key=lambda name: found.boxes[name].y)
    rights = sorted("xyz", key=lambda name: found.boxes[name].y)
    assert list(zip(lefts, rights, strict=True)) in (
        [("a", "z"), ("b", "y"), ("c", "x")],
        [("c", "x"), ("b", "y"), ("a", "z")],
    )


@given(st.text(max_size=80), st.sampled_from([11, 13]))
def test_text_is_cut_to_fit(text: str, size: int) -> None:
    assert width(cut(text, size, 120), size) <= 120
    rows = wrapped(text, size, 120)
    assert 1 <= len(rows) <= 2
    assert all(width(row, size) <= 120 for row in rows)
    assert wrapped(text, size, 120, 3)[:1] == rows[:1]


def test_what_is_narrow_leaves_its_room_to_what_is_wide() -> None:
    assert shared([10, 50, 60], 100) == 45
    assert shared([100, 100], 100) == 50
    assert shared([10, 20], 30) == float("inf")


def beside(columns: int, *, rows: bool = True) -> list[str]:
    """The words of boxes with long names in so many columns of a page."""
    row = (Node("sink:x", "sink", "Writeback of the consistency"),) if rows else ()
    nodes = tuple(
        Node(
            f"machine:m{at}", "machine", "A name of quite some length", column=at, items=row if at % 2 else ()
        )
        for at in range(columns)
    )
    edges = tuple(Edge(one.id, other.id, "to") for one, other in pairwise(nodes))
    drawn = root(svg.render(Picture("runtime", "now", "", "", nodes, edges), within="here"))
    return [text.text or "" for text in drawn.iter(f"{SVG}text")]


def test_boxes_are_as_wide_as_their_words_where_a_page_has_room() -> None:
    name, row = "A name of quite some length", "Writeback of the consistency"
    assert beside(3) == [name, name, row, name]
    many = beside(5)
    assert many[:2] == ["A name of quite", "some length"]  # which can be broken, as no row can
    assert [said for said in many if said.startswith("Write")] == [row, row]
    assert not any("…" in said for said in beside(5, rows=False))


# --- the other formats --------------------------------------------------------


@pytest.mark.parametrize("label", HOSTILE)
def test_mermaid_keeps_every_label_inside_its_quotes(label: str) -> None:
    lines = mermaid.render(picture([label, "other"])).splitlines()
    assert lines[0] == "flowchart LR"
    node = next(line for line in lines if line.lstrip().startswith("n0["))
    assert re.fullmatch(r' +n0\["[^"\\`<>\[\]{}|]*(<br>[^"\\`<>\[\]{}|]*)?"\]', node)
    said = node.partition('"')[2].partition("<br>")[0].rstrip('"]')
    assert not re.match(r"\d*[-+.)]", said)


def test_mermaid_says_what_it_shows_by_entities() -> None:
    assert mermaid.escape('say "hi" #1') == "say #34;hi#34; #35;1"
    assert mermaid.escape("1. first") == "1#46; first"


def test_mermaid_warns_of_what_it_does_not_draw() -> None:
    few, many = (picture([f"n{at}" for at in range(count)]) for count in (500, 502))
    assert "Mermaid draws 500" not in mermaid.render(few)
    assert "  %% 501 edges: Mermaid draws 500 unless" in mermaid.render(many)
    assert "more than 50000 characters" in mermaid.render(picture(["long " * 40] * 400))


@pytest.mark.parametrize("label", HOSTILE)
def test_graphml_reads_back(label: str) -> None:
    made = picture([label, "other"])
    read = nx.read_graphml(io.BytesIO(drawing.FORMATS["graphml"](made).encode()))
    assert set(read.nodes) == {"workload:n0", "workload:n1"}
    assert [(a, b, data["relation"]) for a, b, data in read.edges(data=True)] == [
        ("workload:n0", "workload:n1", "needs")
    ]
    if label.isprintable() and label == " ".join(label.split()) and "\u2066" not in label:
        assert read.nodes["workload:n0"].get("label", "") == label


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
@pytest.mark.parametrize("label", HOSTILE)
def test_graphviz_takes_the_dot(label: str) -> None:
    text = drawing.FORMATS["dot"](picture([label, "other"]))
    ran = subprocess.run(["dot", "-Tjson"], input=text.encode(), capture_output=True, check=True)
    assert ran.stderr == b""
    nodes = [o for o in json.loads(ran.stdout)["objects"] if o["name"].startswith("workload:")]
    assert [node["name"] for node in nodes] == ["workload:n0", "workload:n1"]


def test_dot_quotes_what_would_end_a_string() -> None:
    text = drawing.FORMATS["dot"](picture(['a "b" \\N \\']))
    assert '"workload:n0" [label="a \\"b\\" \\\\N \\\\\\na \\"b\\" \\\\N \\\\"]' in text


@pytest.mark.parametrize("label", HOSTILE)
def test_json_is_ascii_and_exact(label: str) -> None:
    text = drawing.FORMATS["json"](picture([label]))
    assert text.isascii()
    assert json.loads(text)["nodes"] == [{"id": "workload:n0", "kind": "workload", "label": label}]


@pytest.mark.parametrize("format_", sorted(drawing.FORMATS))
@pytest.mark.parametrize("view", ["drain", "tasks", "runtime"])
def test_an_empty_picture_is_no_trouble(format_: str, view: str) -> None:
    assert drawing.FORMATS[format_](Picture(view, "now", "Nothing", "Nothing.", (), ()))


def test_a_picture_is_limited_to_some_entries() -> None:
    made = picture(["one", "two", "three"], steps=(Step(1, "x", ("workload:n0",)), Step(2, "y", ())))
    limited = made.limited_to({"workload:n1", "workload:n2"})
    assert [node.id for node in limited.nodes] == ["workload:n1", "workload:n2"]
    assert [(edge.source, edge.target) for edge in limited.edges] == [("workload:n1", "workload:n2")]
    assert limited.steps == ()
