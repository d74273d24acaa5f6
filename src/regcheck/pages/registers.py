"""Every register as a table that readers can sort and filter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from regcheck.model import Entry, Kind
from regcheck.pages import entries, markup
from regcheck.pages.markup import html
from regcheck.pages.page import Page, relative
from regcheck.pages.site import PAGED, Site, anchor_of, register_path
from regcheck.words import plural

INDEX = "registers/index.md"
MOST_FILES = 3
LAST = ("notes", "links", "source")
"""What stands at the end of a row."""
ROOM = 20
"""Characters of a value from which on it is given room where a table scrolls anyway."""


def pages(site: Site) -> Iterator[Page]:
    """The list of the kinds that have entries, and a page for each."""
    kinds = [kind for kind in site.fleet.kinds.values() if site.fleet.of(kind.name)]
    yield Page(INDEX, "Registers", partial(_index, site, kinds))
    for kind in kinds:
        yield Page(register_path(kind.name), kind.plural.capitalize(), partial(_page, site, kind), wide=True)


def _index(site: Site, kinds: list[Kind]) -> str:
    files = {
        k.name: sorted({r.source.path for r in site.fleet.registers if r.kind.name == k.name}) for k in kinds
    }
    rows = [
        (
            markup.link(relative(register_path(kind.name), INDEX), html(kind.plural.capitalize())),
            str(len(site.fleet.of(kind.name))),
            markup.message(kind.description),
            "<br>".join(markup.code(path) for path in files[kind.name][:MOST_FILES])
            + (f"<br>and {left:,} more" if (left := len(files[kind.name]) - MOST_FILES) > 0 else ""),
        )
        for kind in kinds
    ]
    lead = "The files are the truth; these are the same entries, to read, sort and filter.\n\n"
    return lead + markup.table(
        ("Register", "Entries", "What they are", "Files"), rows, caption="All registers", searched=False
    )


def _page(site: Site, kind: Kind) -> str:
    page, of_kind = register_path(kind.name), list(site.fleet.of(kind.name).values())
    used = [name for name in kind.properties if any(name in entry.values for entry in of_kind)]
    # What is undecided says so in its own column.
    names = [name for name in used if name not in (*LAST, kind.id_property, "undecided")]
    if kind.label_property in names:
        names.remove(kind.label_property)
    names += [name for name in LAST if name in used]
    heads = [
        html(kind.title or kind.name),
        *(html(kind.properties[name].title) for name in names),
        "Written in",
    ]
    rows = [_row(site, entry, names, page) for entry in of_kind]
    lead = f"{markup.prose(kind.description)} {markup.prose(plural(len(rows), 'entry', 'entries'))}.\n\n"
    caption, searched = kind.plural.capitalize(), kind.name not in PAGED
    return lead + markup.table(heads, rows, caption=caption, tools=True, searched=searched)


def _row(site: Site, entry: Entry, names: list[str], page: str) -> Iterator[str]:
    label = (
        f"{html(entry.label)}"
        if entry.label == entry.id
        else f"{html(entry.label)} <small>{html(entry.id)}</small>"
    )
    own = site.paths.get(entry.ref)
    anchor = html(anchor_of(entry))
    yield f'<span id="{anchor}">{markup.link(relative(own, page), label) if own else label}</span>'
    for name in names:
        said = entries.value(site, entry, name, page)
        yield f'<span class="rc-room">{said}</span>' if len(markup.TAG.sub("", said)) > ROOM else said
    yield site.source(entry.position)
