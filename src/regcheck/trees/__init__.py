"""Where files come from: the work tree, the index, or a revision. Nothing is read but through here."""

from regcheck.trees.edited import Edited
from regcheck.trees.texts import decode, read_text, shown
from regcheck.trees.work_tree import WorkTree

__all__ = ["Edited", "WorkTree", "decode", "read_text", "shown"]
