"""Fleets of any size in which nothing is wrong: the rows of every register, by kind."""

from __future__ import annotations

import random
from typing import Any

SMALLEST = 60
SITE = 100
"""Entries of one site: its machines, the workloads on them, and what belongs to those."""
BELONGINGS = 13
"""Entries of one site beside its machines and workloads."""
MOST_WAVES = 10
ARRIVED = {1: "gate", 6: "gate", 7: "part", 11: "gate", 16: "exception"}
"""The workloads of a site that have moved already, and by what they may be where they are."""

TODAY = "2026-07-03"
"""A date on which nothing in a fleet is wrong."""
APPROVED, EXPIRES = "2026-03-01", "2027-03-31"

RUNTIMES = ("k3s", "docker compose", "systemd unit", "podman quadlet")
SERVICES = ("api", "worker", "web", "queue", "cache", "db", "search", "mail", "auth", "report", "feed")
TEAMS = ("orders", "billing", "stock", "people", "maps", "media", "forms", "plant", "fleet", "audit")
REMARKS = (
    "Moves with its volume; the old one is kept for a week.",
    "Owned by the platform team, paged in office hours only.",
    "Needs the new certificate chain before it can move, as [decided](/docs/canon/promotion.md#evidence).",
    "Restarts take about two minutes, so announce them.",
    "Reads its settings from the overlay repository.",
    "Has no state of its own and may run twice for a while.",
    "Takes its secrets from the store of the site.",
    "Nobody remembers why it listens on two ports.",
    "Has been restarted by hand after each upgrade so far.",
    "Answers only inside the site.",
)

Row = dict[str, Any]
Fleet = dict[str, list[Row]]


