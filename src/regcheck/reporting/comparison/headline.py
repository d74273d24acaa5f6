"""A change in one or two sentences: what changed in the files, and what follows from that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regcheck.comparing.comparison import Comparison
from regcheck.comparing.entries import Changed, Field, Moved, became_known
from regcheck.comparing.outages import OutageChange
from regcheck.model import Severity
from regcheck.reporting.comparison.values import cut, value
from regcheck.words import listed, plural, quoted

GUARD = "weakened-guard"
"""The rule that tells what guards less than it did."""
NO_DIFFERENCE = "No difference in meaning: entries, edges, waves, outages and findings are the same."


def headline(comparison: Comparison) -> list[str]:
    """One sentence, or two; a reviewer who reads no further knows what it is about."""
    said = (_changes(comparison), _consequences(comparison))
    return [_sentence(parts) for parts in map(list, said) if parts] if comparison else [NO_DIFFERENCE]


def _sentence(parts: list[str]) -> str:
    text = listed(parts)
    return f"{text[:1].upper()}{text[1:]}." if ":" not in text.split(" ")[0] else f"{text}."


class Remainder(NamedTuple):
    """The changes of entries, without what their moves tell, and the waves."""

    renamed: list[Changed]
    renumbered: list[Changed]
    changed: list[Changed]


def remainder(comparison: Comparison) -> Remainder:
    """What is left to tell of the entries of both sides."""
    waves, entries = comparison.waves, comparison.entries
    rescheduled = {one.entry.ref for one in waves.rescheduled}
    told = {(one.entry.ref, one.field.name) for one in entries.moved}
    told.update((one.entry.ref, one.name) for one in waves.changed)
    told.update((ref, "wave") for ref in rescheduled)

    def is_told(change: Changed, field: Field) -> bool:
        if change.entry.kind.name == "wave" and field.name == "moves":
            before, after = field.before or [], field.after or []
            return all(
                str(ref) in rescheduled for ref in (*before, *after) if not (ref in before and ref in after)
            )
        return (change.entry.ref, field.name) in told

    def rest(change: Changed) -> Changed:
        return change._replace(fields=tuple(field for field in change.fields if not is_told(change, field)))

    changed = [left for change in entries.changed if (left := rest(change)).fields]
    renamed, renumbered = (list(map(rest, some)) for some in (entries.renamed, entries.renumbered))
    return Remainder(renamed, renumbered, changed)


def _changes(comparison: Comparison) -> Iterator[str]:
    entries = comparison.entries
    moved = entries.moved
    if len(moved) == 1:
        yield f"{moved[0].entry.ref} {arrival(moved[0])}"
    elif moved:
        yield f"{plural(len(moved), 'entry', 'entries')} moved{_how(moved)}"
    yield from _are([entry.ref for entry in entries.added], "added")
    yield from _are([entry.ref for entry in entries.removed], "removed")
    if len(entries.renamed) == 1:
        change = entries.renamed[0]
        yield f"{change.before.ref} is renamed to {change.entry.id}"
    else:
        yield from _are([change.entry.ref for change in entries.renamed], "renamed")
    yield from _renumbered(comparison)
    left = remainder(comparison)
    yield from _places([change for changes in left for change in changes])
    told = {change.entry.ref for change in (*entries.renamed, *entries.renumbered)}
    others = (
        change for change in left.changed if any(became_known(field) is None for field in change.fields)
    )
    changed = dict.fromkeys(change.entry.ref for change in others)
    changed |= dict.fromkeys(one.entry.ref for one in comparison.waves.changed if one.entry.ref not in told)
    yield from _are([*changed], "changed")
    rescheduled = comparison.waves.rescheduled
    if len(rescheduled) == 1:
        one = rescheduled[0]
        yield f"{one.entry.ref} goes from {one.before or 'no wave'} to {one.after or 'no wave'}"
    elif rescheduled:
        yield f"{len(rescheduled):,} workloads are in another wave"


def _renumbered(comparison: Comparison) -> Iterator[str]:
    changes = comparison.entries.renumbered
    kinds = {change.entry.kind.name: change.entry.kind.plural for change in changes}
    kept = [*kinds] == ["wave"] and not comparison.waves.reordered
    order = " (in the same order; states are compared by number)" if kept else ""
    if len(changes) == 1:
        entry = changes[0].entry
        yield f"{changes[0].before.ref} ({quoted(cut(entry.label))}) is number {entry.id} now{order}"
    elif changes:
        what = next(iter(kinds.values())) if len(kinds) == 1 else "entries"
        yield f"{len(changes):,} {what} have another number{order}"


def arrival(moved: Moved) -> str:
    """How an entry moved: to its target, back from it, or to somewhere else."""
    if moved.field.property and moved.field.property.ordered:  # a path, which is too long for a sentence
        ways = {"reached": "is on its target path now", "left": "went back from its target path"}
        return ways.get(moved.target or "", "takes another path")
    before, after = (value(said, moved.field.property) for said in (moved.field.before, moved.field.after))
    if moved.target == "reached":
        return f"moved from {before} to its target {after}"
    return f"moved {'back ' if moved.target == 'left' else ''}from {before} to {after}"


def _places(changes: Iterable[Changed]) -> Iterator[str]:
    """What is known now, and what no longer is."""
    for known, words in ((True, "known now"), (False, "now unknown")):
        found = [(one, field) for one in changes for field in one.fields if became_known(field) is known]
        if len(found) == 1:
            yield f"the {found[0][1].name} of {found[0][0].entry.ref} is {words}"
        elif found:
            yield f"{len(found):,} places are {words}"


def _how(moved: Iterable[Moved]) -> str:
    counts = Counter(one.target for one in moved)
    said = [f"{counts['reached']:,} to the target"] if counts["reached"] else []
    said += [f"{counts['left']:,} back"] if counts["left"] else []
    return f" ({listed(said)})" if said else ""


def _are(refs: list[str], what: str) -> Iterator[str]:
    if len(refs) == 1:
        yield f"{refs[0]} is {what}"
    elif refs:
        yield f"{len(refs):,} entries are {what}"


def _consequences(comparison: Comparison) -> Iterator[str]:
    yield from _outages(comparison)
    new, gone = comparison.findings
    counts = Counter(told.finding.severity for told in new if told.finding.rule != GUARD)
    lowered = len(new) - counts.total()
    yield from _count(plural(lowered, "guard"), lowered, "lowered")
    said = listed(plural(counts[severity], severity.value) for severity in Severity if counts[severity])
    yield from _count(said, counts.total(), "new")
    accepted = sum(told.accepted is not None for told in gone)
    yield from _count(plural(len(gone) - accepted, "finding"), len(gone) - accepted, "gone")
    yield from _count(plural(accepted, "finding"), accepted, "accepted")
    if path := comparison.critical_path:
        before, after = len(path.before), len(path.after)
        longer = f"{after:,} steps instead of {before:,}" if before != after else f"other steps ({after:,})"
        yield f"the critical path has {longer}"
    edges = ((comparison.edges.added, "gained"), (comparison.edges.removed, "lost"))
    for changes, what in edges if not comparison.outages else ():
        yield from _count(plural(len(changes), "run-time edge"), len(changes), what)


def _count(counted: str, count: int, what: str) -> Iterator[str]:
    if count:
        yield f"{counted} {'is' if count == 1 else 'are'} {what}"


def _outages(comparison: Comparison) -> Iterator[str]:
    outages = comparison.outages
    newly = _hits((outage.machine, outage.newly) for outage in outages)
    no_longer = _hits((outage.machine, outage.no_longer) for outage in outages)
    if newly:
        yield _off(newly, "newly affects", "newly affect")
    if no_longer:
        yield _off(no_longer, "no longer affects", "no longer affect")
    if worse := _hits((outage.machine, _now(outage, "down")) for outage in outages):
        yield f"{_off(worse, 'takes down', 'take down')} (before: only degraded)"
    if better := _hits((outage.machine, _now(outage, "degraded")) for outage in outages):
        yield f"{_off(better, 'only degrades', 'only degrade')} (before: down)"


def _now(outage: OutageChange, effect: str) -> tuple[tuple[str, str], ...]:
    """What an outage affects otherwise than before, and has this effect on."""
    return tuple((hit.ref, hit.after) for hit in outage.otherwise if hit.after == effect)


def _hits(told: Iterable[tuple[str, tuple[tuple[str, str], ...]]]) -> dict[str, set[str]]:
    """The production nodes that the outage of each machine affects, in whatever state, and however."""
    found: dict[str, set[str]] = {}
    for machine, hits in told:
        if hits:
            found.setdefault(machine, set()).update(ref for ref, _ in hits)
    return found


def _off(hits: dict[str, set[str]], one: str, many: str) -> str:
    nodes = set[str]().union(*hits.values())
    whom = next(iter(nodes)) if len(nodes) == 1 else plural(len(nodes), "production node")
    if len(hits) == 1:
        return f"an outage of {next(iter(hits))} {one} {whom}"
    return f"outages of {len(hits):,} machines {many} {whom}"
