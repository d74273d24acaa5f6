"""What Material puts around the text of a page, rendered once for all pages around which it is the same.

A template takes longer for its part of a page than all else together. So of the
pages that differ by their title, their text and the name of their file only, one
without a title of its own is rendered, and the others are made of it. What comes
out is the same to the byte.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from jinja2 import ChoiceLoader, DictLoader, Environment
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation

from regcheck.publishing.mkdocs_pages import TITLE, Generated, Read, anchor_of

TEMPLATE = "regcheck-framed.html"
"""The template of a page that has a frame: there is nothing for it to do."""
THEME, THEMES_OWN = "material", "main.html"
PLUGINS = frozenset({"material/search", "material/offline", "regcheck"})
"""Those that do the same to every page."""
NAME = "rckept-name-9f8b2c71d0e64a53"
TEXT = "<h1>rckept-9f8b2c71d0e64a53</h1>"
"""A text with a heading, as each page has it that is like others: the theme adds none."""


class Frames:
    """The frames of a site, by what they depend on."""

    def __init__(self, config: MkDocsConfig, nav: Navigation, finish: Callable[[str], str]) -> None:
        """`finish` makes of a rendered page what is written."""
        self._config, self._nav, self._finish = config, nav, finish
        self._anchor = anchor_of(TITLE, config)
        self._token = re.compile("|".join(map(re.escape, (TITLE, self._anchor, NAME))))
        self._found: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._files: Files
        self._environment: Environment

    def use(self, environment: Environment, files: Files) -> None:
        """Take what pages are rendered with."""
        loaders = [environment.loader] if environment.loader else []
        environment.loader = ChoiceLoader([DictLoader({TEMPLATE: ""}), *loaders])
        self._environment, self._files = environment, files

    def around(self, page: Generated) -> str:
        """A page as the theme renders it, but for the blocks that are kept aside."""
        if page.alike is None:
            return self._rendered(page)
        folder = posixpath.dirname(page.file.src_uri)
        key = (folder, page.kept.skeleton, str(page.made._replace(title="").front))
        if key not in self._found:
            model = self._model(page, page.alike, posixpath.join(folder, f"{NAME}.md"))
            opening, _, closing = self._rendered(model).partition(TEXT)
            self._found[key] = opening, closing
        name = posixpath.basename(page.file.url).removesuffix(".html")
        own = {TITLE: str(page.title), self._anchor: page.toc.items[0].id, NAME: name}
        opening, closing = (self._token.sub(lambda token: own[token[0]], part) for part in self._found[key])
        return f"{opening}{page.content}{closing}"

    def _model(self, page: Generated, read: Read, path: str) -> Generated:
        """A page that is like another one, and has nothing of its own."""
        file = File.generated(self._config, path, content="")
        model = Generated(page.made._replace(title=TITLE), None, file, self._config)
        model.read_source(self._config)
        model.content, model.toc = TEXT, read.toc
        return model

    def _rendered(self, page: Generated) -> str:
        context = get_context(self._nav, self._files, self._config, page)
        return self._finish(self._environment.get_template(THEMES_OWN).render(context))


def possible(config: MkDocsConfig) -> bool:
    """Whether nothing but what is known here has a word in how a page is rendered."""
    own = config.theme.custom_dir or config.hooks
    return not own and config.theme.name == THEME and PLUGINS.issuperset(config.plugins)
