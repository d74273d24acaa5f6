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

MAJOR = re.compile(r"v?\d{1,2}(?:\.x)*(?:[._-]+[a-z]*)*|v?\d{1,2}(?:\.\d+)*\.x")
"""A major version with nothing after it but words (`3`, `v1`, `16-slim`), or with an open end (`1.x`)."""
NAME = re.compile(
    "latest|newest|current|head|tip|trunk|main|master|mainline|default|stable|unstable|testing|rolling"
    "|release|live|production|prod|staging|stage|qa|uat|test|dev|devel|develop|development|edge|next"
    "|nightly|daily|weekly|snapshot|canary|preview|lts|experimental"
)
"""Names that a tag keeps while what it names is replaced: branches, channels and environments."""
PLATFORM = re.compile(
    r"x86[_-]64|amd64|arm64(?:[_-]?v\d)?|arm32v\d|arm32|armv\d\w*|armhf|aarch64|i?[36]86|ppc64(?:le)?|s390x"
    r"|riscv64|(?<![a-z0-9])(?!v\d)[a-z]+\d+(?:\.\d+)+"
)
"""The machine or the system that an image is for (`arm64`, `alpine3.19`): its digits are not the image's."""
PIN = re.compile(r"(?<![a-z0-9])(?:v?\d+(?:\.\d+)+|\d+|g?[0-9a-f]{7,64})(?![a-z0-9])")
"""A full version, a number or date, or a commit: with it even a branch's name stays where it is."""


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
    folded = tag.casefold()
    words = PLATFORM.sub("", folded)
    if MAJOR.fullmatch(words):
        return Loose(tag, "moves with every release of that major version")
    name = next((word for word in re.split(r"[._-]+", words) if NAME.fullmatch(word)), None)
    if name is None or PIN.search(words):
        return None
    return Loose(tag, "moves" if name == folded else f"moves, as `{name}` does")
