"""The machine-readable twin: the JSON of the command line as files of the site, with their schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from regcheck import __version__, drawing, reporting, twin
from regcheck.graph import NOW, TARGET
from regcheck.pages.page import Asset, file_name
from regcheck.pages.site import Site
from regcheck.reporting import View

VERSION = 1
"""Of the files and their schemas; within it nothing is renamed or left out."""
FOLDER = "api"
GRAPHS = (
    ("graph-drain", "drain", NOW),
    ("graph-tasks", "tasks", NOW),
    ("graph-runtime-now", "runtime", NOW),
    ("graph-runtime-target", "runtime", TARGET),
)
NAMES = frozenset({"index", "findings", "matrix", "waves", *(name for name, _, _ in GRAPHS)})
"""What no kind's file can be called."""


class _Answer(NamedTuple):
    """One file, and what the index says of it."""

    name: str
    text: str
    schema: str
    about: dict[str, str]


def pages(site: Site) -> Iterator[Asset]:
    """The files, the index that lists them, and the schemas."""
    answers = [*_answers(site)]
    for answer in answers:
        yield Asset(f"{FOLDER}/{answer.name}.json", answer.text.encode())
    listed = [
        {"path": f"{answer.name}.json", "schema": f"schema/{answer.schema}.json", **answer.about}
        for answer in answers
    ]
    index = {"version": VERSION, "regcheck": __version__, "files": listed}
    yield Asset(f"{FOLDER}/index.json", (json.dumps(index, indent=1) + "\n").encode())
    for file in sorted(files(__package__).joinpath("schemas").iterdir(), key=lambda file: file.name):
        yield Asset(f"{FOLDER}/schema/{file.name}", file.read_bytes())


def _answers(site: Site) -> Iterator[_Answer]:
    for kind in site.fleet.kinds.values():
        found = [entry for entry in site.fleet if entry.kind is kind]
        about = {"kind": kind.name, "command": f"regcheck list {kind.name} --format json"}
        yield _Answer(file_name(kind.name, NAMES), twin.entries(found), "entries", about)
    for name, view, state in GRAPHS:
        text = drawing.FORMATS["json"](drawing.VIEWS[view](site.graph, state))
        command = f"regcheck graph --view {view} --state {state} --format json"
        yield _Answer(name, text, "graph", {"view": view, "state": state, "command": command})
        if view == "drain":
            yield _Answer("waves", _waves(json.loads(text)), "waves", {"command": command})
    about = {"command": "regcheck simulate --matrix --format json"}
    yield _Answer("matrix", twin.matrix(site.graph), "matrix", about)
    about = {"command": "regcheck check --format json"}
    yield _Answer("findings", reporting.FORMATS["json"](site.verdict, View()), "findings", about)


def _waves(drain: dict[str, Any]) -> str:
    """The part of the drain's graph that is its order."""
    return json.dumps({name: drain[name] for name in ("version", "waves", "critical_path")}, indent=1) + "\n"
