"""A repository's own kind is data: columns, references and edges, with no Python."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conftest import Repository
from regcheck.check import check
from regcheck.graph import NOW, TARGET, FleetGraph
from regcheck.reading import read_fleet
from regcheck.settings import Settings
from regcheck.trees import WorkTree

VM = """\
$schema: https://json-schema.org/draft/2020-12/schema
title: Virtual machine
x-regcheck: {kind: vm, plural: virtual machines, id: name}
type: object
required: [name]
properties:
  name: {type: string, title: VM}
  cores: {type: integer, minimum: 1, title: Cores, x-regcheck: {columns: [CPUs, vCPU]}}
  booted: {type: string, format: date}
  host:
    type: string
    title: Runs on
    x-regcheck: {reference: {kind: machine, relation: hosted-on, state: now, words: [unknown]}}
  next_host:
    type: string
    x-regcheck: {reference: {kind: machine, relation: hosted-on, state: target, words: [retired]}}
  disks:
    type: array
    items: {type: string}
    x-regcheck: {reference: {kind: [vm, sink], relation: mounts}}
  about:
    type: array
    items: {type: string}
    x-regcheck: {reference: {kind: "*"}}
"""

MACHINES = "register: machine\nentries:\n  - {id: new1, role: production}\n  - {id: new2, role: production}\n"
SINKS = "register: sink\nentries:\n  - {id: store, current_host: new2, target_host: new2}\n"

TABLE = """\
---
register: vm
---
| vm | vCPU | Runs on | Next host | Disks | Booted | About |
| -- | ---: | ------- | --------- | ----- | ------ | ----- |
| db | 4 | new1 | new2 | store | 2026-07-01 | machine:new1<br>sink:store |
| web | 2 | `new2` | — | db, [sink:store](sinks.yaml) | — | — |
"""

LIST = """\
register: vm
entries:
  - {name: db, cores: 4, host: new1, next_host: new2, disks: store, booted: 2026-07-01,
     about: ["machine:new1", "sink:store"]}
  - {name: web, cores: 2, host: new2, disks: [db, "sink:store"]}
