"""The generated pages by themselves, before any builder: complete, always the same, safe, and well linked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import markdown
import pytest

import hostile
from conftest import Repository
from linked import Read, dead
from regcheck.check import check
from regcheck.explaining.examples import examples
from regcheck.pages import MODULES, Asset, Page, Site, build, markup
from regcheck.pages.page import address
from regcheck.reading import kinds
from regcheck.trees import WorkTree
from sites import HERE, TODAY

WHOLE = {example.path: example.text for kind in kinds.shipped().values() for example in examples(kind)[1:2]}
"""A fleet with an entry of every kind; most of what they name is not there."""
ITSELF = """\
import sys
from hashlib import sha256
from regcheck.check import check
from regcheck.pages import Asset, Site, build
from regcheck.trees import WorkTree
for made in build(Site(check(WorkTree(sys.argv[1]), today=sys.argv[2]))):
    data = made.data if isinstance(made, Asset) else f"{made.front}{made.text}".encode("utf-8", "replace")
    print(made.path, sha256(data).hexdigest())
"""


@pytest.fixture(params=["ours", "every kind", "nothing but a machine", "hostile"])
def root(request: pytest.FixtureRequest, repository: Repository) -> Path:
    if request.param == "ours":
        return HERE
    least = {"registers/m.yaml": "register: machine\nentries:\n  - {id: one, role: production}\n"}
    return repository({"every kind": WHOLE, "hostile": hostile.files()}.get(request.param, least))


@pytest.fixture
def site(root: Path) -> Site:
    return Site(check(WorkTree(str(root)), today=TODAY))


def pages(site: Site) -> list[Page]:
    return [made for made in build(site) if isinstance(made, Page)]


def test_every_module_makes_something(repository: Repository) -> None:
    site = Site(check(WorkTree(str(repository(WHOLE))), today=TODAY))
    made = {name: [*import_module(f"regcheck.pages.{name}").pages(site)] for name in MODULES}
    assert [name for name, found in made.items() if not found] == []


def test_every_path_is_that_of_one_page_on_any_system(site: Site) -> None:
    paths = Counter(made.path.casefold() for made in build(site))
    assert [path for path, count in paths.items() if count > 1] == []
    assert [path for path in paths if not re.fullmatch(r"(?:[\w-]+/)*[\w.-]+", path)] == []


def test_they_are_the_same_under_every_hash_seed(root: Path) -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", ITSELF, root, TODAY],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert "index.md" in told[0]


class Runs(HTMLParser):
    """What of a page's text runs, or dresses itself without a style sheet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {name for name, _ in attrs if name.startswith("on") or name == "style"}
        if tag in ("style", "iframe", "object", "embed", "base") or (
            tag == "script" and "src" not in dict(attrs)
        ):
            self.found.add(tag)
        for name, value in attrs:
            if name in ("href", "src") and re.match(r"(?i)\s*(javascript|data|vbscript):", value or ""):
                self.found.add(str(value))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and data.strip():
            self.found.add(data)


def test_no_page_runs_anything_but_the_files_of_the_site(site: Site) -> None:
    found = {page.path: Runs(page.text).found for page in pages(site)}
    assert {path: told for path, told in found.items() if told} == {}


def test_what_runs_is_seen() -> None:
    html = '<p style="x" onclick="y"><script>z</script><script src="a.js"></script><a href=" JavaScript:b">'
    assert Runs(html).found == {"style", "onclick", "script", "z", " JavaScript:b"}


def test_every_link_among_them_leads_somewhere(site: Site) -> None:
    made = [*build(site)]
    read = {
        address(one.path): Read(
            markdown.markdown(
                f"# {markup.prose(one.title)}\n\n{one.text}", extensions=["toc", "tables", "fenced_code"]
            )
        )
        for one in made
        if isinstance(one, Page)
    }
    files = {*read, *(one.path for one in made if isinstance(one, Asset))}
    found = {path: [*dead(path, page, read, files)] for path, page in read.items()}
    assert {path: links for path, links in found.items() if links} == {}


def test_the_data_of_the_explorer_is_a_value_and_no_program(site: Site) -> None:
    (data,) = (
        made for made in build(site) if isinstance(made, Asset) and made.path.endswith("fleet-data.js")
    )
    text = data.data.decode()
    assert text.startswith("window.regcheckFleet")
    assert json.loads(text.partition("=")[2].strip().removesuffix(";"))
