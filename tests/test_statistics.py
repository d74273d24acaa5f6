"""`check --statistics`: what is counted, of what, and how that is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import Repository, Run, SmallFleet, registers
from regcheck.check import check
from regcheck.graph.coverage import Share
from regcheck.graph.facts import facts
from regcheck.reporting import statistics
from regcheck.trees import WorkTree

MACHINES = """
machine:
  - {id: old, role: frozen}
  - {id: new, role: production}
task:
  - {id: P-T1, title: move, status: todo}
"""


# --- owner and target ----------------------------------------------------------------


def test_who_must_have_an_owner(fleet: SmallFleet) -> None:
    found = fleet(
        MACHINES
        + """
workload:
  - {id: owned, environment: staging, current_host: old, target_host: new, owner: P-T1}
  - {id: nobody, environment: staging, current_host: old, target_host: new}
  - {id: open, environment: staging, current_host: old, target_host: new, undecided: owner}
  - {id: pencilled, environment: staging, current_host: old, target_host: new, owner: P-T1, undecided: owner}
  - {id: stays, environment: staging, current_host: new, target_host: new}
  - {id: lost, environment: staging, current_host: unknown, target_host: new}
wave:
  - {number: 1, name: one, owner: P-T1}
  - {number: 2, name: two}
sink:
  - {id: logs, current_host: old, target_host: retired}
"""
    ).coverage.owner()
    assert found.total == Share(have=2, of=7, undecided=2)
    assert found.kinds == {
        "sink": Share(0, 1),
        "wave": Share(1, 2),
        "workload": Share(1, 4, 2),
    }


def test_who_must_have_a_target(fleet: SmallFleet) -> None:
    found = fleet(
        MACHINES
        + """
workload:
  - {id: goes, environment: staging, current_host: old, target_host: new}
  - {id: stays, environment: staging, current_host: new, target_host: new}
  - {id: ends, environment: staging, current_host: new, target_host: retired}
  - {id: silent, environment: staging, current_host: old}
  - {id: open, environment: staging, current_host: old, undecided: target_host}
  - {id: pencilled, environment: staging, current_host: old, target_host: new, undecided: target_host}
  - {id: lost, environment: staging, current_host: unknown}
  - {id: half-lost, environment: staging, current_host: [unknown, old]}
  - {id: nowhere, environment: staging}
repo:
  - {id: code, current_remote: git@old.example.net:code}
"""
    ).coverage.target()
    assert found.total == Share(have=3, of=8, undecided=2)
    assert found.kinds == {"repo": Share(0, 1), "workload": Share(3, 7, 2)}


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        ("target_host: new", Share(1, 1)),
        ("target_host: retired", Share(1, 1)),
        ("undecided: target_host", Share(0, 1, 1)),
        ("current_host: unknown", Share(0, 1)),
    ],
)
def test_a_part_has_the_target_of_its_whole(fleet: SmallFleet, whole: str, expected: Share) -> None:
    found = fleet(
        f"""{MACHINES}
workload:
  - {{id: whole, environment: staging, {whole}}}
  - {{id: middle, environment: staging, part_of: whole}}
  - {{id: part, environment: staging, part_of: middle, current_host: old}}
"""
    ).coverage.target()
    assert found.total == expected


# --- evidence and rollback -----------------------------------------------------------

GATE = "overlay_repo: o, canary: c, approved_by: a, approved_on: 2026-01-01, image: 'i:1.2.3'"


def test_what_must_have_evidence(fleet: SmallFleet) -> None:
    found = fleet(
        f"""{MACHINES}
workload:
  - {{id: proven, environment: production, current_host: new, target_host: new}}
  - {{id: its-part, environment: production, part_of: proven}}
  - {{id: half, environment: production, current_host: new, target_host: new}}
  - {{id: undrilled, environment: production, current_host: new, target_host: new, stateful: yes}}
  - {{id: excepted, environment: production, current_host: new, target_host: new}}
  - {{id: tolerated, environment: production, current_host: old, target_host: new}}
  - {{id: tried, environment: staging, current_host: new, target_host: new}}
gate:
  - {{workload: proven, stages: [deploy, observe, promote, rollback], {GATE}}}
  - {{workload: undrilled, stages: [deploy, observe, promote, rollback], {GATE}}}
  - {{workload: half, stages: [deploy, observe], {GATE}}}
