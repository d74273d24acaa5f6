"""The page for what is not found: the themes' own says that, and neither why nor what to do."""

from __future__ import annotations

HEADING = "<h1>404 - Not found</h1>"
"""That of Material and of Zensical."""
WORDS = """\
<h1>There is no such page</h1>
<p>It may have been renamed with the entry that it was about: look for the name with the search above, or
begin with the overview, to which the sign above leads.</p>
"""


def worded(html: str) -> str:
    """The builder's page with words that help."""
    return html.replace(HEADING, WORDS, 1)
