from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from regcheck.graph import FleetGraph
from regcheck.model import Entry, Finding, Related, Severity
from regcheck.rule import Report, rule

NUMBERED = re.compile(r"adr[-_]?([0-9]{1,9})(?![0-9])", re.IGNORECASE)
NOT_IN_FORCE = ("draft", "proposed", "rejected")


@rule(severity=Severity.ERROR, since="0.1")
def document_order(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Two ADRs with one number, a number left out, or a superseded document that leads to no other.

    ## Why it matters

    People cite decisions by number. Two with one number make every citation
    doubtful; a missing number looks like a decision that somebody lost; and a
    superseded document that does not say what took its place, or leads its
    reader in a circle, leaves nobody with a rule that holds.

    The number of an ADR is that in its id (`adr-003-one-home`), or else in the
    name of its file.

    ## How to fix it

    Give the later document a number of its own. Close a gap with the document
    that is missing (one that was rejected keeps its number, with the status
    `rejected`). Name the successor in `superseded_by`; the last one in a chain of
    successors is not superseded.

    ## Example

    ```yaml
    register: document
    entries:
      - {id: adr-001-files-first, title: Files first, status: superseded, date: 2026-01-05}
      - {id: adr-003-one-home, title: One home, status: canon, date: 2026-03-02}
    ```

    Nothing is missing, and the reader of the first is led on:

    ```yaml
    register: document
    entries:
      - id: adr-001-files-first
        title: Files first
        status: superseded
        superseded_by: adr-002-one-home
        date: 2026-03-02
      - {id: adr-002-one-home, title: One home, status: canon, date: 2026-03-02}
    ```
    """
    documents = fleet.fleet.of("document").values()
    files = {(r.entries[0].ref, r.source.path) for r in fleet.fleet.registers if r.shape == "document"}
    numbered: dict[int, list[Entry]] = {}
    successors: dict[str, Entry] = {}
    for document in documents:
        if (number := _number(document, files)) is not None:
            numbered.setdefault(number, []).append(document)
        for replaced in document.links.get("supersedes", ()):
            successors.setdefault(replaced, document)
    for number, (oldest, *others) in sorted(numbered.items()):
        for other in others:
            yield report(
                other.position,
                f"{other.ref} has the number {number}, and so has {oldest.ref}",
                "give the later one the next free number, also in its file name and where it is cited",
                entry=other.ref,
                related=[Related(oldest.position, f"{oldest.ref} has the number {number}")],
            )
    for before, after in pairwise(sorted(numbered)):
        first, last = before + 1, after - 1
        if first <= last:
            document, older = numbered[after][0], numbered[before][0]
            missing = (
                f"ADR has the number {first}" if first == last else f"ADRs are numbered {first} to {last}"
            )
            yield report(
                document.position,
                f"{document.ref} follows {older.ref}: no {missing}",
                "add what is missing (a rejected ADR keeps its number), or number this one anew",
                entry=document.ref,
                related=[Related(older.position, f"{older.ref} has the number {before}")],
            )
    for document in documents:
        if document.get("status") != "superseded" or document.undecided("superseded_by"):
            continue
        if "superseded_by" not in document.values:
            successor = successors.get(document.ref)
            related = (
                [Related(successor.at("supersedes"), f"{successor.ref} supersedes it")] if successor else []
            )
            help = "name what replaced it in `superseded_by`, or call it `rejected` if nothing did"
            yield report(
                document.at("status"),
                f"{document.ref} is superseded, and does not say by what",
                f"write `superseded_by: {successor.id}`" if successor else help,
                entry=document.ref,
                related=related,
            )
            continue
        newer = fleet.fleet.get(document.link("superseded_by") or "")
        if newer and newer.get("status") in NOT_IN_FORCE:
            status = newer.get("status")
            yield report(
                document.at("superseded_by"),
                f"{document.ref} is superseded by {newer.ref}, which is {status} and not in force",
                "name the document that is in force, or keep this one until there is another",
                entry=document.ref,
                related=[Related(newer.at("status"), f"{newer.ref} is {status}")],
            )
    for circle in _circles(documents):
        opening, others = circle[0], circle[1:]
        chain = " → ".join(one.ref for one in (*circle, opening))
        yield report(
            opening.at("superseded_by"),
            f"superseded documents lead in a circle: {chain}"
            if others
            else f"{opening.ref} is superseded by itself",
            "name in `superseded_by` the document that is in force, and give that one its status `canon`",
            entry=opening.ref,
            related=[Related(one.at("superseded_by"), f"{one.ref} leads on in the circle") for one in others],
        )


def _number(document: Entry, files: set[tuple[str, str]]) -> int | None:
    """The number in the id of a document, or else in the name of the file that is about it alone."""
    found = NUMBERED.match(document.id)
    if found is None and (document.ref, document.source.path) in files:
        found = NUMBERED.match(posixpath.basename(document.source.path))
    return int(found[1]) if found else None


def _circles(documents: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The circles in which superseded documents name their successors, each from its first id on."""
    led = {one.ref: one for one in documents if one.get("status") == "superseded"}
    seen: set[str] = set()
    for document in led.values():
        way: dict[str, Entry] = {}
        here: Entry | None = document
        while here and here.ref not in seen:
            seen.add(here.ref)
            way[here.ref] = here
            here = led.get(here.link("superseded_by") or "")
        if here and here.ref in way:
            refs = [*way]
            loop = refs[refs.index(here.ref) :]
            start = loop.index(min(loop))
            yield [way[ref] for ref in loop[start:] + loop[:start]]
