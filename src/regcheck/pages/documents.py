"""The canon documents: what is in force, what awaits review, what was replaced."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from regcheck.model import Entry
from regcheck.pages import entries, markup
from regcheck.pages.markup import html
from regcheck.pages.page import Page, relative
from regcheck.pages.site import Site

PATH = "documents.md"
STATUSES = ("canon", "proposed", "draft", "superseded", "rejected")


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    yield Page(PATH, "Documents", partial(_text, site), wide=True)


def _text(site: Site) -> str:
    documents = list(site.fleet.of("document").values())
    if not documents:
        return "No documents are named in the settings (`documents`).\n"
    order = {status: at for at, status in enumerate(STATUSES)}
    documents.sort(key=lambda d: (order.get(str(d.get("status")), len(order)), str(d.get("date")), d.id))
    rows = [_row(site, document) for document in documents]
    lead = "What was decided about this fleet, and what is proposed. A draft becomes canon by review.\n\n"
    heads = ("Document", "Status", "Date", "Related", "Written in")
    return lead + markup.table(heads, rows, caption="Canon documents", tools=True)


def _related(site: Site, name: str) -> str:
    other = site.fleet.get(f"document:{name}")
    return site.name(other.ref, PATH) if other else html(name)


def _row(site: Site, document: Entry) -> Iterator[str]:
    path = site.documents.get(document.source.path)
    yield markup.link(relative(path, PATH), html(document.label)) if path else html(document.label)
    for name in ("status", "date"):
        yield entries.value(site, document, name, PATH)
    yield markup.enumerated(_related(site, str(name)) for name in document.list("related"))
    yield site.source(document.position)
