"""What YAML means in a register: YAML 1.2, one document, bounded, every defect at its place."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from regcheck.model import Entry, Fleet, Source
from regcheck.reading import read_fleet
from regcheck.reading.values import untyped
from regcheck.reading.yaml_nodes import parse
from regcheck.settings import Settings
from regcheck.trees import WorkTree

SINK = "register: sink\nentries:\n  - id: logs\n    "


def fleet_of(root: Path, text: str | bytes, name: str = "a.yaml") -> Fleet:
    path = root / "registers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_fleet(WorkTree(str(root)), Settings())


def only(fleet: Fleet) -> Entry:
    (entry,) = fleet
    return entry


def defects(text: str) -> list[tuple[str, tuple[int, ...], str]]:
    _, problems = parse(Source("a.yaml", text))
    return [(problem.rule, problem.position[1:], problem.message) for problem in problems]


def value(text: str) -> Any:
    node, problems = parse(Source("a.yaml", text))
    assert problems == []
    assert node is not None
    return untyped(node)


# --- what a scalar means --------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("y", "y"),
        ("true", True),
        ("FALSE", False),
        ("1.10", 1.1),
        ("010", 10),
        ("0o14", "0o14"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2026-07-03", "2026-07-03"),
        ("~", None),
        ("null", None),
        (".inf", ".inf"),
        ("1e3", 1000.0),
        ("'5'", "5"),
        ('"true"', "true"),
        ("!!str 5", "5"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_without_a_schema_a_scalar_is_what_yaml_1_2_says(written: str, means: object) -> None:
    assert value(f"key: {written}") == {"key": means}


@pytest.mark.parametrize(
    "word", ["no", "on", "off", "y", "true", "1.10", "010", "2026-07-03", "0x1F", "1e3", "null-ish"]
)
def test_what_the_schema_wants_as_text_stays_as_written(tmp_path: Path, word: str) -> None:
    entry = only(fleet_of(tmp_path, f"{SINK}notes: {word}\n    name: {word}\n"))
    assert (entry.get("notes"), entry.get("name")) == (word, word)


def test_ids_that_look_like_numbers_are_texts(tmp_path: Path) -> None:
    fleet = fleet_of(
        tmp_path, "register: sink\nentries:\n  - id: 1.10\n  - id: 007\n  - id: no\n  - {id: 2026-07-03}\n"
    )
    assert fleet.problems == []
    assert list(fleet.of("sink")) == ["1.10", "007", "no", "2026-07-03"]


@pytest.mark.parametrize(
    ("written", "means"),
    [("yes", True), ("No", False), ("true", True), ("'yes'", True), ("✓", True), ("on", "on"), ("1", "1")],
)
def test_where_the_schema_wants_a_boolean(tmp_path: Path, written: str, means: object) -> None:
    fleet = fleet_of(tmp_path, f"{SINK}critical: {written}\n")
    assert only(fleet).get("critical") == means
    assert [problem.rule for problem in fleet.problems] == ([] if isinstance(means, bool) else ["schema"])


def test_numbers_and_dates_follow_the_schema(tmp_path: Path) -> None:
    text = (
        "register: source\nas_of: 2026-07-01\nmax_age: 30\nentries:\n"
        "  - {id: a, title: 1.10, as_of: 2026-07-03, max_age: 14}\n"
        "  - {id: b, title: on, as_of: 2026-7-3, max_age: '14'}\n"
    )
    fleet = fleet_of(tmp_path, text)
    first, second = fleet
    assert (first.get("title"), first.get("as_of"), first.get("max_age")) == ("1.10", "2026-07-03", 14)
    assert [(p.position[1:], p.message) for p in fleet.problems] == [
        ((6, 31, 6, 39), "`as_of`: `2026-7-3` is not a date (YYYY-MM-DD)"),
        ((6, 51, 6, 53), "`max_age`: `14` is not a whole number"),
    ]
    assert second.get("title") == "on"
    assert (fleet.registers[0].as_of, fleet.registers[0].max_age) == ("2026-07-01", 30)


@pytest.mark.parametrize("day", ["2024-W01-1", "20240101", "2024-02-30", "２０２４-01-01", "2024-01-01T"])
def test_as_of_is_a_day_of_the_calendar(tmp_path: Path, day: str) -> None:
    fleet = fleet_of(tmp_path, f"register: sink\nas_of: {day}\nentries: [{{id: logs}}]\n")
    assert [p.message for p in fleet.problems] == [f"`{day}` is not a date (YYYY-MM-DD)"]


def test_an_id_is_no_longer_than_200_characters(tmp_path: Path) -> None:
    fleet = fleet_of(tmp_path, f"register: sink\nentries: [{{id: {'a' * 200}}}, {{id: {'b' * 201}}}]\n")
    assert [(p.rule, p.message) for p in fleet.problems] == [
        ("schema", f"`id`: `{'b' * 57}…` is too long: at most 200")
    ]


@pytest.mark.parametrize("days", ["soon", "-1", "1.5", "²", "9999999", "[30]", "1e3"])
def test_max_age_is_a_number_of_days(tmp_path: Path, days: str) -> None:
    fleet = fleet_of(tmp_path, f"register: sink\nmax_age: {days}\nentries: [{{id: logs}}]\n")
    assert [(p.rule, p.position[1:3]) for p in fleet.problems] == [("schema", (2, 10))]


def test_what_a_register_says_of_itself_may_be_absent(tmp_path: Path) -> None:
    fleet = fleet_of(tmp_path, "register: sink\ntitle:\nas_of: ~\nmax_age: n/a\nentries: [{id: logs}]\n")
    assert fleet.problems == []
    assert fleet.registers[0][5:] == (None, None, None, None, None)


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\x85", "\u00a0", "\u3000", "\ufeff", "\ue000"])
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_separators_of_other_scripts_are_characters_like_others(
    tmp_path: Path, char: str, quote: str
) -> None:
    text = f"{SINK}notes: {quote}one{char}two: x{quote}\n    name: Logs\n".replace("two: x", "two")
    entry = only(fleet_of(tmp_path, text))
    assert entry.get("notes") == f"one{char}two"
    assert entry.at("name")[1:] == (5, 11, 5, 15)
    start = 12 + len(quote)
    assert entry.at("notes")[1:] == (4, start, 4, start + 7)


def test_a_line_separator_does_not_start_a_line(tmp_path: Path) -> None:
    table = "---\nregister: sink\n---\n| Sink | Notes |\n| - | - |\n| logs | a\u2028b\x85c |\n"
    entry = only(fleet_of(tmp_path, table, "a.md"))
    assert entry.get("notes") == "a\u2028b\x85c"
    assert entry.at("notes")[1:] == (6, 10, 6, 15)


# --- anchors, aliases, merge keys ----------------------------------------------------------


def test_merge_keys_give_way_to_what_is_written() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {y: 3, <<: [*a, *b]}\n"
    text += "d: {<<: *a, y: 4}\ne: {<<: {<<: *a, y: 5}, z: 6}\n"
    assert value(text)["c"] == {"y": 3, "x": 1, "z": 2}
    assert value(text)["d"] == {"x": 1, "y": 4}
    assert value(text)["e"] == {"x": 1, "y": 5, "z": 6}


def test_a_key_after_a_merge_of_something_inside_the_same_mapping_is_no_duplicate() -> None:
    assert value("a: {k: &k {v: 1}, <<: *k, v: 2}")["a"]["v"] == 2
    assert defects("a: {k: &k {v: 1}, <<: *k, v: 2, v: 3}")[0][:2] == ("duplicate-key", (1, 33, 1, 34))


def test_a_quoted_merge_key_is_a_key() -> None:
    assert value("a: {<<: [], x: 1}") == {"a": {"x": 1}}
    assert value('a: &a {x: 1}\nb: {"<<": *a}') == {"a": {"x": 1}, "b": {"<<": {"x": 1}}}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: {<<: 5}", (1, 9, 1, 10)),
        ("a: &a {x: 1}\nb: {<<: [*a, 5]}", (2, 14, 2, 15)),
        ("a: &a {x: 1}\nb: {<<: [[*a]]}", (2, 10, 2, 14)),
        ("a: &a 5\nb:\n  <<: *a\n", (3, 7, 3, 9)),
        ("a:\n  <<: |\n    five\n", (3, 5, 3, 9)),
    ],
)
def test_a_merge_key_takes_mappings_alone(text: str, place: tuple[int, ...]) -> None:
    assert defects(text) == [("yaml-syntax", place, "`<<` takes a mapping, or a list of mappings")]


def test_an_empty_merge_key_is_none() -> None:
    assert [found[::2] for found in defects("a:\n  <<:\n  x: 1\n")] == [
        ("yaml-syntax", "`<<` takes a mapping, or a list of mappings")
    ]


@pytest.mark.parametrize("written", ["[task]", "{a: b}", "[a, {b: [1, true, null]}]", "[]", "{}"])
def test_what_is_no_kind_is_shown_as_yaml(tmp_path: Path, written: str) -> None:
    fleet = fleet_of(tmp_path, f"register: {written}\nentries: []\n")
    assert [p.message for p in fleet.problems] == [f"there is no kind `{written}`"]


@pytest.mark.parametrize("written", ["[a, b]", "[{a: true}, null]", "true", "[[1, 2.5]]"])
def test_what_is_no_entry_is_shown_as_yaml(tmp_path: Path, written: str) -> None:
    fleet = fleet_of(tmp_path, f"register: sink\nentries:\n  - {written}\n")
    assert fleet.problems[0].message == f"an entry of the kind `sink` is a mapping, not `{written}`"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: *nowhere", (1, 4, 1, 12), "the alias *nowhere has no anchor &nowhere before it"),
        ("a: &a [*a]", (1, 8, 1, 10), "the alias *a stands inside its own anchor, so it has no end"),
        (
            "a: &a\n  b: {c: *a}",
            (2, 10, 2, 12),
            "the alias *a stands inside its own anchor, so it has no end",
        ),
    ],
)
def test_aliases_that_lead_nowhere(text: str, place: tuple[int, ...], message: str) -> None:
    assert defects(text) == [("yaml-syntax", place, message)]


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    levels = [f"l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 10)}]" for n in range(30)]
    started = time.monotonic()
    (found,) = defects("\n".join(["l0: &l0 [lol]", *levels]))
    assert "alias bomb" in found[2]
    assert time.monotonic() - started < 1


def test_aliases_do_not_nest_deeper_than_brackets_may() -> None:
    levels = "\n".join(f"l{n + 1}: &l{n + 1} [*l{n}]" for n in range(400))
    (found,) = defects(f"l0: &l0 [x]\n{levels}")
    assert found[0] == "yaml-syntax"
    assert "nested deeper than 50 levels" in found[2]


# --- what is not one bounded YAML document ---------------------------------------------------


@pytest.mark.parametrize(
    "deep", ["[" * 10_000, "{a: " * 10_000, "- " * 10_000, "? " * 10_000, "[" * 60 + "]" * 60]
)
def test_nesting_is_bounded(deep: str) -> None:
    started = time.monotonic()
    (found,) = defects(deep)
    assert found[0] == "yaml-syntax"
    assert time.monotonic() - started < 1


def test_forty_levels_are_not_too_deep() -> None:
    assert value("[" * 40 + "]" * 40)


@pytest.mark.parametrize(
    ("text", "place", "help"),
    [
        ("a: b: c", (1, 5, 1, 8), "put the value in quotes"),
        ("a:\n\tb: c", (2, 1, 2, 6), "indent with spaces"),
        ("a: @b", (1, 4, 1, 6), "may not start with `@`"),
        ('a: "b\nc: d\n', (1, 4, 1, 6), "close the quotes"),
        ("a: 'b", (1, 4, 1, 6), "close the quotes"),
        ("a: [b, c\nd: e", (2, 2, 2, 5), "close the bracket"),
        ("a: [b,, c]", (1, 7, 1, 11), "a comma or bracket too many"),
        ("a: b\n c: d", (2, 3, 2, 6), "put the value in quotes"),
        ("- a\nb: c", (2, 1, 2, 5), "indent this line"),
        ("a: {b: c", (1, 1, 1, 9), "close the bracket"),
        ('a: "\\q"', (1, 5, 1, 8), "a backslash starts an escape"),
        ("a: b\n---\nc: d", (2, 1, 2, 4), "one file holds one register"),
        ("a: b\n...\n---\nc: d", (3, 1, 3, 4), "one file holds one register"),
        ("[a]: b", (1, 1, 1, 4), "keys are words"),
        ("? {a: b}\n: c", (1, 3, 1, 9), "keys are words"),
        ("é: ü\x07", (1, 5, 1, 6), "remove the character"),
        ("a: \ufffe", (1, 4, 1, 5), "remove the character"),
        ("%YAML 9.9\n---\na: b", (1, 1, 1, 10), "check the indentation"),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_each_defect_has_its_place_and_its_way_out(
    text: str, place: tuple[int, ...], help: str, ending: str
) -> None:
    _, (problem,) = parse(Source("a.yaml", text.replace("\n", ending)))
    assert (problem.rule, problem.position[1:]) == ("yaml-syntax", place)
    assert help in problem.help


def test_the_same_key_twice() -> None:
    _, (first, second) = parse(Source("a", "a: 1\nb: {c: 1, 'c': 2}\n\"a\": 2\n"))
    assert (first.rule, first.position[1:]) == ("duplicate-key", (2, 12, 2, 13))
    assert (second.rule, second.position[1:]) == ("duplicate-key", (3, 2, 3, 3))
    assert second.related[0].position[1:] == (1, 1, 1, 2)
    assert value("a: {x: 1}\nb: {x: 1}") == {"a": {"x": 1}, "b": {"x": 1}}


# --- shapes of a YAML register ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [("unknown-kind", (1, 1, 1, 1))]),
        ("# nothing\n", [("unknown-kind", (1, 1, 1, 1))]),
        ("replicas: 3\n", [("unknown-kind", (1, 1, 1, 9))]),
        ("- a\n- b\n", [("unknown-kind", (1, 1, 2, 4))]),
        ("register:\nentries: []\n", [("unknown-kind", (1, 1, 1, 9))]),
        ("register: [sink]\n", [("unknown-kind", (1, 1, 1, 9))]),
        ("register: snik\n", [("unknown-kind", (1, 11, 1, 15))]),
        ("register: sink\n", [("empty-register", (1, 11, 1, 15))]),
        ("register: sink\nentries:\n", [("empty-register", (1, 11, 1, 15))]),
        ("register: sink\nentries: {id: logs}\n", [("schema", (2, 10, 2, 20))]),
        ("register: sink\nentries: logs\n", [("schema", (2, 10, 2, 14))]),
        ("register: sink\nentries:\n  - logs\n  - ~\n", [("schema", (3, 5, 3, 9)), ("schema", (4, 5, 4, 6))]),
        ("register: sink\nentries: [{id: logs}]\ndefaults: x\n", [("schema", (3, 11, 3, 12))]),
        ("register: sink\nentries: [{id: {a: b}}]\n", [("schema", (2, 16, 2, 22))]),
        ("register: sink\nentries: [{id: logs, colour: red}]\n", [("unknown-property", (2, 22, 2, 28))]),
        ("entry: sink\nid: logs\n", []),
    ],
)
def test_what_a_yaml_file_may_be(tmp_path: Path, text: str, problems: list[object]) -> None:
    fleet = fleet_of(tmp_path, text)
    assert [(problem.rule, problem.position[1:]) for problem in fleet.problems] == problems


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("---\nentry: sink\nid: logs\n", [("yaml-syntax", (1, 1, 1, 4))]),
        ("---\nentry: sink\nid: a: b\n---\n", [("yaml-syntax", (3, 6, 3, 9))]),
        ("---\nentry: snik\n---\n", [("unknown-kind", (2, 8, 2, 12))]),
        ("---\nentry:\n---\n", [("unknown-kind", (2, 1, 2, 6))]),
        ("---\nentry: sink\nid: logs\ncolour: red\n---\n", [("unknown-property", (4, 1, 4, 7))]),
        ("---\nentry: sink\nid: logs\ntitle: Logs\nworkplan: WP\nmax_age: 3\n---\n", []),
        ("---  \nentry: sink\nid: logs\n---\t\n", []),
        ("---\nentry: sink\nid: logs\n---", []),
        ("---\nentry: sink\nnotes: |\n  ----\n  --- x\nid: logs\n---\n---\n", []),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_what_an_entry_document_may_be(
    tmp_path: Path, text: str, problems: list[object], ending: str
) -> None:
    fleet = fleet_of(tmp_path, text.replace("\n", ending), "a.md")
    assert [(problem.rule, problem.position[1:]) for problem in fleet.problems] == problems
