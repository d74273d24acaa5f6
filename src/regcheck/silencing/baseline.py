"""The baseline: findings that a repository had when it adopted regcheck, accepted until they are gone.

Its file holds one finding a line, sorted, and one that occurs twice on two
lines, so that a review shows what came and what went, and branches merge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from typing import Any, NamedTuple

from regcheck.errors import BaselineError
from regcheck.model import Finding, Silenced, Tree
from regcheck.reading import files
from regcheck.rule import Run
from regcheck.silencing import exceptions
from regcheck.words import listed, shorten

FILE = "regcheck-baseline.json"
BY = "baseline"
VERSION = 1
KEYS = ("rule", "about", "message")
"""What a finding is known by: its rule, its entry (or file, where there is none), its words."""
WAY_OUT = "mend it, or delete the file and run `regcheck check --write-baseline`"

Identity = tuple[str, str, str]


class Baseline(NamedTuple):
    """How much debt a baseline accepts."""

    size: int
    """Findings that it holds."""
    gone: int
    """Those of them that no longer occur: the next write drops them."""


class Matched(NamedTuple):
    """What a baseline came to in one run."""

    left: list[Finding]
    """Findings that it does not accept."""
    silenced: list[Silenced]
    baseline: Baseline
    kept: tuple[Identity, ...]
    """What it holds of rules that did not run, or could not see everything: it may still occur."""


class Renewal(NamedTuple):
    """What the next baseline holds, and how it comes to that."""

    findings: list[Identity]
    new: int
    """Findings that the last one does not hold."""
    dropped: int
    """Findings that only the last one holds: they no longer occur."""
    refused: list[Finding]
    """Findings of rules that allow no baseline."""
    elsewhere: int
    """New findings in files that were not asked for."""


def match(
    held: Iterable[Identity], findings: Iterable[Finding], run: Run, unjudged: Container[str] = ()
) -> Matched:
    """Which of the findings a baseline accepts; of two equal ones the first takes what it holds once.

    `unjudged` are the exceptions from rules that have not said all that they have to say.
    """
    free = Counter(held)
    size = free.total()
    left, silenced = [], []
    for finding in findings:
        identity = finding.identity
        if free[identity] and run.rules[finding.rule].allows_baseline:
            free[identity] -= 1
            silenced.append(Silenced(finding, BY, f"accepted in {FILE}"))
        else:
            left.append(finding)
    kept = tuple(one for one in sorted(free.elements()) if not _is_judged(one, run, unjudged))
    return Matched(left, silenced, Baseline(size, free.total() - len(kept)), kept)


def _is_judged(identity: Identity, run: Run, unjudged: Container[str]) -> bool:
    """Whether a run would have found again what the baseline holds, if it still occurred.

    A rule that judges what the others found can say of an exception what it has
    to when the rule of that has run, and of anything else when all have.
    """
    rule, about, _ = identity
    if not run.complete(rule):
        return False
    if not run.rules[rule].last:
        return True
    if about.startswith(f"{exceptions.KIND}:"):
        return about not in unjudged
    return all(name in run.rules for names in run.groups.values() for name in names)


# --- the file -------------------------------------------------------------------


def dump(findings: Iterable[Identity]) -> str:
    """The text of a baseline with these findings."""
    lines = ",".join(f"\n  {_line(identity)}" for identity in sorted(findings))
    end = "\n " if lines else ""
    return f'{{"version": {VERSION},\n "findings": [{lines}{end}]}}\n'


def _line(identity: Identity) -> str:
    """A finding as people can review it; what cannot be seen is escaped."""
    import json

    text = json.dumps(dict(zip(KEYS, identity, strict=True)), ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def load(tree: Tree) -> list[Identity] | None:
    """The findings in the baseline of a repository; None where it has no baseline.

    Raises BaselineError, with the line, for a file that is not what `dump` writes.
    """
    if not tree.exists(FILE):
        return None
    source, problems = files.load(tree, FILE)
    for problem in problems:
        raise _wrong(problem.position.line, f"{problem.message}; {problem.help}")
    return _parse(source.text)


def _parse(text: str) -> list[Identity]:
    import json

    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        raise _wrong(error.lineno, f"this is not JSON ({error.msg}): {WAY_OUT}") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, a list in a list in a list…
        raise _wrong(1, f"no JSON of regcheck is like this: {WAY_OUT}") from error
    if not isinstance(said, dict) or "version" not in said:
        raise _wrong(1, f"this is no baseline of regcheck, which begins with its `version`: {WAY_OUT}")
    if type(version := said["version"]) is not int or version != VERSION:
        known = f"this regcheck reads version {VERSION}"
        raise _wrong(1, f"the version of this baseline is {shorten(version)}, and {known}")
    findings = said.get("findings")
    if not isinstance(findings, list) or len(said) > len(("version", "findings")):
        raise _wrong(1, f"a baseline has a `version` and the list `findings`, nothing else: {WAY_OUT}")
    for index, finding in enumerate(findings):
        if not _is_finding(finding):
            keys = listed([f"`{key}`" for key in KEYS])
            raise _wrong(_line_of(text, index), f"a finding here has the texts {keys}: {WAY_OUT}")
    return [tuple(finding[key] for key in KEYS) for finding in findings]


def _is_finding(said: Any) -> bool:
    return (
        isinstance(said, dict) and said.keys() == set(KEYS) and all(isinstance(v, str) for v in said.values())
    )


def _line_of(text: str, index: int) -> int:
    """The line on which a finding begins: the parser tells no places."""
    import json

    at = _next(text, text.find("[", text.find('"findings"')) + 1)
    try:
        for _ in range(index):
            at = _next(text, json.JSONDecoder().raw_decode(text, at)[1])
    except ValueError:  # the key `findings` stands there twice
        return 1
    return text.count("\n", 0, at) + 1


def _next(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\r", "\n", ","):
        at += 1
    return at


def _wrong(line: int, message: str) -> BaselineError:
    return BaselineError(f"{FILE}:{line}: {message}")
