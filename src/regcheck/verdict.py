"""What a check came to: the fleet, its graph, and the findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Fleet, Severity, Silenced
from regcheck.settings import Settings
from regcheck.silencing.baseline import BY, Baseline, Identity

__all__ = ["Baseline", "Verdict", "is_below"]


class Verdict(NamedTuple):
    """The findings of one run, sorted, and all that they speak of."""

    graph: FleetGraph
    findings: list[Finding]
    rules: list[str]
    """The names of the rules that ran."""
    elsewhere: int = 0
    """How many findings stand in files that were not asked for."""
    silenced: tuple[Silenced, ...] = ()
    """The findings that an exception or the baseline accepts, sorted like the others."""
    baseline: Baseline | None = None
    """What the repository's baseline came to; None where it has none."""
    today: str = ""
    """The date of the run, as YYYY-MM-DD; empty where no run made this verdict."""
    settings: Settings = Settings()
    old: int = 0
    """How many findings are left out because the base revision had them."""
    unjudged: tuple[Identity, ...] = ()
    """What the baseline holds of rules that did not run, or not completely."""
    remarks: tuple[str, ...] = ()
    """What whoever asked should know about how it came about."""

    @property
    def fleet(self) -> Fleet:
        """What the files say."""
        return self.graph.fleet

    def count(self, severity: Severity) -> int:
        """How many findings have a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def excepted(self) -> int:
        """How many findings an exception accepts."""
        return sum(one.by != BY for one in self.silenced)

    @property
    def baselined(self) -> int:
        """How many findings the baseline accepts."""
        return len(self.silenced) - self.excepted

    @property
    def files(self) -> int:
        """How many files were read."""
        return len(self.fleet.sources)

    @property
    def entries(self) -> int:
        """How many entries the registers hold."""
        return sum(len(register.entries) for register in self.fleet.registers)

    @property
    def untold(self) -> list[str]:
        """The files that could not be read as a whole, and of which no rule of the run says so."""
        ran = frozenset(self.rules)
        return sorted({met.position.path for met in self.fleet.hiding() if met.rule not in ran})

    def status(self, *, strict: bool = False) -> int:
        """The exit status: 1 with an error (or, strictly, a warning) among the findings."""
        failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return int(any(finding.severity in failing for finding in self.findings))

    def only_new(self) -> Verdict:
        """The same verdict without the findings that the base revision had, too."""
        kept = [finding for finding in self.findings if finding.new is not False]
        return self._replace(findings=kept, old=len(self.findings) - len(kept))

    def joined(self, other: Verdict) -> Verdict:
        """The same verdict with what another one of the same files finds besides, or weighs more."""
        found = {finding.order: finding for finding in self.findings}
        for finding in other.findings:
            known = found.setdefault(finding.order, finding)
            if finding.severity.rank < known.severity.rank:
                found[finding.order] = finding
        return self._replace(findings=[found[order] for order in sorted(found)])

    def limited_to(self, paths: Iterable[str]) -> Verdict:
        """The same verdict with only the findings in these files and folders."""
        wanted = list(paths)
        if not wanted or "." in wanted:
            return self

        def asked(finding: Finding) -> bool:
            return any(is_below(finding.position.path, path) for path in wanted)

        kept = [finding for finding in self.findings if asked(finding)]
        silenced = tuple(one for one in self.silenced if asked(one.finding))
        return self._replace(findings=kept, silenced=silenced, elsewhere=len(self.findings) - len(kept))


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a file or folder itself, or lies below it."""
    return path == folder or path.startswith(f"{folder}/")
