"""The whole fleet as data for the explorer: what exists when, what needs what, and what each outage does.

A browser only looks up what is here; it judges nothing. Numbers stand for
places in the lists, times for places in the list of states.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from regcheck.drawing.chains import verb
from regcheck.drawing.picture import plain
from regcheck.graph import NOW, TARGET, Edge
from regcheck.model import Entry
from regcheck.pages.fleet_map import BOX, places
from regcheck.pages.site import Site
from regcheck.words import listed

VERSION = 1
EFFECTS = ("down", "degraded")


def script(site: Site, page: str) -> bytes:
    """The data as a script that only sets `window.regcheckFleet`.

    No text in it can end the script or a line of it: beyond ASCII, and `<`, all
    is escaped (HTML, section 4.12.1.3; JSON has no other way to write them).
    """
    data = json.dumps(fleet_data(site, page), separators=(",", ":")).replace("<", "\\u003c")
    return f"window.regcheckFleet = {data};\n".encode()


def fleet_data(site: Site, page: str) -> dict[str, Any]:
    """All that the explorer knows; links are those of `page`."""
    return _Data(site, page).whole()


class _Data:
    def __init__(self, site: Site, page: str) -> None:
        self.site = site
        self.page = page
        self.graph = site.graph
        self.states = site.graph.states
        entries = (e for kind in site.graph.runtime_kinds for e in site.fleet.of(kind).values())
        self.entries = {entry.ref: entry for entry in entries}
        self.number = {ref: at for at, ref in enumerate(self.entries)}
        self.moments = _since(self.states, site.graph.timeline.changing)
        """For each state the first one that is like it."""
        self.present = {state: site.graph.present(state) for state in dict.fromkeys(self.moments)}
        self.lists: dict[tuple[Any, ...], int] = {}
        """Answers that are the same for several outages, once."""

    def whole(self) -> dict[str, Any]:
        edges = list(self._edges())
        joined = dict.fromkeys((edge.source, edge.target) for edge, _ in edges)
        at = places(list(self.entries), list(joined))
        verbs: dict[str, int] = {}
        relations: dict[str, int] = {}
        read: dict[str, dict[str, None]] = {}
        for edge, _ in edges:
            read.setdefault(edge.relation, {})[verb(edge)] = None
        lines = [
            [
                self.number[edge.source],
                self.number[edge.target],
                relations.setdefault(edge.relation, len(relations)),
                verbs.setdefault(verb(edge), len(verbs)),
                edge.item if edge.relation == "crosses" else -1,
                times,
            ]
            for edge, times in edges
        ]
        kinds = list(dict.fromkeys(entry.kind.name for entry in self.entries.values()))
        outages = {self.number[m.ref]: self._outage(m.ref) for m in self.site.fleet.of("machine").values()}
        return {
            "version": VERSION,
            "states": self.states,
            "names": [self._name(state) for state in self.states],
            "box": BOX,
            "kinds": [[kind, plain(self.site.fleet.kinds[kind].plural)] for kind in kinds],
            "relations": [[name, self._words(name, read[name])] for name in relations],
            "verbs": list(verbs),
            "nodes": [self._node(entry, kinds, at[entry.ref]) for entry in self.entries.values()],
            "edges": lines,
            "outages": outages,
            "open": [self._list(self._open(state)) for state in self.moments],
            "lists": list(self.lists),
        }

    def _name(self, state: str) -> str:
        """A state in words."""
        if state in (NOW, TARGET):
            return state
        number = state.partition(":")[2]
        wave = self.graph.drain.waves[int(number)]
        told = wave.label == self.site.numbered(wave)  # its name says its number
        return plain(self.site.moment(state) + ("" if told else f": {wave.label}"))

    def _words(self, relation: str, verbs: Iterable[str]) -> str:
        """How a relation reads; one that is called like a kind leads to entries of that kind."""
        what = f" a {relation}" if relation in self.site.fleet.kinds else ""
        return plain(listed(verbs, "or") + what)

    def _node(self, entry: Entry, kinds: list[str], at: tuple[float, float]) -> list[Any]:
        """Reference, kind, label, notes, address, place, and times: when it is drawn, production, and real.

        What is drawn and not real is gone, or not there yet, and something needs it all the same.
        """
        production = (state for state in self.moments if entry.ref in self.graph.production.nodes(state))
        return [
            entry.ref,
            kinds.index(entry.kind.name),
            plain(entry.label),
            self._notes(entry),
            self.site.href(entry.ref, self.page),
            *at,
            self._times(state for state in self.moments if entry.ref in self.present[state]),
            self._times(production),
            self._times(state for state in self.moments if self.graph.production.exists(entry, state)),
        ]

    def _notes(self, entry: Entry) -> list[Any]:
        """What is to be said of an entry beside its name: times, each with the words from then on."""
        if entry.kind.name != "machine":
            note = entry.get("environment")
            return [0, plain(str(note))] if note else []
        found: list[Any] = []
        for time, state in enumerate(self.states):
            note = plain(self._role(entry, state))
            if not found or found[-1] != note:
                found += [time, note]
        return found

    def _role(self, machine: Entry, state: str) -> str:
        timeline = self.graph.timeline
        if timeline.machine_exists(machine, state):
            return timeline.role(machine, state)
        gone = timeline.gone_from(machine)
        return "gone" if gone is not None and timeline.order(gone) <= timeline.order(state) else "planned"

    def _times(self, states: Iterable[str]) -> list[int]:
        """The times of some states, each run of them by its first and last one."""
        holding = set(states)
        found: list[int] = []
        for time, state in enumerate(self.moments):
            if state in holding and found and found[-1] == time - 1:
                found[-1] = time
            elif state in holding:
                found += [time, time]
        return found

    def _edges(self) -> Iterator[tuple[Edge, list[int]]]:
        """Every run-time edge, once, with the times when it holds and its source is there."""
        reach = self.graph.reach
        for ref in self.entries:
            holding: dict[tuple[str, str, int], tuple[Edge, set[str]]] = {}
            for edge in reach.edges.out(ref):
                if edge.target not in self.entries:
                    continue
                key = (edge.target, edge.relation, edge.item if edge.relation == "crosses" else -1)
                _, states = holding.setdefault(key, (edge, set()))
                states.update(s for s, there in self.present.items() if ref in there and reach.holds(edge, s))
            for edge, states in holding.values():
                if states:
                    yield edge, self._times(states)

    # --- outages --------------------------------------------------------------

    def _outage(self, machine: str) -> dict[str, Any]:
        """What the outage of a machine does at each time, as `regcheck simulate` says it.

        `safe` is the time from which on it hurts nothing; past the last one where it always does.
        """
        hits = [[self._hit(hit) for hit in self.site.affected(machine, state)] for state in self.moments]
        hurting = [time for time, found in enumerate(hits) if found]
        outages = self.graph.outages
        unknown = ([e.ref for e in outages.undetermined((machine,), state)] for state in self.moments)
        return {
            "hits": [self._list(found) for found in hits],
            "spared": [self._list(self._numbers(self._spared(machine, state))) for state in self.moments],
            "unknown": [self._list(self._numbers(refs)) for refs in unknown],
            "safe": max(hurting, default=-1) + 1,
        }

    def _open(self, state: str) -> list[int]:
        """What has an open place: what needs it may need more than anybody knows."""
        undetermined = self.graph.timeline.undetermined
        return [number for ref, number in self.number.items() if undetermined(self.entries[ref], state)]

    def _hit(self, hit: Any) -> tuple[int, ...]:
        """The effect, and the way from what is affected to the machine."""
        way = (hit.entry.ref, *(edge.target for edge in hit.path))
        return (EFFECTS.index(hit.effect), *self._numbers(way))

    def _numbers(self, refs: Iterable[str]) -> list[int]:
        return [self.number[ref] for ref in refs]

    def _spared(self, machine: str, state: str) -> list[str]:
        """The redundant workloads on a machine that have another host left."""
        reach, off = self.graph.reach, frozenset({machine})
        edges = reach.needed_by(machine, state)
        return list(dict.fromkeys(edge.source for edge in edges if reach.spared(edge, state, off)))

    def _list(self, items: Iterable[Any]) -> int:
        return self.lists.setdefault(tuple(items), len(self.lists))


def _since(states: list[str], changing: frozenset[str]) -> list[str]:
    """For each state the last one, up to itself, in which something changed."""
    found: list[str] = []
    for state in states:
        found.append(state if state in changing or not found else found[-1])
    return found
