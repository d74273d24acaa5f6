"""The files and folders of a repository: in its work tree, in its index, or in one of its revisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple, Protocol

What = Literal["file", "folder", "repository", "outside"]
"""What a name in a folder is: a `repository` is another one inside this one (a submodule), `outside`
is a symbolic link that leads out of this one."""


class Unreadable(Exception):
    """A file is no text that may be read: what is wrong, how to put it right, and where."""

    def __init__(self, message: str, help: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.help = message, help
        self.place = (line, column, line, column)


class Unlisted(NamedTuple):
    """A folder whose files nobody can name."""

    folder: str
    why: str


class Tree(Protocol):
    """What a repository holds below the folder of its settings; paths have forward slashes."""

    @property
    def root(self) -> str:
        """The folder on disk in which it lies, or would lie."""

    @property
    def remarks(self) -> Iterable[str]:
        """What whoever asked for it should know: what of it was passed over, and why."""

    @property
    def identity(self) -> str | None:
        """A name for all that it holds; None where that may change at any time."""

    def walk(self, folder: str, leads_into: Callable[[str], object]) -> Iterable[str | Unlisted]:
        """Every path in a folder and the folders below it that are led into.

        Of folders only those that are named like a register.
        """

    def exists(self, path: str) -> bool:
        """Whether there is anything at a path, be it a symbolic link that leads nowhere."""

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises Unreadable where it is none, or not one of the repository."""

    def listing(self, folder: str) -> Mapping[str, What] | None:
        """The names in a folder, as they are shown; None where there is no such folder. The root is `""`."""
