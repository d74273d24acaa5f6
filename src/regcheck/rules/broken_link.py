from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.graph.links import broken_links
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule
from regcheck.words import shorten


@rule(severity=Severity.ERROR, since="0.1")
def broken_link(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A relative link or an anchor that leads nowhere.

    ## Why it matters

    Documents, registers and the pages made from them hold together by their
    links. A file that was renamed, or a heading that was reworded, breaks them
    without a sound, and whoever needs the runbook at night finds nothing.

    Looked at are the Markdown files that are read (inline links and images,
    reference definitions and their uses, `href` and `src`) and the `links` of
    entries that look like paths. Paths are relative to the file, or to the
    repository's root where they begin with `/`; the case of letters counts.
    Addresses on other hosts are left alone, and so is what stands in code.

    ## How to fix it

    Correct the path or the anchor, or remove the link.

    ## Example

    ```markdown
    <!-- regcheck: register=machine -->

    | Machine | Role | Notes |
    | --- | --- | --- |
    | oldbox | frozen | See [how it is drained](#the-drain). |

    ## How the drain goes
    ```

    The heading has another anchor:

    ```markdown
    <!-- regcheck: register=machine -->

    | Machine | Role | Notes |
    | --- | --- | --- |
    | oldbox | frozen | See [how it is drained](#how-the-drain-goes). |

    ## How the drain goes
    ```
    """
    for link in broken_links(fleet.fleet):
        yield report(
            link.position,
            f"the link {shorten(link.written)} {link.wrong}",
            link.help,
            entry=(link.entry.ref or None) if link.entry else None,
        )
