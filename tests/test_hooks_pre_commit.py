"""What judges a commit: `hooks/pre-commit` in plain Git, and pre-commit with the hook of this checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from repositories import BAD, CHECKOUT, SOUND, WRONG_NAME, Repository, environment

MACHINES, WORKLOADS = SOUND
HOOKS = ("pre-commit", "pre-merge-commit")
NO_HOST = "registers/workloads.yaml:4:52: error[unknown-reference]: there is no machine `right`"


@pytest.fixture
def plain(tmp_path: Path) -> Repository:
    """A sound fleet, guarded by a copy of the hook."""
    made = Repository(tmp_path / "fleet", environment(tmp_path / "home"))
    made.commit({**SOUND, "README.md": "# Fleet\n"})
    for hook in HOOKS:
        shutil.copy(CHECKOUT / "hooks" / hook, made.folder / ".git/hooks")
    return made


def committed(repository: Repository, *words: str, status: int = 0, **more: str) -> list[str]:
    """What is said of a commit, line by line; it is there just when it is accepted."""
    before = repository.at("HEAD")
    lines = repository.git("commit", "--quiet", "-m", "a change", *words, status=status, **more).splitlines()
    assert (repository.at("HEAD") == before) is bool(status)
    return lines


def stage(repository: Repository, files: Mapping[str, str | None]) -> None:
    repository.write(files)
    repository.git("add", "--all")


# --- plain Git -----------------------------------------------------------------------------


def test_a_bad_commit_is_refused_and_a_good_one_accepted(plain: Repository) -> None:
    stage(plain, BAD)
    assert WRONG_NAME in committed(plain, status=1)
    stage(plain, {**SOUND, "registers/more.yaml": "register: wave\nentries: []\n"})
    assert committed(plain)[-1] == "1 warning in 3 files with 4 entries"


def test_a_deletion_that_makes_a_reference_lead_nowhere_is_refused(plain: Repository) -> None:
    stage(plain, {MACHINES: None})
    assert NO_HOST in committed(plain, status=1)


def test_an_unstaged_mistake_is_not_blamed_and_a_staged_one_not_hidden(plain: Repository) -> None:
    stage(plain, {"README.md": "# The fleet\n"})
    plain.write(BAD)
    assert committed(plain) == ["clean: 2 files with 4 entries"]
    plain.git("add", "--all")
    plain.write(SOUND)
    assert WRONG_NAME in committed(plain, status=1)


def test_what_commit_all_would_hold_is_judged(plain: Repository) -> None:
    """`git commit -a` hands the hook another index than the one of the work tree."""
    plain.write(BAD)
    assert WRONG_NAME in committed(plain, "--all", status=1)
    plain.write({WORKLOADS: SOUND[WORKLOADS].replace("staging", "development")})
    assert committed(plain, "--all") == ["clean: 2 files with 4 entries"]


def test_what_a_commit_of_some_files_would_hold_is_judged(plain: Repository) -> None:
    """`git commit PATH` leaves what is staged besides out, be it the mistake or the mending."""
    stage(plain, BAD)
    plain.write({"README.md": "# The fleet\n"})
    assert committed(plain, "README.md") == ["clean: 2 files with 4 entries"]
    assert WRONG_NAME in committed(plain, WORKLOADS, status=1)
    stage(plain, SOUND)
    plain.write(BAD)
    assert WRONG_NAME in committed(plain, WORKLOADS, status=1)
    stage(plain, SOUND)
    stage(plain, {MACHINES: SOUND[MACHINES].replace("right", "wrong")})
    plain.write({WORKLOADS: SOUND[WORKLOADS].replace("right", "wrong")})
    assert any("no machine `wrong`" in line for line in committed(plain, WORKLOADS, status=1))
    assert committed(plain, WORKLOADS, MACHINES) == ["clean: 2 files with 4 entries"]


def test_from_a_folder_further_in(plain: Repository) -> None:
    stage(plain, BAD)
    ran = plain.run("git", "-C", "registers", "commit", "-m", "bad", status=1)
    assert WRONG_NAME in (ran.stdout + ran.stderr).splitlines()


def test_a_linked_worktree_is_judged_by_its_own_index(plain: Repository, tmp_path: Path) -> None:
    plain.git("worktree", "add", "-q", "-b", "topic", tmp_path / "linked")
    linked = plain.another(tmp_path / "linked")
    stage(linked, BAD)
    assert WRONG_NAME in committed(linked, status=1)
    stage(plain, {"README.md": "# The fleet\n"})
    assert committed(plain) == ["clean: 2 files with 4 entries"]
    linked.git("reset", "-q", "--hard")
    linked.write({MACHINES: SOUND[MACHINES].replace("right", "wrong")})
    assert NO_HOST in committed(linked, "--all", status=1)
    linked.write(SOUND)
    stage(linked, {"README.md": "# Another\n"})
    assert committed(linked) == ["clean: 2 files with 4 entries"]


def test_submodules_are_left_alone_and_judged_by_themselves(plain: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other", plain.environment)
    other.commit({**SOUND, **BAD})
    plain.git("submodule", "--quiet", "add", other.folder, "registers/other")
    passed_over = "regcheck: registers/other is another repository: nothing in it was read"
    assert committed(plain) == [passed_over, "clean: 2 files with 4 entries"]
    inner = plain.another(plain.folder / "registers/other")
    hooks = inner.folder / inner.git("rev-parse", "--git-path", "hooks").strip()
    shutil.copy(CHECKOUT / "hooks/pre-commit", hooks / "pre-commit")
    stage(inner, {"README.md": "# Other\n"})
    assert WRONG_NAME in committed(inner, status=1)
    inner.write(SOUND)
    assert committed(inner, "--all") == ["clean: 2 files with 4 entries"]
    plain.git("add", "registers/other")
    assert committed(plain)[-1] == "clean: 2 files with 4 entries"


def parted(repository: Repository) -> None:
    """Two branches, each of them sound, and not the two together: `main`, and `topic` that is checked out."""
    repository.git("checkout", "-q", "-b", "topic")
    only_left = SOUND[WORKLOADS].partition("  - {id: shelf")[0]
    repository.commit({WORKLOADS: only_left, MACHINES: SOUND[MACHINES].partition("  - {id: right")[0]})
    repository.git("checkout", "-q", "main")
    repository.commit({"registers/more.yaml": MORE})


MORE = "register: workload\nentries:\n  - {id: shed, environment: staging, target_host: right}\n"
NO_HOST_MORE = "registers/more.yaml:3:51: error[unknown-reference]: there is no machine `right`"


def merged(repository: Repository, *words: str, status: int = 0) -> list[str]:
    """What is said of a merge of `topic`, line by line; it is there just when it is accepted."""
    before = repository.at("HEAD")
    lines = repository.git("merge", "--no-edit", "topic", *words, status=status).splitlines()
    assert (repository.at("HEAD") == before) is bool(status)
    return lines


def test_a_merge_that_nobody_has_to_settle_is_judged(plain: Repository) -> None:
    parted(plain)
    assert NO_HOST_MORE in merged(plain, status=1)
    plain.git("merge", "--abort")
    plain.commit({"registers/more.yaml": None})
    assert "clean: 2 files with 2 entries" in merged(plain)


def test_a_merge_amend_and_a_rebase_are_no_obstacle(plain: Repository) -> None:
    plain.git("checkout", "-q", "-b", "topic")
    stage(plain, {"a.md": "a\n"})
    committed(plain)
    committed(plain, "--amend", "-m", "the same")
    plain.git("checkout", "-q", "main")
    stage(plain, {"b.md": "b\n"})
    committed(plain)
    plain.git("merge", "-q", "--no-edit", "topic")
    plain.git("checkout", "-q", "topic")
    stage(plain, {"c.md": "c\n"})
    committed(plain)
    plain.git("rebase", "-q", "main")


@pytest.mark.parametrize("way", ["link", "folder"])
def test_the_other_ways_to_install_it(plain: Repository, way: str) -> None:
    for hook in HOOKS:
        (plain.folder / ".git/hooks" / hook).unlink()
        if way == "link":
            (plain.folder / ".git/hooks" / hook).symlink_to(CHECKOUT / "hooks" / hook)
    if way == "folder":
        plain.git("config", "core.hooksPath", CHECKOUT / "hooks")
    parted(plain)
    assert NO_HOST_MORE in merged(plain, status=1)
    plain.git("merge", "--abort")
    stage(plain, BAD)
    assert WRONG_NAME in committed(plain, status=1)


def test_without_regcheck_it_says_how_to_install_it(plain: Repository) -> None:
    stage(plain, {"README.md": "# The fleet\n"})
    path = [
        p for p in os.environ["PATH"].split(os.pathsep) if not os.path.exists(os.path.join(p, "regcheck"))
    ]
    said = committed(plain, status=1, PATH=os.pathsep.join(path))
    assert said[0] == "regcheck is not installed (no `regcheck` on PATH), so this commit cannot be judged:"


# --- pre-commit ----------------------------------------------------------------------------


@pytest.fixture
def managed(tmp_path: Path) -> Repository:
    """A sound fleet, guarded by pre-commit with the hook that this checkout offers at its HEAD.

    Only its language is another one, so that nothing is installed: the regcheck on PATH runs.
    """
    home = environment(tmp_path / "home")
    head = subprocess.run(
        ["git", "-C", CHECKOUT, "rev-parse", "HEAD:.pre-commit-hooks.yaml", "HEAD"],
        env=home,
        capture_output=True,
        text=True,
        check=False,
    )
    if head.returncode:
        pytest.skip("this checkout is no Git repository that holds .pre-commit-hooks.yaml")
    configuration = f"""\
