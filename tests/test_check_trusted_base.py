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
NOTHING, NOT_THIS = "does not decide how to judge", "this does not count of"
WRONG = {
    "no TOML": ("regcheck.toml", "max_age = \n", NOTHING, "regcheck.toml:1: this is not TOML"),
    "no rule": ("regcheck.toml", 'ignore = ["nonsense"]\n', NOT_THIS, "regcheck.toml:1: there is no rule"),
    "no severity": (
        "regcheck.toml",
        '[severity]\nnonsense = "info"\n',
        NOT_THIS,
        "regcheck.toml:2: there is no rule",
    ),
    "no workload": (
        "regcheck.toml",
        CONTRACT.format("nobody"),
        NOT_THIS,
        "regcheck.toml:5: there is no workload `nobody`",
    ),
    "no baseline": (
        "regcheck-baseline.json",
        "{}",
        NOT_THIS,
        "regcheck-baseline.json:1: this is no baseline",
    ),
}
"""A file, its text, and what is said of it."""


@pytest.fixture
def fleet(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "fleet", environment(tmp_path / "home"))


def checked(fleet: Repository, *words: str, status: int = 0) -> tuple[list[str], list[str]]:
    """What a check says on each of its streams."""
    ran = fleet.run("regcheck", "check", *words, status=status)
    return ran.stdout.splitlines(), ran.stderr.splitlines()


@pytest.mark.parametrize("trust", [(), ("--trust-base",)], ids=["compared", "trusted"])
@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_a_base_decides_nothing(
    fleet: Repository, what: str, trust: tuple[str, ...]
) -> None:
    """It is compared with all the same: what mends it must not be refused for it."""
    path, text, said, why = WRONG[what]
    fleet.commit({**SOUND, **BAD, path: text})
    mended: Mapping[str, str | None] = {path: "" if path == "regcheck.toml" else None}
    fleet.commit(mended)
    words = ("--rev", "HEAD", "--base", "HEAD^", *trust)
    out, [remark] = checked(fleet, *words, status=1)
    whole = f"the base revision {said}" if said == NOTHING else f"{said} the base revision"
    assert remark.startswith(f"regcheck: {whole}: {why}")
    assert (out[0], out[-1]) == (WRONG_NAME, "1 error (0 new) in 2 files with 5 entries")
    assert checked(fleet, *words, status=1) == (out, [remark])  # and so when it is only repeated


def test_wrong_settings_of_its_own_stay_an_error(fleet: Repository) -> None:
    fleet.commit(SOUND)
    path, text, _, why = WRONG["no TOML"]
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


# --- a base that is wrong in part -----------------------------------------------------------

NOBODY = """\
[[contract]]
name = "gone"
reason = "it was switched off"
type = "forbidden"
from = "machine:nope"
to = "kind:workload"
"""
LAX = 'ignore = ["identity", "reading"]\n'
NEW_IGNORE = "regcheck.toml:1:11: error[weakened-guard]: `identity` in `ignore` is new: "
AGAINST = ("--rev", "HEAD", "--base", "HEAD^", "--trust-base")


@pytest.mark.parametrize(
    "wrong",
    [
        'ignore = ["contract"]\n' + NOBODY,
        NOBODY,
        'ignore = ["nonsense"]\n',
        '[severity]\nnonsense = "info"\n',
    ],
)
def test_a_base_that_is_wrong_in_part_decides_by_all_else(fleet: Repository, wrong: str) -> None:
    fleet.commit({**SOUND, "regcheck.toml": wrong})
    fleet.commit({**BAD, "regcheck.toml": LAX})
    out, _ = checked(fleet, *AGAINST, status=1)
    assert WRONG_NAME in out
    assert [line.startswith(NEW_IGNORE) for line in out].count(True) == 1


def test_a_base_whose_baseline_is_wrong_decides_by_its_settings(fleet: Repository) -> None:
    fleet.commit({**SOUND, "regcheck-baseline.json": "{}"})
    fleet.commit({**BAD, "regcheck-baseline.json": None, "regcheck.toml": LAX})
    out, [remark] = checked(fleet, *AGAINST, status=1)
    assert WRONG_NAME in out
    assert remark.startswith("regcheck: this does not count of the base revision: regcheck-baseline.json:1: ")


def test_what_a_base_ignores_it_does_not_demand(fleet: Repository) -> None:
    """Nobody looks whether it means anything, on either side, and it may go."""
    fleet.commit({**SOUND, "regcheck.toml": 'ignore = ["contract"]\n' + NOBODY})
    fleet.commit({"README.md": "# Fleet\n"})
    assert checked(fleet, *AGAINST) == ([CLEAN], [])
    fleet.commit({"regcheck.toml": ""})
    assert checked(fleet, *AGAINST) == ([CLEAN], [])
    assert checked(fleet, *AGAINST[:-1]) == ([CLEAN], [])


def test_what_is_wrong_and_stays_so_is_refused(fleet: Repository) -> None:
    fleet.commit({**SOUND, "regcheck.toml": NOBODY})
    fleet.commit({"README.md": "# Fleet\n"})
    assert checked(fleet, *AGAINST, status=2) == (
        [],
        ["regcheck: regcheck.toml:5: there is no machine `nope`"],
    )
    fleet.commit({"regcheck.toml": ""})
    remark = "regcheck: this does not count of the base revision: regcheck.toml:5: there is no machine `nope`"
    assert checked(fleet, *AGAINST) == ([CLEAN], [remark])
