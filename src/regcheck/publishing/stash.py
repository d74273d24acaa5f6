"""Blocks of generated HTML kept aside while a builder reads the Markdown around them.

A reader of Markdown goes through every tag of a block only to leave it as it is,
twice, and the search once more: most of the time that a large site takes. What
comes out is the same to the byte.
"""

from __future__ import annotations

import re

OPENING = re.compile(r"^<(?P<tag>div|figure|dl|ul|ol)(?: class=\"rc-[^\n>]*)?>\n", re.MULTILINE)
LEAST = 400
"""Characters of a block below which it is not worth it."""
KEPT = re.compile(r'<div data-rc-kept="(?P<number>[0-9]+)">[^<]*</div>')
TAG = re.compile(r"<[^>]*>")
MAP = 'class="rc-map'
"""What the search need not look into: a map shows what tables say."""


class Stash:
    """The blocks of one page."""

    def __init__(self) -> None:
        self.blocks: list[str] = []

    def take(self, text: str) -> str:
        """The text with a small mark in the place of each large block."""
        parts, at = [], 0
        for opening in OPENING.finditer(text):
            if opening.start() < at:
                continue  # inside the last one
            end = _end(text, opening.end(), opening["tag"])
            if end - opening.start() < LEAST:
                continue
            parts += [text[at : opening.start()], f'<div data-rc-kept="{len(self.blocks)}"></div>\n']
            self.blocks.append(text[opening.start() : end].rstrip("\n"))
            at = end
        return "".join([*parts, text[at:]])

    def in_words(self, html: str) -> str:
        """The HTML with the words of each block in its place, which is all that the search wants of it."""
        return KEPT.sub(self._words, html)

    def _words(self, mark: re.Match[str]) -> str:
        block = self.blocks[int(mark["number"])]
        words = "" if MAP in block[:200] else " ".join(TAG.sub(" ", block).split())
        return f'<div data-rc-kept="{mark["number"]}">{words}</div>'

    def put_back(self, html: str) -> str:
        """The HTML with its blocks."""
        return KEPT.sub(lambda mark: self.blocks[int(mark["number"])], html)


def _end(text: str, at: int, tag: str) -> int:
    """Where the block ends that was opened before an offset."""
    depth = 1
    for mark in re.finditer(rf"<(/?){tag}\b[^>]*>\n?", text[at:]):
        depth += -1 if mark[1] else 1
        if not depth:
            return at + mark.end()
    return len(text)
