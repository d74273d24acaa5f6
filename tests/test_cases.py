"""Every folder below `cases/RULE/` is a small repository beside the exact report on it.

`pytest --accept` rewrites the reports; an empty one means that nothing is found. Where
there is a folder `base/`, it holds the files of the revision that the case is compared with.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Self

import pytest

from regcheck.check import check, read
from regcheck.model import Entry, Finding, Source
from regcheck.reading.values import TRUTH
from regcheck.reporting import text
from regcheck.rule import Base
from regcheck.rules import RULES
from regcheck.settings import load_settings
from regcheck.trees import WorkTree
from regcheck.verdict import Verdict

CASES = Path(__file__).parent / "cases"
TODAY = "2026-07-03"

ALL = sorted(path for path in CASES.glob("*/*") if path.is_dir())


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


each_case = pytest.mark.parametrize("case", ALL, ids=name_of)


def compared(case: Path) -> Verdict:
    """What a check of a folder comes to, in comparison with its base where it has one."""
    folder = str(case / "base")
    base = Base(read(WorkTree(folder)), load_settings(WorkTree(folder))) if os.path.isdir(folder) else None
    return check(WorkTree(str(case)), today=TODAY, base=base)


@cache
def verdict(case: Path) -> Verdict:
    return compared(case)


def report(case: Path) -> str:
    found = verdict(case)
    return text.render(found) if found.findings else ""


def expected(case: Path) -> str:
    return (case / "expected.txt").read_text(encoding="utf-8")


@each_case
def test_the_report_is_exactly_the_expected_one(case: Path, request: pytest.FixtureRequest) -> None:
    file = case / "expected.txt"
    if request.config.getoption("--accept"):
        file.write_text(report(case), encoding="utf-8", newline="\n")
    assert report(case) == expected(case)


# --- completeness --------------------------------------------------------------


def test_every_folder_is_called_like_a_rule() -> None:
    assert {case.parent.name for case in ALL} <= set(RULES)


def test_every_case_is_called_by_a_sentence() -> None:
    odd = [name_of(case) for case in ALL if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", case.name)]
    assert odd == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_dirty_case_and_a_clean_near_miss(rule: str) -> None:
    reports = [expected(case) for case in ALL if case.parent.name == rule]
    assert any(f"[{rule}]" in said for said in reports), "no case shows the rule at work"
    assert "" in reports, "no case shows what looks like it and is right"


# --- a finding stands where its words are -------------------------------------------


def text_at(case: Path, finding: Finding) -> str:
    """What the file says from the start to the end of the finding's position."""
    at = finding.position
    file = case / at.path
    written = file.read_bytes().decode("utf-8-sig") if file.exists() else ""  # settings may be gone
    source = Source(at.path, written)
    assert 1 <= at.line <= at.end_line <= len(source.starts)
    start = source.starts[at.line - 1] + at.column - 1
    end = source.starts[at.end_line - 1] + at.end_column - 1
    assert start <= end <= len(written)
    assert at.column <= len(source.line(at.line)) + 1
    assert at.end_column <= len(source.line(at.end_line)) + 1
    return written[start:end]


def said_by(entry: Entry) -> set[str]:
    """All that an entry says: its keys, its values, their items, and short forms of tasks."""
    said = {entry.id, *entry.values}
    said |= {word for word, truth in TRUTH.items() for value in entry.values.values() if value is truth}
    for name, value in entry.values.items():
        said |= {str(item) for item in (value if isinstance(value, list) else [value])}
        said |= {link.partition(":")[2] for link in entry.links.get(name, ())}
    said |= {word.rpartition("-")[2] for word in said if re.search(r"-T\d+$", word)}
    return {" ".join(word.split()).casefold() for word in said}


def speaks_of(finding: Finding, found: str, case: Path) -> bool:
    """Whether a finding is about the text at its position."""
    words = " ".join(found.split())
    message = " ".join(f"{finding.message} {finding.help}".split())
    if words and words.strip("`\"'") in message:
        return True
    if not words:
        return "an empty heading" in message or finding.position[1:3] == (1, 1)  # what is gone
    if "is missing" in message or "this is not YAML" in message:
        return True  # nothing can stand there, or the parser gave up there
    if finding.rule == "malformed-table":
        return "|" in found and "this row has" in message
    if found.startswith("*"):
        return True  # an alias: the value is used here and written elsewhere
    items = [part.strip(" []\"'`").casefold() for part in re.split(r"[,\n]|<br>|- ", words)]
    named = {finding.entry, *(word.strip("`,:;()") for word in finding.message.split())}
    entries = [entry for entry in verdict(case).fleet if entry.ref in named]
    return any(said_by(entry).issuperset(filter(None, items)) for entry in entries)


@each_case
def test_the_text_at_a_finding_is_what_it_talks_about(case: Path) -> None:
    elsewhere = [
        (finding.rule, str(finding.position), found, finding.message)
        for finding in verdict(case).findings
        if finding.rule != "unreadable-file"  # there is no text then
        for found in [text_at(case, finding)]
        if not speaks_of(finding, found, case)
    ]
    assert elsewhere == []


@each_case
def test_related_places_are_in_their_files(case: Path) -> None:
    for finding in verdict(case).findings:
        for related in finding.related:
            assert text_at(case, finding._replace(position=related.position)).strip()


# --- the same in every run ------------------------------------------------------------

ALL_FINDINGS = """
import json, sys
sys.path.insert(0, %r)
from pathlib import Path
from typing import Self
from test_cases import compared, text
folders = json.loads(sys.stdin.read())
print(json.dumps([text.render(compared(Path(folder))) for folder in folders]))
"""


def reports_in_a_process(folders: list[str], seed: str) -> list[str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONWARNINGS": "error"}
    found = subprocess.run(
        [sys.executable, "-c", ALL_FINDINGS % os.path.dirname(__file__)],
        input=json.dumps(folders),
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    reports: list[str] = json.loads(found.stdout)
    return reports


@pytest.mark.parametrize("seed", ["0", "1", "2", "3"])
def test_findings_do_not_depend_on_the_order_of_hashes(seed: str) -> None:
    folders = [str(case) for case in ALL]
    assert reports_in_a_process(folders, seed) == [text.render(verdict(case)) for case in ALL]


class Listing(list["os.DirEntry[str]"]):
    """What `os.scandir` gives: something to go over, and to close."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("backwards", [False, True])
def test_findings_do_not_depend_on_the_order_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, backwards: bool
) -> None:
    """Files are created in this order and listed in it, as one file system or another would."""
    copies = []
    for number, case in enumerate(ALL):
        for file in sorted((p for p in case.rglob("*") if p.is_file()), reverse=backwards):
            target = tmp_path / str(number) / file.relative_to(case)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        copies.append(tmp_path / str(number))
    scandir = os.scandir

    def listed(folder: str) -> Listing:
        return Listing(sorted(scandir(folder), key=lambda entry: entry.name, reverse=backwards))

    monkeypatch.setattr(os, "scandir", listed)
    for case, copy in zip(ALL, copies, strict=True):
        assert text.render(compared(copy)) == text.render(verdict(case)), name_of(case)
