"""A comparison in rows of words, for people: the same ones in a terminal and on a forge.

A row is plain text; values of several words in it stand in backquotes. The formats
make it fit to be shown, and leave out what is too much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regcheck.comparing.comparison import Comparison
from regcheck.comparing.edges import EdgeChange
from regcheck.comparing.entries import Changed, Field, Moved, became_known
from regcheck.comparing.findings import Told
from regcheck.comparing.outages import OutageChange
from regcheck.drawing.chains import verb
from regcheck.model import Entry, Position
from regcheck.reporting.comparison.headline import GUARD, remainder
from regcheck.reporting.comparison.values import cut, from_their_difference, value
from regcheck.words import listed, plural, quoted

MOST_NAMED = 6
"""Entries that one row names."""


class Row(NamedTuple):
    """One difference: `+` what is new, `-` what is gone, `~` what is otherwise; "" for more about it."""

    sign: str
    text: str
    position: Position | None = None
    states: str = ""
    """The states in which it is so; nothing where it does not depend on them."""
    style: str = ""
    """How the sign looks: `error`, `warning`, `info`, `good`; by the sign where it is not said."""


class Section(NamedTuple):
    """The differences of one sort."""

    title: str
    size: int
    """How many differences there are; one may take several rows, or share one."""
    rows: list[Row]
    place_first: bool = False
    """Whether people look for the place first, as in a report of findings."""


def sections(comparison: Comparison) -> list[Section]:
    """All differences, the most interesting first; a sort without any is left out."""
    new, gone = comparison.findings
    guards = [told for told in new if told.finding.rule == GUARD]
    findings = [_finding("+", told) for told in new if told.finding.rule != GUARD]
    findings += [_finding("-", told) for told in gone if not told.accepted]
    accepted = Counter(told.accepted for told in gone if told.accepted)
    moved = comparison.entries.moved
    edges, outages = [*_edges(comparison)], [*_outages(comparison)]
    scheduled = [*_waves(comparison)]
    found = [
        Section("Moved", len(moved), [_moved(one) for one in moved]),
        _entries(comparison),
        Section("Run-time edges", len(edges), edges),
        Section("Waves", sum(bool(row.sign) for row in scheduled), scheduled),
        Section("Production under outages", len(outages), outages),
        Section("Lowered guards", len(guards), [_finding("~", told) for told in guards], place_first=True),
        Section(
            "Findings",
            len(findings) + accepted.total(),
            [*findings, *(_accepted(by, count) for by, count in sorted(accepted.items()))],
            place_first=True,
        ),
    ]
    return [section for section in found if section.rows]


# --- what the files say -------------------------------------------------------


def _moved(moved: Moved) -> Row:
    field = moved.field
    way = f"{value(field.before, field.property)} → {value(field.after, field.property)}"
    how = {"reached": ", reached its target", "left": ", moved back"}.get(moved.target or "", "")
    style = {"reached": "good", "left": "error"}.get(moved.target or "", "warning")
    return Row("~", f"{moved.entry.ref}: {way}{how}", field.position, style=style)


def _entries(comparison: Comparison) -> Section:
    entries = comparison.entries
    rows = [Row("+", f"{entry.ref}{_label(entry)}", entry.position) for entry in entries.added]
    rows += [Row("-", f"{entry.ref}{_label(entry)}", entry.position) for entry in entries.removed]
    left = remainder(comparison)
    for change in (*left.renamed, *left.renumbered):
        label = _label(change.entry) if change.entry.kind.numbered else ""
        text = f"{change.before.ref}{label} is now {change.entry.ref}"
        rows.append(Row("~", text, change.entry.position))
        rows += [Row("", _field(field), field.position) for field in change.fields]
    for change in left.changed:
        rows += _changed(change)
    return Section("Entries", len(entries.added) + len(entries.removed) + sum(map(len, left)), rows)


def _label(entry: Entry) -> str:
    return f" ({quoted(cut(entry.label))})" if entry.label != entry.id else ""


def _changed(change: Changed) -> Iterator[Row]:
    if len(change.fields) == 1:
        (field,) = change.fields
        yield Row("~", f"{change.entry.ref} {_field(field)}", field.position)
        return
    yield Row("~", change.entry.ref, change.entry.position)
    for field in change.fields:
        yield Row("", _field(field), field.position)


def _field(field: Field) -> str:
    """What one field said and says; of a list without an order, what came and what went."""
    name, before, after, property_ = field[0], field.before, field.after, field.property
    if before is None:
        return f"{name}: set to {value(after, property_)}"
    if after is None:
        return f"{name}: removed, was {value(before, property_)}"
    if (known := became_known(field)) is not None:
        return f"{name}: " + (
            f"known now, {value(after, property_)}"
            if known
            else f"now unknown, was {value(before, property_)}"
        )
    if isinstance(before, list) and isinstance(after, list) and not (property_ and property_.ordered):
        came = [item for item in after if item not in before]
        went = [item for item in before if item not in after]
        if len(after) > len(came) or len(before) > len(went):
            gains = [f"gains {value(came, property_)}"] if came else []
            loses = [f"loses {value(went, property_)}"] if went else []
            return f"{name}: {listed(gains + loses)}"
    if isinstance(before, str) and isinstance(after, str) and not (property_ and property_.reference):
        before, after = from_their_difference(" ".join(before.split()), " ".join(after.split()))
    return f"{name}: {value(before, property_)} → {value(after, property_)}"


# --- what follows from that ---------------------------------------------------


def _edges(comparison: Comparison) -> Iterator[Row]:
    for sign, changes in (("+", comparison.edges.added), ("-", comparison.edges.removed)):
        for change in changes:
            yield _edge(sign, change, comparison)


def _edge(sign: str, change: EdgeChange, comparison: Comparison) -> Row:
    text = f"{change.edge.source} {verb(change.edge)} {change.edge.target}"
    return Row(sign, text, change.edge.position, spans(change.states, comparison.states))


def _waves(comparison: Comparison) -> Iterator[Row]:
    waves = comparison.waves
    for entry, was, is_ in waves.rescheduled:
        yield Row("~", f"{entry.ref} {was or 'no wave'} → {is_ or 'no wave'}", _wave_place(entry, comparison))
    for wave, name, before, after in waves.changed:
        text = f"{wave.ref} {name}: {_ids(before)} → {_ids(after)}"
        yield Row("~", text, wave.at(name))
    if path := comparison.critical_path:
        sizes = f"{plural(len(path.before), 'step')} → {plural(len(path.after), 'step')}"
        yield Row("~", f"critical path: {sizes}")
        yield Row("", f"before: {_chain(path.before)}")
        yield Row("", f"after: {_chain(path.after)}")


def _chain(path: tuple[str, ...]) -> str:
    """The steps of a path; of a long one how it begins and ends."""
    left = len(path) - 2 * MOST_NAMED
    some = (*path[:MOST_NAMED], f"{left:,} more", *path[-MOST_NAMED:]) if left > 1 else path
    return " → ".join(some) or "none"


def _wave_place(entry: Entry, comparison: Comparison) -> Position:
    """Where it is written in which wave a workload moves."""
    drain = comparison.after.graph.drain
    wave = drain.wave(entry)
    return drain.membership(wave, entry).position if wave is not None else entry.position


def _ids(refs: Iterable[str]) -> str:
    return ", ".join(ref.partition(":")[2] for ref in refs) or "nothing"


def _outages(comparison: Comparison) -> Iterator[Row]:
    """What each machine's outage does otherwise; states in which that is the same make one row."""
    for sign, words, told in (
        ("+", {"down": "takes down", "degraded": "degrades"}, _newly),
        (
            "~",
            {"down": "takes down, and had only degraded,", "degraded": "only degrades, and had taken down,"},
            _other,
        ),
        ("-", {"down": "no longer takes down", "degraded": "no longer degrades"}, _no_longer),
    ):
        hits: dict[tuple[str, str, str], list[str]] = {}
        for change in comparison.outages:
            for ref, effect in told(change):
                hits.setdefault((change.machine, effect, ref), []).append(change.state)
        alike: dict[tuple[str, str, str], list[str]] = {}
        for (machine, effect, ref), states in hits.items():
            when = spans(states, comparison.states)
            alike.setdefault((machine, words[effect], when), []).append(ref)
        for (machine, does, when), refs in alike.items():
            style = {"+": "error", "-": "good"}.get(sign, "warning")
            yield Row(sign, f"{machine} off {does} {_some(refs)}", None, when, style)


