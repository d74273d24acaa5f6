"""Every rule that there is here, by name and by group, and which of them run."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache

from regcheck.custom import Declared, declared
from regcheck.errors import SettingsError, UsageError
from regcheck.model import Severity
from regcheck.rule import Rule
from regcheck.rules import GROUPS, RULES
from regcheck.settings import Settings
from regcheck.words import did_you_mean

CUSTOM = "custom"
"""The group of the custom rules."""


class Catalogue:
    """The rules of a run, of `explain` and of the reports."""

    def __init__(self, custom: dict[str, Declared]) -> None:
        """`custom` are the declared ones; each is loaded when it is first asked for."""
        self.custom = custom
        self.groups = {group: tuple(rule.name for rule in rules) for group, rules in GROUPS.items()}
        """The names of the rules of each group."""
        if custom:
            self.groups[CUSTOM] = tuple(custom)
        self._rules = dict(RULES)

    def __iter__(self) -> Iterator[str]:
        """The names of all rules, in the order in which they run."""
        yield from RULES
        yield from self.custom

    def rule(self, name: str) -> Rule:
        """The rule of a name; raises KeyError where there is none.

        Raises CustomRuleError or CustomRuleCrash for a custom one that cannot be loaded.
        """
        if name not in self._rules:
            self._rules[name] = self.custom[name].load()
        return self._rules[name]

    def allows_exceptions(self, name: str) -> bool:
        """Whether there is a rule of this name, and an exception can accept what it finds.

        Nothing of a package is imported for the answer: of a custom rule that has not run, it can.
        """
        known = self._rules.get(name)
        return known.allows_exceptions if known else name in self.custom

    def group_of(self, name: str) -> str:
        """The group of a rule."""
        return next(group for group, names in self.groups.items() if name in names)

    def expand(self, names: Iterable[str]) -> set[str]:
        """Rule names from rule and group names; raises UsageError, with a suggestion."""
        found: set[str] = set()
        for name in names:
            if name in self.groups:
                found.update(self.groups[name])
            elif name in self:
                found.add(name)
            else:
                raise self.unknown(name)
        return found

    def unknown(self, name: str, what: str = "rule or group", more: Iterable[str] = ()) -> UsageError:
        """The error of a name that means nothing here, nor among `more` names."""
        if name == CUSTOM:
            return UsageError(f"no package with custom rules is installed in {sys.prefix}")
        guess = did_you_mean(name, [*self.groups, *self, *more])
        hint = guess or "see `regcheck explain`, or install the package that brings it"
        return UsageError(f"there is no {what} `{name}`: {hint}")

    def chosen(
        self, settings: Settings, select: Iterable[str], ignore: Iterable[str], unshakable: Iterable[str] = ()
    ) -> list[Rule]:
        """The rules that run: those selected by name or group (all by default), less those ignored.

        The settings cannot ignore the `unshakable` ones. Raises UsageError for a name
        that means nothing, SettingsError where the settings have it.
        """
        left_out = set[str]().union(*(self._named(settings, name, "ignore") for name in settings.ignore))
        ignored = self.expand(ignore) | (left_out - {*unshakable})
        selected = [*select]
        wanted = (self.expand(selected) if selected else set(self)) - ignored
        if not wanted:
            raise UsageError("no rule is left to run: all that are selected are ignored, too")
        return [self.rule(name) for name in self if name in wanted]

    def severities(self, settings: Settings) -> dict[str, Severity]:
        """The severities that the settings change; a rule's own line beats its group's."""
        found: dict[str, Severity] = {}
        for name in sorted(settings.severity, key=lambda name: name not in self.groups):
            names = self._named(settings, name, name)
            found.update(dict.fromkeys(names, Severity(settings.severity[name])))
        return found

    def refuse_unknown(self, settings: Settings) -> None:
        """Raise SettingsError where the settings name a rule or group that there is not."""
        for name in settings.ignore:
            self._named(settings, name, "ignore")
        self.severities(settings)

    def understood(self, settings: Settings) -> tuple[Settings, list[str]]:
        """The same settings without the names in them that mean nothing, and what is said of each."""
        wrong: dict[str, str] = {}
        for name in (*settings.ignore, *settings.severity):
            try:
                self._named(settings, name, "ignore" if name in settings.ignore else name)
            except SettingsError as error:
                wrong[name] = str(error)
        ignore = tuple(name for name in settings.ignore if name not in wrong)
        severity = {name: said for name, said in settings.severity.items() if name not in wrong}
        return settings._replace(ignore=ignore, severity=severity), [*wrong.values()]

    def _named(self, settings: Settings, name: str, key: str) -> set[str]:
        """The rules that a setting names; raises SettingsError, with its line, for an unknown one."""
        try:
            return self.expand([name])
        except UsageError as error:
            raise settings.wrong(key, str(error)) from error


@cache
def catalogue() -> Catalogue:
    """The catalogue of this process; raises CustomRuleError where custom rules clash."""
    return Catalogue(declared({*RULES, *GROUPS, CUSTOM}))
