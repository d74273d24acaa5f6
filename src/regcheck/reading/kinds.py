"""Kind files to kinds: JSON Schema 2020-12 with the keyword `x-regcheck`.

The shipped kinds come with regcheck; a repository's own folder adds to them, or
replaces one by giving the same name.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from regcheck.model import Kind, Position, Problem, Property, Reference, Source, Tree
from regcheck.reading import files
from regcheck.reading.validation import check_schema, schema_errors
from regcheck.reading.values import untyped
from regcheck.reading.yaml_nodes import Mapping, Node, Scalar, Sequence, parse
from regcheck.store import digest
from regcheck.words import did_you_mean, listed

HELP = "a kind is a JSON Schema of draft 2020-12 with the keyword `x-regcheck`"

SUFFIXES = (".schema.yaml", ".schema.yml", ".schema.json")


@cache
def shipped_folder() -> str:
    """Where the shipped kinds lie: inside the wheel, or beside `src` in a checkout."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    packed = os.path.join(here, "schemas")
    return packed if os.path.isdir(packed) else os.path.join(here, "..", "..", "schemas")


@cache
def _shipped_text(name: str) -> str | None:
    try:
        with open(os.path.join(shipped_folder(), name), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def shipped_json(name: str) -> dict[str, Any]:
    """One of the shipped JSON files, for example `x-regcheck.json`."""
    text = _shipped_text(name)
    if text is None:
        raise FileNotFoundError(f"regcheck's own {name} is missing: install regcheck again")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def shipped() -> dict[str, Kind]:
    """The kinds that regcheck knows without any file of the repository."""
    names = sorted(name for name in os.listdir(shipped_folder()) if name.endswith(".schema.json"))
    kinds = (make_kind(shipped_json(name)) for name in names)
    return {kind.name: kind for kind in kinds}


def load(tree: Tree, folder: str) -> tuple[dict[str, Kind], set[str], list[Problem], list[Source]]:
    """All kinds of a repository, the names of the broken ones, and what is wrong with those."""
    kinds = dict(shipped())
    own: dict[str, str] = {}
    broken: set[str] = set()
    sources: list[Source] = []
    paths, problems, _ = files.find(tree, [f"{folder}/*{suffix}" for suffix in SUFFIXES])
    for path in paths:
        source, unread = files.load(tree, path)
        sources.append(source)
        problems += unread
        if any(problem.rule == "unreadable-file" for problem in unread):
            broken |= _intended_names(path, None)
            continue
        if source.text == _shipped_text(os.path.basename(path)):
            continue
        kind, node, wrong = _read(source)
        problems += wrong
        if kind is None:
            broken |= _intended_names(path, node)
        elif kind.name in own:
            place = source.position(_at(node, ["x-regcheck", "kind"]))
            message = f"the kind `{kind.name}` is already defined in {own[kind.name]}"
            problems.append(Problem("bad-schema", place, message, "give it another name, or remove one"))
        else:
            own[kind.name] = source.path
            kinds[kind.name] = kind
    by_path = {source.path: source for source in sources}
    for name, path in own.items():
        problems += _check_references(kinds[name], {*kinds, *broken}, by_path[path])
    return kinds, broken, problems, sources


def identity(schemas: Iterable[Source]) -> str:
    """A name for all kinds that a repository knows, by its own kind files."""
    return digest("\0".join(f"{source.path}\0{source.text}" for source in schemas))


def _intended_names(path: str, node: Node | None) -> set[str]:
    """What a kind may be called that a broken file would define: as the file is, or as it says."""
    schema = untyped(node) if node is not None else None
    about = schema.get("x-regcheck") if isinstance(schema, dict) else None
    said = about.get("kind") if isinstance(about, dict) else None
    return {re.sub(r"\.schema\.\w+$", "", os.path.basename(path)), *([said] if isinstance(said, str) else [])}


def _read(source: Source) -> tuple[Kind | None, Node | None, list[Problem]]:
    """The kind that a file defines (None where it is broken), its nodes, and what is wrong."""
    node, problems = parse(source)
    problems = [problem._replace(rule="bad-schema") for problem in problems]
    if node is None:
        wrong = Problem("bad-schema", source.position((0, 0)), "the schema is empty", HELP)
        return None, None, problems or [wrong]
    schema = untyped(node)
    wrong_at = schema_errors(shipped_json("x-regcheck.json"), schema) or check_schema(schema)
    problems += [_bad(source, _at(node, path), message, HELP) for path, message in wrong_at]
    if problems:
        return None, node, problems
    kind = make_kind(schema)
    if kind.id_property not in kind.properties:
        message = f"the id of the kind, `{kind.id_property}`, is none of its properties"
        named = _at(node, ["x-regcheck", "id"] if "id" in schema["x-regcheck"] else ["x-regcheck"])
        return None, node, [_bad(source, named, message, "add the property")]
    return (
        kind,
        node,
        [
            _bad(source, _at(node, ["properties", name]), message, "give each heading to one property")
            for name, message in _ambiguous_columns(schema)
        ],
    )


def _ambiguous_columns(schema: dict[str, Any]) -> list[tuple[str, str]]:
    taken: dict[str, str] = {}
    found = []
    for name, property_ in schema["properties"].items():
        found += [
            (name, f"the heading `{heading}` of `{name}` already means `{taken[heading]}`")
            for heading in sorted(_headings(name, property_))
            if taken.setdefault(heading, name) != name
        ]
    return found


def _check_references(kind: Kind, known: set[str], source: Source) -> list[Problem]:
    node, _ = parse(source)
    problems = []
    for name, reference in kind.references.items():
        for index, other in enumerate(reference.kinds):
            if other != "*" and other not in known:
                place = _at(node, ["properties", name, "x-regcheck", "reference", "kind", index])
                message = f"`{name}` refers to the kind `{other}`, which does not exist"
                help = did_you_mean(other, known) or f"the kinds are {listed(sorted(known))}"
                problems.append(_bad(source, place, message, help))
    return problems


def _bad(source: Source, span: tuple[int, int], message: str, help: str) -> Problem:
    return Problem("bad-schema", source.position(span), message, help)


def place_in(source: Source, path: list[Any]) -> Position:
    """Where in a kind file a JSON path leads to, as deep as it goes."""
    return source.position(_at(parse(source)[0], path))


def _at(node: Node | None, path: list[Any]) -> tuple[int, int]:
    """The span that a JSON path leads to, as deep as it goes: a scalar, else the key above it."""
    span = (0, 0)
    if isinstance(node, Mapping) and node.pairs:
        first = next(iter(node.pairs.values())).key
        span = (first.start, first.end)
    for step in path:
        if isinstance(node, Mapping) and str(step) in node.pairs:
            key, node = node.pairs[str(step)]
            span = (key.start, key.end)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            span = (node.start, node.end)
        else:
            break
    return (node.start, node.end) if isinstance(node, Scalar) and node.end > node.start else span


def make_kind(schema: dict[str, Any]) -> Kind:
    """A kind from a valid kind file, with the properties that every entry may have."""
    about = schema["x-regcheck"]
    own = schema["properties"]
    properties_ = {**own, **{name: p for name, p in _common().items() if name not in own}}
    schema = {**schema, "properties": properties_}
    properties = {name: make_property(name, p) for name, p in properties_.items()}
    label = about.get("label") or next(
        (name for name in ("name", "title") if name in properties), about.get("id", "id")
    )
    return Kind(
        name=about["kind"],
        plural=about.get("plural", about["kind"] + "s"),
        title=schema.get("title", about["kind"].capitalize()),
        description=schema.get("description", ""),
        id_property=about.get("id", "id"),
        label_property=label,
        properties=properties,
        columns={h: name for name, p in reversed(properties_.items()) for h in _headings(name, p)},
        schema=schema,
    )


@cache
def _common() -> dict[str, Any]:
    common: dict[str, Any] = shipped_json("common.json")["properties"]
    return common


def make_property(name: str, schema: dict[str, Any]) -> Property:
    """One property from its schema."""
    types = _types(schema)
    is_list = "array" in types and not types - {"array"}
    about = schema.get("x-regcheck", {})
    reference = None
    if named := about.get("reference"):
        kinds = named["kind"]
        reference = Reference(
            kinds=(kinds,) if isinstance(kinds, str) else tuple(kinds),
            relation=named.get("relation"),
            state=named.get("state", "always"),
            words=frozenset(named.get("words", ())),
        )
    return Property(
        name=name,
        title=schema.get("title", name.replace("_", " ").capitalize()),
        description=schema.get("description", ""),
        wants=frozenset(_types(schema.get("items", {})) if is_list else types - {"array"}),
        is_list=is_list,
        reference=reference,
        ordered=about.get("ordered", False),
    )


def _headings(name: str, property_: dict[str, Any]) -> set[str]:
    named = [name, name.replace("_", " "), property_.get("title", name)]
    aliases = property_.get("x-regcheck", {}).get("columns", [])
    return {heading_key(heading) for heading in (*named, *aliases)}


def heading_key(heading: str) -> str:
    """A heading as it is compared: without case, runs of white space as one."""
    return " ".join(heading.casefold().split())


def _types(schema: Any) -> set[str]:
    """The JSON types that a schema's values may have, as far as it says."""
    if not isinstance(schema, dict):
        return set()
    named = schema.get("type", [])
    types = {named} if isinstance(named, str) else set(named)
    values = [*schema.get("enum", []), *([schema["const"]] if "const" in schema else [])]
    types |= {_json_type(value) for value in values}
    for combined in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(combined, []):
            types |= _types(part)
    return types


def _json_type(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")
