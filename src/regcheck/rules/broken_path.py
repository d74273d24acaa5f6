from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import Break, FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule
from regcheck.words import listed


@rule(severity=Severity.ERROR, since="0.1")
def broken_path(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """A lane's path with a hop that does not start where the path is, or an end that is not the lane's.

    ## Why it matters

    Outages are computed along the paths. One that does not hold together leaves
    out machines that the traffic really crosses, so that a zero means nothing.

    ## How to fix it

    Name the tunnels and machines in the order of the traffic: each tunnel leads
    from the machine reached so far to the next, a machine is the one reached so
    far, and the path begins and ends where the lane's ends run, now for
    `current_path` and at target for `target_path`. `from` and `to` of a tunnel
    are the direction of the traffic, of a reverse tunnel too.

    ## Example

    ```yaml
    register: machine
    entries:
      - {id: laptop, role: interactive}
      - {id: old1, role: frozen}
      - {id: new1, role: production}
    ```

    ```yaml
    register: tunnel
    entries:
      - {id: out, from: new1, to: laptop}
      - {id: on, from: laptop, to: old1}
    ```

    ```yaml
    register: lane
    entries:
      - {id: shop-to-db, from: new1, to: old1, current_path: [on, out]}
    ```

    In the order in which the traffic crosses them:

    ```yaml
    register: lane
    entries:
      - {id: shop-to-db, from: new1, to: old1, current_path: [out, on]}
    ```
    """
    for found in fleet.lanes.broken():
        lane = found.lane
        yield report(
            lane.at(found.name, found.item),
            f"`{found.name}` of {lane.ref} {_wrong(found)}",
            "name the hops in the order of the traffic, each from where the one before it leads",
            entry=lane.ref,
            related=fleet.lanes.related(found, "now" if found.name == "current_path" else "target"),
        )


def _wrong(found: Break) -> str:
    hop = found.lane.links[found.name][found.item]
    there = listed(found.expected, "or")
    end = found.lane.link("to" if found.part == "end" else "from") or ""
    wanted = f"{end} is at {there}" if end.startswith("workload:") else f"the lane's end is {end}"
    starts = f"goes on at {found.found}" if hop == found.found else f"goes on with {hop} from {found.found}"
    match found.part:
        case "start":
            return f"starts at {found.found}, and {wanted}"
        case "end":
            return f"ends at {found.found}, and {wanted}"
    return f"{starts}, where it is not: it has reached {there}"
