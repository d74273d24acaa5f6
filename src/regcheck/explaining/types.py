"""What the values of a property are, in words."""

from __future__ import annotations

from typing import Any

from regcheck.model import Property
from regcheck.words import listed


def type_words(property_: Property, schema: dict[str, Any]) -> str:
    """What the values of a property are, in words."""
    single = schema.get("items", {}) if property_.is_list else schema
    if property_.reference:
        reference = property_.reference
        names = "the `kind:id` of any entry" if reference.kinds == ("*",) else listed(reference.kinds, "or")
        words = "".join(f" or `{word}`" for word in sorted(reference.words))
        edge = f" (edge `{reference.relation}`, state `{reference.state}`)" if reference.relation else ""
        return f"{'list of ' if property_.is_list else ''}→ {names}{words}{edge}"
    return f"list of {_type(single, property_)}" if property_.is_list else _type(single, property_)


def _type(schema: dict[str, Any], property_: Property) -> str:
    if "enum" in schema:
        return listed([f"`{value}`" for value in schema["enum"]], "or")
    if "const" in schema:
        return f"`{schema['const']}`"
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return listed([_type(part, property_) for part in alternatives], "or")
    if schema.get("format") == "date":
        return "date (YYYY-MM-DD)"
    types = schema.get("type", sorted(property_.wants))
    words = {"string": "text", "integer": "whole number", "boolean": "yes or no", "object": "mapping"}
    named = [types] if isinstance(types, str) else types
    return listed([words.get(name, name) for name in named], "or") or "anything"
