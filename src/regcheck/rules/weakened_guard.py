from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from regcheck.graph import FleetGraph
from regcheck.graph.definitions import redefined
from regcheck.graph.guards import Dropped, Guards, Lowered
from regcheck.model import Finding, Position, Severity
from regcheck.reading.files import choices
from regcheck.reading.kinds import place_in
from regcheck.rule import Report, Run, rule
from regcheck.settings import Settings
from regcheck.silencing.baseline import FILE as BASELINE
from regcheck.words import flow, listed, plural, quoted, shorten

RELIANT = {
    "critical": ("no-way-off", "workstation-dependency", "unfit-target"),
    "drain_last": ("not-last", "drain-cycle"),
    "environment": ("missing-gate", "no-way-off", "workstation-dependency", "unfit-target"),
    "frozen_since": ("frozen-placement",),
    "placed_since": ("frozen-placement", "missing-gate"),
    "stateful": ("missing-backup-evidence", "missing-gate"),
    "frozen": ("frozen-placement", "undrained"),
    "interactive": ("no-way-off", "workstation-dependency"),
    "retired": ("occupied-machine", "unfit-target"),
}
"""The rules that rely on a field; on a role, by its value."""
RELIANT_AT_TARGET = {
    "frozen": ("unfit-target",),
    "interactive": ("workstation-dependency", "unfit-target"),
    "retired": ("stranded", "dead-hop", "unfit-target"),
}
"""The rules that rely on the role that a machine has at `target`."""
MOST_NAMED = 5
"""Rules, or files, that a message names."""
GLOBS = ("registers", "documents")
"""The settings that say what is read."""
SAY_WHY = "put it back, or let the review say why it may go"


