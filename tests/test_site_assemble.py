"""The folder that builders read: generated and hand-written pages joined, and nothing outside of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from committing import commit, git, started
from conftest import Repository
from regcheck.errors import UsageError
from regcheck.pages import Asset, Forge, Page, build
from regcheck.publishing import assemble as assembling
from regcheck.publishing import configuration
from regcheck.publishing.assemble import (
    Assembly,
    Notes,
    Source,
    assemble,
    history,
    markdown,
    write,
)
from regcheck.publishing.navigation import navigation
from regcheck.publishing.written import hand_written, links
from sites import real_site

REGISTERS = {
    "registers/machines.yaml": "register: machine\nentries:\n  - {id: old, role: frozen}\n",
    "registers/new.md": "---\nentry: machine\nid: new\nrole: production\n---\n\nNew.\n",
}


class Told(list[str]):
    """What was told, progress and notes apart."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []

    @property
    def both(self) -> Notes:
        return Notes(self.append, self.notes.append)


NOWHERE = Forge()


def assembled(root: Path, told: Told | None = None, forge: Forge = NOWHERE) -> Assembly:
    return assemble(Source(str(root), str(root / "site"), forge), (Told() if told is None else told).both)


def test_a_hand_written_page_wins_and_that_is_noted(repository: Repository) -> None:
    told = Told()
    root = repository({**REGISTERS, "site/api/index.json": "mine", "site/more.md": "# More\n"})
    files = {file.path: file.data for file in assembled(root, told).files()}
    assert files["api/index.json"] == b"mine"
    assert files["more.md"] == b"# More\n"
    assert told.notes == ["1 generated page gives way to hand-written ones: `api/index.json`"]


def test_a_read_me_is_the_index_of_its_folder(repository: Repository) -> None:
    told = Told()
    entry = "---\nentry: machine\nid: README\nrole: production\n---\n\nNew.\n"
    written = {"site/README.md": "# Mine\n", "site/machines/README.md": "# Machines\n"}
    found = assembled(repository({**REGISTERS, "registers/r.md": entry, **written}), told)
    assert {"index.md", "machines/index.md", "machines/README.md"}.isdisjoint(found.generated)
    note = "2 generated pages give way to hand-written ones: `index.md` and `machines/index.md`"
    assert told.notes == [note]
    assert [path for path in found.generated if path.startswith("machines/README-")]
    assert navigation({*found.generated, *found.written})[0] == {"Overview": "README.md"}


def test_a_page_that_is_left_out_has_no_say(repository: Repository) -> None:
    told = Told()
    root = str(repository({**REGISTERS, "site/findings.md": "# Mine\n", "site/more.md": "# More\n"}))
    source = Source(root, f"{root}/site", left_out=configuration.left_out({"exclude_docs": "/findings.md\n"}))
    found = assemble(source, told.both)
    assert found.written == {"more.md"}
    assert "findings.md" in found.generated
    assert told.notes == []


@pytest.mark.parametrize(
    ("said", "serving", "out"),
    [
        ({}, False, {"templates/x.md"}),
        ({"exclude_docs": "a/\n!/templates/\n"}, False, {"a/x.md"}),
        ({"draft_docs": "*.md"}, False, {"a/x.md", "templates/x.md"}),
        ({"draft_docs": "*.md"}, True, {"templates/x.md"}),
    ],
)
def test_what_is_left_out(said: dict[str, str], *, serving: bool, out: set[str]) -> None:
    left_out = configuration.left_out(said, serving=serving)
    assert {path for path in ("a/x.md", "templates/x.md", "b.png") if left_out(path)} == out


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("site/machines", r"`machines/index\.md` cannot be made: the file .*site/machines is in its way"),
        ("site/index.md/x", r"`index\.md` cannot be made: the folder .*site/index\.md is in its way"),
        ("site/index.html/x", r"`index\.md` cannot be made: the folder .*site/index\.html is in its way"),
    ],
)
def test_a_name_is_that_of_a_file_or_of_a_folder(path: str, message: str, repository: Repository) -> None:
    found = assembled(repository({**REGISTERS, path: "x"}))
    with pytest.raises(UsageError, match=message):
        assert found.generated


