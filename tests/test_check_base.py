"""`--base`: what is new, what only a comparison shows, and where the base comes from in CI."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Repository, Run
from test_trees_objects import CLEAN, MACHINES, WORKLOADS, committed, git

OLD = "registers/o.yaml"
NEW = "registers/n.yaml"
KINDLESS = "register: snik\n"


@pytest.fixture
def fleet(repository: Repository) -> Path:
    """A commit with one finding."""
    return committed(repository({"registers/m.yaml": MACHINES, "registers/w.yaml": WORKLOADS, OLD: KINDLESS}))


def test_each_finding_is_new_or_not(fleet: Path, run: Run) -> None:
    (fleet / NEW).write_text(KINDLESS)
    ran = run("check", "--base", "HEAD", directory=fleet)
    assert ran.status == 1
    first, second, summary = ran.out.split("\n\n")
    assert first.startswith(f"{NEW}:1:11: error[unknown-kind]")
    assert first.endswith("\n  note: this is new: the base revision did not have it")
    assert second.startswith(f"{OLD}:1:11: error[unknown-kind]")
    assert "this is new" not in second
    assert summary == "2 errors (1 new) in 4 files with 2 entries\n"
    found = json.loads(run("check", "--base", "HEAD", "--format", "json", directory=fleet).out)
    assert [finding["new"] for finding in found["findings"]] == [True, False]
    sarif = json.loads(run("check", "--base", "HEAD", "--format", "sarif", directory=fleet).out)
    assert [r["baselineState"] for r in sarif["runs"][0]["results"]] == ["new", "unchanged"]
    assert "new" not in json.loads(run("check", "--format", "json", directory=fleet).out)["findings"][0]


def test_only_what_is_new(fleet: Path, run: Run) -> None:
    ran = run("check", "--base", "HEAD", "--new-only", directory=fleet)
    assert ran == (0, "clean: 3 files with 2 entries; 1 old finding left out\n", "")
    (fleet / NEW).write_text(KINDLESS)
    git(fleet, "add", ".")
    for words in ((), ("--staged",)):
        ran = run("check", *words, "--base", "HEAD", "--new-only", directory=fleet)
        assert (ran.status, ran.out.splitlines()[-1]) == (
            1,
            "1 error (1 new) in 4 files with 2 entries; 1 old finding left out",
        )
    found = json.loads(run("check", "--base", "HEAD", "--new-only", "--format", "json", directory=fleet).out)
    assert (len(found["findings"]), found["summary"]["old"]) == (1, 1)


def test_a_finding_that_only_moved_is_not_new_and_a_second_one_is(fleet: Path, run: Run) -> None:
    row = "  - {id: x, environment: staging, current_host: zz, target_host: a}\n"
    (fleet / "registers/w.yaml").write_text(WORKLOADS + row)
    (fleet / OLD).unlink()
    git(fleet, "commit", "-q", "-a", "-m", "two")
    (fleet / "registers/w.yaml").write_text("# moved\n" + WORKLOADS + row)
    new_only = ("-C", fleet, "check", "--base", "HEAD", "--new-only", "--select", "unknown-reference")
    assert run(*new_only).out == "clean: 2 files with 3 entries; 1 old finding left out\n"
    twice = row.replace("current_host: zz", "current_host: [zz, zz]")
    (fleet / "registers/w.yaml").write_text(WORKLOADS + twice)
    assert run(*new_only).out.splitlines()[-1] == (
        "1 error (1 new) in 2 files with 3 entries; 1 old finding left out"
    )


def test_what_others_still_need_is_told_where_they_need_it(fleet: Path, run: Run) -> None:
    (fleet / "registers/m.yaml").unlink()
    ran = run("check", "--base", "HEAD", "--new-only", directory=fleet)
    assert ran.out.splitlines()[:4] == [
        "registers/w.yaml:3:49: error[unknown-reference]: there is no machine `a`",
        "  3 │   - {id: w, environment: staging, current_host: a, target_host: a}",
        "    ╵                                                 ^",
        "  help: it was in the base revision, at registers/m.yaml:3: put it back, or let go of it here",
    ]


def test_the_base_has_another_root_of_settings_or_none(fleet: Path, run: Run) -> None:
    (fleet / "sub/registers").mkdir(parents=True)
    (fleet / "sub/regcheck.toml").write_text("")
    (fleet / "sub/registers/o.yaml").write_text(KINDLESS)
    ran = run("check", "--base", "HEAD", directory=fleet / "sub")
    assert ran.out.splitlines()[-1] == "1 error (1 new) in 1 file with 0 entries"


def test_broken_settings_in_the_base(fleet: Path, run: Run) -> None:
    (fleet / "regcheck.toml").write_text("nope = 1\n")
    git(fleet, "add", ".")
    git(fleet, "commit", "-q", "-m", "two")
    (fleet / "regcheck.toml").write_text("")
    ran = run("check", "--base", "HEAD", directory=fleet)
    # What mends them must not be refused for them.
    assert (ran.status, ran.err.count("nope")) == (1, 1)
    assert ran.err.startswith("regcheck: the base revision does not decide how to judge: regcheck.toml:1: ")
    assert ran.out.endswith("1 error (0 new) in 3 files with 2 entries\n")


@pytest.mark.parametrize("option", ["--new-only", "--trust-base"])
def test_options_that_need_a_base(fleet: Path, run: Run, option: str) -> None:
    ran = run("check", option, directory=fleet)
    assert ran.status == 2
    assert "name it (--base REV)" in ran.err


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_base_that_is_empty_is_refused(
    fleet: Path, run: Run, monkeypatch: pytest.MonkeyPatch, ci: str
) -> None:
    """A variable of a CI job that is not set must not mean: compare with nothing."""
    monkeypatch.setenv("CI", ci)
    assert run("check", "--base", "", directory=fleet) == (2, "", "regcheck: `` is no revision\n")


def test_the_first_base_counts_that_says_anything(fleet: Path, run: Run) -> None:
    (fleet / NEW).write_text(KINDLESS)
    git(fleet, "checkout", "-q", "--orphan", "empty")
    git(fleet, "rm", "-rfq", ".")
    git(fleet, "commit", "-q", "--allow-empty", "-m", "nothing")
    git(fleet, "checkout", "-q", "main")
    (fleet / NEW).write_text(KINDLESS)
    ends = {
        ("empty",): "2 errors (2 new) in 4 files with 2 entries",
        ("empty", "main"): "2 errors (1 new) in 4 files with 2 entries",
        ("main", "empty"): "2 errors (1 new) in 4 files with 2 entries",
        ("empty", "empty"): "2 errors (2 new) in 4 files with 2 entries",
    }
    for revs, said in ends.items():
        words = [word for rev in revs for word in ("--base", rev)]
        assert run("check", *words, directory=fleet).out.splitlines()[-1] == said, revs


# --- in CI ------------------------------------------------------------------------


@pytest.fixture
def clone(fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone on a branch of its own, in a CI job."""
    git(fleet, "clone", "-q", fleet, tmp_path / "clone")
    clone = tmp_path / "clone"
    git(clone, "checkout", "-q", "-b", "topic")
    (clone / NEW).write_text(KINDLESS)
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "topic")
    monkeypatch.setenv("CI", "true")
    return clone


