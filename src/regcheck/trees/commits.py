"""The commits of a repository; its remote and its default branch, which GitPython knows.

The commits are one question to Git's plumbing: that takes a tenth of the time of
GitPython, which asks for each commit, and is right for every object format.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from regcheck.errors import GitError
from regcheck.trees.branches import USUAL
from regcheck.trees.git import Git

if TYPE_CHECKING:
    from git import Repo

LAST_SECOND = 253_402_300_799
"""Of the year 9999, in seconds since 1970; Git takes later ones, too."""
ORIGIN = "origin"
BLAMED = re.compile(r"([0-9a-f]{40,64}) [0-9]+ [0-9]+(?: [0-9]+)?$")
"""What `git blame --porcelain` begins each line with."""


class Commit(NamedTuple):
    """One commit, as it is listed."""

    oid: str
    tree: str
    """The name of the object that holds its files."""
    day: str
    """When it was committed: the date in UTC, as YYYY-MM-DD."""
    subject: str
    first: bool
    """Whether no commit before it is known."""


def first_parents(git: Git, revision: str, most: int | None = None) -> list[Commit]:
    """The commits from a revision back along first parents, the oldest first; at `most` the newest of them.

    Raises GitError where there is no such revision.
    """
    ask = ["rev-list", "--first-parent", "--encoding=UTF-8", "--format=%T %ct %P%x00%s"]
    limit = [] if most is None else [f"--max-count={most}"]
    lines = git.run(*ask, *limit, git.resolve(revision), "--").decode(errors="replace").split("\n")
    pairs = zip(lines[::2], lines[1::2], strict=False)  # `commit OID`, then the format
    return [_commit(head.removeprefix("commit "), said) for head, said in pairs][::-1]


def _commit(oid: str, said: str) -> Commit:
    about, _, subject = said.partition("\0")
    tree, seconds, parents = about.split(" ", 2)
    return Commit(oid, tree, _day(seconds), subject, not parents)


def _day(seconds: str) -> str:
    # A commit can say what no calendar has, or nothing: that is the first day, or the last.
    at = min(max(int(seconds or 0), 0), LAST_SECOND)
    return dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()


def is_cut_off(git: Git, oldest: Commit) -> bool:
    """Whether there are commits before the first one known, which this shallow clone has not fetched."""
    if not (oldest.first and git.shallow):
        return False
    return b"\nparent " in git.run("cat-file", "commit", oldest.oid).partition(b"\n\n")[0]


def begins_late(git: Git, found: Sequence[Commit]) -> str | None:
    """What to say of commits, the oldest first, before which there are some that nobody has fetched."""
    if not found or not is_cut_off(git, found[0]):
        return None
    return (
        f"this shallow clone knows no commit before {found[0].oid[:12]}, so the history begins late:"
        " fetch all of it (`git fetch --unshallow`)"
    )


CUT_OFF = Commit("", "", "", "", first=True)
"""What stands for the commits that a shallow clone has not fetched."""
NOT_COMMITTED = re.compile("0+")


def blame(git: Git, path: str) -> list[Commit]:
    """The commit that wrote each line of a file of the work tree as it is.

    A line that is not committed yet has a commit without a day; one that is older
    than all that a shallow clone has fetched has CUT_OFF. Raises GitError where
    the file is not Git's.
    """
    said = git.run("blame", "--porcelain", "--", path).decode(errors="replace").split("\n")
    known: dict[str, Commit] = {}
    lines: list[str] = []
    for line in said:
        if line.startswith("\t"):
            continue  # the line itself
        if match := BLAMED.match(line):
            oid = match[1]
            lines.append(oid)
            known.setdefault(oid, Commit(oid, "", "", "not committed yet", first=False))
        elif line.startswith("committer-time ") and not NOT_COMMITTED.fullmatch(oid):
            known[oid] = known[oid]._replace(day=_day(line.partition(" ")[2]))
        elif line.startswith("summary ") and not NOT_COMMITTED.fullmatch(oid):
            known[oid] = known[oid]._replace(subject=line.partition(" ")[2])
    for oid in _boundary(git) & known.keys():
        known[oid] = CUT_OFF
    return [known[oid] for oid in lines]


def _boundary(git: Git) -> set[str]:
    """The commits behind which a shallow clone knows nothing: who wrote what they have, nobody can say."""
    if not git.shallow:
        return set()
    path = git.run("rev-parse", "--git-path", "shallow").decode().rstrip("\n")
    with open(os.path.join(git.folder, path), encoding="ascii") as file:
        return set(file.read().split())


# --- by GitPython -----------------------------------------------------------------


def remote_url(folder: str) -> str | None:
    """The address of the remote `origin`, or of the only one, without the words to log in by.

    None where there is no such remote, or no repository.
    """
    with _opened(folder) as repo:
        if repo is None:
            return None
        from git.exc import GitCommandError

        remotes = {remote.name: remote for remote in repo.remotes}
        only = next(iter(remotes.values())) if len(remotes) == 1 else None
        if (remote := remotes.get(ORIGIN, only)) is None:
            return None
        try:
            # Of a remote that has none, older Gits say its name, and newer ones nothing.
            return next((_without_login(url) for url in remote.urls if url != remote.name), None)
        except GitCommandError:
            return None


def _without_login(url: str) -> str:
    """An address on the web without what stands in it before `@`, which may be a token."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    if scheme not in ("http", "https") or not separator:
        return url
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def default_branch(folder: str) -> str | None:
    """The branch that changes are for: the remote's own, else one of the usual names, else the current one.

    None where none of these is there, or no repository.
    """
    with _opened(folder) as repo:
        if repo is None:
            return None
        remote = f"refs/remotes/{ORIGIN}/"
        said: str = repo.git.for_each_ref("--format=%(refname) %(symref)", remote, "refs/heads/")
        leads = dict(line.split(" ", 1) for line in said.splitlines())
        if leads.get(f"{remote}HEAD", "").startswith(remote):
            return leads[f"{remote}HEAD"].removeprefix(remote)
        places = [f"{where}{name}" for where in (remote, "refs/heads/") for name in USUAL]
        if usual := next((place for place in places if place in leads), None):
            return usual.rpartition("/")[2]
        current: str = repo.git.symbolic_ref("--quiet", "--short", "HEAD", with_exceptions=False)
        return current or None


@contextmanager
def _opened(folder: str) -> Iterator[Repo | None]:
    """The repository around a folder, as GitPython has it; None where there is none.

    GitPython hands the environment of the process to each Git that it runs, and
    some of it decides which repository is opened. So while it is at work, that
    environment is the one of the door to Git.
    """
    try:
        door = Git(folder)
    except GitError:
        yield None
        return
    inherited = dict(os.environ)
    _replace_environment(door.environment | {"GIT_PYTHON_REFRESH": "quiet"})
    try:
        from git import Repo

        with Repo(door.top) as repo:
            yield repo
    finally:
        _replace_environment(inherited)


def _replace_environment(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
