"""What the plugin does in a shorter way is what MkDocs does with the same files, to the byte."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import hostile
from building import HERE, build
from conftest import Repository
from regcheck.check import check
from regcheck.pages import Page, Site
from regcheck.pages import build as build_pages
from regcheck.publishing import configuration
from regcheck.publishing.ahead import Ahead
from regcheck.publishing.assemble import Assembly, Notes, Source, assemble, write
from regcheck.publishing.stash import kept_aside
from regcheck.trees import WorkTree
from sites import TODAY

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def told_nothing(_: str) -> None:
    pass


def assembled(root: Path) -> Assembly:
    return assemble(Source(str(root), str(root / "site")), Notes(told_nothing, told_nothing))


def the_long_way(root: Path, work: Path, **settings: object) -> Path:
    """The site as MkDocs builds it of the written files, without the plugin."""
    assembly = assembled(root)
    write(str(work / "docs"), assembly.files())
    said = configuration.said(configuration.configuration_file(str(root)))
    told = configuration.for_zensical(assembly, configuration.default_file(), said)
    told |= {"plugins": ["search", "offline"], "site_name": said.get("site_name") or told["site_name"]}
    told["extra"] |= {"generator": False}
    told |= settings
    configuration.write(str(work / "mkdocs.yml"), told)
    words = ["build", "-q", "-f", str(work / "mkdocs.yml"), "-d", str(work / "site")]
    command = [sys.executable, "-m", "mkdocs", *words]
    subprocess.run(command, check=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"})
    return work / "site"


def pages(site: Path) -> dict[str, str]:
    found = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")}
    return {path: POLICY.sub("", text) for path, text in found.items() if path != "404.html"}


@pytest.fixture(params=("this repository", "a hostile fleet", "titles"))
def root(request: pytest.FixtureRequest, repository: Repository) -> Path:
    if request.param == "this repository":
        return HERE
    if request.param == "a hostile fleet":
        return repository(hostile.files())
    names = (
        "Findings",
        "All fields",
        "rckept-name",
        "Rckept Title",
        "rckept-title",
        "",
        "ü",
        "a\tb  c",
        "<b>",
        "R&D",
    )
    entries = "".join(f"  - {{id: m{at}, role: frozen, name: {name!r}}}\n" for at, name in enumerate(names))
    return repository({"registers/m.yaml": f"register: machine\nentries:\n{entries}"})


def test_a_page_is_what_mkdocs_makes_of_its_markdown(root: Path, tmp_path: Path) -> None:
    cache = Path(os.environ["XDG_CACHE_HOME"])  # the history is judged once
    ours = pages(build("mkdocs", tmp_path / "ours", cache, root))
    theirs = pages(the_long_way(root, tmp_path))
    assert sorted(ours) == sorted(theirs)
    assert [path for path, text in ours.items() if text != theirs[path]] == []


SETTINGS: dict[str, dict[str, object]] = {
    "shallow contents": {"markdown_extensions": [{"toc": {"permalink": True, "toc_depth": "2-3"}}]},
    "lower headings": {"markdown_extensions": [{"toc": {"permalink": True, "baselevel": 2}}]},
    "an address": {"site_url": "https://example.net/sub/path/", "nav": [{"M": "machines/index.md"}]},
    "words of the frames": {"site_name": "Rckept rckept-title rckept-name"},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_page_is_that_whatever_the_settings(
    settings: dict[str, object], repository: Repository, tmp_path: Path
) -> None:
    names = ("Findings", "中文", "a b")
    entries = "".join(f"  - {{id: {name}, role: frozen, name: {name!r}}}\n" for name in names)
    docs = {"site/x.md": "# X\n"}
    root = repository({"registers/m.yaml": f"register: machine\nentries:\n{entries}", **docs})
    theirs = pages(the_long_way(root, tmp_path / "long", **settings))
    own = {"INHERIT": configuration.default_file(), "site_name": "X", "docs_dir": "site", **settings}
    configuration.write(str(root / "mkdocs.yml"), own | {"site_name": settings.get("site_name", root.name)})
    ours = pages(build("mkdocs", tmp_path / "ours", Path(os.environ["XDG_CACHE_HOME"]), root))
    assert [path for path, text in ours.items() if text != theirs[path]] == []


def test_what_is_kept_aside_comes_back(root: Path) -> None:
    site = Site(check(WorkTree(str(root)), today=TODAY))
    for page in build_pages(site):
        if isinstance(page, Page):
            kept = kept_aside(page.text)
            assert kept.put_back(kept.in_words(kept.skeleton)).split() == page.text.split(), page.path


# --- ahead -------------------------------------------------------------------------


class Broken(Exception):
    pass


def where(name: str) -> tuple[str, int]:
    return name, os.getpid()


def test_a_second_process_writes_in_any_order_in_which_it_is_asked() -> None:
    names = [f"page {number}" for number in range(40)]
    written = Ahead(where, names)
    found = [written(name) for name in reversed(names)]
    assert [name for name, _ in found] == names[::-1]
    assert {process for _, process in found} != {os.getpid()} or len(os.sched_getaffinity(0)) == 1


def test_what_nobody_announced_is_written_too() -> None:
    written = Ahead(where, ["a"])
    assert written("b") == ("b", os.getpid())
    assert written("a")[0] == "a"


def test_where_it_must_not_be_there_is_no_second_process() -> None:
    assert Ahead(where, ["a"], apart=False)("a") == ("a", os.getpid())


def test_an_error_of_the_second_process_is_one_of_this() -> None:
    def breaks(name: str) -> str:
        if name == "b":
            raise Broken(name)
        return name

    written = Ahead(breaks, "abc")
    assert written("a") == "a"
    with pytest.raises(Broken, match="b"):
        written("b")
    assert written("c") == "c"


def test_a_second_process_that_dies_is_not_missed() -> None:
    here = os.getpid()

    def dies(name: str) -> str:
        if name == "b" and os.getpid() != here:
            os.kill(os.getpid(), 9)
        return name

    written = Ahead(dies, "abc")
    assert [written(name) for name in "abc"] == ["a", "b", "c"]


def test_what_nobody_asks_for_keeps_nobody_waiting() -> None:
    start = time.monotonic()
    code = (
        "from regcheck.publishing.ahead import Ahead\n"
        "written = Ahead(lambda name: name * 100_000, map(str, range(1_000_000)))\n"
        "written('0')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert time.monotonic() - start < 60
