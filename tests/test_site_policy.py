"""The policy of a built page: what of it may run, and where that is said."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from regcheck.publishing.not_found import reworded
from regcheck.publishing.policy import held_styles, known, secure_folder, secured

HEAD = '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
EVERYTHING = (
    "default-src 'none'; script-src 'self'{}; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'"
)


def hashed(*scripts: str) -> str:
    """What `script-src` says of scripts, as a browser computes it."""
    digests = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    return "".join(f" 'sha256-{digest}'" for digest in digests)


def policy_of(html: str) -> str:
    """The policy that a page has; there is one of it."""
    (found,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    return str(found)


def test_it_stands_behind_the_encoding_and_before_all_else() -> None:
    rest = '\n<link rel="stylesheet" href="a.css"></head><body>x</body></html>'
    said = f'<meta http-equiv="Content-Security-Policy" content="{EVERYTHING.format("")}">'
    assert secured(HEAD + rest) == HEAD + said + rest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<head>", '<script src="a.js"></script><meta charset="utf-8"></head>'),
        ('<html><head data-x="<head>">', "<title>x</title></head>"),
        ("<!doctype html>", "<p>x</p>"),
        ("<!-- <head> -->", "<title>x</title>"),
        ("\ufeff", "<p>x</p>"),
        ("", ""),
    ],
)
def test_no_script_and_no_file_stands_before_it(before: str, after: str) -> None:
    html = secured(before + after)
    assert html.endswith(after)
    assert "<meta http-equiv" in html[: len(html) - len(after)]


@pytest.mark.parametrize(
    "attributes",
    ["", ' type="module"', ' type="text/javascript"', ' TYPE=" Text/JavaScript "', ' type=""', " type"],
)
def test_a_script_that_runs_is_allowed_by_its_hash(attributes: str) -> None:
    html = f"{HEAD}<script{attributes}>go(1 < 2 && '&amp;')</script></head>"
    assert policy_of(secured(html)) == EVERYTHING.format(hashed("go(1 < 2 && '&amp;')"))


@pytest.mark.parametrize(
    "script",
    [
        '<script type="application/json">{"a": 1}</script>',
        '<script src="a.js">nothing</script>',
        "<!-- <script>go()</script> -->",
        '<p title="<script>go()</script>">x</p>',
    ],
)
def test_what_does_not_run_has_no_hash(script: str) -> None:
    assert policy_of(secured(f"{HEAD}</head>{script}")) == EVERYTHING.format("")


def test_the_end_of_a_line_is_that_of_a_browser() -> None:
    html = f"{HEAD}<script>\r\none()\rtwo()\n</script>"
    assert policy_of(secured(html)) == EVERYTHING.format(hashed("\none()\ntwo()\n"))


def test_a_script_that_the_builder_does_not_write_is_left_out() -> None:
    own = '<script>root=new URL("/docs/",location)</script><script>paint()</script>'
    page = '<script>root=new URL("../..",location)</script><script>paint()</script><script>evil()</script>'
    allowed = known(f"{HEAD}{own}</head>")
    expected = EVERYTHING.format(hashed('root=new URL("../..",location)', "paint()"))
    assert policy_of(secured(f"{HEAD}{page}</head>", allowed)) == expected


@pytest.mark.parametrize(
    "rest",
    [
        "</head><script>paint()</script>",
        "</head><!-- <script>evil()</script> --><script>paint()</script>",
        "<script>evil('</head>')</script><script>paint()</script>",
        "<!-- </head> <script>evil()</script> --><script>paint()</script></head>",
        "</head><p title='<script>'>x</p><script>paint()</script><script>evil()</script>",
        "</head><SCRIPT>paint()</SCRIPT\n><script>evil()",
        "<script>paint()</script>",
    ],
)
def test_only_the_scripts_of_the_builder_run_wherever_they_stand(rest: str) -> None:
    allowed = known(f"{HEAD}<script>paint()</script></head>")
    assert policy_of(secured(HEAD + rest, allowed)) == EVERYTHING.format(hashed("paint()"))


def test_an_address_of_another_host_is_no_place_of_the_site() -> None:
    allowed = known(f'{HEAD}<script>root=new URL(".",location)</script>')
    page = f'{HEAD}<script>root=new URL("https://elsewhere",location)</script>'
    assert policy_of(secured(page, allowed)) == EVERYTHING.format("")


def test_a_style_that_a_script_of_the_builder_holds_is_allowed() -> None:
    style = ".a{color:red}" * 20
    script = f"""var a="b",c='{style}';d.append(c);e="{{";"""
    assert held_styles(script) == [style]
    said = policy_of(secured(HEAD, styles=[style]))
    assert said == EVERYTHING.format("").replace("style-src 'self'", f"style-src 'self'{hashed(style)}")


def test_each_page_of_a_folder_is_secured(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "404.html").write_text(f'{HEAD}<script>root=new URL("/",location)</script>')
    (tmp_path / "a/b/c.html").write_text(f'{HEAD}<script>root=new URL("../..",location)</script>')
    (tmp_path / "a/d.html").write_text(f"{HEAD}<script>evil()</script>")
    (tmp_path / "a/e.txt").write_text("<html>")
    (tmp_path / "a/f.htm").write_text(HEAD)
    assert secure_folder(str(tmp_path)) == 4
    allowed = EVERYTHING.format(hashed('root=new URL("../..",location)'))
    assert policy_of((tmp_path / "a/b/c.html").read_text()) == allowed
    assert policy_of((tmp_path / "a/d.html").read_text()) == EVERYTHING.format("")
    assert policy_of((tmp_path / "a/f.htm").read_text()) == EVERYTHING.format("")
    assert (tmp_path / "a/e.txt").read_text() == "<html>"


def test_a_page_of_somebodys_for_what_is_not_found_stays() -> None:
    own = f"{HEAD}<title>Mine</title><a href='/' class='md-logo'>Mine</a><h1>Gone</h1>"
    assert reworded(own) == own


def test_a_policy_cannot_be_left_by_what_is_in_a_script() -> None:
    html = secured(f"{HEAD}<script>\"'><img src=x onerror=go()></script>")
    first: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            first.append((tag, attrs))

    Tags().feed(html)
    assert [tag for tag, _ in first] == ["html", "head", "meta", "meta", "script"]
