"""The settings and the register that a repository without any begins with."""

from __future__ import annotations

SETTINGS = """\
# How regcheck reads and judges the registers of this repository. All of it is optional, and the
# commented lines say what holds without them; `regcheck schema settings` has every setting.

# registers = ["registers/**/*.{md,yaml,yml}"]   # globs of the register files
# documents = []                                 # globs of reviewed documents, such as docs/adr/*.md
# max_age = 90                                   # days until facts are stale; without it they never are

# [severity]                                     # rules and groups: `regcheck explain`
# undecided = "info"
"""

REGISTER_PATH = "registers/machines.md"

REGISTER = """\
---
register: machine
---

# Machines

One row a machine, to begin with. Its role says what it may be used for: `production`, `frozen`,
`interactive`, `experimental`, `planned` or `retired`. `regcheck explain machine` has every column,
`regcheck explain` every kind of register; each may have a file of its own beside this one.

| Machine | Role | Target role | Becomes | Current use | Source |
| ------- | ---- | ----------- | ------- | ----------- | ------ |
"""
