"""Real Git repositories for the tests, untouched by the configuration of whoever runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Self

CHECKOUT = Path(__file__).resolve().parent.parent
CONFIGURATION = """\
[user]
    name = Somebody
    email = somebody@example.org
[init]
    defaultBranch = main
[safe]
    directory = *
[protocol "file"]
    allow = always
"""
SOUND = {
    "registers/machines.yaml": """\
register: machine
entries:
  - {id: left, role: production}
  - {id: right, role: production}
""",
    "registers/workloads.yaml": """\
register: workload
entries:
  - {id: shop, environment: staging, target_host: left}
  - {id: shelf, environment: staging, target_host: right}
""",
}
"""A fleet without a finding."""
BAD = {
    "registers/workloads.yaml": SOUND["registers/workloads.yaml"]
    + "  - {id: shed, environment: staging, target_host: rihgt}\n"
}
"""The same with an entry more, which names something that is not there."""
WRONG_NAME = "registers/workloads.yaml:5:51: error[unknown-reference]: there is no machine `rihgt`"


def environment(home: Path) -> dict[str, str]:
    """The environment of a process that has a home of its own, and regcheck on its PATH."""
    home.mkdir(exist_ok=True)
    (home / ".gitconfig").write_text(CONFIGURATION)
    others = ("GIT_", "XDG_", "FORCE_COLOR", "NO_COLOR", "REGCHECK_", "PRE_COMMIT", "SKIP")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    return {
        **kept,
        "HOME": str(home),
        "PATH": path,
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "XDG_CACHE_HOME": str(home / "cache"),
    }


class Repository:
    """A folder with a repository of Git's, or a bare one."""

    def __init__(self, folder: Path, environment: Mapping[str, str], *words: str) -> None:
        """Made anew by `git init` with these words."""
        self.folder = folder
        self.environment = dict(environment)
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", *words)

    def another(self, folder: Path) -> Self:
        """One that is there already, in the same environment."""
        other = copy(self)
        other.folder = folder
        return other

    def run(
        self, *words: str | Path, status: int | None = 0, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program here; its status is the one that is expected, where one is."""
        ran = subprocess.run(
            [os.fspath(word) for word in words],
            cwd=self.folder,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert status is None or ran.returncode == status, f"{words}\n{ran.stdout}{ran.stderr}"
        return ran

    def git(self, *words: str | Path, status: int | None = 0, **more: str) -> str:
        """What a command of Git's says, on either stream."""
        ran = self.run("git", *words, status=status, **more)
        return ran.stdout + ran.stderr

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files (path to text), or remove those without a text."""
        for path, text in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                file.unlink()
            else:
                file.write_bytes(text.encode())

    def commit(self, files: Mapping[str, str | None], *words: str) -> str:
        """Commit all that is there once these files are written; the commit."""
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", "a change", *words)
        return self.at("HEAD")

    def at(self, revision: str) -> str:
        """The object that a revision names; empty where there is none."""
        return self.run("git", "rev-parse", "--verify", "--quiet", revision, status=None).stdout.strip()
