"""Lanes: the path over tunnels and machines by which one workload reaches another.

A path is walked from the lane's first machine, hop by hop: a tunnel leads from
the machine reached so far to the next, a machine named as a hop must be the one
reached so far, and the walk ends at the lane's second machine. Where an end has
several or unknown hosts, any of them will do.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from regcheck.graph.timeline import AT_NOW, MOVED, NOW, TARGET, UNMOVED, Timeline
from regcheck.model import Entry, Fleet, Related
from regcheck.words import listed

Anywhere = None
"""Reached, but nobody knows where: every machine will do."""


class Break(NamedTuple):
    """Where a path does not hold together: the lane's field and item, and both sides."""

    lane: Entry
    name: str
    """`current_path`, `interim_path` or `target_path`."""
    item: int
    expected: tuple[str, ...]
    """The machines where the path is, or where its end must be."""
    found: str
    """The machine where the hop starts or the path ends."""
    part: str
    """`start`, `hop` or `end`."""


class Lanes:
    """The paths of a fleet's lanes in each state."""

    def __init__(self, fleet: Fleet, timeline: Timeline) -> None:
        self.fleet = fleet
        self.timeline = timeline

    @cached_property
    def switching(self) -> dict[str, list[Entry]]:
        """The lanes that go another way after a wave than before it, by the reference of the wave."""
        found: dict[str, list[Entry]] = {}
        for lane in self.fleet.of("lane").values():
            ways = [self._way(lane, state) for state in self.timeline.states]
            for state, (before, after) in zip(self.timeline.states[1:], pairwise(ways), strict=True):
                if before != after:
                    found.setdefault(state, []).append(lane)
        return found

    def _way(self, lane: Entry, state: str) -> tuple[object, ...]:
        return (self.hops(lane, state), *(self.ends(lane.link(name), state) for name in ("from", "to")))

    def path_name(self, lane: Entry, state: str) -> str | None:
        """The property that holds the path in use; None where it is undecided or absent."""
        phase = self.timeline.phase(lane, state)
        if phase == MOVED:
            if "target_path" in lane.values:
                return "target_path"
            return None if lane.undecided("target_path") else self._written(lane, "current_path")
        if phase == UNMOVED and "interim_path" in lane.values:
            return "interim_path"
        return self._written(lane, "current_path")

    @staticmethod
    def _written(lane: Entry, name: str) -> str | None:
        return name if name in lane.values else None

    def hops(self, lane: Entry, state: str) -> tuple[str, ...]:
        """The tunnels and machines of the path in use, in order."""
        name = self.path_name(lane, state)
        return lane.links.get(name, ()) if name else ()

    def ends(self, ref: str | None, state: str) -> tuple[str, ...] | None:
        """The machines where an end of a lane may be; None for anywhere."""
        if ref is None:
            return Anywhere
        if ref.startswith("machine:"):
            return (ref,)
        end = self.fleet.get(ref)
        if end is None:
            return Anywhere
        hosts = self.timeline.hosts(end, state)
        unknown = "unknown" in end.list("current_host") and self.timeline.phase(end, state) != MOVED
        return Anywhere if not hosts or unknown else hosts

    def breaks(self, lane: Entry, name: str, state: str) -> list[Break]:
        """What does not hold together in one path of a lane, as things stand in a state.

        A path with a name that no entry answers to is not walked.
        """
        path = lane.links.get(name, ())
        if not path or len(path) != len(lane.list(name)):
            return []
        found: list[Break] = []
        reached = self.ends(lane.link("from"), state)
        for index, ref in enumerate(path):
            start, end = self._hop(ref)
            if start is not None and reached is not Anywhere and start not in reached:
                found.append(Break(lane, name, index, reached, start, "hop" if index else "start"))
            reached = Anywhere if end is None else (end,)
        goal = self.ends(lane.link("to"), state)
        if goal is not Anywhere and reached is not Anywhere and not set(goal) & set(reached):
            found.append(Break(lane, name, len(path) - 1, goal, reached[0], "end"))
        return found

    def broken(self) -> list[Break]:
        """What does not hold together: current paths as things stand now, target paths at `target`."""
        lanes = self.fleet.of("lane").values()
        paths = (("current_path", NOW), ("target_path", TARGET))
        return [found for lane in lanes for name, state in paths for found in self.breaks(lane, name, state)]

    def missed(self) -> Iterator[list[tuple[str, Break]]]:
        """For each critical lane the waves in which it misses one of its ends, and how.

        A break that is already there now, or still there at `target`, is
        `broken`, and not missed.
        """
        broken = set(self.broken())
        waves = [state for state in self.timeline.states if state not in (NOW, TARGET)]
        for lane in self.fleet.of("lane").values():
            found = []
            for state in waves:
                name = self.path_name(lane, state)
                if name and self.critical(lane, state):
                    breaks = (b for b in self.breaks(lane, name, state) if b.part != "hop")
                    found += [(state, b) for b in breaks if b not in broken]
            if found:
                yield found

    def related(self, found: Break, state: str) -> list[Related]:
        """The places that a break belongs to: the tunnels on both sides, or the end and its host."""
        path = found.lane.links[found.name]
        sides = [path[found.item]]
        if found.part == "hop":
            sides.insert(0, path[found.item - 1])
        places = []
        for side in sides:
            tunnel = self.fleet.get(side)
            if tunnel is not None and tunnel.kind.name == "tunnel":
                way = f"{side} leads from {tunnel.link('from')} to {tunnel.link('to')}"
                places.append(Related(tunnel.position, way))
        end = self.fleet.get(found.lane.link("to" if found.part == "end" else "from"))
        if found.part != "hop" and end is not None and end.kind.name == "workload":
            moved = self.timeline.phase(end, state) == MOVED and "target_host" in end.values
            place = end.at("target_host" if moved else "current_host")
            moment = state if state == NOW else f"{'at' if state == TARGET else 'in'} {state}"
            places.append(Related(place, f"{moment} {end.ref} is on {listed(found.expected)}"))
        return places

    def _hop(self, ref: str) -> tuple[str | None, str | None]:
        """The machines where a hop starts and ends."""
        if ref.startswith("machine:"):
            return ref, ref
        tunnel = self.fleet.get(ref)
        return (tunnel.link("from"), tunnel.link("to")) if tunnel else (None, None)

    def critical(self, lane: Entry, state: str) -> bool:
        """Whether production depends on a lane in a state.

        A lane from a production workload is critical unless it says otherwise;
        `now` means until it has moved.
        """
        said = lane.get("critical")
        if said == "now":
            return self.timeline.phase(lane, state) in (AT_NOW, UNMOVED)
        if said is not None:
            return said is True
        start = self.fleet.get(lane.link("from"))
        return (
            start is not None
            and start.get("environment") == "production"
            and not self.timeline.retired(start, state)
        )

    def all_paths(self, lane: Entry) -> set[str]:
        """Every hop that the lane names, in whatever state."""
        names = ("current_path", "interim_path", "target_path")
        return {ref for name in names for ref in lane.links.get(name, ())}
