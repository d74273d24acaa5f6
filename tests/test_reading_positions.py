"""Line, column and end of every field, in the three shapes, whatever the line ends are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from regcheck.model import Entry, Fleet, Position
from regcheck.reading import read_fleet
from regcheck.settings import Settings
from regcheck.trees import WorkTree

TABLE = """\
---
register: sink
title: Where the logs go
---


# Sinks

Some words | before the table.

| Sink | Name | Current host | Owner | Critical | Notes |
| --- | :---: | --- | ---: | --- | --- |
| logs | **Hub logs** | `railiance01` | T04, [T05](tasks.md) | ✓ | kept \\| for ever |
| metrics |  Metrics  | railiance02<br>`railiance01` | — | no | a `b` c |
"""

LIST = """\
register: sink
title: Where the logs go
entries:
  - id: logs
    name: "Hub logs"
    current_host: railiance01
    owner: [T04, 'T05']
    critical: yes
    notes: >-
      kept
      for ever
  - {id: metrics, name: 'Metrics', current_host: [railiance02, railiance01], critical: no}
"""

DOCUMENT = """\
---
entry: sink
id: logs
name: Hub logs
current_host:
  - railiance01
owner:
  - T04
  - T05
critical: true
---

logs Hub logs railiance01
"""

SHAPES = {"sinks.md": TABLE, "sinks.yaml": LIST, "logs.md": DOCUMENT}

# What stands at each field of the first entry, and which of its occurrences that is.
FIELDS: dict[str, list[tuple[str, int | None, str, int]]] = {
    "sinks.md": [
        ("id", None, "logs", 1),
        ("name", None, "Hub logs", 0),
        ("current_host", None, "railiance01", 0),
        ("current_host", 0, "railiance01", 0),
        ("owner", None, "T04, [T05](tasks.md)", 0),
        ("owner", 0, "T04", 0),
        ("owner", 1, "T05", 0),
        ("critical", None, "✓", 0),
        ("notes", None, "kept \\| for ever", 0),
    ],
    "sinks.yaml": [
        ("id", None, "logs", 1),
        ("name", None, "Hub logs", 0),
        ("current_host", None, "railiance01", 0),
        ("owner", None, "[T04, 'T05']", 0),
        ("owner", 0, "T04", 0),
        ("owner", 1, "T05", 0),
        ("critical", None, "yes", 0),
        ("notes", None, "kept\n      for ever", 0),
    ],
    "logs.md": [
        ("id", None, "logs", 0),
        ("name", None, "Hub logs", 0),
        ("current_host", None, "railiance01", 0),
        ("current_host", 0, "railiance01", 0),
        ("owner", None, "- T04\n  - T05", 0),
        ("owner", 0, "T04", 0),
        ("owner", 1, "T05", 0),
        ("critical", None, "true", 0),
    ],
}

KEYS = {
    "sinks.md": {"id": "Sink", "current_host": "Current host", "notes": "Notes"},
    "sinks.yaml": {"id": "id", "current_host": "current_host", "notes": "notes"},
    "logs.md": {"id": "id", "current_host": "current_host", "critical": "critical"},
}


def fleet_of(root: Path, files: dict[str, str | bytes]) -> Fleet:
    for name, text in files.items():
        path = root / "registers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_fleet(WorkTree(str(root)), Settings())


def entry_of(root: Path, name: str, text: str, ref: str) -> Entry:
    entry = fleet_of(root, {name: text}).get(ref)
    assert entry is not None
    return entry


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Counted by hand: one line more for each line end before the offset."""
    before = text[:offset]
    lines = re.split(r"\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1


def where(name: str, text: str, words: str, occurrence: int = 0) -> Position:
    at = -1
    for _ in range(occurrence + 1):
        at = text.index(words, at + 1)
    start, end = line_and_column(text, at), line_and_column(text, at + len(words))
    return Position(f"registers/{name}", *start, *end)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "BOM"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_field_has_its_place(tmp_path: Path, shape: str, mark: str, ending: str) -> None:
    text = SHAPES[shape].replace("\n", ending)
    entry = entry_of(tmp_path, shape, mark + text, "sink:logs")
    for name, index, words, occurrence in FIELDS[shape]:
        expected = where(shape, text, words.replace("\n", ending), occurrence)
        assert (name, index, entry.at(name, index)) == (name, index, expected)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_key_has_its_place(tmp_path: Path, shape: str, ending: str) -> None:
    text = SHAPES[shape].replace("\n", ending)
    entry = entry_of(tmp_path, shape, text, "sink:logs")
    heading = "| Sink" if shape == "sinks.md" else None
    for name, words in KEYS[shape].items():
        first = text.index(heading) if heading else 0
        first = text.index("- id") if shape == "sinks.yaml" else first
        start = text.index(words, first)
        expected = (*line_and_column(text, start), *line_and_column(text, start + len(words)))
        assert (name, entry.at_key(name)[1:]) == (name, expected)


def test_columns_are_counted_in_characters(tmp_path: Path) -> None:
    table = (
        "---\nregister: sink\n---\n| Sink | Name | Current host |\n| - | - | - |\n| a | Zürich 🚀 東 | x |\n"
    )
    assert entry_of(tmp_path, "a.md", table, "sink:a").at("current_host")[1:] == (6, 20, 6, 21)
    listed = "register: sink\nentries:\n  - {id: b, name: Zürich 🚀 東, current_host: x}\n"
    assert entry_of(tmp_path, "b.yaml", listed, "sink:b").at("current_host")[1:] == (3, 45, 3, 46)


def test_the_second_entry_of_a_table(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, "sinks.md", TABLE, "sink:metrics")
    assert entry.position == where("sinks.md", TABLE, "metrics")
    assert entry.at("name") == where("sinks.md", TABLE, "Metrics")
    assert entry.at("current_host") == where("sinks.md", TABLE, "railiance02<br>`railiance01`")
    assert entry.at("current_host", 0) == where("sinks.md", TABLE, "railiance02")
    assert entry.at("current_host", 1) == where("sinks.md", TABLE, "railiance01", 1)
    assert entry.at("current_host", "machine:railiance01") == where("sinks.md", TABLE, "railiance01", 1)
    assert entry.at("critical") == where("sinks.md", TABLE, "no")
    assert entry.at("notes") == where("sinks.md", TABLE, "a `b` c")


def test_the_second_entry_of_a_list(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, "sinks.yaml", LIST, "sink:metrics")
    assert entry.position == where("sinks.yaml", LIST, "metrics")
    assert entry.at("name") == where("sinks.yaml", LIST, "Metrics")
    assert entry.at("current_host") == where("sinks.yaml", LIST, "[railiance02, railiance01]")
    assert entry.at("current_host", 1) == where("sinks.yaml", LIST, "railiance01", 1)


def test_a_field_that_is_not_written_stands_where_the_entry_does(tmp_path: Path) -> None:
    for name, text in SHAPES.items():
        entry = entry_of(tmp_path / name, name, text, "sink:logs")
        assert entry.at("target_host") == entry.position


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.md",
            "---\nregister: sink\n---\n| Id | Name | Current host |\n| - | - | - |\n| — | Hub logs | n/a |\n",
        ),
        ("a.yaml", "register: sink\nentries:\n  - id: ~\n    name: Hub logs\n    current_host: n/a\n"),
        ("a.md", "---\nentry: sink\nid:\nname: Hub logs\ncurrent_host: ''\n---\n"),
    ],
    ids=["table", "list", "document"],
)
def test_an_absent_value_has_no_place(tmp_path: Path, name: str, text: str) -> None:
    entry = entry_of(tmp_path, name, text, "sink:hub-logs")
    assert entry.position == where(name, text, "Hub logs")
    assert entry.at("current_host") == entry.position
    assert "current_host" not in entry.values


