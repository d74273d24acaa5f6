"""Makes a fleet of any size, without a finding, in one of the three shapes of a register.

The same size, shape and seed give the same bytes: there is no clock and no hash order in it.

    python bench/generate.py 10000 table /tmp/fleet
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Iterable, Iterator
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMAS = os.path.join(HERE, "..", "schemas")
SHAPES = ("yaml", "table", "files")

SITE = 100
"""Entries of one site: its machines, the workloads on them, and what belongs to those."""
MOST_WAVES = 10

RUNTIMES = ("k3s", "docker compose", "systemd unit", "podman quadlet")
SERVICES = ("api", "worker", "web", "queue", "cache", "db", "search", "mail", "auth", "report", "feed")
TEAMS = ("orders", "billing", "stock", "people", "maps", "media", "forms", "plant", "fleet", "audit")
REMARKS = (
    "Moves with its volume; the old one is kept for a week.",
    "Owned by the platform team, paged in office hours only.",
    "Needs the new certificate chain before it can move.",
    "Restarts take about two minutes, so announce them.",
    "Reads its settings from the overlay repository.",
    "Has no state of its own and may run twice for a while.",
)

Row = dict[str, Any]
Fleet = dict[str, list[Row]]


def make_fleet(size: int, seed: int = 1) -> Fleet:
    """A fleet of `size` entries in total, by kind; about nine in ten are workloads."""
    pick = random.Random(f"{seed}/{size}")
    fleet: Fleet = {
        kind: []
        for kind in ("machine", "workload", "tunnel", "lane", "task", "wave", "checkout", "sink", "gate")
    }
    waves = max(3, min(MOST_WAVES, size // 150))
    sites = max(1, size // SITE)
    for number in range(1, waves + 1):
        fleet["task"].append(_task(f"plan-T{number:02d}", f"Drain wave {number}", "todo", number - 1))
    fleet["task"].append(
        {
            "id": "plan-T00",
            "title": "List what runs where",
            "status": "done",
            "evidence": ["https://wiki.example.net/inventory"],
        }
    )
    for site in range(sites):
        _add_machines(fleet, site)
    # A site's other entries are few and known in number; workloads make up the size.
    others = sum(map(len, fleet.values())) + waves + sites * 6
    names = _workload_counts(size - others, sites)
    for site, count in enumerate(names):
        _add_site(fleet, site, count, waves, pick)
    for number in range(1, waves + 1):
        stay = [w["id"] for w in fleet["workload"] if w.get("wave") == number]
        wave = {"number": number, "name": f"Wave {number}", "owner": [f"plan-T{number:02d}"]}
        if number > 1:
            wave["after"] = [number - 1]
        fleet["wave"].append({**wave, "moves": stay[:5]})
    assert sum(map(len, fleet.values())) == size, "the counts above do not add up"
    return fleet


def _workload_counts(workloads: int, sites: int) -> list[int]:
    each, left = divmod(workloads, sites)
    return [each + (site < left) for site in range(sites)]


def _task(name: str, title: str, status: str, after: int) -> Row:
    row = {"id": name, "title": title, "status": status}
    return {**row, "after": [f"plan-T{after:02d}"]}


def _add_machines(fleet: Fleet, site: int) -> None:
    """Two old machines, two that take over, and a workstation for every ten sites."""
    number = f"{site:04d}"
    net = f"10.{site // 250}.{site % 250}"
    for letter, last in (("a", 1), ("b", 2)):
        fleet["machine"].append(
            {
                "id": f"old-{number}{letter}",
                "addresses": [f"{net}.{last}"],
                "role": "frozen",
                "target_role": "retired",
                "frozen_since": "2026-01-01",
                "current_use": "Carries the site until its waves are done.",
            }
        )
        fleet["machine"].append(
            {
                "id": f"new-{number}{letter}",
                "name": f"new host {letter} of site {site}",
                "addresses": [f"{net}.{last + 10}", f"fd00:{site:x}::{last}"],
                "role": "production",
                "target_role": "production",
                "target_use": "Takes over what the old machines carry.",
            }
        )
    if site % 10 == 0:
        fleet["machine"].append(
            {
                "id": f"desk-{number}",
                "role": "interactive",
                "target_role": "interactive",
                "current_use": "Somebody works here.",
                "aliases": [f"laptop-{number}"],
            }
        )


def _add_site(fleet: Fleet, site: int, count: int, waves: int, pick: random.Random) -> None:
    """The workloads of one site, and a lane, two tunnels, a checkout, a sink and a gate."""
    number = f"{site:04d}"
    own: list[Row] = []
    for _ in range(count):
        own.append(_workload(own, site, count, waves, pick))
    fleet["workload"] += own
    moving = [w for w in own if w["environment"] == "production" and "wave" in w]
    a, b = _pair_in_one_wave(moving)
    owner = [f"plan-T{a['wave']:02d}"]
    ends = (
        ("now", a["current_host"][0], b["current_host"][0]),
        ("target", a["target_host"][0], b["target_host"][0]),
    )
    for state, source, target in ends:
        fleet["tunnel"].append(
            {
                "id": f"{state}-{number}",
                "from": source,
                "to": target,
                "actor": "atm-tunnels",
                "state": state,
                "local_port": 15432,
                "remote_port": 5432,
                "purpose": f"database of site {site}",
            }
        )
    lane = {"id": f"lane-{number}", "name": f"site {site} to its database", "from": a["id"], "to": b["id"]}
    paths = {"current_path": [f"now-{number}"], "target_path": [f"target-{number}"]}
    fleet["lane"].append({**lane, "critical": True, **paths, "owner": owner})
    desk = f"desk-{site // 10 * 10:04d}"
    fleet["checkout"].append(
        {
            "id": f"checkout-{number}",
            "name": f"deployment of site {site}",
            "current_host": [desk],
            "current_path": f"/home/operator/sites/{number}",
            "target_host": [f"new-{number}a"],
            "target_path": f"/srv/sites/{number}",
            "owner": owner,
            "wave": a["wave"],
        }
    )
    fleet["sink"].append(
        {
            "id": f"sink-{number}",
            "name": f"backups of site {site}",
            "current_host": [f"old-{number}a"],
            "current_path": f"/var/backups/{number}",
            "target_host": [f"new-{number}b"],
            "target_path": f"/srv/backups/{number}",
            "owner": owner,
            "wave": a["wave"],
            "critical": True,
        }
    )
    arrived = next(w for w in own if w["environment"] == "production" and "wave" not in w)
    fleet["gate"].append(
        {
            "workload": arrived["id"],
            "overlay_repo": f"https://git.example.net/overlays/site-{number}",
            "stages": ["deploy", "observe", "promote", "rollback"],
            "backup_drill": "restored into staging",
            "canary": "one week beside the old one",
            "approved_by": "platform",
            "approved_on": "2026-03-01",
            "image": f"registry.example.net/site-{number}@sha256:{site:064x}",
        }
    )


def _pair_in_one_wave(moving: list[Row]) -> tuple[Row, Row]:
    """Two workloads that leave one machine for another together: a lane can follow them."""
    for b in moving:
        for a in moving:
            if a["wave"] == b["wave"] and a["current_host"] != b["current_host"]:
                return a, b
    raise AssertionError("a site is too small for a lane")


def _workload(own: list[Row], site: int, count: int, waves: int, pick: random.Random) -> Row:
    """The next workload of a site that has some of its `count` already.

    The first is the site's secret store, the second has already moved. The
    others need only what stands before them and is as much production as they
    are, and wait only for what moves no later.
    """
    index = len(own)
    number = f"{site:04d}"
    letter = "ab"[index % 2]
    name = f"{TEAMS[index // len(SERVICES) % len(TEAMS)]}-{SERVICES[index % len(SERVICES)]}"
    # Waves come one after the other through the site, so that what is needed moves first or with.
    wave = 1 + (index * waves) // count
    environment = "production" if index % 5 < 3 else ("staging", "development")[index % 2]
    row: Row = {
        "id": f"{name}-{number}-{index}",
        "environment": environment,
        "current_host": [f"old-{number}{letter}"],
        "target_host": [f"new-{number}{letter}"],
        "runtime": pick.choice(RUNTIMES),
        "owner": [f"plan-T{wave:02d}"],
        "wave": wave,
        "placed_since": f"20{pick.randint(19, 25)}-{pick.randint(1, 12):02d}-{pick.randint(1, 28):02d}",
    }
    if index == 0:
        row |= {"name": f"secrets of site {site}", "wave": waves, "owner": [f"plan-T{waves:02d}"]}
        row |= {"drain_last": True, "stateful": True}
    elif index == 1:
        row |= {"environment": "production", "current_host": row["target_host"], "stateful": True}
        del row["wave"], row["owner"]
    else:
        alike = [w["id"] for w in own if environment != "production" or w["environment"] == "production"]
        row["needs"] = sorted({alike[0], *pick.sample(alike, min(len(alike), pick.randint(0, 2)))})
        if pick.random() < 0.3:
            earlier = [w["id"] for w in own[2:] if w["wave"] <= wave]
            row["drain_after"] = pick.sample(earlier, min(len(earlier), 1)) or None
        if index % 20 == 19 and own[-1]["wave"] == wave:
            row["part_of"] = [own[-1]["id"]]
        if pick.random() < 0.25:
            row["domains"] = [f"{row['id']}.example.net"]
        if pick.random() < 0.2:
            row["stateful"] = True
    if pick.random() < 0.6:
        row["notes"] = pick.choice(REMARKS)
    return {name: value for name, value in row.items() if value is not None}


# --- the three shapes ---------------------------------------------------------


def write_fleet(fleet: Fleet, shape: str, folder: str) -> None:
    """Write the registers of a fleet below a folder, with the settings that name it a root."""
    registers = os.path.join(folder, "registers")
    os.makedirs(registers, exist_ok=True)
    _write(os.path.join(folder, "regcheck.toml"), ['registers = ["registers/**/*.{md,yaml,yml}"]\n'])
    for kind, rows in fleet.items():
        if shape == "yaml":
            _write(os.path.join(registers, f"{kind}s.yaml"), _yaml(kind, rows))
        elif shape == "table":
            _write(os.path.join(registers, f"{kind}s.md"), _table(kind, rows))
        else:
            os.makedirs(os.path.join(registers, kind), exist_ok=True)
            for number, row in enumerate(rows):
                _write(os.path.join(registers, kind, f"{number:06d}.md"), _document(kind, row))


def _write(path: str, lines: Iterable[str]) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)


def _yaml(kind: str, rows: list[Row]) -> Iterator[str]:
    yield f"---\nregister: {kind}\ntitle: Every {kind} of a made-up fleet\nentries:\n"
    for row in rows:
        mark = "-"
        for name, value in row.items():
            yield f"  {mark} {name}: {_scalar(value)}\n"
            mark = " "


def _table(kind: str, rows: list[Row]) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    yield f"---\nregister: {kind}\n---\n\n# Every {kind} of a made-up fleet\n\n"
    yield "| " + " | ".join(name.replace("_", " ") for name in names) + " |\n"
    yield "| " + " | ".join("---" for _ in names) + " |\n"
    for row in rows:
        yield "| " + " | ".join(_cell(row.get(name)) for name in names) + " |\n"


def _document(kind: str, row: Row) -> Iterator[str]:
    yield f"---\nentry: {kind}\n"
    for name, value in row.items():
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
    parser.add_argument("size", type=int, help="entries in total, at least 60")
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("folder", help="where the fleet is written")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.size < 60:
        parser.error("a fleet of fewer than 60 entries is too small to be like a real one")
    write_fleet(make_fleet(options.size, options.seed), options.shape, options.folder)
    with open(os.path.join(options.folder, "workloads.schema.json"), "w", encoding="utf-8") as file:
        json.dump(list_schema("workload"), file, indent=1)


if __name__ == "__main__":
    main()
