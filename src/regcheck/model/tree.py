"""The files and folders of a repository beside its registers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

What = Literal["file", "folder", "outside"]
"""What a name in a folder is; `outside` is a symbolic link that leads out of the repository."""


class Tree(Protocol):
    """What a repository holds, in its work tree or in one of its revisions."""

    def listing(self, folder: str) -> Mapping[str, What] | None:
        """The names in a folder; None where there is no such folder. The root is `""`."""

    def text(self, path: str) -> str | None:
        """The text of a file; None where it cannot be read."""
