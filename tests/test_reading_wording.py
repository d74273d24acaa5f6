"""What breaks a schema: the sentence says what is wrong, and the help what to write."""

from __future__ import annotations

from typing import Any

import pytest

from regcheck.reading.validation import Validator

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "value", "message", "help"),
    [
        (TEXT, ["a"], "`[a]` is not a text", "write one text, in quotes where it begins with `[` or `{`"),
        (
            {"type": "boolean"},
            "perhaps",
            "`perhaps` is not a yes or no",
            "write `yes` or `no`",
        ),
        ({"type": "array"}, "a", "`a` is not a list", "write a list: `[…, …]`"),
        ({"type": "object"}, "a", "`a` is not a mapping", "write a mapping: `{…: …}`"),
        (
            {"type": "integer", "minimum": 1, "maximum": 65535},
            "ssh",
            "`ssh` is not a whole number",
            "write a whole number of at least 1 and at most 65535",
        ),
        ({"minimum": 1}, 0, "`0` is too small: at least 1", "write a number of at least 1"),
        ({"exclusiveMaximum": 9}, 9, "`9` is too large: less than 9", "write a number of less than 9"),
        ({"exclusiveMinimum": 0}, 0, "`0` is too small: more than 0", "write a number of more than 0"),
        (
            {"enum": ["now", "target"]},
            "nwo",
            "`nwo` is not allowed here: did you mean `now`?",
            "write one of `now` or `target`",
        ),
        (
            {"enum": ["now", "target"]},
            "x",
            "`x` is not allowed here: it is one of `now` or `target`",
            "write one of them",
        ),
        ({"const": 1}, 2, "`2` is not `1`", "write `1`"),
        (
            {"anyOf": [{"type": "boolean"}, {"const": "now"}]},
            "x",
            "`x` is not a yes or no or `now`",
            "write `yes` or `no` or `now`",
        ),
        (
            {**TEXT, "format": "date"},
            "2026-13-01",
            "`2026-13-01` is not a date (YYYY-MM-DD)",
            "write a day of the calendar, such as `2026-01-31`",
        ),
        (
            {"pattern": "^[a-z-]+$", "description": "The id. More of it."},
            "A B",
            "`A B` has characters that are not allowed here",
            "write it as `a-b`",
        ),
        (
            {"pattern": "^[a-z]+:.+$", "examples": ["a:b"], "description": "An entry."},
            "b",
            "`b` is not in the form that is wanted here",
            "write it like `a:b`: an entry",
        ),
        (
            {"description": "DNS names.", "items": {"pattern": "[.]"}},
            ["a.b", "c"],
            "`c` is not in the form that is wanted here",
            "write DNS names",
        ),
        ({"pattern": "[.]"}, "c", "`c` is not in the form that is wanted here", ""),
        ({"minLength": 2}, "c", "`c` is too short: at least 2", "write at least 2 characters"),
        ({"maxItems": 1}, [1, 2], "`[1, 2]` is too long: at most 1", "write at most 1 item"),
        ({"uniqueItems": True}, [1, 1], "`[1, 1]` names something twice", "write each of them once"),
        (
            {"properties": {"a": TEXT, "b": TEXT}, "additionalProperties": False},
            {"c": 1},
            "`c` is not known here",
            "write `a` or `b`, or remove it",
        ),
        (
            {"dependentRequired": {"a": ["b", "c"]}},
            {"a": 1, "b": 2},
            "`a` needs `c` beside it",
            "write `c`, too, or leave out `a`",
        ),
        (
            {"required": ["port"], "properties": {"port": {"type": "integer", "minimum": 1}}},
            {},
            "`port` is missing",
            "write its `port`: a whole number of at least 1",
        ),
        ({"required": ["port"]}, {}, "`port` is missing", "write its `port`"),
        ({"multipleOf": 2}, 3, "`3` breaks the schema's `multipleOf`", ""),
        (False, 3, "`3` may not stand here", "remove it"),
    ],
)
def test_what_is_wrong_and_what_to_do(schema: Any, value: object, message: str, help: str) -> None:
    kind = {"type": "object", "properties": {"p": schema}}
    (broken,) = Validator(kind).errors({"p": value})
    assert (broken.message, broken.help) == (message, help)


@pytest.mark.parametrize(
    ("property_", "help"),
    [
        ({"enum": ["now", "target"], "description": "A state."}, "write its `p`: one of `now` or `target`"),
        ({**TEXT, "description": "Why. For people."}, "write its `p`: why"),
        (
            {**TEXT, "format": "date", "description": "The last day."},
            "write its `p`, such as `2026-01-31`: the last day",
        ),
        ({**TEXT, "examples": ["x:y"], "description": "As `x:y`."}, "write its `p`: as `x:y`"),
        ({**TEXT, "examples": ["x"]}, "write its `p`, such as `x`"),
        (True, "write its `p`"),
    ],
)
@pytest.mark.parametrize("required", [{"required": ["p"]}, {"if": True, "then": {"required": ["p"]}}])
def test_what_to_do_where_something_is_missing(required: dict[str, Any], property_: Any, help: str) -> None:
    (broken,) = Validator({"type": "object", "properties": {"p": property_}, **required}).errors({})
    assert (broken.path, broken.message, broken.help) == ([], "`p` is missing", help)
