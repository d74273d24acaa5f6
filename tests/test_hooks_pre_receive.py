"""`hooks/pre-receive` in a real bare repository: what is refused does not change a ref."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from repositories import BAD, CHECKOUT, SOUND, WRONG_NAME, Repository, environment

BY = "by the settings and the baseline from before this push"
CLEAN = "clean: 2 files with 4 entries"


class Server(Repository):
    """A bare repository with the hook, and what pushing from a clone came to."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        super().__init__(folder, environment, "--bare")
        shutil.copy(CHECKOUT / "hooks/pre-receive", folder / "hooks/pre-receive")


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "server.git", environment(tmp_path / "home"))


@pytest.fixture
def clone(server: Server, tmp_path: Path) -> Repository:
    """A clone of a server that has a sound fleet on its branch `main`."""
    made = Repository(tmp_path / "clone", server.environment)
    made.git("remote", "add", "origin", server.folder)
    made.commit({**SOUND, "regcheck.toml": SETTINGS})
    assert said(made) == [CLEAN]
    return made


SETTINGS = """\
max_age = 30

[severity]
undecided = "warning"

[[contract]]
name = "apart"
reason = "the two are sold to different customers"
type = "independent"
independent = ["workload:shop", "workload:shelf"]
"""


def said(clone: Repository, *words: str, status: int = 0, **more: str) -> list[str]:
    """What the server says of a push, line by line."""
    lines = clone.git("push", "--porcelain", "origin", *(words or ("main",)), status=status, **more)
    return [
        line.removeprefix("remote: ").rstrip().removeprefix("remote:")
        for line in lines.splitlines()
        if line.startswith("remote:")
    ]


def findings(lines: list[str]) -> list[str]:
    return [line for line in lines if re.match(r"\S+:\d+:\d+: ", line)]


def test_a_push_is_refused_with_the_report_and_the_ref_stays(server: Server, clone: Repository) -> None:
    before = server.at("main")
    bad = clone.commit(BAD)
    lines = said(clone, status=1, FORCE_COLOR="1", CLICOLOR_FORCE="1")
    assert lines == [
        WRONG_NAME,
        "  5 │   - {id: shed, environment: staging, target_host: rihgt}",
        "    ╵                                                   ^^^^^",
        "  help: did you mean `right`?",
        "  note: this is new: the base revision did not have it",
        "",
        "1 error (1 new) in 2 files with 5 entries",
        f"regcheck: main is refused, {BY}",
    ]
    assert server.at("main") == before
    # It was read where pushed objects wait: after the refusal the server has it not.
    server.git("cat-file", "-e", bad, status=1)
    clone.commit({"registers/workloads.yaml": SOUND["registers/workloads.yaml"]})
    assert said(clone) == [CLEAN]
    assert server.at("main") == clone.at("main")


def weakened(place: str, message: str) -> str:
    return f"{place}: error[weakened-guard]: {message}"


