"""Custom rules: those that installed packages declare under the entry point group `regcheck.rules`.

Nothing of a package is imported before one of its rules is to run or to be
explained, and nothing that it does can make a run look clean. What it prints
goes to standard error: standard output is for reports.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any, NamedTuple

from regcheck.errors import CustomRuleCrash, CustomRuleError
from regcheck.model import Finding, Fleet, Position, Severity
from regcheck.rule import SILENCERS, Report, Rule
from regcheck.words import listed, plural, shorten

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from regcheck.graph import FleetGraph

GROUP = "regcheck.rules"
"""The entry point group, https://packaging.python.org/en/latest/specifications/entry-points/."""

METADATA = (".dist-info", ".egg-info")
"""What the names of folders that say what is installed end with."""

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

FIELDS: dict[str, type] = {
    "severity": Severity,
    "since": str,
    "doc": str,
    "silenced_by": frozenset,
    "last": bool,
    "compares": bool,
}
"""What the fields of a rule are."""

YIELD = "yield what `report(position, …)` returns"


class Declared(NamedTuple):
    """A custom rule that a package declares; nothing of it is imported yet."""

    name: str
    value: str
    """The object reference, as in `package.module:function`."""
    package: str
    """The distribution that brings it, with its version."""

    def __str__(self) -> str:
        return f"the custom rule {self.name} of {self.package} (entry point `{self.value}`)"

    def load(self) -> Rule:
        """The rule itself.

        Raises CustomRuleError where there is no such rule, CustomRuleCrash
        where the code of the package fails.
        """
        try:
            with redirect_stdout(sys.stderr):
                rule = self._rule()
        except (CustomRuleError, KeyboardInterrupt):
            raise
        except BaseException as error:
            raise self.crash("cannot be imported", error) from error
        return rule._replace(judge=_Guarded(rule, self))

    def crash(self, what: str, error: BaseException | None = None) -> CustomRuleCrash:
        """The error that ends a run in which the code of the package failed."""
        said = f"{self} {what}" + (f": {type(error).__name__}: {error}" if error else "")
        return CustomRuleCrash(said, self.package)

    def _rule(self) -> Rule:
        module, colon, attributes = (part.strip() for part in self.value.partition(":"))
        if not (module and colon and attributes):
            raise CustomRuleError(f"{self} names no object: write `package.module:function`")
        from importlib import import_module

        try:
            found: Any = import_module(module)
        except ModuleNotFoundError as error:
            if f"{module}.".startswith(f"{error.name}."):
                raise CustomRuleError(f"{self} is not there: no module `{error.name}`") from error
            raise
        for attribute in attributes.split("."):
            if not hasattr(found, attribute):
                raise CustomRuleError(f"{self} is not there: no `{attribute}` in `{module}`")
            found = getattr(found, attribute)
        if mistake := _mistake(found, self.name):
            raise CustomRuleError(f"{self} {mistake}")
        rule: Rule = found
        return rule


def declared(taken: Collection[str]) -> dict[str, Declared]:
    """The custom rules of this environment by name, sorted; `taken` are names of rules and groups.

    Raises CustomRuleError for a name that is none, or that is taken already.
    """
    found: dict[str, Declared] = {}
    for point in _entry_points():
        package = f"{point.dist.name} {point.dist.version}" if point.dist else "an unnamed package"
        one = Declared(point.name, point.value, package)
        if not NAME.fullmatch(one.name):
            raise CustomRuleError(f"{one} is called by no rule's name: write it `like-this`")
        if one.name in taken:
            raise CustomRuleError(f"{one} is called like a rule or group of regcheck: rename or uninstall it")
        if one.name in found:
            raise CustomRuleError(f"{one} is called like {found[one.name]}: uninstall one of the packages")
        found[one.name] = one
    return found


def are_declared() -> bool:
    """Whether any package declares a custom rule."""
    return bool(_entry_points())


def _entry_points() -> list[EntryPoint]:
    if not _may_be_any():
        return []
    from importlib.metadata import entry_points

    return sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value, str(point.dist)))


