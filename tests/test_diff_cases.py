"""Every folder of `diff/` is a change: the files before, the files after, and the exact meaning of it.

`pytest --accept` rewrites what is expected.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import test_cases
from regcheck.check import compare, read
from regcheck.comparing.comparison import Comparison
from regcheck.comparing.moments import moments
from regcheck.comparing.renames import renames
from regcheck.comparing.renaming import under_new_names
from regcheck.graph import FleetGraph
from regcheck.reporting.comparison import FORMATS, Side, Sides
from regcheck.terminal import PLAIN
from regcheck.trees import WorkTree

CASES = Path(__file__).parent / "diff"
TODAY = "2026-07-03"
SIDES = Sides(Side("before", "1" * 40), Side("after", None))
ALL = sorted(path for path in CASES.iterdir() if path.is_dir())
NO_DIFFERENCE = "No difference in meaning: entries, edges, waves, outages and findings are the same."

each_case = pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)


@cache
def comparison(case: Path) -> Comparison:
    before, after = (WorkTree(str(case / side)) for side in ("before", "after"))
    return compare(before, after, today=TODAY)


def rendered(case: Path, name: str) -> str:
    return FORMATS[name](comparison(case), SIDES, PLAIN)


@each_case
def test_the_meaning_is_exactly_the_expected_one(case: Path, request: pytest.FixtureRequest) -> None:
    file = case / "expected.txt"
    if request.config.getoption("--accept"):
        file.write_text(rendered(case, "text"), encoding="utf-8", newline="\n")
    assert rendered(case, "text") == file.read_text(encoding="utf-8")


def test_every_case_is_called_by_a_sentence() -> None:
    assert [case.name for case in ALL if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", case.name)] == []


SAME = {
    "a-table-becomes-yaml",
    "only-comments-and-prose-change",
    "rows-keys-and-lists-in-another-order",
}


def test_what_is_only_written_otherwise_is_no_difference() -> None:
    assert {case.name for case in ALL if not comparison(case)} == SAME
    assert {case.name for case in ALL if NO_DIFFERENCE in rendered(case, "text")} == SAME
    for name in SAME:
        files = [
            {
                path.relative_to(CASES / name / side): path.read_bytes()
                for path in (CASES / name / side).rglob("*.*")
            }
            for side in ("before", "after")
        ]
        assert files[0] != files[1]


@each_case
def test_nothing_is_different_between_a_state_and_itself(case: Path) -> None:
    for side in ("before", "after"):
        tree = WorkTree(str(case / side))
        assert not compare(tree, tree, today=TODAY)


@each_case
def test_the_way_back_is_the_way_turned_round(case: Path) -> None:
    """What a change brings, undoing it takes away; a guard that is raised again is none that is lowered."""
    there = comparison(case)
    back = compare(WorkTree(str(case / "after")), WorkTree(str(case / "before")), today=TODAY)
    assert {entry.ref for entry in back.entries.added} == {entry.ref for entry in there.entries.removed}
    assert {entry.ref for entry in back.entries.removed} == {entry.ref for entry in there.entries.added}
    assert len(back.entries.renamed) == len(there.entries.renamed)
    assert len(back.edges.added) == len(there.edges.removed)
    assert len(back.outages) == len(there.outages)


@each_case
def test_json_tells_what_is_compared_and_all_differences(case: Path) -> None:
    said = json.loads(rendered(case, "json"))
    keys = "version from to moved entries edges waves critical_path outages findings"
    assert [*said] == keys.split()
    assert said["version"] == 1
    nothing: dict[str, list[str]] = {"incomplete": [], "remarks": []}
    assert said["from"] == {"name": "before", "commit": "1" * 40, **nothing}
    assert said["to"] == {"name": "after", "commit": None, **nothing}
    found = comparison(case)
    assert [one["id"] for one in said["moved"]] == [one.entry.ref for one in found.entries.moved]
    assert [one["id"] for one in said["entries"]["added"]] == [one.ref for one in found.entries.added]
    assert len(said["outages"]) == len(found.outages)
    everything = [
        said["moved"],
        *said["entries"].values(),
        said["waves"]["added"],
        said["waves"]["rescheduled"],
    ]
    ids = [one["id"] for some in everything for one in some]
    ids += [edge[end] for some in said["edges"].values() for edge in some for end in ("source", "target")]
    ids += [hit["id"] for outage in said["outages"] for hit in outage["newly_affected"]]
    ids += [ref for outage in said["outages"] for ref in outage["no_longer_affected"]]
    assert [ref for ref in ids if not re.fullmatch(r"[a-z]+:[\w.-]+", ref)] == []


@pytest.mark.parametrize(("before", "after"), [*pairwise(test_cases.ALL)], ids=lambda case: case.name)
def test_any_two_repositories_can_be_compared(before: Path, after: Path) -> None:
    """The most of them have something wrong with them."""
    found = compare(WorkTree(str(before)), WorkTree(str(after)), today=TODAY)
    for name in ("text", "markdown"):
        assert (NO_DIFFERENCE in FORMATS[name](found, SIDES, PLAIN)) is not bool(found)
    assert json.loads(FORMATS["json"](found, SIDES, PLAIN))["version"] == 1


PAIRS = [
    *((case / "before", case / "after") for case in ALL),
    *((case / "after", case / "before") for case in ALL),
    *pairwise(test_cases.ALL),
]


def hits(graph: FleetGraph, machine: str, state: str) -> dict[str, str]:
    return {hit.entry.ref: hit.effect for hit in graph.reach.affected([machine], state)}


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=lambda folder: "/".join(folder.parts[-2:]))
def test_no_outage_is_left_out_and_none_is_made_up(before: Path, after: Path) -> None:
    """Asked machine by machine and state by state, with nothing taken for granted."""
    was, is_ = read(WorkTree(str(before))), read(WorkTree(str(after)))
    found = renames(was.fleet, is_.fleet)
    was = FleetGraph(under_new_names(was.fleet, is_.fleet, found.names))
    machines = sorted({*was.fleet.of("machine"), *is_.fleet.of("machine")})
    expected = {}
    for moment in moments(was, is_):
        for ref in (f"machine:{machine}" for machine in machines):
            then, now = hits(was, ref, moment.before), hits(is_, ref, moment.after)
            for state in moment.states if then != now else ():
                expected[state, ref] = then, now
    told = compare(WorkTree(str(before)), WorkTree(str(after)), today=TODAY).outages
    assert [(one.state, one.machine) for one in told] == [*expected]
    for one in told:
        then, now = expected[one.state, one.machine]
        assert dict(one.newly) == {ref: now[ref] for ref in now.keys() - then.keys()}
        assert dict(one.no_longer) == {ref: then[ref] for ref in then.keys() - now.keys()}
        both = {ref for ref in then.keys() & now.keys() if then[ref] != now[ref]}
        assert {effect.ref: effect[1:] for effect in one.otherwise} == {r: (then[r], now[r]) for r in both}


ALL_FORMATS = """
import json, sys
sys.path.insert(0, %r)
from pathlib import Path
from test_diff_cases import ALL, FORMATS, rendered
print(json.dumps([rendered(case, name) for case in ALL for name in FORMATS]))
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_meaning_does_not_depend_on_the_order_of_hashes(seed: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ALL_FORMATS % os.path.dirname(__file__)],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONWARNINGS": "error"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert json.loads(ran.stdout) == [rendered(case, name) for case in ALL for name in FORMATS]
