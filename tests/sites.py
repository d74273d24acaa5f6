"""Sites to make pages of: this repository's own, one of a graph, and one of a made-up fleet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from regcheck.check import check
from regcheck.graph import FleetGraph
from regcheck.pages import Site
from regcheck.trees import WorkTree
from regcheck.verdict import Verdict

HERE = Path(__file__).parent.parent
TODAY = "2026-07-03"


def real_site() -> Site:
    """The site of the registers of this repository."""
    return Site(check(WorkTree(str(HERE)), today=TODAY))


def site_of(graph: FleetGraph) -> Site:
    """The site of a fleet that nobody has checked."""
    return Site(Verdict(graph, [], [], today=TODAY))


def made_up_site(size: int, folder: Path, seed: int = 1) -> Site:
    """The site of a fleet of as many entries, which is written into a folder."""
    script = str(HERE / "bench" / "generate.py")
    command = [sys.executable, script, str(size), "yaml", str(folder), "--seed", str(seed)]
    subprocess.run(command, check=True, capture_output=True)
    return Site(check(WorkTree(str(folder)), today=TODAY))
