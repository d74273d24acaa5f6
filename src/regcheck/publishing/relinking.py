"""The links of hand-written pages: those that leave the folder of pages for a register lead to its page."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote, unquote

from regcheck.model import Register
from regcheck.pages import Site
from regcheck.pages.site import register_path
from regcheck.reading.links import Link, links, may_link

ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|/|#")
"""How an address begins that is no path from the page on."""


def relinked(text: str, path: str, docs: str, site: Site) -> str:
    """The text of the page at a path below `docs`, the folder of pages below the root.

    A link to a register leads to the page of its entry or of its kind; one to
    another file of the repository leads to the forge, and where there is none,
    its text alone is left. Links among the pages stay as they are.
    """
    if not may_link(text):
        return text
    pieces, at = [], 0
    for link in links(text):
        if not isinstance(link, Link) or link.span[0] < at or ELSEWHERE.match(link.target):
            continue
        target = link.target.partition("#")[0]
        full = posixpath.normpath(posixpath.join(docs, posixpath.dirname(path), unquote(target)))
        if not target or full == docs or full.startswith(f"{docs}/"):
            continue
        leads = _leads(full, path, site)
        span, new = (link.span, leads) if leads else _unlinked(text, link)
        pieces += [text[at : span[0]], new]
        at = span[1]
    return "".join([*pieces, text[at:]])


def _leads(file: str, page: str, site: Site) -> str:
    """Where a page leads for a file of the repository; nothing where that is not to be seen anywhere."""
    register = _registers(site).get(file)
    if register is not None:
        alone = register.shape == "document" and register.entries
        shown = site.path(register.entries[0]) if alone else register_path(register.kind.name)
        # Markdown names the source of a page, as its builder wants it.
        return posixpath.relpath(shown, posixpath.dirname(page) or ".")
    if file.startswith("../") or not site.forge.line:
        return ""
    return site.forge.line.replace("{path}", quote(file)).partition("#")[0]


def _registers(site: Site) -> dict[str, Register]:
    found: dict[str, Register] = {}
    for register in site.fleet.registers:
        found.setdefault(register.source.path, register)
    return found


def _unlinked(text: str, link: Link) -> tuple[tuple[int, int], str]:
    """An inline link without its address; any other keeps what it has, for the builder to complain of."""
    whole = text[slice(*link.whole)]
    said = re.fullmatch(r"!?\[(.*)\]\(.*\)", whole, re.DOTALL)
    return (link.whole, said[1]) if said else (link.span, text[slice(*link.span)])
