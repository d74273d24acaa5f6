"""`regcheck explain`: what a rule, a group of rules or a kind means."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from regcheck.catalogue import Catalogue, catalogue
from regcheck.cli import common
from regcheck.cli.prose import flowing, prose
from regcheck.explaining.examples import examples
from regcheck.explaining.types import type_words
from regcheck.model import Kind, Property
from regcheck.reading import kinds as kind_files
from regcheck.settings import load_settings
from regcheck.terminal import Terminal, pad, visible
from regcheck.words import listed

DESCRIPTION = """\
Explain a rule, a group of rules, or a kind of entry. Without a name: all of
them, each in one line.
"""

EXAMPLES = """\
examples:
  regcheck explain                 every group, rule and kind
  regcheck explain drain-cycle     what a rule finds, why it matters, how to fix it
  regcheck explain order           the rules of a group
  regcheck explain workload        the properties of a kind, and an entry in each shape
"""

PROPERTY_INDENT = "      "
UNLIMITED = 10_000
"""Columns of a line that no terminal shows: whoever looks for a name finds it with its meaning."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `explain`."""
    name = parser.add_argument("name", metavar="NAME", nargs="?", help="a rule, a group or a kind")
    common.complete(name, "explainable")


def run(options: argparse.Namespace) -> int:
    """Explain, and return 0; raises UsageError for a name that means nothing."""
    tree = common.work_tree(options)
    kinds, *_ = kind_files.load(tree, load_settings(tree).schemas)
    terminal = common.terminal(options)
    known = catalogue()
    if options.name is None:
        common.put("\n".join(_everything(known, kinds, terminal)))
        return 0
    parts = list(_named(options.name, known, kinds, terminal))
    if not parts:
        raise known.unknown(options.name, "rule, group or kind", kinds)
    common.put("\n".join(parts))
    return 0


def _named(name: str, known: Catalogue, kinds: dict[str, Kind], terminal: Terminal) -> Iterator[str]:
    """Everything of a name: a repository's kind may be called like a rule."""
    name = name.casefold()
    if name in known.groups:
        yield _group(name, known, terminal)
    if name in known:
        yield _rule(name, known, terminal)
    plural = next((kind for kind in kinds.values() if kind.plural.casefold() == name), None)
    if kind := kinds.get(name) or (plural if name not in known.groups else None):
        yield "\n".join(_kind(kind, terminal)) + "\n"


def _everything(known: Catalogue, kinds: dict[str, Kind], terminal: Terminal) -> Iterator[str]:
    width = max(map(len, [*known, *kinds]))
    for group, names in known.groups.items():
        yield terminal.paint(f"rules of the group {group}", "strong")
        for name in names:
            yield from _line(name, known.rule(name).summary, width, terminal)
        yield ""
    yield terminal.paint("kinds", "strong")
    for name in sorted(kinds):
        yield from _line(name, kinds[name].description, width, terminal)


def _line(name: str, text: str, width: int, terminal: Terminal) -> Iterator[str]:
    """One line of a list; a few where the terminal is narrow."""
    indent = " " * (width + 4)
    first, *rest = "\n".join(flowing(text, terminal, indent, terminal.width or UNLIMITED)).split("\n")
    yield f"  {terminal.paint(pad(visible(name), width), 'code')}  {first.lstrip()}"
    yield from rest


def _rule(name: str, known: Catalogue, terminal: Terminal) -> str:
    rule = known.rule(name)
    severity = terminal.paint(rule.severity.value, rule.severity.value)
    origin = f" of {visible(known.custom[name].package)}" if name in known.custom else ""
    head = f"{severity} by default, group {known.group_of(name)}, since {visible(rule.since)}{origin}"
    return f"{terminal.paint(name, 'strong')}: {head}\n\n{prose(rule.doc, terminal)}"


def _group(name: str, known: Catalogue, terminal: Terminal) -> str:
    rules = [known.rule(rule) for rule in known.groups[name]]
    width = max(len(rule.name) for rule in rules)
    lines = [f"{terminal.paint(name, 'strong')}: a group of rules, selected like a rule", ""]
    for rule in rules:
        lines += _line(rule.name, f"{rule.severity.value}: {rule.summary}", width, terminal)
    return "\n".join(lines) + "\n"


# --- kinds ---------------------------------------------------------------------


def _kind(kind: Kind, terminal: Terminal) -> Iterator[str]:
    yield f"{terminal.paint(kind.name, 'strong')}: a kind of entry, plural {visible(kind.plural)}"
    yield ""
    yield from flowing(kind.description, terminal)
    yield ""
    yield terminal.paint("Properties", "strong")
    for property_ in kind.properties.values():
        schema = kind.schema["properties"][property_.name]
        required = property_.name in kind.schema.get("required", ())
        yield ""
        name = terminal.paint(visible(property_.name), "code")
        yield f"  {name}: {visible(type_words(property_, schema))}{', required' if required else ''}"
        if property_.description:
            yield from flowing(property_.description, terminal, PROPERTY_INDENT)
        yield from flowing(f"Column: {listed(_headings(property_, schema), 'or')}", terminal, PROPERTY_INDENT)
    for example in examples(kind):
        yield ""
        yield terminal.paint(f"As {example.shape}", "strong") + f" ({visible(example.path)})"
        yield ""
        yield from (f"    {visible(line)}".rstrip() for line in example.text.splitlines())


def _headings(property_: Property, schema: dict[str, Any]) -> list[str]:
    aliases = schema.get("x-regcheck", {}).get("columns", ())
    return [*dict.fromkeys((property_.title, *aliases))]
