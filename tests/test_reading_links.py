"""Links and anchors: what Markdown makes of a text, and where a link leads in a real folder."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from conftest import Repository
from regcheck.check import check
from regcheck.graph.links import broken_links
from regcheck.reading import inline, read_fleet
from regcheck.reading.links import Link, Use, anchors, links
from regcheck.settings import load_settings
from regcheck.trees import Edited, WorkTree


def targets(text: str) -> list[str]:
    """Where the links of a text lead; each is written at its span."""
    found = [link for link in links(text) if isinstance(link, Link)]
    for link in found:
        assert link.whole[0] < link.span[0] <= link.span[1] < link.whole[1]
    return [link.target for link in found]


def written(text: str) -> list[str]:
    return [text[slice(*link.span)] for link in links(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](b.md)", ["b.md"]),
        ("![a](b.png 'title')", ["b.png"]),
        ("[a](<b c.md>)", ["b c.md"]),
        ("[a](b(c).md)", ["b(c).md"]),
        (r"[a](b\_c.md)", ["b_c.md"]),
        ("[a](b&amp;c.md)", ["b&c.md"]),
        ("[![a](b.png)](c.md)", ["c.md", "b.png"]),
        ("[two\nlines](b.md)", ["b.md"]),
        ("> [quoted\n> on](b.md)", ["b.md"]),
        ("> [lazy\non](b.md)", ["b.md"]),
        ("- a\n\n    [in the item](b.md)", ["b.md"]),
        ("1. a\n   - b\n\n     [in the item](b.md)", ["b.md"]),
        ("a\n    [no code: a paragraph goes on](b.md)", ["b.md"]),
        ("# [heading](b.md)", ["b.md"]),
        ("[heading](b.md)\n---", ["b.md"]),
        ("a | b\n- | -\n[x](c.md) | `|` [y](d.md)", ["c.md", "d.md"]),
        ("<a href=b.md>x</a> <IMG SRC='c.png'>", ["b.md", "c.png"]),
        ("<div>\n<a href='b.md'>\n</div>\n\n[c](d.md)", ["b.md", "d.md"]),
        ("[a]: b.md\n[c]:\n  <d e.md> 'title'\n[f][A]", ["b.md", "d e.md"]),
        ("a\n[b]: c.md", []),
        ("`[a](b.md)`", []),
        ("``[a](b.md)` [c](d.md)``", []),
        ("`[a](b.md)", ["b.md"]),
        (r"\[a](b.md)", []),
        ("[a] (b.md)", []),
        ("[a](b c.md)", []),
        ("    [a](b.md)", []),
        ("\t[a](b.md)", []),
        ("- a\n\n      [code in the item](b.md)", []),
        ("```\n[a](b.md)\n````\n[c](d.md)", ["d.md"]),
        ("- ```\n  [a](b.md)\n\n[c](d.md)", ["d.md"]),
        ("> ~~~\n> [a](b.md)\n[c](d.md)", ["d.md"]),
        ("<!-- [a](b.md) -->\n[c](d.md)", ["d.md"]),
        ("<!--\n[a](b.md)\n\n<a href='c.md'>\n-->", []),
        ("a <!-- [b](c.md) --> [d](e.md)", ["e.md"]),
        ("<pre>\n<a href='b.md'>\n\n</pre>\n[c](d.md)", ["d.md"]),
        ("<div>\n[a](b.md)\n</div>", []),
        ("<a data-href='b.md' title='href=c.md'>", []),
    ],
)
def test_the_links_of_a_text(text: str, found: list[str]) -> None:
    assert sorted(targets(text)) == sorted(found)
    assert sorted(targets(text.replace("\n", "\r\n"))) == sorted(found)


def test_the_span_is_that_of_the_target_as_written() -> None:
    text = "é [a](<b c.md> 'd') | ![e](f%20g.md)\n\n> [h]: i\\_j.md\n\n<a id=x href='k&amp;l.md'>\n"
    assert written(text) == ["b c.md", "f%20g.md", "i\\_j.md", "k&amp;l.md"]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("[a][b]", ["b"]),
        ("[a][]", ["a"]),
        ("![a][b]", ["b"]),
        ("[a][B  c]\n\n[b\nC]: d.md", []),
        ("[a], x[1][2] and [b](c.md)[d]", []),
        ("[^1][^2] and [ ][ ]", []),
        ("`[a][b]`", []),
    ],
)
def test_uses_of_labels_that_nothing_defines(text: str, labels: list[str]) -> None:
    assert [link.label for link in links(text) if isinstance(link, Use)] == labels


@pytest.mark.parametrize(
    "cell", ["[a](b)", "[a](<b c>)", "![x](y 'z')", "[a](b", "[a](()", "`[a](b)`", "[[a](b)](c)"]
)
def test_a_cell_has_the_links_that_its_reader_takes_off(cell: str) -> None:
    there = {cell[slice(*link.target)] for link in inline.Dressing(cell).links}
    assert set(targets(f"a | b\n- | -\n{cell} | c\n")) == there
    assert bool(there) is (inline.plain(cell) != cell and "`" not in cell)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# One two", {"one-two"}),
        ("# One\n# One\n# One", {"one", "one-1", "one-2", "one_1", "one_2"}),
        ("# a\n# a-1\n# a", {"a", "a-1", "a-2", "a_1"}),
        ("# a_1\n# a_1\n# a", {"a_1", "a_1-1", "a_2", "a"}),
        ("One\n===\n\nTwo\n---", {"one", "two"}),
        ("## `Code`, *stress* & [link](x.md) ##", {"code-stress--link", "code-stress-link"}),
        ("# A <em>tag</em>", {"a-tag"}),
        ("# Größe (m²)", {"größe-m²", "groe-m2"}),
        ("# 日本", {"日本", "_1"}),
        ("# snake_case", {"snake_case"}),
        ("# One {#own}", {"one", "own"}),
        ("# One {: .x #own }", {"one", "own"}),
        ("text <a name=here></a> <b id='there'>x</b>", {"here", "there"}),
        ('<div id="box">\n<input name=no>\n</div>', {"box"}),
        ("> # Quoted\n\n- # Listed", {"quoted", "listed"}),
        ("```\n# no\n```\n\n    # no\n\n<!-- <a id=no> -->\n#no\n", set()),
        ("`<a id=no>`", set()),
        ("| a |\n|---|\n| # no |", set()),
    ],
)
def test_the_anchors_of_a_text(text: str, found: set[str]) -> None:
    assert anchors(text) == found


# --- where they lead -------------------------------------------------------------------


def wrong(root: Path) -> list[tuple[str, str, str]]:
    fleet = read_fleet(WorkTree(str(root)), load_settings(WorkTree(str(root))))
    return [(link.written, link.wrong, link.help) for link in broken_links(fleet)]


def test_symbolic_links_are_followed_as_far_as_the_repository_goes(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "plan.md").write_text("# Plan\n")
    root = repository(
        {
            "registers/notes.md": "[a](in/x.md#x) [b](out/plan.md) [c](plan.md) [d](gone.md) [e](in)\n",
            "docs/x.md": "# X\n",
        }
    )
    (root / "registers/in").symlink_to("../docs")
    (root / "registers/out").symlink_to(outside)
    (root / "registers/plan.md").symlink_to(outside / "plan.md")
    (root / "registers/gone.md").symlink_to("nowhere.md")
    by_link = "leads out of the repository by the symbolic link"
    assert [(link, what) for link, what, _ in wrong(root)] == [
        ("out/plan.md", f"{by_link} `registers/out`"),
        ("plan.md", f"{by_link} `registers/plan.md`"),
        ("gone.md", "leads nowhere: there is no `registers/gone.md`"),
    ]


def test_many_links_to_one_missing_file_leave_guesses_for_others(repository: Repository) -> None:
    again = "".join(f"[x](/zzz.md?{n}) [y](#zzz) [z](notes.md?{n}#zzz)\n" for n in range(120))
    root = repository({"registers/notes.md": f"{again}# Plan\n[x](/pln.md) [y](#pla)\n", "plan.md": ""})
    assert [help for _, _, help in wrong(root)[-2:]] == ["did you mean `/plan.md`?", "did you mean `#plan`?"]


def test_a_file_that_moved_is_found_by_its_name(repository: Repository) -> None:
    root = repository(
        {
            "registers/a/notes.md": "[x](plan.md#top) [y](/plan.md?a#b) [z](../b/plans/the%20map.svg)\n",
            "registers/b/plan.md": "# Now\n",
            "registers/b/plan/the map.svg": "",
        }
    )
    assert [help for _, _, help in wrong(root)] == [
        "did you mean `../b/plan.md#top`?",
        "did you mean `/registers/b/plan.md?a#b`?",
        "did you mean `../b/plan/the%20map.svg`?",
    ]


@pytest.mark.skipif(os.name == "nt", reason="names are not bytes there")
def test_names_that_are_not_utf_8(repository: Repository) -> None:
    root = repository({"registers/x.yaml": "register: source\nentries: [{id: s, title: S}]\n"})
    folder = os.path.join(os.fsencode(root), b"registers", b"\xff")
    os.mkdir(folder)
    for name, text in (
        (b"a.md", b"[b](b%5C.md) [c](c.md) [d](d.md#d)\n"),
        (b"c.md", b""),
        (b"d.md", b"# D\n"),
    ):
        Path(os.fsdecode(os.path.join(folder, name))).write_bytes(text)
    assert [link for link, _, _ in wrong(root)] == ["b%5C.md"]


def test_an_overlaid_text_has_the_anchors_that_count(repository: Repository) -> None:
    root = repository({"registers/a.md": "[b](b.md#new)\n", "registers/b.md": "# Old\n"})
    tree = Edited(WorkTree(str(root)), {"registers/b.md": "# New\n"})
    fleet = read_fleet(tree, load_settings(tree))
    assert list(broken_links(fleet)) == []
    assert [link for link, _, _ in wrong(root)] == ["b.md#new"]


def test_a_link_is_told_with_the_entry_that_it_stands_in(repository: Repository) -> None:
    root = repository(
        {
            "registers/a.md": "---\nregister: source\n---\n[p](no.md)\n\n"
            "| Source id | Title | Links |\n|-|-|-|\n"
            "| s | S | [l](no.md), no.yaml |\n",
            "registers/b.md": "---\nentry: source\nid: t\ntitle: T\n---\n[p](no.md)\n",
        }
    )
    findings = check(WorkTree(str(root)), select=["broken-link"]).findings
    assert [(f.position[1:3], f.entry) for f in findings] == [
        ((4, 5), None),
        ((8, 15), "source:s"),
        ((8, 23), "source:s"),
        ((6, 5), "source:t"),
    ]


# --- no text takes longer than its length --------------------------------------------------

MANY = 50_000
LONGEST = 10.0
"""Seconds; each takes well below one on an idle machine."""

TEXTS = {
    "quotes": "> " * MANY + "\n" + "> a\n" * 1000,
    "lists": "+ - " * MANY + "x\n" + "\n" * MANY,
    "items": "- [a](b)\n" * MANY,
    "comments": "[a](b) <!--" * MANY,
    "closed comments": "<div>\n" + "<!-- a -->" * MANY + "<a href=b>",
    "tags": "[a](b)" + "<a " * MANY,
    "quoted tags": "[a](b)" + '<a "' * MANY,
    "attributes": "[a](b) <a " + "href=" * MANY + ">",
    "labels": "[a][b] " * MANY,
    "open labels": "[" * MANY + "]: a\n[x](y)",
    "definitions": "[a]: b\n" * MANY,
    "unclosed titles": "[a]: b 'c\n" * MANY,
    "attribute lists": "# a {: #" * MANY,
    "spaces": "# a" + " " * 1_000_000 + "b\n[a](b)",
    "hashes": "# " + "# " * MANY + "x\n[a](b)",
    "equal headings": "# a\n" * MANY + "[a](b)",
    "numbered headings": "# a\n# a-1\n# a_1\n" * (MANY // 10) + "[a](b)",
    "dashes": "[a](b)\n" + "---\n" * MANY,
    "rows": "|a|b|\n|-|-|\n" + "|[a](b)|c|\n" * MANY,
    "fences": "[a](b)\n" + "```\n~~~\n" * MANY,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_text_takes_longer_than_its_length(text: str) -> None:
    started = time.monotonic()
    assert sum(1 for _ in links(text)) >= 0
    assert len(anchors(text)) >= 0
    assert time.monotonic() - started < LONGEST
