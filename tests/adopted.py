"""What the tests of `regcheck init` share."""

from __future__ import annotations

from typing import Any

import yaml

from regcheck import __version__
from repositories import Repository

MINOR = f"regcheck=={'.'.join(__version__.split('.')[:2])}.*"
OF_ALL = ["regcheck.toml", "registers/machines.md", ".pre-commit-config.yaml"]
OF_FORGE = {
    "forgejo": [".forgejo/workflows/regcheck.yaml"],
    "gitea": [".gitea/workflows/regcheck.yaml"],
    "github": [".github/workflows/regcheck.yaml"],
    "gitlab": [".gitlab/regcheck.yml", ".gitlab-ci.yml"],
}
NEEDS = ("--requirement", MINOR)


def initialised(fleet: Repository, *words: str, status: int = 0, path: str | None = None) -> list[str]:
    """What `regcheck init` says on standard output; `path` is where Python looks for packages first."""
    more = {} if path is None else {"PYTHONPATH": path}
    return fleet.run("regcheck", "init", *words, status=status, **more).stdout.splitlines()


def written(fleet: Repository) -> dict[str, bytes]:
    """All files, save Git's own."""
    files = (path for path in fleet.folder.rglob("*") if path.is_file())
    found = {path.relative_to(fleet.folder).as_posix(): path.read_bytes() for path in files}
    return {path: data for path, data in sorted(found.items()) if not path.startswith(".git/")}


def parsed(fleet: Repository, path: str) -> Any:
    return yaml.safe_load((fleet.folder / path).read_text())
