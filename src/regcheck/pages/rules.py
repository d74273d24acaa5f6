"""A page for each rule, made of its own documentation, and one with all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from inspect import cleandoc

from regcheck.catalogue import Catalogue, catalogue
from regcheck.pages import markup
from regcheck.pages.markup import badge, code, html
from regcheck.pages.page import Page, relative
from regcheck.pages.site import Site
from regcheck.rule import Rule
from regcheck.words import plural

INDEX = "rules/index.md"
BASE = re.compile(r"^```(\w+) base$", re.MULTILINE)


def pages(site: Site) -> Iterator[Page]:
    """The list of the rules by group, and each of them."""
    known = catalogue()
    yield Page(INDEX, "Rules", partial(_index, site, known), wide=True)
    for name in known:
        yield Page(f"rules/{name}.md", name, partial(_page, site, known, known.rule(name)))


def _index(site: Site, known: Catalogue) -> str:
    counts = Counter(finding.rule for finding in site.verdict.findings)
    accepted = Counter(one.finding.rule for one in site.verdict.silenced)
    rows = [
        (
            markup.link(relative(f"rules/{name}.md", INDEX), code(name)),
            html(group),
            badge(known.rule(name).severity.value, f"severity-{known.rule(name).severity.value}"),
            markup.message(known.rule(name).summary),
            str(counts[name]),
            str(accepted[name]),
        )
        for group, names in known.groups.items()
        for name in names
    ]
    heads = ("Rule", "Group", "Default", "What it finds", "Open", "Accepted")
    lead = (
        f"{plural(len(rows), 'rule')} judge the registers; {sum(counts.values())} findings are open here.\n\n"
    )
    return lead + markup.table(heads, rows, caption="All rules", tools=True, searched=False)


def _page(site: Site, known: Catalogue, rule: Rule) -> str:
    group = known.group_of(rule.name)
    severity = rule.severity.value
    head = markup.facts(
        [
            ("Default", badge(severity, f"severity-{severity}")),
            ("Group", html(group)),
            ("Since", html(rule.since)),
            ("Open here", str(sum(finding.rule == rule.name for finding in site.verdict.findings))),
            ("Accepted", str(sum(one.finding.rule == rule.name for one in site.verdict.silenced))),
        ]
    )
    # The documentation is regcheck's own text, and that of installed packages: it is trusted as code is.
    text = BASE.sub(r"```\1", cleandoc(rule.doc).partition("\n\n")[2])
    return f"{markup.block('p', [markup.message(rule.summary)], 'rc-lead')}\n{head}\n{text}\n"
