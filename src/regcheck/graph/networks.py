"""The one door to networkx, opened only where there is something to search or to export.

A clean check never comes here: importing networkx costs more than the check.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import networkx as nx

Pair = tuple[str, str]

MOST_PATHS = 200


def components(pairs: Iterable[Pair]) -> list[list[str]]:
    """The strongly connected components that hold a cycle, each sorted, in a stable order."""
    graph: nx.DiGraph[str] = nx.DiGraph(sorted(pairs))
    found = [sorted(part) for part in nx.strongly_connected_components(graph)]
    return sorted(p for p in found if len(p) > 1 or graph.has_edge(p[0], p[0]))


def longest_chain(pairs: Iterable[Pair]) -> list[str]:
    """The longest chain of an acyclic graph of waits, first to go first; ties by id.

    A pair (A, B) says that A waits for B, so that B goes first.
    """
    graph: nx.DiGraph[str] = nx.DiGraph(sorted(pairs))
    length: dict[str, int] = {}
    for node in nx.lexicographical_topological_sort(graph):  # the last to go first
        length[node] = 1 + max((length[later] for later in graph.predecessors(node)), default=0)
    chain: list[str] = []
    options: Iterable[str] = graph
    while step := min(options, key=lambda node: (-length[node], node), default=None):
        chain.append(step)
        options = graph.predecessors(step)
    return chain


def shortest_paths(graph: Any, source: str, target: str) -> list[list[str]]:
    """Each shortest path between two nodes, sorted; empty where there is none.

    Their number can grow with the power of their length: no more than
    `MOST_PATHS` are looked for.
    """
    if source not in graph or target not in graph:
        return []
    try:
        return sorted(map(list, islice(nx.all_shortest_paths(graph, source, target), MOST_PATHS)))
    except nx.NetworkXNoPath:
        return []


def multigraph(
    nodes: Iterable[tuple[str, dict[str, Any]]], edges: Iterable[tuple[str, str, dict[str, Any]]]
) -> nx.MultiDiGraph[str]:
    """A typed dependency graph: an edge A → B means that A needs (or waits for) B."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return graph


def graphml(graph: nx.MultiDiGraph[str]) -> str:
    """A graph in the GraphML format (Brandes and others, "GraphML progress report", 2001)."""
    return "\n".join(nx.generate_graphml(graph)) + "\n"
