"""Which revision a change is compared with where nobody says so: in CI, what it is to be merged into."""

from __future__ import annotations

import os
from collections.abc import Iterator

from regcheck.trees.git import Git

TARGETS = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_DEFAULT_BRANCH")
"""Variables in which forges name the branch that a change is for (Forgejo and Gitea use GitHub's)."""
USUAL = ("main", "master")
NO = ("", "0", "false", "no")


def is_ci() -> bool:
    """Whether the environment says that this is a CI job, as all forges do (`CI`)."""
    return os.environ.get("CI", "").lower() not in NO


def change_base(git: Git, revision: str) -> str | None:
    """The commit that a change began at: the merge base with the branch that it is for.

    On that branch itself it is the commit before. None where this clone does not know it.
    """
    for branch in _targets():
        if not git.knows(branch):
            continue
        found = git.merge_base(branch, revision)
        if found == git.resolve(revision):
            return git.resolve(f"{revision}^1") if git.knows(f"{revision}^1") else None
        return found
    return None


def _targets() -> Iterator[str]:
    names = [name for variable in TARGETS if (name := os.environ.get(variable))]
    for name in names:
        yield from (f"refs/remotes/origin/{name}", f"refs/heads/{name}")
    yield "refs/remotes/origin/HEAD"
    yield from (f"refs/remotes/origin/{name}" for name in USUAL)
