"""What `regcheck diff` says to those who read it, in the words and figures that other verbs have, too."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import test_diff_cases
from conftest import Run
from regcheck.check import compare
from regcheck.trees import WorkTree
from test_diff import TODAY


def test_a_wave_at_another_place_has_the_outages_of_simulate(tmp_path: Path, run: Run) -> None:
    case = test_diff_cases.CASES / "a-wave-gets-another-place-in-the-order"
    hit: dict[str, dict[str, set[str]]] = {}
    for side, states in (("before", ["now", "wave:1", "wave:2"]), ("after", ["now", "wave:2", "wave:3"])):
        shutil.copytree(case / side, tmp_path / side)
        for state in states:
            words = ("--offline", "old", "--state", state, "--format", "json")
            ran = run("simulate", *words, directory=tmp_path / side)
            hit.setdefault(side, {})[state] = {one["id"] for one in json.loads(ran.out)["affected"]}
    # A state that only the other side has is for this one the last that it has before that.
    hit["after"]["wave:1"], hit["before"]["wave:3"] = hit["after"]["now"], hit["before"]["wave:2"]
    changes = compare(WorkTree(str(case / "before")), WorkTree(str(case / "after")), today=TODAY[1]).outages
    told = {one.state: {ref for ref, _ in one.newly} for one in changes if one.machine == "machine:old"}
    newly = {state: hit["after"][state] - refs for state, refs in hit["before"].items()}
    assert told == {state: refs for state, refs in newly.items() if refs}
    assert told == {"wave:1": {"workload:forge"}, "wave:2": {"workload:forge"}}
