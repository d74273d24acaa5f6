"""What a change means, as text, JSON and Markdown: one format a file, each a pure function."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from regcheck.comparing.comparison import Comparison
    from regcheck.terminal import Terminal

__all__ = ["FORMATS", "Side", "Sides"]


class Side(NamedTuple):
    """What one of the two compared states is called, and its commit."""

    name: str
    commit: str | None
    """None for the work tree."""


class Sides(NamedTuple):
    """What the two compared states are called."""

    before: Side
    after: Side


Render = Callable[["Comparison", Sides, "Terminal"], str]


def _format(name: str) -> Render:
    """The format of a module here; a run imports those that it writes."""

    def render(comparison: Comparison, sides: Sides, terminal: Terminal) -> str:
        written: str = import_module(f"{__name__}.{name}").render(comparison, sides, terminal)
        return written

    return render


FORMATS: dict[str, Render] = {name: _format(name) for name in ("text", "json", "markdown")}
"""The written list of the formats; the first is the default."""
