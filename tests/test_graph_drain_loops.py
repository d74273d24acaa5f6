"""Whether the drain order has a loop: the short way to ask agrees with every wait written out."""

from __future__ import annotations

import networkx as nx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Repository, registers
from regcheck.graph import FleetGraph
from regcheck.reading import read_fleet
from regcheck.settings import Settings
from regcheck.trees import WorkTree

NAMES = "abcde"
WAVES = (1, 2, 3)
WORKLOAD = st.fixed_dictionaries(
    {
        "wave": st.sampled_from([None, None, *WAVES]),
        "drain_after": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
        "drain_last": st.sampled_from([False, False, True]),
        "part_of": st.lists(st.sampled_from(NAMES), max_size=1),
        "host": st.sampled_from(["old", "older"]),
    }
)
WAVE = st.fixed_dictionaries(
    {
        "after": st.none() | st.lists(st.sampled_from(WAVES), max_size=2, unique=True),
        "moves": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
        "rebuilds": st.sampled_from([None, None, "old"]),
    }
)


def text_of(workloads: list[dict[str, object]], waves: list[dict[str, object]]) -> str:
    """The fleet as YAML in one line an entry."""
    rows = ["", "machine:", *(f"  - {{id: {name}, role: frozen}}" for name in ("old", "older", "new"))]
    rows.append("workload:")
    for name, said in zip(NAMES, workloads, strict=True):
        fields = {"id": name, "environment": "staging", "current_host": said["host"], "target_host": "new"}
        fields |= {key: said[key] for key in ("wave", "drain_after", "part_of") if said[key]}
        fields |= {"drain_last": "yes"} if said["drain_last"] else {}
        rows.append(f"  - {as_yaml(fields)}")
    rows.append("wave:")
    for number, said in zip(WAVES, waves, strict=True):
        fields = {"number": number, "name": f"wave {number}"}
        fields |= {key: value for key, value in said.items() if value is not None}
        rows.append(f"  - {as_yaml(fields)}")
    return "\n".join(rows) + "\n"


def as_yaml(fields: dict[str, object]) -> str:
    return "{" + ", ".join(f"{key}: {str(value).replace(chr(39), '')}" for key, value in fields.items()) + "}"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    workloads=st.lists(WORKLOAD, min_size=len(NAMES), max_size=len(NAMES)),
    waves=st.lists(WAVE, min_size=len(WAVES), max_size=len(WAVES)),
)
def test_there_is_a_loop_where_the_waits_have_one(
    repository: Repository, workloads: list[dict[str, object]], waves: list[dict[str, object]]
) -> None:
    root = repository(registers(text_of(workloads, waves)))
    drain = FleetGraph(read_fleet(WorkTree(str(root)), Settings())).drain
    written: nx.DiGraph[str] = nx.DiGraph([(wait.source, wait.target) for wait in drain.waits])
    assert drain.has_loop is not nx.is_directed_acyclic_graph(written)
