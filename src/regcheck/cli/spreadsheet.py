"""CSV for spreadsheets and programs (RFC 4180)."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import Any

from regcheck.cli import common
from regcheck.terminal import PLAIN, Terminal, visible
from regcheck.words import plural

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters of what a spreadsheet runs (OWASP, CSV Injection)."""


def csv_text(header: Iterable[str], rows: Iterable[Iterable[Any]], terminal: Terminal) -> str:
    """Rows as they are for a file or a program, without what steers a terminal for one.

    How many texts a spreadsheet would run as a formula is said on standard error.
    """
    import csv

    shown = terminal is not PLAIN and sys.stdout.isatty()

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    formulas = 0
    for row in rows:
        cells = [*row]
        formulas += sum(isinstance(cell, str) and cell.startswith(FORMULA) for cell in cells)
        writer.writerow([visible(c) if isinstance(c, str) else c for c in cells] if shown else cells)
    if formulas:
        common.note(
            f"{plural(formulas, 'text')} in this CSV would be run as a formula by a spreadsheet: "
            "import the columns as text"
        )
    return text.getvalue()
