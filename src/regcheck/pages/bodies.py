"""The prose of an entry document as HTML: its Markdown, and nothing that a browser could run.

markdown-it reads it by CommonMark without raw HTML, and takes no link to a
scheme that runs or opens something (its `validateLink`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from regcheck.model import Entry
from regcheck.pages import markup
from regcheck.reading import front_matter

HEADING = re.compile(r"(</?h)([1-6])\b")
LOWEST = 6


def body(entry: Entry) -> str:
    """What the file of an entry document says below its front matter; nothing for any other entry."""
    text = entry.source.text
    matter = front_matter.read(entry.source) if entry.source.path.lower().endswith(".md") else None
    pairs = matter.fields.pairs if matter and matter.fields else {}
    if matter is None or "entry" not in pairs:
        return ""
    said = text[matter.body :].strip()
    return markup.block("div", [rendered(said)], "rc-body") if said else ""


def rendered(text: str) -> str:
    """Markdown as HTML, its headings two levels down: above it stand those of the page."""
    html: str = _reader().render(text)
    return HEADING.sub(lambda tag: f"{tag[1]}{min(int(tag[2]) + 2, LOWEST)}", html)


@cache
def _reader() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
