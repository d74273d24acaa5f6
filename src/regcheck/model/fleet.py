"""Everything that the files say, before any rule has judged it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from regcheck.model.entry import Entry
from regcheck.model.finding import Problem
from regcheck.model.kind import Kind
from regcheck.model.position import Source
from regcheck.model.register import Register
from regcheck.model.tree import Tree

HIDING = frozenset(
    {
        "unreadable-file",
        "yaml-syntax",
        "merge-conflict",
        "malformed-table",
        "unknown-kind",
        "bad-schema",
    }
)
"""Problems that may hide entries, or the names by which others know them."""
EMPTY = "empty-register"
"""The only problem that leaves nothing to be understood."""


class Fleet:
    """The registers of a repository, their entries by reference, and what reading met.

    Where two entries of a kind share an id the first one read answers to it;
    `duplicate-id` reports the others.
    """

    def __init__(
        self,
        kinds: dict[str, Kind],
        registers: list[Register],
        sources: list[Source],
        problems: list[Problem],
        schemas: list[Source],
        *,
        tree: Tree,
        remarks: Iterable[str] = (),
    ) -> None:
        self.kinds = kinds
        self.registers = registers
        self.sources = sources
        """The register files and documents that were read."""
        self.schemas = schemas
        """The repository's own kind files."""
        self.tree = tree
        """What lies beside these files, for those who follow a link."""
        self.remarks = tuple(remarks)
        """What whoever asked for the fleet should know: what was passed over, and what names nothing."""
        self.problems = problems
        self.by_kind: dict[str, dict[str, Entry]] = {name: {} for name in kinds}
        self.names: dict[str, dict[str, Entry]] = {name: {} for name in kinds}
        """Per kind, every name that references may use (ids and aliases)."""
        self.doubles: list[tuple[str, Entry, Entry]] = []
        """Names that a second entry of the kind claims: (name, second, first)."""

    def index(self) -> None:
        """Give every name to the entry that says it first; an entry without an id has none."""
        for entry in self:
            if not entry.id:
                continue
            first = self.by_kind[entry.kind.name].setdefault(entry.id, entry)
            if first is not entry:
                self.doubles.append((entry.id, entry, first))
        for kind, entries in self.by_kind.items():
            names = self.names[kind] = dict(entries)
            if "aliases" not in self.kinds[kind].properties:
                continue
            for entry in entries.values():
                for alias in entry.list("aliases"):
                    first = names.setdefault(str(alias), entry)
                    if first is not entry:
                        self.doubles.append((str(alias), entry, first))

    def __iter__(self) -> Iterator[Entry]:
        for register in self.registers:
            yield from register.entries

    @property
    def is_empty(self) -> bool:
        """Whether there is no register, nor anything that might be one and cannot be read."""
        return not self.registers and not self.problems

    def of(self, kind: str) -> dict[str, Entry]:
        """The entries of a kind by id, in the order of the files."""
        return self.by_kind.get(kind, {})

    def get(self, ref: str | None) -> Entry | None:
        """The entry that `kind:id` names."""
        if ref is None:
            return None
        kind, _, name = ref.partition(":")
        return self.by_kind.get(kind, {}).get(name)

    def named(self, ref: str) -> Entry | None:
        """The entry that `kind:name` means, by its id or another of its names."""
        kind, _, name = ref.partition(":")
        return self.names.get(kind, {}).get(name)

    def problems_of(self, rule: str) -> list[Problem]:
        """What reading met that this rule reports."""
        return [problem for problem in self.problems if problem.rule == rule]

    def hiding(self, *kinds: str) -> list[Problem]:
        """Why an entry may be missing, or have another name: what could not be read as a whole.

        What is about one entry hides nothing but that one: it counts for these kinds only.
        """
        return [problem for problem in self.problems if _hides(problem, kinds)]

    @property
    def doubt(self) -> str:
        """The first thing that is not understood, so that a rule may be silent; nothing where all is."""
        met = next((problem for problem in self.problems if problem.rule != EMPTY), None)
        return f"{met.rule} in {met.position}" if met else ""

    @property
    def unread(self) -> list[str]:
        """The files that could not be read as a whole: what is not found may stand in them."""
        return sorted({problem.position.path for problem in self.hiding()})

    def source(self, path: str) -> Source | None:
        """The file that was read at a path."""
        return self._by_path.get(path)

    @property
    def texts(self) -> list[Source]:
        """Every file that was read, the kind files included."""
        return [*self.schemas, *self.sources]

    @cached_property
    def _by_path(self) -> dict[str, Source]:
        return {source.path: source for source in self.texts}


def _hides(problem: Problem, kinds: tuple[str, ...]) -> bool:
    if problem.entry is not None:
        return problem.rule in HIDING and problem.entry.partition(":")[0] in kinds
    if problem.rule == "unknown-property":  # the list of a register's entries, misspelt
        return problem.guess is not None and "entries" in problem.guess.choices
    return problem.rule in HIDING or problem.rule == "schema"
