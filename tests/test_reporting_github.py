"""Workflow commands: read back as the runner reads them, and what it would drop is in the summary."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import Repository, Run
from regcheck.model import Finding, Position, Related, Severity, Silenced
from regcheck.reporting import github, markdown
from regcheck.terminal import visible
from regcheck.verdict import Verdict
from test_cases import ALL, verdict

COMMANDS = ("error", "warning", "notice")


class Command(NamedTuple):
    """A workflow command as the runner understands it."""

    name: str
    properties: dict[str, str]
    data: str


def parsed(line: str) -> Command | None:
    """What the runner makes of a line (ActionCommand.TryParseV2); None for plain text."""
    if not line.lstrip().startswith("::"):
        assert "##[" not in line, "a command of the old form, which may begin anywhere"
        return None
    head, separator, data = line.lstrip()[2:].partition("::")
    assert separator
    name, _, properties = head.partition(" ")
    pairs = [one.split("=", 1) for one in properties.split(",")]
    return Command(name, {key: _unescaped(value) for key, value in pairs}, _unescaped(data))


def _unescaped(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def commands(report: str) -> list[Command]:
    """The commands of a report, which is nothing but commands and a last plain line."""
    *lines, last = report.splitlines()
    assert [*report.split("\n")] == [*lines, last, ""], "a line ends where the runner sees an end, only"
    assert parsed(last) is None
    found = [command for line in lines if (command := parsed(line))]
    assert len(found) == len(lines)
    assert {command.name for command in found} <= set(COMMANDS)
    return found


def finding(message: str, severity: Severity = Severity.ERROR, rule: str = "schema") -> Finding:
    return Finding(rule, severity, message, "", Position("registers/a.md", 3, 4, 3, 9))


def of(*findings: Finding) -> Verdict:
    return verdict(ALL[0])._replace(findings=list(findings))


TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "::error::x",
        "a\r::set-env name=x::y",
        "\n##[error]z",
        "x ##[add-mask]y",
        "%0A::x",
        "100%",
        "\u2028::x::",
    ]
)


@settings(deadline=None)
@given(message=TEXTS, help=TEXTS, path=TEXTS, note=TEXTS)
@example(message="::stop-commands::x", help="##[group]", path="a,line=9::b", note="##[##[[")
def test_no_text_becomes_a_command_or_a_property(message: str, help: str, path: str, note: str) -> None:
    place = Position(path, 3, 4, 3, 9)
    one = Finding("schema", Severity.WARNING, message, help, place, None, (Related(place, note),))
    (command,) = commands(github.render(of(one)))
    assert command.name == "warning"
    said = [visible(message), f"help: {visible(help)}" if help else ""]
    said.append(f"note: {visible(path)}:3:4: {visible(note)}")
    expected = "\n".join(filter(None, said)) if message else "\n".join(["", *filter(None, said[1:])])
    assert command.data.replace("## [", "##[") == _again(expected).replace("## [", "##[")
    assert command.properties == {
        "title": "regcheck: schema",
        "file": _again(visible(path)).replace("##[", "## ["),
        "line": "3",
        "endLine": "3",
        "col": "4",
        "endColumn": "9",
    }


def _again(text: str) -> str:
    """A text after the escaping and unescaping, which the runner does in an order of its own."""
    return _unescaped(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def test_columns_are_left_out_where_a_place_has_several_lines() -> None:
    (command,) = commands(github.render(of(finding("x")._replace(position=Position("a", 3, 4, 5, 1)))))
    assert command.properties == {"title": "regcheck: schema", "file": "a", "line": "3", "endLine": "5"}


def test_github_shows_ten_of_a_level_and_is_given_the_most_telling() -> None:
    found = [finding(f"e{number}") for number in range(30)] + [finding("rare", rule="duplicate-id")]
    found += [finding(f"w{number}", Severity.WARNING) for number in range(4)]
    found += [finding(f"i{number}", Severity.INFO) for number in range(12)]
    told = commands(github.render(of(*found)))
    assert [command.data for command in told] == [
        *("e0", "rare", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8"),
        *("w0", "w1", "w2", "w3"),
        *("i0", "i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8"),
        "24 more findings left out here: `regcheck check` shows all",
    ]
    names = [command.name for command in told]
    assert [names.count(name) for name in COMMANDS] == [10, 4, 10]


def test_a_long_message_is_cut_as_the_runner_would() -> None:
    (command,) = commands(github.render(of(finding("x" * 5000))))
    assert command.data == "x" * 4095 + "…"


def test_a_clean_run_says_nothing_but_that() -> None:
    report = github.render(of())
    assert report.startswith("clean: ")
    assert commands(report) == []


def test_what_is_silenced_is_a_notice() -> None:
    found = of()._replace(silenced=(Silenced(finding("x"), "baseline", ""),))
    assert [command.data for command in commands(github.render(found))] == ["1 silenced by the baseline"]


# --- the job summary --------------------------------------------------------------------

REGISTER = {"registers/m.yaml": "register: machine\nentries: [{id: m, role: <b>@x</b>}]\n"}
CHECK = ("check", "--select", "schema", "--format", "github")


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", os.fspath(file))
    return file


def test_all_findings_are_in_the_job_summary(repository: Repository, run: Run, summary: Path) -> None:
    repository(REGISTER)
    ran = run(*CHECK)
    assert (ran.status, ran.err) == (1, "")
    text = summary.read_text(encoding="utf-8")
    assert text == run("check", "--select", "schema", "--format", "markdown").out
    assert text.startswith("## regcheck: 1 error\n")
    summary.write_text("what another tool says", encoding="utf-8")
    run(*CHECK, "--format", "text=out.txt")
    assert summary.read_text(encoding="utf-8") == f"what another tool says\n\n{text}"


def test_the_job_summary_is_named_only_where_it_shows_all(
    repository: Repository, run: Run, summary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"  - {{id: m{number}, role: x}}\n" for number in range(12))
    repository({"registers/m.yaml": f"register: machine\nentries:\n{rows}"})

    def told() -> str:
        return commands(run(*CHECK).out)[-1].data

    left_out = "2 more findings left out here: `regcheck check` shows all"
    assert told() == "2 more findings in the job summary"
    for used in (1024 * 1024 - 1500, 1024 * 1024):  # it has room for some of them, and for none
        summary.write_bytes(b"x" * used)
        assert told() == left_out
    for value in ("nowhere/summary.md", ""):
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", value)
        assert told() == left_out
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    assert told() == left_out


def test_only_the_github_format_writes_a_job_summary(
    repository: Repository, run: Run, summary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(REGISTER)
    for words in (["--format", "markdown"], []):
        run("check", *words)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "")
    assert run(*CHECK).err == ""
    assert not summary.exists()


def test_a_job_summary_stays_below_the_limit(repository: Repository, run: Run, summary: Path) -> None:
    rows = "".join(f"  - {{id: m{number}, role: {'x' * 50}}}\n" for number in range(6000))
    repository({"registers/m.yaml": f"register: machine\nentries:\n{rows}"})
    summary.write_bytes(b"x" * 500_000)
    assert run(*CHECK).err == ""
    assert 900_000 < summary.stat().st_size <= 1024 * 1024
    assert "more findings left out here" in summary.read_text(encoding="utf-8")
    summary.write_bytes(b"x" * (1024 * 1024 - 500))
    assert run(*CHECK).err == "regcheck: the job summary is full, so it does not hold the findings\n"
    assert summary.stat().st_size == 1024 * 1024 - 500


def test_a_job_summary_that_cannot_be_written_fails_nothing(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository(REGISTER)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", os.fspath(tmp_path / "nowhere" / "summary.md"))
    ran = run(*CHECK)
    assert (ran.status, ran.err) == (
        1,
        "regcheck: the job summary cannot be written: No such file or directory\n",
    )


def test_the_summary_has_room_for_all_that_annotations_leave_out() -> None:
    found = of(*[finding(f"wrong n{number}") for number in range(500)])
    text, left_out = markdown.report(found, 1024 * 1024)
    assert (left_out, text.count("wrong `n")) == (0, 500)
