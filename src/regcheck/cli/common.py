"""What the verbs share: the repository, the terminal, and where answers are written."""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from regcheck.errors import UsageError
from regcheck.settings import find_root
from regcheck.terminal import PLAIN, Terminal, visible
from regcheck.trees import WorkTree
from regcheck.trees.sparse import whole

if TYPE_CHECKING:
    from regcheck.graph import FleetGraph
    from regcheck.model import Tree

SPOKEN_ASCII = str.maketrans(
    {"│": "|", "─": "-", "╵": " ", "…": "...", "→": "->", "←": "<-", "—": "-"}
    | dict(zip("▁▂▃▄▅▆▇█", "_.:-=+*#", strict=True))
)
"""For a standard output that cannot say what regcheck's own texts say."""

STDOUT = 1
OPEN = re.compile(r"/(?:dev|proc/self)/fd/([0-9]+)")
"""What names a thing that is open in this process: a shell writes `/dev/fd/63` for `>(…)`."""
WAYS_OUT = {
    errno.ENOENT: "make its folder first",
    errno.EISDIR: "name a file in it",
    errno.ENOSPC: "make room, or name another file",
    errno.EBADF: "name a file, or what is open",
}
"""What to do about a file that cannot be written."""
MOST_LINKS = 40
"""Links that a system follows before it gives up."""


def work_tree(options: argparse.Namespace) -> Tree:
    """The repository that a verb is about, as it lies on disk; raises UsageError where there is no folder."""
    return whole(WorkTree(find_root(folder(options))))


def folder(options: argparse.Namespace) -> str:
    """The folder from which a verb looks for its repository; raises UsageError where there is none."""
    directory: str = options.directory
    if not os.path.isdir(directory):
        raise UsageError(f"there is no folder `{directory}`")
    return directory


def open_fleet(options: argparse.Namespace) -> FleetGraph:
    """The fleet that a verb asks, with notes on what was passed over, and on what could not be read."""
    from regcheck.check import read

    graph = read(work_tree(options))
    for remark in graph.fleet.remarks:
        note(remark)
    if unread := graph.fleet.unread:
        from regcheck.reporting.phrases import incomplete_note

        note(incomplete_note(unread))
    return graph


def terminal(options: argparse.Namespace) -> Terminal:
    """What standard output can show, by `--color`, NO_COLOR, FORCE_COLOR and TERM."""
    shown = sys.stdout.isatty()
    able = shown and os.environ.get("TERM") != "dumb"
    if options.color == "auto":
        if os.environ.get("NO_COLOR"):
            color = links = False
        else:
            color, links = able or bool(os.environ.get("FORCE_COLOR")), able
    else:
        color = links = options.color == "always"
    return Terminal(color, links, _width() if shown else None)


def _width() -> int | None:
    """The columns of the terminal: COLUMNS where it is set, as everywhere, else as it says."""
    if (said := os.environ.get("COLUMNS", "")).isdigit() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except OSError:
        return None


class Unwritable(UsageError):
    """Something that cannot be written (status 2)."""


class Output(NamedTuple):
    """One wanted answer: its format, and a file, or None for standard output."""

    format: str
    file: str | None = None

    @property
    def place(self) -> object:
        """What is the same for two names of one file."""
        if self.file is None:
            return None
        try:
            found = os.stat(self.file)
        except OSError:
            return os.path.realpath(self.file)
        return found.st_dev, found.st_ino


class _Outputs(argparse.Action):
    """Collects `--format NAME[=FILE]`."""

    formats: Sequence[str] = ()

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: Any = None
    ) -> None:
        name, _, file = str(values).partition("=")
        if name not in self.formats:
            known = ", ".join(self.formats)
            parser.error(f"argument {option}: invalid choice: '{name}' (choose from {known})")
        output = Output(name, file if file and _descriptor(file) != STDOUT else None)
        others = getattr(namespace, self.dest) or []
        if taken := next((other for other in others if other.place == output.place), None):
            where, way = "standard output", f"write `{name}=FILE`"
            if output.file is not None:
                same = "" if taken.file == output.file else f", which is `{taken.file}`"
                where, way = f"`{output.file}`{same}", f"{way} with another file"
            parser.error(f"argument {option}: only one report goes to {where}; {way}")
        setattr(namespace, self.dest, [*others, output])


