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


def about(site: Site, document: Entry, page: str) -> str:
    """What is said above the text of a document that is a page: how it stands, since when, beside what."""
    return markup.facts(
        [
            ("Status", entries.value(site, document, "status", page)),
            ("Date", entries.value(site, document, "date", page)),
            ("Superseded by", entries.value(site, document, "superseded_by", page)),
            ("Related", _beside(site, document, page)),
            ("All", markup.link(relative(PATH, page), "Documents")),
        ]
    )


def _beside(site: Site, document: Entry, page: str) -> str:
    return markup.enumerated(_related(site, str(name), page) for name in document.list("related"))


def _related(site: Site, name: str, page: str) -> str:
    """An entry of which a document says that it has to do with it, whatever its kind."""
    refs = (name, *(f"{kind}:{name}" for kind in ("document", "task", "workload", "machine", "policy")))
    found = next((other for ref in refs if (other := site.fleet.get(ref))), None)
    if found is None:
        return html(name)
    path = site.documents.get(found.source.path) if found.kind.name == "document" else None
    return markup.link(relative(path, page), html(found.label)) if path else site.name(found.ref, page)


def _row(site: Site, document: Entry) -> Iterator[str]:
    path = site.documents.get(document.source.path)
    yield markup.link(relative(path, PATH), html(document.label)) if path else html(document.label)
    for name in ("status", "date"):
        yield entries.value(site, document, name, PATH)
    yield _beside(site, document, PATH)
    yield site.source(document.position)
