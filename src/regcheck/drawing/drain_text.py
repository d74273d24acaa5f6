"""The drain order as text to read in a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from regcheck.drawing.views import move, status
from regcheck.graph import FleetGraph
from regcheck.model import Entry
from regcheck.terminal import PLAIN, Terminal, columns, fit, pad, visible
from regcheck.words import listed, plural

MOST = 60
"""The widest column of names, in characters."""


def render(graph: FleetGraph, chosen: Collection[str] | None = None, terminal: Terminal = PLAIN) -> str:
    """Wave by wave what moves, from where to where, and by whom; then what is open, and the longest chain."""
    return "\n".join(_Text(graph, chosen, terminal).lines()) + "\n"


class _Text:
    def __init__(self, graph: FleetGraph, chosen: Collection[str] | None, terminal: Terminal) -> None:
        self.graph = graph
        self.drain = graph.drain
        self.chosen = chosen
        self.terminal = terminal
        self.open = [w for w in self.drain.moving if self.drain.wave(w) is None and self._shown(w)]
        moving = [m for members in self.drain.members.values() for m in members if self._shown(m)]
        moving += self.open
        self.names = min(max((columns(visible(m.label)) for m in moving), default=0), MOST)
        self.moves = min(max((columns(visible(move(graph, m))) for m in moving), default=0), MOST)
        self.count = len(moving)

    def _shown(self, entry: Entry) -> bool:
        return self.chosen is None or entry.ref in self.chosen

    def lines(self) -> Iterator[str]:
        """The whole text, line by line."""
        waves = [
            wave
            for wave in self.drain.waves.values()
            if self._shown(wave) or any(map(self._shown, self.drain.members[wave.ref]))
        ]
        if not waves and not self.open:
            yield "Nothing moves: no wave and no workload that must leave its host."
            return
        says = f"{plural(len(waves), 'wave')}, {plural(self.count, 'workload')}"
        yield self.terminal.paint(f"Drain order: {says}", "strong")
        yield from self._loops()
        for wave in waves:
            yield ""
            yield from self._wave(wave)
        if self.open:
            yield ""
            yield from self._unmoved()
        yield from self._critical_path()
        if waves:
            yield ""
            yield "Undoing goes in the reverse order: the last wave first, and in it the last move first."

    def _loops(self) -> Iterator[str]:
        loops = self.drain.loops()
        if not loops:
            return
        yield ""
        warn = "These wait for one another, so the order shown is only that of the wave numbers:"
        yield self.terminal.paint(warn, "error")
        for loop in loops:
            cycle = [self._name(ref) for ref in loop.cycle]
            rest = len(loop.members) - len(cycle)
            tangled = f" ({rest} more in the same loop)" if rest else ""
            yield f"  {' waits for '.join([*cycle, cycle[0]])}{tangled}"
            for wait in loop.cut:
                given_up = f"{self._name(wait.source)} waits for {self._name(wait.target)}"
                yield f"    cheapest to give up: {given_up}  {self._faint(wait.position)}"

    def _wave(self, wave: Entry) -> Iterator[str]:
        members = [member for member in self.drain.members[wave.ref] if self._shown(member)]
        number = self.drain.number(wave)
        title = f"Wave {number}" + (f"  {visible(wave.label)}" if wave.label != str(number) else "")
        owners = self._owners(wave) or self.terminal.paint("no owner", "warning")
        yield f"{self.terminal.paint(title, 'strong')}  {owners}"
        if any(written for _, written in self.drain.after(wave)):
            after = [f"wave {self.drain.number(other)}" for other, _ in self.drain.after(wave)]
            yield f"  after {listed(after)}"
        elif "after" in wave.values:
            yield "  after no other wave"
        for member in members:
            yield self._row(member)
        if (machine := self.graph.fleet.get(wave.link("rebuilds"))) is not None:
            other = self.graph.fleet.get(machine.link("becomes"))
            becomes = f", which becomes {visible(other.label)}" if other is not None else ""
            yield f"  rebuilds {visible(machine.label)}{becomes}"
        elif not members:
            says = "what it moves is undecided" if wave.undecided("moves") else "moves nothing"
            yield f"  {self._faint(says)}"

    def _row(self, member: Entry, extra: str = "") -> str:
        name = pad(fit(visible(member.label), self.names), self.names)
        where = pad(fit(visible(move(self.graph, member)), self.moves), self.moves)
        owners = self._owners(member)
        last = "leaves last" if member.get("drain_last") is True else ""
        rest = ", ".join(filter(None, (owners, last, extra)))
        return f"  {name}  {where}  {rest}".rstrip()

    def _owners(self, entry: Entry) -> str:
        """The tasks that move an entry, each with its status."""
        tasks = (self.graph.fleet.get(ref) for ref in entry.links.get("owner", ()))
        return ", ".join(f"{visible(t.id)} ({visible(status(t))})" for t in tasks if t is not None)

    def _unmoved(self) -> Iterator[str]:
        yield self.terminal.paint("In no wave, and yet they must move", "warning")
        earliest = self.drain.suggestions(self.graph.tasks.before)
        for workload in self.open:
            number = earliest.get(workload.ref)
            when = "after the last wave" if number is None else f"wave {number} at the earliest"
            yield self._row(workload, when if earliest else "")

    def _critical_path(self) -> Iterator[str]:
        path = [ref for ref in self.drain.critical_path() if self.chosen is None or ref in self.chosen]
        if not path:
            return
        yield ""
        head = f"Critical path: the longest chain that somebody wrote down, {plural(len(path), 'step')}"
        yield self.terminal.paint(head, "strong")
        for at, ref in enumerate(path, 1):
            yield f"{at:4}. {self._name(ref)}"

    def _name(self, ref: str) -> str:
        entry = self.graph.fleet.get(ref)
        if entry is None:
            return visible(ref)
        kind = entry.kind.name
        label = f" {visible(entry.label)}" if kind == "wave" and entry.label != entry.id else ""
        return f"wave {visible(entry.id)}{label}" if kind == "wave" else visible(entry.label)

    def _faint(self, text: object) -> str:
        return self.terminal.paint(visible(str(text)), "faint")


def table(rows: Iterable[tuple[str, ...]], indent: str = "  ") -> Iterator[str]:
    """Visible texts in columns; the last one may be of any length."""
    rows = list(rows)
    if not rows:
        return
    widths = [min(max(columns(row[at]) for row in rows), MOST) for at in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [pad(fit(cell, wide), wide) for cell, wide in zip(row, widths, strict=False)]
        yield f"{indent}{'  '.join([*cells, row[-1]])}".rstrip()
