"""A generated page as MkDocs builds it: its text comes late, and what many pages have alike is read once."""

from __future__ import annotations

import re
from typing import NamedTuple

from markdown.extensions.toc import slugify
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from regcheck.drawing.picture import plain
from regcheck.pages import Page, explorer, markup
from regcheck.publishing.stash import Kept

ID = re.compile(r'<[^>]*\sid="([^"]*)"')
TITLE = "Rckept 9f8b2c71d0e64a53"
"""Stands for the title of a page in what many pages have alike: nobody else says this."""


class Read(NamedTuple):
    """What MkDocs makes of some Markdown."""

    content: str
    toc: TableOfContents
    anchors: frozenset[str]

    def titled(self, title: str, anchor: str) -> Read:
        """The same with a title, which is HTML, in the place of `TITLE`."""
        (top,) = self.toc
        content = self.content.replace(f'"{top.id}"', f'"{anchor}"').replace(f'"#{top.id}"', f'"#{anchor}"')
        first = AnchorLink(title, anchor, top.level)
        first.children = top.children
        return Read(content.replace(TITLE, title), TableOfContents([first]), self.anchors | {anchor})


class Generated(MkDocsPage):
    """A page of the fleet.

    While MkDocs goes through all pages it has a title only; its text comes when
    it is built, and goes when it is written, so that it does not matter how many
    pages there are. Plugins that change Markdown see none of it: nothing in a
    register is a command to them.
    """

    template: str | None = None
    """What renders it in the place of the theme's own template."""
    alike: Read | None = None
    """What was read for it and for other pages; None where it was read for itself."""

    def __init__(self, made: Page, title: str | None, file: File, config: MkDocsConfig) -> None:
        """`title` is that of the navigation, if it has one."""
        super().__init__(title, file, config)
        self.made = made
        self.files: Files
        self.kept: Kept

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002
        """Take what a builder is told of the page."""
        self.markdown, self.meta = "", self.made.front
        if self.template:
            self.meta["template"] = self.template

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """Wait with the text."""
        self.content, self.files = "", files

    def fill(self, kept: Kept, config: MkDocsConfig, known: dict[str, Read]) -> None:
        """Read the text; `known` is what was made of the same Markdown on other pages."""
        self.kept, text = kept, kept.skeleton
        if text not in known:
            known[text] = self._read(f"# {TITLE}\n\n{text}", config)
        read, anchor = known[text], anchor_of(self.made.title, config)
        first = [(item.id, item.level) for item in read.toc]
        alike = first == [(anchor_of(TITLE, config), 1)] and anchor and anchor not in read.anchors
        self.alike = read if alike else None
        if self.alike:
            read = read.titled(markup.prose(self.made.title), anchor)
        else:
            read = self._read(f"{self.made.heading}\n\n{text}", config)
        self.content, self.toc = kept.in_words(read.content), read.toc
        anchors = {*read.anchors, *(id_ for block in kept.blocks for id_ in ID.findall(block))}
        self.present_anchor_ids = _Views(anchors) if self.made.path == explorer.PATH else anchors

    def _read(self, markdown: str, config: MkDocsConfig) -> Read:
        self.markdown = markdown
        super().render(config, self.files)
        return Read(self.content or "", self.toc, frozenset(self.present_anchor_ids or ()))

    def finished(self, html: str) -> str:
        """The whole page with its blocks; what it was made of is given up."""
        html = self.kept.put_back(html)
        self.markdown = self.content = ""
        del self.kept
        return html


class _Views(set[str]):
    """The anchors of the explorer, where each view of the fleet has an address, such as `#off=machine:m`."""

    def __contains__(self, anchor: object) -> bool:
        return super().__contains__(anchor) or "=" in str(anchor)


def anchor_of(title: str, config: MkDocsConfig) -> str:
    """The anchor of a heading, as the extension `toc` of Python-Markdown makes it."""
    said = (config.mdx_configs or {}).get("toc", {})
    found: str = said.get("slugify", slugify)(plain(title), said.get("separator", "-"))
    return found
