"""What was read of one file, as bytes that the next run takes in its place.

JSON holds what registers say; the spans of YAML fields, of which there are many,
lie behind it as machine words.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from typing import Any

from regcheck.model import Entry, Guess, Kind, Places, Position, Problem, Register, Related, Source
from regcheck.reading.registers import Reader
from regcheck.reading.shapes import Columns, NodePlaces, RowPlaces, WithDefaults
from regcheck.reading.tables import Cell

LENGTH_BYTES = 8
"""In front of the JSON: how long it is."""


def dump(reader: Reader, registers: list[Register]) -> bytes | None:
    """What a reader has read of its file, before other files play a part; None where JSON cannot hold it."""
    packer = _Packer()
    said = {
        "registers": [packer.register(register) for register in registers],
        "columns": [packer.columns_of(columns) for columns in packer.columns.values()],
        "names": list(packer.names),
        "defaults": packer.defaults,
        "problems": [_problem(problem) for problem in reader.problems],
        # What stands in no register has no name to be told by.
        "subjects": [[i, *packer.at[id(e)]] for i, e in reader.subjects.items() if id(e) in packer.at],
    }
    try:
        text = json.dumps(said, separators=(",", ":")).encode()
    except (ValueError, TypeError, RecursionError):  # a number of 5,000 digits, a list in a list in a list…
        return None
    return len(text).to_bytes(LENGTH_BYTES, "little") + text + packer.spans.tobytes()


class _Packer:
    """Collects what entries share, so that it is kept once."""

    def __init__(self) -> None:
        self.columns: dict[int, Columns] = {}
        self.names: dict[tuple[str, ...], int] = {}
        self.defaults: list[Any] = []
        self.spans = array("L")
        self.at: dict[int, tuple[int, int]] = {}
        """The register and the entry in it, by the identity of the entry."""
        self._register = 0
        self._columns_at: dict[int, int] = {}
        self._defaults_at: dict[int, int] = {}

    def register(self, register: Register) -> list[Any]:
        entries = []
        for index, entry in enumerate(register.entries):
            self.at[id(entry)] = self._register, index
            entries.append([entry.values, entry.workplan, self.places(entry.places)])
        self._register += 1
        return [register.kind.name, register.place, entries, register.shape, *register[5:]]

    def places(self, places: Places) -> list[Any]:
        if isinstance(places, RowPlaces):
            at = self._columns_at.setdefault(id(places.columns), len(self.columns))
            self.columns[id(places.columns)] = places.columns
            return [at, places.start, places.end]
        if isinstance(places, NodePlaces):
            start = len(self.spans)
            self.spans += places.spans
            return [self.names.setdefault(places.names, len(self.names)), start, len(self.spans), 0]
        assert isinstance(places, WithDefaults)
        key = id(places.defaults)
        if key not in self._defaults_at:
            packed = self.places(places.defaults)
            self._defaults_at[key] = len(self.defaults)
            self.defaults.append(packed)
        return [self._defaults_at[key], self.places(places.own)]

    @staticmethod
    def columns_of(columns: Columns) -> list[Any]:
        return [columns.kind.name, columns.header, columns.properties]


def _problem(problem: Problem) -> list[Any]:
    related = [[place.position[1:], place.message] for place in problem.related]
    assert all(place.position.path == problem.position.path for place in problem.related)
    position = problem.position[1:]
    return [problem.rule, position, problem.message, problem.help, related, problem.guess]


def load(data: bytes, reader: Reader) -> list[Register]:
    """The registers that `dump` packed, and their problems into the reader of the same file."""
    length = int.from_bytes(data[:LENGTH_BYTES], "little")
    said = json.loads(data[LENGTH_BYTES : LENGTH_BYTES + length])
    spans = array("L")
    spans.frombytes(data[LENGTH_BYTES + length :])
    unpacker = _Unpacker(reader.source, reader.kinds, said, spans)
    registers = [unpacker.register(packed) for packed in said["registers"]]
    reader.problems = [unpacker.problem(packed) for packed in said["problems"]]
    reader.subjects = {index: registers[at].entries[item] for index, at, item in said["subjects"]}
    return registers


class _Unpacker:
    def __init__(self, source: Source, kinds: Mapping[str, Kind], said: Any, spans: array[int]) -> None:
        self.source, self.kinds, self.spans = source, kinds, spans
        self.names = [tuple(names) for names in said["names"]]
        self.columns = [
            Columns(source.text, kinds[kind], [Cell(*cell) for cell in header], properties)
            for kind, header, properties in said["columns"]
        ]
        self.defaults = [self.places(packed) for packed in said["defaults"]]

    def register(self, packed: Any) -> Register:
        kind, place, packed_entries, shape, title, as_of, max_age, workplan, as_of_place = packed
        of, source, places = self.kinds[kind], self.source, self.places
        entries = [Entry(of, values, places(at), source, plan) for values, plan, at in packed_entries]
        last = tuple(as_of_place) if as_of_place else None
        return Register(of, source, tuple(place), entries, shape, title, as_of, max_age, workplan, last)

    def places(self, packed: list[Any]) -> Places:
        match packed:
            case [names, start, end, _]:
                return NodePlaces.packed(self.names[names], self.spans[start:end])
            case [columns, start, end]:
                return RowPlaces(self.columns[columns], start, end)
            case _:
                defaults, own = packed
                return WithDefaults(self.places(own), self.defaults[defaults])

    def problem(self, packed: Any) -> Problem:
        rule, position, message, help, related, guess = packed
        path = self.source.path
        places = tuple(Related(Position(path, *at), said) for at, said in related)
        meant = Guess(guess[0], tuple(guess[1])) if guess else None
        return Problem(rule, Position(path, *position), message, help, None, places, meant)