def news(run: Run, folder: Path, *words: str) -> str:
    return run("check", *words, directory=folder).out.splitlines()[-1]


ONE_NEW = "2 errors (1 new) in 4 files with 2 entries"


def test_in_ci_the_base_is_where_the_branch_began(clone: Path, fleet: Path, run: Run) -> None:
    assert news(run, clone) == ONE_NEW
    (fleet / OLD).unlink()
    git(fleet, "commit", "-q", "-a", "-m", "later")
    git(clone, "fetch", "-q")
    assert news(run, clone) == ONE_NEW  # what has come to the branch since plays no part


def test_in_ci_the_branch_that_a_change_is_for(
    clone: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(clone, "push", "-q", "origin", "topic:release")
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "release")
            git(clone, "commit", "-q", "--allow-empty", "-m", "on top")
            assert news(run, clone) == "2 errors (0 new) in 4 files with 2 entries"


def test_in_ci_on_the_default_branch_itself(clone: Path, run: Run) -> None:
    git(clone, "push", "-q", "--force", "origin", "topic:topic")
    git(clone, "checkout", "-q", "-B", "main", "topic")
    git(clone, "update-ref", "refs/remotes/origin/main", "topic")
    assert news(run, clone) == ONE_NEW  # in comparison with the commit before


def test_in_ci_without_a_remote(fleet: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert news(run, fleet) == "1 error in 3 files with 2 entries"
    git(fleet, "rm", "-q", OLD)
    assert run("check", directory=fleet) == (0, CLEAN, "")


def test_ci_that_says_no(clone: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "false")
    assert news(run, clone) == "2 errors in 4 files with 2 entries"
