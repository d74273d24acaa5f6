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

BLOCK = re.compile(r"^ *```yaml( base)?\n(.*?)^ *```\n", re.MULTILINE | re.DOTALL)
SHOWN = [rule.name for group in ("order", "independence", "placement") for rule in GROUPS[group]]

Registers = dict[str, str]


def examples(rule: str) -> tuple[Registers, Registers, Registers]:
    """The registers of the base revision by kind, the bad ones, and these with the good in their place."""
    before, *after = BLOCK.split(RULES[rule].doc.partition("## Example\n")[2])
    base: Registers = {}
    bad: Registers = {}
    good: Registers = {}
    said = False
    for mark, block, prose in zip(after[::3], after[1::3], after[2::3], strict=True):
        text = textwrap.dedent(block)
        kind = text.partition("register: ")[2].partition("\n")[0]
        (base if mark else good if said else bad)[kind] = text
        said = said or bool(not mark and prose.strip().endswith(":"))
    assert bool(before.strip()) == bool(base), "only a base revision has to be introduced"
    assert bad
    assert good
    return base, bad, {**bad, **good}


@pytest.mark.parametrize("rule", SHOWN)
def test_the_examples_of_a_rule(repository: Repository, rule: str) -> None:
    def written(registers: Registers, folder: str) -> Path:
        files = {f"{folder}/registers/{kind}.yaml": text for kind, text in registers.items()}
        return repository(files) / folder

    before, bad, good = examples(rule)
    base = Base(read(str(written(before, "before")))) if before else None
    assert check(str(written(bad, "bad")), select=[rule], base=base).findings != []
    assert check(str(written(good, "good")), select=[rule], base=base).findings == []