exception:
  - {{id: e, rule: missing-gate, entry: 'workload:excepted', reason: r, rollback: back, expires: 2026-12-31}}
  - {{id: f, rule: missing-gate, entry: 'workload:half', reason: r, expires: 2026-12-31}}
  - {{id: g, rule: undrained, entry: 'workload:half', reason: r, expires: 2026-12-31}}
  - {{id: h, rule: missing-gate, entry: 'workload:tried', reason: r, rollback: none, expires: 2026-12-31}}
"""
    ).coverage
    assert found.evidence() == (Share(2, 5), {"workload": Share(2, 5)})
    assert found.rollback() == (Share(3, 6), {"exception": Share(1, 3), "gate": Share(2, 3)})


@pytest.mark.parametrize(
    ("said", "evidence", "rollback"),
    [
        (f"undecided: stages, {GATE}", Share(0, 1, 1), Share(0, 1, 1)),
        (f"stages: [deploy], undecided: stages, {GATE}", Share(0, 1, 1), Share(0, 1, 1)),
        (
            f"stages: [deploy, observe, promote, rollback], undecided: stages, {GATE}",
            Share(0, 1, 1),
            Share(0, 1, 1),
        ),
        ("undecided: stages, approved_by: a", Share(0, 1), Share(0, 1, 1)),
        (f"undecided: method, {GATE}", Share(0, 1), Share(0, 1)),
        (
            f"stages: [deploy, observe, promote, rollback], undecided: backup_drill, {GATE}",
            Share(1, 1),
            Share(1, 1),
        ),
    ],
)
def test_what_a_gate_leaves_undecided(fleet: SmallFleet, said: str, evidence: Share, rollback: Share) -> None:
    found = fleet(
        f"""{MACHINES}
workload:
  - {{id: w, environment: production, current_host: new, target_host: new}}
gate:
  - {{workload: w, {said}}}
"""
    ).coverage
    assert (found.evidence().total, found.rollback().total) == (evidence, rollback)


PROVEN = f"stages: [deploy, observe, promote, rollback], {GATE}"


@pytest.mark.parametrize(
    ("stateful", "gates", "expected"),
    [
        ("whole", {"whole": PROVEN}, Share(0, 2)),
        ("whole", {"whole": f"{PROVEN}, backup_drill: d"}, Share(2, 2)),
        ("whole", {"whole": PROVEN, "part": PROVEN}, Share(1, 2)),
        ("part", {"whole": PROVEN}, Share(1, 2)),
        ("top", {"top": PROVEN}, Share(0, 2)),
        ("whole", {"top": PROVEN}, Share(0, 2)),
        ("top", {"whole": PROVEN}, Share(2, 2)),
    ],
)
def test_a_part_counts_through_its_whole(
    fleet: SmallFleet, stateful: str, gates: dict[str, str], expected: Share
) -> None:
    holds = {name: f"stateful: {'yes' if name == stateful else 'no'}" for name in ("top", "whole", "part")}
    written = "".join(f"  - {{workload: {name}, {said}}}\n" for name, said in gates.items())
    found = fleet(
        f"""{MACHINES}
workload:
  - {{id: top, environment: staging, {holds["top"]}}}
  - {{id: whole, environment: production, part_of: top, current_host: new, {holds["whole"]}}}
  - {{id: part, environment: production, part_of: whole, {holds["part"]}}}
