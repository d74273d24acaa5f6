"""One page on which the whole fleet is looked through: search, neighbourhoods, paths, states, outages.

The page works with the files of the site alone. What it draws it says in words
beside the drawing, too, and without scripts it leads to the pages with tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from regcheck.pages import markup
from regcheck.pages.fleet_data import script
from regcheck.pages.markup import block, html, link
from regcheck.pages.page import Asset, Page, relative
from regcheck.pages.site import Site

PATH = "explorer.md"
ASSETS = "assets/regcheck"
DATA = f"{ASSETS}/fleet-data.js"
SCRIPTS = (
    f"{ASSETS}/cytoscape.min.js",
    DATA,
    *(f"{ASSETS}/{name}.js" for name in ("explorer-model", "explorer-drawing", "explorer")),
)
"""In the order in which they run."""
MOST_STEPS = 6
"""Steps around an entry that can be asked for."""
SIGNS = {
    "arrow": "→ leads to what is needed",
    "way": "→ the way there",
    "production": "production",
    "focus": "looked at",
    "off": "switched off",
    "down": "down",
    "degraded": "degraded",
    "also-down": "down, not counted as production",
    "also-degraded": "degraded, not counted as production",
    "spared": "stays up on another host",
    "gone": "not there, and still needed",
    "faint": "not concerned",
}
"""What the looks of the drawing mean; each is told while something has it."""
CYTOSCAPE_STYLE = "__________cytoscape_stylesheet"
"""The id by which Cytoscape.js looks for a style of its own before it writes one into the page."""


def pages(site: Site) -> Iterator[Page | Asset]:
    """The explorer, and the data that it shows."""
    yield Asset(DATA, script(site, PATH))
    yield Page(PATH, "Explorer", partial(_text, site))


def _text(site: Site) -> str:
    lead = (
        "The whole fleet on one drawing: step through the waves, look around, find a path,"
        " switch a machine off."
    )
    inside = [*_controls(site), *_drawing(), *_results()]
    files = [f'<link rel="stylesheet" href="{relative(f"{ASSETS}/explorer.css", PATH)}">']
    files += [f'<script src="{relative(path, PATH)}" defer></script>' for path in SCRIPTS]
    return "\n".join(
        (
            block("p", [html(lead)], "rc-lead"),
            _without_scripts(),
            '<div class="rc-explorer" id="rc-explorer" hidden>',
            *inside,
            "</div>\n",
            block("div", [f'<template id="{CYTOSCAPE_STYLE}"></template>', *files], "rc-files"),
        )
    )


def _without_scripts() -> str:
    where = (
        ("topology/now.md", "what runs where"),
        ("workloads/index.md", "the workloads, each with what it needs and who needs it"),
        ("drain/index.md", "the drain order"),
        ("outages/index.md", "what goes down with each machine"),
    )
    lines = [link(relative(path, PATH), html(words)) for path, words in where]
    told = ["<p>This page needs scripts. The same stands in tables:</p>", markup.items(lines).rstrip("\n")]
    return block("noscript", told)


def _controls(site: Site) -> Iterator[str]:
    yield '<form class="rc-controls" aria-label="What to show">'
    yield '<div class="rc-control rc-state"><label for="rc-time">State</label>'
    yield '<output id="rc-time-name" for="rc-time">now</output>'
    last = len(site.graph.states) - 1
    yield f'<input type="range" id="rc-time" min="0" max="{last}" value="0" step="1"></div>'
    yield from _chooser("focus", "Look at an entry")
    yield '<div class="rc-control"><label for="rc-off">Switch off a machine</label><select id="rc-off">'
    yield '<option value="">none</option>'
    for machine in site.fleet.of("machine").values():
        yield f'<option value="{html(machine.ref)}">{html(machine.label)}</option>'
    yield "</select></div>"
    yield '<details class="rc-fold rc-more" id="rc-more" open><summary>Path, steps and filters</summary>'
    yield '<div class="rc-row">'
    yield from _chooser("from", "Path from")
    yield from _chooser("to", "to")
    yield '<div class="rc-control"><label for="rc-depth">Steps</label><select id="rc-depth">'
    yield from (f'<option value="{steps}">{steps}</option>' for steps in range(1, MOST_STEPS + 1))
    yield '<option value="99">all</option></select></div>'
    yield '<div class="rc-control"><label for="rc-way">Show</label><select id="rc-way">'
    yield '<option value="both">both ways</option><option value="needs">what it needs</option>'
    yield '<option value="needed">who needs it</option></select></div>'
    yield '<details class="rc-control rc-filters rc-fold"><summary>Kinds and relations</summary>'
    yield '<div class="rc-boxes"><fieldset id="rc-kinds"><legend>Kinds</legend></fieldset>'
    yield '<fieldset id="rc-relations"><legend>Relations</legend></fieldset></div></details>'
    yield "</div></details></form>"


def _chooser(name: str, label: str) -> Iterator[str]:
    """A field that finds an entry while somebody types (ARIA Authoring Practices, "combobox")."""
    yield f'<div class="rc-control rc-chooser"><label for="rc-{name}">{label}</label>'
    yield (
        f'<input type="text" id="rc-{name}" role="combobox" autocomplete="off" spellcheck="false"'
        f' aria-expanded="false" aria-autocomplete="list" aria-controls="rc-{name}-found"'
        ' placeholder="name or id">'
    )
    yield f'<ul id="rc-{name}-found" role="listbox" aria-label="{label}" hidden></ul></div>'


def _drawing() -> Iterator[str]:
    yield '<div class="rc-stage"><div class="rc-head">'
    yield '<p id="rc-said" class="rc-said" role="status" aria-live="polite"></p>'
    yield '<div class="rc-zoom" role="group" aria-label="Drawing">'
    yield '<button type="button" id="rc-reset">Show everything</button>'
    yield '<button type="button" id="rc-in" aria-label="Closer">+</button>'
    yield '<button type="button" id="rc-out" aria-label="Further away">&minus;</button>'
    yield '<button type="button" id="rc-fit" aria-label="All that is shown">⤢</button>'
    yield '<p class="rc-hint rc-with-wheel">Ctrl or ⌘ with the wheel zooms</p>'
    yield '<p class="rc-hint rc-with-fingers">Two fingers move and zoom</p></div></div>'
    said = "The fleet as a graph; the lists after it say the same"
    yield f'<div id="rc-canvas" class="rc-canvas" role="img" aria-label="{said}"></div>'
    yield '<ul class="rc-legend" id="rc-legend" aria-label="Colours"></ul>'
    yield '<ul class="rc-legend" id="rc-signs" aria-label="Signs">'
    for look, words in SIGNS.items():
        yield f'<li class="rc-look-{look}" data-look="{look}">{words}</li>'
    yield "</ul></div>"


def _results() -> Iterator[str]:
    yield '<section class="rc-results" id="rc-list" aria-label="In words"></section>'
