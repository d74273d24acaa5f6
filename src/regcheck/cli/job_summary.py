"""The job summary of GitHub Actions: a Markdown file that the page of a run shows.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
"""

from __future__ import annotations

import os

from regcheck.cli import common
from regcheck.reporting import markdown
from regcheck.verdict import Verdict

LIMIT = 1024 * 1024
"""Bytes of one step's summary; a larger one is not shown at all."""
LEAST = 1024
"""Bytes below which it is not worth to begin."""


def append(verdict: Verdict) -> bool:
    """Add the findings to the file that GITHUB_STEP_SUMMARY names; whether all of them are in it."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return False
    try:
        with open(path, "ab") as file:
            used = file.seek(0, os.SEEK_END)
            room = LIMIT - used - len("\n\n")
            if room < LEAST:
                common.note("the job summary is full, so it does not hold the findings")
                return False
            text, left_out = markdown.report(verdict, room)
            file.write((b"\n\n" if used else b"") + text.encode())
    except OSError as error:
        common.note(f"the job summary cannot be written: {error.strerror}")
        return False
    return not left_out
