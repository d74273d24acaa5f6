"""Settings that say something else than they mean, and settings that would do harm."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Repository, Run

MACHINES = {"registers/m.yaml": "register: machine\nentries: [{id: a, role: frozen}]\n"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('registers = ["../*.yaml"]', "`../*.yaml` leads out of the repository: only what is in it is read"),
        ('documents = "/etc/*"', "`/etc/*` leads out of the repository: only what is in it is read"),
        ('schemas = "a/../../b"', "`a/../../b` leads out of the repository: only what is in it is read"),
        (
            'registers = "registers/[a-z].yaml"',
            "`[` in `registers/[a-z].yaml` is no wildcard: those are `*`, `**`, `?` and `{a,b}`",
        ),
        (
            'registers = "{a,b}{a,b}{a,b}{a,b}{a,b}"',
            "`{a,b}{a,b}{a,b}{a,b}{a,b}` has more than 4 choices: write several globs",
        ),
        ('ignore = ["undecidd"]', "there is no rule or group `undecidd`: did you mean `undecided`?"),
        ("severity = {nope = 'error'}", "there is no rule or group `nope`: see `regcheck explain`"),
        ("max_age = -1", "`max_age` is a number of days"),
        ("register = 1", "there is no setting `register`: did you mean `registers`?"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_line(
    repository: Repository, run: Run, line: str, message: str
) -> None:
    repository({**MACHINES, "regcheck.toml": f"# ours\n{line}\n"})
    ran = run("check")
    place = 1 if line.startswith("severity") else 2  # an inline table has no line of its own
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"regcheck: regcheck.toml:{place}: {message}\n"


def test_a_table_of_pyproject(repository: Repository, run: Run) -> None:
    repository({**MACHINES, "pyproject.toml": "[tool.regcheck]\nignore = ['unused-machine']\n"})
    assert run("check").out == "clean: 1 file with 1 entry\n"
    repository({"pyproject.toml": "[tool]\nregcheck = 5\n"})
    assert run("check").err == "regcheck: pyproject.toml:2: `[tool.regcheck]` is a table\n"
    repository({"pyproject.toml": "tool = 5 # regcheck\n"})
    assert run("check", "--select", "schema").status == 0


def test_a_run_without_any_rule_is_refused(repository: Repository, run: Run) -> None:
    repository(MACHINES)
    ran = run("check", "--select", "schema", "--ignore", "identity")
    message = "no rule is left to run: all that are selected are ignored, too"
    assert ran == (2, "", f"regcheck: {message}\n")


def test_dots_in_a_glob_find_a_file_once(repository: Repository, run: Run) -> None:
    globs = 'registers = ["./registers/*.yaml", "registers//m.yaml"]\nignore = "unused-machine"\n'
    repository({**MACHINES, "regcheck.toml": globs})
    assert run("check").out == "clean: 1 file with 1 entry\n"


def check_in(root: Path) -> subprocess.CompletedProcess[str]:
    """A real process, so that one that hangs is stopped."""
    command = [sys.executable, "-m", "regcheck", "check", "--select", "reading,schema"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=20, check=False)


def test_a_pipe_for_a_project_file_is_not_read(repository: Repository) -> None:
    root = repository(MACHINES)
    os.mkfifo(root / "pyproject.toml")
    assert check_in(root).stdout == "clean: 1 file with 1 entry\n"


def test_a_glob_of_many_stars_is_matched_in_bounded_time(repository: Repository) -> None:
    name = "a" * 200
    root = repository({f"registers/{name}.yaml": MACHINES["registers/m.yaml"]})
    globs = [f"registers/{'*a' * 40}b", f"registers/{'*a' * 20}.yaml"]
    (root / "regcheck.toml").write_text(f"registers = {globs}\n")
    assert check_in(root).stdout == "clean: 1 file with 1 entry\n"


def test_a_pattern_of_the_repository_is_matched_in_bounded_time(repository: Repository) -> None:
    schema = """\
x-regcheck: {kind: vm}
type: object
properties: {id: {type: string}, p: {type: string, pattern: "^(a+)+$"}}
"""
    entry = f"register: vm\nentries: [{{id: x, p: {'a' * 60}!}}]\n"
    root = repository({"schemas/vm.schema.yaml": schema, "registers/vm.yaml": entry})
    said = "registers/vm.yaml:2:22: error[schema]: `p`: "
    assert check_in(root).stdout.startswith(said)


def test_a_linked_folder_outside_is_not_read(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "m.yaml").write_text("register: secret\n")
    root = repository({"regcheck.toml": ""})
    (root / "registers").symlink_to(outside)
    ran = check_in(root)
    assert ran.stdout.splitlines()[0] == (
        "registers/m.yaml:1:1: error[unreadable-file]: a symbolic link leads out of the repository here"
    )
    assert "secret" not in ran.stdout
