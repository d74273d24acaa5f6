"""Sites that their repositories configure in their own way, and names that are anything but plain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from building import ENGINES, build
from conftest import Repository, Run
from linked import Read, dead
from regcheck.publishing import configuration

MKDOCS = """\
site_name: Mine
docs_dir: docs
site_dir: build/site
theme: {name: material}
plugins: [search, regcheck]
"""
REGISTER = "register: machine\nentries:\n  - {id: m, role: production}\n"
LONG = "𠮷" * 90
NAMES = f"""\
register: machine
entries:
  - {{id: m, role: production, name: "🚀 Rocket"}}
  - {{id: "{LONG}", role: production}}
"""
each_engine = pytest.mark.parametrize("engine", ENGINES)


def dead_links(site: Path) -> dict[str, list[str]]:
    """The links of each page, but those of the builder's own, that lead nowhere."""
    paths = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    read = {path: Read((site / path).read_text("utf-8")) for path in paths if path.endswith(".html")}
    found = {
        path: [link for link in dead(path, page, read, {*paths}) if "#off=" not in link]
        for path, page in read.items()
        if path != "404.html"
    }
    return {path: links for path, links in found.items() if links}


@each_engine
def test_the_defaults_of_mkdocs_lead_nowhere_else(
    engine: str, repository: Repository, tmp_path: Path
) -> None:
    files = {
        "mkdocs.yml": MKDOCS,
        "docs/x.md": "# Mine\n\n[m](machines/m.md)\n",
        "registers/m.yaml": REGISTER,
    }
    site = build(engine, tmp_path / "built", tmp_path / "cache", repository(files))
    assert dead_links(site) == {}
    assert "fonts.googleapis" not in (site / "machines/m.html").read_text()


@each_engine
def test_without_docs_dir_the_pages_are_in_docs(engine: str, repository: Repository, tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": 'site_name: !ENV [UNSET_NAME, "By default"]\ntheme: material\nplugins: [regcheck]\n',
        "docs/x.md": "# Mine\n",
        "site/index.html": "what `mkdocs build` left here",
        "registers/m.yaml": REGISTER,
    }
    site = build(engine, tmp_path / "built", tmp_path / "cache", repository(files))
    assert "Mine" in (site / "x.html").read_text()
    assert "By default</title>" in (site / "index.html").read_text()


