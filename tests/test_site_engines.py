"""The site of this repository by both builders, compared; `regcheck site`; and the preview that follows."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from building import ENGINES, HERE
from conftest import Ran, Repository

PATIENCE = 10
"""Seconds until a preview that does not end is ended."""
WAIT = 60
"""Seconds that a preview may take to show a change, on a machine with much else to do."""
REGISTER = "register: machine\nentries:\n  - {id: old, role: frozen, name: %s}\n"
POLICY = re.compile(r'<head>\s*(?:<meta charset="utf-8">)?<meta http-equiv="Content-Security-Policy"[^>]*>')

each_engine = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """That of a person who has neither built anything yet nor is in a hook of Git's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CI"))}
    return kept | {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}


def ran(environment: dict[str, str], *words: str | Path, directory: Path = HERE) -> Ran:
    """What a module of Python says that is run with these words."""
    command = [sys.executable, "-P", "-m", *map(str, words)]
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


# --- the same site by both -----------------------------------------------------------


class Content(NamedTuple):
    """What stands in the content area of a page."""

    links: frozenset[str]
    anchors: frozenset[str]
    text: str
    """Without white space, of which one of them makes more."""


class _Reader(HTMLParser):
    """Reads what is between `<article class="md-content…">` and its end."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.words: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "article" and (self.depth or "md-content" in (said.get("class") or "")):
            self.depth += 1
        if self.depth:
            self.links |= {said[name] or "" for name in ("href", "src") if name in said}
            own = said.get("id") or ""
            self.anchors |= {own} if own and not own.startswith("__") else set()  # those are the builder's

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "article" and self.depth > 0

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.words.append(data)


def read(path: Path) -> Content:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    return Content(frozenset(reader.links), frozenset(reader.anchors), "".join("".join(reader.words).split()))


def pages(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*.html")}


def test_both_make_the_same_pages(built: dict[str, Path]) -> None:
    made = pages(built["mkdocs"])
    assert made == pages(built["zensical"])
    assert {"index.html", "404.html", "canon/architecture/adr-001-files-are-authoritative.html"} <= made


def test_both_make_the_same_links_and_texts(built: dict[str, Path]) -> None:
    for page in sorted(pages(built["mkdocs"]) - {"404.html"}):
        one, other = (read(built[engine] / page) for engine in ENGINES)
        assert one.text, page
        assert one == other, page


def test_both_have_one_page_for_what_is_not_found(built: dict[str, Path]) -> None:
    one, other = (POLICY.sub("", (built[engine] / "404.html").read_text()) for engine in ENGINES)
    assert one == other
    assert "There is no such page" in one
    assert re.findall(r'(?:href|src)="([^"]*)"', one) == ["data:,", "/index.html", "/index.html"]


def test_both_take_the_same_files_along(built: dict[str, Path]) -> None:
    one, other = (
        {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        for site in built.values()
    )
    ours = {path for path in one if path.startswith(("api/", "assets/regcheck/"))}
    assert {"api/index.json", "assets/regcheck/iframe-worker.js"} <= ours
    assert {path: one[path] for path in ours} == {
        path: data for path, data in other.items() if path.startswith(("api/", "assets/regcheck/"))
    }


@each_engine
def test_every_page_has_its_policy_first(built: dict[str, Path], engine: str) -> None:
    site = built[engine]
    assert [page for page in pages(site) if not POLICY.search((site / page).read_text("utf-8"))] == []


@each_engine
def test_nothing_comes_from_another_host(built: dict[str, Path], engine: str) -> None:
    site = built[engine]
    loads = re.compile(r'<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)="((?:https?:)?//[^"]*)"')
    assert {
        found for page in pages(site) for found in loads.findall((site / page).read_text("utf-8"))
    } == set()


@each_engine
def test_links_of_canon_lead_to_the_pages_of_registers(built: dict[str, Path], engine: str) -> None:
    found = read(built[engine] / "canon/architecture/adr-001-files-are-authoritative.html").links
    assert {"../../machines/coulombcore.html", "../../machines/workstation.html"} <= found


def test_mkdocs_alone_makes_the_same_site(
    built: dict[str, Path], environment: dict[str, str], tmp_path: Path
) -> None:
    done = ran(environment, "mkdocs", "build", "--strict", "--site-dir", tmp_path / "alone")
    assert done.status == 0, done.err
    one, other = built["mkdocs"], tmp_path / "alone"
    assert pages(one) == pages(other)
    assert [page for page in pages(one) if (one / page).read_bytes() != (other / page).read_bytes()] == []


# --- other repositories -----------------------------------------------------------------


@each_engine
def test_a_repository_with_registers_only(
    repository: Repository, environment: dict[str, str], engine: str
) -> None:
    hostile = '  - {id: "../../x", role: production, name: "<script>alert(1)</script>"}\n'
    root = repository({"registers/m.yaml": REGISTER % "Oldest" + hostile})
    before = {path for path in root.rglob("*") if ".git" not in path.parts}
    done = ran(environment, "regcheck", "site", "--engine", engine, directory=root)
    assert (done.status, done.err) == (0, "")
    site = root / "build/site"
    assert "Oldest" in read(site / "machines/old.html").text
    assert "<script>alert" not in "".join((site / page).read_text("utf-8") for page in pages(site))
    after = {path for path in root.rglob("*") if site not in path.parents and ".git" not in path.parts}
    assert after - before == {root / "build", site}
    assert ran(environment, "regcheck", "site", "--engine", engine, directory=root).status == 0


@each_engine
def test_a_complaint_of_the_builder_fails_the_site(
    repository: Repository, environment: dict[str, str], engine: str
) -> None:
    root = repository({"registers/m.yaml": REGISTER % "Old", "site/x.md": "# X\n\n[gone](nowhere.md)\n"})
    done = ran(environment, "regcheck", "site", "--engine", engine, directory=root)
    assert done.status == 1
    assert "x.md" in done.err
    assert "Traceback" not in done.err
    assert done.err.endswith(f"regcheck: {engine} did not build the site: see what it says above\n")
    assert not (root / "build/site").exists()
    lenient = ran(environment, "regcheck", "site", "--engine", engine, "--no-strict", directory=root)
    assert lenient.status == 0
    assert "x.md" in lenient.err
    assert (root / "build/site/x.html").exists()


def test_a_site_replaces_no_folder_but_its_own(repository: Repository, environment: dict[str, str]) -> None:
    root = repository({"registers/m.yaml": REGISTER % "Old", "full/mine": "x"})
    for into, says in (
        ("full", "is not empty"),
        (".", "would replace the whole"),
        ("full/mine", "no folder"),
    ):
        done = ran(environment, "regcheck", "site", "--into", into, directory=root)
        assert done.status == 2, into
        assert says in done.err
    assert (root / "full/mine").read_text() == "x"


@each_engine
def test_what_is_missing_ends_with_status_2(
    repository: Repository, environment: dict[str, str], engine: str
) -> None:
    root = repository(
        {"mkdocs.yml": "site_name: X\nplugins: [search]\n", "registers/m.yaml": REGISTER % "Old"}
    )
    words = ("regcheck", "site", "--engine", engine)
    done = ran(environment, *words, directory=root)
    assert done.status == 2
    assert done.err.endswith(
        "mkdocs.yml leaves out the pages of the fleet: add `regcheck` to its `plugins`\n"
    )
    (root / "mkdocs.yml").write_text("site_name: X\nplugins: [regcheck]\n")
    done = ran(environment, *words, directory=root)
    assert done.status == 2
    assert f"there is no folder {root / 'docs'}: make it, or name another `docs_dir` in " in done.err
    (root / "mkdocs.yml").write_text("site_name: X\ndocs_dir: .\nplugins: [regcheck]\n")
    done = ran(environment, *words, "--into", root.parent / "x", directory=root)
    assert (done.status, f"is the whole of {root}: name a folder in it" in done.err) == (2, True)
    (root / "registers/m.yaml").unlink()
    done = ran(environment, *words, directory=root)
    assert (done.status, done.err[:31]) == (2, "regcheck: no register found in ")


HOOK = "def on_env(env, **_):\n    raise KeyError('mine')\n"
OURS = "import regcheck.publishing.mkdocs_plugin as it\nit.assemble = None\n"


@pytest.mark.parametrize(
    ("hook", "status", "says"),
    [
        (HOOK, 1, "regcheck: mkdocs broke off with KeyError: 'mine': see what it says above\n"),
        (OURS, 3, "regcheck: mkdocs broke off with TypeError: 'NoneType' object is not callable\n"),
    ],
    ids=["in a hook of somebody's", "in regcheck"],
)
def test_a_builder_that_breaks_off(
    repository: Repository, environment: dict[str, str], hook: str, status: int, says: str
) -> None:
    root = repository(
        {
            "mkdocs.yml": "docs_dir: site\nsite_dir: out\nsite_name: X\nplugins: [regcheck]\nhooks: [h.py]\n",
            "h.py": hook,
            "site/index.md": "# X\n",
            "registers/m.yaml": REGISTER % "Old",
        }
    )
    done = ran(environment, "regcheck", "site", directory=root)
    assert says in done.err
    assert done.status == status
    assert ("Please report it to the maintainers of regcheck" in done.err) == (status == 3)


def test_zensical_that_breaks_off(repository: Repository, environment: dict[str, str]) -> None:
    configured = "docs_dir: site\nsite_name: X\ntheme: {name: readthedocs}\nplugins: [regcheck]\n"
    root = repository(
        {"mkdocs.yml": configured, "site/index.md": "# X\n", "registers/m.yaml": REGISTER % "Old"}
    )
    done = ran(environment, "regcheck", "site", "--engine", "zensical", directory=root)
    assert "regcheck: zensical broke off with " in done.err
    assert done.status == 1


@pytest.mark.parametrize(("engine", "package"), [("mkdocs", "regcheck[site]"), ("zensical", "zensical")])
def test_a_builder_that_is_not_installed(
    repository: Repository, environment: dict[str, str], engine: str, package: str
) -> None:
    root = repository({"registers/m.yaml": REGISTER % "Old"})
    hidden = f"import sys; sys.modules[{engine!r}] = None; from regcheck.__main__ import main; "
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"{hidden}sys.exit(main(['site', '--engine', {engine!r}]))"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"regcheck: `{engine}` is not installed, which builds the site: pip install '{package}'\n"
    )


# --- the preview ------------------------------------------------------------------------


@contextmanager
def served(root: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of a preview by `mkdocs serve`, for as long as it is needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    log = (root / "serve.log").open("w")
    with (
        log,
        subprocess.Popen(
            [sys.executable, "-P", "-m", "mkdocs", "serve", "--dev-addr", address],
            cwd=root,
            env=environment,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            yield f"http://{address}"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(PATIENCE)
            except (
                subprocess.TimeoutExpired
            ):  # a shell that runs in the background has its children ignore it
                process.kill()


def shows(address: str, text: str) -> bool:
    """Whether a page comes to show a text."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            with urlopen(address, timeout=WAIT) as answer:
                if text in answer.read().decode():
                    return True
        except (URLError, ConnectionError):
            pass
        time.sleep(0.1)
    return False


