"""The cheapest waits to give up so that a loop is none: minimum feedback arc sets.

Exact for small components by dynamic programming over vertex subsets (Lawler,
"A comment on minimum feedback arc sets", IEEE Trans. Circuit Theory 11, 1964);
else the greedy heuristic of Eades, Lin and Smyth ("A fast and effective
heuristic for the feedback arc set problem", Inf. Proc. Letters 47, 1993),
weighted by cost.
"""

from __future__ import annotations

from collections import deque
from heapq import heapify, heappop, heappush

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
    """Eades-Lin-Smyth: sinks to the end, sources to the front, else the largest surplus.

    Each node and arc is touched once; a heap whose outdated items are skipped
    keeps the surpluses in order, ties going to the smaller id.
    """
    out: dict[str, dict[str, int]] = {node: {} for node in nodes}
    into: dict[str, dict[str, int]] = {node: {} for node in nodes}
    for source, target, cost in arcs:
        if source != target:
            out[source][target] = out[source].get(target, 0) + cost
            into[target][source] = into[target].get(source, 0) + cost
    surplus = {node: sum(out[node].values()) - sum(into[node].values()) for node in nodes}
    heap = [(-surplus[node], node) for node in nodes]
    heapify(heap)
    left = dict.fromkeys(nodes)
    sinks = deque(node for node in nodes if not out[node])
    sources = deque(node for node in nodes if out[node] and not into[node])
    front: list[str] = []
    back: list[str] = []

    def take(node: str, end: list[str]) -> None:
        del left[node]
        end.append(node)
        for other, cost in out.pop(node).items():
            del into[other][node]
            surplus[other] += cost
            if not into[other]:
                sources.append(other)
            heappush(heap, (-surplus[other], other))
        for other, cost in into.pop(node).items():
            del out[other][node]
            surplus[other] -= cost
            if not out[other]:
                sinks.append(other)

    while left:
        if sinks:
            if (node := sinks.popleft()) in left:
                take(node, back)
        elif sources:
            if (node := sources.popleft()) in left:
                take(node, front)
        else:
            least, node = heappop(heap)
            if node not in left:
                continue
            if -least == surplus[node]:
                take(node, front)
            else:
                heappush(heap, (-surplus[node], node))
    return front + back[::-1]
