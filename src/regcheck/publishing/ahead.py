"""What a second process writes ahead, while this one works on what was written before."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

Written = TypeVar("Written")
BUFFER = 1024 * 1024
"""Bytes that may be written ahead; as much as Linux gives anybody (pipe(7))."""


class Ahead(Generic[Written]):
    """What is written of each name, made ahead in the order of the names.

    Only where a process can be forked with what it knows, and another processor
    is there for it. Whatever the second process does not write, be it that it
    broke off, this one writes when it is asked for.
    """

    def __init__(self, write: Callable[[str], Written], names: Iterable[str], *, apart: bool = True) -> None:
        """With `apart` false there is never a second process."""
        self._write = write
        self._written: dict[str, Written] = {}
        self._from = _started(write, names) if apart and _apart() else None

    def __call__(self, name: str) -> Written:
        """What is written of a name; each is asked for once."""
        while self._from and name not in self._written:
            try:
                at, self._written[at] = self._from.recv()
            except (EOFError, OSError):
                self._from = None
        return self._written.pop(name) if name in self._written else self._write(name)


def _apart() -> bool:
    # A fork of a process with threads may inherit a lock that nobody ever opens.
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    return processors > 1 and threading.active_count() == 1


def _started(write: Callable[[str], Written], names: Iterable[str]) -> Connection:
    """The end of a pipe from which comes what a new process writes."""
    import fcntl
    import multiprocessing

    context = multiprocessing.get_context("fork")
    ours, its = context.Pipe(duplex=False)
    with suppress(OSError):
        fcntl.fcntl(its.fileno(), fcntl.F_SETPIPE_SZ, BUFFER)
    context.Process(target=_send, args=(write, names, ours, its), daemon=True).start()
    its.close()
    return ours


def _send(write: Callable[[str], Written], names: Iterable[str], ours: Connection, its: Connection) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ours.close()
    with suppress(Exception):  # whoever reads will meet it as well, and say so
        for name in names:
            its.send((name, write(name)))
