"""Commits and pushes whose repository, index, objects or registers are not where one would look first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from repositories import BAD, CHECKOUT, SOUND, WRONG_NAME, Repository, environment
from served import CLEAN, LOWERED, LOWERS, SETTINGS, Server, findings, said

MACHINES, WORKLOADS = SOUND


@pytest.fixture
def plain(tmp_path: Path) -> Repository:
    """A sound fleet, guarded by a copy of the hook."""
    made = Repository(tmp_path / "fleet", environment(tmp_path / "home"))
    made.commit(SOUND)
    shutil.copy(CHECKOUT / "hooks/pre-commit", made.folder / ".git/hooks")
    return made


def lines(repository: Repository, *words: str | Path, status: int = 0, **more: str) -> list[str]:
    return repository.git(*words, status=status, **more).splitlines()


# --- before a commit -------------------------------------------------------------------------


def test_the_index_is_the_one_of_the_commit(plain: Repository, tmp_path: Path) -> None:
    index = str(tmp_path / "index")
    shutil.copy(plain.folder / ".git/index", index)
    plain.write(BAD)
    plain.git("add", "--all", GIT_INDEX_FILE=index)
    plain.write(SOUND)
    before = plain.at("HEAD")
    assert WRONG_NAME in lines(plain, "commit", "-m", "bad", status=1, GIT_INDEX_FILE=index)
    assert plain.at("HEAD") == before
    plain.write({"README.md": "# Fleet\n"})
    plain.git("add", "--all", GIT_INDEX_FILE=index)
    plain.write(BAD)
    plain.git("add", "--all")
    assert CLEAN in lines(plain, "commit", "-m", "good", GIT_INDEX_FILE=index)
    assert WRONG_NAME in lines(plain, "commit", "-m", "bad", status=1)


@pytest.mark.parametrize("kind", ["beside another one", "bare"])
def test_the_repository_is_the_one_of_the_commit(plain: Repository, tmp_path: Path, kind: str) -> None:
    """Its folder is elsewhere, as for the files of a home, and the work tree may be another one's, too."""
    other = tmp_path / "other.git"
    named = (f"--git-dir={other}", f"--work-tree={plain.folder}")
    if kind == "bare":
        shutil.rmtree(plain.folder / ".git")
        plain.run("git", "init", "--quiet", "--bare", other)
    else:
        plain.git(*named, "init", "--quiet")
    shutil.copy(CHECKOUT / "hooks/pre-commit", other / "hooks")
    plain.git(*named, "add", "registers")
    assert CLEAN in lines(plain, *named, "commit", "-m", "good")
    plain.write(BAD)
    assert WRONG_NAME in lines(plain, *named, "commit", "-a", "-m", "bad", status=1)
    relative = ("-C", "registers", "--git-dir=../../other.git", "--work-tree=..")
    assert WRONG_NAME in lines(plain, *relative, "commit", "-m", "bad", "workloads.yaml", status=1)
    plain.write({"registers/more.yaml": "register: machine\nentries: [{id: m, role: frozen}]\n"})
    plain.git(*named, "add", "registers/more.yaml")
    more = lines(plain, *named, "commit", "-m", "more", "registers/more.yaml")
    assert "1 warning in 3 files with 5 entries" in more


def test_what_is_inherited_counts_for_a_hook_alone(plain: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other", plain.environment)
    other.write({**SOUND, **BAD})
    other.git("add", "--all")
    plain.environment |= {"GIT_DIR": f"{other.folder}/.git", "GIT_INDEX_FILE": f"{other.folder}/.git/index"}
    check = ("regcheck", "check", "--staged")
    assert plain.run(*check).stdout.splitlines() == [CLEAN]
    assert plain.run(*check, "--in-hook", status=1).stdout.splitlines()[0] == WRONG_NAME
    plain.environment = other.environment
    assert plain.run(*check, "--in-hook").stdout.splitlines() == [CLEAN]


# --- on a server -----------------------------------------------------------------------------

OWN_HOOK = '#!/bin/sh\nread -r _ new _ && exec regcheck check --rev "$new"\n'


def judged(clone: Repository, to: str) -> None:
    """A good push is accepted, and a bad one refused for what is wrong with it."""
    clone.commit({"README.md": "# Fleet\n"})
    assert said(clone, f"HEAD:{to}")[-1] == CLEAN
    clone.commit(BAD)
    assert findings(said(clone, f"HEAD:{to}", status=1)) == [WRONG_NAME]


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "server.git", environment(tmp_path / "home"))


