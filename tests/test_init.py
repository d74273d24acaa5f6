"""`regcheck init`: what it writes is understood by those whom it is for."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from adopted import MINOR, NEEDS, OF_ALL, OF_FORGE, initialised, parsed, written
from conftest import Run
from regcheck.settings import Settings
from repositories import BAD, SOUND, WRONG_NAME, Repository, environment

NEXT = """
next: put what you know into registers, and run `regcheck check`; `pre-commit install` lets Git
      ask it before each commit; commit what was written, and the forge asks it at each change
"""
SCHEMAS = {"gitlab": "vendor.gitlab-ci"}

each_forge = pytest.mark.parametrize("forge", OF_FORGE)


@pytest.fixture
def fleet(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "fleet", environment(tmp_path / "home"))


# --- what is written -----------------------------------------------------------------


@each_forge
def test_everything_that_is_missing_is_written_once(fleet: Repository, forge: str) -> None:
    paths = [*OF_ALL, *OF_FORGE[forge]]
    lines = [f"written     {path}" for path in paths]
    assert initialised(fleet, "--forge", forge, *NEEDS) == [*lines, *NEXT.rstrip().split("\n")]
    files = written(fleet)
    assert sorted(files) == sorted(paths)
    again = initialised(fleet, "--forge", forge, *NEEDS)
    assert [line.partition(":")[0] for line in again] == [
        *(f"unchanged   {path}" for path in [".pre-commit-config.yaml", *OF_FORGE[forge]]),
        "nothing to write",
    ]
    assert written(fleet) == files


@each_forge
def test_the_workflow_is_one_of_its_forge_and_judges_a_change(
    fleet: Repository, forge: str, tmp_path: Path
) -> None:
    origin = Repository(tmp_path / "origin.git", fleet.environment, "--bare")
    fleet.git("remote", "add", "origin", origin.folder)
    initialised(fleet, "--forge", forge, *NEEDS)
    for path in OF_FORGE[forge]:
        schema = SCHEMAS.get(forge, "vendor.github-workflows")
        fleet.run("check-jsonschema", "--builtin-schema", schema, path)
    fleet.commit(SOUND)
    fleet.git("push", "-q", "origin", "main")
    fleet.git("checkout", "-q", "-b", "topic")
    commands = commands_of(parsed(fleet, OF_FORGE[forge][0]))
    install, check = commands[-2:]
    assert install == 'python -I -m pip install "$REQUIREMENT"'
    for command in (*commands[:-2], check):
        assert shell(fleet, command).returncode == 0
    fleet.commit(BAD)
    ran = shell(fleet, check)
    assert ran.returncode == 1
    assert "there is no machine `rihgt`" in ran.stdout
    report = fleet.folder / REPORTS[forge]
    assert "there is no machine `rihgt`" in report.read_text(encoding="utf-8")


REPORTS = {
    "forgejo": "regcheck.md",
    "gitea": "regcheck.md",
    "github": "regcheck.sarif",
    "gitlab": "gl-code-quality-report.json",
}


def commands_of(workflow: Any) -> list[str]:
    """The commands of a job, in their order; it installs what was required, and has the whole history."""
    job = workflow["regcheck"] if "regcheck" in workflow else workflow["jobs"]["regcheck"]
    if "script" in job:
        assert job["variables"] == {"GIT_DEPTH": "0", "REQUIREMENT": MINOR}
        return list(job["script"])
    assert job["steps"][0]["with"]["fetch-depth"] == 0
    assert [step["env"] for step in job["steps"] if "env" in step] == [{"REQUIREMENT": MINOR}]
    return [step["run"] for step in job["steps"] if "run" in step]


def shell(fleet: Repository, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a runner does, in CI."""
    return fleet.run("bash", "-eo", "pipefail", "-c", command, status=None, CI="true")


def test_a_repository_can_be_checked_at_once(fleet: Repository) -> None:
    initialised(fleet, "--forge", "github")
    ran = fleet.run("regcheck", "check")
    assert ran.stdout.splitlines()[0] == (
        "registers/machines.md:2:11: warning[empty-register]: this register has no machine in it"
    )
    file = fleet.folder / "registers/machines.md"
    file.write_text(file.read_text() + "| old | frozen | retired | — | everything | the inventory |\n")
    assert (
        fleet.run("regcheck", "check", "--ignore", "unused-machine").stdout == "clean: 1 file with 1 entry\n"
    )


