"""Every report against the schema of those who read it, and word for word on a hostile repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Repository, Run
from regcheck import __version__
from regcheck.check import check
from regcheck.model import Finding, Position, Related, Severity, Silenced
from regcheck.reporting import FORMATS, View, codequality, junit, rdjson, sarif
from regcheck.reporting.fingerprints import fingerprints
from regcheck.terminal import visible
from regcheck.trees import WorkTree
from regcheck.verdict import Baseline, Verdict
from test_cases import ALL, CASES, TODAY, name_of, text_at, verdict

DATA = Path(__file__).parent / "data"
OWN = [name for name in FORMATS if name not in ("text", "json")]


@cache
def schema(name: str) -> jsonschema_rs.Validator:
    said = json.loads((DATA / name).read_text(encoding="utf-8"))
    if name.startswith("sarif"):  # a bracket too many: no regular expression for some engines
        for part in ("run", "toolComponent"):
            pattern = said["definitions"][part]["properties"]["language"].pop("pattern")
            assert pattern.endswith("{2}]?$")
    return jsonschema_rs.validator_for(said, validate_formats=True)


def mistakes_of_json(name: str, report: str) -> list[str]:
    return [str(error) for error in schema(name).iter_errors(json.loads(report))]


@cache
def xsd() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(DATA / "junit-10.xsd"))


def mistakes_of_junit(report: str) -> list[str]:
    return [str(error.reason) for error in xsd().iter_errors(report)]


MISTAKES: dict[str, Callable[[str], list[str]]] = {
    "sarif": lambda report: mistakes_of_json("sarif-schema-2.1.0.json", report),
    "codequality": lambda report: mistakes_of_json("codequality.schema.json", report),
    "rdjson": lambda report: mistakes_of_json("rdjson.schema.json", report),
    "junit": mistakes_of_junit,
}


def silenced(found: Verdict) -> Verdict:
    """The same findings, every second one accepted."""
    kept = found.findings[::2]
    rest = tuple(Silenced(one, "exception:late", "it moves <soon>") for one in found.findings[1::2])
    return found._replace(findings=kept, silenced=rest, baseline=Baseline(7, 3))


def verdicts() -> Iterator[tuple[Path, Verdict]]:
    for case in ALL:
        yield case, verdict(case)
        yield case, silenced(verdict(case))


@pytest.mark.parametrize("name", MISTAKES)
def test_every_case_is_reported_as_the_schema_wants_it(name: str) -> None:
    for case, found in verdicts():
        report = FORMATS[name](found, View(strict=True))
        assert (name_of(case), MISTAKES[name](report)) == (name_of(case), [])


@pytest.mark.parametrize(
    ("name", "report"),
    [
        ("sarif", '{"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]}'),
        ("codequality", '[{"description": "x"}]'),
        ("rdjson", '{"diagnostics": [{"message": "x", "location": {"path": "x"}, "column": 1}]}'),
        ("junit", "<testsuites><testsuite name='x' tests='0' failures='0'/></testsuites>"),
    ],
)
def test_the_schemas_refuse_what_is_wrong(name: str, report: str) -> None:
    assert MISTAKES[name](report)


# --- word for word ---------------------------------------------------------------------

HOSTILE_PATH = "registers/it's 100% <b>@ops</b>, `a`:日本 #1.md"
HOSTILE = {
    "registers/m.yaml": "register: machine\nentries: [{id: m, role: production}]\n",
    HOSTILE_PATH: """\
---
register: workload
---

