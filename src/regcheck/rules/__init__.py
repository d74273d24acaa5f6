"""The written list of the rules, by group. A group is selected like a name."""

from __future__ import annotations

from regcheck.rule import Rule
from regcheck.rules.bad_schema import bad_schema
from regcheck.rules.drain_cycle import drain_cycle
from regcheck.rules.duplicate_id import duplicate_id
from regcheck.rules.duplicate_key import duplicate_key
from regcheck.rules.empty_register import empty_register
from regcheck.rules.finished_owner import finished_owner
from regcheck.rules.malformed_table import malformed_table
from regcheck.rules.merge_conflict import merge_conflict
from regcheck.rules.missing_owner import missing_owner
from regcheck.rules.missing_target import missing_target
from regcheck.rules.schema import schema
from regcheck.rules.undecided import undecided
from regcheck.rules.unknown_kind import unknown_kind
from regcheck.rules.unknown_place import unknown_place
from regcheck.rules.unknown_property import unknown_property
from regcheck.rules.unknown_reference import unknown_reference
from regcheck.rules.unreadable_file import unreadable_file
from regcheck.rules.unused_machine import unused_machine
from regcheck.rules.yaml_syntax import yaml_syntax

GROUPS: dict[str, tuple[Rule, ...]] = {
    "reading": (
        unreadable_file,
        yaml_syntax,
        duplicate_key,
        merge_conflict,
        malformed_table,
        unknown_kind,
        unknown_property,
        empty_register,
        bad_schema,
    ),
    "identity": (
        schema,
        duplicate_id,
        unknown_reference,
        missing_target,
        missing_owner,
        finished_owner,
        unknown_place,
        undecided,
        unused_machine,
    ),
    "order": (drain_cycle,),
}

RULES: dict[str, Rule] = {rule.name: rule for group in GROUPS.values() for rule in group}


def group_of(name: str) -> str:
    """The group of a rule."""
    return next(group for group, rules in GROUPS.items() if RULES[name] in rules)
