"""What breaks a JSON Schema in words: what is wrong with the value, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from regcheck.words import did_you_mean, flow, listed, plural, shorten, slug

A_TYPE = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "a yes or no",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}
A_DAY = "2026-01-31"


def sentence(error: Any) -> str:
    """What is wrong with a value, by a jsonschema error."""
    value, wants = error.instance, error.validator_value
    quoted = shorten(value)
    match error.validator:
        case "required":
            return f"`{_missing(error)}` is missing"
        case "type":
            types = [wants] if isinstance(wants, str) else wants
            return f"{quoted} is not {listed([A_TYPE.get(t, t) for t in types], 'or')}"
        case "enum":
            allowed = listed([f"`{flow(w)}`" for w in wants], "or")
            known = f"it is one of {allowed}" if wants else "no value is"
            return f"{quoted} is not allowed here: {_guessed(error) or known}"
        case "format" if wants == "date":
            return f"{quoted} is not a date (YYYY-MM-DD)"
        case "pattern" if _as_slug(error):
            return f"{quoted} has characters that are not allowed here"
        case "pattern":
            return f"{quoted} is not in the form that is wanted here"
        case "minimum" | "exclusiveMinimum" as bound:
            return f"{quoted} is too small: {BOUNDS[bound]} {wants}"
        case "maximum" | "exclusiveMaximum" as bound:
            return f"{quoted} is too large: {BOUNDS[bound]} {wants}"
        case "anyOf" if error.path and error.path[-1] == "type" and "$ref" in wants[0]:
            return f"{quoted} is no type: it is {listed([f'`{t}`' for t in A_TYPE], 'or')}"
        case "anyOf" | "oneOf":
            return f"{quoted} is not {listed([_alternative(part) for part in wants], 'or')}"
        case "additionalProperties":
            unknown = extra(error)
            guess = did_you_mean(str(unknown[0]), error.schema.get("properties", {})) if unknown else ""
            return f"{listed(map(shorten, unknown))} is not known here" + (f": {guess}" if guess else "")
        case "minLength" | "minItems":
            return f"{quoted} is too short: at least {wants}"
        case "maxLength" | "maxItems":
            return f"{quoted} is too long: at most {wants}"
        case "dependentRequired":
            name, needed = _needed(error)
            return f"`{name}` needs {needed} beside it"
        case "const":
            return f"{quoted} is not {shorten(wants)}"
        case "uniqueItems":
            return f"{quoted} names something twice"
        case None:  # the schema is `false`
            return f"{quoted} may not stand here"
        case _:
            return f"{quoted} breaks the schema's `{error.validator}`"


def advice(error: Any, root: Any) -> str:
    """What to do next, as far as the schema tells it; `root` is the schema of the whole value."""
    wants, path = error.validator_value, error.absolute_path
    schema, properties = _mapping(error.schema), _mapping(_mapping(root).get("properties"))
    match error.validator:
        case "required":
            name = _missing(error)
            known = schema.get("properties", {} if path else properties)
            return f"write its `{name}`{_meaning(known.get(name))}"
        case "type" if "string" in wants:
            return "write one text, in quotes where it begins with `[` or `{`"
        case "type" | "format" | "const" | "anyOf" | "oneOf":
            return (wanted := _wanted(schema)) and f"write {wanted}"
        case "enum":
            return f"write {_wanted(schema)}" if _guessed(error) else "write one of them"
        case "pattern":
            # What an item of a list stands for is said of the list.
            whole = {**_mapping(properties.get(path[0])), **schema} if path else schema
            example, said = _example(whole), _description(whole)
            if example is not None:
                return f"write it like {shorten(example)}" + (said and f": {said}")
            near = _as_slug(error)
            return f"write it as {shorten(near)}" if near else said and f"write {said}"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return f"write {_wanted({'type': 'number', **schema})}"
        case "minLength" | "minItems":
            return f"write at least {_count(error)}"
        case "maxLength" | "maxItems":
            return f"write at most {_count(error)}"
        case "additionalProperties":
            names = listed([f"`{name}`" for name in schema.get("properties", {})], "or")
            return f"write {names}, or remove it" if names else "remove it"
        case "dependentRequired":
            name, needed = _needed(error)
            return f"write {needed}, too, or leave out `{name}`"
        case "uniqueItems":
            return "write each of them once"
        case None:
            return "remove it"
    return ""


def extra(error: Any) -> list[str]:
    """The keys that a mapping may not have."""
    if error.validator != "additionalProperties":
        return []
    return [name for name in error.instance if name not in error.schema.get("properties", {})]


@cache
def matches(pattern: str) -> Callable[[Any], bool]:
    """Whether values match a pattern, by the engine that bounds its search."""
    import jsonschema_rs

    one: Callable[[Any], bool] = jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid
    return one


def _missing(error: Any) -> str:
    missing = re.match(r"'(.*)' is a required", error.message)
    return missing[1] if missing else str(error.validator_value)


def _guessed(error: Any) -> str:
    return did_you_mean(str(error.instance), [str(w) for w in error.validator_value if w is not None])


def _as_slug(error: Any) -> str:
    """A value as a slug, where nothing but its characters breaks a pattern."""
    near = slug(str(error.instance))
    return near if near and matches(error.validator_value)(near) else ""


def _needed(error: Any) -> tuple[str, str]:
    """A key, and those that are missing beside it."""
    needed = {
        name: [f"`{other}`" for other in others if other not in error.instance]
        for name, others in error.validator_value.items()
        if name in error.instance
    }
    return next((name, listed(others)) for name, others in needed.items() if others)


def _alternative(schema: dict[str, Any]) -> str:
    if "const" in schema:
        return f"`{flow(schema['const'])}`"
    return A_TYPE.get(str(schema.get("type")), str(schema.get("title", "valid here")))


def _count(error: Any) -> str:
    return plural(error.validator_value, "character" if error.validator.endswith("Length") else "item")


# --- what a schema says of a value ----------------------------------------------------


def _meaning(schema: Any) -> str:
    """What a property is, as the end of a sentence that names it."""
    said = _wanted(schema) if "enum" in _mapping(schema) else _description(schema) or _wanted(schema)
    example = _example(schema)
    such = f", such as {shorten(example)}" if example is not None and flow(example) not in said else ""
    return such + (said and f": {said}")


def _wanted(schema: Any) -> str:
    """What may be written; nothing where a schema does not tell it in a few words."""
    match _mapping(schema):
        case {"const": value}:
            return shorten(value)
        case {"enum": values}:
            return f"one of {listed(map(shorten, values), 'or')}"
        case {"anyOf": parts} | {"oneOf": parts}:
            return listed(filter(None, map(_wanted, parts)), "or")
        case {"format": "date"}:
            return f"a day of the calendar, such as `{A_DAY}`"
        case {"type": "integer" | "number" as type_, **rest}:
            bounds = [f"{word} {rest[name]}" for name, word in BOUNDS.items() if name in rest]
            return " ".join([A_TYPE[type_], "of" if bounds else "", listed(bounds)]).rstrip()
        case {"type": "boolean"}:
            return "`yes` or `no`"
        case {"type": "array" | "object" as type_}:
            return f"{A_TYPE[type_]}: `{'[…, …]' if type_ == 'array' else '{…: …}'}`"
    return ""


def _example(schema: Any) -> Any:
    match _mapping(schema):
        case {"examples": [example, *_]}:
            return example
        case {"format": "date"}:
            return A_DAY
    return None


def _description(schema: Any) -> str:
    """The first sentence of a description, as the end of another one."""
    said = str(_mapping(schema).get("description", "")).partition(". ")[0].rstrip(".")
    return said[:1].lower() + said[1:] if said[:2].istitle() else said


def _mapping(schema: Any) -> dict[str, Any]:
    """A schema, where it is no mere yes or no."""
    return schema if isinstance(schema, dict) else {}
