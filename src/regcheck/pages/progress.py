"""How far the migration is, commit by commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from html import escape

from regcheck.history.progress import FIGURES, Figures, Point
from regcheck.pages import markup
from regcheck.pages.markup import Card, code, html
from regcheck.pages.page import Page
from regcheck.pages.site import Site
from regcheck.words import plural

PATH = "progress.md"
WIDE, TALL, PAD, LETTER = 640, 120, 22, 10
"""Of a chart, in pixels."""
LEFT = 48
"""Where it begins, behind the figures of its axis."""
DRAWN = ("interactive_now", "frozen", "unproven", "errors", "silenced")
"""The figures that have a chart of their own."""


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    yield Page(PATH, "Progress", partial(_text, site), wide=True)


def _text(site: Site) -> str:
    known = [(point, point.figures) for point in site.points if point.figures is not None]
    if not known:
        return "Git knows no commit with registers here, so there is nothing to compare with yet.\n"
    (first, before), (last, now) = known[0], known[-1]
    days = f"From {markup.prose(first.commit.day)} to {markup.prose(last.commit.day)}"
    lead = f"{days}, over {markup.prose(plural(len(known), 'commit'))} of the registers."
    if skipped := [point for point in site.points if point.why]:
        one, *_ = skipped
        counted = plural(len(skipped), "commit was skipped", "commits were skipped")
        lead += f" {markup.prose(f'{counted}: nothing can be counted there')}"
        lead += f" ({markup.prose(one.commit.day)}, {code(one.commit.oid[:10])}: {markup.message(one.why)})."
    parts = [f"{lead}\n", markup.cards(_cards(before, now))]
    for name in DRAWN:
        values = [getattr(figures, name) for _, figures in known]
        meaning = FIGURES[Figures._fields.index(name)].meaning
        if len(set(values)) > 1:
            parts += [
                f"## {meaning.capitalize()}\n",
                chart(values, meaning, first.commit.day, last.commit.day),
            ]
    return "\n".join([*parts, "## Commit by commit\n", _table(known)])


def _cards(before: Figures, now: Figures) -> Iterator[Card]:
    for name in DRAWN:
        was, is_ = getattr(before, name), getattr(now, name)
        look = "good" if is_ < was or not is_ else "bad" if is_ > was else ""
        hidden = name == "errors" and now.silenced > before.silenced  # accepted is not mended
        look = "" if name == "silenced" or hidden else look
        words = html(FIGURES[Figures._fields.index(name)].meaning)
        yield Card(f"{was} → {is_}" if was != is_ else str(is_), words, look)


def chart(values: Sequence[int], meaning: str, first: str, last: str) -> str:
    """A figure over the commits as a line of steps: static SVG that says itself in words."""
    most = max(*values, 1)
    step = (WIDE - LEFT - PAD) / len(values)  # each commit has one, the last one, too
    height = TALL - 2 * PAD
    points = [(LEFT + at * step, PAD + height - value / most * height) for at, value in enumerate(values)]
    line = f"M{points[0][0]:.1f} {points[0][1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in points[1:])
    line += f"H{WIDE - PAD}"
    area = f"{line}V{TALL - PAD}H{LEFT}Z"
    words = f"{meaning}, commit by commit: {values[0]} on {first}, {values[-1]} on {last}, at most {most}"
    svg = [
        f'<svg class="rc-chart" role="img" viewBox="0 0 {WIDE} {TALL}" aria-label="{escape(words)}">',
        f'<path class="rc-area" d="{area}"/><path class="rc-line" d="{line}"/>',
        f'<text x="{LEFT - 6}" y="{PAD + LETTER / 2:g}" text-anchor="end">{most}</text>',
        f'<text x="{LEFT - 6}" y="{TALL - PAD}" text-anchor="end">0</text>',
        f'<text x="{LEFT}" y="{TALL - 8}">{html(first)}</text>',
        f'<text x="{WIDE - PAD}" y="{TALL - 8}" text-anchor="end">{html(last)}</text>',
        "</svg>",
        f"<figcaption>{html(words[0].upper() + words[1:])}</figcaption>",
    ]
    return markup.block("figure", svg, "rc-figure")


def _table(known: list[tuple[Point, Figures]]) -> str:
    figures_heads = (f'<span title="{html(f.meaning)}">{html(f.head.capitalize())}</span>' for f in FIGURES)
    heads = ("Day", "Commit", "What it was", *figures_heads)
    changed = [
        (point, figures)
        for at, (point, figures) in enumerate(known)
        if at in (0, len(known) - 1) or figures != known[at - 1][1]
    ]
    rows = [
        (
            markup.day(point.commit.day),
            code(point.commit.oid[:10]),
            html(point.commit.subject),
            *map(str, figures),
        )
        for point, figures in reversed(changed)
    ]
    left = len(known) - len(changed)
    caption = "The newest first" + (f"; {plural(left, 'commit')} changed no figure" if left else "")
    words = markup.facts((figure.head.capitalize(), markup.message(figure.meaning)) for figure in FIGURES)
    return markup.table(heads, rows, caption=caption, told=True, tools=True) + words
