"""What people do with the site of this fleet, in a real browser: it loads, answers, and asks nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import Visit, from_disk, html_files, kinds, policy

REGISTER = "registers/workload.html"
PHONE = {"width": 360, "height": 740}
DARK = '[data-md-color-scheme="slate"]'


@pytest.fixture(scope="module")
def site(built: dict[str, Path]) -> Path:
    return built["mkdocs"]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A visit of the served site, in which nothing went wrong."""
    with Visit(browser, address) as visit:
        yield visit
        assert visit.complaints() == []
        assert visit.foreign() == []


# --- loading -------------------------------------------------------------------------


def has_no_policy(page: Page) -> str:
    """What is wrong with a page that may run a script of its own."""
    said = policy(page)
    return "" if "default-src 'none'" in said and "unsafe" not in said else said or "none"


def test_every_page_opens_from_disk(browser: Browser, site: Path) -> None:
    with Visit(browser, from_disk(site)) as visit:
        assert visit.sweep(html_files(site), has_no_policy) == {}
        assert visit.complaints() == []
        assert visit.foreign() == []


def test_every_kind_of_page_opens_from_a_server(visit: Visit, site: Path) -> None:
    assert visit.sweep(kinds(site), has_no_policy) == {}


INJECTED = """\
() => new Promise((done) => {
  const ran = [];
  window.ran = (what) => ran.push(what);
  const script = document.createElement("script");
  script.textContent = "window.ran('script')";
  document.body.append(script);
  const image = document.createElement("div");
  image.innerHTML = "<img src='data:,' onerror=\\"window.ran('handler')\\">";
  document.body.append(image);
  const link = document.createElement("a");
  link.href = "javascript:window.ran('link')";
  document.body.append(link);
  link.click();
  const frame = document.createElement("iframe");
  frame.srcdoc = "<script>parent.ran('frame')</" + "script>";
  document.body.append(frame);
  const picture = document.createElement("img");
  picture.src = "https://example.org/x.png";
  document.body.append(picture);
  fetch("https://example.org/").then(() => window.ran("fetch"), () => undefined);
  setTimeout(() => done(ran), 500);
})"""


def test_the_policy_stops_what_gets_into_a_page(browser: Browser, address: str, site: Path) -> None:
    for root in (address, from_disk(site)):
        with Visit(browser, root) as visit:
            page = visit.open("index.html")
            assert page.evaluate(INJECTED) == []
            said = "\n".join(visit.complaints())
            for directive in ("script-src ", "connect-src ", "img-src "):
                assert directive in said
            assert visit.foreign() == []


# --- search --------------------------------------------------------------------------