@rule(severity=Severity.WARNING, since="0.1", compares=True)
def weakened_guard(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Against a base revision, a declaration that rules rely on was removed or lowered.

    Such declarations are the role of a frozen, interactive or retired machine,
    now and at `target`, `frozen_since`, the environment production, `critical`,
    `drain_last`, `stateful`, a `placed_since` that makes a finding, a policy with
    its rules and date, and in the settings a severity, `ignore`, `max_age`, what
    a contract demands, and a glob of `registers` or `documents` whose files are
    still there; and what a kind demands, and takes a heading for. Without a base revision
    this rule is silent.
    Where the base revision is trusted (`--trust-base`), all that is not about an entry
    is an error whatever the settings say, and so is a baseline that accepts more.

    ## Why it matters

    A check can be made green by mending the fleet, or by no longer saying what
    the check relies on. The second looks like a small change in a review.

    ## How to fix it

    Put the declaration back. Where it is right that it goes, the review of the
    change is the place to say why; after that it is the base, and the finding
    is gone.

    ## Example

    In the base revision the machine was frozen, and the policy demanded the gate:

    ```yaml base
    register: machine
    entries:
      - {id: oldbox, role: frozen}
    ```

    ```yaml base
    register: policy
    entries:
      - {id: gate, title: Production needs a gate, rules: [missing-gate]}
    ```

    Now neither is said any more, so that no rule objects to what comes next:

    ```yaml
    register: machine
    entries:
      - {id: oldbox, role: production}
    ```

    ```yaml
    register: policy
    entries:
      - {id: gate, title: Production needs a gate}
    ```

    A machine that has been emptied is retired, and a policy is replaced by one
    that demands the same:

    ```yaml
    register: machine
    entries:
      - {id: oldbox, role: retired}
    ```

    ```yaml
    register: policy
    entries:
      - {id: promotion, title: Promotion needs evidence, rules: [missing-gate]}
    ```
    """
    if report.run.base is None:
        return
    guards = Guards(fleet.placement, report.run.base.graph.placement)
    for lowered in guards.lowered():
        yield _field(lowered, report)
    for dropped in guards.dropped():
        yield _policy(dropped, report)
    for finding in _settings(guards, report):
        yield finding._replace(severity=Severity.ERROR) if report.run.trusts_base else finding


def _field(lowered: Lowered, report: Report) -> Finding:
    entry, name, before = lowered
    if name == "target_role":
        return _at_target(lowered, report)
    rules = RELIANT[str(before) if name == "role" else name]
    was = f"was {quoted(flow(before))}" if before is not None else "was implied"
    now = f"is {quoted(flow(entry.get(name)))}" if name in entry.values else "is not given"
    rely = "relies" if len(rules) == 1 else "rely"
    return report(
        entry.at(name),
        f"`{name}` of {entry.ref} {now}, and {was} in the base revision: {listed(rules)} {rely} on it",
        SAY_WHY,
        entry=entry.ref,
    )


def _at_target(lowered: Lowered, report: Report) -> Finding:
    entry, name, was = lowered
    now = entry.get(name)
    said = f"`{name}` of {entry.ref} is {quoted(flow(now))}" if now else f"{entry.ref} has no `{name}`"
    rules = RELIANT_AT_TARGET[was]
    return report(
        entry.at(name),
        f"{said}, and at `target` it was `{was}` in the base revision:"
        f" {listed(rules)} {'relies' if len(rules) == 1 else 'rely'} on it",
        SAY_WHY,
        entry=entry.ref,
    )


def _policy(dropped: Dropped, report: Report) -> Finding:
    policy, now, position, name, since = dropped
    then = f" from {since} on" if since else ""
    if name is None:
        message = f"{policy} is gone"
    elif now is None:
        message = f"{policy} is gone, and no other policy demands {name}{then}"
    elif name in map(str, now.list("rules")):
        date = now.get("effective_from")
        message = f"{policy} demanded {name}{then}, " + (
            f"now only from {date} on" if date else "now without a date"
        )
    else:
        message = f"{policy} no longer names {name}, and no other policy demands it{then}"
    position = position or report.run.declared.place_of("registers")
    return report(position, message, SAY_WHY, entry=policy if now else None)


# --- settings -------------------------------------------------------------------


def _settings(guards: Guards, report: Report) -> Iterator[Finding]:
    run = report.run
    assert run.base is not None
    before, now = run.base.settings, run.declared
    yield from _ignored(before, now, report)
    yield from _severities(before, now, report)
    if before.max_age is not None and (now.max_age is None or now.max_age > before.max_age):
        is_ = "is not set" if now.max_age is None else f"is {now.max_age} days"
        message = f"`max_age` {is_}, and was {before.max_age} in the base revision: stale-facts relies on it"
        yield report(now.place_of("max_age"), message, SAY_WHY)
    yield from _contracts(before, now, report)
    if run.trusts_base:
        yield from _for_the_next_time(before, now, report)
    else:
        yield from _globs(before, now, guards, report)
    yield from _kinds(guards, report)


def _for_the_next_time(before: Settings, now: Settings, report: Report) -> Iterator[Finding]:
    """What would guard less once this is the base itself, whatever it hides today."""
    for key in GLOBS:
        was, is_ = getattr(before, key), getattr(now, key)
        kept = {way for glob in is_ for way in choices(glob)}
        for glob in dict.fromkeys(was):
            if not kept.issuperset(choices(glob)):
                message = f"{shorten(glob)} is gone from `{key}`: what it names would no longer be read"
                yield report(now.place_of(key), message, SAY_WHY)
    if now.schemas != before.schemas:
        was = f"was {shorten(before.schemas)} in the base revision"
        message = f"`schemas` is {shorten(now.schemas)}, and {was}: other kinds would be read"
        yield report(now.place_of("schemas"), message, SAY_WHY)
    base = report.run.base
    more = Counter(report.run.accepted or ()) - Counter((base and base.accepted) or ())
    if more:
        named = _some([f"{name} of {quoted(about)}" for name, about, _ in sorted(more.elements())], "finding")
        message = f"the baseline accepts what that of the base revision does not: {named}"
        yield report(Position(BASELINE, 1, 1, 1, 1), message, SAY_WHY)


def _kinds(guards: Guards, report: Report) -> Iterator[Finding]:
    fleet = guards.fleet
    for name, before in guards.before.fleet.kinds.items():
        if (now := fleet.kinds.get(name)) is None or now is before:
            continue
        files = [source for source in fleet.schemas if name in source.path] or fleet.schemas
        for path, says in redefined(before, now):
            place = place_in(files[0], path) if files else report.run.declared.place_of("schemas")
            yield report(place, f"the kind `{name}` {says}: schema relies on it", SAY_WHY)


def _contracts(before: Settings, now: Settings, report: Report) -> Iterator[Finding]:
    if not before.contract:
        return
    from regcheck.settings.loosened import loosened

    kept = {contract.name: contract for contract in now.contract}
    for contract in before.contract:
        name, reason = shorten(contract.name), f"its reason was: {contract.reason}"
        same = kept.get(contract.name)
        if same is None:
            place = now.place_of("contract")
            yield report(place, f"the contract {name} is gone, and {reason}", SAY_WHY)
            continue
        for key, says in loosened(contract, same):
            place = same.positions[key,]
            yield report(place, f"`{key}` of the contract {name} {says}; {reason}", SAY_WHY)


def _globs(before: Settings, now: Settings, guards: Guards, report: Report) -> Iterator[Finding]:
    for key in GLOBS:
        was, is_ = getattr(before, key), getattr(now, key)
        for glob in dict.fromkeys(was):
            if glob not in is_ and (paths := guards.unread([glob])):
                are = "is" if len(paths) == 1 else "are"
                files = _some([shorten(path) for path in paths], "file")
                message = f"{shorten(glob)} is gone from `{key}`: {files} {are} no longer read"
                yield report(now.place_of(key), message, SAY_WHY)


def _ignored(before: Settings, now: Settings, report: Report) -> Iterator[Finding]:
    run = report.run
    left_out = _rules(before.ignore, run)
    for item, name in enumerate(now.ignore):
        if new := [rule for rule in _rules([name], run) if rule not in left_out]:
            are = "is" if len(new) == 1 else "are"
            message = f"`{name}` in `ignore` is new: {_some(new)} {are} no longer checked"
            yield report(now.place_of("ignore", item), message, SAY_WHY)


def _severities(before: Settings, now: Settings, report: Report) -> Iterator[Finding]:
    run = report.run
    left_out = {*_rules(before.ignore, run), *_rules(now.ignore, run)}
    found: dict[tuple[str, str, str], list[str]] = {}
    for name, default in run.defaults.items():
        was, said = _severity(name, default, before, run)[0], _severity(name, default, now, run)
        if name not in left_out and said[0].rank > was.rank:
            found.setdefault((said[1], was.value, said[0].value), []).append(name)
    for (key, was_, is_), names in found.items():
        cause = f"`{key}` in `[severity]` lowers" if key else "a line that is gone from `[severity]` lowers"
        message = f"{cause} {_some(names)} from {was_} to {is_}"
        yield report(now.place_of("severity", *filter(None, [key])), message, SAY_WHY)


def _severity(name: str, default: Severity, settings: Settings, run: Run) -> tuple[Severity, str]:
    """The severity that a rule has by the settings, and the name in them that gives it."""
    groups = (group for group, names in run.groups.items() if name in names)
    for key in (name, *groups):
        if key in settings.severity:
            return Severity(settings.severity[key]), key
    return default, ""


def _rules(names: Iterable[str], run: Run) -> list[str]:
    """The rules that these names of rules and groups mean."""
    return [rule for name in names for rule in run.groups.get(name, (name,))]


def _some(names: list[str], noun: str = "rule") -> str:
    more = len(names) - MOST_NAMED
    return listed([*names[:MOST_NAMED], plural(more, f"more {noun}")] if more > 0 else names)
