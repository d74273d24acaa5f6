"""Of which day the facts are: what the registers and their sources say, and how old that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from regcheck.model import Entry, Fleet, Register
from regcheck.reading.values import is_date


class Fact(NamedTuple):
    """What a register, or an entry such as a source, says of its own day."""

    register: Register
    entry: Entry | None
    """The entry that says it; None where the register says it of all."""
    as_of: str | None
    max_age: int | None
    """Days from `as_of` after which the facts are stale; None where nobody has said so."""

    def age(self, today: str) -> int | None:
        """Days from `as_of` to a date; negative where that comes first, None without an `as_of`."""
        return days(self.as_of, today) if self.as_of else None

    def stale(self, today: str) -> bool:
        """Whether the facts are older on a date than they may be."""
        age = self.age(today)
        return age is not None and self.max_age is not None and age > self.max_age


def facts(fleet: Fleet, max_age: int | None) -> Iterator[Fact]:
    """Every register with entries, and every entry that has a day of its own.

    `max_age` holds where neither says. Canon documents state decisions, not
    facts, and have a date instead.
    """
    for register in fleet.registers:
        if not register.entries or register.kind.name == "document":
            continue
        most = max_age if register.max_age is None else register.max_age
        own = "as_of" in register.kind.properties
        if not (own and register.shape == "document"):  # there it is the entry that says so
            yield Fact(register, None, register.as_of, most)
        for entry in register.entries if own else ():
            if is_date(as_of := str(entry.get("as_of", ""))):
                age = entry.get("max_age")
                yield Fact(register, entry, as_of, age if isinstance(age, int) else most)


def days(start: str, end: str) -> int:
    """Days from one date to another."""
    import datetime as dt

    return (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days