| Workload | Environment | Current host | Target host |
| --- | --- | --- | --- |
| 日本🦊 | production | @admin #12 <img src=x> | m |
| b | production | ::stop-commands::x%0A##[error]y | ]]> &amp; "q" 'a' \\| z |
| c | production | \u202e\u2028\x1b[31m {0} | [l](https://e.x) ![i](//e.x) www.e.x |
| d | staging@ | m | m |
| d | staging | m | m |
""",
}
HOSTILE_RULES = ["unknown-reference", "schema", "duplicate-id", "unused-machine"]


@pytest.fixture
def hostile(repository: Repository) -> Verdict:
    found = check(WorkTree(str(repository(HOSTILE))), select=HOSTILE_RULES, today=TODAY)
    accepted = (
        Silenced(found.findings[0], "exception:first", "<moved> & \x1b[31m\n::error::gone ]]>"),
        Silenced(found.findings[1], "baseline", ""),
    )
    return found._replace(findings=found.findings[2:], silenced=accepted, baseline=Baseline(4, 3))


@pytest.mark.parametrize("name", OWN)
def test_a_hostile_repository_word_for_word(
    name: str, hostile: Verdict, request: pytest.FixtureRequest
) -> None:
    report = FORMATS[name](hostile, View()).replace(f'"{__version__}"', '"VERSION"')
    file = DATA / "reports" / f"{name}.txt"
    if request.config.getoption("--accept"):
        file.write_bytes(report.encode())
    assert report == file.read_bytes().decode()
    assert report.replace("\n", "").isprintable()
    assert report.isascii() == (name not in ("github", "markdown"))


@pytest.mark.parametrize("name", OWN)
def test_what_is_silenced_is_counted(name: str, hostile: Verdict) -> None:
    report = FORMATS[name](hostile, View())
    if name == "sarif":
        run = json.loads(report)["runs"][0]
        assert run["properties"] == {"silenced": 2, "baseline": {"size": 4, "gone": 3}}
        assert sum(bool(result["suppressions"]) for result in run["results"]) == 2
    else:
        assert "2 silenced: 1 by an exception, 1 by the baseline" in report
        assert "baseline: 4 findings, 3 of them gone" in report.casefold()
    without = FORMATS[name](hostile._replace(silenced=(), baseline=None), View())
    assert "baseline" not in without
    assert "2 silenced" not in without


SCRIPT = """
import hashlib, json, sys
from regcheck.check import check
from regcheck.reporting import FORMATS, View
from regcheck.trees import WorkTree
whole = hashlib.sha256()
for folder in json.loads(sys.stdin.read()):
    found = check(WorkTree(folder), today=%r)
    for render in FORMATS.values():
        whole.update(render(found, View()).encode())
print(whole.hexdigest())
"""


def test_reports_do_not_depend_on_the_order_of_hashes() -> None:
    told = set()
    for seed in ("0", "1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT % TODAY],
            input=json.dumps([str(case) for case in ALL]),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        told.add(ran.stdout)
    assert len(told) == 1


# --- whatever a finding says -----------------------------------------------------------

WORDS = st.text(st.characters(), max_size=40) | st.sampled_from(
    ["\ud800", "\ufffe\uffff", "]]>", "\r\n::error::x", "\u2028", "{0} [a](1)", "a\x00b", "`", ""]
)
PLACES = st.builds(
    lambda line, column, length: Position("registers/m.yaml", line, column, line, column + length),
    st.integers(1, 3),
    st.integers(1, 40),
    st.integers(0, 5),
)
FINDINGS = st.builds(
    Finding,
    st.sampled_from(HOSTILE_RULES),
    st.sampled_from(Severity),
    WORDS.filter(lambda text: text.strip("` ")),
    WORDS,
    PLACES,
    st.none() | WORDS.map(lambda name: f"workload:{name}"),
    st.lists(st.builds(Related, PLACES, WORDS), max_size=3).map(tuple),
)


@cache
def empty() -> Verdict:
    return verdict(ALL[0])._replace(findings=[], rules=HOSTILE_RULES)


@settings(deadline=None)
@given(findings=st.lists(FINDINGS, max_size=6), by=WORDS, reason=WORDS)
def test_no_word_breaks_a_report(findings: list[Finding], by: str, reason: str) -> None:
    rest = tuple(Silenced(finding, by, reason) for finding in findings[4:])
    found = empty()._replace(findings=findings[:4], silenced=rest)
    for name, mistakes in MISTAKES.items():
        assert mistakes(FORMATS[name](found, View())) == []
    for name in OWN:
        assert FORMATS[name](found, View()).replace("\n", "").isprintable()
    issues = json.loads(codequality.render(found))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(findings[:4]) + bool(rest)
    cases = ET.fromstring(junit.render(found)).iter("testcase")
    told = {element.get("message") for case in cases for element in case.iter("failure")}
    assert told == {visible(one.message) for one in findings[:4] if one.severity is Severity.ERROR}


# --- fingerprints ------------------------------------------------------------------------


def test_a_fingerprint_stays_when_lines_move_and_differs_from_all_others() -> None:
    one = Finding("schema", Severity.ERROR, "wrong", "", Position("a.md", 1, 1, 1, 2), "workload:a")
    moved = one._replace(position=Position("b.md", 9, 4, 9, 5), help="other help")
    other = one._replace(message="wrong, too")
    nowhere = one._replace(entry=None)
    first, again, third, fourth = fingerprints([one, moved, other, nowhere])
    assert len({first, again, third, fourth}) == 4
    assert [*fingerprints([moved, one, nowhere._replace(message="")])][:2] == [first, again]
    assert [*fingerprints([other])] == [third]


# --- SARIF -----------------------------------------------------------------------------------


def run_of(found: Verdict) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(sarif.render(found))["runs"][0]
    return run


def test_a_sarif_result_leads_to_the_text_and_the_rule() -> None:
    for case, found in verdicts():
        run = run_of(found)
        rules = run["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in rules] == found.rules
        everything = [*found.findings, *(one.finding for one in found.silenced)]
        for result, finding in zip(run["results"], everything, strict=True):
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule
            place = result["locations"][0]["physicalLocation"]
            region = place["region"]
            at = Position(
                unquote(place["artifactLocation"]["uri"]),
                *(region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")),
            )
            if finding.rule != "unreadable-file":
                assert text_at(case, finding._replace(position=at)) == text_at(case, finding)
            assert len(result.get("relatedLocations", ())) == len(finding.related)
            assert bool(result["suppressions"]) == (finding not in found.findings)


def test_every_rule_is_described_in_sarif_within_the_limits() -> None:
    run = run_of(check(WorkTree(str(ALL[0])), today=TODAY))
    for rule in run["tool"]["driver"]["rules"]:
        for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"]):
            assert 0 < len(text) <= 1024
        assert "## How to fix it\n" in rule["help"]["markdown"]
        assert not re.search(r"^ +##", rule["help"]["markdown"], re.MULTILINE)
        assert len(rule["properties"]["tags"]) == 1


def test_sarif_keeps_to_what_code_scanning_takes(hostile: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    error, warning, info = (hostile.findings[0]._replace(severity=severity) for severity in Severity)
    many = error._replace(related=tuple(Related(error.position, str(n)) for n in range(150)))
    assert len(run_of(hostile._replace(findings=[many]))["results"][0]["relatedLocations"]) == 100
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    run = run_of(hostile._replace(findings=[info, warning, error, info, error]))
    assert [result["level"] for result in run["results"]] == ["warning", "error", "error"]
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "4 results left out: code scanning takes no more than 3"


def test_nothing_in_a_sarif_message_is_a_link_or_a_placeholder(hostile: Verdict) -> None:
    (finding, *_) = hostile.findings
    finding = finding._replace(message="a {0} [b](1) [c](https://e.x)", help="[d] {e: f}")
    (result, *_) = run_of(hostile._replace(findings=[finding]))["results"]
    assert result["message"]["text"] == "a { 0} [b] (1) [c] (https://e.x). [d] {e: f}"


# --- JUnit -------------------------------------------------------------------------------------


def test_junit_fails_what_fails_the_run() -> None:
    for case in ALL:
        found = verdict(case)
        for strict in (False, True):
            root = ET.fromstring(junit.render(found, View(strict=strict)))
            failing = found.count(Severity.ERROR) + strict * found.count(Severity.WARNING)
            assert root.get("failures") == str(failing) == str(len([*root.iter("failure")]))
            assert bool(failing) == bool(found.status(strict=strict))
            assert root.get("tests") == str(len([*root.iter("testcase")]))


def test_junit_has_a_case_for_every_rule_and_finding() -> None:
    for _, found in verdicts():
        root = ET.fromstring(junit.render(found))
        rules = {finding.rule for finding in found.findings} | {one.finding.rule for one in found.silenced}
        everything = len(found.findings) + len(found.silenced)
        cases = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
        assert len(set(cases)) == len(cases) == everything + len(found.rules) - len(rules)
        assert {name for name, _ in cases} == set(found.rules)
        assert len([*root.iter("skipped")]) == len(found.silenced)


# --- rdjson ----------------------------------------------------------------------------------------


def test_the_columns_of_rdjson_count_bytes() -> None:
    told = 0
    for case in ALL:
        found = verdict(case)
        for one, finding in zip(json.loads(rdjson.render(found))["diagnostics"], found.findings, strict=True):
            start, end = (one["location"]["range"][key] for key in ("start", "end"))
            if "column" not in start:
                continue
            written = (case / finding.position.path).read_bytes().removeprefix(b"\xef\xbb\xbf")
            lines = re.split(b"(?<=\r\n)|(?<=\n)|(?<=\r)(?!\n)", written)
            span = lines[start["line"] - 1 : end["line"]]
            span[-1] = span[-1][: end["column"] - 1]
            span[0] = span[0][start["column"] - 1 :]
            assert b"".join(span).decode() == text_at(case, finding)
            told += start["column"] != finding.position.column
    assert told > 0, "no case has a character of several bytes before a finding"


def test_rdjson_gives_only_lines_where_the_text_is_not_at_hand() -> None:
    place = Position("regcheck.toml", 3, 2, 4, 5)
    found = verdict(ALL[0])._replace(findings=[Finding("schema", Severity.INFO, "wrong", "", place)])
    (one,) = json.loads(rdjson.render(found))["diagnostics"]
    assert one["location"]["range"] == {"start": {"line": 3}, "end": {"line": 4}}


# --- from the command line ------------------------------------------------------------------------


def test_several_formats_in_one_run(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    found = check(WorkTree(str(repository(HOSTILE))), today=TODAY)
    wanted = [word for name in OWN for word in ("--format", f"{name}={name}.out")]
    ran = run("check", "--strict", "--today", TODAY, "--format", "text", *wanted)
    assert ran == (1, FORMATS["text"](found, View()), "")
    for name in OWN:
        assert (tmp_path / f"{name}.out").read_bytes().decode() == FORMATS[name](found, View(strict=True))


def test_every_format_has_its_file_and_its_place_in_the_help(run: Run) -> None:
    folder = Path(sarif.__file__).parent
    for name in FORMATS:
        assert (folder / f"{name}.py").is_file()
    told = " ".join(run("check", "--help", directory=CASES).out.split())
    assert f"text (default), {', '.join([*FORMATS][1:])};" in told
