"""The forges: how one is known, and the workflow in which it checks each change."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import NamedTuple

from regcheck.errors import UsageError
from regcheck.model import Source
from regcheck.reading.values import untyped
from regcheck.reading.yaml_nodes import parse
from regcheck.trees import WorkTree
from regcheck.trees.commits import remote_url
from regcheck.trees.git import Git
from regcheck.words import listed

HEAD = "# Judges the registers at each change. Written by `regcheck init`: change in it what you like.\n"

GITHUB = """\
name: regcheck
on: [push, pull_request]
permissions:
  contents: read
jobs:
  regcheck:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write # to show the findings under Security
    steps:
      - uses: actions/checkout@v5
        with:
          fetch-depth: 0 # the whole history: in it lies what a change began from
          persist-credentials: false
      - uses: actions/setup-python@v6
        with:
          python-version: "3.13"
      - name: Install regcheck
        env:
          REQUIREMENT: <requirement>
        run: python -I -m pip install "$REQUIREMENT"
      - name: Check the registers
        run: <command> check --format github --format sarif=regcheck.sarif
      - name: Show the findings under Security
        if: ${{ !cancelled() && hashFiles('regcheck.sarif') != '' }}
        continue-on-error: true # not every repository has code scanning, and forks may not write to it
        uses: github/codeql-action/upload-sarif@v4
        with:
          sarif_file: regcheck.sarif
          category: regcheck
"""

FORGEJO = """\
name: regcheck
on: [push, pull_request]
jobs:
  regcheck:
    runs-on: docker # a label of your runners
    steps:
      - uses: https://data.forgejo.org/actions/checkout@v4
        with:
          fetch-depth: 0 # the whole history: in it lies what a change began from
          persist-credentials: false
      - uses: https://data.forgejo.org/actions/setup-python@v5
        with:
          python-version: "3.13"
      - name: Install regcheck
        env:
          REQUIREMENT: <requirement>
        run: python -I -m pip install "$REQUIREMENT"
      - name: Check the registers
        run: <command> check --format text --format markdown=regcheck.md
      - name: Keep the report
        if: always()
        uses: https://data.forgejo.org/forgejo/upload-artifact@v4
        with:
          name: regcheck
          path: regcheck.md
"""

GITEA = """\
name: regcheck
on: [push, pull_request]
jobs:
  regcheck:
    runs-on: ubuntu-latest # a label of your runners
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the whole history: in it lies what a change began from
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - name: Install regcheck
        env:
          REQUIREMENT: <requirement>
        run: python -I -m pip install "$REQUIREMENT"
      - name: Check the registers
        run: <command> check --format text --format markdown=regcheck.md
      - name: Keep the report
        if: always()
        uses: actions/upload-artifact@v3 # the version that Gitea serves
        with:
          name: regcheck
          path: regcheck.md
"""

GITLAB = """\
regcheck:
  image: python:3.13
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS
      when: never
    - if: $CI_COMMIT_BRANCH
  variables:
    GIT_DEPTH: "0" # the whole history: in it lies what a change began from
    REQUIREMENT: <requirement>
  script:
    - git fetch --quiet origin "+refs/heads/*:refs/remotes/origin/*" # and what it is for
    - python -I -m pip install "$REQUIREMENT"
    - <command> check --format text --format codequality=gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""

GITLAB_CI = ".gitlab-ci.yml"


class Forge(NamedTuple):
    """A forge, and how its workflow is written."""

    name: str
    workflow: str
    """The path of the workflow."""
    template: str
    host: str
    """A regular expression that knows its hosts by their names."""
    folder: str
    """A file or folder that only its repositories have."""

    def text(self, command: str, requirement: str) -> str:
        """The workflow in which a command checks, once a requirement is installed."""
        said = self.template.replace("<requirement>", json.dumps(requirement))
        return HEAD + said.replace("<command>", command)


FORGES = {
    forge.name: forge
    for forge in (
        Forge("forgejo", ".forgejo/workflows/regcheck.yaml", FORGEJO, r"codeberg\.org$|forgejo", ".forgejo"),
        Forge("gitea", ".gitea/workflows/regcheck.yaml", GITEA, r"gitea", ".gitea"),
        Forge("github", ".github/workflows/regcheck.yaml", GITHUB, r"(?:^|\.)github\.", ".github"),
        Forge("gitlab", ".gitlab/regcheck.yml", GITLAB, r"gitlab", GITLAB_CI),
    )
}
"""By name."""

GITLAB_INCLUDE = f"include:\n  - local: {FORGES['gitlab'].workflow}\n"


def is_included(text: str) -> bool:
    """Whether GitLab's own configuration, as far as it can be read, includes the job.

    An include is a path from the top, with wildcards, or a table that has it as `local`; or
    a list of these (https://docs.gitlab.com/ci/yaml/#include).
    """
    node, problems = parse(Source(GITLAB_CI, text))
    meaning = untyped(node) if node is not None and not problems else None
    said = meaning.get("include") if isinstance(meaning, dict) else None
    each = said if isinstance(said, list) else [said]
    paths = [one.get("local") if isinstance(one, dict) else one for one in each]
    job = FORGES["gitlab"].workflow
    return any(isinstance(path, str) and fnmatchcase(job, path.lstrip("/")) for path in paths)


def found(git: Git) -> Forge:
    """The forge that a repository is on, by the address of its remote, else by its folders.

    Raises UsageError where neither says it.
    """
    host = _host(git)
    by_host = [forge for forge in FORGES.values() if re.search(forge.host, host)]
    tree = WorkTree(git.top)
    candidates = by_host or [forge for forge in FORGES.values() if tree.exists(forge.folder)]
    if len(candidates) == 1:
        return candidates[0]
    names = listed([f"`--forge {forge.name}`" for forge in candidates or FORGES.values()], "or")
    why = "several are possible" if candidates else "nothing here says it"
    raise UsageError(f"for which forge is the workflow to be? {why}: say {names}")


def _host(git: Git) -> str:
    """The host of the remote; empty where there is none."""
    address = remote_url(git.top) or ""
    match = re.match(r"(?:[a-z+]+://)?(?:[^@/]*@)?([^/:]+)[:/]", address)
    return match[1].lower() if match else ""
