"""Completion in a real bash, from the fleet of the current folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Repository
from regcheck.cli import VERBS
from regcheck.reporting import FORMATS

COMPLETE = """
eval "$(register-python-argcomplete regcheck)"
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9
_python_argcomplete regcheck "" ""
printf '%s\\n' "${COMPREPLY[@]}"
"""

FILES = {
    "registers/machines.yaml": """\
register: machine
entries:
  - {id: old1, role: frozen, aliases: [OLD]}
  - {id: old2, role: frozen}
  - {id: new, role: production}
""",
    "registers/workloads.yaml": """\
register: workload
entries:
  - {id: shop, environment: production, current_host: old1, target_host: new}
  - {id: shelf, environment: staging, current_host: old1, target_host: new}
""",
    "registers/waves.yaml": """\
register: wave
entries:
  - {number: 1, name: First, moves: shop}
  - {number: 2, name: Second, moves: shelf}
""",
    "registers/tasks.yaml": """\
register: task
workplan: WP
entries:
  - {id: T01, title: One, status: todo}
  - {id: T02, title: Two, status: todo}
""",
    "schemas/shoe.schema.yaml": (
        "x-regcheck: {kind: shoe}\ntype: object\nproperties: {id: {type: string}, sole: {type: string}}\n"
    ),
}


@pytest.fixture
def fleet(repository: Repository) -> Path:
    return repository(FILES)


def completed(root: Path, line: str) -> list[str]:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("this system has no bash")
    beside = os.path.dirname(sys.executable)
    ran = subprocess.run(
        [bash, "--norc", "-c", COMPLETE, "bash", line],
        cwd=root,
        env={**os.environ, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return ran.stdout.splitlines()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("regcheck ", list(VERBS)),
        ("regcheck exp", ["explain "]),
        ("regcheck check --st", ["--staged", "--statistics", "--strict"]),
        ("regcheck check --format ", list(FORMATS)),
        ("regcheck check --select drain-", ["drain-cycle "]),
        ("regcheck check --select reading,drain-", ["reading,drain-cycle "]),
        ("regcheck check --ignore bad-", ["bad-schema "]),
        ("regcheck check regi", ["registers/"]),
        ("regcheck list sho", ["shoe "]),
        ("regcheck list workload --where env", ["environment="]),
        ("regcheck list workload --where environment=", ["production", "staging"]),
        ("regcheck list shoe --where s", ["sole=", "source="]),
        ("regcheck explain unknown-k", ["unknown-kind "]),
        ("regcheck explain sho", ["shoe "]),
        ("regcheck explain ord", ["order "]),
        ("regcheck schema sho", ["shoe "]),
        ("regcheck why w", ["wave:", "workload:"]),
        ("regcheck why workload:", ["shelf", "shop"]),
        ("regcheck why workload:shop machine:o", ["old1", "old2"]),
        ("regcheck why workload:shop machine:O", ["OLD "]),
        ("regcheck why --state wave:", ["1", "2"]),
        ("regcheck graph --view ", ["drain", "runtime", "tasks"]),
        ("regcheck graph --select kind:ta", ["task "]),
        ("regcheck graph --select +workload:sho", ["shop "]),
        ("regcheck simulate --offline old", ["old1", "old2"]),
        ("regcheck simulate --offline old1,n", ["old1,new "]),
        ("regcheck simulate --done WP-T0", ["WP-T01", "WP-T02"]),
        ("regcheck simulate --state t", ["target "]),
        ("regcheck diff --f", ["--format "]),
        ("regcheck diff --format ", ["json", "markdown", "text"]),
        ("regcheck --color ", ["always", "auto", "never"]),
    ],
)
def test_completion(fleet: Path, line: str, words: list[str]) -> None:
    assert sorted(completed(fleet, line)) == sorted(words)


def test_completion_of_another_folder(fleet: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert completed(elsewhere, f"regcheck why -C {fleet} workload:shop machine:n") == ["new "]


def test_nothing_to_complete_from_is_quiet(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert completed(tmp_path, "regcheck why workload:") == [""]