gate:
{written}"""
    ).coverage
    assert found.evidence().total == expected


def test_nothing_of_nothing_is_not_all(fleet: SmallFleet) -> None:
    found = fleet(MACHINES).coverage
    for figure in (found.owner(), found.target(), found.evidence(), found.rollback()):
        assert figure == (Share(0, 0), {})


# --- facts and exceptions ------------------------------------------------------------

DATED = {
    "registers/machines.yaml": (
        "register: machine\nas_of: 2026-06-13\nmax_age: 19\nentries:\n  - {id: lab, role: planned}\n"
    ),
    "registers/tasks.yaml": (
        "register: task\nas_of: 2026-06-13\nmax_age: 20\nentries:\n  - {id: x, external: yes}\n"
    ),
    "registers/sources.yaml": (
        "register: source\nentries:\n"
        "  - {id: a, title: a, as_of: 2026-07-05}\n"
        "  - {id: b, title: b, as_of: 2026-01-01, max_age: 30}\n"
        "  - {id: c, title: c}\n"
    ),
    "registers/d.md": "---\nentry: source\nid: d\ntitle: d\nas_of: 2026-07-02\n---\n",
    "registers/empty.yaml": "register: wave\nas_of: 2020-01-01\nentries: []\n",
}
DOCUMENTS = {
    "regcheck.toml": 'documents = ["docs/*.md"]\n',
    "docs/adr.md": "---\nid: adr\ntitle: t\nstatus: canon\ndate: 2020-01-01\n---\n",
}
TODAY = "2026-07-03"


def test_of_which_day_the_facts_are(repository: Repository) -> None:
    root = str(repository({**DATED, **DOCUMENTS}))
    verdict = check(WorkTree(root), today=TODAY)
    found = {(f.register.source.path, f.entry.id if f.entry else ""): f for f in facts(verdict.fleet, None)}
    assert {key: (fact.age(TODAY), fact.stale(TODAY)) for key, fact in found.items()} == {
        ("registers/d.md", "d"): (1, False),
        ("registers/machines.yaml", ""): (20, True),
        ("registers/sources.yaml", ""): (None, False),
        ("registers/sources.yaml", "a"): (-2, False),
        ("registers/sources.yaml", "b"): (183, True),
        ("registers/tasks.yaml", ""): (20, False),
    }
    assert statistics.coverage(verdict).facts == (5, 1, 2, (-2, 20, 183))


def test_the_teams_max_age_holds_where_a_register_has_none(repository: Repository) -> None:
    root = str(repository({**DATED, "regcheck.toml": "max_age = 0\n"}))
    assert statistics.coverage(check(WorkTree(root), today=TODAY)).facts.stale == 3  # d.md, too
    assert statistics.coverage(check(WorkTree(root), today="2026-07-01")).facts.stale == 1


def test_nothing_dated_has_no_age(repository: Repository) -> None:
    root = str(repository(registers(MACHINES)))
    assert statistics.coverage(check(WorkTree(root), today=TODAY)).facts == (0, 2, 0, None)


def test_how_long_exceptions_hold(repository: Repository) -> None:
    days = ("2026-07-02", "2026-07-03", "2026-08-02", "2026-08-03", "soon")
    rows = "".join(
        f"  - {{id: e{n}, rule: undrained, entry: 'machine:old', reason: r, expires: {day}}}\n"
        for n, day in enumerate(days)
    )
    root = str(repository(registers(f"{MACHINES}exception:\n{rows}")))
    assert statistics.coverage(check(WorkTree(root), today=TODAY)).exceptions == (3, 2, 1)
    assert statistics.coverage(check(WorkTree(root), today="2026-08-03")).exceptions == (1, 1, 3)


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        ("undrained", 1),
        ("undraned", 0),
        ("order", 0),
        ("missing-backup-evidence", 0),
        ("yaml-syntax", 0),
        ("unused-exception", 0),
        ("contract", 1),
    ],
)
def test_an_exception_that_can_hold_nothing_is_not_in_force(
    repository: Repository, rule: str, held: int
) -> None:
    row = f"{{id: e, rule: {rule}, entry: 'machine:old', reason: r, expires: 2026-07-31}}"
    root = str(repository(registers(f"{MACHINES}exception:\n  - {row}\n")))
    for select in ((), ("schema",)):
        assert statistics.coverage(check(WorkTree(root), today=TODAY, select=select)).exceptions == (
            held,
            held,
            0,
        )


# --- the figures and the rules agree ---------------------------------------------------

CASES = sorted(path for path in (Path(__file__).parent / "cases").glob("*/*") if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_a_figure_lacks_is_what_its_rule_tells(case: Path) -> None:
    verdict = check(WorkTree(str(case)), today=TODAY)
    told = [*verdict.findings, *(one.finding for one in verdict.silenced)]
    figures = statistics.coverage(verdict).figures
    for rule, name in (("missing-owner", "owner"), ("missing-target", "target")):
        share = figures[name].total
        assert share.of - share.have - share.undecided == sum(finding.rule == rule for finding in told), name
    stale = [fact for fact in facts(verdict.fleet, verdict.settings.max_age) if fact.stale(TODAY)]
    places = {fact.entry.at("as_of") if fact.entry else fact.register.as_of_position for fact in stale}
    days = [
        finding for finding in told if finding.rule == "stale-facts" and "yet to come" not in finding.message
    ]
    assert places == {finding.position for finding in days}


# --- how it is shown -------------------------------------------------------------------

FLEET = f"""{MACHINES}
workload:
  - {{id: a, environment: production, current_host: old, target_host: new, owner: P-T1}}
  - {{id: b, environment: production, current_host: new, target_host: new}}
  - {{id: c, environment: staging, current_host: old}}
