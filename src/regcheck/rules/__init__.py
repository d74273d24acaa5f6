"""The written list of the rules, by group. A group is selected like a name."""

from __future__ import annotations

from regcheck.rule import Rule
from regcheck.rules.drain_cycle import drain_cycle

GROUPS: dict[str, tuple[Rule, ...]] = {
    "order": (drain_cycle,),
}

RULES: dict[str, Rule] = {rule.name: rule for group in GROUPS.values() for rule in group}


def group_of(name: str) -> str:
    """The group of a rule."""
    return next(group for group, rules in GROUPS.items() if RULES[name] in rules)
