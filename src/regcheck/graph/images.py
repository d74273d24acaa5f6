"""Image references, and whether what they name can change under its name.

A reference is `[registry[:port]/]name[:tag][@algorithm:hex]`, as the OCI
distribution specification and container engines write it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
HEX_DIGITS = {"sha256": 64, "sha512": 128}
"""The algorithms that the OCI image specification registers, and the length of their digests."""
TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")

FOREIGN = re.compile(
    r"(?<![a-z0-9])(?:"
    r"x86[_-]64|amd64|arm64(?:[_-]?v\d)?|arm32v\d|aarch64|i[36]86|linux[._-]386|ppc64(?:le)?|s390x|riscv64"
    r"|(?:alpine|debian|ubuntu|fedora|rocky|ubi|windowsservercore|nanoserver)[._-]?\d+(?:\.\d+)*"
    r"|(?!v\d)[a-z][a-z0-9]*\d(?:\.\d+)+"
    r"|(?:pr|mr|pull|issue)[._-]?\d+"
    r")(?![a-z0-9])"
)
"""The machine or the system that an image is for, what it builds on (`arm64`, `php8.2`), and the request
that it was built for (`pr-1234`): their digits are not the image's."""
OPEN = re.compile(r"(?<![a-z0-9])v?\d+(?:\.\d+)*(?:\.x)+(?![a-z0-9])")
"""A version with an open end: `1.x`, `1.4.x`."""
PIN = re.compile(
    r"(?<![a-z0-9])(?:"
    r"(?<!\d\.)v?\d+(?:\.\d+)+(?:[a-z]+\d*)?"  # a version of two parts or more: 1.4, v1.4.2rc1
    r"|(?<!\d\.)\d{3,}"  # a build, or the year of a date
    r"|\d{8}t\d{4,6}z?"  # a date and its time
    r"|g?(?=[a-f]*\d)[0-9a-f]{6,64}"  # a commit, also as Git describes it
    r")(?![a-z0-9])"
)
"""What a tag has that is never used again."""
MAJOR = re.compile(r"v?\d{1,2}(?:[._-]+[a-z]*)*")
"""A major version with nothing after it but words: `3`, `v1`, `16-slim`."""


class Loose(NamedTuple):
    """Why an image can change under its name: the part that is loose, and what is wrong with it."""

    part: str
    why: str


def loose(image: str) -> Loose | None:
    """What lets an image change under its name; None where its tag or digest fixes it."""
    text = image.strip()
    if scheme := SCHEME.match(text):
        text = text[scheme.end() :]
    name, at, digest = text.partition("@")
    if not at and name.partition(":")[0] in HEX_DIGITS:
        at, digest = "@", name  # a digest alone
    if at:
        return _loose_digest(digest)
    _, colon, tag = name.rpartition("/")[2].partition(":")
    if not tag:
        return Loose(
            text, "has neither a tag nor a digest, which means `latest`" if not colon else "has an empty tag"
        )
    if not TAG.fullmatch(tag):
        return Loose(tag, "is no tag of an image")
    return _loose_tag(tag)


def _loose_digest(digest: str) -> Loose | None:
    algorithm, _, hexadecimal = digest.partition(":")
    digits = HEX_DIGITS.get(algorithm)
    if digits is None:
        return Loose(digest, "is no digest with sha256 or sha512")
    if not re.fullmatch(rf"[0-9a-f]{{{digits}}}", hexadecimal):
        return Loose(digest, f"is no digest: after `{algorithm}:` come {digits} digits of 0-9 and a-f")
    return None


def _loose_tag(tag: str) -> Loose | None:
    own = FOREIGN.sub("", tag.casefold())
    closed = OPEN.sub("", own)
    if PIN.search(closed):
        return None
    if MAJOR.fullmatch(own) or closed != own:
        return Loose(tag, "moves with every release of that version")
    return Loose(tag, "has no full version, commit, date or build number")
