"""Paths inside somebody's home directory, as the operating systems write them."""

from __future__ import annotations

import posixpath
import re

ELSEWHERE = re.compile(
    r"(?:file|ssh|sftp|scp|rsync)://[^/]*(?=/)"  # a URL of a file
    r"|(?:[\w.-]+@)?[\w.-]{2,}:(?=[/~$])(?!//)"  # host:path, as scp and rsync have it
    r"|\\\\(?:wsl[\w.$]*\\)?[\w.$-]+(?=\\)",  # \\server, and the files of WSL
    re.IGNORECASE,
)
"""What may stand before a path to say on which machine it is."""

DRIVE = re.compile(r"(?:/?[a-z]:|/mnt/[a-z](?=/)|/cygdrive/[a-z](?=/))/*(?=[^/])", re.IGNORECASE)
"""A drive of Windows, as it or its Unix neighbours name it."""

NOBODY = r"(?!(?:Shared|Public)(?:/|$))"
HOME = re.compile(rf"(?:/(?:export|usr|var))?/home/[^/]+|/Users/{NOBODY}[^/]+")
WINDOWS_HOME = re.compile(rf"/Users/{NOBODY}[^/]+", re.IGNORECASE)
VARIABLE = re.compile(
    r"~[\w.-]*(?=/|$)"
    r"|\$(?:\{HOME\}|HOME\b|env:(?:USERPROFILE|HOMEPATH)\b)"
    r"|%(?:HOMEDRIVE%/*%HOMEPATH|USERPROFILE|HOMEPATH)%",
    re.IGNORECASE,
)


def is_personal(path: str) -> bool:
    r"""Whether a path is somebody's home directory, or inside one.

    Looks at the path itself and at nothing on this machine: `/home/NAME`,
    `/Users/NAME`, `C:\Users\NAME`, `~`, `$HOME`, `%USERPROFILE%`, also on
    another host or as a `file:` URL.
    """
    text = path.strip().strip("\"'`")
    if before := ELSEWHERE.match(text):
        text = text[before.end() :]
        text = re.sub(r"^/(?=[~$])", "", text)
    text = text.replace("\\", "/")
    if VARIABLE.match(text):
        return True
    if drive := DRIVE.match(text):
        return bool(WINDOWS_HOME.match(_absolute(text[drive.end() :])))
    return text.startswith("/") and bool(HOME.match(_absolute(text)))


def _absolute(path: str) -> str:
    return "/" + posixpath.normpath(path).lstrip("/")
