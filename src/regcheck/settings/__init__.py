"""`regcheck.toml` (or `[tool.regcheck]` in `pyproject.toml`) to frozen settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from regcheck.errors import SettingsError
from regcheck.model import Position
from regcheck.settings.file import File, Path, read_file
from regcheck.words import did_you_mean, listed, shorten

if TYPE_CHECKING:
    from regcheck.settings.contracts import Contract

__all__ = ["FILE", "SEVERITIES", "Settings", "find_root", "load_settings", "place_of", "wrong_setting"]

FILE = "regcheck.toml"
PROJECT = "pyproject.toml"
IN_PROJECT = ("tool", "regcheck")
LARGEST = 1024 * 1024
"""Bytes of a `pyproject.toml` that are looked at."""
MOST_CHOICES = 4
"""Of `{a,b}`, and of `**`, in one glob."""
MOST_DAYS = 999_999
"""As in registers."""
SEVERITIES = ("error", "warning", "info")


class Settings(NamedTuple):
    """What a team has decided; the defaults serve a repository without a file."""

    registers: tuple[str, ...] = ("registers/**/*.{md,yaml,yml}",)
    """Globs of the register files."""
    documents: tuple[str, ...] = ()
    """Globs of the canon documents."""
    schemas: str = "schemas"
    """The folder of the repository's own kinds."""
    max_age: int | None = None
    """Days until facts are stale, where a register does not say."""
    severity: Mapping[str, str] = MappingProxyType({})
    """Rules and groups with a severity other than their default."""
    ignore: tuple[str, ...] = ()
    """Rules and groups that are left out."""
    contract: tuple[Contract, ...] = ()
    """What the team demands of its fleet beyond the rules."""


def find_root(start: str) -> str:
    """The nearest folder upwards with settings, else with a Git repository, else `start`."""
    start = folder = os.path.abspath(start)
    repository = None
    while True:
        if _is_own(folder) or _project(folder) is not None:
            return folder
        if repository is None and os.path.exists(os.path.join(folder, ".git")):
            repository = folder
        above = os.path.dirname(folder)
        if above == folder:
            return repository or start
        folder = above


def load_settings(root: str) -> Settings:
    """The settings of a repository.

    Raises SettingsError, with file and line, for what it does not understand.
    """
    if _is_own(root):
        file = read_file(root, FILE)
        return _parse(file.table(), file)
    found = _project(root)
    return _parse(*found) if found else Settings()


def wrong_setting(root: str, key: str | Path, message: str) -> SettingsError:
    """The error of a setting that only a later stage can judge, with its file and line.

    A `key` that is no setting is that of a severity.
    """
    if isinstance(key, str):
        key = (key,) if key in Settings._fields else ("severity", key)
    return _file(root).wrong(key, message)


def place_of(root: str, path: Path) -> Position:
    """Where a setting of a repository stands, or the nearest thing around it; else the start of the file."""
    if not _is_own(root) and _project(root) is None:
        return Position(FILE, 1, 1, 1, 1)
    return _file(root).position(path)


def _is_own(folder: str) -> bool:
    """Whether a folder has a settings file, or what stands in its place: it is not passed over."""
    return os.path.lexists(os.path.join(folder, FILE))


def _file(root: str) -> File:
    return read_file(root, FILE) if _is_own(root) else read_file(root, PROJECT, IN_PROJECT)


def _project(folder: str) -> tuple[dict[str, Any], File] | None:
    """The settings in a `pyproject.toml`, where it has any."""
    path = os.path.join(folder, PROJECT)
    if not os.path.isfile(path):  # a pipe or a device must not be read
        return None
    try:
        with open(path, "rb") as text:
            if b"regcheck" not in text.read(LARGEST):
                return None
    except OSError:
        return None
    file = read_file(folder, PROJECT, IN_PROJECT)
    tool = file.table().get("tool")
    table = tool.get("regcheck") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise file.wrong((), "`[tool.regcheck]` is a table")
    return table, file


def _parse(table: dict[str, Any], file: File) -> Settings:
    read: dict[str, Any] = {}
    for key, value in table.items():
        if key not in Settings._fields:
            guess = did_you_mean(key, Settings._fields)
            known = f"the settings are {listed(sorted(Settings._fields))}"
            raise file.wrong((key,), f"there is no setting {shorten(key)}: {guess or known}")
        read[key] = _setting(key, value, file)
    return Settings(**read)


def _setting(key: str, value: Any, file: File) -> Any:
    match key:
        case "registers" | "documents" | "ignore":
            values = [value] if isinstance(value, str) else value
            if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
                raise file.wrong((key,), f"`{key}` is a list of texts")
            if key == "ignore":
                return tuple(values)
            return tuple(_inside(glob, file, (key, item)) for item, glob in enumerate(values))
        case "schemas":
            if not isinstance(value, str):
                raise file.wrong((key,), "`schemas` is the path of a folder")
            return _inside(value, file, (key,))
        case "max_age":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_DAYS:
                raise file.wrong((key,), "`max_age` is a number of days")
            return value
        case "severity":
            return _severities(value, file)
    from regcheck.settings.contracts import read_contracts

    return read_contracts(value, file)


def _inside(glob: str, file: File, path: Path) -> str:
    """A glob or folder that stays in the repository and means what it seems to mean."""
    plain = os.path.normpath(glob).replace(os.sep, "/")
    if os.path.isabs(glob) or plain == ".." or plain.startswith("../") or "/../" in f"/{glob}/":
        raise file.wrong(path, f"`{glob}` leads out of the repository: only what is in it is read")
    if "[" in glob:
        raise file.wrong(path, f"`[` in `{glob}` is no wildcard: those are `*`, `**`, `?` and `{{a,b}}`")
    if glob.count("{") > MOST_CHOICES or glob.count("**") > MOST_CHOICES:
        raise file.wrong(path, f"`{glob}` has more than {MOST_CHOICES} choices: write several globs")
    return plain


def _severities(value: Any, file: File) -> dict[str, str]:
    if not isinstance(value, dict):
        raise file.wrong(("severity",), '`[severity]` is a table: `rule = "warning"`')
    for rule, severity in value.items():
        if severity not in SEVERITIES:
            guess = did_you_mean(str(severity), SEVERITIES) or f"it is {listed(SEVERITIES, 'or')}"
            message = f"the severity of `{rule}` is {shorten(severity)}: {guess}"
            raise file.wrong(("severity", rule), message)
    return dict(value)
