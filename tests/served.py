"""A bare repository that `hooks/pre-receive` guards, and what it says of a push."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from repositories import CHECKOUT, Repository

BY = "by the settings and the baseline from before this push"
CLEAN = "clean: 2 files with 4 entries"


class Server(Repository):
    """A bare repository with the hook, and what pushing from a clone came to."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        super().__init__(folder, environment, "--bare")
        shutil.copy(CHECKOUT / "hooks/pre-receive", folder / "hooks/pre-receive")


SETTINGS = """\
max_age = 30

[severity]
undecided = "warning"

[[contract]]
name = "apart"
reason = "the two are sold to different customers"
type = "independent"
independent = ["workload:shop", "workload:shelf"]
"""


def said(clone: Repository, *words: str, status: int = 0, **more: str) -> list[str]:
    """What the server says of a push, line by line."""
    lines = clone.git("push", "--porcelain", "origin", *(words or ("main",)), status=status, **more)
    return [
        line.removeprefix("remote: ").rstrip().removeprefix("remote:")
        for line in lines.splitlines()
        if line.startswith("remote:")
    ]


def findings(lines: list[str]) -> list[str]:
    return [line for line in lines if re.match(r"\S+:\d+:\d+: ", line)]


def said_of(clone: Repository, files: Mapping[str, str | None], status: int = 1) -> list[str]:
    clone.commit(files)
    return said(clone, status=status)


def weakened(place: str, message: str) -> str:
    return f"{place}: error[weakened-guard]: {message}"


LOWERED = SETTINGS.replace("[severity]", '[severity]\nunknown-reference = "info"')
"""Weaker settings."""
LOWERS = weakened(
    "regcheck.toml:4:1",
    "`unknown-reference` in `[severity]` lowers unknown-reference from error to info",
)
"""What is found in those."""
