"""`regcheck site`: the fleet as a website."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Self

from regcheck.cli import common
from regcheck.errors import RegcheckError
from regcheck.terminal import fit, visible

DESCRIPTION = """\
Build the website of the fleet: pages for machines, workloads, waves and tasks,
maps, registers as tables, findings, rules and documents. The pages in site/ (or
in `docs_dir` of mkdocs.yml) join the generated ones. The site needs no server and
loads nothing from elsewhere: open its index.html.
"""

EXAMPLES = """\
examples:
  regcheck site                           into build/site, with MkDocs and Material
  regcheck site --engine zensical         the same pages, with Zensical
  regcheck site --into /srv/www/fleet     into another folder, which it replaces
  mkdocs serve                            a preview that follows each change of a register

A repository with a mkdocs.yml is built as that says (its `plugins` list `regcheck`);
any other gets a good default. The builders come with `pip install 'regcheck[site]'`.

exit status: 0 the site is built, 1 the builder complains (with --no-strict: fails),
2 wrong usage or configuration, no register found, or no builder installed.
"""

ENGINES = ("mkdocs", "zensical")
INTO = os.path.join("build", "site")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `site`."""
    help = "what builds it: mkdocs (default) or zensical"
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help=help)
    help = "the folder that the site replaces (default: build/site in the repository)"
    parser.add_argument("--into", metavar="DIR", help=help)
    parser.add_argument(
        "--strict",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="fail where the builder has a warning (default: yes)",
    )


def run(options: argparse.Namespace) -> int:
    """Build, and return 1 where the builder is not content."""
    from regcheck.check import read
    from regcheck.publishing.assemble import Notes
    from regcheck.publishing.engines import ENGINES, order
    from regcheck.store import Store, user_folder

    fleet = read(common.work_tree(options), store=Store(user_folder())).fleet
    root = fleet.tree.root
    into = os.path.join(root, INTO) if options.into is None else os.path.abspath(options.into)
    wish = order(root, into, (source.path for source in fleet.sources), strict=options.strict)
    with _Progress() as progress:
        built = ENGINES[options.engine](wish, Notes(progress.tell, progress.note))
    for line in built.complaints:
        sys.stderr.write(f"{visible(line)}\n")
    how = f"broke off with {built.crash}" if built.crash else "did not build the site"
    if built.ours:
        raise RegcheckError(f"{options.engine} {how}")
    if not built.pages:
        common.note(f"{options.engine} {how}: see what it says above")
        return 1
    common.put(f"{built.pages:,} pages in {into}: open {os.path.join(into, 'index.html')}\n")
    return 0


class _Progress:
    """How far a build is, on a terminal that shows standard error; nothing elsewhere."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def tell(self, text: str) -> None:
        """Say what is done now."""
        if self._shown:
            width = os.get_terminal_size(sys.stderr.fileno()).columns or 80
            sys.stderr.write(f"\r\x1b[K{fit(visible(text), width - 1)}")
            sys.stderr.flush()

    def note(self, text: str) -> None:
        """Say what is worth a note, above that."""
        self._clear()
        common.note(text)

    def _clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, _: object) -> None:
        self._clear()
