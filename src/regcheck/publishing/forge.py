"""Where the files of a repository are read on the web: the address of its forge, guessed from its remote."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

from regcheck.errors import GitError
from regcheck.pages import Forge
from regcheck.trees import commits
from regcheck.trees.git import Git

WEB = re.compile(r"https?://[^/\s]+/\S+")
SSH = re.compile(r"(?:ssh://)?(?:[\w.-]+@)?(?P<host>[\w.-]+)(?::[0-9]+)?[:/]+(?P<path>[\w.~/-]+)")
"""`git@host:owner/name.git` and `ssh://git@host:22/owner/name.git` (git-clone(1), "GIT URLS")."""


class _Shape(NamedTuple):
    """How a kind of forge addresses a file, behind the address of the repository."""

    name: str
    at_commit: str
    at_branch: str
    edits: re.Pattern[str]
    """What stands before the branch in an `edit_uri` of MkDocs for it."""


GITHUB = _Shape("GitHub", "blob/", "blob/", re.compile(r"(?:edit|blob|tree)/"))
GITLAB = _Shape("GitLab", "-/blob/", "-/blob/", re.compile(r"-/(?:edit|blob|tree)/"))
FORGEJO = _Shape("Forgejo", "src/commit/", "src/branch/", re.compile(r"(?:_edit|src/branch)/"))
SHAPES = (GITLAB, FORGEJO, GITHUB)


def forge(root: str, repo_url: str | None = None, edit_uri: str | None = None, docs: str = "") -> Forge:
    """The forge of the repository around a folder; an empty one where nobody can say.

    `repo_url` and `edit_uri` are what `mkdocs.yml` says of it, `docs` is the
    folder that an `edit_uri` ends with. Without them the remote tells. A file is
    addressed in the commit where the remote has it, so that its lines are those
    of the pages, else in the default branch.
    """
    base = web_address(repo_url or commits.remote_url(root) or "")
    if not base:
        return Forge()
    shape = _shape(base)
    where = ""
    if edit_uri:
        shape, where = _edited(edit_uri, docs, shape)
    where = where or _revision(root, shape)
    if not where:
        return Forge()
    below = quote(f"{_prefix(root)}/".lstrip("/"))
    return Forge(f"{base}/{where}/{below}{{path}}#L{{line}}", shape.name)


def web_address(remote: str) -> str:
    """The address of a repository on the web, by the address of its remote; empty where it has none."""
    remote = remote.strip().rstrip("/").removesuffix(".git")
    if WEB.fullmatch(remote):
        return quote(remote, safe="/:@~%")
    if "://" in remote.removeprefix("ssh://") or remote.startswith(("/", ".")):
        return ""
    known = SSH.fullmatch(remote)
    return f"https://{known['host']}/{known['path'].lstrip('/')}" if known else ""


def _shape(base: str) -> _Shape:
    host = base.partition("://")[2].partition("/")[0]
    return GITHUB if "github" in host else GITLAB if "gitlab" in host else FORGEJO


def _edited(edit_uri: str, docs: str, guessed: _Shape) -> tuple[_Shape, str]:
    """The shape and the branch that an `edit_uri` says, such as `edit/main/docs/`."""
    said = edit_uri.strip("/").removesuffix(docs.strip("/")).strip("/")
    for shape in dict.fromkeys((guessed, *SHAPES)):
        if found := shape.edits.match(said):
            return shape, shape.at_branch + quote(said[found.end() :])
    return guessed, ""


def _revision(root: str, shape: _Shape) -> str:
    try:
        git = Git(root)
        commit = git.resolve("HEAD")
        if git.run("for-each-ref", "--count=1", f"--contains={commit}", "refs/remotes/"):
            return shape.at_commit + commit
    except GitError:
        pass
    branch = commits.default_branch(root)
    return shape.at_branch + quote(branch) if branch else ""


def _prefix(root: str) -> str:
    try:
        return Git(root).prefix
    except GitError:
        return ""
