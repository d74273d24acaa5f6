"""The hook in `.pre-commit-config.yaml`, put in as text so that everything else stays as it is written."""

from __future__ import annotations

import json
import re
from typing import Any

from regcheck.model import Source
from regcheck.reading.values import untyped
from regcheck.reading.yaml_nodes import Mapping, Sequence, parse

FILE = ".pre-commit-config.yaml"
ID = "regcheck"
HOOK_TYPES = ("pre-commit", "pre-merge-commit")
"""The hooks of Git that ask it: for a merge that needs no help there is another than for a commit."""
HEAD = f"""\
# See https://pre-commit.com: `pre-commit install` lets Git ask these before each commit and merge.
default_install_hook_types: [{", ".join(HOOK_TYPES)}]
repos:
"""
INSTALLS = (
    f"`pre-commit install {' '.join(f'-t {name}' for name in HOOK_TYPES)}` lets Git ask before merges, too"
)


class Doubtful(Exception):
    """The hook cannot be put in without a doubt; the message says why."""


def hook(command: str, requirement: str) -> str:
    """The hook as an item of `repos`; pre-commit installs the requirement for it."""
    return f"""\
  - repo: local
    hooks:
      - id: {ID}
        name: {ID}
        entry: {command} check --staged --in-hook
        language: python
        additional_dependencies: [{json.dumps(requirement)}]
        always_run: true # what is deleted makes references lead nowhere, too
        pass_filenames: false
        require_serial: true
        stages: [pre-commit, pre-merge-commit, manual]
"""


def has_hook(text: str) -> bool:
    """Whether a configuration has a hook of regcheck already; raises Doubtful where it cannot be read."""
    repos = _meaning(text).get("repos")
    hooks = [repo.get("hooks") for repo in repos if isinstance(repo, dict)] if isinstance(repos, list) else []
    found = (one for of_one in hooks if isinstance(of_one, list) for one in of_one)
    return any(isinstance(one, dict) and one.get("id") == ID for one in found)


def is_asked_before_merges(text: str) -> bool:
    """Whether `pre-commit install` alone lets Git ask before a merge; raises Doubtful as above."""
    types = _meaning(text).get("default_install_hook_types")
    return isinstance(types, list) and set(HOOK_TYPES) <= {*types}


def with_hook(text: str, item: str) -> str:
    """The same configuration with a further item at the end of its `repos`.

    Raises Doubtful unless the result means just that.
    """
    node, _ = parse(Source(FILE, text))
    pair = node.pairs.get("repos") if isinstance(node, Mapping) else None
    if pair is None or not isinstance(pair.value, Sequence) or not pair.value.items:
        raise Doubtful("it has no list `repos` with anything in it")
    start = pair.value.start
    margin = text[text.rfind("\n", 0, start) + 1 : start]
    if text[start : start + 1] != "-" or margin.strip(" "):
        raise Doubtful("its `repos` do not stand one below the other")
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = (f"{margin}{line.removeprefix('  ')}{newline}" for line in item.splitlines())
    last = max(text.rfind("\n", 0, start), len(text[: pair.value.end].rstrip()) - 1)
    at = text.find("\n", last) + 1
    # What is commented out further in than the list belongs to the item before.
    if at and (comments := re.compile(rf"(?:\s*\n)?(?:{margin} +#.*\n)+").match(text, at)):
        at = comments.end()
    before, after = (text[:at], text[at:]) if at else (text + newline, "")
    new = before + "".join(lines) + after
    was, adds = _meaning(text), _meaning(f"repos:\n{item}")["repos"]
    if _meaning(new) != {**was, "repos": [*was["repos"], *adds]}:
        raise Doubtful("it is written in a way that a new hook would not fit into")
    return new


def _meaning(text: str) -> dict[str, Any]:
    node, problems = parse(Source(FILE, text))
    if problems:
        raise Doubtful(f"it cannot be read: {problems[0].message} on line {problems[0].position.line}")
    meaning = untyped(node) if node is not None else {}
    if not isinstance(meaning, dict):
        raise Doubtful("it is no configuration of pre-commit")
    return meaning
