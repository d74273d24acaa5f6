"""What holds for any input: three shapes with one meaning, and no text that stops a check."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regcheck.check import check
from regcheck.model import Entry, Finding, Property
from regcheck.reading.kinds import shipped
from regcheck.reading.values import ABSENT
from regcheck.reporting import text as text_report
from regcheck.trees import WorkTree

BASE = {
    "registers/machines.yaml": (
        "register: machine\nentries:\n"
        "  - {id: new1, role: production, aliases: [first]}\n"
        "  - {id: old1, role: frozen}\n"
        "  - {id: laptop, role: interactive}\n"
    ),
    "registers/tasks.yaml": (
        "register: task\nworkplan: WP\nentries:\n"
        "  - {id: T1, title: one, status: done}\n"
        "  - {id: T2, title: two, status: todo}\n"
    ),
    "registers/workloads.yaml": (
        "register: workload\nentries:\n"
        "  - {id: shop, environment: production, current_host: old1, target_host: new1, wave: 1}\n"
        "  - {id: db, environment: staging, current_host: new1, target_host: new1}\n"
    ),
    "registers/waves.yaml": (
        "register: wave\nworkplan: WP\nentries:\n  - {number: 1, name: First, owner: T2, moves: shop}\n"
    ),
}

thorough = settings(
    deadline=None, suppress_health_check=list(HealthCheck), max_examples=150, derandomize=True
)


def findings_of(files: Mapping[str, bytes]) -> tuple[list[Finding], list[Entry]]:
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        verdict = check(WorkTree(folder), today="2026-07-03")
        assert text_report.render(verdict)
        return verdict.findings, list(verdict.fleet)


# --- three shapes, one meaning --------------------------------------------------------------

KINDS = (
    "sink",
    "workload",
    "checkout",
    "pipeline",
    "repo",
    "tunnel",
    "lane",
    "wave",
    "gap",
    "service",
    "phase",
)
SPELT = {"yes", "No", "true", "FALSE", "✓", "✗", "maybe"}
NAMES = [
    *("new1", "first", "old1", "laptop", "machine:new1", "unknown", "retired", "nowhere", "machin:new1"),
    *("shop", "workload:shop", "db", "T1", "T2", "WP-T1", "WP-T9", "task:WP-T2", "1", "7", "wave:1", "logs"),
]

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=12,
).filter(lambda word: word == word.strip() and word not in ABSENT)
markdown = st.sampled_from(
    ["a|b", "*a*", "`a`", "[a](b)", "<br>", "a\\b", "&amp;", "a, b", "_a_", "# a", "~~a~~", "a: b"]
)
dates = st.sampled_from(["2026-07-03", "2026-02-30", "3 July"])
texts = words | markdown


def one_of(property_: Property) -> st.SearchStrategy[str]:
    """A written value that the schema may or may not allow."""
    if property_.reference:
        return st.sampled_from(NAMES)
    if "boolean" in property_.wants:
        return st.sampled_from([*sorted(SPELT), "now"])
    if "integer" in property_.wants:
        return st.sampled_from(["0", "1", "7", "-3", "007", "many", "1.5"])
    return texts | dates | st.sampled_from(["production", "staging", "now", "target", "todo"])


@st.composite
def written_entries(draw: st.DrawFn) -> tuple[str, dict[str, list[str]]]:
    """A kind, and for some of its properties what is written: one text, or several of a list."""
    kind = shipped()[draw(st.sampled_from(KINDS))]
    names = draw(st.lists(st.sampled_from(sorted(kind.properties)), unique=True, max_size=8))
    written = {}
    for name in dict.fromkeys([kind.id_property, *names]):
        property_ = kind.properties[name]
        length = 3 if property_.is_list else 1
        written[name] = draw(st.lists(one_of(property_), min_size=1, max_size=length))
    if kind.properties[kind.id_property].wants == {"string"} and draw(st.booleans()):
        written[kind.id_property] = ["logs"]
    return kind.name, written


def in_a_cell(word: str) -> str:
    """A text in a table: whatever could be Markdown is escaped."""
    return "".join(
        f"\\{char}" if char.isascii() and not char.isalnum() and char != " " else char for char in word
    )


def in_yaml(word: str, property_: Property) -> str:
    """A text in YAML: quoted where the schema wants a text, else plain."""
    quoted = not property_.wants or property_.wants == {"string"}
    return json.dumps(word, ensure_ascii=False) if quoted else word


def shapes(kind: str, written: dict[str, list[str]], heading: int) -> dict[str, str]:
    properties = shipped()[kind].properties
    columns: dict[str, list[str]] = {name: [name] for name in properties}
    for column, name in shipped()[kind].columns.items():
        columns[name].append(column.upper())
    headings = [columns[name][heading % len(columns[name])] for name in written]
    cells = [", ".join(map(in_a_cell, words)) for words in written.values()]
    fields = []
    for name, words in written.items():
        values = [in_yaml(word, properties[name]) for word in words]
        fields.append(f"{name}: [{', '.join(values)}]" if len(values) > 1 else f"{name}: {values[0]}")
    table = [f"| {' | '.join(row)} |" for row in (headings, ["---"] * len(cells), cells)]
    head = f"register: {kind}\nworkplan: WP\n"
    return {
        "registers/x.md": f"---\n{head}---\n\n" + "\n".join(table) + "\n",
        "registers/x.yaml": f"{head}entries:\n  - " + "\n    ".join(fields) + "\n",
        "registers/x/y.md": "\n".join(["---", f"entry: {kind}", "workplan: WP", *fields, "---", ""]),
    }


def meaning(entry: Entry) -> tuple[Any, ...]:
    return entry.ref, entry.values, entry.links


def sense(findings: list[Finding], path: str) -> list[tuple[str, ...]]:
    found = (
        (f.rule, f.severity.value, f.message, f.help, f.entry or "", *(r.message for r in f.related))
        for f in findings
        if f.position.path == path and f.rule != "broken-link"  # where a link leads depends on the file
    )
    return sorted(found)


@thorough
@given(written_entries(), st.integers(0, 5))
def test_the_three_shapes_of_an_entry_mean_the_same(
    entry: tuple[str, dict[str, list[str]]], heading: int
) -> None:
    read, found = [], []
    for path, written in shapes(*entry, heading).items():
        base = {name: text.encode() for name, text in BASE.items()}
        findings, entries = findings_of({**base, path: written.encode()})
        (own,) = (e for e in entries if e.source.path == path)
        read.append(meaning(own))
        found.append(sense(findings, path))
    assert read[0] == read[1] == read[2]
    assert found[0] == found[1] == found[2]


# --- no text stops a check ----------------------------------------------------------------------

FRAGMENTS = [
    *(
        "---\n",
        "register: sink\n",
        "register: task\n",
        "entry: workload\n",
        "entries:\n",
        "defaults:\n",
        "id: ",
    ),
    *(
        "  - id: a\n",
        "- ",
        ": ",
        "? ",
        "&a ",
        "*a",
        "<<: ",
        "<<: *a\n",
        "!!str ",
        "!",
        "{",
        "}",
        "[",
        "]",
        ", ",
    ),
    *(
        "| Sink | Owner |\n",
        "| --- | --- |\n",
        "|---",
        "| a | b |\n",
        "|",
        "\\|",
        "\\",
        "\n",
        "\r\n",
        "\r",
        "\t",
        " ",
    ),
    *(
        "`",
        "``",
        "```\n",
        "~~~\n",
        "*",
        "**",
        "_",
        "~~",
        "](",
        "[",
        "![",
        "<br>",
        "<!--",
        "-->\n",
        "&#0;",
        "&amp;",
    ),
    *(
        "<!-- regcheck: register=sink -->\n",
        "<!-- regcheck: register=vm -->\n",
        "<pre>\n",
        "    ",
        "# ",
        "> ",
        "- - - ",
    ),
    *(
        "<<<<<<< a\n",
        "=======\n",
        ">>>>>>> b\n",
        "||||||| c\n",
        "|\n  text\n",
        ">-\n",
        "'",
        '"',
        "# x",
        "%YAML 1.1\n",
    ),
    *(
        "current_host: ",
        "owner: ",
        "drain_after: ",
        "part_of: ",
        "after: ",
        "undecided: ",
        "number: ",
        "moves: ",
    ),
    *(
        "a",
        "new1",
        "T1",
        "1",
        "-1",
        "2026-07-03",
        "null",
        "~",
        "yes",
        "999999999999999999999",
        "1e999",
        ".nan",
    ),
    *(
        "\u2028",
        "\x85",
        "\ufeff",
        "🚀",
        "é",
        "ﬀ",
        "\x00",
        "\x07",
        "²",
        "title: ",
        "max_age: ²\n",
        "as_of: x\n",
    ),
]

noise = st.lists(st.sampled_from(FRAGMENTS).map(str.encode) | st.binary(max_size=4), max_size=40).map(
    b"".join
)
heads = st.sampled_from(
    [
        *(
            "",
            "---\nregister: sink\n---\n",
            "---\nregister: workload\n---\n| Workload | Current host | Part of |\n|-|-|-|\n",
        ),
        *(
            "<!-- regcheck: register=task -->\n| Task | After |\n|-|-|\n",
            "---\nentry: machine\n",
            "\ufeff---\n",
        ),
        *(
            "register: sink\nentries:\n",
            "register: workload\nentries:\n  - ",
            "register: wave\nentries: [",
            "entry: gate\n",
        ),
        *(
            "register: lane\ndefaults: ",
            "register: task\nworkplan: WP\nentries:\n  - id: T1\n    ",
            "x: &a [1]\n",
        ),
    ]
).map(str.encode)


@thorough
@given(heads, noise, st.sampled_from(["registers/x.md", "registers/x.yaml", "schemas/x.schema.yaml"]))
def test_no_text_stops_a_check(head: bytes, rest: bytes, path: str) -> None:
    base = {name: text.encode() for name, text in BASE.items()}
    started = time.monotonic()
    findings, entries = findings_of({**base, path: head + rest})
    assert time.monotonic() - started < 10
    assert {"machine:new1", "task:WP-T1", "workload:db"} <= {entry.ref for entry in entries}
    lines = len((head + rest).decode(errors="replace").splitlines()) + 1
    for finding in findings:
        at = finding.position
        assert (1, 1) <= (at.line, at.column) <= (at.end_line, at.end_column)
        assert at.path != path or at.end_line <= lines
        assert "\n" not in finding.message


SCHEMAS = [
    *(
        "x-regcheck: {kind: vm}\n",
        "type: object\n",
        "properties:\n",
        "  id: {type: string}\n",
        "  host:\n",
        "    type: ",
    ),
    *(
        "string\n",
        "[string, 'null']\n",
        "x-regcheck: {reference: {kind: machine}}\n",
        "enum: [1, a, null]\n",
        "$ref: '#'\n",
    ),
    *(
        "required: [id]\n",
        "allOf: [",
        "pattern: '('\n",
        "items: ",
        "const: ",
        "format: date\n",
        "if: ",
        "not: ",
        "$id: x\n",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        ", ",
        "\n",
        "  ",
        "    ",
        "true",
        "5",
        "additionalProperties: false\n",
        "minimum: 1\n",
    ),
]


@thorough
@given(st.lists(st.sampled_from(SCHEMAS), max_size=20).map("".join), st.booleans())
def test_no_schema_stops_a_check(rest: str, whole: bool) -> None:  # noqa: FBT001
    head = "x-regcheck: {kind: vm}\ntype: object\nproperties:\n  id: {type: string}\n" if whole else ""
    vms = "register: vm\nentries:\n  - {id: a, host: new1}\n  - {id: b, host: [1]}\n"
    written = {**BASE, "schemas/vm.schema.yaml": head + rest, "registers/vms.yaml": vms}
    _, entries = findings_of({path: text.encode() for path, text in written.items()})
    assert {"machine:new1", "task:WP-T1", "workload:db"} <= {entry.ref for entry in entries}
