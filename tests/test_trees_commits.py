"""The commits of a repository, its remote and its default branch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from committing import commit, git, started
from regcheck.errors import GitError
from regcheck.trees.commits import Commit, default_branch, first_parents, is_cut_off, remote_url
from regcheck.trees.git import Git


def listed(root: Path, revision: str = "HEAD", most: int | None = None) -> list[tuple[str, str, bool]]:
    commits = first_parents(Git(str(root)), revision, most)
    return [(commit.day, commit.subject, commit.first) for commit in commits]


@pytest.fixture
def three(tmp_path: Path) -> Path:
    root = started(tmp_path / "three")
    for number in (1, 2, 3):
        commit(root, {"a": f"{number}"}, f"Step {number}", f"2026-05-0{number}")
    return root


def test_the_oldest_comes_first_with_its_tree_and_day(three: Path) -> None:
    assert listed(three) == [
        ("2026-05-01", "Step 1", True),
        ("2026-05-02", "Step 2", False),
        ("2026-05-03", "Step 3", False),
    ]
    names = [
        (git(three, "rev-parse", f"HEAD~{n}"), git(three, "rev-parse", f"HEAD~{n}^{{tree}}"))
        for n in (2, 1, 0)
    ]
    assert [(c.oid, c.tree) for c in first_parents(Git(str(three)), "HEAD")] == names


def test_at_most_so_many_are_the_newest(three: Path) -> None:
    assert listed(three, most=2) == [("2026-05-02", "Step 2", False), ("2026-05-03", "Step 3", False)]


def test_an_older_revision_ends_the_list(three: Path) -> None:
    assert listed(three, "main~2") == [("2026-05-01", "Step 1", True)]


def test_of_a_merge_only_the_first_parent_is_followed(three: Path) -> None:
    git(three, "checkout", "--quiet", "-b", "side")
    commit(three, {"b": ""}, "Aside", "2026-05-04")
    git(three, "checkout", "--quiet", "main")
    commit(three, {"c": ""}, "On", "2026-05-05")
    git(three, "merge", "--quiet", "--no-ff", "-m", "Take it in", "side", when="2026-05-06")
    assert [subject for _, subject, _ in listed(three)] == ["Step 1", "Step 2", "Step 3", "On", "Take it in"]


def test_the_day_is_that_of_the_committer_in_utc(tmp_path: Path) -> None:
    root = started(tmp_path / "r")
    commit(root, {"a": ""}, "Late in the west", "2026-05-01T22:30:00-05:00")
    commit(root, {"a": "b"}, "Early in the east", "2026-05-03T00:30:00+09:00")
    assert [day for day, _, _ in listed(root)] == ["2026-05-02", "2026-05-02"]


@pytest.mark.parametrize(("seconds", "day"), [("99999999999999", "9999-12-31"), ("0", "1970-01-01")])
def test_a_day_that_no_calendar_has_is_the_last_or_the_first(three: Path, seconds: str, day: str) -> None:
    tree = git(three, "rev-parse", "HEAD^{tree}")
    raw = f"tree {tree}\nauthor A <a@b> {seconds} +0000\ncommitter A <a@b> {seconds} +0000\n\nOdd\n"
    (three / "raw").write_text(raw)
    oid = git(three, "hash-object", "-t", "commit", "-w", "--literally", "raw")
    assert first_parents(Git(str(three)), oid) == [Commit(oid, tree, day, "Odd", first=True)]


def test_a_subject_may_be_anything(three: Path) -> None:
    (three / "message").write_bytes("Zur\u00fcck\r\nweiter\n\nmehr\n".encode("latin-1"))
    git(three, "-c", "i18n.commitEncoding=ISO-8859-1", "commit", "--quiet", "--allow-empty", "-F", "message")
    git(three, "commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", "")
    git(three, "config", "i18n.logOutputEncoding", "UTF-16")
    assert [subject for _, subject, _ in listed(three)][3:] == ["Zur\u00fcck weiter", ""]


@pytest.mark.parametrize("revision", ["nowhere", "--all", "", "main~1..main"])
def test_what_is_no_revision_is_said(three: Path, revision: str) -> None:
    with pytest.raises(GitError, match="no revision"):
        listed(three, revision)


def test_a_shallow_clone_is_cut_off_where_its_last_commit_has_parents(three: Path, tmp_path: Path) -> None:
    for depth, cut_off in ((2, True), (5, False)):
        git(tmp_path, "clone", "--quiet", f"--depth={depth}", f"file://{three}", f"clone-{depth}")
        door = Git(str(tmp_path / f"clone-{depth}"))
        assert is_cut_off(door, first_parents(door, "HEAD")[0]) is cut_off
    door = Git(str(tmp_path / "clone-2"))
    assert not is_cut_off(door, first_parents(door, "HEAD", 1)[0])


# --- the remote and the default branch ----------------------------------------------


def test_the_address_is_that_of_origin(three: Path) -> None:
    git(three, "remote", "add", "fork", "git@forge.example.net:me/fleet.git")
    assert remote_url(str(three)) == "git@forge.example.net:me/fleet.git"
    git(three, "remote", "add", "origin", "git@forge.example.net:ops/fleet.git")
    (three / "below").mkdir()
    assert remote_url(str(three / "below")) == "git@forge.example.net:ops/fleet.git"


def test_of_several_remotes_without_origin_none_is_meant(three: Path) -> None:
    for name in ("one", "two"):
        git(three, "remote", "add", name, f"https://forge.example.net/{name}")
    assert remote_url(str(three)) is None


def test_the_address_is_what_git_makes_of_it(three: Path) -> None:
    git(three, "config", "url.https://forge.example.net/.insteadOf", "forge:")
    git(three, "remote", "add", "origin", "forge:ops/fleet")
    assert remote_url(str(three)) == "https://forge.example.net/ops/fleet"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://token@forge.example.net/a@b", "https://forge.example.net/a@b"),
        ("https://me:p@ss@forge.example.net:8443/a", "https://forge.example.net:8443/a"),
        ("ssh://git@forge.example.net/a", "ssh://git@forge.example.net/a"),
        ("../bare.git", "../bare.git"),
    ],
)
def test_what_one_logs_in_with_is_told_to_nobody(three: Path, url: str, told: str) -> None:
    git(three, "remote", "add", "origin", url)
    assert remote_url(str(three)) == told


def test_a_remote_without_an_address_has_none(three: Path) -> None:
    git(three, "config", "remote.origin.prune", "true")
    assert remote_url(str(three)) is None


def test_the_default_branch_is_that_of_the_remote(three: Path, tmp_path: Path) -> None:
    git(three, "branch", "--move", "trunk")
    git(tmp_path, "clone", "--quiet", str(three), "clone")
    git(tmp_path / "clone", "checkout", "--quiet", "-b", "main")
    assert default_branch(str(tmp_path / "clone")) == "trunk"


def test_else_it_has_a_usual_name(three: Path, tmp_path: Path) -> None:
    git(three, "checkout", "--quiet", "-b", "work")
    assert default_branch(str(three)) == "main"
    git(three, "branch", "--move", "main", "master")
    assert default_branch(str(three)) == "master"
    git(tmp_path, "clone", "--quiet", str(three), "clone")
    git(tmp_path / "clone", "remote", "set-head", "origin", "--delete")
    git(tmp_path / "clone", "branch", "main")
    assert default_branch(str(tmp_path / "clone")) == "master"


def test_else_it_is_the_current_one(three: Path, tmp_path: Path) -> None:
    git(three, "branch", "--move", "trunk/one")
    assert default_branch(str(three)) == "trunk/one"
    git(three, "checkout", "--quiet", "--detach")
    assert default_branch(str(three)) is None
    assert default_branch(str(started(tmp_path / "unborn"))) == "main"


def test_bare_repositories_and_worktrees_have_both(three: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(three), "bare.git")
    git(tmp_path / "bare.git", "worktree", "add", "--quiet", "-b", "work", str(tmp_path / "linked"))
    for folder in ("bare.git", "linked"):
        assert remote_url(str(tmp_path / folder)) == str(three)
        assert default_branch(str(tmp_path / folder)) == "main"


def test_no_repository_has_neither(tmp_path: Path) -> None:
    assert remote_url(str(tmp_path)) is None
    assert default_branch(str(tmp_path)) is None


@pytest.mark.parametrize(
    "inherited",
    [
        {"GIT_DIR": "{other}/.git"},
        {"GIT_DIR": "{other}/.git", "GIT_WORK_TREE": "{other}", "GIT_INDEX_FILE": "{other}/.git/index"},
        {"GIT_COMMON_DIR": "{other}/.git"},
        {"GIT_NAMESPACE": "x", "GIT_OBJECT_DIRECTORY": "/nowhere"},
    ],
    ids=" ".join,
)
def test_what_is_inherited_leads_nowhere_else_and_is_left_as_it_was(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inherited: dict[str, str]
) -> None:
    other = started(tmp_path / "other")
    commit(other, {"a": ""}, "Other", "2026-05-01")
    git(other, "branch", "--move", "wrong")
    git(other, "remote", "add", "origin", "https://wrong.example.net")
    git(three, "remote", "add", "origin", "https://right.example.net")
    for name, value in inherited.items():
        monkeypatch.setenv(name, value.format(other=other))
    before = dict(os.environ)
    assert remote_url(str(three)) == "https://right.example.net"
    assert default_branch(str(three)) == "main"
    assert listed(three)[-1] == ("2026-05-03", "Step 3", False)
    assert dict(os.environ) == before


def test_gitpython_hears_nothing_of_its_own_variables(three: Path) -> None:
    git(three, "remote", "add", "origin", "https://right.example.net")
    ask = "import sys; from regcheck.trees.commits import remote_url; print(remote_url(sys.argv[1]))"
    own = {"GIT_PYTHON_TRACE": "full", "GIT_PYTHON_GIT_EXECUTABLE": "/nowhere", "GIT_PYTHON_REFRESH": "raise"}
    done = subprocess.run(
        [sys.executable, "-c", ask, str(three)],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("https://right.example.net\n", "")
