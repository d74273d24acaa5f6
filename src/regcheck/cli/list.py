"""`regcheck list`: the entries of a kind, for people, spreadsheets and programs."""

from __future__ import annotations

import argparse
from typing import Any

from regcheck import twin
from regcheck.cli import common
from regcheck.cli.spreadsheet import csv_text
from regcheck.cli.table import table
from regcheck.errors import UsageError
from regcheck.graph import as_text, has
from regcheck.graph.selection import refuse_impossible
from regcheck.model import Entry, Fleet, Kind, Property
from regcheck.terminal import Terminal
from regcheck.words import did_you_mean, listed, plural

DESCRIPTION = """\
List the entries of a kind, in the order of the files, with the meaning of their
fields: typed values, references written out in full. Without a kind: the kinds,
and how many entries of each there are.
"""

EXAMPLES = """\
examples:
  regcheck list                                    the kinds, with counts
  regcheck list workload                           a table (the plural will do, too)
  regcheck list workload --where environment=production --where current_host=vm1
  regcheck list workload --where target_host=      those without a target
  regcheck list task --format json                 for programs: fields, path and line
  regcheck list machine --format csv=machines.csv  for a spreadsheet

CSV (RFC 4180) has a column for each property of the kind and gives every value
as it is (a terminal is shown escapes for what cannot be seen). A text that a
spreadsheet would run as a formula is not disarmed, but said on standard error:
import such columns as text.
"""

FORMATS = ("table", "json", "csv")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `list`."""
    kind = parser.add_argument("kind", metavar="KIND", nargs="?", help="a kind, such as `workload`")
    common.complete(kind, "kinds")
    where = parser.add_argument(
        "--where",
        metavar="PROPERTY=VALUE",
        action="append",
        default=[],
        help="only entries with this value (without VALUE: with none); repeatable, all must hold",
    )
    common.complete(where, "conditions")
    common.add_format(parser, FORMATS)


def run(options: argparse.Namespace) -> int:
    """List, and return 0: an empty list is an answer."""
    if options.kind is None and options.where:
        raise UsageError("`--where` asks about the entries of one kind: name it")
    fleet = common.open_fleet(options).fleet
    if options.kind is None:
        common.deliver(options, FORMATS[0], lambda name, terminal: _kinds(fleet, name, terminal))
        return 0
    kind = kind_named(options.kind, fleet.kinds)
    conditions = [_condition(text, kind) for text in options.where]
    entries = [
        entry
        for entry in fleet
        if entry.kind is kind and all(_holds(entry, property_, value) for property_, value in conditions)
    ]
    if not entries:
        for property_, value in conditions:
            _refuse(kind, property_, value, fleet)
    common.deliver(options, FORMATS[0], lambda name, terminal: _entries(kind, entries, name, terminal))
    return 0


def kind_named(name: str, kinds: dict[str, Kind]) -> Kind:
    """The kind of a name or a plural, without regard to case; raises UsageError, with a suggestion."""
    word = name.casefold()
    names = {kind.plural.casefold(): kind for kind in kinds.values()}
    names |= {kind.name.casefold(): kind for kind in kinds.values()}
    if found := names.get(word):
        return found
    guess = did_you_mean(name, [*kinds, *(kind.plural for kind in kinds.values())])
    raise UsageError(f"there is no kind `{name}`: {guess or f'the kinds are {listed(sorted(kinds))}'}")


# --- conditions ---------------------------------------------------------------


def _condition(text: str, kind: Kind) -> tuple[Property, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"`--where {text}` says no value: write PROPERTY=VALUE")
    property_ = kind.properties.get(name) or kind.properties.get(kind.columns.get(name.casefold(), ""))
    if property_ is None:
        guess = did_you_mean(name, kind.properties)
        raise UsageError(
            f"the kind `{kind.name}` has no property `{name}`: "
            + (guess or f"it has {listed(kind.properties)}")
        )
    return property_, value


def _holds(entry: Entry, property_: Property, value: str) -> bool:
    from regcheck.reading.values import typed

    if not value:
        return not entry.list(property_.name)
    if has(entry, property_.name, value):
        return True
    wanted = typed(value, property_.wants)  # `true` is `yes`, `07` is 7
    return any(item == wanted and type(item) is type(wanted) for item in entry.list(property_.name))


def _refuse(kind: Kind, property_: Property, value: str, fleet: Fleet) -> None:
    """Raise UsageError for a value that no entry of the kind has, and none may have."""
    if value and not any(entry.kind is kind and _holds(entry, property_, value) for entry in fleet):
        refuse_impossible(fleet, [kind], property_.name, value)


# --- formats --------------------------------------------------------------------


def _entries(kind: Kind, entries: list[Entry], format: str, terminal: Terminal) -> str:
    if format == "json":
        return twin.entries(entries)
    if format == "csv":
        rows = (
            [entry.ref, *entry.position[:2], *(_written(entry.get(name)) for name in kind.properties)]
            for entry in entries
        )
        return csv_text(["entry", "path", "line", *kind.properties], rows, terminal)
    used = [name for name in kind.properties if any(name in entry.values for entry in entries)]
    header = [kind.properties[name].title for name in used]
    body = [[_written(entry.get(name)) for name in used] for entry in entries]
    count = plural(len(entries), kind.name, kind.plural)
    return table(header, body, terminal) + f"{count}\n"


def _kinds(fleet: Fleet, format: str, terminal: Terminal) -> str:
    counts = {name: sum(entry.kind is kind for entry in fleet) for name, kind in fleet.kinds.items()}
    named = sorted(counts)
    if format == "json":
        return twin.lines({"kind": n, "plural": fleet.kinds[n].plural, "entries": counts[n]} for n in named)
    if format == "csv":
        plurals = ([n, fleet.kinds[n].plural, counts[n]] for n in named)
        return csv_text(["kind", "plural", "entries"], plurals, terminal)
    rows = [[n, str(counts[n]), fleet.kinds[n].description] for n in named]
    return table(["Kind", "Entries", "What it is"], rows, terminal)


def _written(value: Any) -> str:
    """A value as a table document would have it."""
    if value is None:
        return ""
    return ", ".join(as_text(item) for item in value) if isinstance(value, list) else as_text(value)
