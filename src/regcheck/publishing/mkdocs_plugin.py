"""The plugin for MkDocs: generated pages join the hand-written ones. The one door to MkDocs."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config.base import Config
from mkdocs.config.config_options import Optional, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext
from watchdog.events import EVENT_TYPE_MODIFIED, FileSystemEvent, FileSystemEventHandler

from regcheck.errors import RegcheckError, UsageError
from regcheck.pages import Asset
from regcheck.publishing import configuration, not_found, policy
from regcheck.publishing.ahead import Ahead
from regcheck.publishing.assemble import POLYFILL, SCRIPTS, STYLES, Assembly, Notes, Source, assemble
from regcheck.publishing.forge import forge
from regcheck.publishing.frames import TEMPLATE, THEME, Frames, possible
from regcheck.publishing.mkdocs_pages import Generated, Read
from regcheck.publishing.navigation import navigation, titles
from regcheck.publishing.stash import Kept, kept_aside
from regcheck.publishing.written import above
from regcheck.settings import find_root
from regcheck.terminal import visible

log = get_plugin_logger("regcheck")
NAVIGATORS = frozenset({"awesome-nav", "awesome-pages", "literate-nav"})
"""Plugins that make a navigation of their own."""
BEFORE_SEARCH = 50
"""A priority above that of the plugins that leave theirs as it is."""


class Options(Config):
    """What `mkdocs.yml` may say of the plugin."""

    root = Optional(Type(str))
    """The folder of the registers' settings; without it the one around `mkdocs.yml`."""


