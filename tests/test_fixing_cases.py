"""Over all cases, and over tables that nobody would write: what holds for every fix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regcheck.check import check
from regcheck.fixing import Mended, mend
from regcheck.model import Severity
from regcheck.trees import WorkTree
from regcheck.verdict import Verdict

CASES = Path(__file__).parent / "cases"
ALL = sorted(path for path in CASES.glob("*/*") if path.is_dir())
TODAY = "2026-07-03"

Fact = tuple[str, str, str]


def judged(case: Path, texts: Mapping[str, str]) -> Verdict:
    return check(WorkTree(str(case)), today=TODAY, texts=texts)


def mended(case: Path, already: Mapping[str, str] | None = None) -> Mended:
    """The fixes of a case in which these files are fixed already."""
    texts = already or {}
    return mend(judged(case, texts), lambda more: judged(case, {**texts, **more}), str(case))


def texts_of(found: Mended) -> dict[str, str]:
    return {change.path: change.after for change in found.changes}


def errors(verdict: Verdict) -> Counter[tuple[str, str, str]]:
    """The errors by rule, file and words: their entry may get its id by a fix."""
    failing = (found for found in verdict.findings if found.severity is Severity.ERROR)
    return Counter((found.rule, found.position.path, found.message) for found in failing)


def facts(verdict: Verdict) -> Counter[Fact]:
    return Counter(
        (entry.ref, name, repr(value)) for entry in verdict.fleet for name, value in entry.values.items()
    )


def explained(before: Verdict, after: Verdict) -> bool:
    """Whether each fact that was lost held a misspelt word or was of an exception that nothing needs.

    What came instead holds the right word, or was hidden by the wrong one.
    """
    guesses = [problem.guess for problem in before.fleet.problems if problem.guess]
    unused = {found.entry for found in before.findings if found.rule == "unused-exception"}
    lost = facts(before) - facts(after)
    return all(ref in unused or any(guess.word in value for guess in guesses) for ref, _, value in lost)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_fix_loses_no_fact_brings_no_error_and_is_complete(case: Path) -> None:
    before = judged(case, {})
    found = mended(case)
    after = judged(case, texts_of(found))
    assert [finding.identity for finding in after.findings] == [
        finding.identity for finding in found.verdict.findings
    ]
    assert errors(after) <= errors(before)
    assert explained(before, after)
    assert mended(case, texts_of(found)).changes == []


def test_the_cases_show_fixes_at_work() -> None:
    ended = Counter[str]()
    for case in ALL:
        before, after = judged(case, {}), mended(case).verdict
        ended.update({rule for rule, *_ in errors(before) - errors(after)})
    assert {"schema", "unknown-kind", "unknown-property", "unknown-reference"} <= ended.keys()


# --- tables that nobody would write --------------------------------------------------------

WORDS = st.text(st.sampled_from("ab1東é́ \\|`*_[]()<>&:-—,\t\u00a0\u200b"), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n", "\r", " \n", "|\n", " |\r\n"])
STARTS = st.sampled_from(["|", "| ", "", " |", "> |"])
DELIMITERS = st.lists(st.sampled_from(["---", ":-:", "-:", ":--", "-", " --- "]), min_size=3, max_size=3)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A register in a table, with rows of any cells; often one that nothing reads as it was meant."""
    start = draw(STARTS)
    rows = draw(st.lists(st.tuples(WORDS, WORDS, WORDS, ENDS), max_size=5))
    lines = [f"{start}Machine|Role|Notes{draw(ENDS)}", f"{start}{'|'.join(draw(DELIMITERS))}{draw(ENDS)}"]
    lines += [f"{draw(STARTS) or start}{'|'.join(cells)}{end}" for *cells, end in rows]
    return f"---\nregister: machine\n---\n{''.join(lines)}{draw(st.sampled_from(['', 'x', '|x|y', ' ']))}"


@given(text=tables())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_says_the_same_when_it_is_aligned(tmp_path: Path, text: str) -> None:
    file = tmp_path / "registers/m.md"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"")
    given_texts = {"registers/m.md": text}
    before = judged(tmp_path, given_texts)
    found = mended(tmp_path, given_texts)
    after = {**given_texts, **texts_of(found)}
    assert facts(before) == facts(judged(tmp_path, after))
    assert [f.identity for f in before.findings] == [f.identity for f in found.verdict.findings]
    assert "".join(text.split()).replace("-", "") == "".join(after["registers/m.md"].split()).replace("-", "")
    assert mended(tmp_path, after).changes == []


@given(
    st.permutations(range(5)),
    st.lists(st.sampled_from(["", "# a\n", "  # b\n  # c\n", "\n", "# d\n\n"]), min_size=6, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_waves_in_any_order_say_the_same(
    tmp_path: Path, order: list[int], between: list[str], end: str
) -> None:
    file = tmp_path / "registers/w.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"")
    items = [f"{above}- number: {n}\n  name: W{n}\n" for n, above in zip(order, between[1:], strict=True)]
    text = f"register: wave\n{between[0]}entries:\n{''.join(items)}".replace("\n", end)
    given_texts = {"registers/w.yaml": text}
    before, found = judged(tmp_path, given_texts), mended(tmp_path, given_texts)
    assert facts(before) == facts(found.verdict)
    after = texts_of(found).get("registers/w.yaml", text)
    assert sorted(after.split(end)) == sorted(text.split(end))
    numbers = [entry.get("number") for entry in found.verdict.fleet]
    floating = any(above == "# d\n\n" for above in between[2:])
    assert numbers == (order if floating else sorted(order))
