"""`regcheck.toml` (or `[tool.regcheck]` in `pyproject.toml`) to frozen settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from regcheck.errors import SettingsError
from regcheck.model import Position, Tree, Unreadable
from regcheck.settings.file import File, Path, read_file
from regcheck.trees import WorkTree
from regcheck.words import did_you_mean, flow, listed, quoted, shorten

if TYPE_CHECKING:
    from regcheck.settings.contracts import Contract

__all__ = ["FILE", "KEYS", "SEVERITIES", "Settings", "are_in", "find_root", "load_settings"]

FILE = "regcheck.toml"
PROJECT = "pyproject.toml"
IN_PROJECT = ("tool", "regcheck")
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
    file: File = File(FILE, "")
    """Where all this is written; an empty file where it is nowhere."""
    remarks: tuple[str, ...] = ()
    """What whoever asked should know: settings that may be there, and cannot be read."""

    def says(self, key: str) -> bool:
        """Whether a setting is written, and not left to its default."""
        return (key,) in self.file.positions()

    def place_of(self, *path: str | int) -> Position:
        """Where a setting stands, or the nearest thing around it; else the start of the file."""
        return self.file.position(path)

    def where(self, other: Settings) -> Settings:
        """The same demands of what other settings name, less the contracts, which speak of entries."""
        return self._replace(
            registers=other.registers, documents=other.documents, schemas=other.schemas, contract=()
        )

    def wrong(self, key: str, message: str) -> SettingsError:
        """The error of a setting that only a later stage can judge, with its file and line.

        A `key` that is no setting is that of a severity.
        """
        return self.file.wrong((key,) if key in KEYS else ("severity", key), message)


KEYS = Settings._fields[: Settings._fields.index("file")]
"""The settings that a file may have."""


def find_root(start: str) -> str:
    """The nearest folder upwards with settings or a Git repository, else `start`.

    What lies above a repository plays no part in it.
    """
    start = folder = os.path.abspath(start)
    while not (are_in(WorkTree(folder)) or os.path.lexists(os.path.join(folder, ".git"))):
        above = os.path.dirname(folder)
        if above == folder:
            return start
        folder = above
    return folder


def are_in(tree: Tree) -> bool:
    """Whether there are settings at the root of a tree, or what stands in their place."""
    try:
        return tree.exists(FILE) or _project(tree) is not None
    except Unreadable:
        return False


def load_settings(tree: Tree) -> Settings:
    """The settings at the root of a tree.

    Raises SettingsError, with file and line, for what it does not understand.
    """
    if tree.exists(FILE):
        file = read_file(tree, FILE)
        return _parse(file.table(), file)
    try:
        found = _project(tree)
    except Unreadable as why:
        return Settings(remarks=(f"{PROJECT}: {why.message}; settings in it, if any, do not hold",))
    return _parse(*found) if found else Settings()


def _project(tree: Tree) -> tuple[dict[str, Any], File] | None:
    """The settings in a `pyproject.toml`, where it has any; raises Unreadable where nobody can tell."""
    if not tree.exists(PROJECT) or b"regcheck" not in tree.read(PROJECT):
        return None
    file = read_file(tree, PROJECT, IN_PROJECT)
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
        if key not in KEYS:
            guess = did_you_mean(key, KEYS)
            known = f"the settings are {listed(sorted(KEYS))}"
            raise file.wrong((key,), f"there is no setting {shorten(key)}: {guess or known}")
        read[key] = _setting(key, value, file)
    return Settings(**read, file=file)


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
    if "\\" in glob:
        raise file.wrong(path, f"the `\\` in {quoted(glob)} parts no folders: write `/`")
    if not _is_balanced(glob):
        raise file.wrong(path, f"a brace in {quoted(glob)} lacks its other one: a choice is `{{a,b}}`")
    if glob.count("{") > MOST_CHOICES or glob.count("**") > MOST_CHOICES:
        raise file.wrong(path, f"`{glob}` has more than {MOST_CHOICES} choices: write several globs")
    return plain


def _is_balanced(glob: str) -> bool:
    """Whether each brace that opens is closed, and none but those."""
    depths = list(accumulate((char == "{") - (char == "}") for char in glob))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def _severities(value: Any, file: File) -> dict[str, str]:
    if not isinstance(value, dict):
        raise file.wrong(("severity",), '`[severity]` is a table: `rule = "warning"`')
    for rule, severity in value.items():
        if severity not in SEVERITIES:
            guess = did_you_mean(flow(severity), SEVERITIES) or f"it is {listed(SEVERITIES, 'or')}"
            message = f"the severity of `{rule}` is {shorten(severity)}: {guess}"
            raise file.wrong(("severity", rule), message)
    return dict(value)
