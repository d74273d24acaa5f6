"""`regcheck.toml` (or `[tool.regcheck]` in `pyproject.toml`) to frozen settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from regcheck.errors import SettingsError
from regcheck.model import Position
from regcheck.settings.file import File, Path
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
        if os.path.isfile(os.path.join(folder, FILE)) or _project(folder) is not None:
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
    if os.path.isfile(os.path.join(root, FILE)):
        return _parse(*_load(root, FILE))
    found = _project(root)
    return _parse(*found) if found else Settings()


def wrong_setting(root: str, key: str | Path, message: str) -> SettingsError:
    """The error of a setting that only a later stage can judge, with its file and line.

    A `key` that is no setting is that of a severity.
    """
    own = os.path.isfile(os.path.join(root, FILE))
    file = _file(root, FILE) if own else _file(root, PROJECT, IN_PROJECT)
    if isinstance(key, str):
        key = (key,) if key in Settings._fields else ("severity", key)
    return file.wrong(key, message)


def place_of(root: str, path: Path) -> Position:
    """Where a setting of a repository stands, or the nearest thing around it; else the start of the file."""
    own = os.path.isfile(os.path.join(root, FILE))
    if not own and _project(root) is None:
        return Position(FILE, 1, 1, 1, 1)
    return (_file(root, FILE) if own else _file(root, PROJECT, IN_PROJECT)).position(path)


def _file(root: str, name: str, prefix: Path = ()) -> File:
    with open(os.path.join(root, name), "rb") as file:
        return File(name, file.read().decode().replace("\r\n", "\n"), prefix)


def _load(root: str, name: str) -> tuple[dict[str, Any], File]:
    import tomllib

    try:
        file = _file(root, name)
        return tomllib.loads(file.text), file
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{name}: {error}") from error
    except RecursionError as error:
        raise SettingsError(f"{name}: this is nested too deeply") from error


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
    whole, file = _load(folder, PROJECT)
    tool = whole.get("tool")
    table = tool.get("regcheck") if isinstance(tool, dict) else None
    if table is None:
        return None
    file = file._replace(prefix=IN_PROJECT)
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
