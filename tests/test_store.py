"""What is kept between runs: true or not there, whoever writes into it and whenever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Run
from regcheck import store
from regcheck.check import check
from regcheck.reporting import json
from regcheck.store import Store
from regcheck.trees import WorkTree
from test_cases import ALL, TODAY, name_of
from test_trees_objects import CLEAN, DANGLING, committed, fleet, git

__all__ = ["fleet"]


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(str(tmp_path / "store"))


def answers(folder: Path) -> Iterator[Path]:
    """The files that hold answers."""
    yield from (path for path in sorted(folder.rglob("??/*")) if path.is_file())


def test_what_is_kept_is_there_again(kept: Store) -> None:
    assert kept.get("a", "b") is None
    kept.put(("a", "b"), b"one")
    assert kept.get("a", "b") == b"one"
    assert Store(kept.folder).get("a", "b") == b"one"
    assert kept.get("a", "c") is None
    assert kept.get("a\0b") == b"one"  # parts of names hold no NUL
    kept.put(("a", "b"), b"")
    assert kept.get("a", "b") == b""


@pytest.mark.parametrize("length", range(0, 38, 3))
def test_a_half_written_answer_is_none(kept: Store, length: int) -> None:
    kept.put(("a",), b"answer")
    (file,) = answers(Path(kept.folder))
    file.write_bytes(file.read_bytes()[:length])
    assert kept.get("a") is None
    kept.put(("a",), b"answer")
    assert kept.get("a") == b"answer"


def test_a_changed_answer_is_none_and_neither_is_one_under_another_name(kept: Store) -> None:
    kept.put(("a",), b"answer")
    kept.put(("b",), b"other")
    first, second = answers(Path(kept.folder))
    sealed = first.read_bytes()
    for at in range(len(sealed)):
        first.write_bytes(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
        assert {kept.get("a"), kept.get("b")} != {b"answer", b"other"}
    first.write_bytes(second.read_bytes())
    assert None in {kept.get("a"), kept.get("b")}


def test_an_answer_from_another_store_is_none(kept: Store, tmp_path: Path) -> None:
    other = Store(str(tmp_path / "other"))
    other.put(("a",), b"lie")
    (file,) = answers(Path(other.folder))
    place = Path(kept.folder) / file.relative_to(other.folder)
    place.parent.mkdir()
    file.rename(place)
    assert kept.get("a") is None


@pytest.mark.parametrize("what", ["", "short", "x" * 100, "a folder", "a pipe"])
def test_a_secret_that_is_none_is_made_anew(kept: Store, what: str) -> None:
    secret = Path(kept.folder) / "secret"
    secret.unlink()
    if what == "a folder":
        secret.mkdir()
    elif what == "a pipe":
        os.mkfifo(secret)
    else:
        secret.write_text(what)
    found = Store(kept.folder)
    found.put(("a",), b"one")
    assert bool(found) is (what != "a folder")
    assert Store(kept.folder).get("a") == (b"one" if found else None)


def test_a_pipe_in_the_place_of_an_answer_is_none(kept: Store) -> None:
    kept.put(("a",), b"one")
    (file,) = answers(Path(kept.folder))
    file.unlink()
    os.mkfifo(file)
    assert kept.get("a") is None


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_to_keeps_nothing(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    folder.chmod(mode)
    found = Store(str(folder))
    assert not found
    found.put(("a",), b"one")
    assert found.get("a") is None
    assert list(folder.iterdir()) == []


def test_a_store_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (str(tmp_path / "file"), str(tmp_path / "file" / "below"), None):
        found = Store(folder)
        found.put(("a",), b"one")
        assert (bool(found), found.get("a")) == (False, None)


def test_where_the_user_s_folder_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/x/cache")
    assert store.user_folder() == "/x/cache/regcheck"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert store.user_folder() == "/home/somebody/.cache/regcheck"
    monkeypatch.setenv("HOME", "nowhere")
    assert store.user_folder() is None


def test_what_was_not_asked_for_longest_goes_first(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10):
        kept.put((str(number),), bytes(100))
    for age, path in enumerate(answers(Path(kept.folder))):
        os.utime(path, (age, age))
    youngest = {path.name for path in list(answers(Path(kept.folder)))[-3:]}
    monkeypatch.setattr(store, "MOST_BYTES", 4 * (100 + store.SEAL_BYTES))
    monkeypatch.setattr(store, "TIDIED_EVERY", -1)
    kept.put(("new",), bytes(100))
    left = {path.name for path in answers(Path(kept.folder))}
    assert (len(left), youngest <= left, kept.get("new") is not None) == (4, True, True)


MANY = """
import sys
from regcheck.store import Store
kept = Store(sys.argv[1])
for number in range(200):
    name = str(number % 7)
    found = kept.get(name)
    assert found in (None, name.encode() * 1000), found
    kept.put((name,), name.encode() * 1000)
