"""`regcheck init` where something is there already: it stays as it is, or gets the hook and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from adopted import MINOR, NEEDS, OF_FORGE, initialised, parsed, written
from regcheck.adopting.forges import HEAD
from repositories import SOUND, Repository, environment


@pytest.fixture
def fleet(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "fleet", environment(tmp_path / "home"))


CONFIGURED = """\
# What we ask before a commit.
default_stages: [pre-commit]

repos:
- repo: https://example.org/hooks   # ours
  rev: v1
  hooks:
  - id: spelling
    args: |
      --strict
  # - id: not-yet

# Once a week:
ci: {autoupdate_schedule: weekly}
"""
INSTALLS = "`pre-commit install -t pre-commit -t pre-merge-commit` lets Git ask before merges, too"
EXTENDED = f"""\
# What we ask before a commit.
default_stages: [pre-commit]

repos:
- repo: https://example.org/hooks   # ours
  rev: v1
  hooks:
  - id: spelling
    args: |
      --strict
  # - id: not-yet
- repo: local
  hooks:
    - id: regcheck
      name: regcheck
      entry: regcheck check --staged --in-hook
      language: python
      additional_dependencies: ["{MINOR}"]
      always_run: true # what is deleted makes references lead nowhere, too
      pass_filenames: false
      require_serial: true
      stages: [pre-commit, pre-merge-commit, manual]

