"""The machine-readable twin: each file is as its schema says, and says what the command line says."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import Repository, Run
from regcheck.check import check
from regcheck.explaining.examples import examples
from regcheck.pages import Site, api
from regcheck.reading import kinds
from regcheck.trees import WorkTree

HERE = Path(__file__).resolve().parent.parent
WHOLE = {example.path: example.text for kind in kinds.shipped().values() for example in examples(kind)[1:2]}
"""A fleet with an entry of every kind; most of what they name is not there."""
OWN = {
    **WHOLE,
    "schemas/waves.schema.json": json.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {"id": {"type": "string"}},
            "required": ["id"],
            "additionalProperties": False,
            "x-regcheck": {"kind": "waves", "plural": "waveses", "id": "id"},
        }
    ),
    "registers/own.yaml": "register: waves\nentries:\n  - {id: sea}\n",
}
"""With a kind that is called as a file of the twin is."""


def twin(root: Path) -> dict[str, Any]:
    """The files of the twin by their path below its folder, read."""
    files = api.pages(Site(check(WorkTree(str(root)))))
    return {file.path.removeprefix("api/"): json.loads(file.data) for file in files}


@pytest.fixture(params=["ours", "every kind", "an own kind"])
def root(request: pytest.FixtureRequest, repository: Repository) -> Path:
    if request.param == "ours":
        return HERE
    return repository(WHOLE if request.param == "every kind" else OWN)


def test_each_file_is_as_its_schema_says(root: Path) -> None:
    files = twin(root)
    index = files["index.json"]
    listed = {"index.json": "schema/index.json", **{file["path"]: file["schema"] for file in index["files"]}}
    assert {*listed, *listed.values()} == {*files}
    for path, schema in listed.items():
        validator = jsonschema.Draft202012Validator(files[schema])
        validator.check_schema(files[schema])
        assert [error.message for error in validator.iter_errors(files[path])] == [], path


def test_each_file_says_what_the_command_line_says(root: Path, run: Run) -> None:
    files = twin(root)
    for file in files["index.json"]["files"]:
        _, *words = shlex.split(file["command"])
        said = json.loads(run(*words, directory=root).out)
        if file["path"] == "waves.json":
            assert said | files["waves.json"] == said
        else:
            assert said == files[file["path"]], file["path"]


def test_there_is_a_file_for_every_kind(repository: Repository) -> None:
    files = twin(repository(OWN))
    kinds_of = {file["kind"]: file["path"] for file in files["index.json"]["files"] if "kind" in file}
    assert {*kinds_of} == {*kinds.shipped(), "waves"}
    (sea,) = files[kinds_of["waves"]]
    assert sea["entry"] == "waves:sea"
    assert all(len(files[path]) == 1 for path in kinds_of.values())


@pytest.mark.parametrize("schema", ["entries", "findings", "graph", "index", "matrix", "waves"])
def test_the_version_stands_in_each_schema(schema: str, repository: Repository) -> None:
    said = twin(repository(WHOLE))[f"schema/{schema}.json"]
    assert said["$id"] == f"urn:regcheck:api:1:{schema}"
    assert said["description"].endswith(".")
