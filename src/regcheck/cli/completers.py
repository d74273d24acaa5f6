"""What the shell may complete, from the repository that the command line is about.

argcomplete calls these with the word so far and the options read so far, and
keeps what begins with the word.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import Any

from regcheck.cli import common
from regcheck.graph import FleetGraph


def _graph(options: argparse.Namespace) -> FleetGraph:
    from regcheck.check import read

    return read(common.work_tree(options))


def _in_list(prefix: str, words: Iterable[str]) -> list[str]:
    """Words for the last item of a list that is separated by commas."""
    before, comma, _ = prefix.rpartition(",")
    return [f"{before}{comma}{word}" for word in words]


def formats(action: argparse.Action, **_: Any) -> list[str]:
    """The formats of a verb."""
    names: list[str] = [*getattr(action, "formats", ())]
    return names


def rules(prefix: str, **_: Any) -> list[str]:
    """Rules and groups, as a list."""
    from regcheck.catalogue import catalogue

    known = catalogue()
    return _in_list(prefix, [*known.groups, *known])


def kinds(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """The kinds, with those that the repository adds."""
    return list(_graph(parsed_args).fleet.kinds)


def schemas(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """Kinds, and the settings."""
    return [*kinds(parsed_args), "settings"]


def explainable(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """Groups, rules and kinds."""
    from regcheck.catalogue import catalogue

    known = catalogue()
    return [*known.groups, *known, *kinds(parsed_args)]


def entries(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """Entries as `kind:id`; the kinds that have any, until one is chosen."""
    fleet = _graph(parsed_args).fleet
    kind, colon, _rest = prefix.partition(":")
    if not colon:
        return [f"{name}:" for name, of_kind in fleet.by_kind.items() if of_kind]
    return [f"{kind}:{name}" for name in fleet.names.get(kind, ())]


def machines(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """Machines by id, as a list."""
    return _in_list(prefix, _graph(parsed_args).fleet.of("machine"))


def tasks(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """Tasks by id, as a list."""
    return _in_list(prefix, _graph(parsed_args).fleet.of("task"))


def states(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """The states of the migration."""
    return _graph(parsed_args).states


def selections(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """The last term of a selection: `kind:KIND`, or an entry as `kind:id`, after its plus sign."""
    term = re.search(r"\d*\+?([^, +]*)$", prefix)
    assert term is not None
    before, last = prefix[: term.start(1)], term[1]
    if last.startswith("kind:"):
        words = [f"kind:{name}" for name in kinds(parsed_args)]
    else:
        words = ["kind:", *entries(last, parsed_args)]
    return [f"{before}{word}" for word in words]


def conditions(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """`PROPERTY=` of the kind that is listed, then the values that its entries have."""
    from regcheck.cli.list import kind_named
    from regcheck.graph import as_text

    fleet = _graph(parsed_args).fleet
    kind = kind_named(parsed_args.kind, fleet.kinds)
    name, equals, _rest = prefix.partition("=")
    if not equals:
        return [f"{property_}=" for property_ in kind.properties]
    values = {as_text(item) for entry in fleet.of(kind.name).values() for item in entry.list(name)}
    return [f"{name}={value}" for value in sorted(values)]
