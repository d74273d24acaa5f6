"""A small fleet that moves, commit by commit, and what `regcheck history` says of it."""

from __future__ import annotations

import json
from pathlib import Path

from committing import commit, started
from conftest import Run

MACHINES = """\
register: machine
entries:
  - {id: laptop, role: interactive}
  - {id: old, role: frozen, becomes: new}
  - {id: new, role: production}
"""


def workloads(shop: str, mail: str, *more: str) -> str:
    """Two workloads on these machines, which are to be on the new one."""
    rows = [
        f"{{id: shop, environment: production, current_host: {shop}, target_host: new, wave: 1, owner: P-T1}}"
    ]
    rows += [
        f"{{id: mail, environment: production, current_host: {mail}, target_host: new, wave: 1, owner: P-T1}}"
    ]
    return "register: workload\nentries:\n" + "".join(f"  - {row}\n" for row in (*rows, *more))


PLAN = {
    "registers/machines.yaml": MACHINES,
    "registers/tasks.yaml": "register: task\nentries:\n  - {id: P-T1, title: Move, status: doing}\n",
    "registers/waves.yaml": "register: wave\nentries:\n  - {number: 1, name: Move, owner: P-T1}\n",
}


def made(root: Path) -> Path:
    """A fleet that moves, in eight commits."""
    started(root)
    commit(root, {"README.md": "Soon.\n"}, "Begin", "2026-05-01")
    commit(root, PLAN | {"registers/workloads.yaml": workloads("laptop", "old")}, "Register", "2026-05-02")
    commit(root, {"README.md": "Now.\n"}, "Say so", "2026-05-02")
    commit(root, {"regcheck.toml": "register = 1\n"}, "Set up", "2026-05-03")
    commit(root, {"regcheck.toml": None}, "Do without", "2026-05-04")
    commit(root, {"registers/workloads.yaml": workloads("new", "old")}, "Move the \x1b[3mshop", "2026-05-05")
    commit(root, {"registers/workloads.yaml": workloads("new", "new")}, "=Move the mail", "2026-05-06")
    commit(root, {"src/a.py": "pass\n"}, "Program", "2026-05-07")
    return root


TEXT = """\
date        commit    now  target  unknown  frozen  no gate  errors  warnings  accepted  subject
… 1 commit without registers
2026-05-02  7506cea1    1       0        0       1        0       0         0         0  Register
… 2 commits without a change, 1 skipped
2026-05-05  98450f13    0       0        0       1        1       0         2         0  Move the \\x1b[3mshop
2026-05-06  6010ccad    0       0        0       0        2       0         4         0  =Move the mail
… 1 commit without a change

since 2026-05-02: 1 → 0 production nodes that need an interactive machine
  now       1 → 0  ███▁▁▁  production nodes that need an interactive machine
  target    0 → 0          production nodes that would still need one at `target`
  unknown   0 → 0          entries that production may need, and nobody knows their place
  frozen    1 → 0  ████▁▁  entries still on frozen machines
  no gate   0 → 2  ▁▁▁▅██  production without complete promotion evidence
  errors    0 → 0          open errors
  warnings  0 → 4  ▁▁▁▅██  open warnings
  accepted  0 → 0          findings that an exception or the baseline accepts

1 commit was skipped, because nothing can be counted there:
  2026-05-03  18711b46  regcheck.toml:1: there is no setting `register`: did you mean `registers`?
"""


def history(run: Run, root: Path, *words: str) -> list[tuple[str, dict[str, int] | None, str | None]]:
    """The subject, the figures that are not nothing, and the reason of each commit."""
    ran = run("history", *words, "--format", "json", directory=root)
    assert (ran.status, ran.err) == (0, "")
    return [
        (one["subject"], one["figures"] and {k: n for k, n in one["figures"].items() if n}, one["why"])
        for one in json.loads(ran.out)["commits"]
    ]
