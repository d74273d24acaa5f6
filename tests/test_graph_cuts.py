"""Feedback arc sets: the exact search is exact, the heuristic one valid and fast."""

from __future__ import annotations

import time
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from regcheck.graph import cuts
from regcheck.graph.networks import components, longest_chain

Arc = tuple[str, str, int]


def arcs(nodes: int, most: int) -> st.SearchStrategy[list[Arc]]:
    node = st.integers(0, nodes - 1).map(lambda number: f"n{number}")
    pair = st.tuples(node, node)
    return st.dictionaries(pair, st.integers(1, 9), max_size=most).map(
        lambda costs: [(source, target, cost) for (source, target), cost in costs.items()]
    )


def cost(of: list[Arc], cut: set[tuple[str, str]]) -> int:
    return sum(price for source, target, price in of if (source, target) in cut)


def is_acyclic(of: list[Arc], cut: set[tuple[str, str]]) -> bool:
    return not components([arc[:2] for arc in of if arc[:2] not in cut])


def greedy(of: list[Arc]) -> set[tuple[str, str]]:
    nodes = sorted({node for arc in of for node in arc[:2]})
    rank = {node: at for at, node in enumerate(cuts._greedy_order(nodes, of))}
    assert sorted(rank) == nodes
    return {(source, target) for source, target, _ in of if rank[source] >= rank[target]}


@given(arcs(6, 20))
def test_the_exact_cut_is_the_cheapest_of_all(of: list[Arc]) -> None:
    cut = cuts.cheapest_cut(of)
    assert is_acyclic(of, cut)
    nodes = sorted({node for arc in of for node in arc[:2]})
    cheapest = min(
        sum(price for source, target, price in of if order.index(source) >= order.index(target))
        for order in permutations(nodes)
    )
    assert cost(of, cut) == cheapest


@given(arcs(6, 20))
def test_the_heuristic_cut_is_never_cheaper_than_the_exact_one(of: list[Arc]) -> None:
    assert cost(of, greedy(of)) >= cost(of, cuts.cheapest_cut(of))


@given(arcs(40, 120))
def test_the_heuristic_cut_leaves_no_loop(of: list[Arc]) -> None:
    assert is_acyclic(of, greedy(of))


@given(arcs(40, 120), st.randoms(use_true_random=False))
def test_the_order_of_the_arcs_changes_nothing(of: list[Arc], random: object) -> None:
    shuffled = list(of)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cuts.cheapest_cut(of) == cuts.cheapest_cut(shuffled)


def test_one_cheap_arc_of_a_large_loop_is_cut_in_no_time() -> None:
    many = 10_000
    ring = [(f"n{at}", f"n{(at + 1) % many}", 1 if at == 77 else 4) for at in range(many)]
    start = time.perf_counter()
    assert cuts.cheapest_cut(ring) == {("n77", "n78")}
    assert time.perf_counter() - start < 1


@given(arcs(7, 14))
def test_the_longest_chain_is_the_longest_and_the_first_of_those(of: list[Arc]) -> None:
    cut = cuts.cheapest_cut(of)
    pairs = [arc[:2] for arc in of if arc[:2] not in cut]
    later: dict[str, list[str]] = {}
    for source, target in pairs:  # the source waits for the target
        later.setdefault(target, []).append(source)
    chains: list[list[str]] = [[node] for pair in pairs for node in pair]
    for chain in chains:
        chains += [[*chain, node] for node in later.get(chain[-1], ())]
    assert longest_chain(pairs) == min(chains, key=lambda chain: (-len(chain), chain), default=[])
