"""In which column of a layered drawing each node stands: cycles are broken, then longest paths count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pair = tuple[str, str]


def columns(nodes: Sequence[str], pairs: Iterable[Pair]) -> dict[str, int]:
    """The column of each node along the pairs that join them, the first one 0; pairs may form cycles."""
    return leftmost(nodes, without_cycles(nodes, [pair for pair in pairs if pair[0] != pair[1]]))


def without_cycles(nodes: Sequence[str], pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs with those turned round that a depth-first search finds to lead back."""
    following: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in pairs:
        following[source].append(target)
    entered: set[str] = set()
    left: set[str] = set()
    found: list[Pair] = []
    for start in nodes:
        if start in entered:
            continue
        entered.add(start)
        stack = [(start, iter(following[start]))]
        while stack:
            node, rest = stack[-1]
            other = next(rest, None)
            if other is None:
                stack.pop()
                left.add(node)
            elif other in entered and other not in left:
                found.append((other, node))
            else:
                found.append((node, other))
                if other not in entered:
                    entered.add(other)
                    stack.append((other, iter(following[other])))
    return list(dict.fromkeys(found))


def leftmost(nodes: Sequence[str], pairs: Sequence[Pair]) -> dict[str, int]:
    """The longest path to each node; then what has no one before it moves up to its neighbours."""
    column = _longest(nodes, pairs)
    after: dict[str, list[str]] = {}
    for source, target in pairs:
        after.setdefault(source, []).append(target)
    targets = {target for _, target in pairs}
    for node in nodes:
        if node not in targets and node in after:
            column[node] = min(column[other] for other in after[node]) - 1
    return column


def _longest(nodes: Sequence[str], pairs: Sequence[Pair]) -> dict[str, int]:
    """How many steps the longest path to each node has."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    waiting = dict.fromkeys(nodes, 0)
    for source, target in pairs:
        after[source].append(target)
        waiting[target] += 1
    column = dict.fromkeys(nodes, 0)
    queue = [node for node in nodes if not waiting[node]]
    for node in queue:
        for other in after[node]:
            column[other] = max(column[other], column[node] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                queue.append(other)
    return column


def rightmost(nodes: Sequence[str], pairs: Sequence[Pair]) -> dict[str, int]:
    """As far to the right as the longest path onward allows."""
    back = _longest(nodes, [(target, source) for source, target in pairs])
    last = max(back.values(), default=0)
    return {node: last - column for node, column in back.items()}
