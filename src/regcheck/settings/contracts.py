"""`[[contract]]`: what a team demands of its own fleet, beyond the rules that every fleet has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from regcheck.errors import SettingsError
from regcheck.model import Position
from regcheck.settings.file import File, Path, nearest
from regcheck.words import did_you_mean, flow, listed, quoted, shorten

COMMON = {
    "name": "what it is called where it is broken",
    "reason": "why it holds, told to those whom it stops",
    "type": "`forbidden`, `layers`, `independent` or `required`",
}
SELECTION = "a selection such as `environment=production` or `machine:NAME`"
TYPES = {
    "forbidden": {"from": SELECTION, "to": SELECTION},
    "layers": {"layers": "a list of two selections or more, the highest first"},
    "independent": {"independent": "a list of two selections or more"},
    "required": {"select": SELECTION, "property": "the name of a property, or a list of them"},
}
"""What each type must say beside its name, reason and type; each may also name a `state`."""

KEYS = (*COMMON, *(key for keys in TYPES.values() for key in keys), "state")
STATES = ("now", "target")
STATE = "now|target|wave:(?:0|[1-9][0-9]*)"
FEWEST = 2
"""Selections among which there is something to compare."""


class Contract(NamedTuple):
    """One demand of a team."""

    name: str
    reason: str
    type: str
    selections: tuple[str, ...]
    """`from` and `to`; the layers, highest first; what is independent; or what is selected."""
    properties: tuple[str, ...] = ()
    """What each entry of the selection must have (`required`)."""
    state: str | None = None
    """The only state in which it holds; None for every state."""
    places: tuple[Path, ...] = ()
    """The key (and item) of each selection."""
    positions: Mapping[Path, Position] = MappingProxyType({})
    """Where each key (and item) stands, and the contract itself at `()`."""

    def unknown(self, path: Path, message: str) -> UnknownInContract:
        """The error of a key that names what the fleet does not have."""
        position = nearest(self.positions, path) or Position("", 1, 1, 1, 1)
        return UnknownInContract(message, str(path[0]), position)


class UnknownInContract(SettingsError):
    """A contract speaks of what the fleet does not have."""

    def __init__(self, what: str, key: str, position: Position) -> None:
        super().__init__(f"{position.path}:{position.line}: {what}")
        self.what = what
        self.key = key
        self.position = position


def read_contracts(value: Any, file: File) -> tuple[Contract, ...]:
    """The contracts of a settings file; raises SettingsError, with file and line."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise file.wrong(("contract",), "`contract` is a list of tables: begin each one with `[[contract]]`")
    positions: list[dict[Path, Position]] = [{} for _ in value]
    for path, position in file.positions().items():
        if path[:1] == ("contract",) and len(path) > 1:
            positions[int(path[1])][path[2:]] = position
    found: dict[str, Contract] = {}
    for number, table in enumerate(value):
        contract = _Reader(table, ("contract", number), file).contract()
        if first := found.get(contract.name):
            line = first.positions[("name",)].line
            message = f"there is a contract {quoted(contract.name)} in line {line} already"
            raise file.wrong(("contract", number, "name"), f"{message}: give each its own name")
        found[contract.name] = contract._replace(positions=positions[number])
    return tuple(found.values())


class _Reader:
    """Reads one table."""

    def __init__(self, table: dict[str, Any], path: Path, file: File) -> None:
        self.table = table
        self.path = path
        self.file = file
        name = table.get("name")
        self.called = f"the contract {shorten(name)}" if isinstance(name, str) else "this contract"

    def contract(self) -> Contract:
        said = self.table.get("type")
        type_ = said if isinstance(said, str) and said in TYPES else None
        known = (*COMMON, *TYPES[type_], "state") if type_ else KEYS
        for key in self.table:
            if key not in known:
                which = f" of type `{type_}`" if type_ else ""
                guess = did_you_mean(key, known) or f"its keys are {listed([f'`{name}`' for name in known])}"
                raise self._wrong(f"{self.called}{which} has no key {shorten(key)}: {guess}", key)
        name, reason = (self._text(key) for key in ("name", "reason"))
        if type_ is None:
            said = self._given("type")
            guess = did_you_mean(flow(said), TYPES) or f"it is {COMMON['type']}"
            raise self._wrong(f"there is no type {shorten(said)} of contracts: {guess}", "type")
        selections = dict(self._selections(type_))
        properties = self._properties() if type_ == "required" else ()
        return Contract(
            name,
            reason,
            type_,
            tuple(selections.values()),
            properties,
            self._state(),
            tuple(selections),
        )

    def _text(self, key: str) -> str:
        value = self._given(key)
        if isinstance(value, str) and not value.strip():
            which = "the contract" if key == "name" else self.called
            raise self._wrong(f"the `{key}` of {which} is empty: write {COMMON[key]}", key)
        if not isinstance(value, str):
            raise self._unfit(key)
        return " ".join(value.split())

    def _selections(self, type_: str) -> Iterator[tuple[Path, str]]:
        for key, meaning in TYPES[type_].items():
            value = self._given(key, meaning)
            if meaning == SELECTION:
                yield (key,), self._selection(value, key)
            elif key != "property":
                if not isinstance(value, list) or len(value) < FEWEST:
                    raise self._unfit(key, meaning)
                terms: list[frozenset[str]] = []
                for item, text in enumerate(value):
                    selection = self._selection(text, key, item)
                    terms.append(frozenset(selection.split()))
                    if terms[-1] in terms[:-1]:
                        again = f"{shorten(selection)} stands in `{key}` of {self.called} already"
                        raise self._wrong(f"{again}: compare it with something else", key, item)
                    yield (key, item), selection

    def _selection(self, value: Any, *path: str | int) -> str:
        if not isinstance(value, str) or not value.replace(",", " ").strip():
            raise self._wrong(
                f"{shorten(value)} in `{path[0]}` of {self.called} is no selection: write {SELECTION}", *path
            )
        return value

    def _properties(self) -> tuple[str, ...]:
        value = self._given("property", TYPES["required"]["property"])
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names or not all(isinstance(n, str) and n for n in names):
            raise self._unfit("property", TYPES["required"]["property"])
        return tuple(dict.fromkeys(names))

    def _state(self) -> str | None:
        state = self.table.get("state")
        if state is None:
            return None
        if not isinstance(state, str) or not re.fullmatch(STATE, state):
            guess = did_you_mean(flow(state), STATES) or "it is `now`, `wave:K` or `target`"
            raise self._wrong(f"there is no state {shorten(state)}: {guess}", "state")
        return state

    def _given(self, key: str, meaning: str = "") -> Any:
        if key not in self.table:
            raise self._wrong(f"{self.called} has no `{key}`: {meaning or COMMON[key]}")
        return self.table[key]

    def _unfit(self, key: str, meaning: str = "") -> SettingsError:
        return self._wrong(f"`{key}` of {self.called} is {meaning or f'a text: {COMMON[key]}'}", key)

    def _wrong(self, message: str, *path: str | int) -> SettingsError:
        return self.file.wrong((*self.path, *path), message)
