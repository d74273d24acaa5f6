"""Where the links of pages lead, and whether anything is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit


class Read(HTMLParser):
    """The ids of a page, and what leads to some other place, or to one of its own."""

    IDS = ("for", "headers", "list", "aria-labelledby", "aria-describedby", "aria-controls")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.leads: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.ids.update([said["id"]] if "id" in said else [])
        self.ids.update([said["name"]] if tag == "a" and "name" in said else [])
        self.leads |= {said[name] for name in ("href", "src", "xlink:href") if name in said}
        self.leads |= {f"#{id_}" for name in self.IDS for id_ in said.get(name, "").split()}


def dead(path: str, page: Read, pages: Mapping[str, Read], files: Container[str]) -> Iterator[str]:
    """The links of a page that lead nowhere in the site."""
    for link in sorted(page.leads):
        url = urlsplit(urljoin(f"http://site/{path}", link))
        if url.netloc != "site":
            continue
        target, anchor = unquote(url.path[1:]), unquote(url.fragment)
        target = f"{target}index.html" if target.endswith("/") or not target else target
        view = target == "explorer.html" and "=" in anchor  # which has an address for each view of the fleet
        known = target not in pages or not anchor or view or anchor in pages[target].ids
        # The themes name parts of theirs that not every page has, all of them with two underscores.
        if target not in files or not (known or anchor.startswith("__")):
            yield link
