"""What decides where there is a base revision, be it trusted, wrong or empty."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from repositories import BAD, SOUND, WRONG_NAME, Repository, environment

CLEAN = "clean: 2 files with 4 entries"
EMPTY = "clean: 0 files with 0 entries"
NEW = "  note: this is new: the base revision did not have it"
CONTRACT = """\
[[contract]]
name = "apart"
reason = "they are sold to different customers"
type = "independent"
independent = ["workload:shop", "workload:{}"]
"""
WRONG = {
    "no TOML": ("regcheck.toml", "max_age = \n", "regcheck.toml:1: this is not TOML"),
    "no rule": ("regcheck.toml", 'ignore = ["nonsense"]\n', "regcheck.toml:1: there is no rule or group"),
    "no workload": ("regcheck.toml", CONTRACT.format("nobody"), "regcheck.toml:5: "),
    "no baseline": ("regcheck-baseline.json", "{}", "regcheck-baseline.json:1: this is no baseline"),
}


@pytest.fixture
def fleet(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "fleet", environment(tmp_path / "home"))


def checked(fleet: Repository, *words: str, status: int = 0) -> tuple[list[str], list[str]]:
    """What a check says on each of its streams."""
    ran = fleet.run("regcheck", "check", *words, status=status)
    return ran.stdout.splitlines(), ran.stderr.splitlines()


@pytest.mark.parametrize("trust", [(), ("--trust-base",)], ids=["compared", "trusted"])
@pytest.mark.parametrize("what", WRONG)
def test_a_base_whose_settings_are_wrong_decides_nothing(
    fleet: Repository, what: str, trust: tuple[str, ...]
) -> None:
    """It is compared with all the same: what mends it must not be refused for it."""
    path, text, why = WRONG[what]
    fleet.commit({**SOUND, **BAD, path: text})
    mended: Mapping[str, str | None] = {path: "" if path == "regcheck.toml" else None}
    fleet.commit(mended)
    words = ("--rev", "HEAD", "--base", "HEAD^", *trust)
    out, [remark] = checked(fleet, *words, status=1)
    assert remark.startswith(f"regcheck: the base revision does not decide how to judge: {why}")
    assert (out[0], out[-1]) == (WRONG_NAME, "1 error (0 new) in 2 files with 5 entries")
    assert checked(fleet, *words, status=1) == (out, [remark])  # and so when it is only repeated


def test_wrong_settings_of_its_own_stay_an_error(fleet: Repository) -> None:
    fleet.commit(SOUND)
    path, text, why = WRONG["no TOML"]
    fleet.commit({path: text})
    assert checked(fleet, "--rev", "HEAD", "--base", "HEAD^", status=2)[1][0].startswith(f"regcheck: {why}")


def test_a_base_may_be_trusted_only_where_there_is_one(fleet: Repository) -> None:
    fleet.commit(SOUND)
    out, err = checked(fleet, "--trust-base", status=2)
    assert (out, err) == (
        [],
        ["regcheck: --trust-base judges by a base revision, and there is none: name it (--base REV)"],
    )


def test_settings_decide_that_are_trusted(fleet: Repository) -> None:
    """Those of the base for what is there now; and whether those of now would hold, for the next time."""
    fleet.commit({**SOUND, "regcheck.toml": '[severity]\nunknown-reference = "warning"\n'})
    fleet.commit({**BAD, "regcheck.toml": ""})
    words = ("--rev", "HEAD", "--base", "HEAD^")
    assert checked(fleet, *words, status=1)[0][0] == WRONG_NAME
    assert checked(fleet, *words, "--trust-base", status=1)[0][0] == WRONG_NAME
    fleet.commit({"regcheck.toml": 'ignore = ["unused-machine"]\n[severity]\nunknown-reference = "info"\n'})
    words = ("--rev", "HEAD", "--base", "HEAD~2")
    assert checked(fleet, *words)[0][-1] == "2 warnings, 1 info (3 new) in 2 files with 5 entries"
    trusted = checked(fleet, *words, "--trust-base", status=1)[0]
    assert trusted[-1] == "2 errors, 1 warning (3 new) in 2 files with 5 entries"
    assert WRONG_NAME.replace("error", "warning") in trusted


def test_without_a_register_there_is_nothing_to_check(fleet: Repository) -> None:
    commit = fleet.commit({"README.md": "# Nothing yet\n"})
    for words in ((), ("--staged",), ("--rev", commit), ("--rev", commit, "--base", commit)):
        _, [refused] = checked(fleet, *words, status=2)
        assert refused.startswith(f"regcheck: no register found in {fleet.folder}: ")
        remark = f"regcheck: there is no register in {fleet.folder}: nothing was checked"
        assert checked(fleet, *words, "--allow-empty") == ([EMPTY], [remark])
    # Where there was none before, nothing was lost.
    assert checked(fleet, "--rev", commit, "--base", commit, "--trust-base") == ([EMPTY], [remark])
    fleet.commit(SOUND)
    assert checked(fleet, "--allow-empty") == ([CLEAN], [])
    checked(fleet, "--rev", commit, "--base", "HEAD", "--trust-base", status=2)
    assert checked(fleet, "--rev", commit, "--base", "HEAD", "--trust-base", "--allow-empty") == (
        [EMPTY],
        [remark],
    )


def test_what_may_be_empty_is_judged_where_it_is_not(fleet: Repository) -> None:
    first = fleet.commit(SOUND)
    fleet.commit(BAD)
    out, _ = checked(fleet, "--rev", "HEAD", "--base", first, "--trust-base", "--allow-empty", status=1)
    assert (out[0], NEW in out) == (WRONG_NAME, True)
