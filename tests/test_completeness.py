"""Nothing is half there: rules, kinds and settings, and all that is said about them.

That each rule has cases is tested in `test_cases.py`, that it is explained and
that the examples of kinds are sound in `test_cli_explain.py`.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

import test_reading_examples
import test_rules_examples
from conftest import Repository, Run
from regcheck.cli import VERBS
from regcheck.cli.parser import build
from regcheck.model import Kind, Severity
from regcheck.reading import kinds as kind_files
from regcheck.reporting import FORMATS
from regcheck.rule import Rule
from regcheck.rules import GROUPS, RULES
from regcheck.settings import KEYS, Settings, load_settings
from regcheck.trees import WorkTree

HERE = Path(__file__).resolve().parent.parent
KINDS = kind_files.shipped()

# --- rules -------------------------------------------------------------------------

DESIGNED = {
    "reading": """
        unreadable-file yaml-syntax duplicate-key merge-conflict malformed-table unknown-kind
        unknown-property empty-register bad-schema
    """,
    "identity": """
        schema duplicate-id unknown-reference missing-target missing-owner finished-owner unknown-place
        undecided unused-machine
    """,
    "order": """
        drain-cycle drained-too-early not-last undrained stranded two-waves empty-wave task-cycle
        done-too-early
    """,
    "independence": """
        workstation-dependency no-way-off still-dependent broken-path missed-endpoint dead-hop
        dangling-tunnel personal-path wrong-actor tunnel-sprawl recovery-loop
    """,
    "placement": """
        frozen-placement unfit-target occupied-machine missing-gate missing-backup-evidence
        missing-rollback expired-exception unused-exception mutable-image weakened-guard
    """,
    "documents": """
        broken-link document-order misplaced-document stale-facts closed-gap inventory-mismatch
    """,
    "contracts": "contract",
}
"""The names that people, settings and baselines rely on: none is renamed or left out in passing."""

each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


def test_the_rules_are_those_of_the_design() -> None:
    names = {group: [rule.name for rule in rules] for group, rules in GROUPS.items()}
    assert names == {group: words.split() for group, words in DESIGNED.items()}


WARNINGS = """
    empty-register finished-owner unknown-place unused-machine empty-wave done-too-early still-dependent
    dangling-tunnel wrong-actor recovery-loop unused-exception weakened-guard stale-facts
    closed-gap
"""
INFOS = "undecided tunnel-sprawl"


def test_the_severities_are_those_of_the_design() -> None:
    found = {severity: [r.name for r in RULES.values() if r.severity is severity] for severity in Severity}
    assert found[Severity.WARNING] == WARNINGS.split()
    assert found[Severity.INFO] == INFOS.split()


def test_every_rule_is_in_the_list() -> None:
    files = {path.stem for path in (HERE / "src/regcheck/rules").glob("*.py")} - {"__init__"}
    assert files == {name.replace("-", "_") for name in RULES}


@each_rule
def test_a_rule_is_called_like_its_file(rule: Rule) -> None:
    python_name = rule.name.replace("-", "_")
    assert (rule.judge.__module__, rule.judge.__name__) == (f"regcheck.rules.{python_name}", python_name)


@each_rule
def test_a_rule_says_what_it_finds_why_and_what_to_do(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z`][^.]*(\.\w[^.]*)*\.", rule.summary), "one sentence"
    prose = re.sub(r"^( *)```.*?^\1```$", "shown", rule.doc, flags=re.MULTILINE | re.DOTALL)
    head, *parts = re.split(r"^ *## (.*)\n", prose, flags=re.MULTILINE)
    assert " ".join(head.split()).startswith(rule.summary)
    assert parts[::2] == ["Why it matters", "How to fix it", "Example"]
    assert all(text.strip() for text in parts[1::2])


TRIED: list[Any] = [
    test_reading_examples.test_the_first_block_breaks_the_rule_and_the_second_does_not,
    test_rules_examples.test_the_examples_of_a_rule,
]
"""Tests that run once for each rule whose example they try."""


def test_the_example_of_every_rule_is_tried() -> None:
    tried = [str(getattr(one, "name", one)) for test in TRIED for one in test.pytestmark[0].args[1]]
    # What is no text cannot be shown.
    assert sorted(tried) == sorted(set(RULES) - {"unreadable-file"})


# --- kinds -------------------------------------------------------------------------

DESIGNED_KINDS = """
    machine workload tunnel lane repo checkout sink pipeline wave task gate exception phase policy gap
    source service document