@pytest.mark.parametrize("name", ["x.md", "x.html"])
def test_a_page_is_in_utf_8(name: str, repository: Repository) -> None:
    root = repository({**REGISTERS, "site/y.md": "\ufeff# é\n"})
    (root / "site/y.png").write_bytes(b"\xe9")
    assert assembled(root).written
    (root / "site" / name).write_bytes(b"# \xe9t\xe9\n")
    with pytest.raises(UsageError, match=rf"site/{name} is not in UTF-8"):
        assembled(root)


def test_links_are_noted_and_not_followed(repository: Repository) -> None:
    told = Told()
    root = repository({**REGISTERS, "secret/s.md": "# Secret\n", "site/a/x.md": "# X\n"})
    (root / "site/a/s.md").symlink_to(root / "secret/s.md")
    assert assembled(root, told).written == {"a/x.md"}
    (root / "site/b").symlink_to(root / "secret")
    assembled(root, told)
    assert told.notes == [
        "1 symbolic link among the hand-written pages is not followed: `a/s.md`",
        "2 symbolic links among the hand-written pages are not followed: `a/s.md` and `b`",
    ]


def test_a_repository_needs_neither_git_nor_pages_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers/m.yaml").write_text(REGISTERS["registers/machines.yaml"])
    found = assembled(tmp_path)
    assert found.site.points == ()
    assert found.written == frozenset()
    assert "api/machine.json" in found.generated


