from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Related, Severity
from regcheck.rule import Report, rule
from regcheck.settings.contracts import Contract, UnknownInContract
from regcheck.words import listed, quoted

FORBIDS = {
    "forbidden": "which the contract {name} forbids",
    "layers": "which is of a higher layer of the contract {name}",
    "independent": "of which the contract {name} keeps it independent",
}


@rule(severity=Severity.ERROR, since="0.1")
def contract(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A break of one of the repository's own contracts, which stand in its settings.

    ## Why it matters

    A team knows rules of its own fleet that no tool can know: which two
    systems must never need each other, what every entry must say. Written as a
    contract, with its reason, such a rule holds without anybody remembering it.

    ## How to fix it

    The finding says which contract is broken, in which states, and why the
    contract is there. Its notes show the path, hop by hop: cut it at one of
    them. Where a required property is missing, write it, or list it in
    `undecided`. A contract that is no longer right is changed in the settings,
    where reviewers see it.

    A contract is a table `[[contract]]` in `regcheck.toml`, with a `name`, a
    `reason` and a `type`:

    - `forbidden`: nothing of `from` may need anything of `to`, at any distance;
    - `layers`: nothing of a lower layer may need anything of a higher one;
    - `independent`: none of these selections may need another of them;
    - `required`: every entry of `select` has the `property`.

    Selections are those of `regcheck graph --select`. A `state` limits a
    contract to one state of the migration; without one it holds in all. A
    redundant workload does not need a host as long as another of its hosts is
    not forbidden.

    ## Example

    ```toml
    [[contract]]
    name = "shop-without-lab"
    reason = "experiments end without notice"
    type = "forbidden"
    from = "environment=production"
    to = "environment=experimental"
    ```

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: new1, needs: [search]}
      - {id: search, environment: experimental, current_host: lab}
    ```

    The shop keeps to itself:

    ```yaml
    register: workload
    entries:
      - {id: shop, environment: production, current_host: new1}
      - {id: search, environment: experimental, current_host: lab, needs: [shop]}
    ```
    """
    for each in report.run.settings.contract:
        try:
            yield from _breaks(each, fleet, report)
        except UnknownInContract as unknown:
            unread = fleet.contracts.hiding()
            if unread is None:
                raise
            file = unread.position.path
            yield report(
                unknown.position,
                f"`{unknown.key}` of the contract {quoted(each.name)} cannot be judged, "
                f"since {file} could not be read as a whole: {unknown.what}",
                f"mend {file} first",
                related=[Related(unread.position, unread.message)],
            )


def _breaks(contract: Contract, fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    stands = Related(contract.positions[()], f"the contract {quoted(contract.name)}")
    for found, states in fleet.contracts.breaches(contract):
        over = "" if len(found.path) == 1 else f" (through {found.path[0].target})"
        yield report(
            found.position,
            f"{fleet.independence.moments(states)} {found.entry.ref} needs {found.path[-1].target}{over}, "
            f"{FORBIDS[contract.type].format(name=quoted(contract.name))}: {contract.reason}",
            "move it, let it do without, or cut the path at one of the notes",
            entry=found.entry.ref,
            related=[stands, *found.related],
        )
    for entry, names in fleet.contracts.lacks(contract):
        yield report(
            entry.position,
            f"{entry.ref} has no {listed([f'`{name}`' for name in names], 'and no')}, "
            f"which the contract {quoted(contract.name)} requires: {contract.reason}",
            "write what is missing, or list it in `undecided`",
            entry=entry.ref,
            related=[stands],
        )
