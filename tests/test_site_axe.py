"""No page keeps people out: axe-core finds nothing serious, in light and in dark, and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from browsing import Visit, kinds, served

AXE = Path(__file__).parent / "data/axe.min.js"
GRAVE = ("serious", "critical")
RUN = """\
async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.map(({ id, impact, nodes }) =>
    ({ id, impact, places: nodes.map((node) => `${node.target.join(" ")}: ${node.any[0]?.message ?? ""}`) }));
}"""


def grave(page: Page) -> list[dict[str, Any]]:
    """The serious and critical violations of a page, each with its first places."""
    found = [one for one in page.evaluate(RUN) if one["impact"] in GRAVE]
    return [{**one, "places": one["places"][:5]} for one in found]


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)], ids=["light", "dark", "phone"]
)
def test_nothing_serious_on_any_kind_of_page(
    browser: Browser, built: dict[str, Path], scheme: str, width: int
) -> None:
    site = built["mkdocs"]
    # The policy of the page would keep out axe itself.
    options = {"bypass_csp": True, "color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    with served(site) as address, Visit(browser, address, **options) as visit:
        visit.context.add_init_script(path=AXE)
        assert visit.sweep(kinds(site), grave) == {}


def test_something_serious_is_found(browser: Browser, built: dict[str, Path]) -> None:
    with served(built["mkdocs"]) as address, Visit(browser, address, bypass_csp=True) as visit:
        visit.context.add_init_script(path=AXE)
        page = visit.open("glossary.html")
        page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<a href=x></a>')")
        assert [one["id"] for one in grave(page)] == ["link-name"]