class Plugin(BasePlugin[Options]):
    """Makes the pages of a fleet while MkDocs builds its site."""

    assembly: Assembly
    serving = False
    following: _Following | None = None
    known: frozenset[str] | None = None
    texts: Ahead[Kept]
    read: dict[str, Read]
    """What MkDocs has made of the Markdown of pages."""
    frames: Frames | None = None
    static: Sequence[File] = ()
    """The pages that MkDocs does not make, but copies."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG002
        """Hear whether the site is served while somebody works on it."""
        self.serving = command == "serve"
        if not self.serving:  # a build makes many small values, keeps them, and ends
            gc.disable()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check the fleet, and give the pages what all of them use.

        Their links name files, so that they lead somewhere from `file://`, too, and
        nothing comes from another host.
        """
        config.use_directory_urls = False
        if config.theme.name == THEME:
            config.theme["font"] = False
        else:
            _note(f"the pages are made for the theme `{THEME}`: their policy may stop scripts of another one")
        if isinstance(features := config.theme.get("features"), list):
            config.theme["features"] = configuration.features(features, _note)
        self.known, self.read = None, {}
        try:
            self.assembly = assembly = assemble(self._source(config), Notes(log.info, _note))
            generated = assembly.generated
        except RegcheckError as error:
            # `regcheck site` takes the first for its own, and ends as this says.
            refuses = error.status == UsageError.status
            whose = "regcheck" if refuses else f"regcheck broke off with status {error.status}"
            raise PluginError(f"{whose}: {visible(str(error))}") from error
        config.extra_css += [p for p in assembly.of_every_page(STYLES) if p not in config.extra_css]
        scripts = [str(script) for script in config.extra_javascript]
        config.extra_javascript += [p for p in assembly.of_every_page(SCRIPTS) if p not in scripts]
        if POLYFILL in generated:
            polyfills = config.extra.setdefault("polyfills", [])
            # The plugin `offline` would load another one from elsewhere.
            polyfills[:] = [POLYFILL, *(said for said in polyfills if "iframe-worker" not in str(said))]
        if config.nav is None and not NAVIGATORS.intersection(config.plugins):
            config.nav = navigation({*generated, *assembly.written})
        if self.following:  # settings may name other places now
            self.following.follow()
        return config

    def _source(self, config: MkDocsConfig) -> Source:
        around = os.path.dirname(os.path.abspath(config.config_file_path or "mkdocs.yml"))
        root = self.config.root or find_root(around)
        docs = os.path.relpath(config.docs_dir, root).replace(os.sep, "/")
        said = configuration.said(config.config_file_path)
        edit_uri = config.edit_uri if "edit_uri" in said else None
        left_out = configuration.left_out(said, serving=self.serving)
        return Source(root, config.docs_dir, forge(root, config.repo_url, edit_uri, docs), left_out)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated files; hand-written ones stay, but for those that only a link leads to."""
        for file in [*files] if self.assembly.links else ():
            if file.src_dir == config.docs_dir and self.assembly.links.intersection(
                (file.src_uri, *above(file.src_uri))
            ):
                files.remove(file)
        generated = self.assembly.generated
        named = dict(titles(config.nav))
        for path, made in generated.items():
            if path in files.src_uris:  # it is left out
                files.remove(files.src_uris[path])
            file = File.generated(config, path, content=made.data if isinstance(made, Asset) else "")
            file.inclusion = InclusionLevel.INCLUDED
            if not isinstance(made, Asset):
                Generated(made, named.get(path), file, config)
                if path not in named:  # it is reached from a list, and nobody forgot it
                    file.inclusion = InclusionLevel.NOT_IN_NAV
            files.append(file)
        pages = {path: made for path, made in generated.items() if not isinstance(made, Asset)}
        self.texts = Ahead(lambda path: kept_aside(pages[path].text), pages, apart=not self.serving)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Give a frame to each page to which no line of the navigation leads: it is the same for many."""
        self.frames = Frames(config, nav, self._secured) if possible(config) else None
        if self.frames:
            led_to = {page.file.src_uri for page in nav.pages}
            for file in files:
                if isinstance(file.page, Generated) and file.src_uri not in led_to:
                    file.page.template = TEMPLATE
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG002
        """Hear what renders pages, and which are only copied."""
        self.static = [file for file in files.static_pages() if file.src_uri.lower().endswith(policy.PAGES)]
        if self.frames:
            self.frames.use(env, files)
        return env

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Lead the links of hand-written pages to the generated ones."""
        return (
            markdown if isinstance(page, Generated) else self.assembly.relinked(page.file.src_uri, markdown)
        )

    @event_priority(BEFORE_SEARCH)
    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: Page,
        config: MkDocsConfig,
        nav: Navigation,  # noqa: ARG002
    ) -> TemplateContext:
        """Give a generated page its text."""
        if isinstance(page, Generated):
            page.fill(self.texts(page.file.src_uri), config, self.read)
        return context

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Give the builder's own pages their policy."""
        if template_name == policy.NOT_FOUND:
            self.known = policy.known(output_content)
            return self._secured(not_found.reworded(output_content), not_found.STYLE)
        return self._secured(output_content) if template_name.endswith(".html") else output_content

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Give the page its policy, and a generated one what is kept aside."""
        if not isinstance(page, Generated):
            return self._secured(output)
        frames = self.frames if page.template else None
        return page.finished(frames.around(page) if frames else self._secured(output))

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Give a hand-written page of HTML its policy: MkDocs only copies it."""
        for file in () if self.serving else self.static:
            if file.inclusion.is_included() and file.src_uri not in config.extra_templates:
                with open(file.abs_dest_path, "w", encoding="utf-8", newline="") as page:
                    page.write(self._secured(file.content_bytes.decode()))

    def _secured(self, html: str, *styles: str) -> str:
        # While it is served, MkDocs writes a script into each page that reloads it.
        return html if self.serving else policy.secured(html, self.known, styles)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:  # noqa: ARG002
        """Build again when a register, a schema or a setting changes."""
        self.following = _Following(server, self)
        return server


class _Following(FileSystemEventHandler):
    """Has a preview follow files and folders that come and go, as a change of branch makes them.

    MkDocs watches only what is there, and never again what once was gone.
    """

    def __init__(self, server: LiveReloadServer, plugin: Plugin) -> None:
        self._server, self._plugin = server, plugin
        self._followed: set[str] = set()
        for folder in sorted({os.path.dirname(path) for path in plugin.assembly.watched()}):
            if os.path.isdir(folder):
                server.observer.schedule(self, folder)
        self.follow()

    def follow(self) -> None:
        """Hear of all that changes in those of the folders that are there."""
        for path in self._plugin.assembly.watched():
            if path not in self._followed and os.path.isdir(path):
                self._followed.add(path)
                self._server.watch(path)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Build again where one of the paths came, went or changed; what is in a folder is heard of there."""
        if event.is_directory and event.event_type == EVENT_TYPE_MODIFIED:
            return
        named = {os.fsdecode(event.src_path), os.fsdecode(event.dest_path)}
        for path in named.intersection(self._plugin.assembly.watched()):
            if path in self._followed:
                self._followed.remove(path)
                self._server.unwatch(path)
            self.follow()
            with self._server._rebuild_cond:  # noqa: SLF001  there is no other way to ask for a build
                self._server._want_rebuild = True  # noqa: SLF001
                self._server._rebuild_cond.notify_all()  # noqa: SLF001


def _note(text: str) -> None:
    log.info("note: %s", visible(text))
