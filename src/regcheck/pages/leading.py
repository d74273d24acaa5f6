"""Where a link in a file of the repository leads on the site: to the page that shows the file it names."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote, unquote

from regcheck.model import Register
from regcheck.pages.site import Site, register_path

ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
"""How an address begins that is none of the repository (RFC 3986, 4.2)."""


def named(file: str, target: str) -> str | None:
    """The path of the file that a link in a file names; None where it names none of the repository's.

    As `broken-link` has it, a path is relative to the file, or to the root where it begins with `/`.
    """
    path = unquote(target.partition("#")[0])
    if not path or ELSEWHERE.match(target):
        return None
    around = "" if path.startswith("/") else posixpath.dirname(file)
    full = posixpath.normpath(posixpath.join(around, path.lstrip("/")))
    return None if full.split("/")[0] == ".." else full


def shown_at(file: str, site: Site) -> str | None:
    """The path of the page that shows a file: a hand-written one, that of a register or its only entry."""
    if file in site.documents:
        return site.documents[file]
    register = site.registers.get(file)
    return None if register is None else _page(register, site)


def is_file(file: str, site: Site) -> bool:
    """Whether a path is that of a register or of a hand-written page."""
    return file in site.documents or file in site.registers


def on_forge(file: str, site: Site) -> str | None:
    """The address of a file on the forge; None where nobody knows that."""
    return site.forge.line.replace("{path}", quote(file)).partition("#")[0] or None


def _page(register: Register, site: Site) -> str:
    if register.shape == "document" and register.entries:
        return site.path(register.entries[0])
    return register_path(register.kind.name)
