"""Real repositories of Git, commit by commit, that know nothing of whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.net",
    "GIT_COMMITTER_NAME": "C",
    "GIT_COMMITTER_EMAIL": "c@example.net",
}


def git(root: Path, *words: str, when: str = "2026-05-01") -> str:
    """What a command of Git says in a folder, at noon (UTC) of a day or at a moment of its own."""
    moment = when if "T" in when else f"{when}T12:00:00+00:00"
    dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    done = subprocess.run(
        ["git", *words], cwd=root, env=os.environ | NOBODY | dates, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def started(root: Path) -> Path:
    """An empty repository in a folder."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    return root


def commit(root: Path, files: Mapping[str, str | None], subject: str, when: str) -> str:
    """Commit files (path to text, None to remove one) on a day; the name of the commit."""
    for path, text in files.items():
        file = root / path
        if text is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", subject, when=when)
    return git(root, "rev-parse", "HEAD")
