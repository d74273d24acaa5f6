"""The words of this site, one word a thing."""

from __future__ import annotations

from collections.abc import Iterator

from regcheck.pages import markup
from regcheck.pages.markup import html
from regcheck.pages.page import Page
from regcheck.pages.site import Site
from regcheck.words import slug

WORDS = {
    "register": "A file, or a table in a file, that holds entries of one kind.",
    "entry": "One described thing: a machine, a workload, a wave. Its reference is its kind and its id.",
    "kind": "What an entry is. A JSON Schema says which properties it has.",
    "relation": "The label on a need: hosted-on, needs, crosses.",
    "role": "What a machine may be used for: production, experiments, somebody's own work, or nothing.",
    "production": "Whose outage is felt: production workloads, and what is marked critical.",
    "interactive machine": "Somebody's own machine. Nothing in production may need it.",
    "frozen machine": "Keeps what it has, takes nothing new, and is being drained.",
    "state": "A moment of the migration: now, after a wave, or the target.",
    "target": "How it must be when all is done.",
    "machine": "A computer of the fleet: a host of one's own, or a server somewhere.",
    "workload": "What runs on machines: a service, a database, or a group of them.",
    "sink": "Where something is written to: a log, a report, a working memory.",
    "checkout": "A repository laid out on a machine, from which something is done there.",
    "pipeline": "What builds an artifact on a machine, and where that is published.",
    "task": "Work that somebody does or decides. Tasks own what must move.",
    "finding": "What a rule has found: wrong, doubtful, or left open, with its place and a way to mend it.",
    "tunnel": "One forwarded connection between two machines.",
    "production node": "An entry whose outage is felt: no machine, but what runs, flows or is built on them.",
    "lane": "The path over tunnels and machines by which one workload reaches another.",
    "need": "What something cannot run without.",
    "wait": "What has to leave first. No need: what everything needs leaves last.",
    "wave": "A numbered step of the drain.",
    "drain": "Moving everything off a machine, in an order in which nothing loses what it needs.",
    "longest chain": "The longest chain of waits that somebody wrote down: how long the drain takes.",
    "gate": "The promotion evidence of one workload: what proves that it may be in production where it is.",
    "exception": "A documented permission to break one rule for one entry, through a last day.",
    "baseline": "What was wrong when the check was adopted, accepted until it is gone.",
    "rule": "A named check. What it finds is a finding, with a place in a file.",
    "owner": "The task that does it.",
    "outage": "A machine is off. What needs it is down; what only a lane leads there from is degraded.",
    "undetermined": "Nobody wrote down enough to say. It is listed, so that a zero can be trusted.",
    "canon": "Reviewed documents. Drafts become canon by promotion.",
}


def pages(_site: Site) -> Iterator[Page]:
    """The one page."""
    yield Page("glossary.md", "Glossary", _text)


def _text() -> str:
    lead = "The words of this site, of its files and of its messages: one word for one thing.\n\n"
    pairs = (
        f'<dt id="{slug(word)}">{html(word.capitalize())}</dt><dd>{html(said)}</dd>'
        for word, said in sorted(WORDS.items())
    )
    return lead + markup.block("dl", pairs, "rc-words")