def search(page: Page, words: str, workload: str) -> None:
    """Look for a workload as people do, and go to where it is found."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.locator(f'.md-search-result a[href*="/workloads/{workload}.html"]').first.click()
    page.wait_for_url(f"**/workloads/{workload}.html*")
    expect(page.locator("h1")).to_contain_text("Core Hub")


def test_the_search_finds_a_workload(visit: Visit) -> None:
    search(visit.open("index.html"), "core-hub", "core-hub")


def test_the_search_finds_a_workload_from_disk(browser: Browser, site: Path) -> None:
    with Visit(browser, from_disk(site)) as visit:
        search(visit.open("machines/index.html"), "core hub", "core-hub")
        assert visit.complaints() == []


# --- tables --------------------------------------------------------------------------


def column(page: Page, number: int) -> list[str]:
    """The cells of a column that are shown, from top to bottom; an empty one is a dash."""
    cells = page.locator(f".rc-tools tbody tr:visible td:nth-child({number})").all_inner_texts()
    return [cell.strip() or "—" for cell in cells]


def test_a_table_sorts_by_mouse_and_by_keyboard(visit: Visit) -> None:
    page = visit.open(REGISTER)
    head = page.get_by_role("columnheader", name="Environment")
    number = int(head.evaluate("head => head.cellIndex")) + 1
    before = column(page, number)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, number) == sorted(before) != before
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, number) == sorted(before, reverse=True)
    page.get_by_role("columnheader", name="Workload").get_by_role("button").press("Space")
    assert head.get_attribute("aria-sort") is None
    names = column(page, 1)
    assert names == sorted(names, key=str.casefold)


def test_a_table_filters_by_every_word(visit: Visit) -> None:
    page = visit.open(REGISTER)
    rows = page.locator(".rc-tools tbody tr")
    every = rows.count()
    texts = [re.sub(r"\s+", " ", text).casefold() for text in rows.all_text_contents()]
    wanted = [text for text in texts if "production" in text and "railiance" in text]
    assert 0 < len(wanted) < every
    page.get_by_label("Filter").fill("Production railiance")
    expect(page.locator(".rc-tools tbody tr:visible")).to_have_count(len(wanted))
    expect(page.locator(".rc-filter output")).to_have_text(f"{len(wanted)} of {every}")
    page.get_by_label("Filter").fill("")
    expect(page.locator(".rc-tools tbody tr:visible")).to_have_count(every)


def test_a_filter_that_nothing_matches_says_so_and_can_be_cleared(visit: Visit) -> None:
    page = visit.open(REGISTER)
    rows = page.locator(".rc-tools tbody tr:visible")
    every = rows.count()
    filter_ = page.get_by_label("Filter")
    filter_.fill("nobody writes this")
    expect(page.locator(".rc-filter output[aria-live]")).to_have_text("Nothing matches.")
    expect(page.locator(".rc-tools")).to_be_hidden()
    page.get_by_role("button", name="Clear the filter").click()
    expect(filter_).to_have_value("")
    expect(filter_).to_be_focused()
    expect(rows).to_have_count(every)
    expect(page.get_by_role("button", name="Clear the filter")).to_be_hidden()
    expect(page.locator(".rc-filter output")).to_be_empty()


def test_what_says_nothing_shows_a_dash_and_is_sorted_last(visit: Visit) -> None:
    page = visit.open(REGISTER)
    empty = page.locator(".rc-tools tbody td:empty")
    assert empty.count()
    assert set(empty.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")) == {
        '"—"'
    }
    head = page.get_by_role("columnheader", name="Runtime")
    number = int(head.evaluate("head => head.cellIndex")) + 1
    said = len([cell for cell in column(page, number) if cell != "—"])
    assert 0 < said < len(column(page, number))
    for _ in ("up", "down"):
        head.get_by_role("button").click()
        assert set(column(page, number)[said:]) == {"—"}


def test_heads_stay_in_sight(visit: Visit) -> None:
    page = visit.open("findings.html")
    expect(page.locator(".rc-tools.rc-fits")).to_have_count(1)
    page.locator(".rc-tools tbody tr").last.scroll_into_view_if_needed()
    below = page.evaluate("document.querySelector('.md-header').getBoundingClientRect().bottom")
    assert page.locator(".rc-tools th").first.evaluate("th => th.getBoundingClientRect().top") == below
    page = visit.open(REGISTER)
    frame = page.locator(".rc-tools:not(.rc-fits)")
    frame.evaluate("frame => frame.scrollTo(frame.scrollWidth, frame.scrollHeight)")
    away = """\
    frame => ["th:last-child", "tbody tr:last-child td:first-child"].map((place) => {
      const [cell, around] = [frame.querySelector(place), frame].map((one) => one.getBoundingClientRect());
      return place.startsWith("th") ? cell.top - around.top : cell.left - around.left;
    })"""
    assert frame.evaluate(away) == [0, 0]
    assert min(frame.locator(".rc-room").evaluate_all("all => all.map(one => one.offsetWidth)")) >= 200


def test_without_scripts_a_page_says_the_same(browser: Browser, address: str) -> None:
    with Visit(browser, address, java_script_enabled=False) as visit:
        page = visit.open(REGISTER)
        expect(page.locator(".rc-filter")).to_have_count(0)
        assert "core-hub" in " ".join(column(page, 1))


# --- maps ----------------------------------------------------------------------------


def test_the_drain_map_leads_to_each_wave(visit: Visit) -> None:
    page = visit.open("drain/index.html")
    places = page.locator('figure svg a[href*="waves/"]')
    waves = [str(places.nth(at).get_attribute("href")) for at in range(places.count())]
    assert waves
    assert sorted(set(waves)) == sorted(waves)
    for href in waves:
        page.locator(f'figure svg a[href="{href}"]').press("Enter")
        page.wait_for_url(f"**/{href.removeprefix('../')}")
        expect(page.locator("h1")).to_contain_text("Wave")
        page.go_back()


def test_a_cell_of_the_heat_map_leads_to_as_many_rows(visit: Visit) -> None:
    page = visit.open("outages/index.html")
    cells = page.locator("a.rc-heat")
    counts = {
        str(cells.nth(at).get_attribute("href")): cells.nth(at).inner_text() for at in range(cells.count())
    }
    worst = sorted(counts, key=lambda href: -int(counts[href]))[:3]
    safe = next(href for href, count in counts.items() if count == "0")
    for href in worst:
        page.locator(f'a.rc-heat[href="{href}"]').click()
        anchor = href.partition("#")[2]
        expect(page.locator(f'[id="{anchor}"]')).to_be_in_viewport()
        assert rows_below(page, anchor) == int(counts[href])
        page.go_back()
    page.locator(f'a.rc-heat[href="{safe}"]').click()
    assert rows_below(page, safe.partition("#")[2]) == 0


def rows_below(page: Page, anchor: str) -> int:
    """How many rows the list of a state has; that of the state it is the same as, where it says so."""
    return int(
        page.evaluate(
            """anchor => {
              for (let at = document.getElementById(anchor).nextElementSibling; at && at.tagName !== "H2";
                at = at.nextElementSibling) {
                const rows = at.querySelectorAll("tbody tr").length;
                if (rows) return rows;
                const same = at.textContent.match(/^The same (\\d+) as/);
                if (same) return Number(same[1]);
              }
              return 0;
            }""",
            anchor,
        )
    )


# --- how it looks ---------------------------------------------------------------------


def test_light_and_dark_are_a_choice_that_stays(browser: Browser, address: str) -> None:
    with Visit(browser, address, color_scheme="light") as visit:
        page = visit.open("index.html")
        expect(page.locator(f"body{DARK}")).to_have_count(0)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        for _ in range(2):  # from the system's colours to light ones, to dark ones
            page.locator("label.md-header__button:visible[for^=__palette]").click()
        expect(page.locator(f"body{DARK}")).to_have_count(1)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != ground
        page.goto(f"{address}outages/index.html")
        expect(page.locator(f"body{DARK}")).to_have_count(1)
        assert visit.complaints() == []


def test_the_system_decides_where_nobody_chose(browser: Browser, address: str) -> None:
    with Visit(browser, address, color_scheme="dark") as visit:
        expect(visit.open("index.html").locator(f"body{DARK}")).to_have_count(1)


OVERHANG = """\
() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= innerWidth) return "";
  const wide = [...document.querySelectorAll("article *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.tagName + "." + one.className);
  return `${page.scrollWidth} > ${innerWidth}: ${wide.slice(0, 3)}`;
}"""


def test_no_page_is_wider_than_a_phone(browser: Browser, address: str, site: Path) -> None:
    with Visit(browser, address, viewport=PHONE, has_touch=True, is_mobile=True) as visit:
        assert visit.sweep(kinds(site), lambda page: page.evaluate(OVERHANG)) == {}


CARDS = """\
() => [...document.querySelectorAll(".rc-stack tbody td[data-head]")].filter((cell) => cell.checkVisibility())
  .map((cell) => {
    const [head, range] = [getComputedStyle(cell, "::before"), document.createRange()];
    range.selectNodeContents(cell);
    const from = range.getBoundingClientRect().left - cell.getBoundingClientRect().left;
    return [cell.textContent.trim(), from - parseFloat(head.width) > 5 && head.float === "left"];
  })"""


@pytest.mark.parametrize("path", [REGISTER, "findings.html", "waves/1.html", "drain/index.html"])
def test_a_row_is_a_card_on_a_phone(browser: Browser, address: str, path: str) -> None:
    with Visit(browser, address, viewport=PHONE, has_touch=True, is_mobile=True) as visit:
        cells = visit.open(path).evaluate(CARDS)
        assert cells
        assert [text for text, beside in cells if not text or not beside] == []


def test_the_figures_of_the_worst_outages_fit_a_phone(browser: Browser, address: str) -> None:
    with Visit(browser, address, viewport=PHONE, has_touch=True, is_mobile=True) as visit:
        frame = visit.open("index.html").locator(".rc-table:has(.rc-heat)")
        assert frame.evaluate("frame => frame.scrollWidth - frame.clientWidth") == 0


def test_a_heading_is_called_what_it_says_and_takes_one_line(visit: Visit) -> None:
    page = visit.open("tasks/CUST-WP-0054-T05.html")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.get_by_role("heading", name="What it waits for", exact=True)).to_have_count(1)
    expect(page.get_by_role("link", name="Permanent link")).not_to_have_count(0)
    lines = "h1 => h1.getBoundingClientRect().height / parseFloat(getComputedStyle(h1).lineHeight)"
    assert page.locator("h1").evaluate(lines) == pytest.approx(1, abs=0.1)


def test_every_place_that_the_keyboard_stops_at_is_seen(visit: Visit) -> None:
    page = visit.open("drain/index.html")
    page.locator(".md-search__input").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('nav a')")


CUT = """\
() => [...document.querySelectorAll("article table")].filter((table) => {
  if (!table.checkVisibility()) return true;
  for (let frame = table.parentElement; frame.tagName !== "ARTICLE"; frame = frame.parentElement)
    if (getComputedStyle(frame).overflowX !== "visible") return true;
  return false;
}).map((table) => table.caption?.textContent)"""


def test_paper_shows_whole_tables(browser: Browser, address: str, site: Path) -> None:
    with Visit(browser, address) as visit:
        page = visit.open(REGISTER)
        page.emulate_media(media="print")
        expect(page.locator(".rc-filter")).to_be_hidden()
        page.close()

        def cut(page: Page) -> object:
            page.emulate_media(media="print")
            return page.evaluate(CUT)

        assert visit.sweep(kinds(site), cut) == {}
