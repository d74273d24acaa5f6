from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, problems, rule


@rule(severity=Severity.ERROR, since="0.1", silenced_by=("baseline",))
def unreadable_file(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A file that the globs name and that cannot be read as text.

    It is not UTF-8, has a NUL byte, is larger than 100 MiB, may not be opened,
    is no regular file, or is a symbolic link that leads out of the repository.
    A folder that cannot be listed hides all its files: it is told in their place.

    ## Why it matters

    Whatever the file says about the fleet is missing from every answer. A drain
    order computed without it looks complete and is not.

    ## How to fix it

    Save the file as UTF-8, put the file itself where a link stood, or take it
    out of `registers` in `regcheck.toml`.

    ## Example

    Saved as Latin-1, in which `ö` is the single byte F6:

    ```text
    register: machine
    entries:
      - {id: newbox, role: production, name: K<F6>ln}
    ```

    Saved as UTF-8:

    ```text
    register: machine
    entries:
      - {id: newbox, role: production, name: Köln}
    ```
    """
    yield from problems(fleet, report)
