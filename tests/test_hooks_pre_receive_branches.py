"""Which branches `hooks/pre-receive` judges, and against what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from repositories import BAD, SOUND, WRONG_NAME, Repository, environment
from served import BY, CLEAN, LOWERED, LOWERS, SETTINGS, Server, findings, said, weakened


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "server.git", environment(tmp_path / "home"))


@pytest.fixture
def clone(server: Server, tmp_path: Path) -> Repository:
    """A clone of a server that has a sound fleet on its branch `main`."""
    made = Repository(tmp_path / "clone", server.environment)
    made.git("remote", "add", "origin", server.folder)
    made.commit({**SOUND, "regcheck.toml": SETTINGS})
    assert said(made) == [CLEAN]
    return made


def test_a_new_branch_is_judged_by_what_it_began_from(server: Server, clone: Repository) -> None:
    clone.git("checkout", "-q", "-b", "topic")
    lines = said_of_branch(clone, "topic", {"regcheck.toml": LOWERED})
    assert findings(lines) == [LOWERS]
    assert server.at("topic") == ""
    clone.git("reset", "-q", "--hard", "main")
    assert said_of_branch(clone, "topic", {"README.md": "# Fleet\n"}, status=0) == [CLEAN]
    assert said_of_branch(clone, "topic", BAD)[-1] == f"regcheck: topic is refused, {BY}"


def said_of_branch(
    clone: Repository, branch: str, files: Mapping[str, str | None], status: int = 1
) -> list[str]:
    clone.commit(files)
    return said(clone, branch, status=status)


def unrelated(clone: Repository, branch: str, files: Mapping[str, str | None]) -> None:
    """A branch that has no commit in common with any other, with these files and no others."""
    clone.git("checkout", "-q", "--orphan", branch)
    clone.git("rm", "-rfq", "--ignore-unmatch", ".")
    clone.commit(files)


NO_CONTRACT = SETTINGS.partition("[[contract]]")[0]
"""The settings of the default branch, less what only its own entries can fulfil."""


def test_a_branch_without_registers_goes_through(server: Server, clone: Repository) -> None:
    nothing = [f"regcheck: there is no register in {server.folder}: nothing was checked"]
    nothing.append("clean: 0 files with 0 entries")
    unrelated(clone, "gh-pages", {"index.html": "<p>Hello"})
    assert said(clone, "gh-pages") == nothing
    clone.commit({"index.html": "<p>Hello again"})
    assert said(clone, "gh-pages") == nothing
    clone.git("commit", "-q", "--amend", "-m", "as if it were the first")
    unrelated(clone, "gh-pages-2", {"index.html": "<p>Made anew"})
    assert said(clone, "+gh-pages-2:gh-pages") == nothing
    assert server.at("gh-pages") == clone.at("gh-pages-2")


def test_a_branch_that_begins_anew_is_judged_by_the_settings_of_the_default_one(clone: Repository) -> None:
    unrelated(clone, "other", {**SOUND, "regcheck.toml": LOWERED})
    assert LOWERS in findings(said(clone, "other", status=1))
    assert said_of_branch(clone, "other", {"regcheck.toml": SETTINGS}, status=0) == [CLEAN]


def test_a_branch_that_begins_anew_elsewhere_is_judged_all_the_same(clone: Repository) -> None:
    """Where its registers are is its own, and what is demanded of them is not, but for contracts."""
    files = {path.replace("registers", "fleet"): text for path, text in {**SOUND, **BAD}.items()}
    there = 'registers = ["fleet/*.yaml"]\n'
    unrelated(clone, "other", {**files, "regcheck.toml": there + NO_CONTRACT})
    assert findings(said(clone, "other", status=1)) == [WRONG_NAME.replace("registers", "fleet")]
    clone.commit({"regcheck.toml": 'ignore = ["identity"]\n' + there + NO_CONTRACT})
    wrong, ignored = findings(said(clone, "other", status=1))
    assert (ignored.partition(" is new")[0], wrong) == (
        weakened("regcheck.toml:1:11", "`identity` in `ignore`"),
        WRONG_NAME.replace("registers", "fleet"),
    )
    clone.commit({"fleet/workloads.yaml": SOUND["registers/workloads.yaml"]})
    assert findings(said(clone, "other", status=1)) == [ignored]
    assert said_of_branch(clone, "other", {"regcheck.toml": there + NO_CONTRACT}, status=0) == [CLEAN]


def test_registers_cannot_all_be_removed(server: Server, clone: Repository) -> None:
    before = server.at("main")
    gone = clone.commit(dict.fromkeys(SOUND), "--quiet")
    lines = said(clone, status=1)
    assert lines[0].startswith(f"regcheck: no register found in {server.folder}: put files into registers/")
    assert lines[1:] == [f"regcheck: main is refused, {BY}"]
    unrelated(clone, "bare", {"index.html": "<p>Hello"})
    assert said(clone, "+bare:main", status=1)[-1] == f"regcheck: main is refused, {BY}"
    assert server.at("main") == before != gone


def test_a_branch_with_settings_and_no_register_yet_is_guarded_too(clone: Repository) -> None:
    lax = 'ignore = ["identity"]\n' + NO_CONTRACT
    unrelated(clone, "plan", {"regcheck.toml": lax})
    ignored = weakened("regcheck.toml:1:11", "`identity` in `ignore`")
    assert [line.partition(" is new")[0] for line in findings(said(clone, "plan", status=1))] == [ignored]
    clone.commit({"regcheck.toml": NO_CONTRACT})
    said(clone, "plan")
    clone.commit({"regcheck.toml": lax})
    assert [line.partition(" is new")[0] for line in findings(said(clone, "plan", status=1))] == [ignored]
    clone.commit({"regcheck.toml": NO_CONTRACT, **BAD, **SOUND_MACHINES})
    assert findings(said(clone, "plan", status=1)) == [WRONG_NAME]


SOUND_MACHINES = {"registers/machines.yaml": SOUND["registers/machines.yaml"]}


def test_deletions_tags_and_other_refs_go_through(server: Server, clone: Repository) -> None:
    clone.git("branch", "topic")
    said(clone, "topic")
    assert said(clone, ":topic") == []
    clone.git("checkout", "-q", "-b", "bad")
    clone.commit(BAD)
    clone.git("tag", "v1")
    assert said(clone, "v1", "HEAD:refs/notes/x", "HEAD:refs/for/main") == []
    assert server.at("topic") == ""
    assert server.at("v1") == server.at("refs/for/main") == clone.at("bad")
    # Git itself keeps the branch whose settings decide.
    assert "deletion of the current branch prohibited" in clone.git("push", "origin", ":main", status=1)


def test_a_push_of_several_branches_is_accepted_or_refused_as_a_whole(
    server: Server, clone: Repository
) -> None:
    before = server.at("main")
    clone.commit({"README.md": "# Fleet\n"})
    clone.git("checkout", "-q", "-b", "bad")
    clone.commit(BAD)
    clone.git("branch", "worse")
    lines = said(clone, "main", "bad", "worse", status=1)
    assert [line for line in lines if line.startswith(("regcheck", "clean"))] == [
        CLEAN,
        f"regcheck: bad is refused, {BY}",
        f"regcheck: worse is refused, {BY}",
    ]
    assert (server.at("main"), server.at("bad")) == (before, "")


def test_a_force_push_is_judged_against_what_it_replaces(clone: Repository) -> None:
    root = clone.at("main")
    clone.commit({"regcheck.toml": SETTINGS.replace("[severity]", '[severity]\nstale-facts = "error"')})
    said(clone)
    clone.git("reset", "-q", "--hard", root)
    clone.commit({"README.md": "# Fleet\n"})
    lines = said(clone, "+main", status=1)
    assert findings(lines) == [
        weakened(
            "regcheck.toml:3:1",
            "a line that is gone from `[severity]` lowers stale-facts from error to warning",
        )
    ]


def test_the_first_push_is_judged_by_its_own_settings(server: Server, tmp_path: Path) -> None:
    first = Repository(tmp_path / "first", server.environment)
    first.git("remote", "add", "origin", server.folder)
    first.commit({**SOUND, **BAD})
    lines = said(first, status=1)
    assert (findings(lines), lines[-1]) == ([WRONG_NAME], "regcheck: main is refused")
    first.commit({"regcheck.toml": 'ignore = ["identity"]\n'})
    assert said(first) == ["clean: 2 files with 5 entries"]


def test_the_first_push_may_have_no_register(server: Server, tmp_path: Path) -> None:
    first = Repository(tmp_path / "first", server.environment)
    first.git("remote", "add", "origin", server.folder)
    first.commit({"README.md": "# Fleet\n"})
    assert said(first)[-1] == "clean: 0 files with 0 entries"
    first.commit({**SOUND, "regcheck.toml": 'ignore = ["undecided"]\n'})
    assert said(first) == ["1 warning (1 new) in 2 files with 4 entries"]  # which is `weakened-guard`


def test_a_default_branch_that_is_not_there_is_told(server: Server, clone: Repository) -> None:
    server.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    clone.git("checkout", "-q", "-b", "topic")
    clone.commit({"README.md": "# Fleet\n"})
    assert said(clone, "topic", status=1)[0].startswith("regcheck: HEAD names a branch that is not there")
    assert said(clone, "topic:main") == [CLEAN]


# --- branches from before there was any register --------------------------------------------


@pytest.fixture
def adopting(server: Server, tmp_path: Path) -> Repository:
    """A clone of a server whose branch `main` has adopted registers with its second commit."""
    made = Repository(tmp_path / "clone", server.environment)
    made.git("remote", "add", "origin", server.folder)
    made.commit({"README.md": "# Fleet\n"})
    made.commit({**SOUND, "regcheck.toml": SETTINGS})
    assert said(made) == [CLEAN]
    made.git("checkout", "-q", "-b", "evil", "HEAD~1")
    return made


LAX = {**SOUND, **BAD, "regcheck.toml": f'ignore = ["identity"]\n{SETTINGS}'}
IGNORED = weakened("regcheck.toml:1:11", "`identity` in `ignore`")


def refused_for_both(clone: Repository, branch: str = "evil") -> bool:
    """Whether a push is refused for what is ignored, and for what would be hidden by that."""
    found = findings(said(clone, branch, status=1))
    return [line.partition(" is new")[0] for line in found] == [IGNORED, WRONG_NAME]


def test_a_branch_from_before_is_judged_by_the_settings_of_the_default_one(adopting: Repository) -> None:
    adopting.commit(LAX)
    assert refused_for_both(adopting)
    assert said_of_branch(adopting, "evil", {**SOUND, "regcheck.toml": SETTINGS}, status=0) == [CLEAN]


def test_and_so_in_several_steps(adopting: Repository) -> None:
    said(adopting, "evil")  # nothing there yet
    adopting.commit(LAX)
    assert refused_for_both(adopting)
    adopting.commit({**dict.fromkeys(SOUND), "regcheck.toml": f'ignore = ["identity"]\n{NO_CONTRACT}'})
    assert [line.partition(" is new")[0] for line in findings(said(adopting, "evil", status=1))] == [IGNORED]
    adopting.commit({"regcheck.toml": None})
    assert said(adopting, "evil")[-1] == "clean: 0 files with 0 entries"


def test_a_branch_that_was_deleted_is_no_way_around(server: Server, adopting: Repository) -> None:
    adopting.git("branch", "release", "main")
    said(adopting, "release")
    adopting.commit(LAX)
    assert said(adopting, ":release") == []
    assert refused_for_both(adopting, "evil:release")
    assert server.at("release") == ""


def test_a_base_whose_settings_cannot_be_read_leaves_it_to_the_default_branch(
    server: Server, clone: Repository
) -> None:
    (server.folder / "hooks/pre-receive").rename(server.folder / "hooks/off")
    clone.git("checkout", "-q", "-b", "broken")
    clone.commit({"regcheck.toml": "max_age = \n"})
    said(clone, "broken")
    (server.folder / "hooks/off").rename(server.folder / "hooks/pre-receive")
    clone.commit(LAX)
    assert refused_for_both(clone, "broken")
    clone.commit(dict.fromkeys(SOUND))
    assert said(clone, "broken", status=1)[-1] == f"regcheck: broken is refused, {BY}"
    clone.commit({**SOUND, "regcheck.toml": SETTINGS})
    remark, verdict = said(clone, "broken")
    assert remark.startswith("regcheck: this does not count of the base revision: regcheck.toml:1: this is")
    assert verdict == CLEAN