def says(root: Path, text: str) -> bool:
    """Whether a preview comes to say a text."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if text in (root / "serve.log").read_text():
            return True
        time.sleep(0.1)
    return False


def test_a_preview_follows_the_registers(repository: Repository, environment: dict[str, str]) -> None:
    shutil.copy(HERE / "src/regcheck/publishing/default.yml", repository({}) / "base.yml")
    root = repository(
        {
            "mkdocs.yml": "INHERIT: base.yml\nsite_name: Fleet\ndocs_dir: site\nsite_dir: built\n",
            "site/about.md": "# About\n\nby hand\n",
            "registers/m.yaml": REGISTER % "Earlier",
            "elsewhere.yaml": REGISTER % "Elsewhere",
            "regcheck.toml": 'registers = "registers/*.yaml"\n',
        }
    )
    with served(root, environment) as address:
        assert shows(f"{address}/machines/old.html", "Earlier")
        (root / "registers/m.yaml").write_text(REGISTER % "Later")
        assert shows(f"{address}/machines/old.html", "Later")
        (root / "registers/m.yaml").write_text("register: machine\nentries: {")  # half-written
        time.sleep(1)
        (root / "registers/m.yaml").write_text(REGISTER % "Latest")
        assert shows(f"{address}/machines/old.html", "Latest")
        (root / "regcheck.toml").write_text('registers = "elsewhere.yaml"\n')
        assert shows(f"{address}/machines/old.html", "Elsewhere")
        assert shows(f"{address}/about.html", "by hand")


def test_a_preview_follows_what_comes_and_goes(repository: Repository, environment: dict[str, str]) -> None:
    root = repository(
        {
            "mkdocs.yml": "site_name: Fleet\ndocs_dir: site\nsite_dir: built\nplugins: [regcheck]\n",
            "site/about.md": "# About\n",
            "registers/m.yaml": REGISTER % "First",
            "places/m.yaml": REGISTER % "Second",
        }
    )
    with served(root, environment) as address:
        page = f"{address}/machines/old.html"
        assert shows(page, "First")
        (root / "registers").rename(root / "away")
        assert says(root, "no register found")
        (root / "away").rename(root / "registers")
        assert says(root, "Reloading browsers")
        (root / "registers/m.yaml").write_text(REGISTER % "Restored")
        assert shows(page, "Restored")
        (root / "regcheck.toml").write_text('registers = "places/*.yaml"\n')
        assert shows(page, "Second")
        (root / "places/m.yaml").write_text(REGISTER % "Third")
        assert shows(page, "Third")
