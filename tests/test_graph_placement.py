"""Evidence through wholes, places that production must not take, and images that can change."""

from __future__ import annotations

import pytest

from conftest import SmallFleet
from regcheck.graph import FleetGraph
from regcheck.graph.images import loose

MACHINES = """
machine:
  - {id: new, role: production}
  - {id: old, role: frozen, frozen_since: 2026-06-01}
  - {id: lab, role: experimental}
"""
ON_NEW = "environment: production, current_host: new"
FULL = (
    "overlay_repo: deploy/app, stages: [deploy, observe, promote, rollback], canary: run,"
    " approved_by: Ada, approved_on: 2026-05-29, image: 'app:1.0.0'"
)


def unproven(graph: FleetGraph) -> dict[str, str]:
    """What lacks evidence: the workload, its gate, and what is missing in it."""
    return {
        found.workload.id: f"{found.gate.id if found.gate else '-'}: {' '.join(found.missing)}"
        for found in graph.placement.unproven()
    }


# --- evidence -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gates", "told"),
    [
        (f"- {{workload: app, {FULL}}}", {"db": "app: backup_drill"}),
        (f"- {{workload: app, {FULL}, backup_drill: run}}", {}),
        (f"- {{workload: db, {FULL}, backup_drill: run}}", {"app": "-: overlay_repo"}),
        (f"- {{workload: db, {FULL}}}\n  - {{workload: app, {FULL}, backup_drill: run}}", {}),
        (f"- {{workload: web, {FULL}}}", {"app": "-: overlay_repo"}),
        ("- {workload: db}\n  - {workload: web}", {"app": "-: overlay_repo"}),
    ],
)
def test_a_part_counts_through_any_of_its_wholes(fleet: SmallFleet, gates: str, told: dict[str, str]) -> None:
    graph = fleet(
        f"""{MACHINES}
workload:
  - {{id: files, part_of: db, {ON_NEW}}}
  - {{id: db, part_of: web, stateful: yes, {ON_NEW}}}
  - {{id: web, part_of: app, {ON_NEW}}}
  - {{id: app, {ON_NEW}}}
gate:
  {gates}
"""
    )
    found = unproven(graph)
    assert found.keys() == told.keys()
    assert all(found[ref].startswith(said) for ref, said in told.items())


def test_the_need_for_a_drill_is_told_with_the_whole(fleet: SmallFleet) -> None:
    for stateful in (True, False):
        graph = fleet(
            f"""{MACHINES}
workload:
  - {{id: app, {ON_NEW}}}
  - {{id: db, environment: production, part_of: app, stateful: {str(stateful).lower()}}}
"""
        )
        assert ("backup_drill" in unproven(graph)["app"]) is stateful


@pytest.mark.parametrize("order", ["abc", "bca", "cab"])
def test_a_circle_of_wholes_is_told_once_and_first_come(fleet: SmallFleet, order: str) -> None:
    whole = {"a": "b", "b": "c", "c": "a"}
    rows = "\n".join(f"  - {{id: {name}, part_of: {whole[name]}, {ON_NEW}}}" for name in order)
    graph = fleet(f"{MACHINES}\nworkload:\n{rows}\n  - {{id: part, part_of: a, {ON_NEW}}}\n")
    assert [*unproven(graph)] == [order[0]]


def test_what_does_not_stand_on_a_production_machine_now_needs_no_gate(fleet: SmallFleet) -> None:
    graph = fleet(
        f"""{MACHINES}
workload:
  - {{id: there, {ON_NEW}}}
  - {{id: tolerated, environment: production, current_host: old}}
  - {{id: both, environment: production, current_host: [old, new]}}
  - {{id: later, environment: production, target_host: new}}
  - {{id: lost, environment: production, current_host: unknown}}
  - {{id: staged, environment: staging, current_host: new}}
"""
    )
    assert [*unproven(graph)] == ["there", "both"]


def test_the_policy_that_holds_first_is_the_one_that_counts(fleet: SmallFleet) -> None:
    graph = fleet(
        """
policy:
  - {id: undated, title: a, rules: [missing-gate]}
  - {id: later, title: b, rules: [missing-gate], effective_from: 2026-07-01}
  - {id: first, title: c, rules: [schema, placement], effective_from: 2026-06-01}
  - {id: other, title: d, rules: [mutable-image], effective_from: 2026-01-01}
"""
    )

    def named(*names: str) -> str | None:
        policy = graph.placement.policy(*names)
        return policy.id if policy else None

    assert named("missing-gate", "placement") == "first"
    assert named("missing-gate") == "later"
    assert named("unfit-target") is None


# --- places ---------------------------------------------------------------------


def test_the_target_of_a_whole_is_told_once_unless_it_is_no_production(fleet: SmallFleet) -> None:
    graph = fleet(
        f"""{MACHINES}
workload:
  - {{id: app, environment: production, target_host: lab}}
  - {{id: of-app, environment: production, part_of: app}}
  - {{id: trial, environment: staging, target_host: [lab, new]}}
  - {{id: of-trial, environment: production, part_of: trial}}
  - {{id: elsewhere, environment: production, part_of: trial, target_host: new}}
"""
    )
    found = [(entry.id, said.entry.id, said.machine.id) for entry, said in graph.placement.unfit_targets()]
    assert found == [("app", "app", "lab"), ("of-trial", "trial", "lab")]


