"""The navigation of the site: the same few lines on every page, however many pages there are.

Builders repeat it on each page, so that no entry has a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from regcheck.pages.page import address

NAVIGATION: tuple[tuple[str, str | tuple[tuple[str, str], ...]], ...] = (
    ("Overview", "index.md"),
    ("Explorer", "explorer.md"),
    (
        "The move",
        (
            ("Drain", "drain/index.md"),
            ("Tasks", "tasks/index.md"),
            ("Outages", "outages/index.md"),
            ("Progress", "progress.md"),
        ),
    ),
    (
        "The fleet",
        (
            ("Topology now", "topology/now.md"),
            ("Topology at target", "topology/target.md"),
            ("Machines", "machines/index.md"),
            ("Workloads", "workloads/index.md"),
        ),
    ),
    (
        "The files",
        (
            ("Registers", "registers/index.md"),
            ("Findings", "findings.md"),
            ("Documents", "documents.md"),
        ),
    ),
    ("Reference", (("Rules", "rules/index.md"), ("Kinds", "kinds/index.md"), ("Glossary", "glossary.md"))),
)


def navigation(pages: Iterable[str]) -> list[dict[str, Any]]:
    """The navigation as `nav` of `mkdocs.yml` has it, without what is not there."""
    there = {address(path): path for path in sorted(pages) if path.endswith(".md")}
    found: list[dict[str, Any]] = []
    for name, leads in NAVIGATION:
        if isinstance(leads, str):
            found += [{name: there[at]}] if (at := address(leads)) in there else []
        elif inner := [{title: there[at]} for title, path in leads if (at := address(path)) in there]:
            found.append({name: inner})
    return found


def titles(nav: Any) -> Iterator[tuple[str, str | None]]:
    """The path of each page to which a `nav` leads, and the title that it gives the page."""
    for item in nav or ():
        if isinstance(item, str):
            yield item, None
        for title, leads in item.items() if isinstance(item, dict) else ():
            if isinstance(leads, str):
                yield leads, title
            else:
                yield from titles(leads)
