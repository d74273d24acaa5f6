"""The built site in a real browser: Debian's Chromium by Playwright, and what it says and asks for."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any, Self
from urllib.parse import urljoin

from playwright.sync_api import Browser, Dialog, Page, Request, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(() if os.geteuid() else ("--no-sandbox",)),
)
TABS = 3
"""Pages that are loaded side by side."""
WAIT = 20_000
"""Milliseconds for what takes far less, on a machine with much else to do."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that knows nothing yet."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=WAIT)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """Tabs on one site, and what they said and asked for since the last look."""

    def __init__(self, browser: Browser, root: str, **options: Any) -> None:
        """`root` is the address of the site; it ends with a slash."""
        self.root = root
        self.context = browser.new_context(**{"reduced_motion": "reduce", **options})
        self.context.set_default_timeout(WAIT)
        self.said: list[str] = []
        """What a console shows as an error, and what no script caught."""
        self.asked: list[str] = []
        """Every address that was asked for; what a policy stops is not asked of anybody."""
        self.context.on("console", lambda one: self._hear(one.type, one.text))
        self.context.on("weberror", lambda one: self.said.append(str(one.error)))
        self.context.on("request", lambda one: self.asked.append(one.url))
        self.context.on("requestfailed", self._stop)
        self.context.on("dialog", self._refuse)

    def _hear(self, type: str, text: str) -> None:
        if type == "error":
            self.said.append(text)

    def _stop(self, request: Request) -> None:
        if request.failure == "csp":
            self.asked.remove(request.url)

    def _refuse(self, dialog: Dialog) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def open(self, path: str) -> Page:
        """A new tab with a page of the site."""
        page = self.context.new_page()
        page.goto(urljoin(self.root, path))
        return page

    def foreign(self) -> list[str]:
        """What was asked of anybody but the site; it begins anew after that."""
        asked, self.asked[:] = list(self.asked), []
        return [url for url in asked if not url.startswith((self.root, "data:", "blob:"))]

    def complaints(self) -> list[str]:
        """What was said; it begins anew after that."""
        said, self.said[:] = list(self.said), []
        return said

    def sweep(self, paths: Iterable[str], look: Callable[[Page], object]) -> dict[str, object]:
        """Load pages, a few at a time, and look at each: what is to be told of them, by path."""
        found: dict[str, object] = {}
        tabs = [self.context.new_page() for _ in range(TABS)]
        left = list(paths)
        while left:
            some, left = left[:TABS], left[TABS:]
            loading = list(zip(some, tabs, strict=False))
            for path, tab in loading:
                tab.goto(urljoin(self.root, path), wait_until="commit")
            for path, tab in loading:
                tab.wait_for_load_state("load")
                if told := look(tab):
                    found[path] = told
        for tab in tabs:
            tab.close()
        return found


def html_files(site: Path) -> list[str]:
    """The pages of a built site, by path."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def kinds(site: Path) -> list[str]:
    """A page of each kind: of those that are alike the largest, where most can go wrong."""
    largest: dict[str, str] = {}
    for path in html_files(site):
        folder, _, name = path.rpartition("/")
        kind = path if not folder or name == "index.html" else folder
        largest[kind] = max(path, largest.get(kind, path), key=lambda one: (site / one).stat().st_size)
    return list(largest.values())


def from_disk(site: Path) -> str:
    """The address of a site's folder, for a browser without a server."""
    return f"{site.resolve().as_uri()}/"


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, and keeps to itself what it is asked for."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of a browser that has gone on to another page."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a site behind a server, for as long as it is needed."""
    with _Server(("127.0.0.1", 0), partial(_Quiet, directory=site)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def until(page: Page, expression: str, arg: object = None) -> None:
    """Wait for an expression to hold: asked from here, for the page's policy forbids `wait_for_function`."""
    end = monotonic() + WAIT / 1_000
    while not page.evaluate(expression, arg):
        assert monotonic() < end, f"it never came to {expression}"
        page.wait_for_timeout(20)


def policy(page: Page) -> str:
    """The Content-Security-Policy of a page; empty where it has none."""
    meta = page.locator('meta[http-equiv="Content-Security-Policy"]')
    return (meta.first.get_attribute("content") or "") if meta.count() else ""


def words(text: str) -> str:
    """A text on one line."""
    return re.sub(r"\s+", " ", text).strip()
