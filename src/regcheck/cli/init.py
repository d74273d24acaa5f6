"""`regcheck init`: settings, hooks and a workflow for another repository."""

from __future__ import annotations

import argparse
import os
import re
from difflib import unified_diff
from typing import TYPE_CHECKING

from regcheck.cli import common
from regcheck.errors import UsageError
from regcheck.settings import find_root
from regcheck.terminal import visible

if TYPE_CHECKING:
    from regcheck.adopting import Step

DESCRIPTION = """\
Let regcheck guard a repository: write settings (all commented), a register to
start with where there is none, the entry of a hook for pre-commit, and a workflow
for the forge, which is found by the address of `origin`, or by what is there
already. What is there is left as it is, and you are told what to add to it; a hook
is added to `.pre-commit-config.yaml` where there is no doubt how.
"""

EXAMPLES = """\
examples:
  regcheck init                               for the forge that is found
  regcheck init --forge forgejo               for this one
  regcheck init --dry-run                     only print what would be written, as a patch
  regcheck init --requirement 'regcheck @ git+https://forge.example/ops/regcheck@v0.1.0'
                                              what hooks and workflow are to install

exit status: 0 done, or nothing to do; 2 where something cannot be.
"""

FORGES = ("forgejo", "gitea", "github", "gitlab")
WIDTH = 10
"""Columns of what becomes of a file."""
TO_BE = {"written": "to write", "extended": "to extend"}
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")
NO_END = "\\ No newline at end of file"
NEXT = (
    "next: put what you know into registers, and run `regcheck check`; `pre-commit install` lets Git",
    "      ask it before each commit; commit what was written, and the forge asks it at each change",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `init`."""
    parser.add_argument("--forge", choices=FORGES, help="the forge that the workflow is for")
    parser.add_argument(
        "--requirement",
        metavar="SPEC",
        help="what hooks and workflow install, as for pip (default: where this regcheck came from,"
        " else its minor version)",
    )
    help = "print what would be written as a patch, and write nothing"
    parser.add_argument("--dry-run", action="store_true", help=help)


def run(options: argparse.Namespace) -> int:
    """Write what is missing, and tell what is left to do; raises Unwritable for what cannot be written."""
    from regcheck.adopting import steps
    from regcheck.adopting.forges import FORGES, found
    from regcheck.adopting.requirement import derived, given
    from regcheck.trees.git import Git

    git = Git(_folder(options))
    if git.bare:
        raise UsageError(
            f"{git.directory} is a bare repository: run this in a clone, and push what it writes"
        )
    forge = FORGES[options.forge] if options.forge else found(git)
    if options.requirement is None:
        requirement, remark = derived()
    else:
        requirement, remark = given(options.requirement), ""
    plan = list(steps(git.top, _settled(options, git.top), forge, requirement))
    if options.dry_run:
        for step in plan:
            common.note(_said(step._replace(what=TO_BE.get(step.what, step.what))))
        common.put("".join(_patch(step) for step in plan if step.writes))
    else:
        _write(git.top, plan)
    if remark and any(step.writes for step in plan):
        common.note(remark)
    return 0


def _folder(options: argparse.Namespace) -> str:
    if not os.path.isdir(options.directory):
        raise UsageError(f"there is no folder `{options.directory}`")
    return str(options.directory)


def _settled(options: argparse.Namespace, top: str) -> str:
    """The folder with the settings, below the top of the repository; `""` where that is the top itself."""
    folder = os.path.relpath(find_root(options.directory), top).replace(os.sep, "/")
    if folder == "." or folder.startswith(".."):  # settings above the repository are not its own
        return ""
    if not PLAIN.fullmatch(folder):
        why = "hooks and workflow name it, and some of them would take it for more than a name"
        raise UsageError(f"the folder with the settings is `{folder}`, and {why}: rename it")
    return folder


def _write(top: str, plan: list[Step]) -> None:
    from regcheck import writing

    lines, failed = [], []
    for step in plan:
        path = os.path.join(top, step.path)
        try:
            if step.writes:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                writing.replace(path, step.text.encode(), read=step.before)
        except (OSError, writing.Changed) as error:
            failed.append(
                f"`{step.path}` cannot be written: {getattr(error, 'strerror', '') or 'it has changed'}"
            )
            continue
        lines.append(_said(step))
        lines += [f"    {line}" for line in _to_add(step)]
    if not any(step.writes for step in plan):
        lines.append("nothing to write")
    elif not failed:
        lines += ["", *NEXT]
    common.put("".join(f"{visible(line)}\n" for line in lines))
    if failed:
        raise common.Unwritable("; ".join(failed))


def _said(step: Step) -> str:
    return f"{step.what:{WIDTH}}  {step.path}" + (f": {step.why}" if step.why else "")


def _to_add(step: Step) -> list[str]:
    """What whoever looks after a file that is left alone may put into it."""
    if step.what != "left alone":
        return []
    if step.differs:
        return _patch(step).splitlines()
    return step.text.splitlines()


def _patch(step: Step) -> str:
    """A unified diff from what a file holds to what it is to hold."""
    before = (step.before or b"").decode(errors="replace")
    old = f"a/{step.path}" if step.before is not None else "/dev/null"
    lines = unified_diff(_lines(before), _lines(step.text), old, f"b/{step.path}")
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_END}\n" for line in lines)


def _lines(text: str) -> list[str]:
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])
