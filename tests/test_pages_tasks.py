"""The order of the tasks: what is ready, what blocks, and what each task owns."""

from __future__ import annotations

import re

from conftest import SmallFleet
from regcheck.graph import FleetGraph
from regcheck.pages import tasks
from sites import site_of
from test_pages_drain import lines, part, plain, rows

FLEET = """
machine:
  - {id: old, role: frozen}
  - {id: new, role: production}
workload:
  - {id: shop, environment: production, current_host: old, target_host: new, owner: [P-T1]}
sink:
  - {id: log, current_host: new, owner: [P-T1]}
wave:
  - {number: 1, name: First, moves: [shop], owner: [P-T1]}
task:
  - {id: P-T0, title: Prepare, status: done, evidence: ["<b>done</b>"]}
  - {id: P-T1, title: Move it, status: doing, after: [P-T0], notes: "with <care>"}
  - {id: P-T2, title: Close it, status: todo, after: [P-T1]}
  - {id: P-T3, title: Decide, status: todo, human: true}
  - {id: P-T4, absorbed_by: P-T2, external: true}
"""


def pages(graph: FleetGraph) -> dict[str, str]:
    return {page.path: page.text for page in tasks.pages(site_of(graph))}


def test_the_index_says_what_is_ready_and_what_blocks(fleet: SmallFleet) -> None:
    text = pages(fleet(FLEET))["tasks/index.md"]
    assert "4 of 5 tasks are left, 1 of them with others; next is “Move it”." in text
    assert rows(part(text, "Can be done now")) == [["Move it", "doing", "Close it", "3 entries"]]
    assert rows(part(text, "Waits for a human")) == [["Decide", "todo", "", ""]]
    assert rows(part(text, "Workloads that can move now")) == [["shop", "old → new", "wave 1 · First"]]
    assert rows(part(text, "Blocked")) == [["Close it", "todo", "Move it"]]
    assert [(row[0], row[2]) for row in rows(part(text, "All tasks in their order"))] == [
        ("Prepare", "✓ done"),
        ("Decide", "▶ todo, waits for a human"),
        ("P-T4", "○ absorbed by P-T2"),
        ("Move it", "▶ doing, can be done now"),
        ("Close it", "○ todo, has to wait"),
    ]
    assert {'href="#can-be-done-now"', 'href="#waits-for-a-human"', 'href="#blocked"'} <= set(
        re.findall(r'href="#[a-z-]+"', text)
    )


def test_the_map_marks_what_is_ready(fleet: SmallFleet) -> None:
    text = pages(fleet(FLEET))["tasks/index.md"]
    marked = re.findall(
        r'<a href="([\w-]+)\.html"><title>[^<]*</title><g class="node kind-task ?([^"]*)">', text
    )
    assert dict(marked) == {"P-T0": "done", "P-T1": "doing ready", "P-T2": "", "P-T3": "human"}
    assert ">Without dependencies</text>" in text
    assert "<title>1 more, in the table</title>" in text


def test_where_nothing_is_joined_all_are_drawn(fleet: SmallFleet) -> None:
    text = pages(fleet("task:\n  - {id: A, title: a, status: done}\n  - {id: B, title: b, status: done}\n"))
    drawn = re.findall(r'<a href="(\w+)\.html"><title>', text["tasks/index.md"])
    assert drawn == ["A", "B"]
    assert "Without dependencies" not in text["tasks/index.md"]


def test_a_task_says_what_it_owns_and_waits_for(fleet: SmallFleet) -> None:
    made = pages(fleet(FLEET))
    text = made["tasks/P-T1.md"]
    assert plain(text.partition("</p>")[0]) == "▶ doing, can be done now"
    assert lines(part(text, "What it waits for")) == ["✓ done Prepare done"]
    assert lines(part(text, "What waits for it")) == ["Close it todo"]
    assert rows(part(text, "What it owns")) == [
        ["sink log", "stays: new", "stays"],
        ["wave 1 · First", "moves shop", "○ open"],
        ["workload shop", "old → new", "must move"],
    ]
    assert "registers/<wbr>task.yaml:4" in text
    assert "with &lt;care&gt;" in text
    assert lines(part(made["tasks/P-T0.md"], "Evidence")) == ["&lt;b&gt;done&lt;/b&gt;"]
    assert '<dt>Absorbed by</dt> <dd><a href="P-T2.html">Close it</a></dd>' in made["tasks/P-T4.md"]


def test_of_many_tasks_what_can_be_done_is_drawn_and_what_is_done_is_not(fleet: SmallFleet) -> None:
    done = "".join(f"  - {{id: D{at:02}, title: d, status: done}}\n" for at in range(50))
    todo = "".join(f"  - {{id: T{at:02}, title: t, status: todo, after: [D{at:02}]}}\n" for at in range(50))
    text = pages(fleet(f"task:\n{done}{todo}"))["tasks/index.md"]
    drawn = re.findall(r'<a href="([DT]\d\d)\.html"><title>[^<]*</title><g class="node', text)
    assert sorted(drawn) == [*(f"D{at:02}" for at in range(10)), *(f"T{at:02}" for at in range(50))]
    assert "<title>40 more, in the table</title>" in text


def test_without_tasks_there_is_a_sentence(fleet: SmallFleet) -> None:
    made = pages(fleet("machine:\n  - {id: m, role: production}\n"))
    assert made == {"tasks/index.md": "No register names a task yet.\n"}
