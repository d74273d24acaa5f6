from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule

CANON = "canon"
AWAITING = ("draft", "proposed")


@rule(severity=Severity.ERROR, since="0.1")
def misplaced_document(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A canon document outside a folder named `canon`, or a draft inside one.

    ## Why it matters

    People and tools tell what binds them by the folder. A draft among the canon
    is obeyed before anybody agreed to it, and a decision that lies with the
    drafts is taken for one that can still be argued.

    ## How to fix it

    Move the file when its status changes, in the same commit: into a folder
    named `canon` on promotion, out of it when it is opened again. Documents that
    are superseded or rejected may stay where they are.

    ## Example

    The file `docs/proposed/freeze.md`:

    ```markdown
    ---
    entry: document
    id: freeze
    title: Nothing new on the old host
    status: canon
    date: 2026-03-02
    ---
    ```

    The same as `docs/canon/freeze.md`, or in its old place as long as it waits
    for its review:

    ```markdown
    ---
    entry: document
    id: freeze
    title: Nothing new on the old host
    status: proposed
    date: 2026-03-02
    ---
    ```
    """
    for register in fleet.fleet.registers:
        if register.kind.name != "document" or register.shape != "document":
            continue
        folders = register.source.path.split("/")[:-1]
        for document in register.entries:
            status = document.get("status")
            if status == CANON and CANON not in folders:
                wrong = f"is `{CANON}` and lies outside every folder named `{CANON}`"
                help = f"move the file into a folder named `{CANON}`, or call it `proposed` until its review"
            elif status in AWAITING and CANON in folders:
                wrong = f"is `{status}` and lies in a folder named `{CANON}`"
                help = f"move the file out of it until its review, or call it `{CANON}` if that was given"
            else:
                continue
            yield report(document.at("status"), f"{document.subject} {wrong}", help, entry=document.ref)
