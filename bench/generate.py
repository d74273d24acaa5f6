"""Makes a fleet of any size, without a finding, in one of the three shapes of a register.

The same size, shape and seed give the same bytes: there is no clock and no hash order in it.

    python bench/generate.py 10000 table /tmp/fleet
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from typing import Any

from fleets import SMALLEST, Fleet, Row, make_fleet

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMAS = os.path.join(HERE, "..", "schemas")
SHAPES = ("yaml", "table", "files")
AS_OF = "2026-06-30"

SETTINGS = """\
registers = ["registers/**/*.{md,yaml,yml}"]
documents = ["docs/**/*.md"]
max_age = 90

[[contract]]
name = "production-without-tests"
reason = "what is tried out may be gone tomorrow"
type = "forbidden"
from = "environment=production"
to = "environment=staging environment=development"

[[contract]]
name = "gates-have-an-image"
reason = "what was approved must be found again"
type = "required"
select = "kind:gate kind:pipeline"
property = "image"
"""


def write_fleet(fleet: Fleet, shape: str, folder: str) -> None:
    """Write the registers and documents of a fleet below a folder, with its settings."""
    registers = os.path.join(folder, "registers")
    canon = os.path.join(folder, "docs", "canon")
    for path in (registers, canon):
        os.makedirs(path, exist_ok=True)
    _write(os.path.join(folder, "regcheck.toml"), [SETTINGS])
    for kind, rows in fleet.items():
        plural = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
        if kind == "document":
            for row in rows:
                _write(os.path.join(canon, f"{_file_of(row)}.md"), _decision(row, rows))
        elif shape == "yaml" or "entry" in rows[0]:  # an entry document says `entry` of itself
            _write(os.path.join(registers, f"{plural}.yaml"), _yaml(kind, rows))
        elif shape == "table":
            _write(os.path.join(registers, f"{plural}.md"), _table(kind, rows))
        else:
            os.makedirs(os.path.join(registers, kind), exist_ok=True)
            for number, row in enumerate(rows):
                _write(os.path.join(registers, kind, f"{number:06d}.md"), _document(kind, row))


def _write(path: str, lines: Iterable[str]) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)


# --- the three shapes ---------------------------------------------------------


def _yaml(kind: str, rows: list[Row]) -> Iterator[str]:
    yield f"---\nregister: {kind}\ntitle: Every {kind} of a made-up fleet\n"
    yield f"as_of: {_scalar(AS_OF)}\nentries:\n"
    for row in rows:
        mark = "-"
        for name, value in row.items():
            yield f"  {mark} {name}: {_scalar(value)}\n"
            mark = " "


def _table(kind: str, rows: list[Row]) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    yield f"---\nregister: {kind}\nas_of: {_scalar(AS_OF)}\n---\n\n# Every {kind} of a made-up fleet\n\n"
    yield "| " + " | ".join(name.replace("_", " ") for name in names) + " |\n"
    yield "| " + " | ".join("---" for _ in names) + " |\n"
    for row in rows:
        yield "| " + " | ".join(_cell(row.get(name)) for name in names) + " |\n"


def _document(kind: str, row: Row) -> Iterator[str]:
    about = row if "as_of" in row else {**row, "as_of": AS_OF}
    yield f"---\nentry: {kind}\n"
    for name, value in about.items():
        yield f"{name}: {_scalar(value)}\n"
    yield f"---\n\nWhat there is to say about this {kind}.\n"


def _scalar(value: Any) -> str:
    """A value as YAML that every reader takes for the same; dates and the like in quotes."""
    if isinstance(value, list):
        return f"[{', '.join(map(_scalar, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, str) and (text[0].isdigit() or set(text) & set(":#,[]{}&*!|>'\"%@`;")):
        return f'"{text}"'
    return text


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


# --- the canon documents --------------------------------------------------------


def _file_of(row: Row) -> str:
    return f"{row['id']}-decision" if row["id"].startswith("adr-") else str(row["id"])


def _decision(row: Row, rows: list[Row]) -> Iterator[str]:
    """A document with the headings, lists and links that such documents have."""
    at = rows.index(row)
    before, after = (_file_of(rows[n % len(rows)]) for n in (at - 1, at + 1))
    yield "---\n"
    for name, value in row.items():
        yield f"{name}: {_scalar(value)}\n"
    yield f"---\n\n# {row['title']}\n\n## Context\n\n"
    yield f"This follows on [what was decided before]({before}.md#decision) and on the settings in\n"
    yield "[one file](../../regcheck.toml). The machines of a site carry more than anybody wrote down,\n"
    yield "and what is not written down is found when it is gone.\n\n"
    yield "## Decision\n\n"
    for number in range(1, 8):
        yield f"{number}. Each site moves as a whole, see [its evidence](#evidence) and the [next][next].\n"
    yield "\n## Evidence\n\n| What | Where |\n| --- | --- |\n"
    for stage in ("deploy", "observe", "promote", "rollback"):
        yield f"| `{stage}` | [the standard](promotion.md#evidence) |\n"
    yield "\n```sh\nregcheck check --strict  # [not a link](at-all.md)\n```\n\n## Consequences\n\n"
    yield "- Nothing new starts on the old machines.\n- What has moved is watched for a week.\n\n"
    yield f"[next]: {after}.md#context\n"


# --- for the peers ------------------------------------------------------------


def list_schema(kind: str) -> Row:
    """A plain JSON Schema of a YAML list of one kind: what a schema checker can know of it."""
    with open(os.path.join(SCHEMAS, "common.json"), encoding="utf-8") as file:
        common = json.load(file)["properties"]
    with open(os.path.join(SCHEMAS, f"{kind}.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    schema["properties"] = {**common, **schema["properties"]}
    schema["additionalProperties"] = False
    entry = _without_own_keyword(schema)
    del entry["$schema"], entry["$id"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["register", "entries"],
        "properties": {
            "register": {"const": kind},
            "title": {"type": "string"},
            "as_of": {"type": "string"},
            "entries": {"type": "array", "items": entry},
        },
        "additionalProperties": False,
    }


def _without_own_keyword(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _without_own_keyword(part) for name, part in schema.items() if name != "x-regcheck"}
    if isinstance(schema, list):
        return [_without_own_keyword(part) for part in schema]
    return schema


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", type=int, help=f"entries in total, at least {SMALLEST}")
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("folder", help="where the fleet is written")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.size < SMALLEST:
        parser.error(f"a fleet of fewer than {SMALLEST} entries is too small to be like a real one")
    write_fleet(make_fleet(options.size, options.seed), options.shape, options.folder)
    with open(os.path.join(options.folder, "workloads.schema.json"), "w", encoding="utf-8") as file:
        json.dump(list_schema("workload"), file, indent=1)


if __name__ == "__main__":
    main()
