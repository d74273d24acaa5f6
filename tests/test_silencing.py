"""Exceptions: what one accepts, for how long, and what it never accepts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Repository, Run, registers
from regcheck.check import check
from regcheck.reading import read_fleet
from regcheck.rules import GROUPS, RULES
from regcheck.settings import load_settings
from regcheck.silencing import exceptions
from regcheck.trees import WorkTree
from regcheck.verdict import Verdict

TODAY = "2026-07-03"
WORKLOADS = """\
register: workload
entries:
  - {id: wiki, environment: staging, current_host: unknown}
  - {id: forum, environment: staging, current_host: unknown}
"""
GOOD = {
    "id": "wiki-place",
    "rule": "unknown-place",
    "entry": "workload:wiki",
    "reason": "the contract is being looked for",
    "expires": "2026-12-31",
}


def listed(*rows: dict[str, str]) -> str:
    entries = "".join(
        f"  - {{{', '.join(f'{key}: {value}' for key, value in row.items())}}}\n" for row in rows
    )
    return f"register: exception\nentries:\n{entries}"


def judged(repository: Repository, *rows: dict[str, str], today: str = TODAY) -> Verdict:
    files = {"registers/workloads.yaml": WORKLOADS, "registers/exceptions.yaml": listed(*rows)}
    return check(WorkTree(str(repository(files))), today=today)


def found(verdict: Verdict) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.entry) for finding in verdict.findings]


FORUM = ("unknown-place", "workload:forum")
WIKI = ("unknown-place", "workload:wiki")


def test_an_exception_accepts_one_rule_for_one_entry(repository: Repository) -> None:
    verdict = judged(repository, GOOD)
    assert found(verdict) == [FORUM]
    (one,) = verdict.silenced
    assert (one.finding.rule, one.finding.entry) == WIKI
    assert (one.by, one.reason) == ("exception:wiki-place", "the contract is being looked for")
    assert (verdict.excepted, verdict.baselined) == (1, 0)


def test_it_holds_through_its_last_day(repository: Repository) -> None:
    row = GOOD | {"expires": TODAY}
    assert found(judged(repository, row)) == [FORUM]
    after = judged(repository, row, today="2026-07-04")
    assert found(after) == [("expired-exception", "exception:wiki-place"), WIKI, FORUM]
    assert after.status() == 1


@pytest.mark.parametrize("name", ["rule", "entry", "reason", "expires"])
def test_what_is_undecided_does_not_hold(repository: Repository, name: str) -> None:
    verdict = judged(repository, GOOD | {"undecided": f"[rollback, {name}]"})
    assert found(verdict)[-2:] == [WIKI, FORUM]
    assert found(judged(repository, GOOD | {"undecided": "[rollback]"}))[-1:] == [FORUM]


def test_nobody_knows_what_a_conflict_approves(repository: Repository) -> None:
    sides = "<<<<<<< ours\n    expires: 2026-12-31\n=======\n    expires: 2026-07-31\n>>>>>>> theirs\n"
    item = "".join(f"    {key}: {GOOD[key]}\n" for key in ("rule", "entry", "reason"))
    text = f"register: exception\nentries:\n  - id: wiki-place\n{item}{sides}"
    files = {"registers/workloads.yaml": WORKLOADS, "registers/exceptions.yaml": text}
    assert found(check(WorkTree(str(repository(files))), today=TODAY)) == [
        ("merge-conflict", None),
        WIKI,
        FORUM,
    ]


def test_whichever_name_of_the_entry_is_written(repository: Repository) -> None:
    machines = "register: machine\nentries:\n  - {id: box7, role: experimental, aliases: [spare]}\n"
    row = GOOD | {"rule": "unused-machine", "entry": "machine:spare"}
    verdict = check(
        WorkTree(str(repository({"registers/machines.yaml": machines, "registers/x.yaml": listed(row)}))),
        today=TODAY,
    )
    assert verdict.findings == []
    assert [one.finding.entry for one in verdict.silenced] == ["machine:box7"]


@pytest.mark.parametrize(
    "change",
    [
        {"expires": "2026-13-01"},
        {"expires": "2026-02-30"},
        {"expires": "20261231"},
        {"expires": "31.12.2026"},
        {"expires": "2026-12"},
        {"expires": "2026-12-31T00:00:00"},
        {"expires": "next year"},
        {"expires": "[2026-12-31]"},
        {"expires": "9999999999"},
        {"expires": "~"},
        {"rule": "[unknown-place]"},
        {"entry": "[workload:wiki, workload:forum]"},
        {"entry": "wiki"},
        {"reason": "~"},
        {"reason": "[because]"},
        {"id": "~"},
        {"id": "wiki-place, rule: missing-owner"},
        {"rule": "unknown-place, rule: missing-owner"},
        {"entry": "workload:wiki, entry: workload:forum"},
        {"expires": "2026-12-31, expires: 2026-01-31"},
    ],
    ids=str,
)
def test_one_that_is_not_clear_never_silences(repository: Repository, change: dict[str, str]) -> None:
    verdict = judged(repository, GOOD | change)
    assert verdict.silenced == ()
    assert {WIKI, FORUM} <= set(found(verdict))
    assert verdict.status() == 1
    assert "unused-exception" not in {finding.rule for finding in verdict.findings}


def test_a_malformed_date_in_the_defaults_never_silences(repository: Repository) -> None:
    """What stands in `defaults` is told once, at the first entry that takes it."""
    rows = [{key: value for key, value in GOOD.items() if key != "expires"} | {"id": f"x{n}"} for n in (1, 2)]
    text = listed(*rows).replace("entries:", "defaults: {expires: 2026-12-32}\nentries:")
    files = {"registers/workloads.yaml": WORKLOADS, "registers/exceptions.yaml": text}
    verdict = check(WorkTree(str(repository(files))), today=TODAY)
    assert verdict.silenced == ()
    assert [rule for rule, _ in found(verdict)] == ["schema", "unknown-place", "unknown-place"]


def test_a_row_with_its_cells_displaced_never_silences(repository: Repository) -> None:
    rows = (
        "| Exception | Rule | Entry | Expires | Reason |\n| --- | --- | --- | --- | --- |\n"
        "| wiki-place | unknown-place | workload:wiki | 2026-12-31 | this | that |\n"
    )
    text = f"---\nregister: exception\n---\n\n{rows}"
    files = {"registers/workloads.yaml": WORKLOADS, "registers/exceptions.md": text}
    verdict = check(WorkTree(str(repository(files))), today=TODAY)
    assert verdict.silenced == ()
    assert found(verdict) == [("malformed-table", "exception:wiki-place"), WIKI, FORUM]


def test_of_two_with_one_id_the_first_holds(repository: Repository) -> None:
    verdict = judged(repository, GOOD, GOOD | {"entry": "workload:forum"})
    assert found(verdict) == [("duplicate-id", "exception:wiki-place"), FORUM]


def test_the_one_that_holds_longest_is_named(repository: Repository) -> None:
    longer = GOOD | {"id": "longer", "expires": "2027-01-01"}
    for rows in ((GOOD, longer), (longer, GOOD)):
        verdict = judged(repository, *rows)
        assert [one.by for one in verdict.silenced] == ["exception:longer"]
        assert found(verdict) == [FORUM]


@pytest.mark.parametrize("name", [*GROUPS, "unknown-plase", "Unknown-Place", "*", "all"])
def test_a_name_that_is_no_rule_silences_nothing(repository: Repository, name: str) -> None:
    verdict = judged(repository, GOOD | {"rule": f'"{name}"'})
    assert verdict.silenced == ()
    assert [rule for rule, _ in found(verdict)].count("unused-exception") == 1


def test_the_rules_that_allow_no_exception() -> None:
    none = {name for name, rule in RULES.items() if not rule.allows_exceptions}
    reading = {rule.name for rule in GROUPS["reading"]}
    about = {"expired-exception", "unused-exception", "missing-rollback"}
    assert none == {*reading, *about, "missing-backup-evidence"}
    assert {name for name, rule in RULES.items() if not rule.allows_baseline} == {"missing-backup-evidence"}


def test_no_exception_from_an_expired_exception(repository: Repository) -> None:
    first = GOOD | {"expires": "2026-01-31"}
    second = GOOD | {"id": "second", "rule": "expired-exception", "entry": "exception:wiki-place"}
    assert [rule for rule, _ in found(judged(repository, first, second))] == [
        "expired-exception",
        "unused-exception",
        "unknown-place",
        "unknown-place",
    ]


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        (["--select", "unused-exception"], []),
        (["--select", "unused-exception,unknown-place"], ["unused-exception"]),
        (["--ignore", "unknown-place"], []),
        (["--ignore", "unused-exception"], []),
    ],
)
def test_only_of_a_rule_that_ran(
    repository: Repository, run: Run, words: list[str], rules: list[str]
) -> None:
    workloads = "register: workload\nentries:\n  - {id: wiki, environment: staging}\n"
    repository({"registers/workloads.yaml": workloads, "registers/exceptions.yaml": listed(GOOD)})
    report = json.loads(run("check", "--today", TODAY, "--format", "json", *words).out)
    assert [finding["rule"] for finding in report["findings"]] == rules


def test_what_is_silenced_is_counted(repository: Repository, run: Run) -> None:
    forum = GOOD | {"id": "forum-place", "entry": "workload:forum"}
    repository({"registers/workloads.yaml": WORKLOADS, "registers/exceptions.yaml": listed(GOOD, forum)})
    assert run("check", "--strict", "--today", TODAY) == (
        0,
        "clean: 2 files with 4 entries; 2 silenced by exceptions\n",
        "",
    )
    report = json.loads(run("check", "--today", TODAY, "--format", "json").out)
    assert report["findings"] == []
    assert [(one["entry"], one["line"], one["by"], one["reason"]) for one in report["silenced"]] == [
        ("workload:wiki", 3, "exception:wiki-place", GOOD["reason"]),
        ("workload:forum", 4, "exception:forum-place", GOOD["reason"]),
    ]
    assert report["summary"]["silenced"] == {"exception": 2, "baseline": 0}
    assert report["summary"]["baseline"] is None


def test_the_counts_follow_the_paths(repository: Repository, run: Run) -> None:
    repository({"registers/workloads.yaml": WORKLOADS, "registers/exceptions.yaml": listed(GOOD)})
    assert run("check", "--today", TODAY, "registers/exceptions.yaml").out == (
        "clean: 2 files with 3 entries; 1 finding elsewhere\n"
    )
    there = run("check", "--today", TODAY, "registers/workloads.yaml").out
    assert there.endswith("\n1 warning in 2 files with 3 entries; 1 silenced by an exception\n")


def test_hostile_words_stay_words(repository: Repository, run: Run) -> None:
    """What an exception says goes to the terminal visibly, whatever it is."""
    row = GOOD | {"rule": '"\\e[2Jx"', "reason": '"\\u202e\\n"'}
    repository({"registers/workloads.yaml": WORKLOADS, "registers/exceptions.yaml": listed(row)})
    ran = run("check", "--today", TODAY)
    assert r"there is no rule `\x1b[2Jx`" in ran.out
    assert ran.out.replace("\n", "").isprintable()


# --- the questions of others -----------------------------------------------------------


def test_in_force_expiring_and_expired(tmp_path: Path) -> None:
    days = {"today": TODAY, "in30": "2026-08-02", "in31": "2026-08-03", "over": "2026-07-02", "none": "soon"}
    rows = "".join(
        f"\n  - {{id: {name}, rule: unknown-place, entry: workload:w, reason: so, expires: {day}}}"
        for name, day in days.items()
    )
    text = f"workload:\n  - {{id: w, environment: staging, current_host: unknown}}\nexception:{rows}\n"
    for path, content in registers(text).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    fleet = read_fleet(WorkTree(str(tmp_path)), load_settings(WorkTree(str(tmp_path))))
    assert [entry.id for entry in exceptions.in_force(fleet, TODAY)] == ["today", "in30", "in31"]
    assert [entry.id for entry in exceptions.expiring(exceptions.in_force(fleet, TODAY), TODAY, 30)] == [
        "today",
        "in30",
    ]
    assert [entry.id for entry in exceptions.expired(fleet, TODAY)] == ["over"]
    assert exceptions.expiring(exceptions.in_force(fleet, "9999-12-31"), "9999-12-31", 30) == []