def test_an_absent_item_does_not_shift_the_places_of_the_others(tmp_path: Path) -> None:
    listed = "register: sink\nentries:\n  - id: logs\n    owner: [~, T04, '', T05]\n"
    entry = entry_of(tmp_path, "a.yaml", listed, "sink:logs")
    assert entry.list("owner") == ["T04", "T05"]
    assert entry.at("owner", 1) == where("a.yaml", listed, "T05")
    table = "---\nregister: sink\n---\n| Sink | Owner |\n| - | - |\n| logs2 | —, T04, , `T05` |\n"
    entry = entry_of(tmp_path, "b.md", table, "sink:logs2")
    assert entry.list("owner") == ["T04", "T05"]
    assert entry.at("owner", 1) == where("b.md", table, "T05")


def test_the_defaults_of_a_register_have_their_own_place(tmp_path: Path) -> None:
    head = "register: sink\ndefaults:\n  current_host: railiance01\n  critical: no\n"
    files: dict[str, str | bytes] = {
        "a.yaml": head + "entries:\n  - id: logs\n    current_host: ~\n  - {id: audit, current_host: here}\n",
        "b.md": f"---\n{head}---\n| Sink | Current host |\n| - | - |\n| traces | — |\n| dumps | there |\n",
    }
    fleet = fleet_of(tmp_path, files)
    for name, without, other, own in [
        ("a.yaml", "logs", "audit", "here"),
        ("b.md", "traces", "dumps", "there"),
    ]:
        text = str(files[name])
        entry = fleet.of("sink")[without]
        assert entry.list("current_host") == ["railiance01"]
        assert entry.at("current_host") == where(name, text, "railiance01")
        assert entry.at("critical") == where(name, text, "no")
        assert fleet.of("sink")[other].at("current_host") == where(name, text, own)


