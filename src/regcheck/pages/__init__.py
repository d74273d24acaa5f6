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
LISTED = ("machines", "workloads", "outages", "registers", "rules", "kinds")
"""The folders with a page that lists all others of it, and to which nothing else on those leads."""
ASSETS = "assets/regcheck"
"""The folder of the files that come with regcheck, below the site's."""


def build(site: Site) -> Iterator[Page | Asset]:
    """Every page and file of the site, in the order of the list; no two have the same path."""
    caution = incomplete(site.fleet.unread)
    for name in MODULES:
        for made in import_module(f"{__name__}.{name}").pages(site):
            said = "" if name in OF_REGCHECK else caution
            yield made if isinstance(made, Asset) else _begun(made, said)
    for file in sorted(files(__name__).joinpath("assets").iterdir(), key=lambda file: file.name):
        yield Asset(f"{ASSETS}/{file.name}", file.read_bytes())


def _begun(page: Page, caution: str) -> Page:
    """A page that first says what could not be read, and leads back to the list that it is from."""
    above = []
    if caution:
        findings = markup.link(relative("findings.md", page.path), "the findings")
        above.append(markup.block("p", [f"{markup.html(caution)}: see {findings}."], "rc-caution"))
    folder, _, name = page.path.rpartition("/")
    if folder in LISTED and name != "index.md":
        every = markup.link(relative(f"{folder}/index.md", page.path), f"All {folder}")
        above.append(markup.block("p", [every], "rc-jump", data_search_exclude=""))
    return page._replace(write=lambda: "\n".join([*above, page.text])) if above else page
