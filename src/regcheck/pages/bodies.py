"""The prose of an entry document as HTML: its Markdown, and nothing that a browser could run.

markdown-it reads it by CommonMark without raw HTML, and takes no link to a
scheme that runs or opens something (its `validateLink`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from regcheck.model import Entry
from regcheck.pages import leading, markup
from regcheck.pages.page import relative
from regcheck.pages.site import Site
from regcheck.reading import front_matter

HEADING = re.compile(r"(</?h)([1-6])\b")
LOWEST = 6


def body(entry: Entry, page: str, site: Site) -> str:
    """What the file of an entry document says below its front matter; nothing for any other entry."""
    text = entry.source.text
    matter = front_matter.read(entry.source) if entry.source.path.lower().endswith(".md") else None
    pairs = matter.fields.pairs if matter and matter.fields else {}
    if matter is None or "entry" not in pairs:
        return ""
    said = text[matter.body :].strip()
    html = rendered(said, lambda target: _leads(target, entry.source.path, page, site))
    return markup.block("div", [html], "rc-body") if said else ""


def rendered(text: str, leads: Callable[[str], str | None] = str) -> str:
    """Markdown as HTML, its headings two levels down: above it stand those of the page.

    `leads` says where a link leads from the page; where that is nowhere, only its text stays.
    """
    reader = _reader()
    tokens = reader.parse(text)
    for token in tokens:
        token.children = [*_led(token.children or [], leads)] if token.type == "inline" else token.children
    html: str = reader.renderer.render(tokens, reader.options, {})
    return HEADING.sub(lambda tag: f"{tag[1]}{min(int(tag[2]) + 2, LOWEST)}", html)


def _led(tokens: Iterable[Any], leads: Callable[[str], str | None]) -> Iterator[Any]:
    """The tokens of a line of text, its links led; no link is in another one (CommonMark 6.3)."""
    unlinked = False
    for token in tokens:
        if token.type == "link_open":
            address = leads(str(token.attrs["href"]))
            unlinked = address is None
            token.attrs["href"] = address
        if not (unlinked and token.type in {"link_open", "link_close"}):
            yield token


def _leads(target: str, file: str, page: str, site: Site) -> str | None:
    """Where a page leads for a link in the file of an entry."""
    if leading.ELSEWHERE.match(target):
        return target
    if (named := leading.named(file, target)) is None:
        return None
    if (shown := leading.shown_at(named, site)) is None:
        return leading.on_forge(named, site)
    anchor = target.partition("#")[2] if named in site.documents else ""
    return relative(shown, page) + (f"#{anchor}" if anchor else "")


@cache
def _reader() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
