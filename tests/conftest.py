"""What the tests share: small real repositories, and regcheck run in them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from building import ENGINES, build
from regcheck.__main__ import main
from regcheck.graph import FleetGraph
from regcheck.reading import read_fleet
from regcheck.settings import load_settings
from regcheck.trees import WorkTree

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IN_CI = bool(os.environ.get("CI"))
"""Whether nothing may be skipped."""
POWERLESS = () if os.geteuid() else ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""What a command begins with that may not read what its file mode forbids, whoever runs the tests."""

needs_modes = pytest.mark.skipif(
    bool(POWERLESS) and shutil.which("setpriv") is None, reason="root may read everything here"
)

Repository = Callable[[Mapping[str, str]], Path]
SmallFleet = Callable[..., FleetGraph]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the expected report of every case")


class Ran(NamedTuple):
    """What a run of regcheck came to."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No CI job, no Git hook and no earlier run plays a part in a test."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_", "CI_")) or name == "CI"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Write files (path to text) into a fresh folder, and return the folder."""

    def written(files: Mapping[str, str]) -> Path:
        (tmp_path / ".git").mkdir(exist_ok=True)  # what is above the folder plays no part
        for path, text in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        return tmp_path

    return written


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `regcheck` with these words, in the test's own folder or in another one."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "_ARGCOMPLETE", "REGCHECK_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)

    def ran(*argv: str | os.PathLike[str], directory: Path | None = None) -> Ran:
        capfd.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(directory or tmp_path)
            status = main([os.fspath(word) for word in argv])
        return Ran(status, *capfd.readouterr())

    return ran


def registers(text: str) -> dict[str, str]:
    """Register files from one text: a line `KIND:` for each, and below it its entries as YAML."""
    parts = re.split(r"^([a-z]+):$", text, flags=re.MULTILINE)
    kinds = zip(parts[1::2], parts[2::2], strict=True)
    return {f"registers/{kind}.yaml": f"register: {kind}\nentries:{body}" for kind, body in kinds}


@pytest.fixture
def fleet(repository: Repository) -> SmallFleet:
    """The graph of a fleet of such registers, with tasks `done`; a `sound` one has no problem."""

    def read(text: str, done: tuple[str, ...] = (), *, sound: bool = True) -> FleetGraph:
        root = str(repository(registers(text)))
        found = read_fleet(WorkTree(root), load_settings(WorkTree(root)))
        if sound:
            assert not [problem.message for problem in found.problems]
        return FleetGraph(found, frozenset(done))

    return read


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The site of this repository by each builder; a warning of either is an error."""
    folder = tmp_path_factory.mktemp("built")
    return {engine: build(engine, folder / engine, folder / "cache") for engine in ENGINES}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; with a module its last tab is closed, so that others may have a loop of events."""
    from browsing import CHROMIUM, chromium  # noqa: PLC0415  most tests need no browser

    if CHROMIUM is None:
        (pytest.fail if IN_CI else pytest.skip)("there is no `chromium` on PATH: apt-get install chromium")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(built: dict[str, Path]) -> Iterator[str]:
    """Where the site that MkDocs builds of this fleet is served."""
    from browsing import served  # noqa: PLC0415  most tests need no browser

    with served(built["mkdocs"]) as address:
        yield address
