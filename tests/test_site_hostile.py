"""Whatever registers say, a browser runs none of it, and nothing is written outside the site's folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, expect

import hostile
from browsing import Visit, from_disk, html_files, kinds, served
from building import ENGINES
from repositories import environment

each_engine = pytest.mark.parametrize("engine", ENGINES)


class Attack(NamedTuple):
    """A hostile fleet, and what its sites are in."""

    around: Path
    """The folder that holds all that the builders could reach."""
    before: dict[str, bytes]
    """Every file in it before they ran."""
    root: Path


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content; of a folder or a link its path alone."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        if path.is_file() and not path.is_symlink()
        else b""
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Attack:
    """The fleet, and the site that each builder makes of it."""
    around = tmp_path_factory.mktemp("attack")
    surroundings = environment(around / "home")
    surroundings["TMPDIR"] = str(around / "tmp")
    (around / "tmp").mkdir()
    root = hostile.made(around / "deep/er", surroundings).folder
    before = files(around)
    for engine in ENGINES:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "regcheck", "site", "--engine", engine, "--into", f"build/{engine}"],
            cwd=root,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
    return Attack(around, before, root)


def test_nothing_is_written_outside_the_folder_of_the_site(attack: Attack) -> None:
    after = files(attack.around)
    build = (attack.root / "build").relative_to(attack.around).as_posix()
    new = {path for path in after if path not in attack.before}
    kept = f"home/cache{os.sep}", "home/cache"  # what a run keeps for the next ones
    assert {path for path in new if not path.startswith((f"{build}/", *kept))} == {build}
    assert {path: data for path, data in attack.before.items() if after.get(path) != data} == {}
    assert not any(path.is_symlink() for path in (attack.root / "build").rglob("*"))


OBEYED = """\
() => {
  const found = [];
  if ("hacked" in window) found.push(`ran ${window.hacked}`);
  const bad = /^[\\s\\u0000-\\u001f]*(javascript:|vbscript:|data:(?!,$))/i;  // but for what is empty
  const all = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  for (const one of all(document))
    for (const { name, value } of one.attributes) {
      if (/^on/i.test(name)) found.push(`${one.tagName} ${name}`);
      if (bad.test(value) && /href|src|action|data|content|srcdoc/i.test(name)) found.push(value);
    }
  const loads = "script:not([src]), iframe, object, embed, img, video, style";
  for (const one of document.querySelectorAll("base, frame, [http-equiv=refresh], [href^='//']"))
    found.push(one.outerHTML.slice(0, 200));
  for (const one of document.querySelector("article")?.querySelectorAll(loads) ?? [])
    found.push(one.outerHTML.slice(0, 200));
  return found.join("\\n");
}"""


@pytest.fixture
def visit(browser: Browser, attack: Attack, engine: str) -> Iterator[Visit]:
    """A visit of the site, during which nothing of a register ran or was asked for."""
    with served(attack.root / "build" / engine) as address, Visit(browser, address) as visit:
        yield visit
        assert visit.complaints() == []
        assert visit.foreign() == []


SEEN = {"mkdocs": ("workloads/", 0), "zensical": ("tasks/", 1)}
"""Of which pages a browser sees every other one, and from where on: each has another text as its title."""


def generated(paths: Iterable[str]) -> list[str]:
    """Those of some pages that are not by hand."""
    return [path for path in dict.fromkeys(paths) if path != hostile.BY_HAND]


@each_engine
def test_no_page_obeys(visit: Visit, attack: Attack, engine: str) -> None:
    site = attack.root / "build" / engine
    folder, first = SEEN[engine]
    own = [path for path in html_files(site) if path.startswith(folder)][first::2]
    assert len(own) > len(hostile.TEXTS) / 2
    assert visit.sweep(generated([*kinds(site), *own]), lambda page: page.evaluate(OBEYED)) == {}


class Markup(HTMLParser):
    """What of a page would run or load something that the site did not bring."""

    RUNS = re.compile(r"(?i)[\s\x00-\x1f]*(javascript:|vbscript:|data:(?!,$))")  # but for what is empty
    LOADS = ("iframe", "object", "embed", "base", "img", "video", "frame")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (name in ("href", "src", "action") and self.RUNS.match(value or "")):
                self.found.append(f"<{tag} {name}={value}>")
        said = dict(attrs)
        foreign = "//" in (said.get("href") or "") if tag == "link" else tag in self.LOADS
        if foreign and not re.fullmatch(r"[./]*/?assets/regcheck/logo\.svg", said.get("src") or ""):
            self.found.append(f"<{tag}>")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and "hacked" in data:
            self.found.append(data)


@each_engine
def test_no_page_holds_anything_to_obey(attack: Attack, engine: str) -> None:
    site = attack.root / "build" / engine
    found = {path: Markup((site / path).read_text("utf-8")).found for path in generated(html_files(site))}
    assert {path.partition("/")[0] for path in found} >= {"machines", "outages", "waves", "tasks", "kinds"}
    assert {path: told for path, told in found.items() if told} == {}


def test_anything_to_obey_is_seen() -> None:
    html = f"<script>{hostile.TEXTS[0]}</script>" + "".join((*hostile.TEXTS[2:7], hostile.TEXTS[9]))
    assert len(Markup(html).found) > 6


@each_engine
def test_what_they_say_is_there_to_be_read(visit: Visit, engine: str) -> None:  # noqa: ARG001
    page = visit.open("registers/workload.html")
    for text in hostile.TEXTS[:4]:
        expect(page.get_by_role("cell", name=text).first).to_be_attached()


@each_engine
def test_a_search_that_finds_them_runs_nothing(visit: Visit, engine: str) -> None:  # noqa: ARG001
    page = visit.open("index.html")
    page.keyboard.press("/")
    page.keyboard.type("window.hacked")
    found = page.locator(".md-search-result__item").or_(page.get_by_role("option"))
    expect(found.filter(has_text="window.hacked").first).to_be_visible()
    assert page.evaluate(OBEYED) == ""


@each_engine
def test_the_explorer_draws_them(visit: Visit, engine: str) -> None:  # noqa: ARG001
    page = visit.open("explorer.html")
    page.locator("#rc-focus").fill(hostile.TEXTS[0])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("article [role=status]")).to_contain_text(hostile.TEXTS[0])
    assert page.evaluate(OBEYED) == ""


@each_engine
def test_what_a_page_by_hand_holds_does_not_run(browser: Browser, attack: Attack, engine: str) -> None:
    with served(attack.root / "build" / engine) as address, Visit(browser, address) as visit:
        page = visit.open(hostile.BY_HAND)
        page.locator("a#link").click()
        page.wait_for_timeout(200)
        assert page.evaluate("'hacked' in window") is False
        said = visit.complaints()
        assert said
        assert [told for told in said if "Content Security Policy" not in told] == []
        assert visit.foreign() == []


def test_from_disk_no_page_obeys_either(browser: Browser, attack: Attack) -> None:
    site = attack.root / "build/mkdocs"
    with Visit(browser, from_disk(site)) as visit:
        assert visit.sweep(generated(kinds(site)), lambda page: page.evaluate(OBEYED)) == {}
        assert visit.complaints() == []
        assert visit.foreign() == []
