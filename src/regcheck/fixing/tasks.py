"""Short references to tasks, written out where nobody can tell by them which task is meant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from regcheck.fixing.edits import Edit, Fix, Work, kinds_named, replaced, said, span
from regcheck.model import Entry, Register, Source
from regcheck.reading.references import SHORT_TASK


def unresolved(work: Work) -> Iterator[Fix]:
    """Those of no workplan, while one task of the whole fleet ends so: where there is one, it decides."""
    users, doubt = work.users(problem for problem, _ in work.problems()), cache(work.doubt)
    for problem, source in work.problems():
        guess = problem.guess
        if guess is None or not SHORT_TASK.fullmatch(guess.word) or len(guess.choices) != 1:
            continue
        of = users[problem.position]
        if any(user.entry.workplan is not None for user in of):
            continue
        start, end = span(source, problem.position)
        if source.text[start:end].endswith(guess.word):
            edit = replaced(source, end - len(guess.word), end, guess.choices[0])
            yield Fix((edit,), (said(problem),), problem.entry, doubt(kinds_named(of)))


def mixed(work: Work) -> Iterator[Fix]:
    """Those in a register that also writes out references to tasks of the same workplan."""
    for register in work.verdict.fleet.registers:
        source = work.sources.get(register.source.path)
        if source is None:
            continue
        full: dict[tuple[int, int], set[str]] = {}
        short: set[tuple[int, int]] = set()
        for place, written, task in _own_tasks(register, source):
            full.setdefault(place, set()).add(task)
            if SHORT_TASK.fullmatch(written):
                short.add(place)
        if len(short) == len(full):
            continue
        for place in sorted(short):
            if len(full[place]) == 1:  # behind an anchor it may mean another task in each entry
                yield Fix((Edit(source.path, *place, *full[place]),))


def _own_tasks(register: Register, source: Source) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Place, words and task of each reference of a register to a task of its own workplan."""
    for entry in register.entries:
        for name, reference in entry.kind.references.items():
            if entry.workplan is None or "task" not in reference.kinds:
                continue
            for place, value in _items(entry, name):
                written = source.text[slice(*place)]
                task = str(value).removeprefix("task:")
                number = task.removeprefix(f"{entry.workplan}-")
                if SHORT_TASK.fullmatch(number) and written.removeprefix("task:") in (task, number):
                    yield place, written, task


def _items(entry: Entry, name: str) -> Iterator[tuple[tuple[int, int], object]]:
    value = entry.get(name)
    for index, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
        place = entry.places.value(name, index)
        if place is not None:
            yield place, item