@pytest.mark.parametrize(
    ("value", "variables", "said"),
    [
        ("!ENV NAME", {"NAME": "a"}, "a"),
        ("!ENV [FIRST, NAME, b]", {"NAME": "a"}, "a"),
        ("!ENV [FIRST, b]", {}, "b"),
        ("!ENV [NAME]", {}, None),
        ("!ENV NAME", {}, None),
        ("!!python/name:os.system", {}, None),
    ],
)
def test_a_value_from_the_environment(
    value: str, variables: dict[str, str], said: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    (tmp_path / "mkdocs.yml").write_text(f"site_name: {value}\n")
    assert configuration.said(str(tmp_path / "mkdocs.yml")) == {"site_name": said}


def test_what_is_inherited_is_said_below_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("INHERIT: base.yml\ntheme: {language: de}\nnav: [a.md]\n")
    (tmp_path / "base.yml").write_text("theme: {name: material, language: en}\nnav: [b.md]\n")
    said = configuration.said(str(tmp_path / "mkdocs.yml"))
    assert said == {"INHERIT": "base.yml", "theme": {"name": "material", "language": "de"}, "nav": ["a.md"]}


@each_engine
def test_a_name_may_be_of_any_characters(engine: str, repository: Repository, tmp_path: Path) -> None:
    site = build(engine, tmp_path / "built", tmp_path / "cache", repository({"registers/m.yaml": NAMES}))
    text = (site / "machines/m.html").read_text("utf-8")
    assert "<title>🚀 Rocket - " in text
    assert "title:" not in text
    assert max(len(path.name.encode()) for path in site.rglob("*")) < 256
    assert dead_links(site) == {}


@each_engine
def test_links_of_hand_written_pages(engine: str, repository: Repository, tmp_path: Path) -> None:
    page = (
        '# X\n\n<a href="../registers/m.yaml">in HTML</a>\n\n[from the root](/registers/m.yaml)'
        "\n\n[a view](explorer.md#off=machine:m)\n"
    )
    files = {"docs/x.md": page, "mkdocs.yml": MKDOCS, "registers/m.yaml": REGISTER}
    site = build(engine, tmp_path / "built", tmp_path / "cache", repository(files))
    text = (site / "x.html").read_text("utf-8")
    assert '<a href="registers/machine.html">in HTML</a>' in text
    assert '<a href="registers/machine.html">from the root</a>' in text
    assert '<a href="explorer.html#off=machine:m">a view</a>' in text
    assert dead_links(site) == {}


def test_another_theme_is_told_what_may_not_work(repository: Repository, run: Run, tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": "site_name: X\nplugins: [regcheck]\n",
        "docs/x.md": "# Mine\n",
        "registers/m.yaml": REGISTER,
    }
    done = run("site", "--into", str(tmp_path / "built"), directory=repository(files))
    said = "the pages are made for the theme `material`: their policy may stop scripts of another one"
    assert (done.status, done.err) == (0, f"regcheck: {said}\n")


OWN_WAY = """\
site_name: Mine
docs_dir: docs
exclude_docs: |
  machines/
  findings.md
draft_docs: draft.md
theme: {name: material, features: [navigation.instant, navigation.instant.prefetch, navigation.top]}
plugins: [search, regcheck]
"""
NOTES = """\
regcheck: 2 symbolic links among the hand-written pages are not followed: `linked` and `linked.md`
regcheck: 2 generated pages give way to hand-written ones: `index.md` and `workloads/index.md`
regcheck: `navigation.instant` of the theme is left out: the explorer and the tables would not start with it
"""


@each_engine
def test_what_a_repository_does_in_its_own_way(
    engine: str, repository: Repository, run: Run, tmp_path: Path
) -> None:
    files = {
        "mkdocs.yml": OWN_WAY,
        "docs/README.md": "# Read me\n\nby hand, [m](machines/m.md)\n",
        "docs/workloads/README.md": "# Workloads\n\nby hand\n",
        "docs/findings.md": "# Left out\n",
        "docs/machines/own.md": "# Left out\n",
        "docs/draft.md": "# Draft\n",
        "docs/static.html": "<p>static</p><script>alert(1)</script>",
        "elsewhere/secret.md": "# Secret\n",
        "registers/m.yaml": REGISTER,
    }
    root = repository(files)
    (root / "elsewhere/none.md").write_bytes(b"\xe9")
    (root / "docs/linked").symlink_to(root / "elsewhere")
    (root / "docs/linked.md").symlink_to(root / "elsewhere/secret.md")
    site = tmp_path / "built"
    done = run("site", "--engine", engine, "--into", str(site), directory=root)
    assert (done.status, sorted(done.err.splitlines())) == (0, sorted(NOTES.splitlines()))
    for page in ("index.html", "workloads/index.html"):
        assert "by hand" in (site / page).read_text()
        assert "workloads/index.html" in (site / page).read_text() or page.startswith("workloads/")
    assert "Left out" not in (site / "findings.html").read_text()
    assert {path.name for path in (site / "machines").iterdir()} == {"index.html", "m.html"}
    assert not [path for name in ("linked", "draft") for path in site.glob(f"**/{name}*")]
    assert not [path for path in site.rglob("*.js*") if "Secret" in path.read_text()]
    static = (site / "static.html").read_text()
    assert static.startswith('<meta http-equiv="Content-Security-Policy"')
    assert static.endswith(files["docs/static.html"])
    assert "sha256" not in static.partition("style-src")[0]
    features = re.findall(r'"features": ?(\[[^]]*\])', (site / "index.html").read_text())
    assert features == ['["navigation.top"]']
    assert dead_links(site) == {}


@each_engine
def test_what_no_site_can_be_made_of(engine: str, repository: Repository, run: Run) -> None:
    root = repository({"docs/machines": "x", "mkdocs.yml": MKDOCS, "registers/m.yaml": REGISTER})
    done = run("site", "--engine", engine, directory=root)
    said = f"regcheck: `machines/index.md` cannot be made: the file {root}/docs/machines is in its way"
    assert (done.status, done.err) == (2, f"{said}, so rename that\n")


def test_a_hand_written_page_of_html_wins(repository: Repository, run: Run, tmp_path: Path) -> None:
    files = {"site/findings.html": "<p>mine</p>", "registers/m.yaml": REGISTER}
    root = repository(files)
    done = run("site", "--into", str(tmp_path / "built"), directory=root)
    assert "1 generated page gives way to hand-written ones: `findings.md`" in done.err
    text = (tmp_path / "built/findings.html").read_text()
    assert text.endswith("<p>mine</p>")
    assert text.startswith('<meta http-equiv="Content-Security-Policy"')


def test_a_site_takes_the_place_of_nothing_that_it_is_made_of(repository: Repository, run: Run) -> None:
    root = repository({"site/x.md": "# X\n", "registers/m.yaml": REGISTER})
    for into in ("site", "site/below", "registers"):
        done = run("site", "--into", into, directory=root)
        assert (done.status, "would replace" in done.err) == (2, True), into
    repository(
        {"mkdocs.yml": "plugins: [regcheck]\n", "docs/assets/regcheck/x": "", "docs/index.md": "# X\n"}
    )
    done = run("site", "--into", "docs", directory=root)
    assert (done.status, "would replace docs" in done.err) == (2, True)
    done = run("site", "--into", "/proc/x/y", directory=root)
    assert (done.status, "cannot be made" in done.err) == (2, True)
