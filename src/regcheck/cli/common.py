"""What the verbs share: the repository, the terminal, and where answers are written."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from regcheck.errors import UsageError
from regcheck.settings import find_root
from regcheck.terminal import PLAIN, Terminal, visible

if TYPE_CHECKING:
    from regcheck.graph import FleetGraph

SPOKEN_ASCII = str.maketrans({"│": "|", "─": "-", "╵": " ", "…": "...", "→": "->", "←": "<-", "—": "-"})
"""For a standard output that cannot say what regcheck's own texts say."""


def root(options: argparse.Namespace) -> str:
    """The root of the repository that a verb is about; raises UsageError where there is no folder."""
    if not os.path.isdir(options.directory):
        raise UsageError(f"there is no folder `{options.directory}`")
    return find_root(options.directory)


def open_fleet(options: argparse.Namespace) -> FleetGraph:
    """The fleet that a verb asks, with a note on what could not be read of it."""
    from regcheck.check import read

    graph = read(root(options))
    hidden = ("unreadable-file", "yaml-syntax", "merge-conflict", "unknown-kind", "bad-schema")
    unread = sorted({p.position.path for p in graph.fleet.problems if p.rule in hidden})
    if unread:
        from regcheck.words import listed

        note(
            f"{listed(unread)} could not be read as a whole, so this may be incomplete: see `regcheck check`"
        )
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


class Output(NamedTuple):
    """One wanted answer: its format, and a file, or None for standard output."""

    format: str
    file: str | None = None


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
        outputs = [*(getattr(namespace, self.dest) or ()), Output(name, file or None)]
        if sum(output.file is None for output in outputs) > 1:
            parser.error(f"argument {option}: only one report goes to standard output; write `{name}=FILE`")
        setattr(namespace, self.dest, outputs)


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
    """Write every answer that `--format` asks for; `render` makes one, by its format's name."""
    for output in options.format or [Output(default)]:
        if output.file is None:
            put(render(output.format, terminal(options)))
        else:
            write(output.file, render(output.format, PLAIN))


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
        raise UsageError(f"standard output cannot be written: {error.strerror}") from error


def _close_stdout() -> None:
    """Let what is still buffered go nowhere, or the interpreter fails on it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """Say something that is no part of the answer, on standard error."""
    sys.stderr.write(f"regcheck: {visible(text)}\n")


def write(path: str, text: str) -> None:
    """Write a file as a whole or not at all; raises UsageError where that cannot be."""
    text = text if text.endswith("\n") or not text else f"{text}\n"
    data = text.encode("utf-8", "backslashreplace")
    try:
        target = os.path.realpath(path)
        mode = os.stat(target).st_mode if os.path.exists(target) else None
        if mode is not None and not stat.S_ISREG(mode):  # a device or a pipe stays what it is
            with open(target, "wb") as file:
                file.write(data)
            return
        from regcheck import writing

        writing.replace(target, data)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be written: {error.strerror}") from error


def complete(action: argparse.Action, completer: str) -> None:
    """Let the shell complete an argument with a function of `cli.completers`."""
    if "_ARGCOMPLETE" in os.environ:
        from regcheck.cli import completers

        vars(action)["completer"] = getattr(completers, completer)
