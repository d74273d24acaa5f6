"""`regcheck.toml` (or `[tool.regcheck]` in `pyproject.toml`) to frozen settings."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from regcheck.errors import SettingsError
from regcheck.words import did_you_mean, listed

FILE = "regcheck.toml"
LARGEST = 1024 * 1024
"""Bytes of a `pyproject.toml` that are looked at."""
MOST_CHOICES = 4
"""Of `{a,b}`, and of `**`, in one glob."""
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


def find_root(start: str) -> str:
    """The nearest folder upwards with settings, else with a Git repository, else `start`."""
    start = folder = os.path.abspath(start)
    repository = None
    while True:
        if os.path.isfile(os.path.join(folder, FILE)) or _pyproject(folder) is not None:
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
    path = os.path.join(root, FILE)
    if os.path.isfile(path):
        return _parse(_load(path), FILE, path)
    table = _pyproject(root)
    return _parse(table, "pyproject.toml", os.path.join(root, "pyproject.toml")) if table else Settings()


def _load(path: str) -> dict[str, Any]:
    import tomllib

    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{os.path.basename(path)}: {error}") from error


def _pyproject(folder: str) -> dict[str, Any] | None:
    path = os.path.join(folder, "pyproject.toml")
    if not os.path.isfile(path):  # a pipe or a device must not be read
        return None
    try:
        with open(path, "rb") as file:
            if b"regcheck" not in file.read(LARGEST):
                return None
    except OSError:
        return None
    tool = _load(path).get("tool")
    table = tool.get("regcheck") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise _wrong("pyproject.toml", path, "regcheck", "`[tool.regcheck]` is a table")
    return table


def _parse(table: dict[str, Any], name: str, path: str) -> Settings:
    read: dict[str, Any] = {}
    for key, value in table.items():
        if key not in Settings._fields:
            guess = did_you_mean(key, Settings._fields)
            known = f"the settings are {listed(sorted(Settings._fields))}"
            raise _wrong(name, path, key, f"there is no setting `{key}`: {guess or known}")
        if key in ("registers", "documents", "ignore"):
            values = [value] if isinstance(value, str) else value
            if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
                raise _wrong(name, path, key, f"`{key}` is a list of texts")
            read[key] = tuple(values)
            if key != "ignore":
                read[key] = tuple(_inside(glob, name, path, key) for glob in values)
        elif key == "schemas":
            if not isinstance(value, str):
                raise _wrong(name, path, key, "`schemas` is the path of a folder")
            read[key] = _inside(value, name, path, key)
        elif key == "max_age" and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise _wrong(name, path, key, "`max_age` is a number of days")
        elif key == "severity":
            read[key] = _severities(value, name, path)
        else:
            read[key] = value
    return Settings(**read)


def _inside(glob: str, name: str, path: str, key: str) -> str:
    """A glob or folder that stays in the repository and means what it seems to mean."""
    plain = os.path.normpath(glob).replace(os.sep, "/")
    if os.path.isabs(glob) or plain == ".." or plain.startswith("../") or "/../" in f"/{glob}/":
        raise _wrong(name, path, key, f"`{glob}` leads out of the repository: only what is in it is read")
    if "[" in glob:
        raise _wrong(
            name, path, key, f"`[` in `{glob}` is no wildcard: those are `*`, `**`, `?` and `{{a,b}}`"
        )
    if glob.count("{") > MOST_CHOICES or glob.count("**") > MOST_CHOICES:
        raise _wrong(name, path, key, f"`{glob}` has more than {MOST_CHOICES} choices: write several globs")
    return plain


def wrong_setting(root: str, key: str, message: str) -> SettingsError:
    """The error of a setting that only a later stage can judge, with its file and line."""
    name = FILE if os.path.isfile(os.path.join(root, FILE)) else "pyproject.toml"
    return _wrong(name, os.path.join(root, name), key, message)


def _severities(value: Any, name: str, path: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _wrong(name, path, "severity", '`[severity]` is a table: `rule = "warning"`')
    for rule, severity in value.items():
        if severity not in SEVERITIES:
            guess = did_you_mean(str(severity), SEVERITIES) or f"it is {listed(SEVERITIES, 'or')}"
            raise _wrong(name, path, rule, f"the severity of `{rule}` is `{severity}`: {guess}")
    return dict(value)


def _wrong(name: str, path: str, key: str, message: str) -> SettingsError:
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    key_line = re.compile(rf"\s*(?:\[+(?:tool\.regcheck\.)?)?[\"']?{re.escape(key)}[\"']?\s*[=\]]")
    number = next((n for n, line in enumerate(lines, 1) if key_line.match(line)), 1)
    return SettingsError(f"{name}:{number}: {message}")