def test_only_plain_files_of_the_folder_are_taken(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("x")
    docs = tmp_path / "site"
    (docs / "a").mkdir(parents=True)
    (docs / ".git").mkdir()
    for path in ("a/b.md", ".hidden.md", ".git/config", "c.png"):
        (docs / path).write_text("x")
    (docs / "out.md").symlink_to(tmp_path / "secret.md")
    (docs / "outer").symlink_to(tmp_path)
    assert [*hand_written(str(docs))] == ["c.png", "a/b.md"]
    assert [*links(str(docs))] == ["out.md", "outer"]


# --- pages ------------------------------------------------------------------------


def test_the_title_of_a_page_stands_in_front_and_above() -> None:
    page = Page("a.md", 'A "b"\n---\nc: <d>', lambda: "Text.\n", search=False)
    opening, front, search, closing, empty, heading, *rest = markdown(page).decode().split("\n")
    assert (opening, search, closing, empty) == ("---", 'search: {"exclude": true}', "---", "")
    assert json.loads(front.removeprefix("title: ")).startswith('A "b"')
    assert heading.startswith("# A &#34;b&#34;")
    assert "<" not in front + heading
    assert rest == ["", "Text.", ""]


def test_a_page_that_is_searched_says_nothing_of_it() -> None:
    assert markdown(Page("a.md", "A", lambda: "x")) == b'---\ntitle: "A"\n---\n\n# A\n\nx'


@pytest.mark.parametrize(
    "path",
    ["../a.md", "a/../../b", "/etc/passwd", "a//b", "a/./b", "", "C:\\x", "a\\..\\b", "a\0b", "a/", ".."],
)
def test_nothing_is_written_outside_the_folder(path: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    with pytest.raises(ValueError, match="leads out of the folder"):
        write(str(folder), [Asset(path, b"x")])
    assert [*tmp_path.rglob("*")] == []


def test_no_file_is_written_twice_or_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a").symlink_to(tmp_path / "out")
    with pytest.raises(FileExistsError):
        write(str(tmp_path / "in"), [Asset("a", b"x")])
    assert not (tmp_path / "out").exists()


def test_a_page_with_such_a_path_is_a_defect(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    found = assembled(repository(REGISTERS))
    monkeypatch.setattr(assembling, "build", lambda _: iter([Page("../x.md", "X", str)]))
    with pytest.raises(ValueError, match="no page can have the path"):
        assert found.generated


# --- links -------------------------------------------------------------------------

FORGE = Forge("https://forge.lan/a/b/src/branch/main/{path}#L{line}", "Forgejo")


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("[a](../../registers/machines.yaml)", "[a](../registers/machine.md)"),
        ("[a](../../registers/machines.yaml#x 'T')", "[a](../registers/machine.md 'T')"),
        ("[a](../../registers/new.md)", "[a](../machines/new.md)"),
        ('<a href="../../registers/new.md">a</a>', '<a href="../machines/new.html">a</a>'),
        ("[a][1]\n\n[1]: ../../registers/new.md", "[a][1]\n\n[1]: ../machines/new.md"),
        ("[a](../../README%20x.md#y)", "[a](https://forge.lan/a/b/src/branch/main/README%20x.md)"),
        ("[a](other.md) [b](../c.md#d)", "[a](other.md) [b](../c.md#d)"),
        (
            "[a](#b) [c](https://x.net/../../registers/new.md)",
            "[a](#b) [c](https://x.net/../../registers/new.md)",
        ),
        ("`[a](../../registers/new.md)`", "`[a](../../registers/new.md)`"),
        ("[a *b*](../../../outside.md) c", "a *b* c"),
    ],
)
def test_a_link_to_a_register_leads_to_its_page(repository: Repository, link: str, leads: str) -> None:
    found = assembled(repository(REGISTERS), forge=FORGE)
    assert found.relinked("canon/x.md", f"# X\n\n{link}\n") == f"# X\n\n{leads}\n"


def test_without_a_forge_the_text_of_a_link_stays(repository: Repository) -> None:
    found = assembled(repository(REGISTERS))
    assert found.relinked("x.md", "See [the `README`](../README.md).") == "See the `README`."


# --- history, navigation ------------------------------------------------------------


def test_the_history_is_that_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = started(tmp_path / "fleet")
    told = Told()
    assert history(str(root), told.both) == []
    for day in (1, 2, 3):
        commit(root, {"registers/m.yaml": REGISTERS["registers/machines.yaml"]}, f"{day}", f"2026-05-0{day}")
    points = history(str(root), told.both)
    assert [point.commit.subject for point in points] == ["1", "2", "3"]
    assert all(point.figures for point in points)
    monkeypatch.setattr(assembling, "MOST_COMMITS", 2)
    assert history(str(root), told.both) == points[1:]
    assert git(root, "status", "--porcelain") == ""


def test_a_history_that_begins_late_is_noted(tmp_path: Path) -> None:
    root = started(tmp_path / "fleet")
    for day in (1, 2):
        commit(root, {"registers/m.yaml": REGISTERS["registers/machines.yaml"]}, f"{day}", f"2026-05-0{day}")
    git(root, "clone", "-q", "--depth", "1", f"file://{root}", str(tmp_path / "shallow"))
    told = Told()
    assert len(history(str(tmp_path / "shallow"), told.both)) == 1
    (note,) = told.notes
    assert note.startswith("this shallow clone knows no commit before ")
    assert len(history(str(root), told.both)) == 2
    assert told.notes == [note]


def test_the_navigation_names_what_is_there() -> None:
    assert navigation({"index.md", "kinds/index.md", "machines/x.md"}) == [
        {"Overview": "index.md"},
        {"Reference": [{"Kinds": "kinds/index.md"}]},
    ]


def test_the_navigation_is_as_long_for_any_fleet(repository: Repository) -> None:
    small = navigation(assembled(repository(REGISTERS)).generated)
    assert small == navigation({made.path for made in build(real_site())})
    assert {"Overview": "index.md"} in small


def test_what_decides_about_the_site_is_watched(repository: Repository) -> None:
    root = repository({**REGISTERS, "regcheck.toml": "", "schemas/README.md": "", "other/x.md": ""})
    watched = [Path(path).relative_to(root).as_posix() for path in assembled(root).watched()]
    assert watched == ["pyproject.toml", "regcheck-baseline.json", "regcheck.toml", "registers", "schemas"]
