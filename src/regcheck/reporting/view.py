"""What a report is for: who reads it, and how much of it."""

from __future__ import annotations

from typing import NamedTuple

from regcheck.terminal import PLAIN, Terminal


class View(NamedTuple):
    """The wishes of one reader; the defaults are a pipe."""

    terminal: Terminal = PLAIN
    root: str = ""
    """The absolute path of the repository, for links into it."""
    statistics: bool = False
    strict: bool = False
    """Whether warnings fail the run, too."""
    summarized: bool = False
    """Whether a job summary shows all findings."""


PIPE = View()
