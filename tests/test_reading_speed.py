"""No text takes longer than its length: each of these would take hours if reading were quadratic."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from regcheck.check import check
from regcheck.reading import inline
from regcheck.reporting import FORMATS, View, text
from regcheck.trees import WorkTree

MANY = 50_000
LONGEST = 10.0
"""Seconds of processor; each takes well below one."""

HEAD = "---\nregister: sink\n---\n| Sink | Notes | Owner |\n| - | - | - |\n"
DECLARED = "register: sink\nentries:\n  - id: logs\n    "

CELLS = {
    "stars": "*" * MANY,
    "stars and words": "*a " * MANY,
    "closed stars": "a*" * MANY,
    "opened underscores": " _a" * MANY,
    "closed underscores": "_a " * MANY,
    "tildes": "~~a " * MANY,
    "emphasis in emphasis": "*_" * MANY + "x" + "_*" * MANY,
    "strong or not": "**_" * MANY,
    "both sides": "a**b" * MANY,
    "brackets": "[" * MANY,
    "closed brackets": "[" * MANY + "]" * MANY,
    "links in links": "[" * MANY + "](" * MANY,
    "unclosed links": "[](" * MANY,
    "unclosed titles": '[a](b "' * MANY,
    "parentheses": "[a](" + "(" * MANY,
    "spaces in links": "[a]( " * MANY,
    "images": "![" * MANY + "](x)" * MANY,
    "backticks": "`" * MANY,
    "unequal backticks": "".join("`" * n + "a" for n in range(1, 400)),
    "code": "`a` " * MANY,
    "tags": "<a:" * MANY,
    "breaks": "<br " * MANY,
    "addresses": "<" + "a@" * MANY,
    "entities": "&a" * MANY,
    "backslashes": "\\" * MANY,
    "spaces": "a" + " " * MANY + "b",
    "commas in code": "`a`," * MANY,
    "breaks and commas": "a<br>b," * MANY,
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_cell(cell: str) -> None:
    started = time.process_time()
    assert inline.plain(cell) is not None
    assert inline.covered(cell) is not None
    assert time.process_time() - started < LONGEST


TEXTS = {
    "pipes.md": HEAD + "|" * 100_000 + "\n",
    "escaped-pipes.md": HEAD + "\\|" * 100_000 + "\n",
    "many-columns.md": "---\nregister: sink\n---\n" + "| a " * 20_000 + "\n" + "| - " * 20_000 + "\n",
    "one-column-again.md": "---\nregister: sink\n---\n"
    + "| Id " * 20_000
    + "\n"
    + "| - " * 20_000
    + "\n| x |\n",
    "dashes.md": HEAD + "\n|" + "-" * 1_000_000 + " x\n",
    "delimiters.md": "a | b\n" + "-|" * 500_000 + "x\n",
    "spaces.md": "a | b\n---" + " " * 1_000_000 + "x\n",
    "markers.md": "<!-- regcheck: register=sink -->\n" * 20_000,
    "conflicts.md": HEAD + "<<<<<<< a\n| a | b | — |\n=======\n| a | c | — |\n>>>>>>> d\n" * 5_000,
    "comments.md": "<!--\n" * 100_000,
    "fences.md": "```\n~~~\n" * 100_000,
    "long-line.md": HEAD + "| logs | " + "x" * 1_000_000 + " | — |\n",
    "owners.md": HEAD + "| logs | — | " + ", ".join(f"T{n}" for n in range(20_000)) + " |\n",
    "rows.md": HEAD + "| a | b |\n" * 20_000,
    "rules.md": "---\n" * 100_000,
    "labels.md": HEAD + "\n" + " ".join(f"[x][undefined{n}]" for n in range(30_000)) + "\n",
    "long-scalar.yaml": DECLARED + "notes: " + "x" * 1_000_000,
    "owners.yaml": DECLARED + "owner: [" + ", ".join(f"T{n}" for n in range(20_000)) + "]",
    "keys.yaml": DECLARED + "\n    ".join(f"key{n}: x" for n in range(20_000)),
    "same-keys.yaml": DECLARED + "name: x\n    " * 20_000,
    "open-quotes.yaml": DECLARED + 'name: "' + 'a\n"' * 100_000,
    "brackets.yaml": "[" * 1_000_000,
    "anchors.yaml": DECLARED + "owner: [" + ", ".join(f"&a{n} T{n}, *a{n}" for n in range(10_000)) + "]",
    "merges.yaml": "register: sink\nentries:\n"
    + "".join(f"  - &a{n}\n    <<: *a{n - 1}\n" if n else "  - &a0 {}\n" for n in range(5_000)),
    "items.yaml": "register: sink\nentries:\n" + "  - x\n" * 50_000,
    "roles.yaml": "register: machine\nentries:\n"
    + "".join(f"  - {{id: m{n}, role: x}}\n" for n in range(5_000)),
    "aliases.yaml": "register: machine\nentries:\n"
    + "".join(
        f"  - {{id: {m}, role: production, aliases: [{', '.join(f'a{n}' for n in range(20_000))}]}}\n"
        for m in "xy"
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "a.yaml").write_text(
        "register: machine\nentries: [{id: new1, role: production}]\n"
    )
    (tmp_path / "registers" / name).write_bytes(TEXTS[name].encode())
    started = time.process_time()
    assert text.render(check(WorkTree(str(tmp_path))))
    assert time.process_time() - started < LONGEST


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_of_one_long_line(tmp_path: Path, name: str) -> None:
    owners = ", ".join(f"Tüöä{n}{'x' * 400}" for n in range(10_000))
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "a.yaml").write_text(f"{DECLARED}owner: [{owners}]\n", encoding="utf-8")
    found = check(WorkTree(str(tmp_path)), select=["unknown-reference"])
    assert len(found.findings) == 10_000
    started = time.process_time()
    assert FORMATS[name](found, View())
    assert time.process_time() - started < LONGEST