def add_format(parser: argparse.ArgumentParser, formats: Mapping[str, Any] | Sequence[str]) -> None:
    """Add `--format NAME[=FILE]`, repeatable; the first of the formats is the default."""
    first, *others = formats
    action = parser.add_argument(
        "--format",
        action=_Outputs,
        metavar="NAME[=FILE]",
        help=f"{first} (default)"
        + "".join(f", {name}" for name in others)
        + "; with =FILE into a file; repeatable",
    )
    assert isinstance(action, _Outputs)
    action.formats = (first, *others)
    complete(action, "formats")


def deliver(options: argparse.Namespace, default: str, render: Callable[[str, Terminal], str]) -> None:
    """Write every answer that `--format` asks for; `render` makes one, by its format's name.

    One that cannot be written keeps no other from being written; raises Unwritable with all of them.
    """
    failed: list[str] = []
    for output in options.format or [Output(default)]:
        try:
            if output.file is None:
                put(render(output.format, terminal(options)))
            else:
                write(output.file, render(output.format, PLAIN))
        except Unwritable as error:
            failed.append(str(error))
    if failed:
        raise Unwritable("; ".join(failed))


def date(text: str) -> str:
    """The type of an option that is a date."""
    from regcheck.reading.values import is_date

    if not is_date(text):
        raise argparse.ArgumentTypeError(f"`{text}` is not a date (YYYY-MM-DD)")
    return text


def put(text: str) -> None:
    """Write to standard output; that a reader has gone changes nothing else about the run."""
    text = text if text.endswith("\n") or not text else f"{text}\n"
    try:
        "│".encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        text = text.translate(SPOKEN_ASCII)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
    except OSError as error:
        _close_stdout()
        raise Unwritable(f"standard output cannot be written: {error.strerror}") from error


def _close_stdout() -> None:
    """Let what is still buffered go nowhere, or the interpreter fails on it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """Say something that is no part of the answer, on standard error."""
    sys.stderr.write(f"regcheck: {visible(text)}\n")


def write(path: str, text: str) -> None:
    """Write a file as a whole or not at all, or into what is open; raises Unwritable where that cannot be."""
    text = text if text.endswith("\n") or not text else f"{text}\n"
    data = text.encode("utf-8", "backslashreplace")
    try:
        descriptor = _descriptor(path)
        if descriptor is not None or (os.path.exists(path) and not os.path.isfile(path)):
            # A device or a pipe stays what it is, and what is open stays open.
            opened = path if descriptor is None else descriptor
            with open(opened, "wb", closefd=descriptor is None) as file:
                file.write(data)
            return
        from regcheck import writing

        writing.replace(path, data)
    except BrokenPipeError:
        return  # as with standard output
    except OSError as error:
        way_out = WAYS_OUT.get(error.errno or 0, "make it writable, or name another file")
        raise Unwritable(f"`{path}` cannot be written: {error.strerror}: {way_out}") from error


def _descriptor(path: str) -> int | None:
    """The number of what is open already and that a path names, as `/dev/stderr` does.

    The links of such a path are followed one by one: the last of them leads to
    a name that nothing can open, or past what is written there already.
    """
    path = os.path.abspath(path)
    for _ in range(MOST_LINKS):
        if found := OPEN.fullmatch(path):
            return int(found[1])
        if not os.path.islink(path):
            break
        path = os.path.join(os.path.dirname(path), os.readlink(path))
    return None


def complete(action: argparse.Action, completer: str) -> None:
    """Let the shell complete an argument with a function of `cli.completers`."""
    if "_ARGCOMPLETE" in os.environ:
        from regcheck.cli import completers

        vars(action)["completer"] = getattr(completers, completer)
