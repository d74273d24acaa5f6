"""A tree in which some files have other texts than it holds: those of an editor, or of a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from regcheck.model import Tree, Unlisted, What
from regcheck.trees.texts import shown


class Edited:
    """A tree and, by their paths as they are shown, texts in place of what it holds."""

    def __init__(self, tree: Tree, texts: Mapping[str, str]) -> None:
        self.tree = tree
        self.texts = texts

    @property
    def root(self) -> str:
        """The folder on disk in which the tree lies."""
        return self.tree.root

    identity = None
    """Another text may take the place of what the tree holds."""

    @property
    def remarks(self) -> Iterable[str]:
        """What the tree remarks."""
        return self.tree.remarks

    def walk(self, folder: str, leads_into: Callable[[str], object]) -> Iterable[str | Unlisted]:
        """What the tree has in a folder and below."""
        return self.tree.walk(folder, leads_into)

    def exists(self, path: str) -> bool:
        """Whether the tree has anything at a path."""
        return self.tree.exists(path)

    def read(self, path: str) -> bytes:
        """The other text, or what the tree holds."""
        text = self.texts.get(shown(path))
        return self.tree.read(path) if text is None else text.encode("utf-8", "surrogatepass")

    def listing(self, folder: str) -> Mapping[str, What] | None:
        """What the tree has in a folder."""
        return self.tree.listing(folder)