def _may_be_any() -> bool:
    """Whether it is worth asking `importlib.metadata`: False only where that would find nothing.

    It costs 15 ms to import, a sixth of a small check; most environments hold no
    custom rule, and a look at their folders says so in less than one.
    """
    from importlib.machinery import PathFinder

    for finder in sys.meta_path:
        if finder is not PathFinder and hasattr(finder, "find_distributions"):
            return True  # distributions that are in no folder
    for folder in dict.fromkeys(sys.path):
        if folder.lower().endswith(".egg"):
            return True  # a folder that is a distribution itself
        try:
            names = os.listdir(folder or ".")
        except NotADirectoryError:
            return True  # an archive
        except OSError:
            continue
        if any(_mentions(folder, name) for name in names if name.lower().endswith(METADATA)):
            return True
    return False


def _mentions(folder: str, distribution: str) -> bool:
    try:
        with open(os.path.join(folder, distribution, "entry_points.txt"), "rb") as file:
            return GROUP.encode() in file.read()
    except OSError:
        return False


# --- what a rule must be, and what it may report -------------------------------


def _mistake(rule: Any, name: str) -> str:
    """What is wrong with a rule as it is declared, or nothing."""
    if not isinstance(rule, Rule):
        return f"is no rule but {shorten(repr(rule))}: decorate its function with `regcheck.rule.rule`"
    if rule.name != name:
        return f"is called {shorten(rule.name)} where it is made: both names must be the same"
    for field, wanted in FIELDS.items():
        value = getattr(rule, field)
        if not isinstance(value, wanted):
            return f"has {shorten(repr(value))} as its {field}, which is no {wanted.__name__}"
    if not rule.summary:
        return "has no docstring: its first sentence says what the rule finds"
    if strange := sorted(set(map(str, rule.silenced_by)) - SILENCERS):
        return f"is silenced by {listed(strange)}: what silences is {listed(sorted(SILENCERS), 'or')}"
    return ""


class _Guarded:
    """The function of a custom rule, held to what every later stage relies on."""

    def __init__(self, rule: Rule, origin: Declared) -> None:
        self.rule = rule
        self.origin = origin

    def __call__(self, fleet: FleetGraph, report: Report) -> Iterator[Finding]:
        # All at once: what is raised after the first findings must end the run, too.
        try:
            with redirect_stdout(sys.stderr):
                found = [*self.rule.judge(fleet, report)]
                mistake = next(filter(None, (_unsound(one, self.rule, fleet.fleet) for one in found)), "")
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise self.origin.crash("crashed", error) from error
        if mistake:
            raise self.origin.crash(mistake)
        return iter(found)


def _unsound(found: Any, rule: Rule, fleet: Fleet) -> str:
    """What keeps something that a rule yields from being a finding of it, or nothing."""
    if not isinstance(found, Finding):
        return f"yields {shorten(repr(found))}, which is no finding: {YIELD}"
    if found.rule != rule.name or not isinstance(found.severity, Severity):
        return f"yields a finding of {shorten(str(found.rule))}, {found.severity}: {YIELD}"
    texts: list[Any] = [found.message, found.help, found.entry or "", *(one.message for one in found.related)]
    for text in texts:
        if not isinstance(text, str):
            return f"says {shorten(repr(text))}, which is no text"
    places: list[Any] = [found.position, *(one.position for one in found.related)]
    for place in places:
        if not _is_place(place):
            return f"points at {shorten(repr(place))}, which is no place in a file: take an entry's `at(…)`"
        source = fleet.source(place.path)
        if source and place.end_line > source.lines:
            end = f"{place.path}, which has {plural(source.lines, 'line')}"
            return f"points at line {place.end_line:,} of {end}: take an entry's `at(…)`"
    return ""


def _is_place(place: Any) -> bool:
    if not isinstance(place, Position) or not isinstance(place.path, str):
        return False
    if {"", ".."}.intersection(place.path.split("/")):  # none, absolute, or leading out
        return False
    whole = all(type(number) is int and number >= 1 for number in place[1:])
    return whole and place[1:3] <= place[3:]