def test_the_settings_say_nothing_until_somebody_does(fleet: Repository) -> None:
    """And what their commented lines say holds without them."""
    initialised(fleet, "--forge", "github")
    text = (fleet.folder / "regcheck.toml").read_text()
    assert tomllib.loads(text) == {}
    settings = [
        line.removeprefix("# ") for line in text.splitlines() if "=" in line or line.startswith("# [")
    ]
    said = tomllib.loads("\n".join(settings))
    assert tuple(said["registers"]) == Settings().registers
    assert tuple(said["documents"]) == Settings().documents
    assert sorted(said) == ["documents", "max_age", "registers", "severity"]


def test_the_hook_is_one_that_pre_commit_runs(fleet: Repository, tmp_path: Path) -> None:
    """Here with the regcheck on PATH, so that nothing is downloaded."""
    initialised(fleet, "--forge", "github", *NEEDS)
    config = fleet.folder / ".pre-commit-config.yaml"
    fleet.run("pre-commit", "validate-config")
    text = config.read_text()
    installs = f'        language: python\n        additional_dependencies: ["{MINOR}"]\n'
    assert installs in text
    config.write_text(text.replace(installs, "        language: unsupported\n"))
    fleet.environment["PRE_COMMIT_HOME"] = str(tmp_path / "pre-commit")
    fleet.run("pre-commit", "install")
    fleet.write(SOUND)
    fleet.git("add", "--all")
    fleet.git("commit", "-m", "one")
    fleet.write(BAD)
    assert WRONG_NAME in fleet.git("commit", "-a", "-m", "two", status=1)
    assert (fleet.folder / ".git/hooks/pre-merge-commit").exists()


# --- for which forge -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "forge"),
    [
        ("https://github.com/acme/fleet.git", "github"),
        ("git@github.com:acme/fleet.git", "github"),
        ("https://user@codeberg.org/acme/fleet", "forgejo"),
        ("ssh://git@forgejo.acme.example:2222/acme/fleet.git", "forgejo"),
        ("https://gitea.acme.example/acme/fleet.git", "gitea"),
        ("git@gitlab.com:acme/fleet.git", "gitlab"),
    ],
)
def test_the_forge_is_known_by_the_address_of_the_remote(fleet: Repository, address: str, forge: str) -> None:
    fleet.git("remote", "add", "origin", address)
    fleet.write({".github/CODEOWNERS": "* @acme\n"})  # left over from somewhere else
    initialised(fleet)
    assert OF_FORGE[forge][0] in written(fleet)


@pytest.mark.parametrize(
    ("there", "forge"),
    [
        (".forgejo/workflows/test.yaml", "forgejo"),
        (".gitea/workflows/test.yaml", "gitea"),
        (".github/workflows/test.yaml", "github"),
        (".gitlab-ci.yml", "gitlab"),
    ],
)
def test_the_forge_is_known_by_what_is_there_for_it(fleet: Repository, there: str, forge: str) -> None:
    fleet.git("remote", "add", "origin", "git@git.acme.example:github/gitlab.git")
    fleet.write({there: "{}\n"})
    initialised(fleet)
    assert OF_FORGE[forge][0] in written(fleet)


def test_a_forge_that_is_not_known_is_asked_for(fleet: Repository) -> None:
    ran = fleet.run("regcheck", "init", status=2)
    assert ran.stderr == (
        "regcheck: for which forge is the workflow to be? nothing here says it: say `--forge forgejo`,"
        " `--forge gitea`, `--forge github` or `--forge gitlab`\n"
    )
    fleet.write({".gitea/x": "", ".github/x": ""})
    ran = fleet.run("regcheck", "init", status=2)
    assert ran.stderr.endswith("? several are possible: say `--forge gitea` or `--forge github`\n")
    assert sorted(written(fleet)) == [".gitea/x", ".github/x"]


# --- where it cannot be --------------------------------------------------------------


def test_without_a_repository_there_is_nothing_to_guard(run: Run, tmp_path: Path) -> None:
    ran = run("init", "--forge", "github")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"regcheck: {tmp_path} is in no Git repository: run this in one")
    assert run("init", "-C", "nowhere").err == "regcheck: there is no folder `nowhere`\n"
    assert os.listdir(tmp_path) == []


def test_a_bare_repository_has_no_place_for_files(tmp_path: Path) -> None:
    bare = Repository(tmp_path / "fleet.git", environment(tmp_path / "home"), "--bare")
    ran = bare.run("regcheck", "init", "--forge", "github", status=2)
    assert ran.stderr == (
        f"regcheck: {bare.folder} is a bare repository: run this in a clone, and push what it writes\n"
    )


def test_settings_that_cannot_be_read_come_first(fleet: Repository) -> None:
    fleet.write({"regcheck.toml": "max_age = \n"})
    ran = fleet.run("regcheck", "init", "--forge", "github", status=2)
    assert ran.stderr.startswith("regcheck: regcheck.toml:1: this is not TOML")
    assert sorted(written(fleet)) == ["regcheck.toml"]
