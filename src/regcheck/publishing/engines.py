"""The builders of sites, each run as a process of its own: MkDocs with Material, and Zensical."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import NamedTuple

from regcheck.errors import UsageError
from regcheck.publishing import configuration, policy
from regcheck.publishing.assemble import Notes, Source, assemble, write
from regcheck.publishing.forge import forge

MARK = os.path.join("assets", "regcheck")
"""A folder that only a site of regcheck's has."""
TALK = ("INFO ", "DEBUG ", "Build ", "No issues found")
"""How a line of a builder begins that asks nobody to do anything."""

CONTINUED = "  "
"""How a line begins that goes on with the one before."""
NOTE = "regcheck: note: "
"""What a note of the plugin begins with."""
REFUSED = re.compile(r"ERROR +- +regcheck: (.*)")
"""How the plugin says that the site cannot be made of what there is."""
ABORTED = "Aborted because --strict flag is set"
TRACEBACK = "Traceback (most recent call last):"
"""How Zensical ends where it has a warning."""
OURS = f'File "{os.path.dirname(os.path.dirname(__file__))}{os.sep}'
"""How a line of a traceback begins that names code of regcheck's."""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Order(NamedTuple):
    """A site to build."""

    root: str
    """The folder of the settings."""
    into: str
    """The folder that the site replaces."""
    strict: bool = True
    """Whether a warning of the builder fails it."""


class Built(NamedTuple):
    """What a builder came to."""

    pages: int
    """How many pages there are; 0 where there is no site."""
    complaints: list[str]
    """The lines in which it asks somebody to do something."""
    crash: str = ""
    """The error with which it broke off, where it did not end by itself."""
    ours: bool = False
    """Whether it broke off in what regcheck does in it."""


def mkdocs(order: Order, notes: Notes) -> Built:
    """Build with MkDocs, where the plugin `regcheck` does the rest."""
    _need("mkdocs", "material")
    path, _, docs = _configured(order)
    with _folder() as work:
        if path is None:
            if not os.path.isdir(docs):
                docs = os.path.join(work, "docs")
                os.mkdir(docs)
            path = os.path.join(work, "mkdocs.yml")
            configuration.write(path, configuration.for_mkdocs(order.root, docs))
        site = os.path.join(work, "site")
        words = ["build", "--config-file", path, "--site-dir", site]
        sound, complaints = _run("mkdocs", words, order, work, notes)
        return Built(_replace(order.into, site), complaints) if sound else _unbuilt(complaints)


def zensical(order: Order, notes: Notes) -> Built:
    """Build with Zensical: it knows no plugin, so that it is given all pages, and its own are made safe."""
    _need("zensical")
    path, said, docs = _configured(order)
    below = os.path.relpath(docs, order.root).replace(os.sep, "/")
    repo_url, edit_uri = (str(said.get(key) or "") for key in ("repo_url", "edit_uri"))
    known = forge(order.root, repo_url, edit_uri, below)
    assembly = assemble(Source(order.root, docs, known, configuration.left_out(said)), notes)
    with _folder() as work:
        write(os.path.join(work, "docs"), assembly.files())
        told = configuration.for_zensical(assembly, path, said)
        own = (said.get("theme") or {}).get("custom_dir") if isinstance(said.get("theme"), dict) else None
        if own:  # such paths are those of the folder that the configuration is in
            shutil.copytree(os.path.join(order.root, own), os.path.join(work, "theme"))
            told["theme"] |= {"custom_dir": "theme"}
        if "features" in told["theme"]:  # it adds to a list that is inherited, but for one that is none
            inherited = {"INHERIT": told["INHERIT"], "theme": {"features": None}}
            told["INHERIT"] = os.path.join(work, "inherited.yml")
            configuration.write(told["INHERIT"], inherited)
        configured = os.path.join(work, "mkdocs.yml")
        configuration.write(configured, told)
        words = ["build", "--config-file", configured]
        sound, complaints = _run("zensical", words, order, work, notes)
        if not sound:
            return _unbuilt(complaints)
        site = os.path.join(work, "site")
        policy.secure_folder(site)
        return Built(_replace(order.into, site), complaints)


def _configured(order: Order) -> tuple[str | None, configuration.Said, str]:
    """The repository's own configuration, if it has one, what it says, and the folder of hand-written pages.

    Raises UsageError where no builder can make the site of that.
    """
    path = configuration.configuration_file(order.root)
    said = configuration.said(path)
    docs = configuration.docs_folder(order.root, said)
    if not configuration.lists_plugin(said):
        raise UsageError(f"{path} leaves out the pages of the fleet: add `regcheck` to its `plugins`")
    if path and not os.path.isdir(docs):
        raise UsageError(f"there is no folder {docs}: make it, or name another `docs_dir` in {path}")
    if path and os.path.samefile(docs, order.root):
        raise UsageError(f"the `docs_dir` of {path} is the whole of {docs}: name a folder in it")
    return path, said, docs


