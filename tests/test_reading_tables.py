"""What is a table, what hides one, and what its cells say."""

from __future__ import annotations

from pathlib import Path

import pytest

from regcheck.model import Fleet
from regcheck.reading import inline, read_fleet, tables
from regcheck.settings import Settings
from regcheck.trees import WorkTree

HEAD = "---\nregister: sink\n---\n"
TABLE = "| Sink | Notes |\n| --- | --- |\n| logs | kept |\n"


def fleet_of(root: Path, text: str, name: str = "sinks.md") -> Fleet:
    path = root / "registers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return read_fleet(WorkTree(str(root)), Settings())


def found(root: Path, text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(problem.rule, problem.position[1:]) for problem in fleet_of(root, text).problems]


def notes(root: Path, text: str) -> dict[str, object]:
    fleet = fleet_of(root, text)
    assert fleet.problems == []
    return {entry.id: entry.get("notes") for entry in fleet}


# --- what hides a table ------------------------------------------------------------


@pytest.mark.parametrize(
    "hiding",
    [
        "```\n{}```\n",
        "~~~ text\n{}~~~\n",
        "````\n```\n{}````\n",
        "   ```markdown\n{}   ```\n",
        "<!--\n{}-->\n",
        "<!-- was\n{} -->\n",
        "<pre>\n{}</pre>\n",
        '<script type="x">\n{}</script>\n',
        "```\n{}",
    ],
)
def test_a_table_in_code_or_a_comment_is_none(tmp_path: Path, hiding: str) -> None:
    hidden = hiding.format(TABLE.replace("logs", "hidden"))
    assert notes(tmp_path, HEAD + TABLE + "\n" + hidden) == {"logs": "kept"}


@pytest.mark.parametrize(
    "before", ["`` ``` ``\n\n", "``` a ``` b\n\n", "<!-- one line -->\n", "<pre>x</pre>\n", "~~\n"]
)
def test_a_table_after_what_only_looks_like_code_is_one(tmp_path: Path, before: str) -> None:
    assert notes(tmp_path, HEAD + before + TABLE) == {"logs": "kept"}


def test_indented_code_is_no_table(tmp_path: Path) -> None:
    assert notes(tmp_path, HEAD + TABLE + "\ntext\n\n    | Sink |\n    | --- |\n    | hidden |\n") == {
        "logs": "kept"
    }


@pytest.mark.parametrize(
    "after", ["# Heading | with a pipe", "> quoted", "- item", "1. item", "***", "```", "<div>", "\n", "  \t"]
)
def test_what_ends_a_table(tmp_path: Path, after: str) -> None:
    assert notes(tmp_path, f"{HEAD}{TABLE}{after}\n") == {"logs": "kept"}


def test_a_row_needs_no_pipe(tmp_path: Path) -> None:
    assert found(tmp_path, HEAD + TABLE + "metrics\n") == [("malformed-table", (7, 1, 7, 8))]
    assert list(fleet_of(tmp_path, HEAD + TABLE + "metrics\n").of("sink")) == ["logs", "metrics"]


@pytest.mark.parametrize(
    "delimiter",
    ["| --- | --- |", "--- | ---", "|:--|--:|", "| :-: | - |", "   | --- | --- |  ", "|---|---", ":-:|:-:"],
)
def test_alignment_rows(tmp_path: Path, delimiter: str) -> None:
    assert notes(tmp_path, f"{HEAD}| Sink | Notes |\n{delimiter}\n| logs | kept |\n") == {"logs": "kept"}


@pytest.mark.parametrize("line", ["Sinks | and pipes\n---\n", "Sinks | and pipes\n===\n", "Sinks\n---\n"])
def test_a_heading_over_dashes_is_no_table(tmp_path: Path, line: str) -> None:
    assert notes(tmp_path, HEAD + line + "\n" + TABLE) == {"logs": "kept"}


def test_the_header_may_follow_prose_directly(tmp_path: Path) -> None:
    assert notes(tmp_path, HEAD + "These are the sinks:\n" + TABLE) == {"logs": "kept"}


def test_without_outer_pipes(tmp_path: Path) -> None:
    text = HEAD + "Sink | Notes\n--- | ---\nlogs | kept\nmetrics | —\n"
    fleet = fleet_of(tmp_path, text)
    assert fleet.problems == []
    assert {e.id: e.get("notes") for e in fleet} == {"logs": "kept", "metrics": None}
    assert fleet.of("sink")["logs"].at("notes")[1:] == (6, 8, 6, 12)


