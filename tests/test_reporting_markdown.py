"""The Markdown report: nothing that a register says becomes more than text, and it stays short."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from conftest import Repository
from regcheck.check import check
from regcheck.model import Finding, Position, Related, Severity
from regcheck.reporting import markdown, rdjson
from regcheck.reporting.markdown import COMMENT, code, prose, report
from regcheck.terminal import visible
from regcheck.trees import WorkTree
from regcheck.verdict import Verdict
from regcheck.words import LONGEST, shorten
from test_cases import ALL, TODAY, verdict

HOSTILE = [
    "@admin",
    "a@b.example",
    "#12",
    "GH-12",
    "owner/repo#12",
    "!7",
    "~label",
    "$3",
    "%4",
    "&5",
    ":tada:",
    "deadbeef",
    "0123456",
    "https://e.example",
    "www.e.example",
    "<img src=x onerror=y>",
    "<!--",
    "</details>",
    "&lt;b&gt;",
    "[a](b)",
    "![a](b)",
    "[a]: b",
    "*a*",
    "_a_",
    "~~a~~",
    "a | b",
    "`a`",
    "``",
    "`",
    "\\",
    "- a",
    "1. a",
    "# a",
    "> a",
    "---",
    "```",
    "$`x`$",
    "a\n\n<b>",
    "a\r@b",
    "\u2028#1",
    "a`@b`c",
    "`x` @y `z",
]
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=6).map(" ".join) | st.lists(
    st.sampled_from(HOSTILE), max_size=6
).map("".join)
SPECIAL = re.compile(r"[@#<>&\[\]!~$%\\*_|{}/`\"=+^]|www\.|:\w+:|[0-9a-f]{7,}|\w-\d", re.IGNORECASE)
"""What a forge could see something in, outside of code."""
PARTS = {"heading", "paragraph", "bullet_list", "list_item", "strong"}
OUR_HTML = re.compile(r"<details><summary><code>[^<>]*</code>: [a-z0-9, ]+</summary>\n|</details>\n")


@cache
def parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def unsafe(text: str) -> list[str]:
    """What a rendered report holds beside the elements of the report itself."""
    return [said for token in parser().parse(text) for said in _unsafe(token)]


def _unsafe(token: Token) -> list[str]:
    if token.type == "html_block":
        return [] if OUR_HTML.fullmatch(token.content) else [token.content]
    if token.type == "text":
        return SPECIAL.findall(token.content)
    if token.type in ("inline", "code_inline"):
        return [said for child in token.children or () for said in _unsafe(child)]
    return [] if token.type.rpartition("_")[0] in PARTS else [token.type]


def of(*findings: Finding) -> Verdict:
    return verdict(ALL[0])._replace(findings=list(findings))


def finding(message: str, path: str = "a.md", severity: Severity = Severity.ERROR, help: str = "") -> Finding:
    return Finding("schema", severity, message, help, Position(path, 3, 1, 3, 2))


@settings(deadline=None)
@given(message=TEXTS, help=TEXTS, path=TEXTS.filter(bool), folded=st.booleans())
@example(message="`a`", help="`", path="`", folded=True)
def test_nothing_in_a_finding_becomes_markup(message: str, help: str, path: str, *, folded: bool) -> None:
    place = Position(path, 1, 1, 1, 2)
    one = finding(message, path, help=help)._replace(related=(Related(place, message),))
    text = markdown.render(of(*[one] * (markdown.FOLDED_FROM if folded else 1)))
    assert ("<details>" in text) == folded
    assert unsafe(text) == []


@settings(deadline=None)
@given(TEXTS)
def test_nothing_is_lost_or_added(text: str) -> None:
    said = "".join(
        child.content
        for token in parser().parseInline(f"x {prose(text)} x")
        for child in token.children or ()
    )
    assert re.sub("[ `]", "", said) == f"x{re.sub('[ `]', '', visible(text))}x"


@settings(deadline=None)
@given(message=TEXTS, help=TEXTS)
def test_nothing_in_a_review_comment_becomes_markup(message: str, help: str) -> None:
    (one,) = json.loads(rdjson.render(of(finding(f"it {message}", help=help))))["diagnostics"]
    tokens = parser().parse(one["message"])
    assert [said for token in tokens for said in _unsafe(token) if said != "softbreak"] in ([], [""])


@settings(deadline=None)
@given(TEXTS)
@example("a`@b`c")
@example("` is fine, and so is all else`")
@example("`")
@example("")
def test_a_value_ends_where_it_ends(value: str) -> None:
    text = " ".join(value.split()) or '""'
    shown = text if len(text) <= LONGEST + 1 else f"{text[:LONGEST]}…"
    (inline,) = parser().parseInline(prose(f"it says {shorten(value)} there"))
    assert [(child.type, child.content) for child in inline.children or ()] == [
        ("text", "it says "),
        ("code_inline", visible(shown)),
        ("text", " there"),
    ]


def test_a_name_with_backquotes_stays_text_in_every_report(repository: Repository) -> None:
    name = "x` @admin <b> `y"
    rows = (
        f"  - {{id: a, role: production, aliases: ['{name}']}}\n  - {{id: b, role: '{name}', '{name}': 1}}\n"
    )
    found = check(
        WorkTree(str(repository({"registers/m.yaml": f"register: machine\nentries:\n{rows}"}))), today=TODAY
    )
    assert {one.rule for one in found.findings if f"``{name}``" in one.message} == {
        "schema",
        "unknown-property",
    }
    assert unsafe(markdown.render(found)) == []
    for one in json.loads(rdjson.render(found))["diagnostics"]:
        assert unsafe(one["message"].replace("\n", " ")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words, and 1,234 of them; so?", "plain words, and 1,234 of them; so?"),
        ("there is no machine `a`", "there is no machine `a`"),
        ("workload:a waits (over tunnel:b), so", "`workload:a` waits (over `tunnel:b`), so"),
        ("`a`, `b` and `c`'s", "`a`, `b` and `c's`"),
        ("f(x) in `a b`: 2026-07-03.", "`f(x)` in `a b`: `2026-07-03`."),
        ("a → b — somebody's", "a → b — somebody's"),
        ("12. and 3", "`12`. and 3"),
        ("a defaced name", "a `defaced` name"),
        ("somebody's-defaced", "`somebody's-defaced`"),
        ("an odd ` quote", "an odd `` ` `` quote"),
        ("no machine ``a`@b``, and `` `c` ``", "no machine ``a`@b``, and `` `c` ``"),
        ("``a` is @b", "``` ``a` ``` is `@b`"),
    ],
)
def test_only_what_needs_it_is_code(text: str, expected: str) -> None:
    assert prose(text) == expected


@settings(deadline=None)
@given(st.text("` ab\\", min_size=1, max_size=12).filter(str.strip))
def test_code_holds_any_backquotes(text: str) -> None:
    (inline,) = parser().parseInline(code(text))
    assert [(child.type, child.content.strip()) for child in inline.children or ()] == [
        ("code_inline", text.strip())
    ]


# --- how long it is ----------------------------------------------------------------------


def test_a_long_report_is_cut_where_it_is_least_severe() -> None:
    files = [f"registers/{number % 40}.md" for number in range(3000)]
    severities = [Severity.INFO, Severity.WARNING, Severity.INFO, Severity.ERROR]
    found = [
        finding(f"wrong ünd `n{number}`", path, severities[number % 4 if number >= 2600 else 0])
        for number, path in enumerate(files)
    ]
    text, left = report(of(*found), 40_000)
    assert 35_000 < len(text.encode()) <= 40_000
    shown = {severity: text.count(f"- **{severity.value}**") for severity in Severity}
    assert (shown[Severity.ERROR], shown[Severity.WARNING]) == (100, 100)
    assert 0 < shown[Severity.INFO] < 2800
    assert left == 3000 - sum(shown.values())
    assert text.endswith(f"\n{left:,} more findings left out here: `regcheck check` shows all.\n")
    assert text.count("<details>") == text.count("</details>") > 0
    assert unsafe(text) == []


def test_one_endless_finding_hides_no_other() -> None:
    text = markdown.render(of(finding("wrong " * 20_000), finding("right here", severity=Severity.INFO)))
    assert len(text.encode()) <= COMMENT
    assert "right here" in text
    assert text.endswith("\n1 more finding left out here: `regcheck check` shows all.\n")


@pytest.mark.parametrize("room", [0, 100, 1000, 5000])
def test_a_report_keeps_to_its_room(room: int) -> None:
    found = [finding(f"wrong {'x' * (number % 300)}", f"{number % 7}.md") for number in range(60)]
    head, _ = report(of(*found), 0)
    text, _ = report(of(*found), room)
    assert len(text.encode()) <= max(room, len(head.encode()))
    assert len(head.encode()) < 250


def test_many_related_places_are_counted() -> None:
    one = finding("wrong")
    text = markdown.render(of(one._replace(related=tuple([Related(one.position, "here")] * 13))))
    assert text.count("  - `a.md:3`: here\n") == 10
    assert "  - 3 more places\n" in text


def test_a_clean_report_says_so() -> None:
    found = of()
    assert markdown.render(found) == (
        f"## regcheck: clean\n\n{found.files} file{'s' * (found.files != 1)} with "
        f"{found.entries} entr{'y' if found.entries == 1 else 'ies'}.\n"
    )
