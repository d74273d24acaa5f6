"""The one file that names every stage, in order: read, build the graph, judge."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from regcheck.catalogue import catalogue
from regcheck.errors import NoRegisters, RegcheckError, RuleCrash
from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity, Silenced, Tree
from regcheck.reading import NOTHING, read_fleet
from regcheck.rule import Base, Report, Rule, Run
from regcheck.settings import FILE, Settings, load_settings
from regcheck.silencing import baseline, exceptions
from regcheck.silencing.baseline import Identity, Renewal
from regcheck.store import Store
from regcheck.trees import Edited
from regcheck.verdict import Verdict

if TYPE_CHECKING:
    from regcheck.comparing.comparison import Comparison


def read(tree: Tree, settings: Settings | None = None, store: Store = NOTHING) -> FleetGraph:
    """The graph of the fleet in a repository; raises NoRegisters where it has none."""
    fleet = read_fleet(tree, settings or load_settings(tree), store)
    if not fleet.registers and not fleet.problems:
        passed_over = "; ".join(fleet.remarks)
        raise NoRegisters(
            f"no register found in {tree.root}: put files into registers/, or name their globs in {FILE}"
            + (f" ({passed_over})" if passed_over else "")
        )
    return FleetGraph(fleet)


def read_base(tree: Tree, store: Store = NOTHING) -> Base:
    """A revision to compare with, which may be empty.

    Raises SettingsError or BaselineError where its settings or its baseline cannot be read.
    """
    settings = load_settings(tree)
    held = baseline.load(tree)
    return Base(
        FleetGraph(read_fleet(tree, settings, store)), settings, held if held is None else tuple(held)
    )


def check(
    tree: Tree,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    today: str | None = None,
    base: Base | None = None,
    trust_base: bool = False,
    texts: Mapping[str, str] | None = None,
    store: Store = NOTHING,
) -> Verdict:
    """Judge a repository by all rules, or by those selected.

    With a `base` the rules that compare speak, too, and each finding is new or
    not. Where the base is trusted, its settings and its baseline decide, and not
    those of the tree. `texts` are read in place of what the files at these paths hold;
    what was read of a file before is taken from the `store`.

    Raises UsageError for a rule that does not exist, SettingsError for settings
    that do not say something sensible, RuleCrash when a rule itself fails.
    """
    tree = Edited(tree, texts) if texts else tree
    declared = load_settings(tree)
    settings = base.settings if base and trust_base else declared
    known = catalogue()
    rules = known.chosen(settings, select, ignore)
    severities = known.severities(settings)
    graph = read(tree, settings, store)
    today = today or dt.datetime.now(dt.UTC).date().isoformat()
    run = Run(today, settings, base, {rule.name: rule for rule in rules}, known.groups, declared=declared)
    run = run._replace(hidden=bool(graph.fleet.unread))
    if base is not None:
        run = run._replace(defaults={name: known.rule(name).severity for name in known})
    findings, silenced = judge_all(graph, severities, run)
    if base is not None:
        findings, silenced = _compared(findings, silenced, _found_before(base, severities, run))
    held = base.accepted if base and trust_base else baseline.load(tree)
    return _verdict(graph, findings, silenced, run, held)


def compare(before: Tree, after: Tree, *, today: str | None = None, store: Store = NOTHING) -> Comparison:
    """What the change from one state of a repository to another means; either may be empty.

    Raises SettingsError or BaselineError where the settings or the baseline of one
    cannot be read, RuleCrash when a rule fails.
    """
    from regcheck.comparing.comparison import compare_verdicts
    from regcheck.comparing.renames import renames
    from regcheck.comparing.renaming import under_new_names

    today = today or dt.datetime.now(dt.UTC).date().isoformat()
    was, now = read_base(before, store), read_base(after, store)
    renamed = renames(was.graph.fleet, now.graph.fleet)
    known = under_new_names(was.graph.fleet, now.graph.fleet, renamed.names)
    base = was if known is was.graph.fleet else was._replace(graph=FleetGraph(known))
    return compare_verdicts(_judged(was, None, today), _judged(now, base, today), renamed, base.graph)


def _judged(side: Base, base: Base | None, today: str) -> Verdict:
    """The verdict on what was read, by its own settings and its own baseline."""
    known = catalogue()
    rules = {rule.name: rule for rule in known.chosen(side.settings, (), ())}
    run = Run(today, side.settings, base, rules, known.groups, declared=side.settings)
    if base is not None:
        run = run._replace(defaults={name: known.rule(name).severity for name in known})
    findings, silenced = judge_all(side.graph, known.severities(side.settings), run)
    return _verdict(side.graph, findings, silenced, run, side.accepted)


def _verdict(
    graph: FleetGraph,
    findings: list[Finding],
    silenced: list[Silenced],
    run: Run,
    held: Iterable[Identity] | None,
) -> Verdict:
    """What a run came to, less what the baseline accepts, where there is one."""
    names = [*run.rules]
    verdict = Verdict(
        graph, findings, names, silenced=tuple(silenced), today=run.today, settings=run.settings
    )
    if held is None:
        return verdict
    matched = baseline.match(held, findings, run, exceptions.unjudged(graph.fleet, run))
    silenced = sorted([*silenced, *matched.silenced], key=lambda one: one.finding.order)
    return verdict._replace(
        findings=matched.left, silenced=tuple(silenced), baseline=matched.baseline, unjudged=matched.kept
    )


def _found_before(base: Base, severities: dict[str, Severity], run: Run) -> Counter[Identity]:
    """What the same rules find in the base, accepted or not."""
    hidden = bool(base.graph.fleet.unread)
    before = run._replace(base=None, settings=base.settings, declared=base.settings, hidden=hidden)
    findings, silenced = judge_all(base.graph, severities, before)
    return Counter(finding.identity for finding in (*findings, *(one.finding for one in silenced)))


def _compared(
    findings: list[Finding], silenced: list[Silenced], before: Counter[Identity]
) -> tuple[list[Finding], list[Silenced]]:
    """The same findings, each with whether it is new; of equal ones the last are."""

    def marked(finding: Finding) -> Finding:
        known = before[finding.identity] > 0
        before[finding.identity] -= known
        return finding._replace(new=not known)

    return [marked(one) for one in findings], [one._replace(finding=marked(one.finding)) for one in silenced]


def judge_all(
    graph: FleetGraph, severities: dict[str, Severity], run: Run
) -> tuple[list[Finding], list[Silenced]]:
    """The findings of a run, and those that an exception accepts, both sorted."""
    first = [rule for rule in run.rules.values() if not rule.last]
    found = sorted(judge(graph, first, severities, run), key=_order)
    left, silenced = exceptions.silence(found, exceptions.in_force(graph.fleet, run.today), run.rules)
    last = [rule for rule in run.rules.values() if rule.last]
    left += judge(graph, last, severities, run._replace(findings=tuple(found)))
    return sorted(left, key=_order), silenced


def _order(finding: Finding) -> tuple[object, ...]:
    return finding.order


def renewed_baseline(verdict: Verdict, paths: Iterable[str]) -> Renewal:
    """The baseline that accepts what it did and still occurs, and what is new in these files and folders.

    What rules hold that did not run stays in it; what an exception accepts does not get into it.
    """
    asked, known = verdict.limited_to(paths), catalogue()
    new = [finding for finding in asked.findings if known.rule(finding.rule).allows_baseline]
    refused = [finding for finding in asked.findings if not known.rule(finding.rule).allows_baseline]
    still = [one.finding for one in verdict.silenced if one.by == baseline.BY]
    findings = sorted([*verdict.unjudged, *(finding.identity for finding in (*still, *new))])
    dropped = verdict.baseline.gone if verdict.baseline else 0
    return Renewal(findings, len(new), dropped, refused, asked.elsewhere)


def judge(
    graph: FleetGraph, rules: Iterable[Rule], severities: dict[str, Severity], run: Run
) -> Iterator[Finding]:
    """The findings of these rules, in no particular order."""
    for rule in rules:
        report = Report(rule, severities.get(rule.name), run)
        try:
            yield from rule.judge(graph, report)
        except RegcheckError:
            raise
        except Exception as error:
            raise RuleCrash(rule.name, error) from error
