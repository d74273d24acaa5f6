"""The work tree is read as Git sees it: what `.gitignore` names, and what is not of it, is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Repository, Run
from test_trees_objects import CLEAN, MACHINES, WORKLOADS, committed, git

WRONG = "register: snik\n"


@pytest.fixture
def fleet(repository: Repository) -> Path:
    """Two registers, committed."""
    return committed(repository({"registers/m.yaml": MACHINES, "registers/w.yaml": WORKLOADS}))


def files(root: Path, run: Run) -> str:
    return run("check", directory=root).out.splitlines()[-1]


@pytest.mark.parametrize(
    ("ignores", "read"),
    [
        ("*.tmp.yaml\n", 2),
        ("x.tmp.yaml", 2),
        ("registers/x.*\n", 2),
        ("/x.tmp.yaml\n", 3),
        ("*.yaml\n!x.tmp.yaml\n", 3),
        ("# nothing\n\n", 3),
        ("registers/*\n", 2),  # what is tracked is read all the same
        ("registers/\n", 2),
    ],
)
def test_what_gitignore_names_is_not_read(fleet: Path, run: Run, ignores: str, read: int) -> None:
    (fleet / "registers/x.tmp.yaml").write_text(WRONG)
    (fleet / ".gitignore").write_text(ignores)
    assert f" in {read} files " in files(fleet, run) or (read == 2 and files(fleet, run) == CLEAN.strip())


def test_a_gitignore_in_a_folder_and_ignored_folders(fleet: Path, run: Run) -> None:
    (fleet / "registers/build/deep").mkdir(parents=True)
    (fleet / "registers/build/deep/x.yaml").write_text(WRONG)
    assert run("check", directory=fleet).status == 1
    (fleet / "registers/.gitignore").write_text("build/\n")
    assert run("check", directory=fleet) == (0, CLEAN, "")


def test_what_only_this_machine_ignores_plays_no_part(fleet: Path, run: Run) -> None:
    (fleet / ".git/info").mkdir(exist_ok=True)
    (fleet / ".git/info/exclude").write_text("*.yaml\n")
    (fleet / "registers/x.yaml").write_text(WRONG)
    assert run("check", directory=fleet).status == 1


def test_a_repository_in_an_ignored_folder_of_another(fleet: Path, run: Run) -> None:
    (fleet / ".gitignore").write_text("build/\n")
    inner = fleet / "build/fleet"
    (inner / "registers").mkdir(parents=True)
    (inner / "regcheck.toml").write_text("")
    (inner / "registers/m.yaml").write_text(MACHINES)
    assert files(inner, run) == "1 warning in 1 file with 1 entry"


def test_another_repository_below_is_left_alone(fleet: Path, run: Run) -> None:
    inner = fleet / "registers/inner"
    inner.mkdir()
    (inner / "x.yaml").write_text(WRONG)
    assert run("check", directory=fleet).status == 1
    git(inner, "init", "-q")
    note = "regcheck: registers/inner is another repository: nothing in it was read\n"
    assert run("check", directory=fleet) == (0, CLEAN, note)
    assert run("graph", directory=fleet).err == note


def test_registers_that_are_all_another_repository(repository: Repository, run: Run) -> None:
    root = repository({"registers/m.yaml": MACHINES})
    committed(root / "registers")
    ran = run("check", directory=root)
    assert ran.status == 2
    assert ran.err.endswith("(registers is another repository: nothing in it was read)\n")


def test_settings_and_kinds_are_read_even_where_they_are_ignored(fleet: Path, run: Run) -> None:
    (fleet / "regcheck.toml").write_text("nope = 1\n")
    (fleet / ".gitignore").write_text("regcheck.toml\n")
    assert run("check", directory=fleet).status == 2
