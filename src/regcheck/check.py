"""The one file that names every stage, in order: read, build the graph, judge."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from regcheck.catalogue import catalogue
from regcheck.errors import BaselineError, NoRegisters, RegcheckError, RuleCrash, SettingsError
from regcheck.graph import FleetGraph
from regcheck.model import Finding, Fleet, Severity, Silenced, Tree
from regcheck.reading import NOTHING, read_fleet
from regcheck.rule import Base, Report, Rule, Run
from regcheck.rules import RULES
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
    if fleet.is_empty:
        raise _no_registers(fleet)
    return FleetGraph(fleet)


def _no_registers(fleet: Fleet) -> NoRegisters:
    passed_over = "; ".join(fleet.remarks)
    return NoRegisters(
        f"no register found in {fleet.tree.root}: put files into registers/, or name their globs in {FILE}"
        + (f" ({passed_over})" if passed_over else "")
    )


def read_base(tree: Tree, store: Store = NOTHING, instead: Tree | None = None) -> Base:
    """A revision to compare with, which may be empty.

    Where its settings cannot be read, those of the tree given `instead` stand in for them, and
    so with its baseline; raises SettingsError or BaselineError where no tree is given.
    """
    wrong, left_out = "", []
    try:
        settings = load_settings(tree)
    except SettingsError as error:
        if instead is None:
            raise
        settings, wrong = load_settings(instead), str(error)
    try:
        accepted = _accepted(tree)
    except BaselineError as error:
        if instead is None:
            raise
        accepted = _accepted(instead)
        left_out.append(str(error))
    return Base(FleetGraph(read_fleet(tree, settings, store)), settings, accepted, wrong, tuple(left_out))


def check(
    tree: Tree,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    today: str | None = None,
    base: Base | None = None,
    trust_base: bool = False,
    allow_empty: bool = False,
    texts: Mapping[str, str] | None = None,
    store: Store = NOTHING,
) -> Verdict:
    """Judge a repository by all rules, or by those selected.

    With a `base` the rules that compare speak, too, and each finding is new or not.
    Where it is trusted, its settings and its baseline decide; those of the tree must
    guard as much, and hold as well, since they decide the next time. A base that says
    nothing of how to judge, or whose settings cannot be read, leaves that to the tree;
    where they only speak of what is not there, all else in them decides. `texts` are read
    in place of what the files at these paths hold; what was read of a file before is taken
    from the `store`.

    Raises UsageError for a rule that does not exist, and NoRegisters where there is none:
    unless `allow_empty` says that there may be none, or a base that is trusted has none
    either. With it, registers may also be where only the tree's own settings name them:
    then a base that is trusted still demands all but its contracts. Raises SettingsError for
    settings that do not say something sensible, RuleCrash when a rule itself fails.
    """
    tree = Edited(tree, texts) if texts else tree
    own = _Deciding(load_settings(tree), _accepted(tree))
    today = today or dt.datetime.now(dt.UTC).date().isoformat()
    base = _sound(base, own.settings, today) if base else None
    trusted = _Deciding(base.settings, base.accepted) if base and base.decides and trust_base else None
    fleet = read_fleet(tree, (trusted or own).settings, store)
    if base and trusted and allow_empty and fleet.is_empty:
        fleet = read_fleet(tree, own.settings, store)
        if fleet.is_empty and not own.says:
            base, trusted = None, None
        else:
            trusted = trusted._replace(settings=trusted.settings.where(own.settings))
            base = base._replace(settings=trusted.settings)
    if fleet.is_empty and not allow_empty and not (trust_base and base and base.graph.fleet.is_empty):
        raise _no_registers(fleet)
    asked = _Asked(tuple(select), tuple(ignore), today, base, own)
    verdict = _judged(FleetGraph(fleet), trusted or own, asked, trusts_base=trusted is not None)
    same = trusted and own.accepted == trusted.accepted and own.settings.file == trusted.settings.file
    if trusted and base and (base.left_out or not same):
        catalogue().refuse_unknown(own.settings)
        by_own = read_fleet(tree, own.settings, store)
        if fleet.is_empty or not by_own.is_empty:  # else its globs have gone, which is a finding
            verdict = verdict.joined(_judged(FleetGraph(by_own), own, asked))
    remarks = [*_said_of(base)] if base else []
    if fleet.is_empty:
        remarks.append(f"there is no register in {tree.root}: nothing was checked")
    return verdict._replace(remarks=tuple(remarks))


def compare(before: Tree, after: Tree, *, today: str | None = None, store: Store = NOTHING) -> Comparison:
    """What the change from one state of a repository to another means; either may be empty.

    Where the settings or the baseline of the state before are wrong, those after it stand in
    for them: what mends them can be told. Raises SettingsError or BaselineError where those
    of the state after are wrong, RuleCrash when a rule fails.
    """
    from regcheck.comparing.comparison import compare_verdicts
    from regcheck.comparing.renames import renames
    from regcheck.comparing.renaming import under_new_names

    today = today or dt.datetime.now(dt.UTC).date().isoformat()
    now = read_base(after, store)
    was = _sound(read_base(before, store, instead=after), now.settings, today)
    renamed = renames(was.graph.fleet, now.graph.fleet)
    known = under_new_names(was.graph.fleet, now.graph.fleet, renamed.names)
    base = was if known is was.graph.fleet else was._replace(graph=FleetGraph(known))
    verdicts = []
    for side, beside in ((was, None), (now, base)):
        own = _Deciding(side.settings, side.accepted)
        verdicts.append(_judged(side.graph, own, _Asked((), (), today, beside, own, marks=False)))
    why = "it is judged by the settings or the baseline of the other side, as its own are wrong"
    said = tuple(f"{why}: {wrong}" for wrong in ([was.wrong] if was.wrong else was.left_out))
    return compare_verdicts(verdicts[0]._replace(remarks=said), verdicts[1], renamed, base.graph)


class _Deciding(NamedTuple):
    """What decides how a fleet is judged."""

    settings: Settings
    accepted: tuple[Identity, ...] | None
    """What the baseline holds; None where there is none."""

    @property
    def says(self) -> bool:
        """Whether anything of it is written."""
        return bool(self.settings.file.text.strip()) or self.accepted is not None


class _Asked(NamedTuple):
    """What a check was asked for, beside the fleet."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    today: str
    base: Base | None
    own: _Deciding
    """What the files that are checked say of how to judge them."""
    marks: bool = True
    """Whether each finding is marked as new or not, where there is a base."""


