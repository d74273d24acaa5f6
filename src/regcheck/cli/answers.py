"""What `regcheck check` said last time of the very same files, and so says again.

Only a check of what Git holds can know without reading that nothing has changed:
each of its files is named by what is in it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
from typing import TYPE_CHECKING, Any

from regcheck.cli import common
from regcheck.store import Store, program, user_folder

if TYPE_CHECKING:
    from regcheck.model import Tree
    from regcheck.trees.objects import Objects

ASKED = ("select", "ignore", "paths", "strict", "statistics", "new_only", "trust_base", "allow_empty")
"""The options that an answer depends on, beside the format."""


class Kept:
    """The answer to one check: looked for, told, and kept for the next run."""

    def __init__(self, options: argparse.Namespace, tree: Tree, bases: list[Objects]) -> None:
        self.options = options
        self.store = Store(None if options.no_cache else user_folder())
        self.notes: list[str] = []
        self.trees: tuple[Any, ...] = (tree, *bases)
        self.name = self._name(tree, bases) if self.store and self._can_be_kept(tree) else None

    def _can_be_kept(self, tree: Tree) -> bool:
        """Whether the answer is one report on standard output, made of nothing but named files."""
        outputs = self.options.format or ()
        if tree.identity is None or any(o.file or o.format == "github" for o in outputs):
            return False
        from regcheck.custom import are_declared

        return not are_declared()  # their code may change at any time

    def _name(self, tree: Any, bases: list[Objects]) -> tuple[str, ...]:
        options = {name: vars(self.options)[name] for name in ASKED}
        today = self.options.today or dt.datetime.now(dt.UTC).date().isoformat()
        outputs = [output.format for output in self.options.format or ()]
        place = tree.root, os.getcwd() if self.options.paths else "", self.options.rev is None
        said = [options, today, outputs, common.terminal(self.options), place]
        identities = (tree.identity, " ".join(base.identity for base in bases))
        return ("check", program(), *identities, json.dumps(said))

    def get(self) -> dict[str, Any] | None:
        """What was said of the same files; None where that is not known."""
        if self.name is None or (data := self.store.get(*self.name)) is None:
            return None
        answer: dict[str, Any] = json.loads(data)
        return answer

    def repeat(self, answer: dict[str, Any]) -> int:
        """Say again what was said; the exit status."""
        for text in answer["notes"]:
            common.note(text)
        common.put(answer["text"])
        status: int = answer["status"]
        return status

    def note(self, text: str) -> None:
        """Say something beside the report."""
        self.notes.append(text)
        common.note(text)

    def keep(self, status: int, text: str) -> None:
        """Keep a report and the exit status, with what was said beside it."""
        if self.name is not None and not any(tree.incomplete for tree in self.trees):
            answer = {"status": status, "text": text, "notes": self.notes}
            self.store.put(self.name, json.dumps(answer).encode())
