"""What was written to what it means: scalars typed by the schema.

A table cell and a plain YAML scalar are read alike, so that the three shapes of
a register agree. Without a schema's wish a plain scalar means what the YAML 1.2
core schema says (section 10.3.2): `no` and `on` are words, and what a schema
wants as text stays as written (`1.10`, dates).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from regcheck.model import Property
from regcheck.reading.yaml_nodes import Mapping, Node, Scalar, Sequence

ABSENT = frozenset({"", "-", "—", "n/a", "N/A"})
NULL = frozenset({"~", "null", "Null", "NULL"})
TRUTH = {"yes": True, "true": True, "✓": True, "no": False, "false": False, "✗": False}
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
CORE_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def typed(text: str, wants: frozenset[str]) -> Any:
    """A plain scalar or a cell as the type its schema wants; as written where it is none."""
    if "boolean" in wants and (truth := TRUTH.get(text.casefold())) is not None:
        return truth
    if ("integer" in wants or "number" in wants) and INTEGER.fullmatch(text):
        return int(text)
    if "number" in wants and FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text if wants else _core(text)


def _core(text: str) -> Any:
    """A plain scalar by the YAML 1.2 core schema."""
    if text in CORE_TRUTH:
        return CORE_TRUTH[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text


def reader(property_: Property) -> Callable[[str], Any]:
    """The function that reads one written value of a property."""
    wants = property_.wants
    if wants == {"string"}:
        return str
    return lambda text: typed(text, wants)


def from_node(node: Node, property_: Property) -> Any:
    """The value of a YAML node for a property; None where it is absent."""
    if not property_.is_list:
        return from_scalar(node, property_.wants) if isinstance(node, Scalar) else untyped(node)
    if isinstance(node, Sequence):
        values = [
            from_scalar(item, property_.wants) if isinstance(item, Scalar) else untyped(item)
            for item in node.items
        ]
        return [value for value in values if value is not None]
    value = from_scalar(node, property_.wants) if isinstance(node, Scalar) else untyped(node)
    return None if value is None else [value]


def is_absent(node: Node) -> bool:
    """Whether a node is one of the ways to write that there is no value."""
    if not isinstance(node, Scalar):
        return False
    return node.text in ABSENT or node.text in NULL if node.plain else not node.text.strip()


def words(node: Scalar) -> str:
    """The text of a scalar, without blanks around it that nobody sees, as a table's cell has none.

    A text of several lines keeps its form.
    """
    text = node.text
    return text if node.plain or "\n" in (bare := text.strip()) else bare


def from_scalar(node: Scalar, wants: frozenset[str]) -> Any:
    """The value of one YAML scalar; quotes make text of anything but a yes or no."""
    if is_absent(node):
        return None
    if node.plain:
        return typed(node.text, wants)
    text = words(node)
    return TRUTH.get(text.casefold(), text) if "boolean" in wants else text


def untyped(node: Node) -> Any:
    """A node as plain values, where no property says what it should be."""
    if isinstance(node, Scalar):
        if not node.plain:
            return node.text
        return None if node.text in NULL or not node.text else _core(node.text)
    if isinstance(node, Sequence):
        return [untyped(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {name: untyped(pair.value) for name, pair in node.pairs.items()}


@lru_cache(4096)  # entries repeat their dates, and the validator asks of every one
def is_date(text: str) -> bool:
    """Whether a text is a calendar date as in ISO 8601's extended form, from year 1 on."""
    import datetime as dt

    try:
        return DATE.fullmatch(text) is not None and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False
