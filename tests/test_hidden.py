"""What cannot be read as a whole: nothing in it is taken for absent by whoever comes later."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Repository, Run
from regcheck.silencing import baseline

TODAY = ("--today", "2026-07-03")
BROKEN = "register: machine\nentries:\n  - {id: old, role: frozen\n"
MACHINES = BROKEN.rstrip("\n") + "}\n  - {id: new, role: production}\n"
WORKLOADS = """\
register: workload
entries:
  - {id: shop, environment: staging, current_host: old, target_host: new, owner: MOVE-T01}
"""
TASKS = "register: task\nentries:\n  - {id: MOVE-T01, title: Move it, status: todo}\n"
EXCEPTIONS = """\
register: exception
entries:
  - {id: shop-stays, rule: undrained, entry: 'workload:shop', reason: x, expires: 2026-12-31}
"""
FILES = {
    "registers/machines.yaml": MACHINES,
    "registers/tasks.yaml": TASKS,
    "registers/workloads.yaml": WORKLOADS,
    "registers/x.yaml": EXCEPTIONS,
}
UNREAD = "registers/machines.yaml could not be read as a whole"


def texts(root: Path) -> dict[str, str]:
    return {path: (root / path).read_text() for path in FILES}


HIDDEN = [
    pytest.param("registers/machines.yaml", BROKEN, id="what is no YAML"),
    pytest.param(
        "registers/machines.yaml", MACHINES.replace("entries:\n", "entries: no\nx:\n"), id="no list"
    ),
    pytest.param("registers/machines.yaml", MACHINES.replace("entries", "entry"), id="entries misspelt"),
    pytest.param("registers/machines.yaml", MACHINES.replace(": machine", ": node"), id="no kind"),
    pytest.param("registers/machines.yaml", MACHINES.replace("id: old, ", ""), id="no id"),
]


@pytest.mark.parametrize(("path", "text"), HIDDEN)
def test_no_exception_is_unused_that_hidden_entries_may_need(
    path: str, text: str, repository: Repository, run: Run
) -> None:
    root = repository(FILES)
    assert run("check", "--select", "order,unused-exception", *TODAY).out == (
        "clean: 4 files with 5 entries; 1 silenced by an exception\n"
    )
    files = {**FILES, path: text}
    repository(files)
    assert "unused-exception" not in run("check", *TODAY).out
    run("check", "--fix", *TODAY)
    assert texts(root)["registers/x.yaml"] == EXCEPTIONS


def test_an_exception_stays_while_a_fact_breaks_its_schema(repository: Repository, run: Run) -> None:
    machines = MACHINES.replace("role: frozen", "role: legacy")
    root = repository({**FILES, "registers/machines.yaml": machines})
    assert (
        "  help: mend schema in registers/machines.yaml:3:21 first; if it is still unused then, remove it\n"
    ) in run("check", *TODAY).out
    ran = run("check", "--fix", *TODAY)
    assert texts(root)["registers/x.yaml"] == EXCEPTIONS
    assert ran.err == (
        "regcheck: registers/x.yaml:3:1 is not fixed:"
        " it may be needed again when schema in registers/machines.yaml:3:21 is mended\n"
    )
    assert (run("check", "--diff", *TODAY).out, run("check", "--diff", *TODAY).status) == ("", 0)


def test_an_exception_goes_when_the_rest_is_mended_in_the_same_run(repository: Repository, run: Run) -> None:
    two = EXCEPTIONS + EXCEPTIONS.splitlines(keepends=True)[2].replace(
        "shop-stays", "shop-stays-too"
    ).replace("undrained", "unknown-place")
    root = repository(
        {**FILES, "registers/machines.yaml": MACHINES.replace("frozen", "frozzen"), "registers/x.yaml": two}
    )
    run("check", "--fix", *TODAY)
    assert texts(root) == FILES


def test_no_reference_is_mended_by_what_is_left_to_see(repository: Repository, run: Run) -> None:
    portal = "register: workload\nentries:\n  - {id: portal, environment: staging, needs: [portals]}\n"
    broken = "register: workload\nentries:\n  - {id: portals, environment: staging\n"
    root = repository({"registers/a.yaml": portal, "registers/b.yaml": broken})
    ran = run("check", "--fix")
    assert (root / "registers/a.yaml").read_text() == portal
    assert ran.err == ""
    pages = portal.replace("needs", "drain_after").replace("id: portal,", "id: pages,") + (
        "  - {id: portal, environment: staging}\n"
    )
    repository({"registers/a.yaml": pages})
    ran = run("check", "--fix")
    assert (root / "registers/a.yaml").read_text() == pages
    assert ran.err == (
        "regcheck: registers/a.yaml:3:53 is not fixed: registers/b.yaml could not be read as a whole\n"
    )
    (root / "registers/b.yaml").write_text(broken.replace("portals", "mail").rstrip() + "}\n")
    run("check", "--fix")
    assert (root / "registers/a.yaml").read_text() == pages.replace("portals", "portal")


def test_no_short_task_is_written_out_while_tasks_may_be_hidden(repository: Repository, run: Run) -> None:
    files = {**FILES, "registers/workloads.yaml": WORKLOADS.replace("MOVE-T01", "T01")}
    hidden = "register: task\nentries:\n  - {id: OTHER-T01, title: Other, status: todo\n"
    root = repository({**files, "registers/other.yaml": hidden})
    ran = run("check", "--fix", *TODAY)
    assert texts(root) == files
    assert ran.err == (
        "regcheck: registers/workloads.yaml:3:82 is not fixed:"
        " registers/other.yaml could not be read as a whole\n"
    )


def test_no_property_is_mended_by_another_schema_than_its_own(repository: Repository, run: Run) -> None:
    schema = '{"x-regcheck": {"kind": "workload"}, "properties": {"id": {"type": "string"}, "owners": {}'
    text = "register: workload\nentries:\n  - {id: shop, environment: staging, owners: MOVE-T01}\n"
    files = {"schemas/workload.schema.json": schema, "registers/w.yaml": text, "registers/t.yaml": TASKS}
    root = repository(files)
    ran = run("check", "--fix")
    assert (root / "registers/w.yaml").read_text() == text
    assert ran.err == (
        "regcheck: registers/w.yaml:3:38 is not fixed:"
        " schemas/workload.schema.json could not be read as a whole\n"
    )


def test_what_is_unread_is_told_where_no_rule_of_the_run_tells(repository: Repository, run: Run) -> None:
    repository({**FILES, "registers/machines.yaml": BROKEN})
    note = f"regcheck: {UNREAD}, so this may be incomplete: see `regcheck check`\n"
    nothing = "nothing found in what could be read: 4 files with 3 entries"
    assert run("check", "--select", "order", *TODAY) == (0, f"{nothing}\n", note)
    ignored = ("--ignore", "reading,unknown-reference", *TODAY)
    assert run("check", *ignored) == (0, f"{nothing}\n", note)
    assert "clean" not in run("check", *ignored, "--format", "markdown").out
    assert run("check", *ignored, "--format", "github").out == f"{nothing}\n"
    assert run("check", "--select", "yaml-syntax", *TODAY).err == ""
    with_others = run("check", "--select", "order,unreadable-file", *TODAY)
    assert with_others.err == note


def test_the_baseline_keeps_what_may_be_hidden(repository: Repository, run: Run) -> None:
    files = {path: text for path, text in FILES.items() if path != "registers/x.yaml"}
    root = repository(files)
    assert run("check", "--write-baseline", *TODAY).status == 0
    held = (root / baseline.FILE).read_text()
    assert '"undrained"' in held
    repository({"registers/machines.yaml": BROKEN})
    assert run("check", *TODAY).out.endswith("\nbaseline: 1 finding\n")
    run("check", "--write-baseline", *TODAY)
    repository({"registers/machines.yaml": MACHINES})
    assert run("check", *TODAY).out.startswith("clean: ")
