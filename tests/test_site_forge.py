"""Where a file is read on the web, by the remote of its repository and what `mkdocs.yml` says."""

from __future__ import annotations

from pathlib import Path

import pytest

from committing import commit, git, started
from regcheck.pages import Forge
from regcheck.publishing.forge import forge, web_address


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/acme/fleet.git", "https://github.com/acme/fleet"),
        ("http://forge.lan:3000/acme/fleet/", "http://forge.lan:3000/acme/fleet"),
        ("git@gitlab.example.net:acme/ops/fleet.git", "https://gitlab.example.net/acme/ops/fleet"),
        ("ssh://git@codeberg.org:2222/acme/fleet.git", "https://codeberg.org/acme/fleet"),
        ("https://forge.lan/acme/{path}", "https://forge.lan/acme/%7Bpath%7D"),
        ('https://forge.lan/"><script>', "https://forge.lan/%22%3E%3Cscript%3E"),
        ("/srv/git/fleet.git", ""),
        ("../fleet.git", ""),
        ("file:///srv/git/fleet.git", ""),
        ("javascript://forge.lan/%0Aalert(1)", ""),
        ("", ""),
    ],
)
def test_the_address_of_a_repository(remote: str, address: str) -> None:
    assert web_address(remote) == address


@pytest.fixture
def cloned(tmp_path: Path) -> tuple[Path, str]:
    """A repository with one commit, and its name; the remote does not have it."""
    root = started(tmp_path / "clone")
    return root, commit(root, {"fleet/registers/a.md": "x"}, "One", "2026-05-01")


@pytest.mark.parametrize(
    ("remote", "pushed", "name", "address"),
    [
        ("https://github.com/a/b", True, "GitHub", "https://github.com/a/b/blob/{oid}/{path}#L{line}"),
        ("https://github.com/a/b", False, "GitHub", "https://github.com/a/b/blob/main/{path}#L{line}"),
        ("git@gitlab.com:a/b.git", True, "GitLab", "https://gitlab.com/a/b/-/blob/{oid}/{path}#L{line}"),
        ("https://forge.lan/a/b", True, "Forgejo", "https://forge.lan/a/b/src/commit/{oid}/{path}#L{line}"),
        ("https://forge.lan/a/b", False, "Forgejo", "https://forge.lan/a/b/src/branch/main/{path}#L{line}"),
    ],
)
def test_each_forge_has_its_own_shape(
    cloned: tuple[Path, str], remote: str, *, pushed: bool, name: str, address: str
) -> None:
    root, oid = cloned
    git(root, "remote", "add", "origin", remote)
    if pushed:
        git(root, "update-ref", "refs/remotes/origin/main", oid)
    assert forge(str(root)) == Forge(address.replace("{oid}", oid), name)


def test_registers_below_the_top_are_addressed_from_there(cloned: tuple[Path, str]) -> None:
    root, _ = cloned
    git(root, "remote", "add", "origin", "https://forge.lan/a/b")
    assert forge(str(root / "fleet")).line == "https://forge.lan/a/b/src/branch/main/fleet/{path}#L{line}"


@pytest.mark.parametrize(
    ("edit_uri", "address"),
    [
        ("edit/trunk/docs/", "https://forge.lan/a/b/blob/trunk/{path}#L{line}"),
        ("-/edit/rel/1.0/docs", "https://forge.lan/a/b/-/blob/rel/1.0/{path}#L{line}"),
        ("_edit/trunk/docs/", "https://forge.lan/a/b/src/branch/trunk/{path}#L{line}"),
        ("src/branch/trunk/docs/", "https://forge.lan/a/b/src/branch/trunk/{path}#L{line}"),
        ("?query=", "https://forge.lan/a/b/src/branch/main/{path}#L{line}"),
    ],
)
def test_what_mkdocs_is_told_comes_first(cloned: tuple[Path, str], edit_uri: str, address: str) -> None:
    root, _ = cloned
    git(root, "remote", "add", "origin", "https://github.com/else/where")
    assert forge(str(root), "https://forge.lan/a/b", edit_uri, "docs").line == address


def test_nobody_knows_a_forge_without_a_remote(cloned: tuple[Path, str], tmp_path: Path) -> None:
    assert forge(str(cloned[0])) == Forge()
    (tmp_path / "plain").mkdir()
    assert forge(str(tmp_path / "plain")) == Forge()
