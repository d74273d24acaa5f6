"""A fleet in which almost everything needs almost every machine: what does not differ is not written out."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from regcheck.check import compare, read
from regcheck.trees import WorkTree

WAVES, MACHINES, WORKLOADS = 20, 150, 1200
MOST = 6
"""Times as long as the outages of one side take, for all of both sides and their comparison."""


def dense(folder: Path, moved: int) -> WorkTree:
    """Workloads of which each needs the one before; one of them is not where it is in the other fleet."""
    machines = [f"{{id: m{n}, role: production}}" for n in range(MACHINES)]
    workloads = [
        f"{{id: w{n}, environment: production, current_host: m{n * MACHINES // WORKLOADS - (n == moved)},"
        f" target_host: m{n * 7 % MACHINES}, needs: [{f'w{n - 1}' if n else ''}], wave: {1 + n % WAVES}}}"
        for n in range(WORKLOADS)
    ]
    waves = [f"{{number: {n}, name: Wave {n}}}" for n in range(1, WAVES + 1)]
    (folder / "registers").mkdir(parents=True)
    for kind, entries in (("machine", machines), ("workload", workloads), ("wave", waves)):
        text = "".join(f"  - {entry}\n" for entry in entries)
        (folder / f"registers/{kind}.yaml").write_text(f"register: {kind}\nentries:\n{text}")
    return WorkTree(str(folder))


@pytest.fixture
def uncollected() -> Iterator[None]:
    """As regcheck runs: no garbage is looked for, least of all among what thousands of tests have left."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_a_comparison_takes_as_long_as_what_it_compares(tmp_path: Path) -> None:
    before, after = dense(tmp_path / "before", -1), dense(tmp_path / "after", WORKLOADS - 1)
    started = time.process_time()
    read(before).matrix()
    once = time.process_time() - started
    found = compare(before, after, today="2026-07-03")
    assert time.process_time() - started - once < MOST * once
    # It needs the two machines anyway, through the one before it.
    assert [moved.entry.ref for moved in found.entries.moved] == [f"workload:w{WORKLOADS - 1}"]
    assert found.edges.added
    assert not found.outages
