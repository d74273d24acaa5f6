"""A misspelt word where only one known word can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from regcheck.fixing.edits import Fix, Work, replaced, said, span
from regcheck.model import Guess

SIMPLE = re.compile(r"\w[\w ./+-]*")
"""A word that says the same in a table, in YAML and in quotes."""
DIGITS = re.compile(r"\D+")

SHORTEST = 4
"""Letters of a word that may be another one with one letter changed; shorter ones only with two swapped."""
LONG = 6
"""Letters of a word of a schema in which two slips are no coincidence."""


def fixes(work: Work) -> Iterator[Fix]:
    """The right word in the place of each misspelt reference, property, value and kind."""
    for problem, source in work.problems():
        if problem.guess is None:
            continue
        word = problem.guess.word
        right = meant(problem.guess, closed=problem.rule != "unknown-reference")
        start, end = span(source, problem.position)
        if right and source.text.count(word, start, end) == 1:
            at = source.text.index(word, start, end)
            yield Fix((replaced(source, at, at + len(word), right),), (said(problem),))


def meant(guess: Guess, *, closed: bool) -> str | None:
    """The one known word that a word is a misspelling of; None where it may be none, or another.

    Of a `closed` vocabulary every other word is wrong, so that more slips may be
    forgiven than in the name of an entry, which may just not be registered yet.
    Words with different numbers in them are different things (`node1`, `node2`).
    """
    word = guess.word.casefold()
    near = sorted((slips(word, choice.casefold()), choice) for choice in guess.choices)
    if not near:
        return None
    fewest, right = near[0]
    if fewest > _forgiven(word, right.casefold(), closed=closed):
        return None
    rivals = [choice for count, choice in near[1:] if count <= fewest + 1]
    return right if not rivals and SIMPLE.fullmatch(right) and right != guess.word else None


def _forgiven(word: str, right: str, *, closed: bool) -> int:
    if DIGITS.sub(" ", word).split() != DIGITS.sub(" ", right).split():
        return 0
    if len(word) < SHORTEST:
        return int(sorted(word) == sorted(right))
    return 2 if closed and len(word) >= LONG else 1


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