print(bool(kept))
"""


def test_several_processes_at_once_do_no_harm(tmp_path: Path) -> None:
    line = [sys.executable, "-c", MANY, str(tmp_path / "store")]
    running = [subprocess.Popen(line, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=60)[0] for process in running] == ["True\n"] * 4
    assert not [path for path in answers(tmp_path / "store") if "." in path.name]


# --- what was read of a file -----------------------------------------------------------


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(str(tmp_path_factory.mktemp("shared")))


@pytest.mark.parametrize("case", ALL, ids=name_of)
def test_what_was_kept_of_a_file_reads_as_the_file(
    case: Path, shared: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regcheck.reading.WORTH_KEEPING", 1)
    without = check(WorkTree(str(case)), today=TODAY)
    first, again = (check(WorkTree(str(case)), today=TODAY, store=shared) for _ in range(2))
    assert without.findings == first.findings == again.findings
    assert json.render(without) == json.render(again)

    def said(verdict: object) -> list[object]:
        return [
            (e.ref, e.values, e.links, e.position, [(e.at(n), e.at_key(n)) for n in e.values], e.workplan)
            for e in verdict.fleet  # type: ignore[attr-defined]
        ]

    assert said(without) == said(again)


def test_a_file_is_not_read_again(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regcheck.reading.WORTH_KEEPING", 1)
    case = next(case for case in ALL if case.parent.name == "undrained")
    check(WorkTree(str(case)), today=TODAY, store=kept)

    def fails(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("regcheck.reading.registers.Reader.read", fails)
    check(WorkTree(str(case)), today=TODAY, store=kept)
    with pytest.raises(AssertionError):
        check(WorkTree(str(case)), today=TODAY)


# --- what a whole check said -------------------------------------------------------------


def test_a_check_of_the_same_files_says_the_same_without_reading(fleet: Path, run: Run) -> None:
    git(fleet, "rm", "-q", "--cached", "registers/m.yaml")
    first = run("check", "--staged", directory=fleet)
    assert (first.status, first.out.splitlines()[0]) == (1, DANGLING)
    objects = sorted((fleet / ".git/objects").rglob("??/*"))
    hidden = [path.rename(path.with_suffix(".gone")) for path in objects]
    assert run("check", "--staged", directory=fleet) == first
    ran = run("check", "--staged", "--no-cache", directory=fleet)
    assert "unreadable-file" in ran.out
    for path in hidden:
        path.rename(path.with_suffix(""))


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "json"),
        ("--select", "schema"),
        ("--ignore", "unknown-reference"),
        ("--strict",),
        ("--statistics",),
        ("--today", "2030-01-01", "--statistics"),
        ("registers/w.yaml",),
        ("--color", "always"),
        ("--base", "HEAD"),
        ("--base", "HEAD", "--new-only"),
    ],
)
def test_every_option_has_its_own_answer(fleet: Path, run: Run, words: tuple[str, ...]) -> None:
    git(fleet, "rm", "-q", "--cached", "registers/m.yaml")
    plain = run("check", "--staged", directory=fleet)
    wanted = run("check", "--staged", *words, "--no-cache", directory=fleet)
    for _ in range(2):
        assert run("check", "--staged", *words, directory=fleet) == wanted
        assert run("check", "--staged", directory=fleet) == plain


def test_a_change_of_anything_is_seen(fleet: Path, run: Run) -> None:
    assert run("check", "--staged", directory=fleet) == (0, CLEAN, "")
    (fleet / "regcheck.toml").write_text("nope = 1\n")
    git(fleet, "add", ".")
    assert run("check", "--staged", directory=fleet).status == 2
    git(fleet, "rm", "-q", "-f", "regcheck.toml")
    (fleet / "registers/m.yaml").chmod(0o755)
    git(fleet, "add", ".")
    assert run("check", "--staged", directory=fleet) == (0, CLEAN, "")
    git(fleet, "rm", "-q", "-f", "registers/m.yaml")
    assert run("check", "--staged", directory=fleet).status == 1


def test_an_answer_that_is_no_longer_trusted(fleet: Path, run: Run) -> None:
    cache = Path(os.environ["XDG_CACHE_HOME"]) / "regcheck"
    for number in range(3):
        assert run("check", "--staged", directory=fleet) == (0, CLEAN, "")
        for path in answers(cache):
            sealed = path.read_bytes()
            path.write_bytes([sealed.replace(b"clean", b"claen"), sealed[:50], b""][number])
    (cache / "secret").write_bytes(b"mine")
    assert run("check", "--staged", directory=fleet) == (0, CLEAN, "")
    committed(fleet)
    assert not (fleet / "regcheck").exists()
    assert git(fleet, "status", "--short") == ""
