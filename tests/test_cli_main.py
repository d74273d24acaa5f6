"""The frame of the command line: help, wrong words, and the one door for errors."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Repository, Run
from regcheck import __version__
from regcheck.cli import VERBS

MACHINES = "register: machine\nentries:\n  - {id: old, role: frozen}\n"


def python(root: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"regcheck {__version__}\n", "")


def test_help_names_every_verb_with_its_line(run: Run) -> None:
    ran = run("--help")
    assert (ran.status, ran.err) == (0, "")
    words = " ".join(ran.out.split())
    for verb, summary in VERBS.items():
        assert f" {verb} {summary} " in words


def test_nothing_said_shows_the_help_and_is_wrong_usage(run: Run) -> None:
    ran = run()
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == run("--help").out


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_teaches_with_examples(run: Run, verb: str) -> None:
    ran = run(verb, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: regcheck {verb} [-h]")
    examples = ran.out.partition("\nexamples:\n")[2]
    assert examples.count(f"\n  regcheck {verb}") + examples.startswith(f"  regcheck {verb}") >= 2


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("chek", "argument VERB: invalid choice: 'chek': did you mean `check`?"),
        ("simulat", "argument VERB: invalid choice: 'simulat': did you mean `simulate`?"),
        ("--directry", "unrecognized arguments: --directry: did you mean `--directory`?"),
    ],
)
def test_a_misspelt_word_gets_a_suggestion(run: Run, word: str, message: str) -> None:
    ran = run(word)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.endswith(f"\nregcheck: error: {message}\n")


def test_an_option_is_not_abbreviated(repository: Repository, run: Run) -> None:
    repository({"registers/m.yaml": MACHINES})
    ran = run("check", "--stat")
    assert ran.status == 2
    assert ran.err.endswith("error: unrecognized arguments: --stat: did you mean `--strict`?\n") or (
        ran.err.endswith("error: unrecognized arguments: --stat: did you mean `--statistics`?\n")
    )


def test_the_directory_before_and_after_the_verb(
    repository: Repository, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = repository({"registers/m.yaml": MACHINES})
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    expected = (0, "clean: 1 file with 1 entry\n", "")
    words = ("check", "--select", "reading")
    assert run("-C", root, *words, directory=elsewhere) == expected
    assert run(*words, "-C", root, directory=elsewhere) == expected
    assert run(*words, "--directory", root / "registers", directory=elsewhere) == expected
    assert run(*words, directory=root / "registers") == expected


CRASHING = """
import sys
from regcheck.__main__ import main
from regcheck.model import Severity
from regcheck.rule import rule
from regcheck.rules import RULES

@rule(severity=Severity.ERROR, since="0.1")
def bad_day(fleet, report):
    raise KeyError("an \\x1b[31mid")
    yield

RULES["bad-day"] = bad_day
sys.exit(main(["check"]))
"""


def test_a_rule_that_crashes_never_looks_clean(repository: Repository) -> None:
    root = repository({"registers/m.yaml": MACHINES})
    ran = python(root, CRASHING)
    assert (ran.returncode, ran.stdout) == (3, "")
    head, *rest = ran.stderr.splitlines()
    assert head == r"regcheck: the rule bad-day crashed: KeyError: 'an \x1b[31mid'"
    assert rest[0].startswith("  This run proves nothing.")
    assert "Traceback" not in ran.stderr
    traced = python(root, CRASHING, REGCHECK_TRACEBACK="1")
    assert traced.returncode == 3
    assert "Traceback (most recent call last)" in traced.stderr
    assert "in bad_day" in traced.stderr


DEFECT = """
import sys
import regcheck.cli.check
from regcheck.__main__ import main

def run(options):
    raise {error}

regcheck.cli.check.run = run
sys.exit(main(["check"]))
"""


def test_any_other_error_is_a_defect(repository: Repository) -> None:
    ran = python(repository({}), DEFECT.format(error="RecursionError('too deep')"))
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith(
        "regcheck: a defect in regcheck: RecursionError: too deep\n  This run proves"
    )
    assert f"(regcheck {__version__}, Python {sys.version.split()[0]})" in ran.stderr


def test_an_interrupt_is_quiet(repository: Repository) -> None:
    ran = python(repository({}), DEFECT.format(error="KeyboardInterrupt"))
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "")


def test_the_garbage_collector_is_left_as_it_was(run: Run) -> None:
    assert gc.isenabled()
    run("--version")
    assert gc.isenabled()


HEAVY = {"networkx", "jsonschema", "argcomplete", "inspect", "dataclasses", "importlib.metadata"}


def test_a_clean_check_imports_nothing_heavy(repository: Repository) -> None:
    root = repository({"registers/m.yaml": MACHINES})
    code = """
import sys
from regcheck.__main__ import main
status = main(["check", "--select", "reading,schema,order"])
print(status, *sorted(sys.modules))
"""
    ran = python(root, code)
    said, modules = ran.stdout.splitlines()
    status, *loaded = modules.split()
    assert (said, status) == ("clean: 1 file with 1 entry", "0")
    assert not HEAVY.intersection(loaded)
    assert [name for name in loaded if name.startswith("regcheck.cli.")] == [
        "regcheck.cli.answers",
        "regcheck.cli.check",
        "regcheck.cli.common",
        "regcheck.cli.parser",
        "regcheck.cli.trees",
    ]
