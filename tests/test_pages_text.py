"""Whatever a register says is text on a page: for each Markdown reader and for a browser's parser."""

from __future__ import annotations

from html.parser import HTMLParser

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from regcheck.drawing.picture import plain
from regcheck.pages import markup
from regcheck.pages.bodies import rendered
from regcheck.pages.page import address, file_name, relative

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "<https://example.org>",
    "{{ config.site_name }} {% raw %}",
    "{: onclick=alert(1) }",
    "a | b || c",
    "`code` ``more`` ```",
    "***bold*** __under__ ~~gone~~ ==mark== ^up^ H~2~O",
    "# heading",
    "- item\n1. one\n> quote\n\n    code",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "\u202eevil\u2066 \u200f",
    "\x00\x07\x1b[31m\ud800",
    "x" * 10_000,
    "!!! note\n    body",
    ":smile: :material-alert: https://example.org www.example.org a@example.org",
    "[^1]: note [^1]",
    "*[HTML]: Hyper",
    "<!-- comment --> <?php ?> <![CDATA[x]]>",
    "\\<b\\> \\`",
]
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=80), st.text("<>&\"'`*_[](){}|#!\\\n :-+~^=$@", max_size=30)
)


class Heard(HTMLParser):
    """What a browser would make of HTML: its tags, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.tags.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.tags.append(f"instruction {data}")

    def unknown_decl(self, data: str) -> None:
        self.tags.append(f"unknown {data}")


def said(text: str) -> str:
    """A text as it is to be read: on one line, without what no page may hold."""
    return " ".join(plain(text).split())


EXTENSIONS = ["attr_list", "md_in_html", "tables", "toc", "admonition", "footnotes", "abbr", "def_list"]


def by_python_markdown(text: str) -> str:
    return markdown.markdown(text, extensions=EXTENSIONS)


def by_commonmark(text: str) -> str:
    html: str = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    return html


@pytest.mark.parametrize("read", [by_python_markdown, by_commonmark])
@given(text=texts)
def test_prose_is_text_in_a_paragraph_and_in_a_heading(read: object, text: str) -> None:
    for start, tag in (("", "p"), ("# ", "h1")):
        heard = Heard(read(f"{start}word {markup.prose(text)} end"))  # type: ignore[operator]
        assert heard.tags == [tag]
        assert {name for name, _ in heard.attributes} <= {"id"}
        assert " ".join(heard.words.split()) == " ".join(f"word {said(text)} end".split())


@given(text=texts)
def test_html_is_text_in_a_block_that_markdown_leaves_alone(text: str) -> None:
    block = markup.block("div", [markup.html(text), markup.code(text)], "rc-x", title=plain(text))
    for html in (block, by_python_markdown(f"Before\n\n{block}\nAfter")):
        heard = Heard(html)
        assert [tag for tag in heard.tags if tag != "p"] == ["div", "code"]
        assert dict(heard.attributes)["title"] == plain(text)
        assert said(text) in " ".join(heard.words.split())


@given(text=texts)
def test_a_title_can_stand_where_nothing_is_escaped(text: str) -> None:
    made = markup.title(text)
    assert not {"<", ">", "&", "\n", "\r"}.intersection(made)
    assert Heard(f"<title>{made}</title><b>").tags == ["title", "b"]


@given(text=texts)
def test_a_message_shows_what_it_quotes_as_code(text: str) -> None:
    heard = Heard(markup.message(f"the value {text} is wrong"))
    assert set(heard.tags) <= {"code"}
    assert heard.attributes == []


def test_what_a_message_quotes() -> None:
    assert markup.message("there is no `a<b` or ``c`d``") == (
        "there is no <code>a&lt;b</code> or <code>c`d</code>"
    )


# --- the prose of entry documents ------------------------------------------------------


@given(text=st.one_of(texts, st.lists(texts, max_size=4).map("\n\n".join)))
def test_a_body_has_no_tag_that_runs_or_loads_anything(text: str) -> None:
    heard = Heard(rendered(text))
    harmless = [
        "p",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "em",
        "strong",
        "code",
        "pre",
        "blockquote",
        "a",
        "hr",
        "br",
        "s",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
    assert set(heard.tags) <= set(harmless)
    for name, value in heard.attributes:
        assert name in ("href", "title", "start", "style", "class")
        if name == "href":
            assert (
                not (value or "").strip().lower().startswith(("javascript:", "vbscript:", "data:", "file:"))
            )


def test_a_body_is_the_markdown_that_people_write() -> None:
    text = "# One\n\nSome *prose* with `code`, a [link](https://example.org).\n\n- a\n- b\n"
    text += "\n| x | y |\n|---|---|\n| 1 | 2 |\n"
    heard = Heard(rendered(text))
    assert heard.tags[:5] == ["h3", "p", "em", "code", "a"]
    assert heard.tags.count("td") == 2


# --- names of files -----------------------------------------------------------------------


@given(text=texts)
def test_a_file_name_leads_nowhere_else(text: str) -> None:
    name = file_name(text)
    assert name
    assert not set(name) & set("/\\.:\0\n<>\"'|?* ")
    assert len(name.encode()) <= 255
    assert file_name(text) == name


def test_file_names() -> None:
    assert file_name("core-hub") == "core-hub"
    assert file_name("../../x").startswith("x-")
    assert file_name("../../x") != file_name("x")
    assert file_name("Core-Hub", {"core-hub"}).startswith("Core-Hub-")
    assert file_name("index") != "index"
    assert file_name("CON") != "CON"
    assert len(file_name("..")) == 8


def test_addresses() -> None:
    assert address("machines/a.md") == "machines/a.html"
    assert relative("machines/a.md", "index.md") == "machines/a.html"
    assert relative("machines/a.md", "waves/1.md") == "../machines/a.html"
    assert relative("findings.md", "machines/a.md") == "../findings.html"
