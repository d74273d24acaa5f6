"""What `regcheck init` lets others install: what this regcheck is, and never a path of this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adopted import MINOR, OF_FORGE, initialised, parsed, written
from regcheck import __version__
from repositories import Repository, environment


@pytest.fixture
def fleet(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "fleet", environment(tmp_path / "home"))


def required(fleet: Repository, *words: str, path: str | None = None) -> str:
    initialised(fleet, "--forge", "github", *words, path=path)
    [hook] = parsed(fleet, ".pre-commit-config.yaml")["repos"][0]["hooks"]
    [wanted] = hook["additional_dependencies"]
    steps = parsed(fleet, OF_FORGE["github"][0])["jobs"]["regcheck"]["steps"]
    assert [step["env"]["REQUIREMENT"] for step in steps if "env" in step] == [wanted]
    return str(wanted)


@pytest.mark.parametrize(
    "said",
    [
        "regcheck",
        "regcheck>=0.1,<0.3",
        "regcheck ~= 0.1.0",
        "acme-regcheck[all]==1.*",
        "regcheck @ git+https://forge.example/ops/regcheck@v0.1.0",
        "regcheck @ git+ssh://git@forge.example/ops/regcheck.git@0123abc",
        "git+https://forge.example/ops/regcheck",
        "https://forge.example/regcheck-0.1.0-py3-none-any.whl#sha256=00ff",
    ],
)
def test_what_is_installed_is_what_is_said(fleet: Repository, said: str) -> None:
    assert required(fleet, "--requirement", said) == said


@pytest.mark.parametrize(
    "said",
    [
        "",
        "/srv/regcheck",
        "./regcheck",
        "regcheck @ file:///srv/regcheck",
        "git+file:///srv/regcheck",
        "regcheck @ /srv/regcheck",
        "wheels/regcheck-0.1.0-py3-none-any.whl",
        "-r requirements.txt",
        "regcheck; touch x",
        "regcheck $(touch x)",
        "regcheck ${{ github.token }}",
        'regcheck"\n',
        "regcheck\n  evil: true",
        "git+https:///srv/regcheck",
    ],
)
def test_what_would_not_serve_elsewhere_is_refused(fleet: Repository, said: str) -> None:
    ran = fleet.run("regcheck", "init", "--forge", "github", f"--requirement={said}", status=2)
    assert ran.stderr.startswith("regcheck: ")
    assert "is no requirement as it is written here" in ran.stderr or "but on this machine" in ran.stderr
    assert written(fleet) == {}


COMMIT = "0123456789abcdef0123456789abcdef01234567"
FROM_GIT = f'"vcs_info": {{"vcs": "git", "commit_id": "{COMMIT}"}}'


@pytest.mark.parametrize(
    ("origin", "wanted"),
    [
        (
            f'{{"url": "https://forge.example/ops/regcheck.git", {FROM_GIT}}}',
            f"regcheck @ git+https://forge.example/ops/regcheck.git@{COMMIT}",
        ),
        (
            f'{{"url": "ssh://git@forge.example/ops/regcheck.git", {FROM_GIT}}}',
            f"regcheck @ git+ssh://git@forge.example/ops/regcheck.git@{COMMIT}",
        ),
        (
            f'{{"url": "https://me:secret@forge.example/ops/regcheck", {FROM_GIT}}}',
            f"regcheck @ git+https://forge.example/ops/regcheck@{COMMIT}",
        ),
        (
            '{"url": "https://forge.example/regcheck-0.1.0.whl", "archive_info": {}}',
            "regcheck @ https://forge.example/regcheck-0.1.0.whl",
        ),
        (f'{{"url": "file:///srv/regcheck", {FROM_GIT}}}', MINOR),
        ('{"url": "file:///srv/regcheck", "dir_info": {"editable": true}}', MINOR),
        ('{"url": "file:///srv/regcheck-0.1.0.whl", "archive_info": {}}', MINOR),
        (None, MINOR),
    ],
)
def test_by_default_what_this_regcheck_came_from_is_installed(
    fleet: Repository, tmp_path: Path, origin: str | None, wanted: str
) -> None:
    """As pip has noted it (PEP 610), and never a path of this machine."""
    about = tmp_path / "packages" / f"regcheck-{__version__}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: regcheck\nVersion: {__version__}\n")
    if origin is not None:
        (about / "direct_url.json").write_text(origin)
    paths = os.pathsep.join(filter(None, (str(about.parent), os.environ.get("PYTHONPATH"))))
    assert required(fleet, path=paths) == wanted
    assert not any(b"/srv" in data or b"secret" in data for data in written(fleet).values())


def test_that_it_came_from_this_machine_is_remarked(fleet: Repository) -> None:
    err = fleet.run("regcheck", "init", "--forge", "github").stderr
    assert err == (
        f"regcheck: this regcheck came from this machine, so hooks and workflow install `{MINOR}` from a"
        " package index: name another source (--requirement SPEC) where it is not there\n"
    )