OWNED = "{}: error[contract]: {} has no `owner`, which the contract `owned` requires: somebody must know"
LOWERED = SETTINGS.replace("[severity]", '[severity]\nunknown-reference = "info"')
WEAKER: dict[str, tuple[dict[str, str | None], str]] = {
    "a severity": (
        {"regcheck.toml": LOWERED},
        weakened(
            "regcheck.toml:4:1",
            "`unknown-reference` in `[severity]` lowers unknown-reference from error to info",
        ),
    ),
    "a severity that is gone": (
        {"regcheck.toml": SETTINGS.replace('undecided = "warning"', "")},
        weakened(
            "regcheck.toml:3:1", "a line that is gone from `[severity]` lowers undecided from warning to info"
        ),
    ),
    "ignore": (
        {"regcheck.toml": f'ignore = ["identity", "placement"]\n{SETTINGS}'},
        weakened(
            "regcheck.toml:1:11",
            "`identity` in `ignore` is new: schema, duplicate-id,"
            " unknown-reference, missing-target, missing-owner and 4 more rules are no longer checked",
        ),
    ),
    "max_age": (
        {"regcheck.toml": SETTINGS.replace("max_age = 30", "max_age = 300")},
        weakened(
            "regcheck.toml:1:1",
            "`max_age` is 300 days, and was 30 in the base revision: stale-facts relies on it",
        ),
    ),
    "a contract": (
        {"regcheck.toml": SETTINGS.partition("[[")[0]},
        weakened(
            "regcheck.toml:1:1",
            "the contract `apart` is gone, and its reason was: the two are sold to different customers",
        ),
    ),
    "settings that are gone": (
        {"regcheck.toml": None},
        weakened(
            "regcheck.toml:1:1",
            "`max_age` is not set, and was 30 in the base revision: stale-facts relies on it",
        ),
    ),
    "globs that read the same files today": (
        {"regcheck.toml": f'registers = ["registers/machines.yaml", "registers/workloads.yaml"]\n{SETTINGS}'},
        weakened(
            "regcheck.toml:1:1",
            "`registers/**/*.{md,yaml,yml}` is gone from `registers`: what it names would no longer be read",
        ),
    ),
    "globs that read nothing": (
        {"regcheck.toml": f'registers = ["nowhere/*.md"]\n{SETTINGS}'},
        weakened(
            "regcheck.toml:1:1",
            "`registers/**/*.{md,yaml,yml}` is gone from `registers`: what it names would no longer be read",
        ),
    ),
    "another folder of kinds": (
        {"regcheck.toml": f'schemas = "kinds"\n{SETTINGS}'},
        weakened(
            "regcheck.toml:1:1",
            "`schemas` is `kinds`, and was `schemas` in the base revision: other kinds would be read",
        ),
    ),
    "a kind of its own in place of a shipped one": (
        {
            "schemas/workload.schema.json": json.dumps(
                {
                    "x-regcheck": {"kind": "workload"},
                    "type": "object",
                    "properties": {
                        "id": {"type": "string"},
                        "environment": {"type": "string"},
                        "target_host": {"type": "string"},
                    },
                }
            )
        },
        weakened(
            "schemas/workload.schema.json:1:1",
            "the kind `workload` no longer requires `environment`: schema relies on it",
        ),
    ),
    "a baseline": (
        {
            "regcheck-baseline.json": '{"version": 1,\n "findings": [\n  {"rule": "unknown-reference", '
            '"about": "workload:shed", "message": "there is no machine `rihgt`"}\n ]}\n'
        },
        weakened(
            "regcheck-baseline.json:1:1",
            "the baseline accepts what that of the base revision"
            " does not: unknown-reference of `workload:shed`",
        ),
    ),
}


@pytest.mark.parametrize("what", WEAKER)
def test_what_is_pushed_cannot_weaken_what_judges_it(server: Server, clone: Repository, what: str) -> None:
    """Neither together with the finding that it would hide, nor in a push of its own before that."""
    before = server.at("main")
    files, message = WEAKER[what]
    clone.commit(files)
    lines = said(clone, status=1)
    assert message in findings(lines)
    assert lines[-1] == f"regcheck: main is refused, {BY}"
    clone.commit(BAD)
    together = findings(said(clone, status=1))
    assert message in together
    if "kind" not in what:  # a kind of one's own can say that nothing is a reference: that is why it is told
        assert WRONG_NAME in together
    assert server.at("main") == before


def test_settings_may_guard_more(clone: Repository) -> None:
    clone.commit({"regcheck.toml": SETTINGS.replace("[severity]", '[severity]\nunused-machine = "error"')})
    assert said(clone) == [CLEAN]
    assert findings(
        said_of(clone, {"registers/more.yaml": "register: machine\nentries: [{id: idle, role: frozen}]\n"})
    )


def said_of(clone: Repository, files: Mapping[str, str | None], status: int = 1) -> list[str]:
    clone.commit(files)
    return said(clone, status=status)


def test_settings_that_guard_more_must_hold_at_once(clone: Repository) -> None:
    """Else whoever pushes next would be refused for what was wrong before."""
    more = '\n[[contract]]\nname = "owned"\nreason = "somebody must know"\ntype = "required"\n'
    lines = said_of(
        clone, {"regcheck.toml": f'{SETTINGS}{more}select = "kind:workload"\nproperty = "owner"\n'}
    )
    assert findings(lines) == [
        OWNED.format("registers/workloads.yaml:3:10", "workload:shop"),
        OWNED.format("registers/workloads.yaml:4:10", "workload:shelf"),
    ]


def test_the_base_cannot_have_said_that_settings_may_weaken(server: Server, clone: Repository) -> None:
    server.git("config", "regcheck.allowWeakened", "true")
    said_of(clone, {"regcheck.toml": f'ignore = ["weakened-guard"]\n{SETTINGS}'}, status=0)
    server.git("config", "--unset", "regcheck.allowWeakened")
    lines = said_of(clone, {"regcheck.toml": f'ignore = ["weakened-guard"]\n{LOWERED}'})
    assert findings(lines) == [WEAKER["a severity"][1].replace(":4:", ":5:")]


