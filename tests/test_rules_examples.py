"""The examples in a rule's documentation show the rule at work, and then what satisfies it."""

from __future__ import annotations

import re
import textwrap

import pytest

from conftest import Repository
from regcheck.check import check
from regcheck.rules import GROUPS, RULES

BLOCK = re.compile(r"^ *```yaml\n(.*?)^ *```\n", re.MULTILINE | re.DOTALL)


def examples(rule: str) -> tuple[dict[str, str], dict[str, str]]:
    """The bad registers by kind, and the same with the good ones in their place."""
    before, *after = BLOCK.split(RULES[rule].doc.partition("## Example\n")[2])
    assert not before.strip()
    bad: dict[str, str] = {}
    good: dict[str, str] = {}
    said = False
    for block, prose in zip(after[::2], after[1::2], strict=True):
        text = textwrap.dedent(block)
        kind = text.partition("register: ")[2].partition("\n")[0]
        (good if said else bad)[kind] = text
        said = said or bool(prose.strip().endswith(":"))
    assert bad
    assert good
    return bad, {**bad, **good}


@pytest.mark.parametrize("rule", [rule.name for group in ("order", "independence") for rule in GROUPS[group]])
def test_the_examples_of_a_rule(repository: Repository, rule: str) -> None:
    bad, good = examples(rule)
    root = repository({f"registers/{kind}.yaml": text for kind, text in bad.items()})
    assert check(str(root), select=[rule]).findings != []
    root = repository({f"registers/{kind}.yaml": text for kind, text in good.items()})
    assert check(str(root), select=[rule]).findings == []
