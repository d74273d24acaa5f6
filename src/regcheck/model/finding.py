"""One break of one rule, at one position."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from regcheck.model.position import Position


class Severity(Enum):
    """How much a finding weighs; errors alone decide the exit status (unless strict)."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the most severe."""
        return ("error", "warning", "info").index(self.value)


class Related(NamedTuple):
    """Another place that belongs to a finding, and what it has to do with it."""

    position: Position
    message: str


class Guess(NamedTuple):
    """A word that means nothing, and the known words that it may be a misspelling of, best first."""

    word: str
    choices: tuple[str, ...]


class Problem(NamedTuple):
    """What reading a file met; the rule of the same name reports it."""

    rule: str
    position: Position
    message: str
    help: str = ""
    entry: str | None = None
    related: tuple[Related, ...] = ()
    guess: Guess | None = None
    """What may be meant, where a word at the position is not known."""
    sought: tuple[str, ...] = ()
    """The references of which none is there, where a field names one of them."""


class Finding(NamedTuple):
    """What is wrong, where, how to put it right, and the places that belong to it."""

    rule: str
    severity: Severity
    message: str
    help: str
    position: Position
    entry: str | None = None
    related: tuple[Related, ...] = ()
    new: bool | None = None
    """Whether the base revision had it not; None where the run compares with none."""

    @property
    def order(self) -> tuple[object, ...]:
        """Findings are sorted by place, then rule, then words: the same in every run."""
        return (*self.position[:3], self.rule, self.entry or "", self.message)

    @property
    def identity(self) -> tuple[str, str, str]:
        """What stays when lines move or files are renamed: rule, entry (else path), words."""
        return self.rule, self.entry or self.position.path, self.message


class Silenced(NamedTuple):
    """A finding that is accepted for now: it is counted, and it fails no run."""

    finding: Finding
    by: str
    """The exception that accepts it (`exception:ID`), or `baseline`."""
    reason: str
    """Why, in the words of who accepted it."""