def test_what_an_entry_declares_less_is_a_warning_as_ever(clone: Repository) -> None:
    retired = "  - {id: gone, role: retired}\n"
    said_of(clone, {"registers/machines.yaml": SOUND["registers/machines.yaml"] + retired}, status=0)
    back = SOUND["registers/machines.yaml"] + retired.replace("retired", "production")
    assert said_of(clone, {"registers/machines.yaml": back}, status=0) == [
        "2 warnings (1 new) in 2 files with 5 entries"  # and nothing mentions it
    ]


def test_a_baseline_that_was_there_decides_and_may_shrink(server: Server, clone: Repository) -> None:
    """To let one in takes whoever looks after the server."""
    clone.commit(BAD)
    clone.run("regcheck", "check", "--write-baseline")
    clone.commit({})
    assert len(findings(said(clone, status=1))) == 2
    server.git("config", "regcheck.allowWeakened", "true")
    assert said(clone) == [
        "regcheck: weaker settings are allowed here for now (regcheck.allowWeakened)",
        *ACCEPTED,
    ]
    server.git("config", "--unset", "regcheck.allowWeakened")
    clone.commit({"README.md": "# Fleet\n"})
    assert said(clone) == ACCEPTED
    # A baseline that shrinks too far would refuse whoever comes next.
    lines = said_of(clone, {"regcheck-baseline.json": None})
    assert findings(lines) == [WRONG_NAME]
    clone.commit(SOUND)
    assert said(clone) == [CLEAN]


ACCEPTED = ["clean: 2 files with 5 entries; 1 silenced by the baseline", "baseline: 1 finding"]


def test_nothing_that_is_pushed_allows_weaker_settings(server: Server, clone: Repository) -> None:
    clone.commit({".gitconfig": "[regcheck]\n\tallowWeakened = true\n", "regcheck.toml": LOWERED})
    option = ("-c", "regcheck.allowWeakened=true", "push", "--push-option=regcheck.allowWeakened=true")
    server.git("config", "receive.advertisePushOptions", "true")
    said_back = clone.git(*option, "origin", "main", status=1)
    assert WEAKER["a severity"][1] in said_back
    server.git("config", "regcheck.allowWeakened", "perhaps")  # what is no yes is a no
    assert WEAKER["a severity"][1] in findings(said(clone, status=1))


# --- which branches are judged, and against what ---------------------------------------------


def test_a_new_branch_is_judged_by_what_it_began_from(server: Server, clone: Repository) -> None:
    clone.git("checkout", "-q", "-b", "topic")
    lines = said_of_branch(clone, "topic", {"regcheck.toml": LOWERED})
    assert findings(lines) == [WEAKER["a severity"][1]]
    assert server.at("topic") == ""
    clone.git("reset", "-q", "--hard", "main")
    assert said_of_branch(clone, "topic", {"README.md": "# Fleet\n"}, status=0) == [CLEAN]
    assert said_of_branch(clone, "topic", BAD)[-1] == f"regcheck: topic is refused, {BY}"


def said_of_branch(
    clone: Repository, branch: str, files: Mapping[str, str | None], status: int = 1
) -> list[str]:
    clone.commit(files)
    return said(clone, branch, status=status)


def unrelated(clone: Repository, branch: str, files: Mapping[str, str | None]) -> None:
    """A branch that has no commit in common with any other, with these files and no others."""
    clone.git("checkout", "-q", "--orphan", branch)
    clone.git("rm", "-rfq", "--ignore-unmatch", ".")
    clone.commit(files)


def test_a_branch_without_registers_goes_through(server: Server, clone: Repository) -> None:
    nothing = [f"regcheck: there is no register in {server.folder}: nothing was checked"]
    nothing.append("clean: 0 files with 0 entries")
    unrelated(clone, "gh-pages", {"index.html": "<p>Hello"})
    assert said(clone, "gh-pages") == nothing
    clone.commit({"index.html": "<p>Hello again"})
    assert said(clone, "gh-pages") == nothing
    clone.git("commit", "-q", "--amend", "-m", "as if it were the first")
    unrelated(clone, "gh-pages-2", {"index.html": "<p>Made anew"})
    assert said(clone, "+gh-pages-2:gh-pages") == nothing
    assert server.at("gh-pages") == clone.at("gh-pages-2")


