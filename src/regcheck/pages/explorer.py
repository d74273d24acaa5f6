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
SCRIPTS = (f"{ASSETS}/cytoscape.min.js", DATA, f"{ASSETS}/explorer-model.js", f"{ASSETS}/explorer.js")
"""In the order in which they run."""
MOST_STEPS = 6
"""Steps around an entry that can be asked for."""
CYTOSCAPE_STYLE = "__________cytoscape_stylesheet"
"""The id by which Cytoscape.js looks for a style of its own before it writes one into the page."""


def pages(site: Site) -> Iterator[Page | Asset]:
    """The explorer, and the data that it shows."""
    yield Asset(DATA, script(site, PATH))
    yield Page(PATH, "Explorer", partial(_text, site))


def _text(site: Site) -> str:
    lead = (
        "The whole fleet on one drawing. Look for an entry, see what it needs and who needs it, step from now"
        " to the target, find the path between two entries, or switch a machine off and see what goes down."
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
    states = site.graph.states
    yield '<form class="rc-controls" aria-label="What to show">'
    yield '<div class="rc-control rc-wide"><label for="rc-time">State</label>'
    yield (
        f'<input type="range" id="rc-time" min="0" max="{len(states) - 1}" value="0" step="1">'
        '<output id="rc-time-name" for="rc-time">now</output></div>'
    )
    yield from _chooser("focus", "Look at an entry")
    yield '<div class="rc-control rc-pair"><div><label for="rc-depth">Steps around it</label>'
    yield '<select id="rc-depth">'
    yield from (f'<option value="{steps}">{steps}</option>' for steps in range(1, MOST_STEPS + 1))
    yield '<option value="99">all</option></select></div>'
    yield '<div><label for="rc-way">Show</label><select id="rc-way">'
    yield '<option value="both">both ways</option><option value="needs">what it needs</option>'
    yield '<option value="needed">who needs it</option></select></div></div>'
    yield from _chooser("from", "Path from")
    yield from _chooser("to", "to")
    yield '<div class="rc-control"><label for="rc-off">Switch off a machine</label><select id="rc-off">'
    yield '<option value="">none</option>'
    for machine in site.fleet.of("machine").values():
        yield f'<option value="{html(machine.ref)}">{html(machine.label)}</option>'
    yield "</select></div>"
    yield '<details class="rc-control rc-filters rc-fold"><summary>Kinds and relations</summary>'
    yield '<fieldset id="rc-kinds"><legend>Kinds</legend></fieldset>'
    yield '<fieldset id="rc-relations"><legend>Relations</legend></fieldset></details>'
    yield '<div class="rc-control"><button type="button" id="rc-reset">Show everything</button></div>'
    yield "</form>"


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
    yield '<div class="rc-stage">'
    said = "The fleet as a graph; the list beside it says the same"
    yield f'<div id="rc-canvas" class="rc-canvas" role="img" aria-label="{said}"></div>'
    yield '<div class="rc-zoom" role="group" aria-label="Zoom">'
    yield '<button type="button" id="rc-in" aria-label="Closer">+</button>'
    yield '<button type="button" id="rc-out" aria-label="Further away">&minus;</button>'
    yield '<button type="button" id="rc-fit" aria-label="All that is shown">⤢</button></div>'
    yield '<ul class="rc-legend" id="rc-legend" aria-label="Colours"></ul>'
    yield '<ul class="rc-legend" aria-label="Signs"><li class="rc-look-production">production</li>'
    yield '<li class="rc-look-down">down</li><li class="rc-look-degraded">degraded</li>'
    yield '<li class="rc-look-spared">stays up on another host</li></ul></div>'


def _results() -> Iterator[str]:
    yield '<section class="rc-results" aria-label="In words">'
    yield '<p id="rc-said" class="rc-said" role="status" aria-live="polite"></p>'
    yield '<div id="rc-list"></div></section>'
