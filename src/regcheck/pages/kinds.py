"""A page for each kind of entry, made of its schema, and one with all of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from regcheck.explaining.examples import examples
from regcheck.explaining.types import type_words
from regcheck.model import Kind
from regcheck.pages import markup
from regcheck.pages.markup import code, html, prose
from regcheck.pages.page import Page, file_name, relative
from regcheck.pages.site import Site, register_path
from regcheck.words import plural

INDEX = "kinds/index.md"


def pages(site: Site) -> Iterator[Page]:
    """The list of the kinds, and each of them."""
    yield Page(INDEX, "Kinds", partial(_index, site))
    for kind in site.fleet.kinds.values():
        yield Page(kind_path(kind), kind.title or kind.name, partial(_page, site, kind), wide=True)


def kind_path(kind: Kind) -> str:
    """The path of the page of a kind."""
    return f"kinds/{file_name(kind.name)}.md"


def _index(site: Site) -> str:
    rows = [
        (
            markup.link(relative(kind_path(kind), INDEX), code(kind.name)),
            markup.message(kind.description),
            str(len(site.fleet.of(kind.name))),
        )
        for kind in sorted(site.fleet.kinds.values(), key=lambda kind: kind.name)
    ]
    lead = (
        "What an entry can be. A page for each kind says which properties it has, with examples to copy.\n\n"
    )
    return lead + markup.table(
        ("Kind", "What it is", "Entries here"), rows, caption="All kinds", searched=False
    )


def _page(site: Site, kind: Kind) -> str:
    page, count = kind_path(kind), len(site.fleet.of(kind.name))
    here = markup.link(relative(register_path(kind.name), page), html(plural(count, "entry", "entries")))
    rows = []
    for property_ in kind.properties.values():
        schema = kind.schema["properties"][property_.name]
        required = "yes" if property_.name in kind.schema.get("required", ()) else "—"
        words = html(type_words(property_, schema)).replace("`", "")
        aliases = schema.get("x-regcheck", {}).get("columns", ())
        columns = ", ".join(map(html, dict.fromkeys((property_.title, *aliases))))
        rows.append((code(property_.name), words, required, markup.message(property_.description), columns))
    heads = ("Property", "What it is", "Required", "Meaning", "Column in a table")
    parts = [
        f"{prose(kind.description)}\n",
        f"<p>{here if count else 'No entries'} in this fleet.</p>\n",
        "## Properties\n",
        markup.table(heads, rows, caption=f"Properties of {kind.name}"),
        "## Examples\n",
    ]
    for example in examples(kind):
        parts.append(f"As {prose(example.shape)}, in {prose(example.path)}:\n")
        parts.append(markup.block("pre", [f"<code>{html_lines(example.text)}</code>"], "rc-example"))
    return "\n".join(parts)


def html_lines(text: str) -> str:
    """A text in HTML with its lines kept, and where each of them begins."""
    return "\n".join(
        line[: len(line) - len(line.lstrip())] + html(line) for line in text.rstrip().split("\n")
    )
