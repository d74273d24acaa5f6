"""What installs this regcheck somewhere else: a requirement as pip takes it (PEP 508)."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from regcheck import __version__
from regcheck.errors import UsageError
from regcheck.words import shorten

NAME = "regcheck"
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~=<>!,*@+:/#&%?\[\] -]*")
"""What neither a shell, nor YAML in double quotes, nor a forge's own expressions take for more than text."""
VERSIONED = re.compile(r"[A-Za-z0-9._-]+(?:\[[^\]]*\])?(?: *[~=<>!][^/:]*)?")
NAMED = re.compile(r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])? *@ *")
ELSEWHERE = re.compile(r"(?:git\+)?(?:https|http|ssh)://[^/]")


def given(text: str) -> str:
    """A requirement of the command line; raises UsageError for what would not serve on another machine."""
    text = text.strip()
    if not SAFE.fullmatch(text):
        example = f"`{NAME}==1.2.3` or `{NAME} @ git+https://HOST/REPOSITORY@COMMIT`"
        raise UsageError(f"{shorten(text)} is no requirement as it is written here: write {example}")
    if not VERSIONED.fullmatch(text) and not ELSEWHERE.match(NAMED.sub("", text, count=1)):
        raise UsageError(f"{shorten(text)} is nowhere but on this machine: name a version, or an address")
    return text


def derived() -> tuple[str, str]:
    """What installs this very regcheck, and a remark where that cannot be known (PEP 610)."""
    about = _origin()
    address = str(about.get("url", ""))
    git = about.get("vcs_info", {})
    if git.get("vcs") == "git" and git.get("commit_id"):
        address = f"git+{address}@{git['commit_id']}"
    elif "archive_info" not in about:
        address = ""
    found = f"{NAME} @ {_without_password(address)}"
    if ELSEWHERE.match(address) and SAFE.fullmatch(found):
        return found, ""
    found = f"{NAME}=={'.'.join(__version__.split('.')[:2])}.*"
    remark = (
        f"this regcheck came from this machine, so hooks and workflow install `{found}` from a package index:"
        " name another source (--requirement SPEC) where it is not there"
    )
    return found, remark if about else ""


def _origin() -> dict[str, Any]:
    try:
        text = distribution(NAME).read_text("direct_url.json")
    except PackageNotFoundError:
        return {"dir_info": {}}
    said = json.loads(text) if text else {}
    return said if isinstance(said, dict) else {}


def _without_password(address: str) -> str:
    """An address without what opens it: who may read the source is for each machine to know."""
    parts = urlsplit(address)
    user, _, host = parts.netloc.rpartition("@")
    keeps = user and ":" not in user and parts.scheme.endswith("ssh")  # `git@` is no secret
    return urlunsplit(parts._replace(netloc=f"{user}@{host}" if keeps else host))
