"""Findings to text, JSON and more: one format a file, each a pure function."""

from __future__ import annotations

from collections.abc import Callable

from regcheck.reporting import json, text
from regcheck.reporting.view import View
from regcheck.verdict import Verdict

__all__ = ["FORMATS", "View"]

FORMATS: dict[str, Callable[[Verdict, View], str]] = {
    "text": text.render,
    "json": json.render,
}
"""The written list of the formats; the first is the default."""
