"""What a kind demands of its entries, or reads in their tables, less strictly than it did, or otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from regcheck.model import Kind
from regcheck.words import quoted

FOR_PEOPLE = frozenset({"title", "description", "default", "examples", "$comment"})
OF_THE_KIND = frozenset({"$schema", "$id", "properties", "required", "x-regcheck", *FOR_PEOPLE})
KIND = ["x-regcheck", "kind"]
"""Where a schema says which kind it is."""


def redefined(before: Kind, now: Kind) -> Iterator[tuple[list[str], str]]:
    """In what a kind may demand less, and where in its schema: of two schemas nobody can tell in general.

    What can only demand more is left out: a further property, one more that is required, and
    one that is gone, so that whoever writes it is told.
    """
    if before.schema == now.schema:
        return
    for name in before.schema.get("required", ()):
        if name not in now.schema.get("required", ()):
            yield (
                (["required"] if "required" in now.schema else KIND),
                f"no longer has {quoted(name)} in `required`",
            )
    if before.id_property != now.id_property:
        was = f"was by {quoted(before.id_property)} in the base revision"
        yield KIND, f"is known by {quoted(now.id_property)}, and {was}"
    properties = now.schema["properties"]
    for name, said in before.schema["properties"].items():
        if name in properties and _demands(said) != _demands(properties[name]):
            yield ["properties", name], f"demands of {quoted(name)} something else than in the base revision"
    yield from _headings(before, now)
    if _conditions(before.schema) != _conditions(now.schema):
        yield KIND, "has other conditions than in the base revision"


def _headings(before: Kind, now: Kind) -> Iterator[tuple[list[str], str]]:
    """Headings of tables that another property answers to, or none although theirs is still there."""
    for heading, name in sorted(before.columns.items()):
        means = now.columns.get(heading)
        if means is not None and means != name:
            says = f"takes the heading {quoted(heading)} for {quoted(means)}"
            yield ["properties", means], f"{says}, and took it for {quoted(name)} in the base revision"
        elif means is None and name in now.properties:
            yield ["properties", name], f"no longer takes the heading {quoted(heading)} for {quoted(name)}"


def _demands(schema: Any) -> Any:
    """What a property demands, without what is there for people, and its headings."""
    if not isinstance(schema, Mapping):
        return schema
    own = {key: said for key, said in schema.get("x-regcheck", {}).items() if key != "columns"}
    rest = {key: said for key, said in schema.items() if key not in FOR_PEOPLE and key != "x-regcheck"}
    return {**rest, "x-regcheck": own}


def _conditions(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: said for key, said in schema.items() if key not in OF_THE_KIND}
