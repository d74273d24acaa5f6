"""Files written as a whole or not at all: a kill leaves the old file or the new one."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress

from regcheck.errors import RegcheckError

DRAFT = re.compile(r"\.regcheck-[0-9]+\.draft")
"""What a file is called while it is written: nothing that reads a folder takes it for a register."""


class Changed(RegcheckError):
    """The file is not what it was when it was read."""


def replace(path: str, data: bytes, *, read: bytes | None = None) -> None:
    """Put a new file in the place of an old one, which keeps its mode and its owner.

    Where `path` is a symbolic link, the file that it leads to is replaced. With
    `read` the old file must still hold just that; raises Changed where it does
    not, and OSError where the file cannot be written.
    """
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    old = os.stat(target) if os.path.exists(target) else None
    if old is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "it is read-only")
    draft, descriptor = _drafted(folder, 0o666 if old is None else 0o600)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(data)
        if old is not None:
            _like(descriptor, old)
        os.fsync(descriptor)
        if read is not None:
            _refuse_changed(target, read)
        os.replace(draft, target)
    except BaseException:
        _gone(draft)
        raise
    finally:
        os.close(descriptor)  # only now: the lock on the draft says that its writer lives
    _sync(folder)


def tidy(folder: str) -> None:
    """Remove the drafts that killed runs have left in a folder."""
    try:
        names = [name for name in os.listdir(folder) if DRAFT.fullmatch(name)]
    except OSError:
        return
    for name in names:
        draft = os.path.join(folder, name)
        try:
            descriptor = os.open(draft, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            continue
        try:
            if _lock(descriptor):
                with suppress(OSError):
                    os.unlink(draft)
        finally:
            os.close(descriptor)


def _drafted(folder: str, mode: int) -> tuple[str, int]:
    """A new draft in a folder, locked as long as it is open."""
    number = os.getpid()
    while True:
        draft = os.path.join(folder, f".regcheck-{number}.draft")
        try:
            descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            number += 1
            continue
        _lock(descriptor)
        if os.path.exists(draft):  # else somebody has tidied it away before the lock was on it
            return draft, descriptor
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Lock an open file for this process; False where another one holds it, or nothing can."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _like(descriptor: int, old: os.stat_result) -> None:
    """Give an open file the mode of an old one, and its owner where that is allowed."""
    if not hasattr(os, "fchown"):
        return
    with suppress(OSError):
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _refuse_changed(path: str, read: bytes) -> None:
    try:
        with open(path, "rb") as file:
            changed = file.read() != read
    except FileNotFoundError:
        changed = True
    if changed:
        raise Changed(path)


def _gone(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _sync(folder: str) -> None:
    """Make a new name in a folder outlive a loss of power, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
