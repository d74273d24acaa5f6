"""The JSON Schema of YAML registers as they are written, from those of their kinds; and of the settings.

A kind's schema speaks of values that have been read: a single value is a list,
`yes` is true, `-` is nothing. An editor sees the file, so what reading accepts
is written out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from regcheck.explaining.examples import documentable
from regcheck.model import Kind
from regcheck.reading.values import ABSENT

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

TRUE = ["yes", "Yes", "YES", "true", "True", "TRUE", "✓"]
FALSE = ["no", "No", "NO", "false", "False", "FALSE", "✗"]
SHARED: dict[str, Schema] = {
    "yes-or-no": {"enum": [True, False, *TRUE, *FALSE]},
    # A plain scalar is text where text is wanted, whatever YAML makes of it.
    "text": {"type": ["string", "number", "boolean"]},
    "nothing": {"enum": [None, *sorted(ABSENT)]},
}
YES_OR_NO: Schema = {"$ref": "#/$defs/yes-or-no"}
TEXT: Schema = {"$ref": "#/$defs/text"}
NOTHING: Schema = {"$ref": "#/$defs/nothing"}

ABOUT: dict[str, Schema] = {
    "title": {"description": "What the register is called.", "anyOf": [TEXT, {"type": "null"}]},
    "as_of": {"description": "The date of the facts.", "type": "string", "format": "date"},
    "max_age": {
        "description": "Days until the facts are stale.",
        "type": ["integer", "string"],
        "minimum": 0,
        "pattern": "^[0-9]{1,6}$",
    },
    "workplan": {
        "description": "The workplan of short task references (`T05`).",
        "anyOf": [TEXT, {"type": "null"}],
    },
}
"""What a register may say about itself."""

OWN_BUSINESS = frozenset({"x-regcheck", "$id", "$schema"})
OF_THE_ENTRY = frozenset({"title", "description", "type", "properties", "required", "additionalProperties"})
NAMED = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
NESTED = frozenset({"not", "if", "then", "else", "additionalProperties", "contains", "propertyNames"})


def register_schema(kind: Kind) -> Schema:
    """The schema of a YAML register of one kind."""
    title = f"Register of {kind.plural}"
    head = {"$schema": DRAFT, "$id": f"urn:regcheck:register:{kind.name}", "title": title}
    return {**head, **_register(kind), "$defs": _definitions([kind])}


def registers_schema(kinds: Iterable[Kind]) -> Schema:
    """The schema of any YAML register or YAML entry document, by the kind it names."""
    ordered = sorted(kinds, key=lambda kind: kind.name)
    alone = [kind for kind in ordered if documentable(kind)]
    return {
        "$schema": DRAFT,
        "$id": "urn:regcheck:register",
        "title": "Register",
        "description": "Entries of one kind (`register: KIND`), or one entry (`entry: KIND`).",
        "type": "object",
        "properties": {
            "register": {"description": "The kind of the entries.", "enum": [k.name for k in ordered]},
            "entry": {"description": "The kind of this one entry.", "enum": [k.name for k in alone]},
        },
        "anyOf": [{"required": ["register"]}, {"required": ["entry"]}],
        "allOf": [
            *(_where("register", kind.name, f"{kind.name}.register") for kind in ordered),
            *(_where("entry", kind.name, f"{kind.name}.document") for kind in alone),
        ],
        "$defs": {
            **{f"{kind.name}.register": _register(kind) for kind in ordered},
            **{f"{kind.name}.document": _document(kind) for kind in alone},
            **_definitions(ordered),
        },
    }


def settings_schema(shipped: Schema, rules: Iterable[str]) -> Schema:
    """The schema of the settings, with the names of rules and groups for an editor to complete."""
    names = [*rules]
    properties, definitions = shipped["properties"], shipped["$defs"]
    severity = {**properties["severity"], "properties": {n: {"$ref": "#/$defs/severity"} for n in names}}
    rule = {**definitions["rule"], "anyOf": [{"enum": names}, {"type": "string"}]}  # another's may be custom
    return {
        **shipped,
        "properties": {**properties, "severity": severity},
        "$defs": {**definitions, "rule": rule},
    }


def _where(key: str, kind: str, definition: str) -> Schema:
    """A file that says `key: kind` is what a definition says."""
    said = {"properties": {key: {"const": kind}}, "required": [key]}
    return {"if": said, "then": {"$ref": f"#/$defs/{definition}"}}


def _register(kind: Kind) -> Schema:
    fields = {"$ref": f"#/$defs/{kind.name}.fields"}
    # A value that `defaults` gives is not missing where an entry leaves it out.
    conditions = [
        {
            "if": {
                "required": ["defaults"],
                "properties": {"defaults": {"type": "object", "required": [name]}},
            },
            "else": {"properties": {"entries": {"items": demand}}},
        }
        for name, demand in _required(kind).items()
    ]
    if whole := _whole(kind):
        given = {"required": ["defaults"]}
        conditions.append({"if": given, "else": {"properties": {"entries": {"items": whole}}}})
    return {
        "description": kind.description,
        "type": "object",
        "properties": {
            "register": {"description": "The kind of the entries.", "const": kind.name},
            **ABOUT,
            "defaults": {
                "description": "Properties for every entry that does not say otherwise.",
                "anyOf": [fields, NOTHING],
            },
            "entries": {"type": ["array", "null"], "items": fields},
        },
        "required": ["register"],
        "additionalProperties": False,
        "allOf": conditions,
    }


def _document(kind: Kind) -> Schema:
    """One entry in a YAML file of its own."""
    whole = _whole(kind)
    return {
        "description": kind.description,
        "type": "object",
        "properties": {
            "entry": {"const": kind.name},
            **ABOUT,
            **{str(kind.document_key(name)): schema for name, schema in _properties(kind).items()},
        },
        "additionalProperties": False,
        "allOf": [*_required(kind, kind.document_key).values(), *([whole] if whole else [])],
    }


def _properties(kind: Kind) -> dict[str, Schema]:
    required = kind.schema.get("required", ())
    return {
        name: as_written(schema, kind) if name in required else _optional(as_written(schema, kind))
        for name, schema in kind.schema["properties"].items()
    }


def _required(kind: Kind, key: Callable[[str], str | None] = str) -> dict[str, Schema]:
    """What an entry must have, by property; an id may also come from a name. `key` is how it is written."""
    demands: dict[str, Schema] = {}
    for name in kind.schema.get("required", ()):
        enough = [name]
        if name == kind.id_property and kind.properties[name].wants == {"string"}:
            sources = (kind.label_property, "name", "title")
            enough += [n for n in dict.fromkeys(sources) if n in kind.properties and n != name]
        ways: list[Schema] = [{"required": [key(way)]} for way in enough]
        demands[name] = ways[0] if len(ways) == 1 else {"anyOf": ways}
    return demands


def _whole(kind: Kind) -> Schema:
    """What a kind says about an entry as a whole, such as a condition between two properties."""
    said = {key: value for key, value in kind.schema.items() if key not in OF_THE_ENTRY and key != "$defs"}
    whole: Schema = as_written(said, kind)
    return whole


def _definitions(kinds: Iterable[Kind]) -> dict[str, Schema]:
    """What the schemas refer to: the fields of each kind, and its own `$defs`."""
    found = dict(SHARED)
    for kind in kinds:
        found[f"{kind.name}.fields"] = {
            "type": "object",
            "properties": _properties(kind),
            "additionalProperties": False,
        }
        for name, schema in kind.schema.get("$defs", {}).items():
            found[f"{kind.name}.{name}"] = as_written(schema, kind)
    return found


def _optional(schema: Schema) -> Schema:
    """A schema that also takes what stands for an absent value."""
    ways = schema.get("anyOf")
    about: Schema = {key: schema[key] for key in ("title", "description") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in about}
    alternatives = ways if isinstance(ways, list) and len(rest) == 1 else [rest]
    return {**about, "anyOf": [*alternatives, NOTHING]}


def as_written(schema: Any, kind: Kind) -> Any:
    """A schema of values that have been read, as one of what may be written for them."""
    if not isinstance(schema, dict):
        return schema
    out: Schema = {}
    for key, value in schema.items():
        if key in OWN_BUSINESS:
            continue
        if key in NAMED and isinstance(value, dict):
            out[key] = {name: as_written(part, kind) for name, part in value.items()}
        elif key in LISTED and isinstance(value, list):
            out[key] = [as_written(part, kind) for part in value]
        elif key in NESTED or key == "items":
            out[key] = as_written(value, kind)
        elif key == "$ref" and str(value).startswith("#/$defs/"):
            out[key] = f"#/$defs/{kind.name}.{value.removeprefix('#/$defs/')}"
        else:
            out[key] = value
    return _loosened(out)


def _loosened(schema: Schema) -> Schema:
    """The same, with what reading makes of other values allowed."""
    if "const" in schema and isinstance(schema["const"], bool):
        value = schema.pop("const")
        schema["enum"] = [value, *(TRUE if value else FALSE)]
    elif isinstance(schema.get("enum"), list):
        for value, words in ((True, TRUE), (False, FALSE)):
            if any(item is value for item in schema["enum"]):
                schema["enum"] = [*schema["enum"], *words]
    wanted = schema.get("type")
    if wanted == "boolean":
        del schema["type"]
        schema.update(YES_OR_NO)
    elif wanted == "string" and not {"enum", "const", "format"} & schema.keys():
        del schema["type"]
        schema.update(TEXT)
    elif wanted == "array":
        return _one_or_many(schema)
    return schema


def _one_or_many(schema: Schema) -> Schema:
    """A list, or the single item that stands for it."""
    about: Schema = {key: schema.pop(key) for key in ("title", "description") if key in schema}
    items = schema.get("items", {})
    return {**about, "anyOf": [schema, items] if items else [schema, TEXT]}
