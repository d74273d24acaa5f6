"""The smallest entry that a kind allows, made from its schema, in each of the three shapes."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from regcheck.graph import as_text
from regcheck.model import Kind, Property
from regcheck.reading.validation import Validator
from regcheck.reading.values import typed

PLAIN = re.compile(r"[^\W\d_][\w ./()-]*|\d{4}-\d\d-\d\d|[a-z]+:[\w-]+")
"""Texts that YAML reads as themselves without quotes."""


class Example(NamedTuple):
    """One file with one entry."""

    shape: str
    path: str
    text: str


def examples(kind: Kind) -> list[Example]:
    """The same entry as a table, as a YAML list, and, where a kind can be one, as an entry document."""
    values = smallest(kind)
    folder = f"registers/{kind.plural.replace(' ', '-')}"
    fields = [f"{name}: {_yaml(value)}" for name, value in values.items()]
    titles = [kind.properties[name].title for name in values]
    cells = [_cell(value) for value in values.values()]
    table = [
        *("---", f"register: {kind.name}", "---", ""),
        *(f"| {' | '.join(row)} |" for row in (titles, ["---"] * len(titles), cells)),
    ]
    indented = [("  - " if index == 0 else "    ") + field for index, field in enumerate(fields)]
    listing = "\n".join([f"register: {kind.name}", "entries:", *indented])
    found = [
        Example("a table", f"{folder}.md", "\n".join(table)),
        Example("a YAML list", f"{folder}.yaml", listing),
    ]
    if documentable(kind):
        fields = [f"{kind.document_key(name)}: {_yaml(value)}" for name, value in values.items()]
        document = ["---", f"entry: {kind.name}", *fields, "---", "", "What else there is to say about it."]
        path = f"{folder}/{as_text(values[kind.id_property])}.md"
        found.append(Example("a document", path, "\n".join(document)))
    return found


def documentable(kind: Kind) -> bool:
    """Whether an entry can have a document of its own: its keys must not be those of a register."""
    return "register" not in kind.properties and all(map(kind.document_key, kind.properties))


def smallest(kind: Kind) -> dict[str, Any]:
    """An entry with its id, what its schema requires, and no more than makes that valid."""
    schemas = kind.schema["properties"]
    required = [*dict.fromkeys([kind.id_property, *kind.schema.get("required", ())])]
    values = {name: _value(kind, p, schemas[name]) for name in required if (p := kind.properties.get(name))}
    validator = Validator(kind.schema)
    left = [name for name in kind.properties if name not in values]
    # What a schema requires under a condition shows only as an error: add, as
    # long as there is one, the property that leaves the fewest errors.
    while left and (wrong := len(validator.errors(values) if validator.invalid([values]) else ())):
        tried = []
        for name in left:
            more = {**values, name: _value(kind, kind.properties[name], schemas[name])}
            tried.append((len(validator.errors(more) if validator.invalid([more]) else ()), name, more))
        fewest, name, more = min(tried, key=lambda attempt: attempt[0])
        if fewest >= wrong:
            break
        values = more
        left.remove(name)
    return values


def _value(kind: Kind, property_: Property, schema: dict[str, Any]) -> Any:
    value = _single(kind, property_, schema.get("items", {}) if property_.is_list else schema)
    return [value] if property_.is_list else value


def _single(kind: Kind, property_: Property, schema: dict[str, Any]) -> Any:
    for said in ("examples", "enum"):
        if schema.get(said):
            return schema[said][0]
    for said in ("default", "const"):
        if said in schema:
            return schema[said]
    wants = property_.wants
    if wants & {"integer", "number"}:
        return max(1, schema.get("minimum", 1))
    if "boolean" in wants:
        return True
    if property_.name == kind.id_property and not property_.reference:
        return f"some-{kind.name}"
    if property_.reference:
        other = property_.reference.kinds[0]
        return f"{kind.name}:some-{kind.name}" if other == "*" else f"some-{other}"
    if schema.get("format") == "date":
        return "2026-01-31"
    return f"Some {property_.title.lower()}"


def _yaml(value: Any) -> str:
    if isinstance(value, list):
        return _yaml(value[0]) if len(value) == 1 else f"[{', '.join(map(_yaml, value))}]"
    if isinstance(value, bool | int | float):
        return as_text(value)
    if isinstance(value, str) and PLAIN.fullmatch(value) and typed(value, frozenset()) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _cell(value: Any) -> str:
    texts = [as_text(item) for item in value] if isinstance(value, list) else [as_text(value)]
    return ", ".join(texts).replace("|", "\\|")