ENGINES: dict[str, Callable[[Order, Notes], Built]] = {"mkdocs": mkdocs, "zensical": zensical}
"""The written list of the builders; the first is the default."""


def order(root: str, into: str, sources: Iterable[str] = (), *, strict: bool = True) -> Order:
    """A site to build; raises UsageError for a folder that a site must not replace.

    `sources` are the paths of the files below the root of which it is made.
    """
    into = os.path.realpath(into)
    real = os.path.realpath(root)
    if os.path.commonpath([real, into]) == into:
        raise UsageError(f"the site would replace the whole of {into}: name a folder in it with --into")
    if os.path.lexists(into) and not os.path.isdir(into):
        raise UsageError(f"{into} is no folder: name another one with --into")
    docs = os.path.realpath(
        configuration.docs_folder(root, configuration.said(configuration.configuration_file(root)))
    )
    for path in (docs, *(os.path.join(real, path) for path in sources)):
        if os.path.commonpath([into, path]) in (into, docs):
            raise UsageError(
                f"the site would replace {os.path.relpath(path, real)}: name another folder with --into"
            )
    try:
        os.makedirs(os.path.dirname(into), exist_ok=True)
    except OSError as error:
        raise UsageError(f"{into} cannot be made: {error.strerror}") from error
    if os.path.isdir(into) and os.listdir(into) and not os.path.isdir(os.path.join(into, MARK)):
        raise UsageError(
            f"{into} is not empty and holds no site that regcheck has built:"
            " empty it, or name another folder with --into"
        )
    return Order(root, into, strict)


def _need(*packages: str) -> None:
    """Raise UsageError where a package is not installed, and say how it is."""
    if missing := [name for name in packages if find_spec(name) is None]:
        which = "regcheck[site]" if "mkdocs" in packages else "zensical"
        raise UsageError(f"`{missing[0]}` is not installed, which builds the site: pip install '{which}'")


@contextmanager
def _folder() -> Iterator[str]:
    """A folder for the time of a build, outside of every repository."""
    with tempfile.TemporaryDirectory(prefix="regcheck-site-", ignore_cleanup_errors=True) as work:
        yield os.path.realpath(work)


def _run(module: str, words: list[str], order: Order, work: str, notes: Notes) -> tuple[bool, list[str]]:
    """Run a builder, and tell what it says; whether it is content, and what somebody should read.

    Raises UsageError where the plugin refuses what it finds.
    """
    words = [*words, *(["--strict"] if order.strict else [])]
    # -P: nothing that lies in the folder is taken for a module of the builder.
    command = [sys.executable, "-P", "-m", module, *words]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1", "NO_COLOR": "1"}
    environment.pop("COLUMNS", None)  # nothing is wrapped where no terminal is
    complaints: list[str] = []
    refused = None
    talks = True
    with subprocess.Popen(  # noqa: S603  no shell is between
        command, cwd=work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said = COLOUR.sub("", line.rstrip())
            refused = refused or REFUSED.match(said)
            if NOTE in said:
                notes.note(said.partition(NOTE)[2])
            elif said.startswith(TALK):
                notes.progress(said.partition("-")[2].strip() or said)
                talks = True
            elif said and not (talks and said.startswith(CONTINUED)):
                complaints.append(said)
                talks = False
    if refused:
        raise UsageError(refused[1])
    return process.returncode == 0, complaints


def _unbuilt(complaints: list[str]) -> Built:
    """What a builder came to that did not end well."""
    if TRACEBACK not in complaints:
        return Built(0, complaints)
    if complaints[-1].endswith(ABORTED):
        return Built(0, complaints[: complaints.index(TRACEBACK)])
    ours = any(line.lstrip().startswith(OURS) for line in complaints)
    return Built(0, complaints, complaints[-1], ours)


def _replace(into: str, site: str) -> int:
    """Put a built site in the place of an old one; how many pages it has."""
    try:
        if os.path.isdir(into):
            shutil.rmtree(into)
        shutil.move(site, into)
    except OSError as error:
        raise UsageError(f"the site cannot be put into {into}: {error.strerror}") from error
    return sum(name.endswith(".html") for _, _, names in os.walk(into) for name in names)
