"""`regcheck history` over commits and repositories of all sorts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from committing import commit, git, started
from conftest import Run
from moving_fleet import PLAN, TEXT, history, made, workloads


@pytest.fixture
def moving(tmp_path: Path) -> Path:
    return made(tmp_path / "fleet")


# --- as of its own day, by its own settings ---------------------------------------

EXCEPTION = """\
register: exception
entries:
  - {id: late, rule: missing-gate, entry: "workload:shop", reason: soon, rollback: back, expires: 2026-05-03}
"""


def test_a_commit_is_judged_as_of_its_own_day(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    files = PLAN | {"registers/w.yaml": workloads("new", "laptop"), "registers/x.yaml": EXCEPTION}
    commit(root, files, "Except", "2026-05-02")
    commit(root, {"README.md": "1"}, "The last day", "2026-05-03T23:59:59+00:00")
    commit(root, {"README.md": "2"}, "Over", "2026-05-04T00:00:00+00:00")
    assert history(run, root) == [
        ("Except", {"interactive_now": 1, "unproven": 1, "warnings": 1, "silenced": 1}, None),
        ("The last day", {"interactive_now": 1, "unproven": 1, "warnings": 1, "silenced": 1}, None),
        ("Over", {"interactive_now": 1, "unproven": 1, "errors": 1, "warnings": 2}, None),
    ]


def test_a_commit_is_judged_by_its_own_settings(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    commit(root, PLAN | {"registers/w.yaml": workloads("new", "laptop")}, "Register", "2026-05-01")
    commit(root, {"regcheck.toml": '[severity]\nmissing-gate = "error"\n'}, "Weigh", "2026-05-02")
    commit(root, {"regcheck.toml": 'ignore = ["missing-gate"]\n'}, "Ignore", "2026-05-03")
    commit(root, {"regcheck.toml": None}, "Neither", "2026-05-04")
    found = [figures for _, figures, _ in history(run, root)]
    rest = {"interactive_now": 1, "unproven": 1}
    assert found == [
        rest | {"warnings": 2},
        rest | {"errors": 1, "warnings": 1},
        rest | {"warnings": 1},
        found[0],
    ]


def test_the_folder_of_the_registers_may_be_renamed(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    commit(root, PLAN | {"registers/w.yaml": workloads("laptop", "old")}, "Register", "2026-05-01")
    git(root, "mv", "registers", "fleet")
    commit(root, {"regcheck.toml": 'registers = ["fleet/*.yaml"]\n'}, "Rename", "2026-05-02")
    figures = {"interactive_now": 1, "frozen": 1}
    assert history(run, root) == [("Register", figures, None), ("Rename", figures, None)]


def test_the_root_of_today_is_that_of_every_commit(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    files = PLAN | {"registers/w.yaml": workloads("laptop", "old")}
    commit(root, files, "At the top", "2026-05-01")
    git(root, "rm", "--quiet", "-r", "registers")
    below = {f".ops/{path}": text for path, text in files.items()}
    commit(root, below | {".ops/regcheck.toml": "", ".ops/notes/a": ""}, "Below", "2026-05-02")
    figures = {"interactive_now": 1, "frozen": 1}
    found = history(run, root / ".ops/notes")
    assert found == [("At the top", None, None), ("Below", figures, None)]
    assert history(run, root / ".ops/notes", "HEAD~1") == [("At the top", figures, None)]
    assert history(run, root) == [("At the top", figures, None), ("Below", None, None)]


# --- what is broken ---------------------------------------------------------------

BROKEN = {
    "settings": (
        {"regcheck.toml": "registers = \n"},
        (
            "regcheck.toml:1: this is not TOML: Invalid value (column 13): write a text in quotes,"
            " a list in brackets"
        ),
    ),
    "an unknown rule": (
        {"regcheck.toml": 'ignore = ["drain-cicle"]\n'},
        "regcheck.toml:1: there is no rule or group `drain-cicle`: did you mean `drain-cycle`?",
    ),
    "baseline": (
        {"regcheck-baseline.json": "{}"},
        (
            "regcheck-baseline.json:1: this is no baseline of regcheck, which begins with its `version`:"
            " mend it, or delete the file and run `regcheck check --write-baseline`"
        ),
    ),
    "registers": (
        dict.fromkeys((*PLAN, "registers/w.yaml"), "register: [\n"),
        (
            "registers/machines.yaml:1:1: this is not YAML: while parsing a flow node did not find"
            " expected node content"
        ),
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_skipped_and_counted(tmp_path: Path, run: Run, what: str) -> None:
    root = started(tmp_path / "r")
    broken, why = BROKEN[what]
    files = PLAN | {"registers/w.yaml": workloads("laptop", "old")}
    commit(root, files, "Good", "2026-05-01")
    commit(root, broken, "Bad", "2026-05-02")
    commit(root, {"README.md": ""}, "Still bad", "2026-05-03")
    commit(root, {path: files.get(path) for path in broken}, "Good again", "2026-05-04")
    figures = {"interactive_now": 1, "frozen": 1}
    assert history(run, root) == [
        ("Good", figures, None),
        ("Bad", None, why),
        ("Still bad", None, why),
        ("Good again", figures, None),
    ]
    told = run("history", directory=root).out
    assert "\n… 1 commit without a change, 2 skipped\n" in told
    oid = git(root, "rev-parse", "HEAD~2")[:8]
    assert told.endswith(
        "\n\n2 commits were skipped, because nothing can be counted there:\n"
        f"  2026-05-02  {oid} and 1 more  {why}\n"
    )


def test_of_many_reasons_the_first_are_told(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    for number in range(1, 6):
        commit(root, {"regcheck.toml": f"k{number} = 1\n"}, "Bad", "2026-05-01")
    ran = run("history", directory=root)
    assert (ran.status, ran.err) == (0, "")
    first, *lines = ran.out.splitlines()[1:]
    assert first == "… 5 commits skipped"
    assert lines[1] == "5 commits were skipped, because nothing can be counted there:"
    assert [line.split("  ")[-1].partition(":1: ")[2].partition(":")[0] for line in lines[2:5]] == [
        "there is no setting `k1`",
        "there is no setting `k2`",
        "there is no setting `k3`",
    ]
    assert lines[5:] == ["  … 2 more reasons: see --format json"]


def test_a_file_that_cannot_be_read_does_not_look_like_progress(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    files = PLAN | {"registers/w.yaml": workloads("laptop", "old")}
    commit(root, files, "Whole", "2026-05-01")
    commit(root, files | {"registers/w.yaml": "register: [\n"}, "Partly", "2026-05-02")
    commit(root, files, "Again", "2026-05-03")
    whole = {"interactive_now": 1, "frozen": 1}
    why = (
        "registers/w.yaml:1:1: this is not YAML: while parsing a flow node did not find expected node content"
    )
    assert history(run, root) == [("Whole", whole, None), ("Partly", None, why), ("Again", whole, None)]


# --- repositories of all sorts ----------------------------------------------------


def test_a_bare_repository_tells_the_same(moving: Path, tmp_path: Path, run: Run) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(moving), "bare.git")
    assert run("history", directory=tmp_path / "bare.git") == (0, TEXT, "")


def test_a_shallow_clone_tells_what_is_there(moving: Path, tmp_path: Path, run: Run) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=4", f"file://{moving}", "clone")
    ran = run("history", directory=tmp_path / "clone")
    assert ran.err == (
        "regcheck: this shallow clone knows no commit before 73810b1d7d2a, so the history begins late:"
        " fetch all of it (`git fetch --unshallow`)\n"
    )
    assert ran.out.splitlines()[:3] == [
        TEXT.splitlines()[0],
        "2026-05-04  73810b1d    1       0        0       1        0       0         0         0  Do without",
        TEXT.splitlines()[4],
    ]
    assert "\nsince 2026-05-04: 1 → 0 production nodes" in ran.out
    assert run("history", "--max=3", directory=tmp_path / "clone").err == ""
    assert run("history", "--since=2026-05-05", directory=tmp_path / "clone").err == ""


def test_of_a_merge_only_the_first_parent_is_followed(moving: Path, run: Run) -> None:
    git(moving, "checkout", "--quiet", "-b", "side", "main~2")
    commit(moving, {"registers/workloads.yaml": workloads("laptop", "laptop")}, "Aside", "2026-05-08")
    git(moving, "checkout", "--quiet", "main")
    git(
        moving,
        "merge",
        "--quiet",
        "--no-ff",
        "--strategy=ours",
        "-m",
        "Take it in",
        "side",
        when="2026-05-09",
    )
    assert [subject for subject, _, _ in history(run, moving, "--max=3")] == [
        "=Move the mail",
        "Program",
        "Take it in",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "there is no revision `nowhere` in {root}: see `git log --all`"),
        (["--since=2027-01-01"], "no commit is as late as 2027-01-01: the latest is of 2026-05-07"),
        (["HEAD~7"], "1 commit was looked at, and none has a register: {hint}"),
        (["-C", "missing"], "there is no folder `missing`"),
    ],
)
def test_what_cannot_be_told_is_said(moving: Path, run: Run, words: list[str], message: str) -> None:
    hint = "put files into registers/, or name their globs in regcheck.toml"
    said = message.format(root=moving, hint=hint)
    assert run("history", *words, directory=moving) == (2, "", f"regcheck: {said}\n")


def test_the_latest_day_is_told_where_the_last_commit_claims_to_be_the_first(moving: Path, run: Run) -> None:
    commit(moving, {"README": "later"}, "By a clock without a battery", "1970-01-01")
    said = "no commit is as late as 2030-01-01: the latest is of 2026-05-07"
    assert run("history", "--since=2030-01-01", directory=moving) == (2, "", f"regcheck: {said}\n")


@pytest.mark.parametrize(
    "word", ["--max=0", "--max=-1", "--max=1.5", "--max=\u0663", "--since=May", "--since=2026-02-30"]
)
def test_wrong_words_are_refused(run: Run, word: str) -> None:
    ran = run("history", word)
    assert (ran.status, ran.out) == (2, "")
    option, _, value = word.partition("=")
    what = "no number of commits" if option == "--max" else "not a date (YYYY-MM-DD)"
    assert ran.err.endswith(f"regcheck history: error: argument {option}: `{value}` is {what}\n")


def test_before_the_first_commit_there_is_nothing(tmp_path: Path, run: Run) -> None:
    root = started(tmp_path / "r")
    said = "there is no revision `HEAD`: nothing has been committed yet"
    assert run("history", directory=root) == (2, "", f"regcheck: {said}\n")


def test_without_git_there_is_no_history(tmp_path: Path, run: Run) -> None:
    ran = run("history", directory=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"regcheck: {tmp_path} is in no Git repository: run this in one")


def test_inherited_variables_lead_nowhere_else(
    moving: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = started(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", f"{other}/.git")
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert run("history", directory=moving) == (0, TEXT, "")


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_answer_is_the_same_under_every_hash_seed(moving: Path, seed: str) -> None:
    line = [sys.executable, "-m", "regcheck", "history", "--no-cache"]
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(line, cwd=moving, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == TEXT
