"""Findings to text, JSON and more: one format a file, each a pure function."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from regcheck.reporting.view import View

if TYPE_CHECKING:
    from regcheck.verdict import Verdict

__all__ = ["FORMATS", "View"]

Render = Callable[["Verdict", View], str]


def _format(name: str) -> Render:
    """The format of a module here; a run imports those that it writes."""

    def render(verdict: Verdict, view: View) -> str:
        written: str = import_module(f"{__name__}.{name}").render(verdict, view)
        return written

    return render


FORMATS: dict[str, Render] = {
    name: _format(name)
    for name in ("text", "json", "sarif", "github", "junit", "codequality", "rdjson", "markdown")
}
"""The written list of the formats; the first is the default."""
