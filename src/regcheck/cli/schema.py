"""`regcheck schema`: JSON Schema of the registers, for editors."""

from __future__ import annotations

import argparse
import json
from typing import Any

from regcheck.cli import common
from regcheck.cli.list import kind_named
from regcheck.cli.written import register_schema, registers_schema
from regcheck.reading import kinds as kind_files
from regcheck.settings import load_settings

DESCRIPTION = """\
Print the JSON Schema (draft 2020-12) of a YAML register: of one kind, or of any
kind, by its `register:` or `entry:`. Editors complete and check with it as you
type. It takes what regcheck takes: a single value for a list, yes and no, `-`
for nothing; references, and all that concerns the whole, are for `regcheck check`.
"""

EXAMPLES = """\
examples:
  regcheck schema > .regcheck.schema.json       any register
  regcheck schema workload                      a register of workloads

with yaml-language-server (VS Code and others), in the settings:
  "yaml.schemas": {".regcheck.schema.json": "registers/**/*.yaml"}
or as the first line of a file:
  # yaml-language-server: $schema=../.regcheck.schema.json
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `schema`."""
    kind = parser.add_argument("kind", metavar="KIND", nargs="?", help="a kind, such as `workload`")
    common.complete(kind, "kinds")


def run(options: argparse.Namespace) -> int:
    """Print the schema; raises UsageError for a kind that does not exist."""
    root = common.root(options)
    kinds, *_ = kind_files.load(root, load_settings(root).schemas)
    schema: dict[str, Any]
    if options.kind is None:
        schema = registers_schema(kinds.values())
    else:
        schema = register_schema(kind_named(options.kind, kinds))
    common.put(json.dumps(schema, indent=2))
    return 0