"""

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def test_the_kinds_are_those_of_the_design() -> None:
    assert sorted(KINDS) == sorted(DESIGNED_KINDS.split())


@each_kind
def test_a_kind_says_what_it_and_each_property_is(kind: Kind) -> None:
    assert kind.schema["title"]
    assert kind.description.endswith(".")
    assert kind.plural != kind.name
    wordless = [
        name
        for name, schema in kind.schema["properties"].items()
        if not schema.get("title") or not schema.get("description", "").endswith(".")
    ]
    assert wordless == []


@each_kind
def test_a_kind_is_explained(run: Run, kind: Kind) -> None:
    ran = run("explain", kind.name)
    assert (ran.status, ran.err) == (0, "")
    words = " ".join(ran.out.split())
    assert kind.description in words
    for property_ in kind.properties.values():
        assert f" {property_.name}: " in words
        assert property_.description in words


# --- what is written about them -------------------------------------------------------

README = (HERE / "README.md").read_text(encoding="utf-8")
TEXTS = [
    HERE / name
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md", "registers/README.md")
]
SOURCES = sorted([*(HERE / "src").rglob("*.py"), *(HERE / "schemas").glob("*.json")])

OTHER_WORDS = {
    "drain-after", "drain-last", "waits-for-wave", "hosted-on",  # relations
    "like-this", "lint-imports", "x-regcheck",
}  # fmt: skip
"""Words with hyphens that are written as code and are no rules."""


def code_spans(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def test_every_rule_that_is_mentioned_exists() -> None:
    unknown: dict[str, set[str]] = {}
    for path in [*TEXTS, *SOURCES]:
        for word in re.findall(r"[`*]([a-z]+(?:-[a-z]+)+)[`*]", path.read_text(encoding="utf-8")):
            if word not in {*RULES, *KINDS}:
                unknown.setdefault(word, set()).add(path.name)
    assert {word: files for word, files in unknown.items() if word not in OTHER_WORDS} == {}
    assert OTHER_WORDS - set(unknown) == set(), "no longer written anywhere"


def test_the_readme_lists_every_rule_by_group() -> None:
    rows = "".join(
        f"| {group} | {', '.join(f'`{rule.name}`' for rule in rules)} |\n" for group, rules in GROUPS.items()
    )
    assert f"| group | rules |\n| --- | --- |\n{rows}\n" in README


def blocks(text: str, language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found
    return found


@pytest.mark.parametrize("block", [*blocks(README, "yaml"), *blocks(README, "markdown")])
def test_the_registers_of_the_readme_are_sound(repository: Repository, run: Run, block: str) -> None:
    repository({f"registers/r.{'md' if block.startswith('---') else 'yaml'}": block})
    ran = run("check", "--select", "reading,schema", "--strict")
    assert (ran.status, ran.err) == (0, "")


def commands(text: str) -> list[list[str]]:
    """Every command line of regcheck in a text: in blocks, in code spans, in lists of examples."""
    lines = [line.strip().removeprefix("$ ") for line in text.splitlines()]
    lines = [*lines, *code_spans(text)]
    said = [re.split(r"  +| #| > | \| ", line)[0] for line in lines if re.match(r"regcheck [a-z-]", line)]
    left_open = re.compile(r"…|\b[A-Z]{3}|[.:,]$")
    return [shlex.split(line)[1:] for line in said if not left_open.search(line)]


CUSTOM = {"custom", "unexplained-tunnel"}  # tests/example_rules


def flat(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def unknown_in(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says that nobody knows, or nothing."""
    if words[-1] in ("--select", "--where"):  # the option is spoken of
        words = [*words, "a=b"]
    try:
        options = build(VERBS)[0].parse_args(words)
    except SystemExit:
        return capsys.readouterr().err
    names = {"explain": ("name",), "check": ("select", "ignore")}.get(options.verb, ())
    said = [word for name in names for word in flat(getattr(options, name))]
    return " ".join(word for word in said if word not in {*RULES, *GROUPS, *KINDS, *CUSTOM})


SAID = {
    "README": README,
    **{f"{verb} --help": parser.epilog or "" for verb, parser in build(VERBS)[1].items()},
    **{rule.name: rule.doc for rule in RULES.values() if commands(rule.doc)},
}
"""Where commands are written for people to repeat."""


@pytest.mark.parametrize("where", SAID)
def test_every_command_that_is_written_down_is_understood(
    where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = commands(SAID[where])
    assert found
    assert [words for words in found if unknown_in(words, capsys)] == []


@pytest.mark.parametrize("verb", VERBS)
def test_the_readme_shows_every_verb(verb: str) -> None:
    assert verb in {words[0] for words in commands(README)}


def test_the_readme_names_every_option_of_check() -> None:
    options = [word for action in build(VERBS)[1]["check"]._actions for word in action.option_strings]
    silent = {"-h", "--help", "-C", "--directory", "--color"}
    assert [word for word in options if word not in silent and f"{word}" not in README] == []


def test_the_readme_names_every_format_of_check() -> None:
    assert [name for name in FORMATS if f"`{name}`" not in README] == []


def test_the_readme_shows_every_setting() -> None:
    shown: set[str] = set()
    for block in blocks(README, "toml"):
        shown |= set(tomllib.loads(block))
    assert shown == set(KEYS)


@pytest.mark.parametrize("block", blocks(README, "toml"))
def test_the_settings_of_the_readme_are_understood(repository: Repository, block: str) -> None:
    root = repository({"regcheck.toml": block})
    assert load_settings(WorkTree(str(root))) != Settings()
