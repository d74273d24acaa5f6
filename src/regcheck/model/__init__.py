"""The values that travel through regcheck; all later stages speak in them."""

from regcheck.model.entry import Entry, Places
from regcheck.model.finding import Finding, Guess, Problem, Related, Severity, Silenced
from regcheck.model.fleet import Fleet
from regcheck.model.kind import Kind, Property, Reference
from regcheck.model.position import Position, Source, Span
from regcheck.model.register import Register
from regcheck.model.tree import Tree, Unlisted, Unreadable, What

__all__ = [
    "Entry",
    "Finding",
    "Fleet",
    "Guess",
    "Kind",
    "Places",
    "Position",
    "Problem",
    "Property",
    "Reference",
    "Register",
    "Related",
    "Severity",
    "Silenced",
    "Source",
    "Span",
    "Tree",
    "Unlisted",
    "Unreadable",
    "What",
]
