"""What makes a finding the same one in two runs, for consumers that compare them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from regcheck.model import Finding

LENGTH = 32
"""Hexadecimal digits: 128 bits, so that no two findings of a fleet share one by chance."""


def fingerprints(findings: Iterable[Finding]) -> Iterator[str]:
    """The fingerprint of each finding, unique among them.

    It is made of the finding's identity, so it stays when lines move; findings
    of one identity are told apart by their order.
    """
    times: dict[tuple[str, str, str], int] = {}
    for finding in findings:
        ordinal = times[finding.identity] = times.get(finding.identity, 0) + 1
        said = "\0".join([*finding.identity, str(ordinal)])
        yield digest(said)


def digest(text: str) -> str:
    """The fingerprint of a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
