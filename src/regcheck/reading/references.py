"""Ids made and references resolved, so that values and links say what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from regcheck.model import Entry, Fleet, Guess, Problem, Reference
from regcheck.words import Guesses, close, listed, quoted, shorten, slug

SHORT_TASK = re.compile(r"T\d+\w*")


def name_entries(fleet: Fleet) -> None:
    """Give every entry its id and reference, and index the fleet by them.

    An id that is absent is made from the name or the title; a task's short id
    is written out where its workplan is known. An entry without any of them
    keeps an empty id, and the schema says so.
    """
    refers = {name for name, kind in fleet.kinds.items() if kind.id_property in kind.references}
    for entry in fleet:
        _make_id(entry)
        if entry.kind.name in refers:
            # The id is another entry's: only its last part names it.
            entry.id = entry.id.rpartition(":")[2]
        entry.ref = f"{entry.kind.name}:{entry.id}" if entry.id else ""
    fleet.index()


def _make_id(entry: Entry) -> None:
    values, kind = entry.values, entry.kind
    written = values.get(kind.id_property)
    own = values.get("workplan") if kind.name == "task" else None
    if entry.workplan is None and isinstance(own, str):
        entry.workplan = own  # no register says which workplan its short references mean
    if written is None and kind.properties[kind.id_property].wants == {"string"}:
        name = next((values[n] for n in (kind.label_property, "name", "title") if n in values), None)
        if isinstance(name, str) and (made := slug(name)):
            values[kind.id_property] = written = made
    if not isinstance(written, str | int | float):
        return
    if kind.name == "task" and isinstance(written, str) and SHORT_TASK.fullmatch(written):
        workplan = own or entry.workplan
        if isinstance(workplan, str):
            values[kind.id_property] = written = f"{workplan}-{written}"
    entry.id = str(written)


def resolve(fleet: Fleet) -> list[Problem]:
    """Fill in the links of every entry; write references in their full form."""
    problems: list[Problem] = []
    resolver = _Resolver(fleet)
    # One memory for each property: registers name the same few entries over and over.
    references: dict[str, list[tuple[str, Reference, Memory]]] = {
        name: [(p, reference, {}) for p, reference in kind.references.items()]
        for name, kind in fleet.kinds.items()
    }
    for entry in fleet:
        values = entry.values
        for name, reference, memory in references[entry.kind.name]:
            value = values.get(name)
            if value is None:
                continue
            items = value if value.__class__ is list else [value]
            links = []
            for index, item in enumerate(items):
                found = resolver.find(item, reference, entry, memory)
                if found is None:
                    at = index if items is value else None
                    problems += resolver.unknown(item, reference, entry, name, at)
                    continue
                links.append(found[0])
                if items is value:
                    value[index] = found[1]
                else:
                    values[name] = found[1]
            if links:
                entry.links[name] = tuple(links)
    return problems


Memory = dict[Any, tuple[str, Any] | None]
"""What a written value names, and its full form, as found before."""


class _Resolver:
    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.names = fleet.names
        self.guesses: Guesses[list[str]] = Guesses()

    def find(self, value: Any, reference: Reference, at: Entry, memory: Memory) -> tuple[str, Any] | None:
        """The reference and the full form of what a value names; None where it names nothing."""
        cls = value.__class__
        if cls is not str and cls is not int:
            return None
        if at.workplan and "task" in reference.kinds:  # a short task means another one in each workplan
            memory = {}
        if value not in memory:
            found = self._entry(value, reference, at)
            memory[value] = (found.ref, self._written(found, reference)) if found else None
        return memory[value]

    def _entry(self, value: str | int, reference: Reference, at: Entry) -> Entry | None:
        name = str(value)
        if name in reference.words:
            return None
        for kind in reference.kinds:
            if (found := self._named(kind, name, at)) is not None:
                return found
        kind, colon, name = name.partition(":")
        if colon and (kind in reference.kinds or reference.kinds == ("*",)):
            return self._named(kind, name, at)
        return None

    def _named(self, kind: str, name: str, at: Entry) -> Entry | None:
        names = self.names.get(kind)
        if names is None:
            return None
        if kind == "task" and at.workplan and SHORT_TASK.fullmatch(name):
            name = f"{at.workplan}-{name}"
        return names.get(name)

    def _written(self, found: Entry, reference: Reference) -> Any:
        """The shortest value that reads back as the same entry."""
        if reference.kinds == ("*",):
            return found.ref
        for kind in reference.kinds:
            first = self.names[kind].get(found.id)
            if first is found:
                return found.values[found.kind.id_property]
            if first is not None:
                break
        return found.ref

    def unknown(
        self, value: Any, reference: Reference, entry: Entry, name: str, index: int | None
    ) -> Iterator[Problem]:
        """The problem of a name that no entry, or more than one, answers to."""
        wants = entry.kind.properties[name].wants
        if isinstance(value, str):
            if value in reference.words or ("integer" in wants and not value.startswith("wave:")):
                return  # a word, or not even of the right type: the schema says so
            if reference.kinds == ("*",) and ":" not in value:
                return
        elif not isinstance(value, int) or "integer" not in wants:
            return
        kinds = [k for k in reference.kinds if k in self.names]
        if len(kinds) < len(reference.kinds) and reference.kinds != ("*",):
            return  # the kind's schema is wrong: `bad-schema` says so
        bare = str(value)
        prefix, colon, rest = bare.partition(":")
        if colon and prefix in self.names:
            if reference.kinds != ("*",) and prefix not in reference.kinds:
                message = f"`{name}` names {listed(_articled(kinds), 'or')}, and {shorten(value)} is none"
                help, _ = self._guess(rest, kinds, reference)
                yield Problem("unknown-reference", entry.at(name, index), message, help, entry.ref)
                return
            kinds, bare = [prefix], rest
        elif reference.kinds == ("*",):
            kinds = []
        message = f"there is no {listed(kinds or ['kind'], 'or')} {shorten(bare if kinds else prefix)}"
        help, guess = self._guess(bare if kinds else prefix, kinds, reference)
        if "," in bare and index is not None:
            help = "write a list: `[" + ", ".join(bare.replace(",", " ").split()[:3]) + "]`"
        if "task" in kinds and SHORT_TASK.fullmatch(bare):
            ends = self.tasks.get(bare, [])
            if len(ends) > 1 and not entry.workplan:
                message = f"the task {shorten(bare)} could be {listed(map(quoted, ends), 'or')}"
                help = "write it out, or name the register's `workplan`"
            elif ends:
                help = f"did you mean {quoted(ends[0])}?"
            guess = Guess(bare, tuple(ends))
        full = f"{entry.workplan}-{bare}" if entry.workplan and SHORT_TASK.fullmatch(bare) else bare
        sought = tuple(f"{kind}:{full if kind == 'task' else bare}" for kind in kinds)
        place = entry.at(name, index)
        yield Problem("unknown-reference", place, message, help, entry.ref, guess=guess, sought=sought)

    @cached_property
    def tasks(self) -> dict[str, list[str]]:
        """The tasks of every workplan by their short ids."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.fleet.of("task")):
            _, hyphen, short = name.rpartition("-")
            if hyphen:
                found.setdefault(short, []).append(name)
        return found

    def _guess(self, name: str, kinds: list[str], reference: Reference) -> tuple[str, Guess | None]:
        """What to do about a name that is not known, and what may be meant by it."""

        def seek() -> list[str]:
            known = [n for kind in kinds for n in self.names[kind]] if kinds else list(self.names)
            return close(name, {*known, *reference.words})

        if near := self.guesses.of((name, tuple(kinds), reference.words), seek):
            return f"did you mean {quoted(near[0])}?", Guess(name, tuple(near))
        if kinds == ["task"]:
            return "add it to a register of tasks (`external: yes` for another repository's)", None
        add = f"add the {listed(kinds, 'or')}, or correct the name" if kinds else "write `kind:id`"
        return add, None


def _articled(kinds: list[str]) -> list[str]:
    return [f"a {kind}" for kind in kinds]