def make_fleet(size: int, seed: int = 1) -> Fleet:
    """A fleet of `size` entries in total, by kind; more than eight in ten are workloads."""
    pick = random.Random(f"{seed}/{size}")
    waves = max(3, min(MOST_WAVES, size // 150))
    sites = max(1, size // SITE)
    fleet: Fleet = {"machine": [], "workload": []}
    fleet |= {"task": _tasks(waves), "wave": [], "policy": _policies(), "source": _sources()}
    fleet |= {"document": _documents(size), "gap": []}
    for site in range(sites):
        fleet["machine"] += _machines(site)
        if site % 5 == 0:
            fleet["gap"].append(_gap(site, waves))
    # A site's other entries are few and known in number; workloads make up the size.
    others = sum(map(len, fleet.values())) + waves + sites * BELONGINGS
    each, left = divmod(size - others, sites)
    for site in range(sites):
        own: list[Row] = []
        count = each + (site < left)
        for _ in range(count):
            own.append(_workload(own, site, count, waves, pick))
        fleet["workload"] += own
        for kind, rows in _belongings(site, own).items():
            fleet.setdefault(kind, []).extend(rows)
    for number in range(1, waves + 1):
        moves = [w["id"] for w in fleet["workload"] if w.get("wave") == number][:5]
        wave = {"number": number, "name": f"Wave {number}", "owner": [_owner(number)], "moves": moves}
        fleet["wave"].append(wave | ({"after": [number - 1]} if number > 1 else {}))
    assert sum(map(len, fleet.values())) == size, "the counts above do not add up"
    return fleet


# --- the whole fleet's ----------------------------------------------------------


def _owner(wave: int) -> str:
    return f"plan-T{wave:02d}"


def _tasks(waves: int) -> list[Row]:
    found: list[Row] = [
        {
            "id": _owner(number),
            "title": f"Drain wave {number}",
            "status": "todo",
            "after": [_owner(number - 1)],
        }
        for number in range(1, waves + 1)
    ]
    evidence = ["https://wiki.example.net/inventory"]
    done = {"id": _owner(0), "title": "List what runs where", "status": "done", "evidence": evidence}
    return [*found, done]


def _policies() -> list[Row]:
    return [
        {
            "id": "promotion",
            "title": "Production has its evidence",
            "rules": ["missing-gate", "missing-backup-evidence", "missing-rollback", "mutable-image"],
            "effective_from": "2026-01-01",
            "document": "docs/canon/promotion.md",
        },
        {
            "id": "freeze",
            "title": "A frozen machine takes nothing new",
            "rules": ["frozen-placement"],
            "effective_from": "2026-01-01",
            "document": "docs/canon/adr-001-decision.md",
        },
    ]


def _sources() -> list[Row]:
    return [
        {
            "id": "inventory",
            "title": "The inventory",
            "location": "ops/inventory",
            "as_of": "2026-06-01",
            "max_age": 60,
        },
        {"id": "monitoring", "title": "The monitoring's targets", "location": "https://mon.example.net"},
    ]


def _documents(size: int) -> list[Row]:
    """One standard, and numbered decisions; of every ten the first has been superseded."""
    about = {"status": "canon", "date": "2026-01-10"}
    rows: list[Row] = [{"id": "promotion", "title": "How a workload is promoted", **about}]
    count = max(2, size // 200)
    for number in range(1, count + 1):
        row = {"id": f"adr-{number:03d}", "title": f"Decision {number}", **about}
        if number % 10 == 1 and number < count:
            row |= {"status": "superseded", "superseded_by": f"adr-{number + 1:03d}"}
        elif number % 10 == 2:
            row["supersedes"] = f"adr-{number - 1:03d}"
        rows.append(row)
    return rows


def _gap(site: int, waves: int) -> Row:
    return {
        "id": f"name-of-{site:04d}",
        "title": f"The name under which site {site} is reached is open.",
        "about": [f"machine:new-{site:04d}a", f"lane:lane-{site:04d}"],
        "follow_on": [_owner(0), _owner(waves)],
    }


# --- a site's -------------------------------------------------------------------


def _machines(site: int) -> list[Row]:
    """Two old machines, two that take over, and a workstation for every ten sites."""
    number = f"{site:04d}"
    net = f"10.{site // 250}.{site % 250}"
    found: list[Row] = []
    for letter, last in (("a", 1), ("b", 2)):
        found.append(
            {
                "id": f"old-{number}{letter}",
                "addresses": [f"{net}.{last}"],
                "role": "frozen",
                "target_role": "retired",
                "frozen_since": "2026-01-01",
                "current_use": "Carries the site until its waves are done.",
            }
        )
        found.append(
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
        found.append(
            {
                "id": f"desk-{number}",
                "role": "interactive",
                "target_role": "interactive",
                "current_use": "Somebody works here.",
                "aliases": [f"laptop-{number}"],
            }
        )
    return found


def _workload(own: list[Row], site: int, count: int, waves: int, pick: random.Random) -> Row:
    """The next workload of a site that has some of its `count` already.

    The first is the site's secret store. What has arrived is where it stays. All
    need only what stands before them and is as much production as they are, and
    wait only for what moves no later.
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
        "owner": [_owner(wave)],
        "wave": wave,
        "placed_since": f"20{pick.randint(19, 25)}-{pick.randint(1, 12):02d}-{pick.randint(1, 28):02d}",
    }
    if index == 0:
        row |= {"name": f"secrets of site {site}", "wave": waves, "owner": [_owner(waves)]}
        row |= {"drain_last": True, "stateful": True}
    elif index > 1:
        alike = [w["id"] for w in own if environment != "production" or w["environment"] == "production"]
        row["needs"] = sorted({alike[0], *pick.sample(alike, min(len(alike), pick.randint(0, 2)))})
    if index in ARRIVED:
        row["current_host"] = row["target_host"]
        del row["wave"], row["owner"]
        row["stateful"] = ARRIVED[index] == "gate"
        if ARRIVED[index] == "part":
            row["part_of"] = [own[-1]["id"]]
    elif index > 1:
        if pick.random() < 0.3:
            earlier = [w["id"] for w in own[2:] if "wave" in w and w["wave"] <= wave]
            row["drain_after"] = pick.sample(earlier, min(len(earlier), 1)) or None
        if index % 20 == 19 and own[-1].get("wave") == wave:
            row["part_of"] = [own[-1]["id"]]
        if pick.random() < 0.2:
            row["stateful"] = True
    if pick.random() < 0.25:
        row["domains"] = [f"{row['id']}.example.net"]
    if pick.random() < 0.1:
        row["links"] = ["/docs/canon/promotion.md", f"https://wiki.example.net/{row['id']}"]
    if pick.random() < 0.6:
        row["notes"] = pick.choice(REMARKS)
    return {name: value for name, value in row.items() if value is not None}


def _belongings(site: int, own: list[Row]) -> Fleet:
    """What belongs to the workloads of a site: a lane and its tunnels, gates, services and the like."""
    number = f"{site:04d}"
    a, b = _pair_in_one_wave([w for w in own if w["environment"] == "production" and "wave" in w])
    moves = {"owner": [_owner(a["wave"])], "wave": a["wave"]}
    ends = (
        ("now", a["current_host"][0], b["current_host"][0]),
        ("target", a["target_host"][0], b["target_host"][0]),
    )
    tunnels = [
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
        for state, source, target in ends
    ]
    lane = {
        "id": f"lane-{number}",
        "name": f"site {site} to its database",
        "from": a["id"],
        "to": b["id"],
        "critical": True,
        "current_path": [f"now-{number}"],
        "target_path": [f"target-{number}"],
        "owner": moves["owner"],
    }
    checkout = {
        "id": f"checkout-{number}",
        "name": f"deployment of site {site}",
        "current_host": [f"desk-{site // 10 * 10:04d}"],
        "current_path": f"/home/operator/sites/{number}",
        "target_host": [f"new-{number}a"],
        "target_path": f"/srv/sites/{number}",
        **moves,
    }
    sink = {
        "id": f"sink-{number}",
        "name": f"backups of site {site}",
        "current_host": [f"old-{number}a"],
        "current_path": f"/var/backups/{number}",
        "target_host": [f"new-{number}b"],
        "target_path": f"/srv/backups/{number}",
        **moves,
        "critical": True,
    }
    pipeline = {
        "id": f"images-{number}",
        "artifact": f"the images of site {site}",
        "current_build_host": [f"old-{number}b"],
        "target_build_host": [f"new-{number}b"],
        "image": f"registry.example.net:5000/build/site-{number}:1.{site}.0",
        **moves,
    }
    return {
        "tunnel": tunnels,
        "lane": [lane],
        "checkout": [checkout],
        "sink": [sink],
        "pipeline": [pipeline],
        "gate": [_gate(own[i], i) for i, by in ARRIVED.items() if by == "gate"],
        "exception": [_exception(own[i]) for i, by in ARRIVED.items() if by == "exception"],
        "service": [_service(own[index]) for index in (1, 2, 3)],
    }


def _gate(workload: Row, index: int) -> Row:
    name = workload["id"]
    which = f"@sha256:{int.from_bytes(name.encode()) % 16**64:064x}" if index == 1 else ":2.4.1"
    return {
        "workload": name,
        "overlay_repo": f"https://git.example.net/overlays/{name}",
        "stages": ["deploy", "observe", "promote", "rollback"],
        "backup_drill": "restored into staging",
        "canary": "one week beside the old one",
        "approved_by": "platform",
        "approved_on": APPROVED,
        "image": f"registry.example.net/{name}{which}",
    }


def _exception(workload: Row) -> Row:
    return {
        "id": f"early-{workload['id']}",
        "rule": "missing-gate",
        "entry": f"workload:{workload['id']}",
        "reason": "Moved ahead of its canary, which has no traffic to watch yet.",
        "rollback": "Start it on the old machine, which keeps its volume.",
        "approved_by": "platform",
        "expires": EXPIRES,
    }


def _service(workload: Row) -> Row:
    return {
        "id": f"{workload['id']}-web",
        "workload": workload["id"],
        "environment": workload["environment"],
        "host": workload["current_host"][0],
        "url": f"https://{workload['id']}.example.net/",
    }


def _pair_in_one_wave(moving: list[Row]) -> tuple[Row, Row]:
    """Two workloads that leave one machine for another together: a lane can follow them."""
    for b in moving:
        for a in moving:
            if a["wave"] == b["wave"] and a["current_host"] != b["current_host"]:
                return a, b
    raise AssertionError("a site is too small for a lane")