def _accepted(tree: Tree) -> tuple[Identity, ...] | None:
    held = baseline.load(tree)
    return held if held is None else tuple(held)


def _sound(base: Base, instead: Settings, today: str) -> Base:
    """The same base without what its settings say wrongly; where all is wrong, those given instead.

    What it ignores it does not demand, so that nobody looks whether that means anything.
    """
    known = catalogue()
    settings, wrong = known.understood(instead if base.wrong else base.settings)
    left_out = [*base.left_out, *wrong]
    demanded = []
    for contract in () if "contract" in known.expand(settings.ignore) else settings.contract:
        alone = settings._replace(contract=(contract,))
        try:
            Counter(judge(base.graph, [RULES["contract"]], {}, Run(today, alone, declared=alone)))
        except SettingsError as error:  # only now its selections are looked at
            left_out.append(str(error))
        else:
            demanded.append(contract)
    return base._replace(settings=settings._replace(contract=tuple(demanded)), left_out=tuple(left_out))


def _said_of(base: Base) -> Iterator[str]:
    if base.wrong:
        yield f"the base revision does not decide how to judge: {base.wrong}"
    else:
        yield from (f"this does not count of the base revision: {wrong}" for wrong in base.left_out)


def _judged(graph: FleetGraph, deciding: _Deciding, asked: _Asked, *, trusts_base: bool = False) -> Verdict:
    """What a fleet comes to by the settings and the baseline that decide."""
    known, settings, base, own = catalogue(), deciding.settings, asked.base, asked.own
    unshakable = ["weakened-guard"] if trusts_base else []
    rules = known.chosen(settings, asked.select, asked.ignore, unshakable)
    severities = known.severities(settings)
    run = Run(
        asked.today,
        settings,
        base,
        {rule.name: rule for rule in rules},
        known.groups,
        declared=own.settings,
        accepted=own.accepted,
        trusts_base=trusts_base,
        hidden=bool(graph.fleet.unread),
    )
    if base is not None:
        run = run._replace(defaults={name: known.rule(name).severity for name in known})
    findings, silenced = judge_all(graph, severities, run)
    if base is not None and asked.marks:
        findings, silenced = _compared(findings, silenced, _found_before(base, severities, run))
    names = [rule.name for rule in rules]
    verdict = Verdict(graph, findings, names, silenced=tuple(silenced), today=asked.today, settings=settings)
    if deciding.accepted is None:
        return verdict
    matched = baseline.match(deciding.accepted, findings, run, exceptions.unjudged(graph.fleet, run))
    silenced = sorted([*silenced, *matched.silenced], key=lambda one: one.finding.order)
    return verdict._replace(
        findings=matched.left, silenced=tuple(silenced), baseline=matched.baseline, unjudged=matched.kept
    )


def _found_before(base: Base, severities: dict[str, Severity], run: Run) -> Counter[Identity]:
    """What the same rules find in the base, accepted or not."""
    before = run._replace(
        base=None,
        settings=base.settings,
        declared=base.settings,
        accepted=None,
        trusts_base=False,
        hidden=bool(base.graph.fleet.unread),
    )
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
