"""`regcheck schema`: what an editor accepts is what regcheck reads."""

from __future__ import annotations

import json
import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from conftest import Repository, Run
from regcheck.explaining.examples import examples
from regcheck.model import Source
from regcheck.reading import kinds as kind_files
from regcheck.reading.values import untyped
from regcheck.reading.yaml_nodes import parse
from regcheck.rules import GROUPS, RULES
from regcheck.settings import KEYS, Settings
from regcheck.settings.contracts import COMMON, TYPES

HERE = Path(__file__).resolve().parent.parent
KINDS = kind_files.shipped()
REGISTERS = sorted((HERE / "registers").rglob("*.y*ml"))


def schema(run: Run, *words: str) -> Draft202012Validator:
    ran = run("schema", *words)
    assert (ran.status, ran.err) == (0, "")
    return validator(ran.out)


@cache
def validator(text: str) -> Draft202012Validator:
    loaded = json.loads(text)
    Draft202012Validator.check_schema(loaded)
    return Draft202012Validator(loaded, format_checker=FormatChecker(["date"]))


def value(text: str) -> Any:
    """A YAML text as an editor reads it: by the core schema of YAML 1.2."""
    node, problems = parse(Source("r.yaml", text))
    assert not problems
    assert node is not None
    return untyped(node)


def wrong(against: Draft202012Validator, text: str) -> list[str]:
    return sorted({error.json_path for error in against.iter_errors(value(text))})