def test_one_column(tmp_path: Path) -> None:
    assert notes(tmp_path, HEAD + "| Sink |\n| --- |\n| logs |\n") == {"logs": None}


# --- rows -------------------------------------------------------------------------------


def test_rows_with_too_few_and_too_many_cells_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    text = (
        HEAD
        + "| Sink | Name | Notes |\n| - | - | - |\n| logs | Logs |\n| dump | Dump | kept | for | ever |\n"
    )
    fleet = fleet_of(tmp_path, text)
    assert [(p.rule, p.position[1:], p.message) for p in fleet.problems] == [
        ("malformed-table", (6, 1, 6, 16), "this row has 2 cells, its header 3"),
        ("malformed-table", (7, 1, 7, 36), "this row has 5 cells, its header 3"),
    ]
    logs, dump = fleet.of("sink").values()
    assert (logs.get("name"), logs.get("notes")) == ("Logs", None)
    assert (dump.get("name"), dump.get("notes")) == ("Dump", "kept")


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("`code`", "code"),
        ("`` a`b ``", "a`b"),
        ("`a \\| b`", "a | b"),
        ("a \\| b", "a | b"),
        ("a \\\\", "a \\"),
        ("**bold** and *slanted*", "bold and slanted"),
        ("__bold__ and _slanted_", "bold and slanted"),
        ("***both***", "both"),
        ("~~struck~~", "struck"),
        ("[link](https://example.org/a_(b) 'title')", "link"),
        ("[**link**](<a b>) and [`code`](#x)", "link and code"),
        ("![image](i.png)", "image"),
        ("[![image](i.png)](there)", "image"),
        ("<https://example.org/a,b>", "https://example.org/a,b"),
        ("<ops@example.org>", "ops@example.org"),
        ("R&amp;D &lt; &#65;", "R&D < A"),
        ("a<br>b<BR />c", "a b c"),
        ("\\*kept\\*", "*kept*"),
        ("snake_case_name", "snake_case_name"),
        ("*.example.org", "*.example.org"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("~/.config and ~/x", "~/.config and ~/x"),
        ("a [b] (c)", "a [b] (c)"),
        ("https://example.org/?a=1&copy=2", "https://example.org/?a=1&copy=2"),
        ("C:\\srv", "C:\\srv"),
        ("<b>tag</b>", "<b>tag</b>"),
        ("` `", " "),
        ("`unclosed", "`unclosed"),
        ("**unclosed", "**unclosed"),
    ],
)
def test_cells_lose_their_dressing_and_keep_their_text(cell: str, says: str) -> None:
    assert inline.plain(cell) == says


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("a, b", ["a", "b"]),
        ("a<br>b<br/>c<BR />d", ["a", "b", "c", "d"]),
        ("`a,b`, c", ["`a,b`", "c"]),
        ("[a, b](c), d", ["[a, b](c)", "d"]),
        ("<https://x.org/a,b>, c", ["<https://x.org/a,b>", "c"]),
        ("a\\, b, c", ["a\\, b", "c"]),
        ("a,, b,", ["a", "b"]),
        ("`a<br>b`", ["a", "b"]),
    ],
)
def test_the_items_of_a_list_cell(cell: str, items: list[str]) -> None:
    line = f"| {cell} |"
    read = tables.items(tables.cells(line, 0, len(line))[0])
    assert [item.text for item in read] == items
    assert [line[item.start : item.end] for item in read] == items


@pytest.mark.parametrize("absent", ["", "-", "—", "n/a", "N/A", "`-`", "**—**"])
def test_absent_cells(tmp_path: Path, absent: str) -> None:
    assert notes(tmp_path, f"{HEAD}| Sink | Notes |\n| - | - |\n| logs | {absent} |\n") == {"logs": None}


@pytest.mark.parametrize(
    ("written", "value"),
    [("yes", True), ("Yes", True), ("TRUE", True), ("✓", True), ("no", False), ("✗", False), ("`no`", False)],
)
def test_yes_and_no(tmp_path: Path, written: str, value: bool) -> None:  # noqa: FBT001
    fleet = fleet_of(tmp_path, f"{HEAD}| Sink | Critical |\n| - | - |\n| logs | {written} |\n")
    assert fleet.problems == []
    assert fleet.of("sink")["logs"].get("critical") is value


