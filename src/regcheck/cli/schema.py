"""`regcheck schema`: JSON Schema of the registers and of the settings, for editors."""

from __future__ import annotations

import argparse
import json
from typing import Any

from regcheck.cli import common
from regcheck.cli.list import kind_named
from regcheck.cli.written import register_schema, registers_schema, settings_schema
from regcheck.reading import kinds as kind_files
from regcheck.settings import load_settings

DESCRIPTION = """\
Print the JSON Schema (draft 2020-12) of a YAML register: of one kind, or of any
kind, by its `register:` or `entry:`. Editors complete and check with it as you
type. It takes what regcheck takes: a single value for a list, yes and no, `-`
for nothing; references, and all that concerns the whole, are for `regcheck check`.

`regcheck schema settings` prints the one of `regcheck.toml`, with the names of the
rules that there are.
"""

EXAMPLES = """\
examples:
  regcheck schema > .regcheck.schema.json       any register
  regcheck schema workload                      a register of workloads
  regcheck schema settings > .regcheck.settings.json
                                                regcheck.toml

with yaml-language-server (VS Code and others), in the settings:
  "yaml.schemas": {".regcheck.schema.json": "registers/**/*.yaml"}
or as the first line of a file:
  # yaml-language-server: $schema=../.regcheck.schema.json
with Taplo (Even Better TOML and others), as the first line of regcheck.toml:
  #:schema ./.regcheck.settings.json
"""

SETTINGS = "settings"
"""In place of a kind; one of that name is in the schema of all."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `schema`."""
    help = "a kind, such as `workload`, or `settings`"
    kind = parser.add_argument("kind", metavar="KIND", nargs="?", help=help)
    common.complete(kind, "schemas")


def run(options: argparse.Namespace) -> int:
    """Print the schema; raises UsageError for a kind that does not exist."""
    if options.kind == SETTINGS:  # asked for where the settings are wrong, too
        from regcheck.catalogue import catalogue

        known = catalogue()
        rules = [*known.groups, *known]
        common.put(json.dumps(settings_schema(kind_files.shipped_json("settings.json"), rules), indent=2))
        return 0
    tree = common.work_tree(options)
    kinds, *_ = kind_files.load(tree, load_settings(tree).schemas)
    schema: dict[str, Any]
    if options.kind is None:
        schema = registers_schema(kinds.values())
    else:
        schema = register_schema(kind_named(options.kind, kinds))
    common.put(json.dumps(schema, indent=2))
    return 0
