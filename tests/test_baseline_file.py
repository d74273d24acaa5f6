"""The file of the baseline: what it may be, and what its text is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Repository, Run
from regcheck.silencing import baseline
from test_baseline import BASELINE, CLEAN, FILE, FILES, MACHINES, WRITE

# --- files that are no baseline ---------------------------------------------------------------

FINDING = '{"rule": "a", "about": "b", "message": "c"}'


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "this is not JSON (Expecting value)"),
        ("{", 1, "this is not JSON"),
        (BASELINE.replace('wiki"', "wiki", 1), 6, "this is not JSON"),
        (BASELINE.replace("},\n", "}\n", 1), 4, "this is not JSON (Expecting ',' delimiter)"),
        (f"<<<<<<< ours\n{BASELINE}=======\n>>>>>>> theirs\n", 1, "a merge was left unfinished here"),
        ("[]", 1, "this is no baseline of regcheck"),
        ("null", 1, "this is no baseline of regcheck"),
        ('{"results": {}, "plugins_used": []}', 1, "this is no baseline of regcheck"),
        ('{"version": 2, "findings": []}', 1, "the version of this baseline is `2`, and this regcheck reads"),
        ('{"version": "1", "findings": []}', 1, "the version of this baseline is `1`"),
        ('{"version": true, "findings": []}', 1, "the version of this baseline is `true`"),
        ('{"version": 1}', 1, "a baseline has a `version` and the list `findings`, nothing else"),
        ('{"version": 1, "findings": {}}', 1, "a baseline has"),
        ('{"version": 1, "findings": [], "more": 1}', 1, "a baseline has"),
        (f'{{"version": 1, "findings": [\n{FINDING},\n\n"x"]}}', 4, "a finding here has the texts"),
        (f'{{"version": 1, "findings": [\n{FINDING},\n{{}}]}}', 3, "a finding here has the texts"),
        (f'{{"version": 1, "findings": [\n{FINDING},{FINDING[:-1]}, "x": 1}}]}}', 2, "a finding here has"),
        ('{"version": 1,\n"findings": [\n\n{"rule": "a", "about": null, "message": "c"}]}', 4, "a finding"),
        ('{"findings": [], "version": 1,\n"findings": [{}, 1]}', 1, "a finding here has the texts"),
        ("[" * 100_000, 1, "no JSON of regcheck is like this"),
        (f'{{"version": {"9" * 5000}}}', 1, "no JSON of regcheck is like this"),
        ("\0", 1, "the file has a NUL byte"),
    ],
)
def test_what_is_no_baseline_is_never_ignored(
    repository: Repository, run: Run, text: str, line: int, message: str
) -> None:
    root = repository({**FILES, FILE: text})
    for words in (("check",), ("check", "--select", "order"), WRITE):
        ran = run(*words)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith(f"regcheck: {FILE}:{line}: {message}"), ran.err
    assert (root / FILE).read_text() == text


def test_one_that_is_not_utf_8(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    (root / FILE).write_bytes(BASELINE.encode().replace(b"wiki", b"\xff"))
    assert run("check").err.startswith(f"regcheck: {FILE}:6: the file is not UTF-8: byte 0xff")


def test_a_link_out_of_the_repository_is_refused(repository: Repository, run: Run, tmp_path: Path) -> None:
    files = {f"inner/{path}": text for path, text in FILES.items()} | {"inner/regcheck.toml": ""}
    inner = repository({**files, "outer.json": BASELINE, "elsewhere/x": ""}) / "inner"
    for target in ("../outer.json", "../nowhere.json", "../elsewhere"):
        os.symlink(target, inner / FILE)
        for words in (("check",), WRITE):
            ran = run(*words, directory=inner)
            assert (ran.status, ran.out) == (2, "")
            assert ran.err.startswith(f"regcheck: {FILE}:1: a symbolic link leads out of the repository here")
        os.unlink(inner / FILE)
    assert (tmp_path / "outer.json").read_text() == BASELINE
    assert not (tmp_path / "nowhere.json").exists()


def test_a_link_inside_the_repository_is_followed(repository: Repository, run: Run) -> None:
    root = repository({**FILES, "ci/debt.json": BASELINE})
    os.symlink("ci/debt.json", root / FILE)
    assert run("check") == (0, CLEAN, "")
    repository({"registers/machines.yaml": MACHINES.replace(", role: frozen", "")})
    assert run(*WRITE).out == f"{FILE}: 4 findings, 0 of them new; 2 dropped\n"
    assert (root / FILE).is_symlink()
    assert "duplicate-key" not in (root / "ci/debt.json").read_text()


@pytest.mark.parametrize("made", [os.mkdir, os.mkfifo])
def test_what_is_no_regular_file(repository: Repository, run: Run, made: Callable[[Path], None]) -> None:
    root = repository(FILES)
    made(root / FILE)
    for words in (("check",), WRITE):
        ran = run(*words)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith(f"regcheck: {FILE}:1: this is ")


def test_a_baseline_makes_no_report(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    for words in (("--format", "json"), ("--statistics",)):
        assert run(*WRITE, *words) == (
            2,
            "",
            "regcheck: --write-baseline makes no report: leave out --format and --statistics\n",
        )
    assert not (root / FILE).exists()


# --- the text of the file -------------------------------------------------------------------------

TEXTS = st.text() | st.sampled_from(
    ["\u202e", "\x1b[2J", "\u2028", "\ud800", '"\\', "𝕏", "\x7f", "\r\n", "…"]
)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS)))
def test_every_finding_is_one_visible_line_and_reads_back(findings: list[tuple[str, str, str]]) -> None:
    text = baseline.dump(findings)
    assert all(line.isprintable() for line in text.splitlines())
    assert len(text.splitlines()) == 2 + len(findings) + bool(findings)
    assert baseline._parse(text) == sorted(findings)
    assert baseline.dump(findings[::-1]) == text


def test_hostile_words_are_accepted_like_others(repository: Repository, run: Run) -> None:
    rows = '  - {id: m, role: "\\e[2J\\u202e\\U0001F98A"}\n  - {id: n, role: frozen, "\\u2028": 1}\n'
    root = repository({"registers/m.yaml": f"register: machine\nentries:\n{rows}"})
    assert run(*WRITE).status == 0
    assert run("check").status == 0
    assert "clean: 1 file with 2 entries; 4 silenced by the baseline" in run("check").out
    assert (root / FILE).read_text(encoding="utf-8").replace("\n", "").isprintable()