# --- which tables are registers -----------------------------------------------------------


def test_a_marker_makes_the_next_table_a_register_and_leaves_the_others_alone(tmp_path: Path) -> None:
    text = (
        "# A long document\n\n| Sink | Notes |\n| - | - |\n| no | x |\n\n"
        "<!-- regcheck: register=sink -->\n\n| Sink | Notes |\n| - | - |\n| logs | kept |\n"
        "<!--regcheck:register=machine-->\n| Machine | Role |\n| - | - |\n| new1 | production |\n\n"
        "| Machine | Colour |\n| - | - |\n| no | red |\n"
    )
    fleet = fleet_of(tmp_path, text)
    assert fleet.problems == []
    assert [entry.ref for entry in fleet] == ["sink:logs", "machine:new1"]
    assert [str(register.position) for register in fleet.registers] == [
        "registers/sinks.md:7:25",
        "registers/sinks.md:12:23",
    ]


def test_a_marker_below_an_entry_of_its_own(tmp_path: Path) -> None:
    text = "---\nentry: sink\nid: dumps\n---\n| no | register |\n| - | - |\n| x | y |\n\n"
    fleet = fleet_of(tmp_path, text + "<!-- regcheck: register=sink -->\n" + TABLE)
    assert fleet.problems == []
    assert [entry.ref for entry in fleet] == ["sink:dumps", "sink:logs"]


def test_a_marker_names_another_kind_than_the_front_matter(tmp_path: Path) -> None:
    text = (
        HEAD
        + TABLE
        + "\n<!-- regcheck: register=machine -->\n| Machine | Role |\n| - | - |\n| new1 | production |\n"
    )
    fleet = fleet_of(tmp_path, text)
    assert fleet.problems == []
    assert [entry.ref for entry in fleet] == ["sink:logs", "machine:new1"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("<!-- regcheck: register=sink -->\n", [("malformed-table", (1, 25, 1, 29))]),
        (
            "<!-- regcheck: register=sink -->\n\nprose\n\n| A | B |\n| - | - |\n",
            [("malformed-table", (1, 25, 1, 29))],
        ),
        ("<!-- regcheck: register= -->\n| A |\n| - |\n| x |\n", [("unknown-kind", (1, 1, 1, 29))]),
        ("<!-- regcheck register=sink -->\n| A |\n| - |\n| x |\n", [("unknown-kind", (1, 1, 1, 32))]),
        ("<!-- regcheck: register=snk -->\n| A |\n| - |\n| x |\n", [("unknown-kind", (1, 25, 1, 28))]),
        ("```\n<!-- regcheck: register=snk -->\n```\n", []),
    ],
)
def test_markers_that_go_wrong(tmp_path: Path, text: str, problems: list[object]) -> None:
    assert found(tmp_path, text) == problems


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        (
            "<!-- regcheck: register=task",
            "the comment `<!-- regcheck: register=task` is not closed on its line (`-->`)",
        ),
        (
            "<!-- regcheck: register=task\n-->",
            "the comment `<!-- regcheck: register=task` is not closed on its line (`-->`)",
        ),
        ("<!-- regcheck: task -->", "the comment `<!-- regcheck: task -->` does not say what it registers"),
    ],
)
def test_what_is_said_of_a_marker_that_names_no_kind(tmp_path: Path, comment: str, message: str) -> None:
    fleet = fleet_of(tmp_path, f"{comment}\n\n{TABLE}")
    assert [problem.message for problem in fleet.problems] == [message]


def test_every_table_of_a_register_is_one(tmp_path: Path) -> None:
    text = HEAD + TABLE + "\n## More\n\n" + TABLE.replace("logs", "metrics")
    assert notes(tmp_path, text) == {"logs": "kept", "metrics": "kept"}


@pytest.mark.parametrize(
    "prose",
    [
        "",
        "# Only prose\n",
        "---\n\na rule above: and below\n\n---\n\n| Sink |\n| - |\n| x |\n",
        "---\ntitle: A page\nhide: [toc]\n---\n| Sink |\n| - |\n| x |\n",
        "***\nregister: sink\n***\n",
    ],
)
def test_markdown_that_names_no_register_is_prose(tmp_path: Path, prose: str) -> None:
    fleet = fleet_of(tmp_path, prose)
    assert (fleet.registers, fleet.problems) == ([], [])
