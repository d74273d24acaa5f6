"""A Content-Security-Policy for each built page: nothing runs but the site's files and the builder's words.

It stands in the page itself (Content Security Policy Level 3, section 3.3), so
that it holds on any server and from `file://`. Scripts in a page are allowed by
their hash, and only those that the builder also writes into its own page for
what is not found (`404.html`): no register has a word in that one.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html.parser import HTMLParser

from regcheck.publishing import not_found

NOT_FOUND = "404.html"
"""The builder's own page."""
PAGES = (".html", ".htm")
"""How the name of a page ends."""
SCRIPTS = os.path.join("assets", "javascripts")
"""The folder of the builder's own scripts."""
EXECUTABLE = re.compile(
    r"(?i)|module|importmap|speculationrules|(?:text|application)/(?:x-)?(?:java|ecma)script|text/jscript"
    r"|text/livescript"
)
"""What the type of a script says that runs; any other is data (HTML, 4.12.1, "the script element")."""
SCRIPT = re.compile(r"<script\b.*?</script[^>]*>", re.IGNORECASE | re.DOTALL)
"""What looks like a script, be it one or not."""
BOM = "\ufeff"
"""What may stand before all of a page, and says its encoding."""
RELATIVE = re.compile(r'(?<=new URL\(")[\w./~%-]*(?="[,)])')
"""Where a script of the builder names the root of the site, which each page sees from its own place."""
HELD_STYLE = re.compile(r"""=(['"])((?:(?!\1)[^\\\n]){200,}(?<=\}))\1""")
"""A style sheet that a script holds as a text, to put it into the page."""
DIRECTIVES = (
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data:"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("worker-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
    ("object-src", "'none'"),
)


def known(html: str) -> frozenset[str]:
    """The scripts in the builder's own page, as any page may have them."""
    return frozenset(RELATIVE.sub("", script) for script in _Page([html]).scripts)


def held_styles(script: str) -> list[str]:
    """The style sheets that a script of the builder holds, as Zensical's does for its search."""
    return [found[2] for found in HELD_STYLE.finditer(script)]


def secured(html: str, known: frozenset[str] | None = None, styles: Iterable[str] = ()) -> str:
    """A page with its policy, first in its head but for the encoding, which must stand within 1,024 bytes.

    Of its scripts those that are `known` run; without that, all that it has. Of
    the styles in it, those of the list hold.
    """
    page = _page(html, known)
    allowed = (script for script in page.scripts if known is None or RELATIVE.sub("", script) in known)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(allowed, styles)}">'
    return html[: page.place] + meta + html[page.place :]


def policy(scripts: Iterable[str] = (), styles: Iterable[str] = ()) -> str:
    """The policy of a page with these scripts in it, and with these styles in it."""
    allowed = {"script-src": scripts, "style-src": styles}
    hashes = {name: dict.fromkeys(map(_hash, texts)) for name, texts in allowed.items()}
    return "; ".join(" ".join((name, value, *hashes.get(name, ()))) for name, value in DIRECTIVES)


def secure_folder(folder: str) -> int:
    """Give each built page below a folder its policy; how many there are."""
    own = os.path.join(folder, NOT_FOUND)
    allowed = known(_read(own)) if os.path.exists(own) else None
    scripts = _files(os.path.join(folder, SCRIPTS), ".js")
    styles = [style for path in scripts for style in held_styles(_read(path))]
    count = 0
    for path in _files(folder, *PAGES):
        html = _read(path)
        if path == own:
            html = secured(not_found.reworded(html), allowed, [*styles, not_found.STYLE])
        else:
            html = secured(html, allowed, styles)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(html)
        count += 1
    return count


def _files(folder: str, *endings: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders.sort()
        yield from (os.path.join(where, name) for name in sorted(names) if name.lower().endswith(endings))


def _read(path: str) -> str:
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def _hash(script: str) -> str:
    # The text of a script has line feeds only, whatever stands in the file (HTML, 13.2.3.5).
    text = script.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _page(html: str, known: frozenset[str] | None) -> _Page:
    """A page, read as a whole unless all of it that looks like a script is known, wherever it stands.

    Hardly any page has anything else, and its text need not be read then.
    """
    end = html.find("</head>")
    if known is not None and end > 0:
        page = _Page([html[:end], *(found[0] for found in SCRIPT.finditer(html, end))])
        if all(RELATIVE.sub("", script) in known for script in page.scripts):
            return page
    return _Page([html])


class _Page(HTMLParser):
    """What a policy has to know of a page, read piece by piece from its start."""

    def __init__(self, pieces: list[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        """The text of each script that runs and is not a file."""
        self.place = len(BOM) if pieces[0].startswith(BOM) else 0
        """The offset at which the policy is to stand."""
        self._lines = [0, *(found.end() for found in re.finditer("\n", pieces[0]))]
        self._runs = False
        self._placed = False
        for piece in pieces:
            self.feed(piece)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(reversed(attrs))  # of an attribute that is there twice the first counts
        if not self._placed:
            self._place(tag, said)
        if tag == "script":
            runs = "src" not in said and EXECUTABLE.fullmatch((said.get("type") or "").strip())
            self._runs = bool(runs)
            if runs:
                self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._runs = False

    def handle_data(self, data: str) -> None:
        if self._runs:
            self.scripts[-1] += data

    def _place(self, tag: str, said: dict[str, str | None]) -> None:
        """Behind `<html>`, `<head>` and the encoding, whichever of them there are; before all else."""
        first = tag in ("html", "head") or (tag == "meta" and "charset" in said)
        if first:
            self.place = self._offset() + len(self.get_starttag_text() or "")
        self._placed = not first or tag == "meta"

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
