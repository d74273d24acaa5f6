"""`regcheck check --write-baseline`: accept what is found now, and say how much that is."""

from __future__ import annotations

import os

from regcheck.check import renewed_baseline
from regcheck.cli import common
from regcheck.silencing import baseline
from regcheck.verdict import Verdict
from regcheck.words import listed, plural


def write(root: str, verdict: Verdict, paths: list[str]) -> int:
    """Write the baseline that accepts the findings of a verdict in these files and folders."""
    renewal = renewed_baseline(verdict, paths)
    if not renewal.findings and verdict.baseline is None:
        said = "nothing to accept, so no baseline is written"
    else:
        common.write(os.path.join(root, baseline.FILE), baseline.dump(renewal.findings))
        size = plural(len(renewal.findings), "finding")
        said = f"{baseline.FILE}: {size}, {renewal.new:,} of them new; {renewal.dropped:,} dropped"
    common.put(said)
    if renewal.refused:
        rules = sorted({finding.rule for finding in renewal.refused})
        left = plural(len(renewal.refused), "finding")
        common.put(f"left out: {left} of {listed(rules)}, which no baseline may accept: see `regcheck check`")
    if renewal.elsewhere:
        common.put(f"left out: {plural(renewal.elsewhere, 'new finding')} in other files than those named")
    return 0
