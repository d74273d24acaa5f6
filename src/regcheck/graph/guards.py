"""What one revision of a fleet declares less strictly than another, so that rules fall silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from regcheck.graph.placement import Placement, effective, is_day, same_machine
from regcheck.graph.timeline import NOW, TARGET
from regcheck.model import Entry, Position
from regcheck.reading.files import glob_pattern

GUARDING = frozenset({"frozen", "interactive", "retired"})
"""The roles of machines that keep something away from them."""


class Lowered(NamedTuple):
    """A field of an entry that guards less than it did."""

    entry: Entry
    name: str
    before: Any
    """What it said; of `target_role`, the role that the machine was to have at `target`."""


class Dropped(NamedTuple):
    """A rule that a policy no longer enforces, or not from as early a date."""

    policy: str
    """The reference of the policy."""
    now: Entry | None
    """The policy, where it is still there."""
    position: Position | None
    """Its field, or the register that it was in, else another one of the kind; None where there is none."""
    rule: str | None
    """None for a policy that enforced nothing, and is gone."""
    since: str
    """The date from which it was enforced; empty where the policy had none."""


class Guards:
    """The declarations of a fleet that rules rely on, beside those of an earlier revision."""

    def __init__(self, placement: Placement, before: Placement) -> None:
        self.placement = placement
        self.before = before
        self.fleet = placement.fleet

    def lowered(self) -> Iterator[Lowered]:
        """The fields that guard less than they did; what is gone altogether has retired.

        A machine is known by each of its names, everything else by its id.
        """
        for kind in self.before.fleet.by_kind:
            for old in self.before.fleet.of(kind).values():
                entry = same_machine(old, self.fleet) if kind == "machine" else self.fleet.get(old.ref)
                if entry is not None:
                    for name in self._fields(old, entry):
                        said = self.before.timeline.role(old, TARGET) if name == "target_role" else None
                        yield Lowered(entry, name, said or old.get(name))

    def _fields(self, old: Entry, entry: Entry) -> Iterator[str]:
        """The fields of one entry that guard less than they did."""
        kind = entry.kind.name
        if kind == "machine":
            yield from self._of_machine(old, entry)
        if kind == "workload":
            yield from self._of_workload(old, entry)
        if "critical" in entry.kind.properties and self._weight(old, entry) > self._weight(entry, entry):
            moved = "target_path" in entry.values and not self.placement.timeline.must_move(entry)
            if not (old.get("critical") == "now" and moved):
                yield "critical"

    def _of_machine(self, old: Entry, entry: Entry) -> Iterator[str]:
        role, now = old.get("role"), entry.get("role")
        if role != now:
            # What is retired is guarded more, and an empty machine may become what was planned.
            planned = now == old.get("target_role") and old.ref not in self.before.occupants
            if str(role) in GUARDING and now != "retired" and not planned:
                yield "role"
                return
        elif role == "frozen" and _later(entry.get("frozen_since"), old.get("frozen_since")):
            yield "frozen_since"
        # What was to become another machine has no role at `target`, and what was open may be decided.
        leaves = "becomes" in old.links or old.undecided("target_role")
        was, will = self.before.timeline.role(old, TARGET), self.placement.timeline.role(entry, TARGET)
        if was in GUARDING and will not in (was, "retired") and not leaves:
            yield "target_role"

    def _of_workload(self, old: Entry, entry: Entry) -> Iterator[str]:
        if old.get("environment") == "production" and entry.get("environment") != "production":
            yield "environment"
            return
        if _unset(old, entry, "stateful"):
            yield "stateful"
        freed = _unset(old, entry, "drain_last")
        redated = old.get("placed_since") != entry.get("placed_since")
        if not freed and not redated:
            return
        hosts, was_on = self._hosts(old, entry)
        if freed and not hosts.isdisjoint(was_on):
            yield "drain_last"
        if redated and hosts == was_on and self._dated_back(old, entry):
            yield "placed_since"

    def _hosts(self, old: Entry, entry: Entry) -> tuple[set[str], set[str]]:
        """The machines that a workload is on, and those that it was on, by their names now."""
        hosts = set(self.placement.timeline.hosts(entry, NOW))
        before = (self.before.fleet.get(ref) for ref in self.before.timeline.hosts(old, NOW))
        found = (same_machine(machine, self.fleet) for machine in before if machine)
        return hosts, {machine.ref for machine in found if machine}

    def _dated_back(self, old: Entry, entry: Entry) -> bool:
        """Whether a workload no longer says that it was placed when a freeze or a policy held."""
        placed, now = old.get("placed_since"), entry.get("placed_since")
        if not is_day(placed) or old.get("environment") != "production":
            return False
        hosts = (self.before.fleet.get(ref) for ref in self.before.timeline.hosts(old, NOW))
        frozen = (host.get("frozen_since") for host in hosts if host and host.get("role") == "frozen")
        policy = self.before.policy("missing-gate", "placement")
        since = effective(policy) if policy else ""
        return any(placed > day and not (is_day(now) and now > day) for day in frozen if is_day(day)) or (
            bool(since) and placed >= since and not (is_day(now) and now >= since)
        )

    def _weight(self, entry: Entry, now: Entry) -> int:
        """How critical an entry says that it is: 2 always, 1 until it has moved, 0 not.

        A lane that does not say is as critical as the workload from which it
        starts; where that is no production any more, its environment is told.
        """
        said = entry.get("critical")
        if said is None and entry.kind.name == "lane":
            starts = (fleet.get(now.link("from")) for fleet in (self.fleet, self.before.fleet))
            return 2 * any(start.get("environment") == "production" for start in starts if start)
        return 1 if said == "now" else 2 * (said is True)

    def dropped(self) -> Iterator[Dropped]:
        """What a policy demanded and none demands any more, or only from a later date.

        What another policy demands in its place is not dropped: a policy may be
        renamed, split or superseded. Nor is what stands in a file that cannot be read.
        """
        hidden = {problem.position.path for problem in self.fleet.hiding("policy")}
        for old in self.before.fleet.of("policy").values():
            now = self.fleet.get(old.ref)
            if now is None and old.source.path in hidden:
                continue
            since = effective(old)
            rules = list(dict.fromkeys(map(str, old.list("rules"))))
            for rule in rules:
                if not self._demanded(rule, since):
                    yield Dropped(old.ref, now, self._place(old, now, rule), rule, since)
            if now is None and not rules:
                yield Dropped(old.ref, now, self._place(old, now, None), None, since)

    def _demanded(self, rule: str, since: str) -> bool:
        policies = self.fleet.of("policy").values()
        dates = [effective(policy) for policy in policies if rule in map(str, policy.list("rules"))]
        return any(not since or (date and date <= since) for date in dates)

    def _place(self, old: Entry, now: Entry | None, rule: str | None) -> Position | None:
        if now is not None:
            return now.at("effective_from" if rule in now.list("rules") else "rules")
        same = [register for register in self.fleet.registers if register.kind.name == old.kind.name]
        here = [register for register in same if register.source.path == old.source.path]
        return next((register.position for register in [*here, *same]), None)

    def unread(self, globs: Iterable[str]) -> list[str]:
        """The files that were read by these globs, are still there, and are read no more."""
        matches = [glob_pattern(glob).fullmatch for glob in globs]
        paths = (source.path for source in self.before.fleet.sources)
        return [
            path
            for path in paths
            if any(match(path) for match in matches)
            and self.fleet.source(path) is None
            and self._is_file(path)
        ]

    def _is_file(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return (self.fleet.tree.listing(folder) or {}).get(name) == "file"


def _unset(old: Entry, entry: Entry, name: str) -> bool:
    return old.get(name) is True and entry.get(name) is not True


def _later(now: Any, before: Any) -> bool:
    """Whether a date that was there is gone, or later than it was."""
    return is_day(before) and not (is_day(now) and now <= before)
