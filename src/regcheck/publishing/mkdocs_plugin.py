"""The plugin for MkDocs: generated pages join the hand-written ones. The one door to MkDocs."""

from __future__ import annotations

import gc
import os
from typing import Any, Literal

from mkdocs.config.base import Config
from mkdocs.config.config_options import Optional, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from regcheck.errors import RegcheckError
from regcheck.publishing import policy
from regcheck.publishing.assemble import POLYFILL, SCRIPTS, STYLES, Assembly, Notes, Source, assemble
from regcheck.publishing.forge import forge
from regcheck.publishing.navigation import navigation
from regcheck.publishing.stash import Stash
from regcheck.settings import find_root
from regcheck.terminal import visible

log = get_plugin_logger("regcheck")
LINKED = "registers/"
"""The folder of the pages to whose anchors hand-written pages may link."""


class Options(Config):
    """What `mkdocs.yml` may say of the plugin."""

    root = Optional(Type(str))
    """The folder of the registers' settings; without it the one around `mkdocs.yml`."""


class Plugin(BasePlugin[Options]):
    """Makes the pages of a fleet while MkDocs builds its site."""

    assembly: Assembly
    serving = False
    known: frozenset[str] | None = None
    kept: dict[str, Stash]
    """What is kept aside of each page while it is read."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG002
        """Hear whether the site is served while somebody works on it."""
        self.serving = command == "serve"
        if not self.serving:  # a build makes many small values, keeps them, and ends
            gc.disable()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check the fleet, and give the pages what all of them use."""
        self.known, self.kept = None, {}
        try:
            self.assembly = assembly = assemble(self._source(config), Notes(log.info, _note))
            generated = assembly.generated
        except RegcheckError as error:
            raise PluginError(f"regcheck: {visible(str(error))}") from error
        config.extra_css += [p for p in assembly.of_every_page(STYLES) if p not in config.extra_css]
        scripts = [str(script) for script in config.extra_javascript]
        config.extra_javascript += [p for p in assembly.of_every_page(SCRIPTS) if p not in scripts]
        if POLYFILL in generated:
            polyfills = config.extra.setdefault("polyfills", [])
            # The plugin `offline` would load another one from elsewhere.
            polyfills[:] = [POLYFILL, *(said for said in polyfills if "iframe-worker" not in str(said))]
        if config.nav is None:
            config.nav = navigation({*generated, *assembly.written})
        return config

    def _source(self, config: MkDocsConfig) -> Source:
        around = os.path.dirname(os.path.abspath(config.config_file_path or "mkdocs.yml"))
        root = self.config.root or find_root(around)
        docs = os.path.relpath(config.docs_dir, root).replace(os.sep, "/")
        edit_uri = config.edit_uri if config.user_configs and _says(config, "edit_uri") else None
        return Source(root, config.docs_dir, forge(root, config.repo_url, edit_uri, docs))

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated files; hand-written ones stay."""
        for path, data in self.assembly.generated.items():
            files.append(File.generated(config, path, content=data))
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Lead the links of hand-written pages to the generated ones."""
        path = page.file.src_uri
        if path not in self.assembly.generated:
            return self.assembly.relinked(path, markdown)
        if path.startswith(LINKED):
            return markdown  # MkDocs holds links from elsewhere to the anchors that it sees
        self.kept[path] = Stash()
        return self.kept[path].take(markdown)

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Let the search look into the words of what is kept aside."""
        stash = self.kept.get(page.file.src_uri)
        return stash.in_words(html) if stash else html

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Give the builder's own pages their policy."""
        if template_name == policy.NOT_FOUND:
            self.known = policy.known(output_content)
        return self._secured(output_content) if template_name.endswith(".html") else output_content

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Put back what is kept aside, and give the page its policy."""
        stash = self.kept.pop(page.file.src_uri, None)
        return self._secured(stash.put_back(output) if stash else output)

    def _secured(self, html: str) -> str:
        # While it is served, MkDocs writes a script into each page that reloads it.
        return html if self.serving else policy.secured(html, self.known)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:  # noqa: ARG002
        """Build again when a register, a schema or a setting changes."""
        for path in self.assembly.watched():
            server.watch(path)
        return server


def _says(config: MkDocsConfig, key: str) -> bool:
    """Whether a setting is written, and not made up by MkDocs."""
    return any(key in said for said in config.user_configs)


def _note(text: str) -> None:
    log.info("note: %s", visible(text))