repos:
  - repo: {CHECKOUT}
    rev: {head.stdout.split()[1]}
    hooks:
      - id: regcheck
        language: unsupported
"""
    made = Repository(tmp_path / "fleet", {**home, "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")})
    made.commit({**SOUND, "README.md": "# Fleet\n", ".pre-commit-config.yaml": configuration})
    made.run("pre-commit", "install")
    return made


def test_pre_commit_refuses_bad_commits_and_accepts_good_ones(managed: Repository) -> None:
    stage(managed, BAD)
    assert WRONG_NAME in committed(managed, status=1)
    stage(managed, {WORKLOADS: SOUND[WORKLOADS].replace("staging", "development")})
    assert committed(managed)[-1].endswith("Passed")
    # Of what is deleted pre-commit passes no name on.
    stage(managed, {MACHINES: None})
    assert any(line.endswith("there is no machine `right`") for line in committed(managed, status=1))
    managed.git("reset", "-q", "--hard")
    # Neither what is not staged is blamed, nor what is staged hidden by it.
    stage(managed, {"README.md": "# The fleet\n"})
    managed.write(BAD)
    assert committed(managed)[-2].endswith("Passed")
    assert (managed.folder / WORKLOADS).read_text() == BAD[WORKLOADS]
    managed.git("add", "--all")
    managed.write(SOUND)
    assert WRONG_NAME in committed(managed, status=1)
    managed.write(BAD)
    assert WRONG_NAME in committed(managed, "--all", status=1)
    managed.git("reset", "-q", "--hard")
    managed.run("pre-commit", "install", "-t", "pre-merge-commit")
    parted(managed)
    assert NO_HOST_MORE in merged(managed, status=1)


def test_this_repository_uses_its_own_hook(tmp_path: Path) -> None:
    """Its entry is the one that others get, and pre-commit understands both files."""
    home = environment(tmp_path / "home")
    for command, file in (("config", ".pre-commit-config.yaml"), ("manifest", ".pre-commit-hooks.yaml")):
        subprocess.run(["pre-commit", f"validate-{command}", CHECKOUT / file], env=home, check=True)
    [offered] = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
    [own] = yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert own["entry"] == f".venv/bin/{offered['entry']}" == ".venv/bin/regcheck check --staged --in-hook"
    asked = ("id", "always_run", "pass_filenames", "require_serial", "stages")
    assert {key: own[key] for key in asked} == {key: offered[key] for key in asked}
    assert offered["language"] == "python"
    assert (offered["always_run"], offered["pass_filenames"], offered["require_serial"]) == (
        True,
        False,
        True,
    )
