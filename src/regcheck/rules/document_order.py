from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from regcheck.graph import FleetGraph
from regcheck.model import Entry, Finding, Related, Severity
from regcheck.rule import Report, rule

NUMBERED = re.compile(r"adr[-_]?([0-9]{1,9})(?![0-9])", re.IGNORECASE)


@rule(severity=Severity.ERROR, since="0.1")
def document_order(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Two ADRs with one number, a number left out, or a superseded document without its successor.

    ## Why it matters

    People cite decisions by number. Two with one number make every citation
    doubtful; a missing number looks like a decision that somebody lost; and a
    superseded document that does not say what took its place leaves its reader
    with a rule that no longer holds.

    ## How to fix it

    Give the later document a number of its own. Close a gap with the document
    that is missing (one that was rejected keeps its number, with the status
    `rejected`). Name the successor in `superseded_by`.

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
    numbered: dict[int, list[Entry]] = {}
    successors: dict[str, Entry] = {}
    for document in documents:
        if found := NUMBERED.match(document.id):
            numbered.setdefault(int(found[1]), []).append(document)
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