wave:
  - {{number: 1, name: one, moves: a, undecided: owner}}
exception:
  - {{id: e, rule: missing-gate, entry: 'workload:b', reason: r, rollback: back, expires: 2026-07-31}}
"""
ONLY = ("--select", "missing-target", "--statistics", "--today")


def test_statistics_in_text(repository: Repository, run: Run) -> None:
    repository({**registers(FLEET), **DATED})
    assert run("check", *ONLY, TODAY).out.partition("findings by rule\n")[2] == (
        "        1  missing-target  error\n"
        "entries by kind\n"
        "        1  exception\n"
        "        3  machine\n"
        "        4  source\n"
        "        2  task\n"
        "        1  wave\n"
        "        3  workload\n"
        "coverage     owner  target  evidence  rollback\n"
        "  exception      —       —         —       1/1\n"
        "  wave         0/1       —         —         —\n"
        "  workload     1/1     2/3       0/1         —\n"
        "  all          1/2     2/3       0/1       1/1\n"
        "  undecided      1       0         0         0\n"
        "facts on 2026-07-03\n"
        "       -2  days old: the newest\n"
        "       20  days old: the median\n"
        "      183  days old: the oldest\n"
        "        5  dated\n"
        "        6  without a date\n"
        "        2  stale\n"
        "exceptions on 2026-07-03\n"
        "        1  in force\n"
        "        1  of them end within 30 days\n"
        "        0  expired\n"
        "\n"
        "1 error in 10 files with 14 entries\n"
    )


def test_statistics_in_json(repository: Repository, run: Run) -> None:
    repository({**registers(FLEET), **DATED})
    ran = run("check", *ONLY, "2026-08-01", "--format", "json")
    assert json.loads(ran.out)["statistics"] == {
        "findings": [{"rule": "missing-target", "severity": "error", "count": 1}],
        "entries": {"exception": 1, "machine": 3, "source": 4, "task": 2, "wave": 1, "workload": 3},
        "coverage": {
            "today": "2026-08-01",
            "owner": {**share(1, 2, 1), "kinds": {"wave": share(0, 1, 1), "workload": share(1, 1)}},
            "target": {**share(2, 3), "kinds": {"workload": share(2, 3)}},
            "evidence": {**share(0, 1), "kinds": {"workload": share(0, 1)}},
            "rollback": {**share(1, 1), "kinds": {"exception": share(1, 1)}},
            "facts": {
                "dated": 5,
                "undated": 6,
                "stale": 3,
                "age": {"newest": 27, "median": 49, "oldest": 212},
            },
            "exceptions": {"in_force": 0, "expiring": 0, "expired": 1, "expiring_days": 30},
            "baseline": None,
        },
    }


def share(have: int, of: int, undecided: int = 0) -> dict[str, Any]:
    return {"have": have, "of": of, "undecided": undecided}


def test_a_fleet_that_must_have_nothing(repository: Repository, run: Run) -> None:
    repository({"registers/tasks.yaml": "register: task\nentries:\n  - {id: x, external: yes}\n"})
    assert run("check", "--statistics", "--today", TODAY).out == (
        "entries by kind\n"
        "        1  task\n"
        "coverage     owner  target  evidence  rollback\n"
        "  all            —       —         —         —\n"
        "  undecided      —       —         —         —\n"
        "facts on 2026-07-03\n"
        "        0  dated\n"
        "        1  without a date\n"
        "        0  stale\n"
        "\n"
        "clean: 1 file with 1 entry\n"
    )
    found = json.loads(run("check", "--statistics", "--format", "json").out)["statistics"]["coverage"]
    assert found["owner"] == {**share(0, 0), "kinds": {}}
    assert found["facts"]["age"] is None
