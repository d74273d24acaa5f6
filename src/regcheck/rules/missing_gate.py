from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.graph.evidence import DRILL, said, unproven_stages
from regcheck.graph.placement import Promotion, effective, is_day
from regcheck.model import Entry, Finding, Position, Related, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed

ENFORCED_AS = ("missing-gate", "placement")
"""The names by which a policy says that it relies on this rule: its own and its group's."""


@rule(severity=Severity.ERROR, since="0.1")
def missing_gate(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """Production runs on a production machine now, without complete promotion evidence.

    Complete is a gate with `overlay_repo`, all four `stages`, `canary`,
    `approved_by`, `approved_on`, `image` and, where the workload is stateful,
    `backup_drill`. A field that says no, or not yet (`no`, `none`, `TBD`,
    `pending`), shows nothing. A part counts through its whole. What is on a
    frozen machine is tolerated until it has been drained.

    It is an error where the `placed_since` of the workload, or of a part that is
    told with it, is not before the `effective_from` of the policy that names this
    rule, and else a warning: what was there first is debt, what came later breaks
    the policy.

    ## Why it matters

    The gate is the proof that a workload can be deployed, watched, taken back
    and restored by somebody who did not build it. Production without it works
    until the first bad night.

    ## How to fix it

    Prove what is missing and record it in a `gate` entry. Where that cannot be
    done yet, write an `exception` with a reason, a rollback and an end; the
    backup drill of a stateful workload cannot be excepted.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: newbox, role: production}
    ```

    ```yaml
    register: workload
    entries:
      - id: shop
        environment: production
        current_host: newbox
        placed_since: 2026-06-20
    ```

    ```yaml
    register: policy
    entries:
      - title: Production needs a gate
        rules: [missing-gate]
        effective_from: 2026-06-01
    ```

    It has its evidence:

    ```yaml
    register: gate
    entries:
      - workload: shop
        overlay_repo: deploy/shop
        stages: [deploy, observe, promote, rollback]
        canary: runs/2026-06-18
        approved_by: Ada
        approved_on: 2026-06-19
        image: registry.example/shop:1.4.2
    ```
    """
    policy = fleet.placement.policy(*ENFORCED_AS)
    for promotion in fleet.placement.unproven():
        workload, gate = promotion.workload, promotion.gate
        since = effective(policy) if policy else ""
        parts = [] if _is_new(workload, since) else [p for p in promotion.parts if _is_new(p, since)]
        machines = listed(host.ref for host in promotion.hosts)
        related = [
            Related(host.at("role"), f"{host.ref} is a production machine") for host in promotion.hosts
        ]
        related += [
            Related(part.at("placed_since"), f"{part.ref} was placed on {part.get('placed_since')}")
            for part in parts
        ]
        if policy is not None:
            related.append(_demand(policy))
        yield report(
            _place(promotion),
            f"{workload.ref} is production on {machines} "
            + (f"and {_lacking(gate, promotion)}" if gate else "without a gate")
            + _newer(parts, since),
            _help(promotion),
            entry=workload.ref,
            related=related,
            severity=Severity.ERROR if parts or _is_new(workload, since) else Severity.WARNING,
        )


def _is_new(workload: Entry, since: str) -> bool:
    """Whether a workload was placed when its policy was in force."""
    placed = workload.get("placed_since")
    return bool(since) and is_day(placed) and placed >= since


def _newer(parts: list[Entry], since: str) -> str:
    """The parts of an older workload that were placed when the policy was in force, in words."""
    if not parts:
        return ""
    verb = "was" if len(parts) == 1 else "were"
    return f"; of its parts, {listed(part.ref for part in parts)} {verb} placed since {since}"


def _place(promotion: Promotion) -> Position:
    """The gate, or its stages where some of them are proven; else the workload."""
    if promotion.gate is None:
        return promotion.workload.position
    return promotion.gate.at("stages") if "stages" in promotion.missing else promotion.gate.position


def _lacking(gate: Entry, promotion: Promotion) -> str:
    """What is missing in a gate, in words."""
    found = [f"`{name}`{said(gate, name)}" for name in promotion.missing if name != "stages"]
    if stages := unproven_stages(gate):
        found.append(f"the {'stage' if len(stages) == 1 else 'stages'} {listed(stages)}")
    through = "" if gate.link("workload") == promotion.workload.ref else ", through which it counts,"
    return f"{gate.ref}{through} lacks {listed(found)}"


def _help(promotion: Promotion) -> str:
    """How to complete the evidence, and what may be put off."""
    if promotion.missing == (DRILL,):
        return f"restore a backup and record it in `{DRILL}`"
    fields = listed("all four `stages`" if name == "stages" else f"`{name}`" for name in promotion.missing)
    prove = "prove and record what is missing" if promotion.gate else f"write a gate for it with {fields}"
    rest = f"what else than the `{DRILL}`" if DRILL in promotion.missing else "what"
    return f"{prove}; an exception with a rollback can stand in for {rest} has to wait"


def _demand(policy: Entry) -> Related:
    """Where the policy says that it demands the gate, and from when."""
    if since := effective(policy):
        return Related(policy.at("effective_from"), f"{policy.ref} demands it from {since} on")
    named = next(name for name in map(str, policy.list("rules")) if name in ENFORCED_AS)
    return Related(policy.at("rules", named), f"{policy.ref} demands it, and says no `effective_from`")
