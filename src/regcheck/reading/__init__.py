"""Bytes to registers: files, front matter, tables, YAML, schemas, references.

The door of the stage is `read_fleet`. Nothing in here raises for what a file
holds: whatever is wrong becomes a problem that travels with the good entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from regcheck.model import Entry, Fleet, Problem, Register, Source, Tree
from regcheck.reading import files, kinds, references
from regcheck.reading.registers import Reader
from regcheck.reading.validation import Validator
from regcheck.settings import Settings
from regcheck.store import Store, digest, program
from regcheck.words import quoted

__all__ = ["read_fleet"]

NOTHING = Store(None)
WORTH_KEEPING = 2_000
"""Characters of a file below which it is read as fast as found."""


def read_fleet(tree: Tree, settings: Settings, store: Store = NOTHING) -> Fleet:
    """Everything that the files of a repository say, and what is wrong with them.

    What was read of a file before is taken from the store, where it is there.
    """
    known, broken, problems, schemas = kinds.load(tree, settings.schemas)
    registers: list[Register] = []
    readers: list[Reader] = []
    sources: list[Source] = []
    registered, unlisted, idle = files.find(tree, settings.registers)
    documents, unlisted_too, idle_too = files.find(tree, settings.documents)
    problems += (*unlisted, *unlisted_too)
    nothing = [*_idle(settings, "registers", idle), *_idle(settings, "documents", idle_too)]
    if not schemas and not problems:
        nothing += _idle(settings, "schemas", {0: settings.schemas})
    globbed = frozenset(registered)
    known_by = kinds.identity(schemas) if store else ""
    for path in (*registered, *(path for path in documents if path not in globbed)):
        source, unread = files.load(tree, path)
        sources.append(source)
        problems += unread
        if any(problem.rule == "unreadable-file" for problem in unread):
            continue
        reader = Reader(source, known, broken)
        readers.append(reader)
        registers += _read(reader, store, known_by, as_register=path in globbed)
    remarks = (*settings.remarks, *tree.remarks, *nothing)
    fleet = Fleet(known, registers, sources, problems, schemas, tree=tree, remarks=remarks)
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


def _idle(settings: Settings, key: str, idle: Mapping[int, str]) -> Iterator[str]:
    """The remarks on globs, by their number, that name no file, where somebody wrote the setting."""
    for number, glob in idle.items() if idle and settings.says(key) else ():
        at = settings.place_of(key, number)
        what = "kind file is in" if key == "schemas" else "file is named by"
        yield f"{at.path}:{at.line}: no {what} {quoted(glob)}: correct it in `{key}`, or take it out"


def _read(reader: Reader, store: Store, kinds_by: str, *, as_register: bool) -> list[Register]:
    """The registers of one file, as they were read the last time where that is known."""
    source = reader.source
    if not store or len(source.text) < WORTH_KEEPING or source.written is not source.text:
        return reader.read() if as_register else reader.document()
    from regcheck.reading import kept

    shape = "register" if as_register else "document"
    name = ("read", program(), kinds_by, source.path, shape, digest(source.text))
    if (data := store.get(*name)) is not None:
        return kept.load(data, reader)
    registers = reader.read() if as_register else reader.document()
    if (packed := kept.dump(reader, registers)) is not None:
        store.put(name, packed)
    return registers


@cache
def _shipped_validator(name: str) -> Validator:
    """One that serves every revision that is read."""
    return Validator(kinds.shipped()[name].schema)


def _schema_problems(fleet: Fleet) -> Iterator[Problem]:
    """What breaks the schema of its kind, at the field that breaks it."""
    entries: dict[str, list[Entry]] = {}
    for entry in fleet:
        entries.setdefault(entry.kind.name, []).append(entry)
    for name, of_kind in entries.items():
        kind = fleet.kinds[name]
        shipped = kind is kinds.shipped().get(name)
        validator = _shipped_validator(name) if shipped else Validator(kind.schema)
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
