"""`hooks/pre-receive` in a real bare repository: what is refused does not change a ref."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from repositories import BAD, CHECKOUT, SOUND, WRONG_NAME, Repository, environment
from served import BY, CLEAN, LOWERED, LOWERS, SETTINGS, Server, findings, said, said_of, weakened


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


OWNED = "{}: error[contract]: {} has no `owner`, which the contract `owned` requires: somebody must know"
WEAKER: dict[str, tuple[dict[str, str | None], str]] = {
    "a severity": ({"regcheck.toml": LOWERED}, LOWERS),
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
            "schemas/workload.schema.json:1:26",
            "the kind `workload` no longer has `environment` in `required`: schema relies on it",
        ),
    ),
    "a heading that means something else": (
        {
            "schemas/lane.schema.json": (CHECKOUT / "schemas/lane.schema.json")
            .read_text()
            .replace(', "Production-critical?"]', "]")
            .replace(
                '"current_path": {',
                '"memo": {"type": "string", "x-regcheck": {"columns": ["Production-critical?"]}},\n'
                '    "current_path": {',
            )
        },
        weakened(
            "schemas/lane.schema.json:38:6",
            "the kind `lane` takes the heading `production-critical?` for `memo`, and took it for `critical`"
            " in the base revision: schema relies on it",
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
    assert findings(lines) == [LOWERS.replace(":4:", ":5:")]


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
    assert said(clone)[0] == CLEAN


ACCEPTED = ["clean: 2 files with 5 entries; 1 silenced by the baseline", "baseline: 1 finding"]


def test_nothing_that_is_pushed_allows_weaker_settings(server: Server, clone: Repository) -> None:
    clone.commit({".gitconfig": "[regcheck]\n\tallowWeakened = true\n", "regcheck.toml": LOWERED})
    option = ("-c", "regcheck.allowWeakened=true", "push", "--push-option=regcheck.allowWeakened=true")
    server.git("config", "receive.advertisePushOptions", "true")
    said_back = clone.git(*option, "origin", "main", status=1)
    assert LOWERS in said_back
    server.git("config", "regcheck.allowWeakened", "perhaps")  # what is no yes is a no
    assert LOWERS in findings(said(clone, status=1))


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
    all_of_it = "the base revision does not decide how to judge: regcheck"
    assert remark.startswith(
        (f"regcheck: {all_of_it}", "regcheck: this does not count of the base revision:")
    )
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
