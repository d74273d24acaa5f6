"""What the tests share: small real repositories, and regcheck run in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from regcheck.__main__ import main

Repository = Callable[[Mapping[str, str]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the expected report of every case")


class Ran(NamedTuple):
    """What a run of regcheck came to."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


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
