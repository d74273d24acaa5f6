"""`regcheck check --fix` on one file of a small fleet, twice: the second time must change nothing."""

from __future__ import annotations

from conftest import Repository, Run

MACHINES = """\
register: machine
entries:
  - {id: old, role: frozen}
  - {id: newest, role: production}
"""
TASKS = """\
register: task
workplan: AB-WP-1
entries:
  - {id: T01, title: Pack, status: todo}
  - {id: T02, title: Move, status: todo}
  - {id: CD-WP-2-T02, title: Another plan's, status: todo}
  - {id: CD-WP-2-T07, title: Only there, status: todo}
"""
FILES = {"registers/machines.yaml": MACHINES, "registers/tasks.yaml": TASKS}
HEAD = "---\nregister: workload\nworkplan: AB-WP-1\n---\n\n"


class Fix:
    """One file of a small fleet, and what `--fix` makes of it; twice, for the second time changes nothing."""

    def __init__(self, repository: Repository, run: Run) -> None:
        self.repository, self.run = repository, run

    def __call__(self, path: str, text: str) -> str:
        root = self.repository({**FILES, path: text})
        self.fix()
        once = (root / path).read_bytes()
        others = {name: (root / name).read_text() for name in FILES if name != path}
        assert others == {name: text for name, text in FILES.items() if name != path}
        self.fix()
        assert (root / path).read_bytes() == once
        return once.decode()

    def fix(self) -> None:
        assert self.run("check", "--fix", "--today", "2026-07-03").status in (0, 1)