Effects = Iterable[tuple[str, str]]


def _newly(change: OutageChange) -> Effects:
    return change.newly


def _no_longer(change: OutageChange) -> Effects:
    return change.no_longer


def _other(change: OutageChange) -> Effects:
    return ((effect.ref, effect.after) for effect in change.otherwise)


def _some(refs: list[str]) -> str:
    more = len(refs) - MOST_NAMED
    return listed([*refs[:MOST_NAMED], f"{more:,} more"] if more > 1 else refs)


def _finding(sign: str, told: Told) -> Row:
    finding, severity = told.finding, told.finding.severity.value
    before = f" (accepted by {told.accepted} before)" if told.accepted else ""
    style = "good" if sign == "-" else severity
    return Row(sign, f"{severity}[{finding.rule}] {finding.message}{before}", finding.position, style=style)


def _accepted(by: str, count: int) -> Row:
    """What only is accepted now is neither there to be read nor gone."""
    return Row("~", f"{plural(count, 'finding')} {'is' if count == 1 else 'are'} accepted now by {by}")


def spans(states: Iterable[str], all_states: tuple[str, ...]) -> str:
    """States in words, those in a row as one: `now to wave:2 and target`."""
    chosen = set(states)
    if len(chosen) == len(all_states):
        return "in every state"
    runs: list[list[str]] = [[]]
    for state in all_states:
        if state in chosen:
            runs[-1].append(state)
        elif runs[-1]:
            runs.append([])
    return listed(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs if run)
