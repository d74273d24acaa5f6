"""The links of hand-written pages: those that leave the folder of pages for a register lead to its page."""

from __future__ import annotations

import posixpath
import re

from regcheck.pages import Site, explorer, leading
from regcheck.pages.page import address
from regcheck.reading.links import Link, links, may_link

VIEW = re.compile(rf"(?<![^/]){re.escape(explorer.PATH)}(?=#[^#]*=)")


def relinked(text: str, path: str, docs: str, site: Site, *, views: bool = False) -> str:
    """The text of the page at a path below `docs`, the folder of pages below the root.

    A link to a register leads to the page of its entry or of its kind; one to
    another file of the repository leads to the forge, and where there is none,
    its text alone is left. Links among the pages stay as they are; with `views`
    one to a view of the explorer names what is built, where it is no anchor.
    """
    if not may_link(text):
        return text
    pieces, at = [], 0
    for link in links(text):
        if not isinstance(link, Link) or link.span[0] < at:
            continue
        if views and (view := VIEW.search(link.target)):
            built = f"{link.target[: view.start()]}{address(view[0])}{link.target[view.end() :]}"
            pieces += [text[at : link.span[0]], built]
            at = link.span[1]
            continue
        if not _leaves(link.target, path, docs, site):
            continue
        whole = text[slice(*link.whole)]
        if whole.startswith(("!", "<img", "<IMG")):  # what it shows must lie among the pages
            continue
        leads = _leads(leading.named(f"{docs}/{path}", link.target), path, site)
        if leads and whole.startswith("<"):  # nobody makes an address of what stands in HTML
            leads = address(leads)
        span, new = (link.span, leads) if leads else _unlinked(text, link)
        pieces += [text[at : span[0]], new]
        at = span[1]
    return "".join([*pieces, text[at:]])


def _leaves(target: str, path: str, docs: str, site: Site) -> bool:
    """Whether a link leads from a page to a file outside the folder of pages."""
    if leading.ELSEWHERE.match(target) or target.startswith("#"):
        return False
    named = leading.named(f"{docs}/{path}", target)
    if target.startswith("/") and named is not None and not leading.is_file(named, site):
        return False
    return named is None or not (named == docs or named.startswith(f"{docs}/"))


def _leads(file: str | None, page: str, site: Site) -> str | None:
    """Where a page leads for a file of the repository; None where that is not to be seen anywhere."""
    if file is None:
        return None
    if (shown := leading.shown_at(file, site)) is not None:
        # Markdown names the source of a page: what is built of it is its builder's business.
        return posixpath.relpath(shown, posixpath.dirname(page) or ".")
    return leading.on_forge(file, site)


def _unlinked(text: str, link: Link) -> tuple[tuple[int, int], str]:
    """An inline link without its address; any other keeps what it has, for the builder to complain of."""
    whole = text[slice(*link.whole)]
    said = re.fullmatch(r"!?\[(.*)\]\(.*\)", whole, re.DOTALL)
    return (link.whole, said[1]) if said else (link.span, text[slice(*link.span)])