@pytest.mark.parametrize("path", REGISTERS, ids=lambda path: path.name)
def test_this_repository_s_own_registers(run: Run, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    kind = value(text)["register"]
    assert wrong(schema(run), text) == []
    assert wrong(schema(run, kind), text) == []
    other = "wave" if kind != "wave" else "machine"
    assert "$.register" in wrong(schema(run, other), text)


@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_of_every_kind(run: Run, kind: str) -> None:
    _, listed, alone = examples(KINDS[kind])
    assert wrong(schema(run), listed.text) == []
    assert wrong(schema(run, kind), listed.text) == []
    assert wrong(schema(run, kind), f"{listed.text}\n    no_such_property: 1\n") == ["$.entries[0]"]
    entry = alone.text.split("---\n")[1]
    assert wrong(schema(run), entry) == []
    assert wrong(schema(run), f"{entry}no_such_property: 1\n") == ["$"]


SAID = "register: task\nentries:\n  - {id: T1, title: One, status: todo"


@pytest.mark.parametrize(
    "more",
    [
        ", after: T2",
        ", after: [T2, T3]",
        ", after: -",
        ", after: ",
        ", human: yes",
        ", human: no",
        ", human: 'Yes'",
        ", human: ✓",
        ", human: true",
        ", human: n/a",
        ", workplan: 1.10",
        ", absorbed_by: 7",
        ", undecided: [after, human]",
    ],
)
def test_what_reading_accepts(repository: Repository, run: Run, more: str) -> None:
    text = f"{SAID}{more}}}\n"
    repository({"registers/t.yaml": text})
    assert run("check", "--select", "reading,schema").status == 0
    assert wrong(schema(run), text) == []


@pytest.mark.parametrize(
    ("more", "place"),
    [
        (", human: maybe", "$.entries[0].human"),
        (", human: 1", "$.entries[0].human"),
        (", after: {id: T2}", "$.entries[0].after"),
        (", after: [{id: T2}]", "$.entries[0].after"),
        (", titel: One", "$.entries[0]"),
    ],
)
def test_what_reading_refuses(repository: Repository, run: Run, more: str, place: str) -> None:
    text = f"{SAID}{more}}}\n"
    repository({"registers/t.yaml": text})
    assert run("check", "--select", "reading,schema").status == 1
    assert wrong(schema(run), text) == [place]


@pytest.mark.parametrize(
    ("text", "status", "places"),
    [
        ("register: machine\nentries:\n  - {id: m}\n", 1, ["$.entries[0]"]),
        ("register: machine\ndefaults: {role: frozen}\nentries:\n  - {id: m}\n", 0, []),
        ("register: machine\ndefaults: {notes: x}\nentries:\n  - {id: m}\n", 1, ["$.entries[0]"]),
        ("register: machine\ndefaults:\nentries:\n  - {id: m}\n", 1, ["$.entries[0]"]),
        ("register: machine\nentries:\n  - {name: M 1, role: frozen}\n", 0, []),
        ("register: machine\nentries:\n  - {role: frozen}\n", 1, ["$.entries[0]"]),
        ("register: machine\nentries:\n  - {id: m, role: frozn}\n", 1, ["$.entries[0].role"]),
        ("register: machine\nentries:\n  - {id: 1.5, role: frozen}\n", 0, []),
        ("register: machine\nentries:\n  - {id: m, role: frozen, frozen_since: 2026-01-31}\n", 0, []),
        (
            "register: machine\nentries:\n  - {id: m, role: frozen, frozen_since: 2026-02-31}\n",
            1,
            ["$.entries[0].frozen_since"],
        ),
        ("register: machine\nentries:\n", 0, []),
        ("register: machine\nentries: {}\n", 1, ["$.entries"]),
        ("register: machine\nmax_age: 30\nas_of: 2026-01-31\ntitle: 7\nentries:\n", 0, []),
        ("register: machine\nmax_age: long\nentries:\n", 1, ["$.max_age"]),
        ("register: machine\nas_of: soon\nentries:\n", 1, ["$.as_of"]),
        ("register: machine\nentrys:\n", 1, ["$"]),
        ("register: machines\n", 1, ["$.register"]),
        ("title: nothing\n", 1, ["$"]),
        ("register: task\nentries:\n  - {id: T1, external: yes}\n", 0, []),
        ("register: task\nentries:\n  - {id: T1, external: no}\n", 1, ["$.entries[0]"]),
        ("register: task\ndefaults: {external: yes}\nentries:\n  - {id: T1}\n", 0, []),
        ("register: wave\nentries:\n  - {number: 1, name: One, moves: a}\n", 0, []),
        ("register: wave\nentries:\n  - {number: one, name: One}\n", 1, ["$.entries[0].number"]),
        ("register: lane\nentries:\n  - {id: l, from: a, to: b, critical: now}\n", 0, []),
        (
            "register: lane\nentries:\n  - {id: l, from: a, to: b, critical: then}\n",
            1,
            ["$.entries[0].critical"],
        ),
        ("entry: machine\nid: m\nrole: frozen\n", 0, []),
        ("entry: machine\nid: m\n", 1, ["$"]),
    ],
)
def test_an_editor_agrees_with_a_check(
    repository: Repository, run: Run, text: str, status: int, places: list[str]
) -> None:
    repository({"registers/r.yaml": text})
    assert run("check", "--select", "reading,schema").status == status
    assert wrong(schema(run), text) == places


OWN = """\
x-regcheck: {kind: shelf, plural: shelves}
type: object
required: [id, load]
properties:
  id: {type: string}
  load: {$ref: "#/$defs/weight"}
  boards: {type: array, items: {$ref: "#/$defs/weight"}}
$defs:
  weight: {type: integer, maximum: 50}
"""


def test_a_kind_of_the_repository_with_definitions(repository: Repository, run: Run) -> None:
    repository({"schemas/shelf.schema.yaml": OWN})
    start = "register: shelf\nentries:\n  - {id: s"
    for own in (schema(run), schema(run, "shelves")):
        assert wrong(own, f"{start}, load: 50, boards: [1, 2]}}\n") == []
        assert wrong(own, f"{start}, load: 51, boards: 1}}\n") == ["$.entries[0].load"]
        assert wrong(own, f"{start}, load: 1, boards: [1, 99]}}\n") == ["$.entries[0].boards"]
        assert wrong(own, f"{start}}}\n") == ["$.entries[0]"]


def test_an_unknown_kind(run: Run) -> None:
    assert run("schema", "machien") == (
        2,
        "",
        "regcheck: there is no kind `machien`: did you mean `machine`?\n",
    )


def test_the_schema_stands_alone(run: Run) -> None:
    out = run("schema").out
    assert "x-regcheck" not in out
    assert os.fspath(HERE) not in out


# --- the settings ---------------------------------------------------------------------

CONTRACT = "[[contract]]\nname = 'n'\nreason = 'r'\n"
FORBIDDEN = f"{CONTRACT}type = 'forbidden'\nfrom = 'kind:gate'\nto = 'kind:gate'\n"
REQUIRED = f"{CONTRACT}type = 'required'\nselect = 'kind:machine'\n"
LAYERS = f"{CONTRACT}type = 'layers'\n"

GOOD = [
    "",
    "registers = 'r/*.yaml'",
    "registers = ['r/**/*.{md,yaml}', './a.md', '.hidden/..a/b..md']",
    "registers = []",
    "documents = '{a,b}{a,b}{a,b}{a,b}/**/**/**/**'",
    "schemas = 'my/kinds'",
    "max_age = 0",
    "max_age = 999999",
    "ignore = 'undecided'",
    "ignore = ['placement', 'undecided']",
    "[severity]\nundecided = 'error'\nreading = 'info'",
    "severity.undecided = 'warning'",
    "contract = []",
    FORBIDDEN,
    f"{FORBIDDEN}state = 'now'",
    FORBIDDEN + FORBIDDEN.replace("'n'", "'m'"),
    f"{LAYERS}layers = ['kind:gate', '+machine:m,role:frozen kind:wave']",
    f"{CONTRACT}type = 'independent'\nindependent = ['kind:gate', 'kind:wave']\nstate = 'target'",
    f"{REQUIRED}property = 'notes'",
    f"{REQUIRED}property = ['notes', 'source']",
]
BAD = [
    "register = 'r/*.yaml'",
    "registers = 7",
    "registers = [7]",
    "registers = '/etc/*'",
    "registers = '..'",
    "registers = 'a/../b'",
    "registers = ['a', '../b']",
    "registers = 'r/[a-z].md'",
    "registers = '{a,b}{a,b}{a,b}{a,b}{a,b}'",
    "registers = '**/**/**/**/**'",
    "documents = {a = 'b'}",
    "documents = '../a'",
    "schemas = ['schemas']",
    "schemas = 'a/..'",
    "max_age = -1",
    "max_age = 1000000",
    "max_age = '90'",
    "max_age = true",
    "ignore = 7",
    "ignore = [['undecided']]",
    "severity = 'error'",
    "severity.undecided = 'loud'",
    "severity.undecided = ['error']",
    "contract = 'forbidden'",
    "contract = ['forbidden']",
    "[contract]",
    "[[contract]]",
    CONTRACT,
    FORBIDDEN.replace("name = 'n'", ""),
    FORBIDDEN.replace("reason = 'r'", ""),
    FORBIDDEN.replace("reason = 'r'", "reason = ' '"),
    FORBIDDEN.replace("name = 'n'", "name = 7"),
    FORBIDDEN.replace("type = 'forbidden'", ""),
    FORBIDDEN.replace("type = 'forbidden'", "type = 'forbid'"),
    FORBIDDEN.replace("type = 'forbidden'", "type = 'required'"),
    FORBIDDEN.replace("from = 'kind:gate'", ""),
    FORBIDDEN.replace("from = 'kind:gate'", "from = ' , '"),
    FORBIDDEN.replace("from = 'kind:gate'", "from = ['kind:gate']"),
    f"{FORBIDDEN}state = 'later'",
    f"{FORBIDDEN}state = 'wave:01'",
    f"{FORBIDDEN}state = 1",
    f"{FORBIDDEN}select = 'kind:gate'",
    f"{FORBIDDEN}because = 'so'",
    LAYERS,
    f"{LAYERS}layers = ['kind:gate']",
    f"{LAYERS}layers = ['kind:gate', '']",
    f"{LAYERS}layers = 'kind:gate'",
    f"{LAYERS}independent = ['kind:gate', 'kind:wave']",
    REQUIRED,
    f"{REQUIRED}property = []",
    f"{REQUIRED}property = ''",
    f"{REQUIRED}property = ['notes', 7]",
]


@pytest.mark.parametrize(("text", "good"), [*((t, True) for t in GOOD), *((t, False) for t in BAD)])
def test_an_editor_agrees_about_the_settings(
    repository: Repository, run: Run, text: str, *, good: bool
) -> None:
    repository(
        {
            "registers/m.yaml": "register: machine\nentries: [{id: m, role: frozen, notes: n, source: s}]\n",
            "registers/s.yaml": "register: source\nentries: [{id: s, title: S}]\n",
            "regcheck.toml": text,
        }
    )
    found = [*schema(run, "settings").iter_errors(tomllib.loads(text))]
    shipped = json.loads((HERE / "schemas" / "settings.json").read_text(encoding="utf-8"))
    assert validator(json.dumps(shipped)).is_valid(tomllib.loads(text)) is good
    assert (not found) is good, [error.message for error in found]
    if text not in ("registers = 'r/*.yaml'", "registers = []", GOOD[2]):  # these find no register
        assert run("check").status == (0 if good else 2)


def test_the_settings_know_every_key_and_rule(run: Run) -> None:
    told = json.loads(run("schema", "settings").out)
    assert set(told["properties"]) == set(KEYS)
    assert {*RULES, *GROUPS} <= told["properties"]["severity"]["properties"].keys()
    contract = told["$defs"]["contract"]["properties"]
    assert set(contract) == {*COMMON, *(key for keys in TYPES.values() for key in keys), "state"}
    assert contract["type"]["enum"] == [*TYPES]
    described = [*told["properties"].values(), *contract.values()]
    assert all(schema["description"].endswith(".") for schema in described)
    for name in KEYS:
        if default := Settings._field_defaults[name]:
            assert told["properties"][name]["default"] == (default if name == "schemas" else [*default])


def test_the_schema_of_the_settings_where_they_are_wrong(repository: Repository, run: Run) -> None:
    repository({"regcheck.toml": "register = 1"})
    assert run("schema").status == 2
    assert json.loads(run("schema", "settings").out)["title"] == "Settings of regcheck"
