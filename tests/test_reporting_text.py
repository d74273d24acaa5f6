"""The text report: what stands under the carets, and what never reaches a terminal."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import Repository, Run
from regcheck.check import read
from regcheck.model import Finding, Position, Related, Severity
from regcheck.reporting import View, text
from regcheck.reporting.snippet import snippet
from regcheck.terminal import Terminal, columns, visible
from regcheck.trees import WorkTree
from regcheck.verdict import Verdict

TABLE = "---\nregister: machine\n---\n\n| Machine | Role | Notes |\n| --- | --- | --- |\n"
UNKNOWN = ("check", "--select", "unknown-reference", "--color", "never")


def under_carets(source: str, carets: str) -> str:
    """The text above the carets, by columns of the terminal."""
    start, stop = len(carets) - len(carets.lstrip()), len(carets)
    return "".join(
        char
        for index, char in enumerate(source)
        if start <= columns(source[:index]) < stop and (columns(char) or columns(source[: index + 1]) > start)
    )


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "carets"),
    [
        ("| a | b |", 7, 8, "| a | b |", "      ^"),
        ("| 日本 | b |", 3, 5, "| 日本 | b |", "  ^^^^"),
        ("| 日本 | b |", 8, 9, "| 日本 | b |", "         ^"),
        ("| e\u0301e\u0301 | b |", 10, 11, "| e\u0301e\u0301 | b |", "       ^"),
        ("a:\tb", 4, 5, "a:    b", "      ^"),
        ("a \x1b[31mred\x1b[0m", 8, 11, r"a \x1b[31mred\x1b[0m", "          ^^^"),
        ("a \u202eb\u202c c", 4, 5, r"a \u202eb\u202c c", "        ^"),
        ("a\u00a0b \u200bc", 3, 4, r"a\xa0b \u200bc", "     ^"),
        ("at the end", 11, 11, "at the end", "          ^"),
        ("past the end   ", 14, 15, "past the end", "            ^"),
        ("an empty range", 4, 4, "an empty range", "   ^"),
    ],
)
def test_the_carets_stand_under_the_place(line: str, column: int, end: int, shown: str, carets: str) -> None:
    assert snippet(line, Position("f", 1, column, 1, end), 80) == (shown, carets)


def test_a_place_of_many_lines_ends_with_the_first() -> None:
    assert snippet("entries: [", Position("f", 1, 10, 4, 2), 80) == ("entries: [", "         ^")


@pytest.mark.parametrize(
    ("column", "shown", "carets"),
    [
        (1, "0123456789abcdefghi…", "^"),
        (20, "…abcdefghijklmnopqr…", "          ^"),
        (36, "…hijklmnopqrstuvwxyz", "                   ^"),
    ],
)
def test_a_long_line_is_shown_around_the_place(column: int, shown: str, carets: str) -> None:
    line = "0123456789abcdefghijklmnopqrstuvwxyz"
    assert snippet(line, Position("f", 1, column, 1, column + 1), 20) == (shown, carets)


def test_a_place_longer_than_the_window_is_shown_from_its_start() -> None:
    line = "before " + "x" * 50 + " after"
    assert snippet(line, Position("f", 1, 8, 1, 58), 20) == ("…" + "x" * 18 + "…", " " + "^" * 18)


LINES = st.text(st.sampled_from("ab |日e\u0301\t\x1b\u202e…🦊"), min_size=1, max_size=250)


@given(line=LINES, start=st.integers(0, 250), length=st.integers(0, 90), room=st.integers(30, 70))
@example(line="日" * 60, start=30, length=20, room=31)
def test_whatever_the_line_the_carets_stand_right(line: str, start: int, length: int, room: int) -> None:
    start = min(start, len(line.rstrip()))
    place = line.rstrip()[start : start + length]
    source, carets = snippet(line, Position("f", 1, start + 1, 1, start + length + 1), room)
    assert columns(source) <= room
    assert source.isprintable()
    assert carets.strip("^").strip() == ""
    shown = visible(place.lstrip("\u0301").replace("\t", "    "))
    if columns(shown):
        marked = under_carets(source, carets)
        assert shown.startswith(marked.removesuffix("…")) or marked == shown


def test_nothing_of_a_register_moves_the_terminal(repository: Repository, run: Run) -> None:
    row = "| \x1b[2Jm\u202e1 | frozen | \x07bell \x9b31m |\n"
    more = "---\nregister: workload\n---\n\n| Workload | Environment | Current host |\n| --- | --- | --- |\n"
    repository(
        {
            "registers/m.md": TABLE + row,
            "registers/w.md": f"{more}| a | production | \x1b]0;title\x07\u2066b |\n",
        }
    )
    for words in (UNKNOWN, ("check", "--color", "never"), ("list", "machine"), ("check", "--format", "json")):
        ran = run(*words)
        assert (ran.out + ran.err).replace("\n", "").isprintable()
    assert run(*UNKNOWN).out == (
        "registers/w.md:7:20: error[unknown-reference]: "
        r"there is no machine `\x1b]0;title\x07\u2066b`"
        "\n"
        r"  7 │ | a | production | \x1b]0;title\x07\u2066b |"
        "\n    ╵                    ^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  help: add the machine, or correct the name\n"
        "\n1 error in 2 files with 2 entries\n"
    )


def verdict_of(repository: Repository, *findings: Finding) -> Verdict:
    root = repository({"registers/m.md": f"{TABLE}| a | frozen | |\n"})
    return Verdict(read(WorkTree(str(root))), list(findings), ["drain-cycle"])


def finding(severity: Severity, place: tuple[int, int, int, int] = (7, 3, 7, 4), related: int = 0) -> Finding:
    position = Position("registers/m.md", *place)
    others = tuple(Related(position, f"place {number}") for number in range(related))
    return Finding("drain-cycle", severity, "it is wrong", "", position, None, others)


def test_the_summary_counts_each_severity(repository: Repository) -> None:
    error, warning, info = map(finding, Severity)
    for findings, expected in (
        ((), "clean: 1 file with 1 entry"),
        ((error, error), "2 errors in 1 file with 1 entry"),
        ((error, warning, warning, info), "1 error, 2 warnings, 1 info in 1 file with 1 entry"),
        ((info, info), "2 infos in 1 file with 1 entry"),
    ):
        report = text.render(verdict_of(repository, *findings))
        assert report.endswith(f"{expected}\n")
        assert report.count("it is wrong") == len(findings)


def test_a_finding_without_a_line_to_show(repository: Repository) -> None:
    nowhere = finding(Severity.ERROR, (4, 1, 4, 1))
    gone = nowhere._replace(position=Position("regcheck.toml", 3, 1, 3, 2))
    assert text.render(verdict_of(repository, nowhere, gone)) == (
        "registers/m.md:4:1: error[drain-cycle]: it is wrong\n\n"
        "regcheck.toml:3:1: error[drain-cycle]: it is wrong\n\n"
        "2 errors in 1 file with 1 entry\n"
    )


def test_many_related_places_are_counted(repository: Repository) -> None:
    report = text.render(verdict_of(repository, finding(Severity.WARNING, related=23)))
    assert report == (
        "registers/m.md:7:3: warning[drain-cycle]: it is wrong\n"
        "  7 │ | a | frozen | |\n"
        "    ╵   ^\n"
        + "".join(f"  note: registers/m.md:7:3: place {number}\n" for number in range(20))
        + "  note: 3 more places in the JSON report\n"
        "\n1 warning in 1 file with 1 entry\n"
    )


def test_a_narrow_terminal_narrows_the_source(repository: Repository) -> None:
    root = repository({"registers/m.md": f"{TABLE}| a | frozen | {'long ' * 20}|\n"})
    position = Position("registers/m.md", 7, 3, 7, 4)
    verdict = Verdict(read(WorkTree(str(root))), [Finding("r", Severity.INFO, "x", "", position)], ["r"])
    assert text.render(verdict, View(Terminal(width=40))).splitlines()[1] == (
        "  7 │ | a | frozen | long long long lon…"
    )
