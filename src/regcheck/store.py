"""What a run keeps for the next ones: answers by what they were made of, in a folder of the user's own.

Everything in it can be deleted at any time. It lies outside every repository, so
that no commit can bring answers along, and only its owner may write to it. Each
answer is sealed with a secret of the folder (BLAKE2 as a keyed hash, RFC 7693):
one that is cut off, changed, or stands under another name is no answer.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from contextlib import suppress
from functools import cache
from hashlib import blake2b

SECRET = "secret"  # noqa: S105  the name of its file
SECRET_BYTES = 32
SEAL_BYTES = 32
MOST_BYTES = 256 * 1024 * 1024
"""What the folder may hold: past that, what was not asked for longest goes."""
TIDIED_EVERY = 24 * 60 * 60
"""Seconds between two looks at how much there is."""
ASKED_EVERY = 60 * 60
"""Seconds after which it is noted again that an answer was asked for."""


class Store:
    """Answers by name, on disk; one that keeps nothing where the disk does not let it."""

    def __init__(self, folder: str | None) -> None:
        """`folder` is made where it does not exist; None keeps nothing."""
        self._secret = _opened(folder) if folder else b""
        self.folder = folder or ""

    def __bool__(self) -> bool:
        return bool(self._secret)

    def get(self, *name: str) -> bytes | None:
        """The answer that was kept under a name; None where there is none that can be trusted."""
        if not self._secret:
            return None
        path = self._path(name)
        try:
            # O_NONBLOCK: a FIFO put here must not make the run wait for ever.
            with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
                status = os.fstat(file.fileno())
                sealed = file.read() if stat.S_ISREG(status.st_mode) else b""
            if time.time() - status.st_mtime > ASKED_EVERY:
                os.utime(path)
        except OSError:
            return None
        data = sealed[SEAL_BYTES:]
        return data if sealed[:SEAL_BYTES] == self._seal(name, data) else None

    def put(self, name: tuple[str, ...], data: bytes) -> None:
        """Keep an answer under a name: as a whole or not at all, whoever else does the same."""
        if not self._secret:
            return
        path = self._path(name)
        draft = f"{path}.{os.getpid()}.{time.monotonic_ns()}"
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with open(draft, "wb") as file:
                file.write(self._seal(name, data) + data)
            os.replace(draft, path)
        except OSError:
            with suppress(OSError):
                os.unlink(draft)
            return
        self._tidy()

    def _path(self, name: tuple[str, ...]) -> str:
        found = digest("\0".join(name))
        return os.path.join(self.folder, found[:2], found[2:])

    def _seal(self, name: tuple[str, ...], data: bytes) -> bytes:
        said = "\0".join(name).encode(errors="surrogateescape")
        hashed = blake2b(said, key=self._secret, digest_size=SEAL_BYTES)
        hashed.update(b"\0")
        hashed.update(data)
        return hashed.digest()

    def _tidy(self) -> None:
        """Once a day: let what was not asked for longest go, where there is too much."""
        marker = os.path.join(self.folder, "tidied")
        with suppress(OSError):
            if os.path.exists(marker) and time.time() - os.stat(marker).st_mtime < TIDIED_EVERY:
                return
            with open(marker, "wb"):
                pass
            os.utime(marker)
            held = []
            for folder in os.scandir(self.folder):
                if folder.is_dir(follow_symlinks=False):
                    held += [(s.st_mtime, s.st_size, f.path) for f in os.scandir(folder) for s in [f.stat()]]
            left = sum(size for _, size, _ in held)
            for _, size, path in sorted(held):
                if left <= MOST_BYTES:
                    break
                with suppress(OSError):
                    os.unlink(path)
                left -= size


class Memory(Store):
    """The same for as long as the process runs, and nowhere but in it."""

    def __init__(self, most: int) -> None:
        """`most` bytes: past that, what was not asked for longest goes."""
        super().__init__(None)
        self.left = most
        self._held: dict[tuple[str, ...], bytes] = {}

    def __bool__(self) -> bool:
        return True

    def get(self, *name: str) -> bytes | None:
        """The answer that was kept under a name; None where there is none any more."""
        if (data := self._held.pop(name, None)) is not None:
            self._held[name] = data
        return data

    def put(self, name: tuple[str, ...], data: bytes) -> None:
        """Keep an answer under a name."""
        self.left += len(self._held.pop(name, b"")) - len(data)
        self._held[name] = data
        while self.left < 0:
            self.left += len(self._held.pop(next(iter(self._held))))


@cache
def program() -> str:
    """A name for the code that answers: another version, Python or set of packages has another."""
    package = os.path.dirname(os.path.abspath(__file__))
    kinds = os.path.join(package, "..", "..", "schemas")
    said = [sys.version]
    for folder in (package, *([kinds] if os.path.isdir(kinds) else [])):
        for where, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            said += [_stamp(os.path.join(where, name)) for name in sorted(names)]
    said += [_stamp(folder) for folder in sys.path if os.path.isdir(folder)]
    return digest("\0".join(said))


def digest(text: str) -> str:
    """A name for a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _stamp(path: str) -> str:
    status = os.stat(path)
    return f"{path} {status.st_size} {status.st_mtime_ns}"


def user_folder() -> str | None:
    """The folder for caches of the user (XDG Base Directory Specification); None where there is none."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "regcheck") if os.path.isabs(base) else None


def _opened(folder: str) -> bytes:
    """The secret of a folder, which is made where it is not there; empty where others may write to it."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not _is_own(os.stat(folder)):
            return b""
        path = os.path.join(folder, SECRET)
        if not (secret := _secret(path)):
            _make(path)
            secret = _secret(path)
    except OSError:
        return b""
    return secret


def _secret(path: str) -> bytes:
    """The secret that a file holds; empty where it holds none, or others may write to it."""
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            is_secret = stat.S_ISREG(status.st_mode) and status.st_size == SECRET_BYTES and _is_own(status)
            return file.read(SECRET_BYTES) if is_secret else b""
    except OSError:
        return b""


def _make(path: str) -> None:
    """A new secret in the place of what is none: as a whole or not at all.

    Of two processes that do so at once one keeps what nobody can open later.
    """
    draft = f"{path}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(os.urandom(SECRET_BYTES))
    os.replace(draft, path)


def _is_own(status: os.stat_result) -> bool:
    """Whether nobody else may write there."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
