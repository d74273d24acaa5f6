"""The cheapest waits to give up so that a loop is none: minimum feedback arc sets.

Exact for small components by dynamic programming over vertex subsets (Lawler,
"A comment on minimum feedback arc sets", IEEE Trans. Circuit Theory 11, 1964);
else the linear-time heuristic of Eades, Lin and Smyth ("A fast and effective
heuristic for the feedback arc set problem", Inf. Proc. Letters 47, 1993),
weighted by cost.
"""

from __future__ import annotations

Arc = tuple[str, str, int]
"""Source, target, and what it costs to cut it."""

EXACT_UP_TO = 12
"""Nodes; the exact search looks at every subset of them."""


def cheapest_cut(arcs: list[Arc]) -> set[tuple[str, str]]:
    """The arcs of least total cost without which there is no cycle."""
    nodes = sorted({node for arc in arcs for node in arc[:2]})
    order = _exact_order(nodes, arcs) if len(nodes) <= EXACT_UP_TO else _greedy_order(nodes, arcs)
    rank = {node: position for position, node in enumerate(order)}
    return {(source, target) for source, target, _ in arcs if rank[source] >= rank[target]}


def _exact_order(nodes: list[str], arcs: list[Arc]) -> list[str]:
    """The order of the nodes in which the arcs that point back cost least."""
    number = {node: at for at, node in enumerate(nodes)}
    back = [[0] * len(nodes) for _ in nodes]
    for source, target, cost in arcs:
        if source != target:
            back[number[source]][number[target]] += cost
    best: list[tuple[int, int]] = [(0, -1)] * (1 << len(nodes))
    for placed in range(1, 1 << len(nodes)):
        options = []
        for last in range(len(nodes)):
            if placed >> last & 1:
                rest = placed & ~(1 << last)
                # Put last, a node's arcs to those before it point back.
                cost = sum(c for other, c in enumerate(back[last]) if rest >> other & 1)
                options.append((best[rest][0] + cost, last))
        best[placed] = min(options)
    order, placed = [], (1 << len(nodes)) - 1
    while placed:
        last = best[placed][1]
        order.append(nodes[last])
        placed &= ~(1 << last)
    return order[::-1]


def _greedy_order(nodes: list[str], arcs: list[Arc]) -> list[str]:
    """Eades-Lin-Smyth: sinks to the end, sources to the front, else the largest surplus."""
    out: dict[str, dict[str, int]] = {node: {} for node in nodes}
    into: dict[str, dict[str, int]] = {node: {} for node in nodes}
    for source, target, cost in arcs:
        if source != target:
            out[source][target] = out[source].get(target, 0) + cost
            into[target][source] = into[target].get(source, 0) + cost
    left = dict.fromkeys(nodes)
    front: list[str] = []
    back: list[str] = []

    def take(node: str) -> None:
        del left[node]
        for other in out[node]:
            into[other].pop(node, None)
        for other in into[node]:
            out[other].pop(node, None)

    while left:
        if sink := next((n for n in left if not out[n]), None):
            back.append(sink)
        elif source := next((n for n in left if not into[n]), None):
            front.append(source)
        else:
            front.append(max(left, key=lambda n: (sum(out[n].values()) - sum(into[n].values()), n)))
        take((back if sink else front)[-1])
    return front + back[::-1]
