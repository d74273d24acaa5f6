"""The site of a repository, built by a builder as people build it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ENGINES = ("mkdocs", "zensical")
HERE = Path(__file__).resolve().parent.parent


def build(engine: str, into: Path, cache: Path, directory: Path = HERE) -> Path:
    """The folder of the site of a repository; a warning of the builder is an error."""
    others = ("GIT_", "GITHUB_", "CI")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "regcheck", "site", "--engine", engine, "--into", into],
        cwd=directory,
        env=environment | {"XDG_CACHE_HOME": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"open {into / 'index.html'}\n")
    return into
