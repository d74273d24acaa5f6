"""The page for what is not found, in one file: a server shows it at any address, from which no link leads.

That of the themes says neither why nor what to do, and has its style from the root
of the host, where a site below a path has none.
"""

from __future__ import annotations

import re

HEADING = "<h1>404 - Not found</h1>"
"""That of Material and of Zensical; a page without it is somebody's own."""
TITLE = re.compile(r"<title>([^<]*)</title>")
HOME = re.compile(r'<a href="([^"]*)"[^>]*\bmd-logo\b')
STYLE = """
:root { color-scheme: light dark; --ink: #1f2937; --quiet: #526079; --paper: #fff; --link: #3346a8; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e5e9f0; --quiet: #a8b4c6; --paper: #1e2129; --link: #a9b6ff; }
}
body { background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; margin: 0; }
header { background: #3346a8; font-weight: 650; padding: .9rem 1.5rem; }
header a { color: #fff; text-decoration: none; }
main { margin: 12vh auto; max-width: 34rem; padding: 0 1.5rem; }
h1 { font-size: 1.9rem; letter-spacing: -.01em; line-height: 1.2; margin: 0 0 1rem; }
p { color: var(--quiet); }
p a { color: var(--link); font-weight: 650; }
"""
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>There is no such page · {name}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<header><a href="{home}">{name}</a></header>
<main>
<h1>There is no such page</h1>
<p>It may have been renamed with the entry that it was about.</p>
<p><a href="{home}">Begin with the overview</a>, and search there for the name.</p>
</main>
</body>
</html>
"""


def reworded(html: str) -> str:
    """A page that helps, in the place of the builder's own; a page of somebody's stays as it is."""
    name, home = TITLE.search(html), HOME.search(html)
    if HEADING not in html or name is None or home is None:
        return html
    return PAGE.format(name=name[1].strip(), home=home[1], style=STYLE)
