"""All that pages are made of, and where each entry has its page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import NamedTuple

from regcheck.graph import NOW, TARGET, Affected, FleetGraph
from regcheck.graph.standing import standing
from regcheck.history.progress import Point
from regcheck.model import Entry, Fleet, Position, Register
from regcheck.pages.markup import code, enumerated, html, link
from regcheck.pages.page import file_name, relative
from regcheck.trees.commits import Commit
from regcheck.verdict import Verdict

OCCUPANTS = ("workload", "pipeline", "sink", "checkout")
"""The kinds whose entries are on machines, the most telling first."""
REFERENCE = re.compile(r"(?<![\w:/])([a-z][\w-]*:[\w./-]*\w)")
BESIDE = ("checkout", "sink", "pipeline", "repo")
"""The kinds whose entries move in a wave beside its workloads."""
PAGED = {"machine": "machines", "workload": "workloads", "wave": "waves", "task": "tasks"}
"""The kinds whose entries have pages of their own, and the folder of those."""


class Forge(NamedTuple):
    """Where files are read on the web: an address with `{path}` and `{line}` in it, and without a line."""

    line: str = ""
    name: str = ""


NOWHERE = Forge()


class Site:
    """A checked fleet, and how its pages lead to one another."""

    def __init__(
        self,
        verdict: Verdict,
        points: Iterable[Point] = (),
        forge: Forge = NOWHERE,
        documents: Mapping[str, str] = MappingProxyType({}),
        blame: Callable[[str], Sequence[Commit]] | None = None,
    ) -> None:
        """What pages are made of.

        `points` are the history of the fleet; `documents` the hand-written pages
        of the site, by the path of their file in the repository; `blame` tells of
        a file which commit wrote each of its lines.
        """
        self.verdict = verdict
        self.blame = blame
        self._names: dict[tuple[str, str, bool], str] = {}
        self._affected: dict[tuple[str, str], list[Affected]] = {}
        self.points = tuple(points)
        self.forge = forge
        self.documents = documents

    @property
    def graph(self) -> FleetGraph:
        """The fleet graph."""
        return self.verdict.graph

    @property
    def fleet(self) -> Fleet:
        """What the files say."""
        return self.verdict.fleet

    @cached_property
    def paths(self) -> dict[str, str]:
        """The path of the page of each entry that has one, by its reference."""
        found: dict[str, str] = {}
        for kind, folder in PAGED.items():
            taken: set[str] = set()
            # A wave without a number is none, and has its place in the register only.
            waves = self.graph.timeline.waves if kind == "wave" else None
            for entry in (self.fleet.of(kind) if waves is None else waves).values():
                name = file_name(entry.id, taken)
                taken.add(name.casefold())
                found[entry.ref] = f"{folder}/{name}.md"
        return found

    @cached_property
    def present(self) -> frozenset[str]:
        """The references of all that is there now, and of what that needs."""
        return frozenset(self.graph.present(NOW))

    def affected(self, machine: str, state: str) -> list[Affected]:
        """The production that an outage of one machine affects in a state."""
        key = machine, state
        if key not in self._affected:
            self._affected[key] = self.graph.reach.affected([machine], state)
        return self._affected[key]

    @cached_property
    def worst_outage(self) -> int:
        """The most production that an outage of one machine affects in any state."""
        return max((count for states in self.graph.matrix().values() for count in states.values()), default=0)

    def occupants(self, machine: Entry, state: str) -> list[Entry]:
        """What runs on a machine in a state, is kept there or is built there."""
        edges = self.graph.reach.needed_by(machine.ref, state)
        refs = dict.fromkeys(edge.source for edge in edges if edge.relation in ("hosted-on", "built-on"))
        known = (entry for ref in refs if (entry := self.fleet.get(ref)) is not None)
        return [entry for entry in known if entry.kind.name in OCCUPANTS]

    @cached_property
    def beside(self) -> dict[str, list[Entry]]:
        """What has to move in each wave beside its workloads, or has moved, by the reference of the wave."""
        timeline = self.graph.timeline
        found: dict[str, list[Entry]] = {}
        for entry in (one for kind in BESIDE for one in self.fleet.of(kind).values()):
            led = any(place.target in entry.values for place in timeline.places[entry.kind.name])
            wave = timeline.waves.get(timeline.wave(entry) or 0) if led else None
            if wave is not None:
                found.setdefault(wave.ref, []).append(entry)
        return found

    def standing(self, workload: Entry) -> str:
        """How far a workload is on its way: OPEN, SETTLED or UNKNOWN."""
        return standing(self.graph.timeline, workload)

    def changes(self, entry: Entry) -> list[Commit]:
        """The commits that wrote the lines of an entry as they are, newest first."""
        lines = self.blame(entry.source.path) if self.blame else []
        positions = [entry.position, *(entry.at(name) for name in entry.values)]
        own = [at for at in positions if at.path == entry.source.path]
        if self._is_document(entry):
            numbers = {*range(min(at.line for at in own), len(lines) + 1)}
        else:  # a default stands far above the entry, with others in between
            numbers = {line for at in own for line in range(at.line, at.end_line + 1)}
        found = dict.fromkeys(lines[number - 1] for number in numbers if number <= len(lines))
        return sorted(found, key=lambda commit: (not commit.day, commit.day, commit.oid), reverse=True)

    def _is_document(self, entry: Entry) -> bool:
        return entry.ref in self._documented

    @cached_property
    def _documented(self) -> frozenset[str]:
        registers = self.fleet.registers
        return frozenset(e.ref for r in registers if r.shape == "document" for e in r.entries)

    @cached_property
    def registers(self) -> dict[str, Register]:
        """The first register of each file, by the path of the file."""
        found: dict[str, Register] = {}
        for register in self.fleet.registers:
            found.setdefault(register.source.path, register)
        return found

    def path(self, entry: Entry) -> str:
        """The path of the page that shows an entry: its own, else that of its register."""
        return self.paths.get(entry.ref, register_path(entry.kind.name))

    def href(self, ref: str, page: str) -> str | None:
        """How a page links to an entry; None where there is none of this reference."""
        entry = self.fleet.get(ref)
        if entry is None:
            return None
        anchor = "" if ref in self.paths else f"#{anchor_of(entry)}"
        return relative(self.path(entry), page) + anchor

    def name(self, ref: str, page: str, *, full: bool = False) -> str:
        """An entry as a page names it, in HTML: its label, with a link to where it is shown.

        With `full` the kind stands before it, and the number of a wave.
        """
        key = ref, page.rpartition("/")[0], full  # pages of one folder link alike
        if key not in self._names:
            self._names[key] = self._name(ref, page, full=full)
        return self._names[key]

    def _name(self, ref: str, page: str, *, full: bool) -> str:
        entry = self.fleet.get(ref)
        kind, _, id = ref.partition(":")
        said = entry.label if entry else id or ref
        if full and entry and kind == "wave":
            said = self.numbered(entry)
        label = html(said)
        if full and not said.casefold().startswith(f"{kind} "):
            label = f'<span class="rc-kind">{html(kind)}</span> {label}'
        href = self.href(ref, page)
        return link(href, label) if href else code(ref)

    def numbered(self, wave: Entry) -> str:
        """A wave with its number, as plain text: workloads may be called alike."""
        number = str(self.graph.drain.number(wave))
        return wave.label if wave.label.split()[-1:] == [number] else f"{number} · {wave.label}"

    def names(self, refs: Iterable[str], page: str, *, full: bool = False) -> str:
        """Several entries, in HTML, in one line."""
        return enumerated(self.name(ref, page, full=full) for ref in refs)

    def named(self, text: str, page: str) -> str:
        """A plain text in HTML; each reference in it is the entry that it names, as a page names it."""
        parts = REFERENCE.split(text)
        return "".join(self._name_in(part, page) if at % 2 else escape(part) for at, part in enumerate(parts))

    def _name_in(self, ref: str, page: str) -> str:
        return self.name(ref, page, full=True) if self.fleet.get(ref) else escape(ref)

    def moment(self, state: str) -> str:
        """A state as a sentence names it, as plain text."""
        number = state.partition(":")[2]
        return f"after wave {number}" if number else "at the target" if state == TARGET else state

    def source(self, position: Position) -> str:
        """File and line in HTML, linked to the forge where that is known."""
        said = f"{position.path}:{position.line}"
        shown = f'<code class="rc-at">{html(said).replace("/", "/<wbr>")}</code>'
        if not self.forge.line:
            return shown
        from urllib.parse import quote

        href = self.forge.line.replace("{path}", quote(position.path)).replace("{line}", str(position.line))
        return link(href, shown)


def register_path(kind: str) -> str:
    """The path of the page with all entries of a kind."""
    return f"registers/{file_name(kind)}.md"


def anchor_of(entry: Entry) -> str:
    """The anchor of an entry on the page of its register."""
    return f"{file_name(entry.kind.name)}-{file_name(entry.id)}"
