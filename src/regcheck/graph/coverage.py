"""How much of what the entries must say they do say: figures of have and of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from regcheck.graph.evidence import shows, unproven_stages
from regcheck.graph.placement import Placement, Promotion
from regcheck.graph.timeline import TARGET, Timeline
from regcheck.model import Entry, Fleet

STATED, OPEN, MISSING = "stated", "open", "missing"


class Share(NamedTuple):
    """Of the entries that must have something, how many do; `0 of 0` says that none must."""

    have: int = 0
    of: int = 0
    undecided: int = 0
    """Those of the others that name it as undecided: what may be written there is not settled."""

    def plus(self, answer: str) -> Share:
        """The share with one entry more."""
        return Share(self.have + (answer == STATED), self.of + 1, self.undecided + (answer == OPEN))


class Figure(NamedTuple):
    """One figure, in total and by kind; kinds that need not have it are left out."""

    total: Share
    kinds: dict[str, Share]


class Coverage:
    """What the entries of a fleet must say, counted."""

    def __init__(self, fleet: Fleet, timeline: Timeline, placement: Placement) -> None:
        self.fleet = fleet
        self.timeline = timeline
        self.placement = placement

    def owner(self) -> Figure:
        """Waves and entries that must move, and the tasks that do it."""
        return _figure(self._owners())

    def _owners(self) -> Iterator[tuple[Entry, str]]:
        for entry in self._entries():
            if "owner" not in entry.kind.properties:
                continue
            if entry.kind.name == "wave" or self.timeline.must_move(entry):
                yield entry, _said(entry, "owner")

    def target(self) -> Figure:
        """Entries whose place now is known, and the place that they must have."""
        return _figure(self._targets())

    def _targets(self) -> Iterator[tuple[Entry, str]]:
        for entry in self._entries():
            places = self.timeline.places[entry.kind.name]
            known = [p for p in places if any(here != "unknown" for here in entry.list(p.now))]
            answers = {self._target(entry, place.target) for place in known}
            if answers:
                yield entry, next(one for one in (MISSING, OPEN, STATED) if one in answers)

    def _target(self, entry: Entry, name: str) -> str:
        """What an entry says of its target; a part without one goes where its wholes do."""
        said = _said(entry, name)
        if said != MISSING or not self.timeline.follows(entry):
            return said
        led = self.timeline.hosts(entry, TARGET) or self.timeline.retired(entry, TARGET)
        return STATED if led else OPEN

    def evidence(self) -> Figure:
        """Production workloads on production machines now, and complete promotion evidence."""
        return _figure((one.workload, self._evidence(one)) for one in self.placement.promotions())

    def _evidence(self, promotion: Promotion) -> str:
        """What a gate says of what it needs; open where it leaves all that is missing undecided."""
        gate = promotion.gate
        if gate is None:
            return MISSING
        needed = self.placement.needed(gate, promotion.workload)
        left_open = {name for name in needed if gate.undecided(name)}
        if not left_open.issuperset(promotion.missing):
            return MISSING
        return OPEN if left_open else STATED

    def rollback(self) -> Figure:
        """Gates and exceptions from a gate, and the proven stage or the words for the way back."""
        return _figure(self._rollbacks())

    def _rollbacks(self) -> Iterator[tuple[Entry, str]]:
        for gate in self.fleet.of("gate").values():
            proven = STATED if "rollback" not in unproven_stages(gate) else MISSING
            yield gate, OPEN if gate.undecided("stages") else proven
        for exception in self.fleet.of("exception").values():
            if exception.get("rule") == "missing-gate":
                said = _said(exception, "rollback")
                yield exception, MISSING if said == STATED and not shows(exception, "rollback") else said

    def _entries(self) -> Iterator[Entry]:
        """The entries that can be named; of two with one name both, since both must be mended."""
        return (entry for entry in self.fleet if entry.ref)


def _said(entry: Entry, name: str) -> str:
    if entry.undecided(name):
        return OPEN
    return STATED if name in entry.values else MISSING


def _figure(answers: Iterator[tuple[Entry, str]]) -> Figure:
    total, kinds = Share(), dict[str, Share]()
    for entry, answer in answers:
        total = total.plus(answer)
        kind = entry.kind.name
        kinds[kind] = kinds.get(kind, Share()).plus(answer)
    return Figure(total, dict(sorted(kinds.items())))
