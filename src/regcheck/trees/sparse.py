"""The work tree of a sparse checkout, with what is left out of it (git-sparse-checkout(1))."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from regcheck.errors import GitError
from regcheck.model import Tree, Unlisted, What
from regcheck.trees.work_tree import WorkTree, git_directory


def whole(tree: WorkTree) -> Tree:
    """A work tree and, where its checkout is sparse, what of the index is not in it."""
    directory = git_directory(tree.root)
    if directory is None or not os.path.exists(os.path.join(directory, "info", "sparse-checkout")):
        return tree
    from regcheck.trees.git import Git
    from regcheck.trees.objects import Objects

    try:
        git = Git(tree.root)
        left_out = Objects(git, dict(git.left_out()), git.top).below(git.prefix)
    except GitError as error:
        tree.remarks[f"what is left out of this sparse checkout is not read: {error}"] = None
        return tree
    return Sparse(tree, left_out) if left_out.blobs else tree


class Sparse:
    """Two trees as one: what is on disk, and what is only in the index."""

    def __init__(self, on_disk: Tree, left_out: Tree) -> None:
        self.on_disk, self.left_out = on_disk, left_out

    @property
    def root(self) -> str:
        """The folder on disk."""
        return self.on_disk.root

    identity = None
    """What is on disk may change at any time."""

    @property
    def remarks(self) -> Iterator[str]:
        """What both remark."""
        return chain(self.on_disk.remarks, self.left_out.remarks)

    def walk(self, folder: str, leads_into: Callable[[str], object]) -> Iterator[str | Unlisted]:
        """What either has in a folder and below."""
        return chain(self.on_disk.walk(folder, leads_into), self.left_out.walk(folder, leads_into))

    def exists(self, path: str) -> bool:
        """Whether either has anything at a path."""
        return self.on_disk.exists(path) or self.left_out.exists(path)

    def read(self, path: str) -> bytes:
        """What is on disk, else what is in the index."""
        return (self.on_disk if self._is_on_disk(path) else self.left_out).read(path)

    def listing(self, folder: str) -> Mapping[str, What] | None:
        """What either has in a folder."""
        found = [
            names for tree in (self.left_out, self.on_disk) if (names := tree.listing(folder)) is not None
        ]
        return {name: what for names in found for name, what in names.items()} if found else None

    def _is_on_disk(self, path: str) -> bool:
        return self.on_disk.exists(path) or not self.left_out.exists(path)