# Once a week:
ci: {{autoupdate_schedule: weekly}}
"""


def test_a_hook_is_added_to_those_that_are_there(fleet: Repository) -> None:
    fleet.write({".pre-commit-config.yaml": CONFIGURED})
    lines = initialised(fleet, "--forge", "github", *NEEDS)
    assert f"extended    .pre-commit-config.yaml: {INSTALLS}" in lines
    assert (fleet.folder / ".pre-commit-config.yaml").read_text() == EXTENDED
    fleet.run("pre-commit", "validate-config")


@pytest.mark.parametrize(
    "text",
    [
        "repos:\n  - repo: x\n    hooks: [{id: a}]",
        "repos:\n      - repo: x\n        hooks: []\n\n\n",
        "repos:\r\n  - repo: x\r\n    hooks:\r\n      - id: a\r\n# end\r\n",
        "fail_fast: true\nrepos:\n- {repo: x, hooks: [{id: a, args: [\n  b,\n  c]}]}\n# the end",
        '---\nrepos: # all\n- repo: "x"\n  hooks: &h\n  - id: a\n- repo: y\n  hooks: *h\n',
    ],
)
def test_a_hook_is_added_however_the_list_is_written(fleet: Repository, text: str) -> None:
    """All that was there stays there, byte for byte, and means the same."""
    fleet.write({".pre-commit-config.yaml": text})
    initialised(fleet, "--forge", "github", *NEEDS)
    after = (fleet.folder / ".pre-commit-config.yaml").read_bytes().decode()
    was, is_ = yaml.safe_load(text), yaml.safe_load(after)
    assert is_["repos"][:-1] == was["repos"]
    assert is_ == {**was, "repos": is_["repos"]}
    assert is_["repos"][-1]["hooks"][0]["entry"] == "regcheck check --staged --in-hook"
    kept = after.splitlines()
    for line in text.splitlines():
        kept.remove(line)
    assert len(kept) == len(EXTENDED.splitlines()) - len(CONFIGURED.splitlines())
    assert ("\r\n" in after) is ("\r\n" in text)
    assert after.count("\r\n") in (0, after.count("\n"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("repos: [{repo: x, hooks: [{id: a}]}]\n", "its `repos` do not stand one below the other"),
        ("repos: []\n", "it has no list `repos` with anything in it"),
        ("", "it has no list `repos` with anything in it"),
        ("- repo: x\n  hooks: []\n", "it is no configuration of pre-commit"),
        ("repos: [\n", "it cannot be read: this is not YAML: "),
        ("repos:\n- repo: x\n  hooks: []\nrepos:\n- repo: y\n", "it cannot be read: "),
    ],
)
def test_where_a_hook_would_not_fit_it_is_told(fleet: Repository, text: str, why: str) -> None:
    fleet.write({".pre-commit-config.yaml": text})
    lines = initialised(fleet, "--forge", "github", *NEEDS)
    at = next(number for number, line in enumerate(lines) if line.startswith("left alone"))
    assert lines[at].startswith(f"left alone  .pre-commit-config.yaml: {why}")
    assert lines[at].endswith(": add to its `repos`")
    assert lines[at + 1 : at + 4] == ["      - repo: local", "        hooks:", "          - id: regcheck"]
    assert lines[at + 12] == f"      # {INSTALLS}"
    assert (fleet.folder / ".pre-commit-config.yaml").read_text() == text


def test_who_has_the_hook_is_told_how_merges_are_asked_for(fleet: Repository) -> None:
    configured = "repos:\n- repo: local\n  hooks:\n  - id: regcheck\n"
    fleet.write({".pre-commit-config.yaml": configured})
    has = "unchanged   .pre-commit-config.yaml: it has the hook"
    assert f"{has}; {INSTALLS}" in initialised(fleet, "--forge", "github", *NEEDS)
    both = "default_install_hook_types: [pre-commit, pre-merge-commit]\n"
    fleet.write({".pre-commit-config.yaml": both + configured})
    assert has in initialised(fleet, "--forge", "github", *NEEDS)


JOB = ".gitlab/regcheck.yml"


@pytest.mark.parametrize(
    ("text", "includes"),
    [
        (f"# later: {JOB}\nstages: [test]\n", False),
        (f"job:\n  script: [cat {JOB}]\n", False),
        ("include:\n  - local: .gitlab/regcheck.yaml\n", False),
        (f"include: [\n  {JOB}\n", False),
        (f"include: {JOB}\n", True),
        (f"include: /{JOB}\n", True),
        (f"include: [{JOB}, other.yml]\n", True),
        (f"include:\n  local: '{JOB}'\n", True),
        (f"include:\n  - project: a/b\n    file: c.yml\n  - local: '/{JOB}'\n", True),
        ("include:\n  - local: .gitlab/*.yml\nx:\n  script: !reference [y, script]\n", True),
    ],
)
def test_gitlab_includes_the_job_or_is_told_to(fleet: Repository, text: str, includes: bool) -> None:  # noqa: FBT001
    fleet.write({".gitlab-ci.yml": text})
    said = "unchanged   .gitlab-ci.yml: it includes the job"
    told = "left alone  .gitlab-ci.yml: it is yours: add to it"
    assert (said if includes else told) in initialised(fleet, "--forge", "gitlab", *NEEDS)
    assert (fleet.folder / ".gitlab-ci.yml").read_text() == text


def test_what_somebody_changed_is_left_alone_and_told(fleet: Repository) -> None:
    initialised(fleet, "--forge", "gitlab", *NEEDS)
    job = fleet.folder / ".gitlab/regcheck.yml"
    changed = {
        ".gitlab/regcheck.yml": job.read_text().replace("python:3.13", "registry.example/python:3.13"),
        ".pre-commit-config.yaml": "# Ours\n" + (fleet.folder / ".pre-commit-config.yaml").read_text(),
        "registers/machines.md": "---\nregister: machine\n---\n\n| Id |\n| -- |\n",
        "regcheck.toml": "max_age = 30\n",
        ".gitlab-ci.yml": "stages: [test]\n",
    }
    fleet.write(changed)
    assert initialised(fleet, "--forge", "gitlab", *NEEDS)[-20:] == [
        "unchanged   .pre-commit-config.yaml: it has the hook",
        "left alone  .gitlab/regcheck.yml: it is yours; what would be written differs so",
        "    --- a/.gitlab/regcheck.yml",
        "    +++ b/.gitlab/regcheck.yml",
        "    @@ -1,6 +1,6 @@",
        f"     {HEAD.rstrip()}",
        "     regcheck:",
        "    -  image: registry.example/python:3.13",
        "    +  image: python:3.13",
        "       rules:",
        '         - if: $CI_PIPELINE_SOURCE == "merge_request_event"',
        "         - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS",
        "left alone  .gitlab-ci.yml: it is yours: add to it",
        "    include:",
        "      - local: .gitlab/regcheck.yml",
        "nothing to write",
    ]
    assert {path: data.decode() for path, data in written(fleet).items()} == changed


def test_registers_and_settings_that_are_there_are_enough(fleet: Repository) -> None:
    fleet.write({**SOUND, "pyproject.toml": "[tool.regcheck]\nmax_age = 30\n"})
    initialised(fleet, "--forge", "github")
    assert sorted(written(fleet)) == sorted(
        [*SOUND, "pyproject.toml", ".pre-commit-config.yaml", *OF_FORGE["github"]]
    )


def test_settings_in_a_folder_further_in(fleet: Repository) -> None:
    fleet.write(
        {"ops/fleet/regcheck.toml": "", "ops/fleet/registers/m.yaml": SOUND["registers/machines.yaml"]}
    )
    initialised(fleet, "--forge", "forgejo", "-C", "ops/fleet")
    job = parsed(fleet, OF_FORGE["forgejo"][0])["jobs"]["regcheck"]
    command = "regcheck -C ops/fleet check"
    assert [step["run"] for step in job["steps"] if "run" in step][-1].startswith(f"{command} --format text")
    hook = parsed(fleet, ".pre-commit-config.yaml")["repos"][0]["hooks"][0]
    assert hook["entry"] == f"{command} --staged --in-hook"
    fleet.git("add", "--all")
    assert fleet.run(*hook["entry"].split()).stdout.endswith("in 1 file with 2 entries\n")
    fleet.write({"a; b/regcheck.toml": ""})
    ran = fleet.run("regcheck", "init", "--forge", "forgejo", "-C", "a; b", status=2)
    assert ran.stderr.startswith("regcheck: the folder with the settings is `a; b`")


@pytest.mark.parametrize("where", [".github", ".github/workflows", ".github/workflows/regcheck.yaml"])
def test_nothing_is_written_through_a_link(fleet: Repository, tmp_path: Path, where: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = fleet.folder / where
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(tmp_path / "elsewhere" / ("file" if where.endswith(".yaml") else ""))
    lines = initialised(fleet, "--forge", "github")
    assert (
        f"left alone  {OF_FORGE['github'][0]}: `{where}` is a symbolic link, which is not written through"
        in lines
    )
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_file_in_the_place_of_a_folder(fleet: Repository) -> None:
    fleet.write({".github": "a file\n"})
    lines = initialised(fleet, "--forge", "github")
    assert f"left alone  {OF_FORGE['github'][0]}: `.github` is no folder" in lines


def test_a_dry_run_prints_a_patch_that_does_the_same(fleet: Repository) -> None:
    fleet.write({".pre-commit-config.yaml": CONFIGURED.rstrip("\n")})
    before = written(fleet)
    ran = fleet.run("regcheck", "init", "--forge", "gitlab", "--dry-run", *NEEDS)
    assert written(fleet) == before
    assert [line.removeprefix("regcheck: ") for line in ran.stderr.splitlines()] == [
        "to write    regcheck.toml",
        "to write    registers/machines.md",
        f"to extend   .pre-commit-config.yaml: {INSTALLS}",
        "to write    .gitlab/regcheck.yml",
        "to write    .gitlab-ci.yml",
    ]
    initialised(fleet, "--forge", "gitlab", *NEEDS)
    after = written(fleet)
    for path in after:
        (fleet.folder / path).unlink()
    (fleet.folder / ".pre-commit-config.yaml").write_bytes(before[".pre-commit-config.yaml"])
    patch = fleet.folder.parent / "patch"
    patch.write_text(ran.stdout)
    fleet.git("apply", patch)
    assert written(fleet) == after
