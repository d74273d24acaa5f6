"""The examples in a rule's documentation show the rule at work, and then what satisfies it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from conftest import Repository
from regcheck.check import check, read
from regcheck.rule import Base
from regcheck.rules import GROUPS, RULES
from regcheck.trees import WorkTree

BLOCK = re.compile(r"^ *```(yaml|yaml base|toml)\n(.*?)^ *```\n", re.MULTILINE | re.DOTALL)
ELSEWHERE = {"broken-link", "misplaced-document"}  # in Markdown, by test_reading_examples.py
SHOWN = [
    rule.name
    for group, rules in GROUPS.items()
    for rule in rules
    if group not in ("reading", "identity") and rule.name not in ELSEWHERE
]

Files = dict[str, str]


def examples(rule: str) -> tuple[Files, Files, Files]:
    """The files of the base revision, the bad ones, and these with the good in their place."""
    before, *after = BLOCK.split(RULES[rule].doc.partition("## Example\n")[2])
    base: Files = {}
    bad: Files = {}
    good: Files = {}
    said = False
    for language, block, prose in zip(after[::3], after[1::3], after[2::3], strict=True):
        text, before_it = textwrap.dedent(block), language == "yaml base"
        kind = text.partition("register: ")[2].partition("\n")[0]
        path = "regcheck.toml" if language == "toml" else f"registers/{kind}.yaml"
        (base if before_it else good if said else bad)[path] = text
        said = said or bool(not before_it and prose.strip().endswith(":"))
    assert bool(before.strip()) == bool(base), "only a base revision has to be introduced"
    assert bad
    assert good
    return base, bad, {**bad, **good}


@pytest.mark.parametrize("rule", SHOWN)
def test_the_examples_of_a_rule(repository: Repository, rule: str) -> None:
    def written(files: Files, folder: str) -> Path:
        return repository({f"{folder}/{path}": text for path, text in files.items()}) / folder

    before, bad, good = examples(rule)
    base = Base(read(WorkTree(str(written(before, "before"))))) if before else None
    assert check(WorkTree(str(written(bad, "bad"))), select=[rule], base=base).findings != []
    assert check(WorkTree(str(written(good, "good"))), select=[rule], base=base).findings == []
