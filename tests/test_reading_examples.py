"""The example of each rule of reading and identity, and of others in Markdown: what is wrong, then right."""

from __future__ import annotations

import re
import textwrap

import pytest

from conftest import Repository
from regcheck.check import check
from regcheck.rule import Rule
from regcheck.rules import GROUPS
from regcheck.trees import WorkTree

BLOCK = re.compile(r"^ *```(yaml|markdown)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
MACHINE = "register: machine\nentries:\n  - {id: railiance01, role: production}\n"

IN_MARKDOWN = ("broken-link", "misplaced-document")
SHOWN = [
    rule
    for group in ("reading", "identity", "documents")
    for rule in GROUPS[group]
    if rule.name in IN_MARKDOWN or group != "documents"
    if rule.name != "unreadable-file"  # what cannot be text cannot be shown
]


def files(language: str, text: str) -> dict[str, str]:
    text = textwrap.dedent(text)
    if text.startswith("# schemas/"):
        return {text.splitlines()[0].removeprefix("# "): text, "registers/machines.yaml": MACHINE}
    ending = {"yaml": "yaml", "markdown": "md"}[language]
    return {f"registers/example.{ending}": text}


@pytest.mark.parametrize("rule", SHOWN, ids=[rule.name for rule in SHOWN])
def test_the_first_block_breaks_the_rule_and_the_second_does_not(repository: Repository, rule: Rule) -> None:
    bad, good = BLOCK.findall(rule.doc.partition("## Example\n")[2])
    for number, (block, found) in enumerate([(bad, True), (good, False)]):
        written = files(*block)
        root = repository({f"{number}/{path}": text for path, text in written.items()}) / str(number)
        assert bool(check(WorkTree(str(root)), select=[rule.name]).findings) is found
