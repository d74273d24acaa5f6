"""What `regcheck diff` says to those who read it, in the words and figures that other verbs have, too."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import test_diff_cases
from conftest import Run
from regcheck.check import compare
from regcheck.reporting.comparison.headline import headline
from regcheck.trees import WorkTree
from test_diff import MACHINES, TODAY, Repository


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


def test_an_outage_that_takes_down_what_it_only_degraded_says_so_and_the_other_way_round() -> None:
    case = test_diff_cases.CASES / "a-workload-needs-over-a-lane-what-it-needed-itself"
    before, after = (WorkTree(str(case / side)) for side in ("before", "after"))
    there, back = compare(before, after, today=TODAY[1]), compare(after, before, today=TODAY[1])
    assert headline(there)[1] == "An outage of machine:oldbox only degrades workload:search (before: down)."
    told = "An outage of machine:oldbox takes down workload:search (before: only degraded)."
    assert headline(back)[1] == told


def test_a_field_that_comes_is_set_and_one_that_goes_is_removed(tmp_path: Path, run: Run) -> None:
    repo = Repository(tmp_path / "repo")
    tunnel = "register: tunnel\nentries:\n  - {id: bridge, from: oldbox, to: newbox%s}\n"
    repo.commit(machine=MACHINES, tunnel=tunnel % "")
    repo.commit(tunnel=tunnel % ", state: now")
    row = "  ~ tunnel:bridge state: %s  registers/tunnel.yaml:3\n"
    at = {"directory": repo.folder}
    assert row % "set to now" in run("diff", "HEAD~1", "HEAD", *TODAY, **at).out
    assert row % "removed, was now" in run("diff", "HEAD", "HEAD~1", *TODAY, **at).out
