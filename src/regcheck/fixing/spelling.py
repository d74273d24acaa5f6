"""A misspelt word where only one known word can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from regcheck.fixing.edits import UNKNOWN, Fix, User, Work, kinds_named, replaced, said, span
from regcheck.model import Guess

SIMPLE = re.compile(r"\w[\w ./+-]*")
"""A word that says the same in a table, in YAML and in quotes."""
DIGITS = re.compile(r"\D+")

PARTING = re.compile(r"[-._ /+]")
SHORTEST = 4
"""Letters of a part of a word that may be a slip of the pen: shorter ones are chosen to be unlike."""
ENOUGH = 5
"""Letters of a part in which another letter is one."""
LONG = 6
"""Letters of a word of a schema in which two slips are no coincidence."""


def fixes(work: Work) -> Iterator[Fix]:
    """The right word in the place of each misspelt reference, property, value and kind."""
    users = work.users(problem for problem, _ in work.problems())
    doubt, named = cache(work.doubt), set[tuple[int, str, str]]()
    for problem, source in work.problems():
        if problem.guess is None:
            continue
        word = problem.guess.word
        right = meant(problem.guess, closed=problem.rule != UNKNOWN)
        of = users.get(problem.position, [])
        names = {(id(user.entry), user.name, right or "") for user in of}
        if right is None or names & named or any(_names(user, right) for user in of):
            continue
        named |= names  # of two slips in one list only one may be this name
        start, end = span(source, problem.position)
        if source.text.count(word, start, end) == 1:
            at = source.text.index(word, start, end)
            edit = replaced(source, at, at + len(word), right)
            yield Fix((edit,), (said(problem),), problem.entry, doubt(kinds_named(of)))


def _names(user: User, name: str) -> bool:
    """Whether an entry has this name itself, or names it in the same property already."""
    entry, value = user.entry, user.entry.get(user.name)
    itself = entry.kind.name in entry.kind.references[user.name].kinds and entry.id == name
    return itself or (isinstance(value, list) and any(_bare(item) == name for item in value))


def _bare(value: object) -> str:
    return str(value).rpartition(":")[2]


def meant(guess: Guess, *, closed: bool) -> str | None:
    """The one known word that a word is a misspelling of; None where it may be none, or another.

    Of a `closed` vocabulary every other word is wrong, so that more slips may be
    forgiven than in the name of an entry, which may just not be registered yet.
    """
    word = guess.word.casefold()
    near = sorted((slips(word, choice.casefold()), choice) for choice in guess.choices)
    if not near:
        return None
    fewest, right = near[0]
    if fewest and not _is_slip(word, right.casefold(), fewest, closed=closed):
        return None
    rivals = [choice for count, choice in near[1:] if count <= fewest + 1]
    return right if not rivals and SIMPLE.fullmatch(right) and right != guess.word else None


def _is_slip(word: str, right: str, count: int, *, closed: bool) -> bool:
    """Whether so many slips make one word of another, and not two words for two things.

    Words with other numbers (`node1`, `node2`), with another short part
    (`eu` and `us`), or with another letter in a short part (`rest`, `test`)
    are different things.
    """
    if count > (2 if closed and len(word) >= LONG else 1):
        return False
    if DIGITS.sub(" ", word).split() != DIGITS.sub(" ", right).split():
        return False
    ours, theirs = PARTING.split(word), PARTING.split(right)
    if "".join(ours) == "".join(theirs):
        return True
    if len(ours) != len(theirs):
        return False
    for one, other in zip(ours, theirs, strict=True):
        if one != other:
            if min(len(one), len(other)) < SHORTEST:
                return False
            wrong = [i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
            if len(one) == len(other) and len(wrong) == 1:  # another letter, none of the ends of a name
                inside = closed or wrong[0] not in (0, len(one) - 1)
                if len(one) < ENOUGH or not inside:
                    return False
    return True


def slips(one: str, other: str) -> int:
    """Letters too many, missing, wrong, or swapped with the next (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        last_but_one, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            fewest = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == wanted:
                fewest = min(fewest, last_but_one[j - 2] + 1)
            row.append(fewest)
    return row[-1]