"""


def graph_of(repository: Repository, files: dict[str, str], schema: str = VM) -> FleetGraph:
    written = {
        "schemas/vm.schema.yaml": schema,
        "registers/machines.yaml": MACHINES,
        "registers/sinks.yaml": SINKS,
    }
    return FleetGraph(read_fleet(WorkTree(str(repository({**written, **files}))), Settings()))


@pytest.mark.parametrize(("name", "text"), [("vms.md", TABLE), ("vms.yaml", LIST)])
def test_a_kind_of_the_repository(repository: Repository, name: str, text: str) -> None:
    graph = graph_of(repository, {f"registers/{name}": text})
    assert graph.fleet.problems == []
    db, web = graph.fleet.of("vm").values()
    assert (db.ref, db.label, db.get("cores"), db.get("booted")) == ("vm:db", "db", 4, "2026-07-01")
    assert db.links["about"] == ("machine:new1", "sink:store")
    assert web.links["disks"] == ("vm:db", "sink:store")
    assert graph.fleet.kinds["vm"].plural == "virtual machines"

    def needs(ref: str, state: str) -> set[tuple[str, str]]:
        return {(edge.relation, edge.target) for edge in graph.reach.needs(ref, state)}

    assert needs("vm:db", NOW) == {("hosted-on", "machine:new1"), ("mounts", "sink:store")}
    assert needs("vm:db", TARGET) == {("hosted-on", "machine:new2"), ("mounts", "sink:store")}
    assert needs("vm:web", TARGET) == {
        ("hosted-on", "machine:new2"),
        ("mounts", "vm:db"),
        ("mounts", "sink:store"),
    }
    assert [e.source for e in graph.reach.needed_by("vm:db", NOW)] == ["vm:web"]
    assert graph.timeline.must_move(db)
    assert not graph.timeline.must_move(web)


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        (
            "vms.md",
            (
                "---\nregister: vm\n---\n"
                "| VM | CPUs | Runs on | Colour |\n| - | - | - | - |\n| db | 0 | new9 | red |\n"
            ),
            {"unknown-property": (4, 25), "schema": (6, 8), "unknown-reference": (6, 12)},
        ),
        (
            "vms.yaml",
            "register: vm\nentries:\n  - name: db\n    cores: 0\n    host: new9\n    colour: red\n",
            {"unknown-property": (6, 5), "schema": (4, 12), "unknown-reference": (5, 11)},
        ),
        (
            "db.md",
            "---\nentry: vm\nname: db\ncores: 0\nhost: new9\ncolour: red\n---\n",
            {"unknown-property": (6, 1), "schema": (4, 8), "unknown-reference": (5, 7)},
        ),
    ],
)
def test_its_findings_in_every_shape(
    repository: Repository, name: str, text: str, places: dict[str, tuple[int, int]]
) -> None:
    problems = graph_of(repository, {f"registers/{name}": text}).fleet.problems
    assert {problem.rule: problem.position[1:3] for problem in problems} == places
    assert {problem.rule: problem.help for problem in problems}["unknown-reference"].startswith(
        "did you mean `new"
    )


def test_rules_apply_to_it(repository: Repository) -> None:
    text = (
        "register: vm\nentries:\n  - {name: db, host: new1}\n  - {name: db, host: unknown, next_host: new2}\n"
    )
    root = repository(
        {"schemas/vm.schema.yaml": VM, "registers/m.yaml": MACHINES, "registers/vms.yaml": text}
    )
    assert [
        (f.rule, f.position[1:3]) for f in check(WorkTree(str(root)), ignore=["unused-machine"]).findings
    ] == [
        ("missing-target", (3, 22)),
        ("duplicate-id", (4, 12)),
        ("unknown-place", (4, 22)),
    ]


def test_json_is_as_good_as_yaml(repository: Repository) -> None:
    schema: dict[str, Any] = {
        "x-regcheck": {"kind": "rack"},
        "type": "object",
        "properties": {"id": {"type": "string"}, "units": {"type": "integer"}},
    }
    root = repository(
        {
            "schemas/rack.schema.json": json.dumps(schema, indent=1),
            "registers/racks.yaml": "register: rack\nentries:\n  - {id: a, units: many}\n",
        }
    )
    (problem,) = read_fleet(WorkTree(str(root)), Settings()).problems
    assert (problem.rule, problem.position[1:3]) == ("schema", (3, 20))


def test_a_repository_may_replace_a_shipped_kind(repository: Repository) -> None:
    schema = (
        "x-regcheck: {kind: sink}\ntype: object\nproperties: {id: {type: string}, colour: {type: string}}\n"
    )
    root = repository(
        {
            "schemas/sink.schema.yaml": schema,
            "registers/sinks.yaml": "register: sink\nentries:\n  - {id: a, colour: red, critical: no}\n",
        }
    )
    (problem,) = read_fleet(WorkTree(str(root)), Settings()).problems
    assert (problem.rule, problem.message) == (
        "unknown-property",
        "the key `critical` is no property of the kind `sink`",
    )


def test_the_folder_of_the_kinds_is_a_setting(repository: Repository) -> None:
    root = repository({"kinds/vm.schema.yml": VM, "registers/vms.yaml": LIST})
    assert "vm" in read_fleet(WorkTree(str(root)), Settings(schemas="kinds")).kinds
    assert "vm" not in read_fleet(WorkTree(str(root)), Settings()).kinds


# --- kinds that are none --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("type: object", "type: array", (4, 7), "`array` is not `object`"),
        ("kind: vm,", "kind: VM,", (3, 20), "`VM` has characters that are not allowed here"),
        ("id: name}", "id: nom}", (3, 54), "the id of the kind, `nom`, is none of its properties"),
        ("id: name}", "key: name}", (3, 55), "`key` is not known here"),
        ("type: integer", "type: whole", (8, 17), "`whole` is no type"),
        ("minimum: 1", "minimum: one", (8, 35), "`one` is not a number"),
        ("state: now", "state: soon", (13, 73), "`soon` is not allowed here"),
        (
            "kind: [vm, sink]",
            "kind: [vm, snik]",
            (20, 41),
            "`disks` refers to the kind `snik`, which does not exist",
        ),
        ("title: Cores", "title: vm", (8, 3), "the heading `vm` of `cores` already means `name`"),
        ("{type: string, format: date}", "true", (9, 11), "`true` is not a mapping"),
        ("{type: string, format: date}", "null", (9, 11), "`null` is not a mapping"),
        ("{type: string, format: date}", "[]", (9, 3), "`[]` is not a mapping"),
        ("format: date", "pattern: '['", (9, 36), '"[" is not a "regex"'),
        ("format: date", "$ref: https://example.org/x", (1, 1), "a schema may not refer to another host"),
        ("draft/2020-12/schema", "draft-07/schema#", (1, 10), "is not supported"),
        ("x-regcheck: {kind", "x-regchek: {kind", (1, 1), "`x-regcheck` is missing"),
        ("  booted:", "  cores:", (9, 3), "the key `cores` stands twice in one mapping"),
        ("properties:", "properties: {", (8, 3), "this is not YAML"),
    ],
)
def test_a_bad_schema_is_one_finding_and_hides_no_other_kind(
    repository: Repository, old: str, new: str, place: tuple[int, int], said: str
) -> None:
    assert old in VM
    graph = graph_of(repository, {"registers/vms.yaml": LIST}, VM.replace(old, new, 1))
    (problem,) = (p for p in graph.fleet.problems if p.position.path.startswith("schemas"))
    assert (problem.rule, problem.position[1:3]) == ("bad-schema", place)
    assert said in problem.message
    assert problem.help
    assert [p.rule for p in graph.fleet.problems if p.rule not in ("bad-schema", "unknown-property")] == []
    assert graph.fleet.get("sink:store") is not None


def test_a_schema_that_only_one_engine_can_read(repository: Repository) -> None:
    schema = VM.replace("format: date", "pattern: '^\\p{Lu}'")
    text = "register: vm\nentries:\n  - {name: db, booted: late}\n  - {name: web, booted: Late}\n"
    (problem,) = graph_of(repository, {"registers/vms.yaml": text}, schema).fleet.problems
    assert (problem.rule, problem.position[1:3]) == ("schema", (3, 24))


@pytest.mark.parametrize("schema", ["", "null", "[]", "5", "'text'", "true", "{", "\x07", "&a [*a]"])
def test_schemas_that_are_no_mapping(repository: Repository, schema: str) -> None:
    graph = graph_of(repository, {"registers/vms.yaml": LIST}, schema)
    assert {problem.rule for problem in graph.fleet.problems} == {"bad-schema"}


def test_an_entry_whose_kind_requires_no_id_needs_one_all_the_same(repository: Repository) -> None:
    text = "register: vm\nentries:\n  - cores: 2\n  - cores: 4\n"
    problems = graph_of(
        repository, {"registers/vms.yaml": text}, VM.replace("required: [name]\n", "")
    ).fleet.problems
    assert [(p.rule, p.position[1:3]) for p in problems] == [("schema", (3, 5)), ("schema", (4, 5))]
