"""The pages on paper: white in the dark too, with whole words, and heads on every sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsing import Visit, kinds

COLOURS = """\
() => {
  const shown = [document.body, ...document.querySelectorAll("article, article *")]
    .filter((one) => one.checkVisibility());
  const looks = shown.map((one) => {
    const { color, backgroundColor, borderTopColor, fill, stroke } = getComputedStyle(one);
    return [color, backgroundColor, borderTopColor, fill, stroke].join(" ");
  });
  return [getComputedStyle(document.body).colorScheme, ...new Set(looks)].sort();
}"""
BROKEN = """\
() => {
  const found = new Set();
  const range = document.createRange();
  for (const cell of document.querySelectorAll("article tbody td")) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (const { 0: word, index } of walker.currentNode.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
        range.setStart(walker.currentNode, index);
        range.setEnd(walker.currentNode, index + word.length);
        if (range.getClientRects().length > 1) found.add(word);
      }
    }
  }
  return [...found];
}"""
MILLIMETRE = 96 / 25.4
SHEET = re.compile(rb"/Type /Page\b.*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", re.DOTALL)


@pytest.fixture(scope="module")
def site(built: dict[str, Path]) -> Path:
    return built["mkdocs"]


def on_paper(page: Page, width: int, height: int) -> Page:
    """A page as it is laid out for a sheet whose margins leave so many millimetres."""
    page.set_viewport_size({"width": int(width * MILLIMETRE), "height": int(height * MILLIMETRE)})
    page.emulate_media(media="print")
    return page


def sheets(page: Page) -> list[bool]:
    """Whether each sheet of a printed page is turned."""
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    return [float(width) > float(height) for width, height in SHEET.findall(pdf)]


def test_paper_is_as_white_in_the_dark(browser: Browser, address: str, site: Path) -> None:
    seen = []
    for scheme in ("light", "dark"):
        with Visit(browser, address, color_scheme=scheme) as visit:
            screen = visit.open("index.html").evaluate(COLOURS)

            def colours(page: Page) -> object:
                page.emulate_media(media="print")
                return page.evaluate(COLOURS)

            seen.append((screen, visit.sweep(kinds(site), colours)))
    (light_screen, light), (dark_screen, dark) = seen
    assert light_screen != dark_screen
    assert light == dark


def test_a_chosen_dark_is_not_printed(browser: Browser, address: str) -> None:
    with Visit(browser, address, color_scheme="light") as visit:
        page = visit.open("findings.html")
        page.emulate_media(media="print")
        light = page.evaluate(COLOURS)
        page.emulate_media(media="screen")
        for _ in range(2):  # from the system's colours to light ones, to dark ones
            page.locator("label.md-header__button:visible[for^=__palette]").click()
        assert page.evaluate(COLOURS) != light
        page.emulate_media(media="print")
        assert page.evaluate(COLOURS) == light


@pytest.mark.parametrize(
    ("path", "width", "height"), [("findings.html", 180, 267), ("registers/workload.html", 273, 186)]
)
def test_no_word_of_a_table_is_broken(
    browser: Browser, address: str, path: str, width: int, height: int
) -> None:
    with Visit(browser, address) as visit:
        page = on_paper(visit.open(path), width, height)
        assert page.locator("tbody td").count()
        assert page.evaluate(BROKEN) == []
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_a_head_is_text_that_every_sheet_can_repeat(browser: Browser, address: str) -> None:
    with Visit(browser, address) as visit:
        page = visit.open("findings.html")
        heads = page.locator(".rc-tools th button")
        assert heads.evaluate_all("all => all.map(one => getComputedStyle(one).display)") == ["inline"] * 4
        page.emulate_media(media="print")
        assert heads.evaluate_all("all => all.map(one => getComputedStyle(one).display)") == ["contents"] * 4
        cells = page.locator(".rc-tools :is(th, td)")
        assert set(cells.evaluate_all("all => all.map(one => getComputedStyle(one).position)")) == {"static"}


def test_only_wide_tables_turn_the_sheet(browser: Browser, address: str) -> None:
    with Visit(browser, address) as visit:
        assert set(sheets(visit.open("registers/workload.html"))) == {True}
        assert set(sheets(visit.open("machines/coulombcore.html"))) == {False}
        assert sheets(visit.open("outages/index.html")) == [False]
