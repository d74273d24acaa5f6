"""How maps look, in light and in dark: plain rules, which every viewer of SVG understands."""

from __future__ import annotations

from collections.abc import Iterable

KINDS = {
    "workload": ("#2563eb", "#60a5fa"),
    "machine": ("#334155", "#cbd5e1"),
    "lane": ("#0d9488", "#2dd4bf"),
    "tunnel": ("#d97706", "#fbbf24"),
    "wave": ("#7c3aed", "#a78bfa"),
    "task": ("#4f46e5", "#818cf8"),
    "phase": ("#9333ea", "#c084fc"),
    "sink": ("#be185d", "#f472b6"),
    "pipeline": ("#15803d", "#4ade80"),
    "repo": ("#a16207", "#d6a77a"),
    "checkout": ("#0e7490", "#22d3ee"),
    "other": ("#64748b", "#94a3b8"),
}
"""The colour of each kind on light and on dark paper."""

TONES = {
    "doing": ("#d97706", "#fbbf24"),
    "blocked": ("#dc2626", "#f87171"),
    "critical": ("#dc2626", "#f87171"),
    "done": ("#16a34a", "#4ade80"),
    "production": ("#64748b", "#94a3b8"),
}

PAPER = {
    # What it is: on light paper, on dark paper.
    ".paper{fill:%s}": ("#ffffff", "#0f172a"),
    ".column{fill:%s}": ("#f1f5f9", "#1b2538"),
    ".box{fill:%s}": ("#ffffff", "#1e293b"),
    ".box{stroke:%s}": ("#cbd5e1", "#475569"),
    ".title,.label{fill:%s}": ("#0f172a", "#f1f5f9"),
    ".note{fill:%s}": ("#526079", "#a8b4c6"),
    ".line{stroke:%s}": ("#94a3b8", "#64748b"),
    ".tip{fill:%s}": ("#94a3b8", "#64748b"),
    ".critical.line{stroke:%s}": TONES["critical"],
    ".critical.line .tip{fill:%s}": TONES["critical"],
    ".critical.head .note{fill:%s}": TONES["critical"],
    ".done.head .note{fill:%s}": TONES["done"],
}

SHAPES = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}"
    ".title{font-size:18px;font-weight:600}.label{font-size:13px;font-weight:600}.note{font-size:11px}"
    ".line{fill:none;stroke-width:1.4}.line.critical{stroke-width:2.2}"
    ".line.implied{stroke-dasharray:4 4}.line .tip{stroke:none}"
    ".bar{fill:none;stroke-width:4;stroke-linecap:round}.box{stroke-width:1}"
    ".production .box{stroke-width:1.8}.open .box{stroke-dasharray:4 3}"
    "a:hover .box,a:focus .box{stroke-width:2.5}"
)


def kind_class(kind: str) -> str:
    """The class of what is of a kind; kinds of a repository's own look alike."""
    return f"kind-{kind}" if kind in KINDS else "kind-other"


def style(kinds: Iterable[str]) -> str:
    """The style sheet of a map with nodes of these kinds, all of it below its own class."""
    used = sorted({kind if kind in KINDS else "other" for kind in kinds})
    light, dark = (_colours(used, scheme) for scheme in (0, 1))
    return _scoped(SHAPES) + light + "@media (prefers-color-scheme:dark){" + dark + "}"


def _colours(kinds: list[str], scheme: int) -> str:
    rules = [rule % colours[scheme] for rule, colours in PAPER.items()]
    rules += [f".kind-{kind} .bar{{stroke:{KINDS[kind][scheme]}}}" for kind in kinds]
    rules += [f".{tone} .box{{stroke:{colours[scheme]}}}" for tone, colours in TONES.items()]
    return _scoped("".join(rules))


def _scoped(rules: str) -> str:
    """Rules that hold inside a map only, wherever the map is embedded."""
    scoped = []
    for rule in filter(None, rules.split("}")):
        selectors, _, body = rule.partition("{")
        names = (f".regcheck-map {selector}" for selector in selectors.split(","))
        scoped.append(f"{','.join(names)}{{{body}}}")
    return "".join(scoped)
