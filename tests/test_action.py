"""`action.yml`: what GitHub runs where a workflow uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from repositories import BAD, CHECKOUT, SOUND, Repository, environment


@pytest.fixture
def fleet(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "fleet", environment(tmp_path / "home"))


ACTION = yaml.safe_load((CHECKOUT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]


def test_the_action_is_one(fleet: Repository) -> None:
    fleet.run("check-jsonschema", "--builtin-schema", "vendor.github-actions", CHECKOUT / "action.yml")


def test_no_input_of_the_action_gets_into_a_script() -> None:
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert [script for script in scripts if "${{" in script] == []
    inputs = {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}
    used = [value for step in STEPS for key in ("env", "with") for value in step.get(key, {}).values()]
    assert inputs == inputs.intersection(map(str, used))
    assert STEPS[1]["env"]["SOURCE"] == "${{ github.action_path }}"


def acted(fleet: Repository, tmp_path: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the last step of the action, as a runner does, with the inputs given."""
    (tmp_path / "runner").mkdir(exist_ok=True)
    if not (tmp_path / "runner/regcheck").exists():
        (tmp_path / "runner/regcheck").symlink_to(sys.prefix)
    given = {name: str(said["default"]) for name, said in ACTION["inputs"].items()} | inputs
    env = {
        variable: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for variable, value in STEPS[-1]["env"].items()
    }
    script = tmp_path / "step.sh"
    script.write_text(STEPS[-1]["run"])
    command = ("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
    return fleet.run(*command, status=None, RUNNER_TEMP=str(tmp_path / "runner"), CI="true", **env)


def test_the_action_checks_and_takes_its_inputs(fleet: Repository, tmp_path: Path) -> None:
    fleet.commit(SOUND)
    ran = acted(fleet, tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    fleet.commit(BAD)
    ran = acted(fleet, tmp_path)
    assert ran.returncode == 1
    assert ran.stdout.startswith("::error title=regcheck%3A unknown-reference,file=registers/workloads.yaml,")
    fleet.commit({"more/registers/m.yaml": SOUND["registers/machines.yaml"], "more/regcheck.toml": ""})
    inputs = {
        "working-directory": "more",
        "base": "HEAD^",
        "arguments": " --format json\n --ignore\tunused-machine",
    }
    ran = acted(fleet, tmp_path, **inputs)
    assert ran.returncode == 0
    assert '"entries": 2' in ran.stdout


@pytest.mark.parametrize("name", ["working-directory", "base", "arguments"])
@pytest.mark.parametrize(
    "said", ["$(touch pwned)", "; touch pwned", "`touch pwned`", '" && touch pwned #', "*"]
)
def test_what_is_put_into_the_action_is_never_run(
    fleet: Repository, tmp_path: Path, name: str, said: str
) -> None:
    fleet.commit(SOUND)
    ran = acted(fleet, tmp_path, **{name: said})
    assert ran.returncode in (1, 2)
    assert sorted(path.name for path in fleet.folder.iterdir()) == [".git", "registers"]
