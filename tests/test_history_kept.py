"""What `regcheck history` keeps for the next run, and what it does not judge twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from committing import commit, git, started
from conftest import Run
from moving_fleet import PLAN, TEXT, made, workloads
from regcheck.history.judging import Judging
from regcheck.store import Memory, Store
from regcheck.trees.commits import first_parents
from regcheck.trees.git import Git
from regcheck.trees.objects import Objects


@pytest.fixture
def moving(tmp_path: Path) -> Path:
    return made(tmp_path / "fleet")


def blobs(root: Path) -> Iterator[Path]:
    """The files in which Git has the contents of files."""
    said = git(root, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")
    for line in said.splitlines():
        kind, oid = line.split()
        if kind == "blob":
            yield root / ".git/objects" / oid[:2] / oid[2:]


def cached() -> list[Path]:
    """The answers in the cache."""
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "regcheck"
    return sorted(path for path in folder.glob("??/*") if path.is_file())


def test_the_second_run_reads_no_file(moving: Path, run: Run) -> None:
    assert run("history", directory=moving) == (0, TEXT, "")
    for file in blobs(moving):
        file.unlink()
    assert run("history", directory=moving) == (0, TEXT, "")
    # Without the cache it would have had to: and what is found out so is no answer to keep.
    assert run("history", "--no-cache", directory=moving).out != TEXT
    shutil.rmtree(Path(os.environ["XDG_CACHE_HOME"]) / "regcheck")
    assert run("history", directory=moving).out != TEXT
    assert len(cached()) == 1, "of the commit without registers, in which nothing was to be read"


def test_an_answer_that_was_tampered_with_is_none(moving: Path, run: Run) -> None:
    run("history", directory=moving)
    kept = {path: path.read_bytes() for path in cached()}
    assert len(kept) == 8
    for path, data in kept.items():
        path.write_bytes(data.replace(b"[1,", b"[7,").replace(b" 0,", b" 7,") + b" ")
    assert run("history", directory=moving) == (0, TEXT, "")
    assert {path: path.read_bytes() for path in cached()} == kept


def test_nothing_is_kept_where_nobody_wants_it(moving: Path, run: Run) -> None:
    assert run("history", "--no-cache", directory=moving) == (0, TEXT, "")
    assert not (Path(os.environ["XDG_CACHE_HOME"]) / "regcheck").exists()


def judged(root: Path) -> tuple[list[Any], int]:
    """The points of a history, and how many checks they took."""
    door = Git(str(root))
    judging = Judging(door, "", Store(None))
    return list(judging.points(first_parents(door, "HEAD"), lambda _: None)), judging.judged


def test_what_has_not_changed_is_not_judged_again(tmp_path: Path) -> None:
    root = started(tmp_path / "r")
    commit(
        root,
        PLAN | {"registers/w.yaml": workloads("laptop", "old"), "src/a.py": ""},
        "Register",
        "2026-05-01",
    )
    commit(root, {"src/a.py": "pass\n"}, "Program", "2026-05-01")
    points, checks = judged(root)
    assert (len({point.figures for point in points}), checks) == (1, 1)
    commit(root, {"registers/w.yaml": workloads("new", "old")}, "Move", "2026-05-01")
    commit(root, {"src/a.py": "1\n"}, "The next day", "2026-05-02")
    commit(root, {"src/b.py": ""}, "There may be a link to it", "2026-05-02")
    assert judged(root)[1] == 4


def test_a_memory_forgets_what_was_not_asked_for_longest() -> None:
    memory = Memory(10)
    for name in "abc":
        memory.put((name,), b"1234")
        memory.get("a")
    assert [memory.get(name) for name in "abc"] == [b"1234", None, b"1234"]
    memory.put(("a",), b"1")
    memory.put(("d",), b"12345")
    assert [memory.get(name) for name in "acd"] == [b"1", b"1234", b"12345"]
    memory.put(("e",), b"12345678901")
    assert [memory.get(name) for name in "acde"] == [None, None, None, None]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"read": "2"}, False),
        ({"unread": "2"}, True),
        ({"more": ""}, False),
        ({"unread": None}, False),
    ],
)
def test_a_tree_answers_like_another_where_nothing_that_was_read_differs(
    tmp_path: Path, change: dict[str, str | None], *, same: bool
) -> None:
    root = started(tmp_path / "r")
    commit(root, {"read": "1", "unread": "1"}, "A", "2026-05-01")
    (root / "link").symlink_to("read")
    commit(root, {}, "B", "2026-05-01")
    before = Objects.of_revision(Git(str(root)), "HEAD")
    assert before.read("link") == b"1"
    commit(root, change, "C", "2026-05-01")
    assert Objects.of_revision(Git(str(root)), "HEAD").answers_like(before) is same


def test_a_link_that_leads_elsewhere_is_another_answer(tmp_path: Path) -> None:
    root = started(tmp_path / "r")
    (root / "link").symlink_to("one")
    commit(root, {"one": "", "two": ""}, "A", "2026-05-01")
    before = Objects.of_revision(Git(str(root)), "HEAD")
    (root / "link").unlink()
    (root / "link").symlink_to("two")
    commit(root, {}, "B", "2026-05-01")
    assert not Objects.of_revision(Git(str(root)), "HEAD").answers_like(before)


CRASHING = """\
from regcheck.model import Severity
from regcheck.rule import rule

@rule(severity=Severity.WARNING, since="1.0")
def bad_day(fleet, report):
    \"\"\"A day.\"\"\"
    shop = fleet.fleet.of("workload").get("shop")
    if shop and shop.get("current_host") == ["new"]:
        raise ValueError("oh")
    yield report(next(iter(fleet.fleet)).position, "a day")
"""


def test_a_rule_that_crashes_is_no_reason_to_skip(moving: Path, tmp_path: Path) -> None:
    brought = tmp_path / "brought"
    (brought / "bad-1.dist-info").mkdir(parents=True)
    (brought / "bad-1.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: bad\nVersion: 1\n")
    (brought / "bad-1.dist-info/entry_points.txt").write_text("[regcheck.rules]\nbad-day = bad:bad_day\n")
    (brought / "bad.py").write_text(CRASHING)
    path = os.pathsep.join([str(brought), *filter(None, [os.environ.get("PYTHONPATH")])])
    line = [sys.executable, "-m", "regcheck", "history"]

    def told(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            [*line, *words], cwd=moving, env=environment, capture_output=True, text=True, check=False
        )

    done = told()
    assert (done.returncode, done.stdout) == (3, "")
    about, crash, *_ = done.stderr.splitlines()
    assert about == "regcheck: this is about the commit 98450f1376168c70986b92eb55dff35ed855956c:"
    assert (
        crash
        == "regcheck: the custom rule bad-day of bad 1 (entry point `bad:bad_day`) crashed: ValueError: oh"
    )
    assert (
        "2026-05-02  7506cea1    1       0        0       1        0       0         1"
        in told("main~4").stdout
    )
    assert cached() == [], "its code may change at any time"
