"""Blocks of generated HTML kept aside while a builder reads the Markdown around them.

A reader of Markdown goes through every tag of a block only to leave it as it is,
twice, and the search once more: most of the time that a large site takes. What
is left is the same on a thousand pages, so that it can be read once. What comes
out is the same to the byte.
"""

from __future__ import annotations

import re
from typing import NamedTuple

OPENING = re.compile(r"^<(?P<tag>div|figure|dl|ul|ol|p)\b[^\n>]*>", re.MULTILINE)
KEPT = re.compile(r'<div data-rc-kept="(?P<number>[0-9]+)">[^<]*</div>')
TAG = re.compile(r"<[^>]*>")
UNSEARCHED = "data-search-exclude"
"""An attribute of what the search need not look into."""


class Kept(NamedTuple):
    """The text of a page, its blocks apart."""

    skeleton: str
    """The Markdown with a mark in the place of each block."""
    blocks: list[str]
    words: list[str]
    """Those of each block that the search is to find, as HTML."""

    def in_words(self, html: str) -> str:
        """The HTML of the skeleton with the words of each block in its place."""
        return KEPT.sub(lambda mark: f"{mark[0][:-6]}{self.words[int(mark['number'])]}</div>", html)

    def put_back(self, html: str) -> str:
        """The HTML with its blocks."""
        return KEPT.sub(lambda mark: self.blocks[int(mark["number"])], html)


def kept_aside(text: str) -> Kept:
    """The text of a page with a small mark in the place of each block of HTML."""
    parts: list[str] = []
    blocks: list[str] = []
    at = 0
    while opening := OPENING.search(text, at):
        end = _end(text, opening.end(), opening["tag"])
        parts += [text[at : opening.start()], f'<div data-rc-kept="{len(blocks)}"></div>\n']
        blocks.append(text[opening.start() : end].rstrip("\n"))
        at = end
    return Kept("".join([*parts, text[at:]]), blocks, [*map(_words, blocks)])


def _words(block: str) -> str:
    if UNSEARCHED in block[: block.index(">")]:
        return ""
    return " ".join(TAG.sub(" ", block.replace("<wbr>", "")).split())


def _end(text: str, at: int, tag: str) -> int:
    """Where the block ends that was opened before an offset."""
    depth = 1
    for mark in re.compile(rf"<(/?){tag}\b[^>]*>\n?").finditer(text, at):
        depth += -1 if mark[1] else 1
        if not depth:
            return mark.end()
    return len(text)