def test_a_branch_that_begins_anew_is_judged_by_the_settings_of_the_default_one(clone: Repository) -> None:
    unrelated(clone, "other", {**SOUND, "regcheck.toml": LOWERED})
    assert WEAKER["a severity"][1] in findings(said(clone, "other", status=1))
    assert said_of_branch(clone, "other", {"regcheck.toml": SETTINGS}, status=0) == [CLEAN]


def test_a_branch_that_begins_anew_elsewhere_is_judged_all_the_same(clone: Repository) -> None:
    files = {path.replace("registers", "fleet"): text for path, text in {**SOUND, **BAD}.items()}
    unrelated(clone, "other", {**files, "regcheck.toml": 'registers = ["fleet/*.yaml"]\n'})
    assert findings(said(clone, "other", status=1)) == [WRONG_NAME.replace("registers", "fleet")]


def test_registers_cannot_all_be_removed(server: Server, clone: Repository) -> None:
    before = server.at("main")
    gone = clone.commit(dict.fromkeys(SOUND), "--quiet")
    lines = said(clone, status=1)
    assert lines[0].startswith(f"regcheck: no register found in {server.folder}: put files into registers/")
    assert lines[1:] == [f"regcheck: main is refused, {BY}"]
    unrelated(clone, "bare", {"index.html": "<p>Hello"})
    assert said(clone, "+bare:main", status=1)[-1] == f"regcheck: main is refused, {BY}"
    assert server.at("main") == before != gone


def test_a_branch_with_settings_and_no_register_yet_is_guarded_too(clone: Repository) -> None:
    unrelated(clone, "plan", {"regcheck.toml": 'ignore = ["undecided"]\n'})
    said(clone, "plan")
    clone.commit({"regcheck.toml": 'ignore = ["undecided", "identity"]\n'})
    assert [line.partition(" is new")[0] for line in findings(said(clone, "plan", status=1))] == [
        weakened("regcheck.toml:1:24", "`identity` in `ignore`")
    ]
    clone.commit({"regcheck.toml": 'ignore = ["undecided"]\n', **BAD, **SOUND_MACHINES})
    assert findings(said(clone, "plan", status=1)) == [WRONG_NAME]


SOUND_MACHINES = {"registers/machines.yaml": SOUND["registers/machines.yaml"]}


def test_deletions_tags_and_other_refs_go_through(server: Server, clone: Repository) -> None:
    clone.git("branch", "topic")
    said(clone, "topic")
    assert said(clone, ":topic") == []
    clone.git("checkout", "-q", "-b", "bad")
    clone.commit(BAD)
    clone.git("tag", "v1")
    assert said(clone, "v1", "HEAD:refs/notes/x", "HEAD:refs/for/main") == []
    assert server.at("topic") == ""
    assert server.at("v1") == server.at("refs/for/main") == clone.at("bad")
    # Git itself keeps the branch whose settings decide.
    assert "deletion of the current branch prohibited" in clone.git("push", "origin", ":main", status=1)


def test_a_push_of_several_branches_is_accepted_or_refused_as_a_whole(
    server: Server, clone: Repository
) -> None:
    before = server.at("main")
    clone.commit({"README.md": "# Fleet\n"})
    clone.git("checkout", "-q", "-b", "bad")
    clone.commit(BAD)
    clone.git("branch", "worse")
    lines = said(clone, "main", "bad", "worse", status=1)
    assert [line for line in lines if line.startswith(("regcheck", "clean"))] == [
        CLEAN,
        f"regcheck: bad is refused, {BY}",
        f"regcheck: worse is refused, {BY}",
    ]
    assert (server.at("main"), server.at("bad")) == (before, "")


def test_a_force_push_is_judged_against_what_it_replaces(clone: Repository) -> None:
    root = clone.at("main")
    clone.commit({"regcheck.toml": SETTINGS.replace("[severity]", '[severity]\nstale-facts = "error"')})
    said(clone)
    clone.git("reset", "-q", "--hard", root)
    clone.commit({"README.md": "# Fleet\n"})
    lines = said(clone, "+main", status=1)
    assert findings(lines) == [
        weakened(
            "regcheck.toml:3:1",
            "a line that is gone from `[severity]` lowers stale-facts from error to warning",
        )
    ]