def test_what_is_wrong_in_the_defaults_is_said_once(tmp_path: Path) -> None:
    head = "register: sink\ndefaults:\n  current_host: nowhere\n  critical: maybe\nentries:\n"
    fleet = fleet_of(tmp_path, {"a.yaml": head + "  - {id: logs}\n  - {id: audit}\n  - {id: dumps}\n"})
    assert [(p.rule, p.position[1:], p.entry) for p in fleet.problems] == [
        ("unknown-reference", (3, 17, 3, 24), "sink:logs"),
        ("schema", (4, 13, 4, 18), "sink:logs"),
    ]


def test_an_alias_is_placed_where_it_is_used_and_a_merged_key_where_it_is_written(tmp_path: Path) -> None:
    text = (
        "register: sink\n"
        "entries:\n"
        "  - &logs\n"
        "    id: logs\n"
        "    current_host: &home railiance01\n"
        "    owner: &owners [T04, T05]\n"
        "  - <<: *logs\n"
        "    id: audit\n"
        "    target_host: *home\n"
        "  - id: dumps\n"
        "    owner: *owners\n"
    )
    fleet = fleet_of(tmp_path, {"a.yaml": text})
    logs, audit, dumps = fleet.of("sink").values()
    assert [problem.message for problem in fleet.problems if problem.rule == "duplicate-key"] == []
    assert logs.at("current_host") == where("a.yaml", text, "railiance01")
    assert logs.at("owner") == where("a.yaml", text, "[T04, T05]")
    assert audit.get("owner") == ["T04", "T05"]
    assert audit.position == where("a.yaml", text, "audit")
    assert audit.at("target_host") == where("a.yaml", text, "*home")
    assert audit.at("current_host").line == 5
    assert dumps.at("owner") == where("a.yaml", text, "*owners")
    assert dumps.at("owner", 1) == where("a.yaml", text, "T05")


def test_a_place_across_lines_ends_on_its_last_one(tmp_path: Path) -> None:
    text = 'register: sink\nentries:\n  - id: logs\n    notes: "one\n      two"\n    name: a\n      b\n'
    entry = entry_of(tmp_path, "a.yaml", text, "sink:logs")
    assert entry.at("notes")[1:] == (4, 13, 5, 10)
    assert (entry.get("notes"), entry.get("name")) == ("one two", "a b")
    assert entry.at("name")[1:] == (6, 11, 7, 8)


@pytest.mark.parametrize("block", ["|", ">", "|-", ">+", "|2", "| # why"])
def test_a_block_scalar_is_placed_at_its_words(tmp_path: Path, block: str) -> None:
    text = f"register: sink\nentries:\n  - id: logs\n    notes: {block}\n\n"
    text += "      one\n       two\n\n    name: Logs\n"
    entry = entry_of(tmp_path, "a.yaml", text, "sink:logs")
    assert entry.at("notes")[1:] == (6, 7, 7, 11)
    assert entry.at("name")[1:] == (9, 11, 9, 15)


def test_findings_after_a_left_out_conflict_keep_their_lines(tmp_path: Path) -> None:
    text = (
        "---\nregister: sink\n---\n| Sink | Role |\n| - | - |\n<<<<<<< ours\n| logs | a |\n"
        "=======\n| dump | b |\n| more | b |\n>>>>>>> theirs\n| audit | c |\n"
    )
    fleet = fleet_of(tmp_path, {"a.md": text})
    assert [(p.rule, p.position[1:]) for p in fleet.problems] == [
        ("merge-conflict", (6, 1, 6, 13)),
        ("unknown-property", (4, 10, 4, 14)),
    ]
    places: dict[str, Any] = {entry.id: entry.position[1:] for entry in fleet}
    assert places == {"logs": (7, 3, 7, 7), "audit": (12, 3, 12, 8)}
    source = fleet.source("registers/a.md")
    assert source is not None
    assert [source.line(number) for number in (6, 9, 12, 13, 99)] == [
        "<<<<<<< ours",
        "| dump | b |",
        "| audit | c |",
        "",
        "",
    ]
