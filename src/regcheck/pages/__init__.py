"""The fleet as pages of a website: plain Markdown and static files, made by pure functions of the model.

Any builder that reads Markdown as MkDocs does makes the same site of them. What
a page shows of a register is HTML in the Markdown, or has every character that
could mean something to a builder written as a reference: see `markup`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files

from regcheck.pages import markup
from regcheck.pages.page import Asset, Page, relative
from regcheck.pages.site import Forge, Site
from regcheck.reporting.phrases import incomplete

__all__ = ["Asset", "Forge", "Page", "Site", "build"]

MODULES = (
    "home",
    "topology",
    "drain",
    "tasks",
    "outages",
    "machines",
    "workloads",
    "registers",
    "findings",
    "rules",
    "kinds",
    "documents",
    "progress",
    "glossary",
    "explorer",
    "api",
)
"""The written list of what makes pages, one kind of page a file."""
OF_REGCHECK = ("rules", "kinds", "glossary")
"""Those whose pages say nothing of what the files of a fleet say."""
ASSETS = "assets/regcheck"
"""The folder of the files that come with regcheck, below the site's."""


def build(site: Site) -> Iterator[Page | Asset]:
    """Every page and file of the site, in the order of the list; no two have the same path."""
    caution = incomplete(site.fleet.unread)
    for name in MODULES:
        made = import_module(f"{__name__}.{name}").pages(site)
        yield from (_cautious(one, caution) for one in made) if caution and name not in OF_REGCHECK else made
    for file in sorted(files(__name__).joinpath("assets").iterdir(), key=lambda file: file.name):
        yield Asset(f"{ASSETS}/{file.name}", file.read_bytes())


def _cautious(made: Page | Asset, caution: str) -> Page | Asset:
    """A page that says before all else that files could not be read."""
    if isinstance(made, Asset):
        return made
    findings = markup.link(relative("findings.md", made.path), "the findings")
    said = markup.block("p", [f"{markup.html(caution)}: see {findings}."], "rc-caution")
    return made._replace(write=lambda: f"{said}\n{made.text}")
