"""What a change means, as JSON, one difference a line; version 1 is a promise to other tools."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from regcheck.comparing.comparison import Comparison
from regcheck.comparing.edges import EdgeChange
from regcheck.comparing.entries import Changed, Field, Moved
from regcheck.comparing.findings import Told
from regcheck.comparing.meaning import said
from regcheck.comparing.outages import OutageChange
from regcheck.model import Entry, Position
from regcheck.reporting.comparison import Side, Sides
from regcheck.reporting.comparison.caveats import remarks
from regcheck.terminal import PLAIN, Terminal
from regcheck.verdict import Verdict

VERSION = 1


def render(comparison: Comparison, sides: Sides, _terminal: Terminal = PLAIN) -> str:
    """The whole comparison; beyond ASCII everything is escaped, so any encoding can take it."""
    return "{" + ",\n ".join(_parts(comparison, sides)) + "}\n"


def _parts(comparison: Comparison, sides: Sides) -> Iterator[str]:
    yield f'"version": {VERSION}'
    yield f'"from": {json.dumps(_side(sides.before, comparison.before))}'
    yield f'"to": {json.dumps(_side(sides.after, comparison.after))}'
    entries, waves, findings = comparison.entries, comparison.waves, comparison.findings
    yield f'"moved": {_lines(map(_moved, entries.moved))}'
    yield _group(
        "entries",
        added=map(_entry, entries.added),
        removed=map(_entry, entries.removed),
        renamed=map(_changed, entries.renamed),
        renumbered=map(_changed, entries.renumbered),
        changed=map(_changed, entries.changed),
    )
    yield _group(
        "edges", added=map(_edge, comparison.edges.added), removed=map(_edge, comparison.edges.removed)
    )
    yield _group(
        "waves",
        added=({"id": wave.ref, **_place(wave.position)} for wave in waves.added),
        removed=({"id": wave.ref, **_place(wave.position)} for wave in waves.removed),
        changed=(
            {"id": one.entry.ref, "name": one.name, "before": one.before, "after": one.after}
            for one in waves.changed
        ),
        rescheduled=(
            {"id": one.entry.ref, "before": one.before, "after": one.after} for one in waves.rescheduled
        ),
    )
    path = comparison.critical_path
    yield f'"critical_path": {json.dumps(path and path._asdict())}'
    yield f'"outages": {_lines(map(_outage, comparison.outages))}'
    yield _group("findings", new=map(_finding, findings.new), gone=map(_finding, findings.gone))


def _side(side: Side, verdict: Verdict) -> dict[str, Any]:
    return {**side._asdict(), "incomplete": verdict.fleet.unread, "remarks": remarks(verdict)}


def _group(name: str, **lists: Iterable[dict[str, Any]]) -> str:
    return f'"{name}": {{' + ",\n  ".join(f'"{key}": {_lines(items)}' for key, items in lists.items()) + "}"


def _lines(items: Iterable[dict[str, Any]]) -> str:
    return "[" + ",".join(f"\n   {json.dumps(item, default=str)}" for item in items) + "]"


def _place(position: Position) -> dict[str, Any]:
    return {"path": position.path, "line": position.line, "column": position.column}


def _entry(entry: Entry) -> dict[str, Any]:
    return {"id": entry.ref, **_place(entry.position), "fields": said(entry)}


def _changed(change: Changed) -> dict[str, Any]:
    was = {"was": change.before.ref} if change.before.ref != change.entry.ref else {}
    fields = [_field(field) for field in change.fields]
    return {"id": change.entry.ref, **was, **_place(change.entry.position), "fields": fields}


def _field(field: Field) -> dict[str, Any]:
    return {"name": field.name, "before": field.before, "after": field.after, **_place(field.position)}


def _moved(moved: Moved) -> dict[str, Any]:
    field = moved.field
    places = {"from": _as_list(field.before), "to": _as_list(field.after)}
    return {
        "id": moved.entry.ref,
        "field": field.name,
        **places,
        "target": moved.target,
        **_place(field.position),
    }


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _edge(change: EdgeChange) -> dict[str, Any]:
    ends = {"source": change.edge.source, "target": change.edge.target, "relation": change.edge.relation}
    return {**ends, "states": change.states, **_place(change.edge.position)}


def _outage(change: OutageChange) -> dict[str, Any]:
    return {
        "state": change.state,
        "machine": change.machine,
        "newly_affected": [{"id": ref, "effect": effect} for ref, effect in change.newly],
        "otherwise_affected": [
            {"id": ref, "before": before, "effect": effect} for ref, before, effect in change.otherwise
        ],
        "no_longer_affected": [ref for ref, _ in change.no_longer],
    }


def _finding(told: Told) -> dict[str, Any]:
    finding = told.finding
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        **_place(finding.position),
        "entry": finding.entry,
        "accepted_by": told.accepted,
    }