@pytest.mark.parametrize(
    ("before", "now", "is_new"),
    [
        ("environment: production, current_host: old", "", False),
        ("environment: production, current_host: new", "", True),
        ("environment: staging, current_host: old", "", True),
        ("environment: production, current_host: new", "placed_since: 2026-01-01", True),
        ("environment: staging, current_host: old", "placed_since: 2026-01-01", True),
        ("environment: unknown, current_host: old", "", True),
        ("environment: unknown, current_host: old", "placed_since: 2026-06-01", False),
        ("environment: production, current_host: unknown", "placed_since: 2026-01-01", False),
        ("environment: production, current_host: unknown", "placed_since: 2026-06-02", True),
        ("environment: production, undecided: current_host", "placed_since: 2026-01-01", False),
    ],
)
def test_what_is_new_on_a_frozen_machine(fleet: SmallFleet, before: str, now: str, *, is_new: bool) -> None:
    base = fleet(f"{MACHINES}\nworkload:\n  - {{id: app, {before}}}\n")
    row = ", ".join(filter(None, ["id: app, environment: production, current_host: old", now]))
    graph = fleet(f"{MACHINES}\nworkload:\n  - {{{row}}}\n")
    assert bool(graph.placement.newly_placed(base.placement)) is is_new


# --- images ---------------------------------------------------------------------

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "image",
    [
        "app:1.4",
        "registry.example:5000/team/app:v1.4.2",
        "app:1.4.2-rc.1",
        "app:v2.0.0-next.3",
        "app:1.4.2-stable",
        "app:2026",
        "app:20260703",
        "app:nightly-2026-07-02",
        "app:412",
        "app:main-420",
        "app:main.420",
        "app:build-1234",
        "app:20260703T1200",
        "app:2026-07-03",
        "app:v0.1.2",
        "app:1.4.2-alpine",
        "app:1.4.2rc1-arm64",
        "app:1.4-php8.2",
        "app:latest-3f2a9c1",
        "app:pr-12-3f2a9c1",
        "app:1.x-3f2a9c1",
        "app:abc123",
        "app:3f2a1c9",
        "app:sha-3f2a1c9",
        "app:dev.g3f2a1c9",
        "app:release-1.4",
        "docker://app:1.4.2",
        f"app@sha256:{DIGEST}",
        f"app:latest@sha256:{DIGEST}",
        f"sha256:{DIGEST}",
        f"registry.example:5000/app@sha512:{DIGEST}{DIGEST}",
    ],
)
def test_an_image_that_stays(image: str) -> None:
    assert loose(image) is None


@pytest.mark.parametrize(
    ("image", "part"),
    [
        ("app", "app"),
        ("registry.example:5000/app", "registry.example:5000/app"),
        ("registry.example/app:LATEST", "LATEST"),
        ("app:latest-arm64", "latest-arm64"),
        ("app:edge_linux_x86_64", "edge_linux_x86_64"),
        ("app:stable-alpine3.19", "stable-alpine3.19"),
        ("app:production-v2", "production-v2"),
        ("app:3", "3"),
        ("app:v12", "v12"),
        ("app:16-slim", "16-slim"),
        ("app:16-alpine3.19", "16-alpine3.19"),
        ("app:3-arm64", "3-arm64"),
        ("app:1.x", "1.x"),
        ("app:1.4.x", "1.4.x"),
        ("app:v1.4.x-slim", "v1.4.x-slim"),
        ("app:slim", "slim"),
        ("app:hotfix", "hotfix"),
        ("app:feature-login", "feature-login"),
        ("app:foo", "foo"),
        ("app:TBD", "TBD"),
        ("app:mainframe", "mainframe"),
        ("app:main-42", "main-42"),
        ("app:v412", "v412"),
        ("app:facade", "facade"),
        ("app:deadbeef", "deadbeef"),
        ("app:3f2a1", "3f2a1"),
        ("app:3f2a9c1x", "3f2a9c1x"),
        ("app:arm64", "arm64"),
        ("app:amd64", "amd64"),
        ("app:x86_64", "x86_64"),
        ("app:latest-arm64v8", "latest-arm64v8"),
        ("app:2xlarge", "2xlarge"),
        ("app:slim-ubuntu-22.04", "slim-ubuntu-22.04"),
        ("app:php8.2.1-apache", "php8.2.1-apache"),
        ("app:k8s1.29.3", "k8s1.29.3"),
        ("app:pr-1234", "pr-1234"),
        ("app:${TAG}", "${TAG}"),
        ("app:", "app:"),
        (f"app@sha256:{DIGEST[:-1]}", f"sha256:{DIGEST[:-1]}"),
        (f"app@sha256:{DIGEST.upper()}", f"sha256:{DIGEST.upper()}"),
        (f"app@sha512:{DIGEST}", f"sha512:{DIGEST}"),
        ("app@1.4.2", "1.4.2"),
        ("an image that CI builds", "an image that CI builds"),
    ],
)
def test_an_image_that_can_change_and_the_part_that_is_loose(image: str, part: str) -> None:
    found = loose(image)
    assert found is not None
    assert found.part == part
