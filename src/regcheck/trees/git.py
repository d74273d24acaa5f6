"""The one door to Git: its plumbing commands, in an environment that leads to no other repository.

Hooks inherit `GIT_DIR`, `GIT_INDEX_FILE` and others from the Git that runs them,
and in a submodule, a rebase or a worktree these name another repository than the
one that a check is about (githooks(5), git(1) under "Environment Variables").
"""

from __future__ import annotations

import os
import re
import weakref
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from regcheck.errors import GitError

if TYPE_CHECKING:
    from subprocess import Popen

KEPT = ("GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
"""Inherited variables that name no repository; those of `GIT_CONFIG` do not, either."""
OWN = {
    "GIT_NO_REPLACE_OBJECTS": "1",  # who may push any ref must not say what an object holds
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
QUARANTINE = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
"""Where pushed objects lie until a hook has accepted them (git-receive-pack(1))."""
REMEDY = "git config --global --add safe.directory "
"""What Git says may be called for a repository of somebody else."""
NAMED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", *QUARANTINE)
"""What names a repository and its index to the hooks that Git runs (githooks(5))."""


EMPTY = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)
"""The names of the empty blob, which `git add --intent-to-add` puts into the index."""
INTENT_TO_ADD = 1 << 29
"""A flag of an entry of the index (gitformat-index(5))."""
NOWHERE = "Git says: not a git repository (or any"
"""What it says of a folder in no repository; of one whose repository is broken it says more."""
DEBUGGED = re.compile(rb"([^\0]+)\0(?:  [^\n]*\n){4}  size: [^\t]*\tflags: ([0-9a-f]+)\n")
"""What `git ls-files --debug -z` says of an entry."""


class Blob(NamedTuple):
    """What Git has at a path: its mode in octal digits, and the name of its object."""

    mode: str
    oid: str


class Git:
    """A repository, known by a folder in it, or by its own folder where it is bare."""

    def __init__(self, folder: str, *, in_hook: bool = False) -> None:
        """Known by what Git says to a hook that it runs, rather than by the folder, where it is `in_hook`.

        Raises GitError where the folder is in no repository, or Git cannot say so.
        """
        self.folder = os.path.abspath(folder)
        named = _named() if in_hook else {}
        ask = ("--is-bare-repository", "--show-prefix", "--absolute-git-dir", "--git-path", "objects")
        try:
            said = _run(self.folder, ("rev-parse", *ask), _clean() | named).decode(errors="surrogateescape")
        except GitError as error:
            if not str(error).startswith(NOWHERE):
                raise
            way_out = "run this in one, or name a folder of one (-C DIR)"
            raise GitError(f"{self.folder} is in no Git repository: {way_out}") from error
        bare, prefix, self.directory, objects = said.split("\n")[:4]
        self.bare = bare == "true"
        self.prefix = prefix.rstrip("/")
        """The folder, below the top of the work tree."""
        objects = os.path.join(self.folder, objects)
        self.environment = _clean() | (named or _inherited(self.directory, objects))

    @property
    def top(self) -> str:
        """The folder of the work tree; the repository's own where it is bare."""
        if self.bare:
            return self.directory
        return self.folder[: len(self.folder) - len(self.prefix)].rstrip("/") or "/"

    def run(self, *words: str) -> bytes:
        """What a command says; raises GitError, with Git's own words, where it fails."""
        return _run(self.top, words, self.environment)

    # --- revisions --------------------------------------------------------------

    def resolve(self, revision: str, what: str = "commit") -> str:
        """The object that a revision names; raises GitError, and says what is missing."""
        if not revision or revision.startswith("-"):
            raise GitError(f"`{revision}` is no revision")
        try:
            if revision.startswith(":/"):  # all that follows is looked for in messages (gitrevisions(7))
                return self._parsed(f"{self._parsed(revision)}^{{{what}}}")
            return self._parsed(f"{revision}^{{{what}}}")
        except GitError:
            raise GitError(self._unknown(revision)) from None

    def _parsed(self, revision: str) -> str:
        return self.run("rev-parse", "--verify", "--quiet", "--end-of-options", revision).decode().strip()

    def knows(self, revision: str) -> bool:
        """Whether a revision names a commit."""
        try:
            self.resolve(revision)
        except GitError:
            return False
        return True

    def _unknown(self, revision: str) -> str:
        if self.unborn:
            return f"there is no revision `{revision}`: nothing has been committed yet"
        way_out = (
            "fetch more of its history (`git fetch --unshallow`)" if self.shallow else "see `git log --all`"
        )
        where = "this shallow clone" if self.shallow else self.folder
        return f"there is no revision `{revision}` in {where}: {way_out}"

    @property
    def unborn(self) -> bool:
        """Whether the current branch has no commit."""
        try:
            self.run("rev-parse", "--verify", "--quiet", "HEAD")
        except GitError:
            return True
        return False

    @property
    def shallow(self) -> bool:
        """Whether the history ends somewhere because no more of it was fetched."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == b"true"

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits; None where none is known."""
        try:
            return self.run("merge-base", one, other).decode().strip() or None
        except GitError:
            return None

    # --- what it holds ------------------------------------------------------------

    def revision(self, tree: str) -> Iterator[tuple[str, Blob]]:
        """Every path of a tree object, and what is there."""
        for path, (mode, _, oid) in self._paths("ls-tree", "-r", "-z", "--full-tree", tree):
            yield path, Blob(mode, oid)

    def index(self) -> Iterator[tuple[str, Blob, int]]:
        """Every path of the index, what is there, and its stage (0, or 1 to 3 in a conflict)."""
        if self.bare:
            raise GitError(f"{self.folder} is a bare repository, which has no index: name a revision (--rev)")
        intended: frozenset[str] | None = None
        for path, (mode, oid, stage) in self._paths("ls-files", "-z", "--stage"):
            if oid in EMPTY:
                intended = self._intended() if intended is None else intended
                if path in intended:
                    continue  # the next commit would not hold it
            yield path, Blob(mode, oid), int(stage)

    def _intended(self) -> frozenset[str]:
        """The paths that are in the index only to be added later."""
        said = DEBUGGED.findall(self.run("ls-files", "-z", "--debug"))
        return frozenset(_path(path) for path, flags in said if int(flags, 16) & INTENT_TO_ADD)

    def left_out(self) -> Iterator[tuple[str, Blob]]:
        """What of the index a sparse checkout leaves out of the work tree."""
        for path, (tag, mode, oid, _) in self._paths("ls-files", "-z", "-t", "--stage"):
            if tag == "S":
                yield path, Blob(mode, oid)

    def _paths(self, *words: str) -> Iterator[tuple[str, list[str]]]:
        """Every path that a command lists, and the words before it."""
        for line in self.run(*words).split(b"\0")[:-1]:
            about, path = line.split(b"\t", 1)
            yield _path(path), about.decode().split(" ")

    def content(self, oid: str, most: int) -> bytes | int:
        """The bytes of an object; only its size where it has more than `most`.

        Raises GitError where the object is not there.
        """
        assert self._objects.stdin is not None
        assert self._objects.stdout is not None
        self._objects.stdin.write(f"{oid}\n".encode())
        self._objects.stdin.flush()
        header = self._objects.stdout.readline().split()
        if len(header) != len(("oid", "type", "size")):
            raise GitError(f"the object {oid} is not in this repository")
        size = int(header[2])
        left, parts = size + 1, []
        while left:  # a line feed ends it
            part = self._objects.stdout.read(min(left, 1 << 20))
            if not part:
                raise GitError(f"the object {oid} cannot be read as a whole")
            left -= len(part)
            if size <= most:
                parts.append(part)
        return b"".join(parts)[:-1] if size <= most else size

    @cached_property
    def _objects(self) -> Popen[bytes]:
        """One process for all objects that are read."""
        import subprocess

        process = subprocess.Popen(  # noqa: S603  no shell, and the name of no register
            _line(self.top, ("cat-file", "--batch")),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )
        weakref.finalize(self, _end, process)
        return process


def _path(said: bytes) -> str:
    return said.decode(errors="surrogateescape")


def _end(process: Popen[bytes]) -> None:
    process.communicate()


def ignored(folder: str) -> frozenset[str]:
    """What `.gitignore` files leave out below a folder: files, and whole folders.

    Raises GitError where Git cannot say so.
    """
    ask = ("ls-files", "-z", "--others", "--ignored", "--directory", "--exclude-per-directory=.gitignore")
    paths = _run(folder, ask, _clean()).decode(errors="surrogateescape").split("\0")[:-1]
    # All of it: the folder lies in an ignored one, and what ignores that does not speak of this.
    return frozenset() if "./" in paths else frozenset(path.rstrip("/") for path in paths)


def _run(folder: str, words: tuple[str, ...], environment: dict[str, str]) -> bytes:
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603
            _line(folder, words), stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False
        )
    except OSError as error:
        raise GitError(f"Git is needed for this, and cannot be run: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        fatal = next((line for line in said if line.startswith("fatal: ")), said[0] if said else "")
        remedy = next((f": if you trust it, `{line.strip()}`" for line in said if REMEDY in line), "")
        raise GitError(f"Git says: {fatal.removeprefix('fatal: ') or f'status {done.returncode}'}{remedy}")
    return done.stdout


def _line(folder: str, words: tuple[str, ...]) -> list[str]:
    # The monitor of a file system is a program that the repository's own configuration names.
    return ["git", "-C", folder, "-c", "core.fsmonitor=false", *words]


def _clean() -> dict[str, str]:
    """The environment without what names a repository."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in KEPT or name.startswith("GIT_CONFIG_")
    }
    return kept | OWN


def _named() -> dict[str, str]:
    """The repository and the index that Git names to a hook, below the folder in which it runs that."""
    found = {name: os.environ[name] for name in NAMED if os.environ.get(name)}
    for name in found.keys() - {"GIT_ALTERNATE_OBJECT_DIRECTORIES"}:  # a list, which Git writes in full
        found[name] = os.path.abspath(found[name])
    # A hook begins at the top of the work tree, or else in the repository's own folder.
    here = os.getcwd()
    if "GIT_DIR" in found and os.path.realpath(found["GIT_DIR"]) != os.path.realpath(here):
        found.setdefault("GIT_WORK_TREE", here)
    return found


def _inherited(directory: str, objects: str) -> dict[str, str]:
    """What the Git that runs a hook says of this very repository: its index, and pushed objects."""
    found = {}
    index = os.environ.get("GIT_INDEX_FILE")
    if index and os.path.dirname(os.path.realpath(index)) == os.path.realpath(directory):
        found["GIT_INDEX_FILE"] = os.path.realpath(index)
    # It may be a linked worktree, and the folder of objects a link to elsewhere.
    quarantine = os.path.realpath(os.environ.get("GIT_QUARANTINE_PATH") or os.sep)
    own = os.path.realpath(objects)
    if os.path.commonpath([quarantine, own]) == own:
        found |= {name: os.environ[name] for name in QUARANTINE if name in os.environ}
    return found
