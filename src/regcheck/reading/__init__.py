"""Bytes to registers: files, front matter, tables, YAML, schemas, references.

The door of the stage is `read_fleet`. Nothing in here raises for what a file
holds: whatever is wrong becomes a problem that travels with the good entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from regcheck.model import Entry, Fleet, Problem, Register, Source
from regcheck.reading import files, kinds, references
from regcheck.reading.registers import Reader
from regcheck.reading.validation import Validator
from regcheck.reading.work_tree import WorkTree
from regcheck.settings import Settings

__all__ = ["read_fleet"]


def read_fleet(root: str, settings: Settings, texts: Mapping[str, str] | None = None) -> Fleet:
    """Everything that the files of a repository say, and what is wrong with them.

    `texts` are read in place of what the files at these paths hold.
    """
    known, broken, problems, schemas = kinds.load(root, settings.schemas)
    registers: list[Register] = []
    readers: list[Reader] = []
    sources: list[Source] = []
    registered, unlisted = files.find(root, settings.registers)
    documents, unlisted_too = files.find(root, settings.documents)
    problems += (*unlisted, *unlisted_too)
    globbed = frozenset(registered)
    for path in (*registered, *(path for path in documents if path not in globbed)):
        source, unread = files.load(root, path, texts)
        sources.append(source)
        problems += unread
        if any(problem.rule == "unreadable-file" for problem in unread):
            continue
        reader = Reader(source, known, broken)
        readers.append(reader)
        registers += reader.read() if path in globbed else reader.document()
    fleet = Fleet(known, registers, sources, problems, schemas, tree=WorkTree(root))
    references.name_entries(fleet)
    for reader in readers:
        for index, entry in reader.subjects.items():
            reader.problems[index] = reader.problems[index]._replace(entry=entry.ref or None)
        problems += reader.problems
    problems += references.resolve(fleet)
    problems += _schema_problems(fleet)
    # What stands in `defaults` or behind an anchor is wrong once, however many entries take it.
    fleet.problems = list({problem[:3]: problem for problem in reversed(problems)}.values())[::-1]
    return fleet


def _schema_problems(fleet: Fleet) -> Iterator[Problem]:
    """What breaks the schema of its kind, at the field that breaks it."""
    entries: dict[str, list[Entry]] = {}
    for entry in fleet:
        entries.setdefault(entry.kind.name, []).append(entry)
    for name, of_kind in entries.items():
        validator = Validator(fleet.kinds[name].schema)
        invalid = validator.invalid([entry.values for entry in of_kind])
        for entry in of_kind:
            id_property = entry.kind.id_property
            if not entry.id and id_property not in entry.values and id_property not in validator.required:
                message = f"`{id_property}` is missing, so nothing can refer to this {name}"
                yield Problem("schema", entry.position, message, f"write its `{id_property}`")
        for index in invalid:
            entry = of_kind[index]
            for path, message, help, guess in validator.errors(entry.values):
                property_ = path[0] if path else None
                item = path[1] if len(path) > 1 and isinstance(path[1], int) else None
                place = entry.at(property_, item) if property_ else entry.position
                said = f"`{property_}`: {message}" if property_ else message
                next_ = help or f"see `regcheck explain {name}`"
                yield Problem("schema", place, said, next_, entry.ref or None, guess=guess)