@pytest.fixture
def clone(server: Server, tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "clone", server.environment)
    made.git("remote", "add", "origin", server.folder)
    made.commit(SOUND)
    return made


each_hook = pytest.mark.parametrize("own", [False, True], ids=["the hook", "a hook of somebody's own"])


def put_hook(hooks: Path, *, own: bool) -> None:
    shutil.copy(CHECKOUT / "hooks/pre-receive", hooks)
    if own:
        (hooks / "pre-receive").write_text(OWN_HOOK)


@each_hook
def test_objects_may_lie_behind_a_link(server: Server, clone: Repository, tmp_path: Path, own: bool) -> None:  # noqa: FBT001
    put_hook(server.folder / "hooks", own=own)
    (server.folder / "objects").rename(tmp_path / "objects")
    (server.folder / "objects").symlink_to(tmp_path / "objects")
    judged(clone, "main")


@each_hook
def test_a_push_into_a_linked_worktree(clone: Repository, tmp_path: Path, own: bool) -> None:  # noqa: FBT001
    there = Repository(tmp_path / "there", clone.environment)
    there.commit(SOUND)
    there.git("worktree", "add", "-q", tmp_path / "linked")
    put_hook(there.folder / ".git/hooks", own=own)
    clone.git("remote", "set-url", "origin", tmp_path / "linked")
    clone.git("fetch", "-q", "origin")
    clone.git("reset", "-q", "--hard", "origin/main")
    judged(clone, "refs/heads/topic")


def test_bare_repositories_may_have_to_be_named(server: Server, clone: Repository) -> None:
    server.git("config", "--global", "safe.bareRepository", "explicit")
    judged(clone, "main")


# --- in a folder of the repository -----------------------------------------------------------

FOLDER = "ops/fleet 1"


def within(files: dict[str, str]) -> dict[str, str]:
    return {f"{FOLDER}/{path}": text for path, text in files.items()}


def test_a_push_of_registers_in_a_folder(server: Server, tmp_path: Path) -> None:
    clone = Repository(tmp_path / "clone", server.environment)
    clone.git("remote", "add", "origin", server.folder)
    server.git("config", "regcheck.folder", FOLDER)
    clone.commit(within({**SOUND, "regcheck.toml": SETTINGS}))
    assert said(clone) == [CLEAN]
    clone.commit(within(BAD))
    assert findings(said(clone, status=1)) == [WRONG_NAME]
    clone.commit(within({**SOUND, "regcheck.toml": LOWERED}))
    assert findings(said(clone, status=1)) == [LOWERS]
    clone.git("reset", "-q", "--hard", "HEAD~2")
    clone.git("rm", "-q", "-r", FOLDER)
    clone.commit({"README.md": "# Moved\n"})
    assert said(clone, status=1)[0].startswith(f"regcheck: no register found in {server.folder}/{FOLDER}: ")


def test_a_commit_of_registers_in_a_folder(plain: Repository) -> None:
    plain.git("rm", "-q", "-r", "registers")
    plain.git("config", "regcheck.folder", FOLDER)
    plain.write(within({**SOUND, "regcheck.toml": ""}))
    plain.git("add", "--all")
    assert CLEAN in lines(plain, "commit", "-m", "good")
    plain.write(within(BAD))
    assert WRONG_NAME in lines(plain, "commit", "-a", "-m", "bad", status=1)
    plain.git("add", "--all")
    shutil.rmtree(plain.folder / FOLDER)
    assert WRONG_NAME in lines(plain, "commit", "-m", "bad", status=1)
