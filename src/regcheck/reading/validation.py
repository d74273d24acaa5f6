"""Values against JSON Schema 2020-12, in words for the person who wrote them.

jsonschema_rs decides (all entries of a kind in one call); jsonschema, slower
and more talkative, is asked only about the few that are not valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from regcheck.model import Guess
from regcheck.reading.values import is_date
from regcheck.reading.wording import advice, extra, matches, sentence
from regcheck.words import close, shorten

JsonPath = list[Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Broken(NamedTuple):
    """What breaks a schema: the path to it, a sentence, what to do next, and what may be meant."""

    path: JsonPath
    message: str
    help: str = ""
    guess: Guess | None = None


def refuse_remote(uri: str) -> Any:
    """Schemas are local: nothing is fetched to check a file."""
    raise ValueError(f"a schema may not refer to another host: {uri}")


class Validator:
    """One schema, compiled once."""

    def __init__(self, schema: dict[str, Any]) -> None:
        import jsonschema_rs

        self.schema = schema
        self.talkative: Any = None
        self.required = frozenset(schema.get("required", ()))
        formats = {"date": is_date}  # one notion of a date everywhere
        rules: dict[str, Any] = {
            "validate_formats": True,
            "formats": formats,
            "retriever": refuse_remote,
        }
        one = jsonschema_rs.Draft202012Validator
        self.one = one(schema, **rules)
        name = schema.get("$id", "urn:regcheck:values")
        listing = {"type": "array", "items": {"$ref": name}, "$defs": {"entry": {"$id": name, **schema}}}
        self.many = one(listing, **rules)

    def invalid(self, values: list[dict[str, Any]]) -> Iterable[int]:
        """The indices of the values that break the schema."""
        if self.many.is_valid(values):
            return ()
        return [index for index, value in enumerate(values) if not self.one.is_valid(value)]

    def errors(self, value: Any) -> list[Broken]:
        """What breaks the schema in one value."""
        try:
            self.talkative = self.talkative or _talkative(self.schema)
            found = _errors(self.talkative, value)
        except (re.error, RecursionError):  # a pattern that only the other engine can read
            found = []
        if not found:  # the two engines disagree; the one that decides has the word
            found = [Broken(list(e.instance_path), e.message) for e in self.one.iter_errors(value)]
        return found


def check_schema(schema: Any) -> list[tuple[JsonPath, str]]:
    """What is wrong with a JSON Schema itself, by the meta-schema of draft 2020-12."""
    import jsonschema_rs

    if not isinstance(schema, dict):
        return [([], "a schema is a mapping")]
    if schema.get("$schema", DRAFT) not in (DRAFT, DRAFT + "#"):
        return [(["$schema"], f"{shorten(schema['$schema'])} is not supported: the draft is `{DRAFT}`")]
    if not jsonschema_rs.meta.is_valid(schema):
        from jsonschema import Draft202012Validator

        return schema_errors(Draft202012Validator.META_SCHEMA, schema)
    try:
        Validator(schema)
    except jsonschema_rs.ValidationError as error:  # a pattern that is none, a $ref into nothing
        return [(list(error.instance_path), " ".join(error.message.split()))]
    except (ValueError, jsonschema_rs.ReferencingError) as error:  # a $ref to another host
        return [([], " ".join(str(error).partition("\n")[0].split()))]
    return []


def schema_errors(schema: dict[str, Any], value: Any) -> list[tuple[JsonPath, str]]:
    """Every error of a value, sorted by path, each with a sentence that names the value."""
    return [(path, message) for path, message, *_ in _errors(_talkative(schema), value)]


def _talkative(schema: dict[str, Any]) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend
    from referencing import Registry

    rules: dict[str, Any] = {"format_checker": FormatChecker(["date"])}
    if schema is not Draft202012Validator.META_SCHEMA:  # its parts are in the registry that comes with it
        rules["registry"] = Registry()
    # Patterns are left to the engine that bounds its search; a backtracking one can take for ever.
    bounded: Any = extend
    talkative = bounded(Draft202012Validator, {"pattern": _pattern, "patternProperties": _nothing})
    return talkative(schema, **rules)


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if isinstance(value, str) and not matches(pattern)(value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _nothing(_validator: Any, _wants: Any, _value: Any, _schema: Any) -> tuple[()]:
    return ()


def _errors(validator: Any, value: Any) -> list[Broken]:
    errors = list(validator.iter_errors(value))
    # A value of the wrong type breaks everything else that is asked of it, too.
    mistyped = {tuple(e.absolute_path) for e in errors if e.validator == "type"}
    errors = [e for e in errors if e.validator == "type" or tuple(e.absolute_path) not in mistyped]
    root = validator.schema
    found = {((*e.absolute_path, *extra(e)[:1]), sentence(e), advice(e, root), _guess(e)) for e in errors}
    return [Broken(list(path), said, help, guess) for path, said, help, guess in sorted(found, key=repr)]


def _guess(error: Any) -> Guess | None:
    """The allowed values that one which is not may be a misspelling of."""
    if error.validator != "enum" or not isinstance(error.instance, str):
        return None
    near = close(error.instance, [str(value) for value in error.validator_value if value is not None])
    return Guess(error.instance, tuple(near))