def test_the_first_push_is_judged_by_its_own_settings(server: Server, tmp_path: Path) -> None:
    first = Repository(tmp_path / "first", server.environment)
    first.git("remote", "add", "origin", server.folder)
    first.commit({**SOUND, **BAD})
    lines = said(first, status=1)
    assert (findings(lines), lines[-1]) == ([WRONG_NAME], "regcheck: main is refused")
    first.commit({"regcheck.toml": 'ignore = ["identity"]\n'})
    assert said(first) == ["clean: 2 files with 5 entries"]


def test_the_first_push_may_have_no_register(server: Server, tmp_path: Path) -> None:
    first = Repository(tmp_path / "first", server.environment)
    first.git("remote", "add", "origin", server.folder)
    first.commit({"README.md": "# Fleet\n"})
    assert said(first)[-1] == "clean: 0 files with 0 entries"
    first.commit({**SOUND, "regcheck.toml": 'ignore = ["undecided"]\n'})
    assert said(first) == ["1 warning (1 new) in 2 files with 4 entries"]  # which is `weakened-guard`


def test_a_default_branch_that_is_not_there_is_told(server: Server, clone: Repository) -> None:
    server.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    clone.git("checkout", "-q", "-b", "topic")
    clone.commit({"README.md": "# Fleet\n"})
    assert said(clone, "topic", status=1)[0].startswith("regcheck: HEAD names a branch that is not there")
    assert said(clone, "topic:main") == [CLEAN]


# --- settings that cannot be read ------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"regcheck.toml": "max_age = \n"}, "regcheck: regcheck.toml:1: this is not TOML: "),
        (
            {"regcheck.toml": f'ignore = ["nonsense"]\n{SETTINGS}'},
            "regcheck: regcheck.toml:1: there is no rule",
        ),
        (
            {"regcheck.toml": SETTINGS.replace("workload:shop", "workload:ship")},
            "regcheck: regcheck.toml:10: ",
        ),
        ({"regcheck-baseline.json": "[]"}, "regcheck: regcheck-baseline.json:1: this is no baseline"),
    ],
)
def test_broken_settings_are_refused_and_where_they_are_there_they_can_be_mended(
    server: Server, clone: Repository, files: dict[str, str], message: str
) -> None:
    clone.commit(files)
    assert said(clone, status=1)[0].startswith(message)
    (server.folder / "hooks/pre-receive").rename(server.folder / "hooks/off")
    said(clone)
    (server.folder / "hooks/off").rename(server.folder / "hooks/pre-receive")
    mended = {"regcheck.toml": SETTINGS} if "regcheck.toml" in files else dict.fromkeys(files)
    clone.commit({**mended, **BAD})
    assert WRONG_NAME in findings(said(clone, status=1))
    clone.commit(SOUND)
    remark, verdict = said(clone)
    assert remark.startswith("regcheck: the base revision does not decide how to judge: regcheck")
    assert verdict == CLEAN


# --- a gate that cannot judge is shut --------------------------------------------------------


def test_without_regcheck_a_push_is_refused(clone: Repository) -> None:
    clone.commit({"README.md": "# Fleet\n"})
    without = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if not has_regcheck(p))
    assert said(clone, status=1, PATH=without) == [
        "regcheck: it is not installed on this server, so nobody can judge main: the push is refused"
    ]
    clone.git("tag", "v1")
    assert said(clone, "v1", PATH=without) == []


def has_regcheck(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, "regcheck"))


CRASHING = f"""\
#!{sys.executable}
import sys
from regcheck.__main__ import main
from regcheck.rules import RULES

def judge(fleet, report):
    raise KeyError("a defect")

RULES["schema"] = RULES["schema"]._replace(judge=judge)
sys.exit(main())
"""


def test_a_defect_refuses_a_push(server: Server, clone: Repository, tmp_path: Path) -> None:
    clone.commit({"README.md": "# Fleet\n"})
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/regcheck").write_text(CRASHING)
    (tmp_path / "bin/regcheck").chmod(0o755)
    lines = said(clone, status=1, PATH=f"{tmp_path}/bin{os.pathsep}{server.environment['PATH']}")
    assert lines[0] == "regcheck: the rule schema crashed: KeyError: 'a defect'"
    assert lines[-1] == "regcheck: main could not be judged, so it is refused"
    assert server.at("main") != clone.at("main")
