"""What a repository says in `mkdocs.yml` about its site, and what a builder is told where it says nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from regcheck.errors import SettingsError
from regcheck.pages import markup
from regcheck.publishing.assemble import DOCS, POLYFILL, SCRIPTS, STYLES, Assembly, LeftOut, Told
from regcheck.publishing.forge import web_address
from regcheck.publishing.navigation import navigation
from regcheck.trees import commits

FILES = ("mkdocs.yml", "mkdocs.yaml")
PLUGIN = "regcheck"
INSTANT = "navigation.instant"
"""A feature of Material, and how others begin that belong to it."""
MOST_INHERITED = 8
"""Files that inherit from one another, so that a circle of them ends."""
PATTERNS = ("exclude_docs", "draft_docs")
"""The settings that leave files out."""
LEFT_OUT = "/templates/"
"""The files that MkDocs leaves out unless it is told otherwise, beside what is hidden."""
Said = Mapping[str, Any]
UNSAID: Said = {"docs_dir": DOCS, "plugins": [PLUGIN]}
"""What stands for the configuration of a repository that has none."""
MKDOCS_DOCS = "docs"
"""The folder of hand-written pages where a configuration names none."""


def configuration_file(root: str) -> str | None:
    """The repository's own configuration of its site; None where it has none."""
    return next((path for name in FILES if os.path.isfile(path := os.path.join(root, name))), None)


def default_file() -> str:
    """The configuration of a repository that has none of its own."""
    return str(files(__package__).joinpath("default.yml"))


def said(path: str | None) -> Said:
    """What a configuration says, with what it inherits.

    Raises SettingsError where it is no YAML. What only a builder understands is None.
    """
    if path is None:
        return UNSAID
    import yaml

    class Loader(yaml.SafeLoader):
        """As for settings, but for the tags of MkDocs, which may run code."""

    def environment(loader: Loader, node: yaml.Node) -> Any:
        """The first variable that is set; else what the last of several says."""
        asked, default = [node], None
        if isinstance(node, yaml.SequenceNode):
            asked = node.value
            if len(asked) > 1:
                *asked, last = asked
                default = loader.construct_object(last)
        return next((os.environ[name.value] for name in asked if name.value in os.environ), default)

    Loader.add_multi_constructor("", lambda *_: None)
    Loader.add_constructor("!ENV", environment)
    found: dict[str, Any] = {}
    for _ in range(MOST_INHERITED):
        try:
            with open(path, encoding="utf-8") as file:
                read = yaml.load(file, Loader)  # noqa: S506  a SafeLoader
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise SettingsError(f"{path} cannot be read: {' '.join(str(error).split())}") from error
        own = read if isinstance(read, dict) else {}
        found = _over(found, own)
        if not isinstance(inherits := own.get("INHERIT"), str):
            break
        path = os.path.join(os.path.dirname(path), inherits)
    return found


def _over(own: Said, inherited: Said) -> dict[str, Any]:
    """What is said, with what is inherited below it."""
    both = {name for name, value in own.items() if isinstance(value, dict)}
    both &= {name for name, value in inherited.items() if isinstance(value, dict)}
    return {**inherited, **own, **{name: _over(own[name], inherited[name]) for name in both}}


def lists_plugin(said: Said) -> bool:
    """Whether a configuration has the plugin that makes the pages of the fleet."""
    plugins = said.get("plugins") or ()
    named = [name for item in plugins for name in (item if isinstance(item, dict) else [item])]
    return PLUGIN in named


def docs_folder(root: str, said: Said) -> str:
    """The folder of hand-written pages; it need not exist."""
    return os.path.normpath(os.path.join(root, str(said.get("docs_dir") or MKDOCS_DOCS)))


def left_out(said: Said, *, serving: bool = False) -> LeftOut:
    """Which hand-written files a site leaves out, of which a preview shows the drafts.

    Generated pages stay, whatever a configuration says: others lead to them.
    """
    from pathspec.gitignore import GitIgnoreSpec

    excluded, drafts = (str(said.get(name) or "").splitlines() for name in PATTERNS)
    try:
        specs = [
            GitIgnoreSpec.from_lines(lines) for lines in ([LEFT_OUT, *excluded], [] if serving else drafts)
        ]
    except ValueError as error:
        raise SettingsError(f"{' or '.join(PATTERNS)} cannot be read: {error}") from error
    return lambda path: any(spec.match_file(path) for spec in specs)


def site_name(root: str) -> str:
    """What a site is called where nobody says: as the repository is."""
    name = web_address(commits.remote_url(root) or "").rpartition("/")[2] or os.path.basename(root)
    return markup.title(name or "Fleet")


def features(said: Sequence[str], note: Told) -> list[str]:
    """The features of a theme but for instant navigation: no script of a page starts that is not loaded."""
    found = [feature for feature in said if not f"{feature}.".startswith(f"{INSTANT}.")]
    if len(found) < len(said):
        note(f"`{INSTANT}` of the theme is left out: the explorer and the tables would not start with it")
    return found


def for_mkdocs(root: str, docs: str) -> dict[str, Any]:
    """The whole configuration of a repository without one, for MkDocs."""
    plugins = ["search", "offline", {PLUGIN: {"root": root}}]
    return {"INHERIT": default_file(), "site_name": site_name(root), "docs_dir": docs, "plugins": plugins}


def for_zensical(assembly: Assembly, path: str | None, said: Said) -> dict[str, Any]:
    """What is to be told to Zensical beside the repository's own configuration, or the default one.

    It knows no plugin of others, so that what that does stands in here. Lists are
    added to those that are inherited.
    """
    css, scripts = (list(said.get(key) or ()) for key in ("extra_css", "extra_javascript"))
    told: dict[str, Any] = {
        "INHERIT": path or default_file(),
        "docs_dir": "docs",
        "site_dir": "site",
        "extra_css": [one for one in assembly.of_every_page(STYLES) if one not in css],
        "extra_javascript": [one for one in assembly.of_every_page(SCRIPTS) if one not in scripts],
        "use_directory_urls": False,
        "theme": {"font": False},
        "extra": {"polyfills": assembly.of_every_page([POLYFILL])},
    }
    told |= {name: "" for name in PATTERNS if said.get(name)}
    if not said.get("site_name"):
        told["site_name"] = site_name(assembly.source.root)
    if not said.get("nav"):
        told["nav"] = navigation({*assembly.generated, *assembly.written})
    theme = said.get("theme")
    if isinstance(theme, dict) and isinstance(theme.get("features"), list):
        told["theme"]["features"] = features(theme["features"], assembly.notes.note)
    return told


def write(path: str, configuration: Said) -> None:
    """Write a configuration; JSON is YAML."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump(configuration, file, indent=1)
