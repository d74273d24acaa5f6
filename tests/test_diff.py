"""`regcheck diff` as its users run it: commits, the work tree, a bare repository, hostile text."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import test_cases
import test_diff_cases
from conftest import Run
from regcheck.check import read
from regcheck.comparing.renames import ALIKE, renames
from regcheck.comparing.renaming import under_new_names
from regcheck.model import Fleet
from regcheck.reading import read_fleet
from regcheck.reporting.markdown import COMMENT
from regcheck.settings import Settings
from regcheck.trees import WorkTree
from test_diff_cases import NO_DIFFERENCE

TODAY = ("--today", "2026-07-03")
MACHINES = """\
register: machine
entries:
  - {id: oldbox, role: production}
  - {id: newbox, role: production}
"""
WORKLOADS = """\
register: workload
entries:
  - {id: forge, environment: staging, current_host: oldbox, target_host: newbox, owner: WP-T01}
  - {id: runner, environment: staging, current_host: oldbox, target_host: oldbox}
  - {id: mirror, environment: staging, current_host: newbox, target_host: newbox}
"""
TASKS = "register: task\nentries:\n  - {id: WP-T01, title: Move the forge, status: doing}\n"
MOVED = WORKLOADS.replace("current_host: oldbox", "current_host: newbox", 1)


class Repository:
    """A real Git repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
        done = subprocess.run(
            ["git", *who, *words],
            cwd=self.folder,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def write(self, **files: str | None) -> None:
        """Write registers by their kinds; None removes one."""
        for kind, text in files.items():
            path = self.folder / "registers" / f"{kind}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.unlink(missing_ok=True) if text is None else path.write_text(text, encoding="utf-8")

    def commit(self, **files: str | None) -> str:
        """Commit such registers; the name of the commit."""
        self.write(**files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repo")
    made.commit(machine=MACHINES, workload=WORKLOADS, task=TASKS)
    return made


MEANING = """\
workload:forge moved from oldbox to its target newbox.
1 run-time edge is gained and 1 run-time edge is lost.

Moved (1)
  ~ workload:forge: oldbox → newbox, reached its target  registers/workload.yaml:3

Run-time edges (2)
  + workload:forge runs on machine:newbox  now  registers/workload.yaml:3
  - workload:forge runs on machine:oldbox  now  registers/workload.yaml:3
"""


def said(before: str, after: str, meaning: str = MEANING) -> tuple[int, str, str]:
    return 0, f"From {before} to {after}:\n{meaning}", ""


# --- which two states ---------------------------------------------------------------


def test_two_revisions_one_and_the_work_tree_and_all_ways_to_write_them(repo: Repository, run: Run) -> None:
    first = repo.git("rev-parse", "HEAD")
    repo.git("tag", "start")
    repo.commit(workload=MOVED)
    at = {"directory": repo.folder}
    assert run("diff", "HEAD~1", "HEAD", *TODAY, **at) == said("HEAD~1", "HEAD")
    assert run("diff", "start..main", *TODAY, **at) == said("start", "main")
    assert run("diff", "start..", *TODAY, **at) == said("start", "HEAD")
    assert run("diff", first, *TODAY, **at) == said(first, "the work tree")
    assert run("diff", "HEAD", *TODAY, **at) == said("HEAD", "the work tree", f"{NO_DIFFERENCE}\n")
    repo.write(workload=WORKLOADS)
    assert run("diff", "start", *TODAY, **at) == said("start", "the work tree", f"{NO_DIFFERENCE}\n")
    assert run("diff", "start", "HEAD", *TODAY, **at) == said("start", "HEAD")


def test_a_revision_may_be_said_by_its_message(repo: Repository, run: Run) -> None:
    repo.git("commit", "--quiet", "--allow-empty", "--message", "Make ready")
    repo.commit(workload=MOVED)
    at = {"directory": repo.folder}
    assert run("diff", ":/Make ready", "HEAD", *TODAY, **at) == said(":/Make ready", "HEAD")
    assert run("diff", "HEAD^{/Make}..HEAD", *TODAY, **at) == said("HEAD^{/Make}", "HEAD")
    message = "regcheck: there is no revision `:/Unmake`"
    assert run("diff", ":/Unmake", **at).err == f"{message} in {repo.folder}: see `git log --all`\n"


def test_three_dots_begin_where_the_branch_began(repo: Repository, run: Run) -> None:
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit(workload=MOVED)
    repo.git("checkout", "--quiet", "main")
    repo.commit(machine=MACHINES.replace("newbox, role: production", "newbox, role: experimental"))
    ran = run("diff", "main...topic", *TODAY, directory=repo.folder)
    assert ran == said("the merge base of main and topic", "topic")
    assert "machine:newbox" in run("diff", "main..topic", *TODAY, directory=repo.folder).out
    repo.git("checkout", "--quiet", "topic")
    assert run("diff", "main...", *TODAY, directory=repo.folder).out.endswith(MEANING)


def test_a_bare_repository_has_revisions_and_no_work_tree(repo: Repository, run: Run, tmp_path: Path) -> None:
    repo.commit(workload=MOVED)
    bare = tmp_path / "bare.git"
    repo.git("clone", "--quiet", "--bare", ".", str(bare))
    assert run("diff", "main~1", "main", *TODAY, directory=bare) == said("main~1", "main")
    ran = run("diff", "main~1", directory=bare)
    assert (ran.status, ran.out) == (2, "")
    way = "is a bare repository, which has no work tree: name two revisions"
    assert ran.err == f"regcheck: {bare} {way}\n"


def test_registers_below_the_top_are_found_from_their_own_folder(tmp_path: Path, run: Run) -> None:
    repo = Repository(tmp_path / "whole")
    below = repo.folder / "fleet"
    (below / "registers").mkdir(parents=True)
    (below / "regcheck.toml").write_text("")
    (below / "registers/machine.yaml").write_text(MACHINES)
    (below / "registers/workload.yaml").write_text(WORKLOADS)
    (below / "registers/task.yaml").write_text(TASKS)
    repo.commit()
    (below / "registers/workload.yaml").write_text(MOVED)
    assert run("diff", "HEAD", *TODAY, directory=below / "registers") == said("HEAD", "the work tree")
    repo.commit()
    assert run("diff", "HEAD~1", "HEAD", *TODAY, directory=below) == said("HEAD~1", "HEAD")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "there is no revision `nowhere` in {folder}: see `git log --all`"),
        (("HEAD", "nowhere"), "there is no revision `nowhere` in {folder}: see `git log --all`"),
        (("HEAD..nowhere",), "there is no revision `nowhere` in {folder}: see `git log --all`"),
        (("main..topic", "HEAD"), "`main..topic` names two revisions already: leave `HEAD` out"),
        (("main...stranger",), "main and stranger have no commit in common"),
        (("",), "`` is no revision"),
    ],
)
def test_revisions_that_are_not_there(repo: Repository, run: Run, words: list[str], message: str) -> None:
    repo.git("checkout", "--quiet", "--orphan", "stranger")
    repo.commit(task=None)
    repo.git("checkout", "--quiet", "main")
    ran = run("diff", *words, directory=repo.folder)
    assert ran == (2, "", f"regcheck: {message.format(folder=repo.folder)}\n")


def test_no_git_and_nothing_committed(tmp_path: Path, run: Run) -> None:
    ran = run("diff", "HEAD", directory=tmp_path)
    way_out = "run this in one, or name a folder of one (-C DIR)"
    assert ran == (2, "", f"regcheck: {tmp_path} is in no Git repository: {way_out}\n")
    unborn = Repository(tmp_path / "unborn")
    ran = run("diff", "HEAD", directory=unborn.folder)
    assert ran == (2, "", "regcheck: there is no revision `HEAD`: nothing has been committed yet\n")


# --- what is missing or broken --------------------------------------------------------


def test_a_side_without_registers_counts_as_empty(repo: Repository, run: Run) -> None:
    repo.commit(machine=None, workload=None, task=None)
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, directory=repo.folder)
    assert ran.status == 0
    assert "- machine:oldbox registers/machine.yaml:3" in " ".join(ran.out.split())
    assert "\nHEAD: there is no register, so it counts as empty\n" in ran.out
    assert ran.err == ""
    ran = run("diff", "HEAD", "HEAD~1", *TODAY, directory=repo.folder)
    assert "+ workload:forge registers/workload.yaml:3" in " ".join(ran.out.split())


def test_a_broken_register_is_compared_as_far_as_it_could_be_read(repo: Repository, run: Run) -> None:
    repo.commit(machine=MACHINES + "  - {id: [\n", workload=MOVED)
    commit = repo.git("rev-parse", "HEAD")[:12]
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, directory=repo.folder)
    assert ran.status == 0
    assert "~ workload:forge" in ran.out
    broken = "registers/machine.yaml could not be read as a whole"
    gone = f"HEAD: {broken}, so what seems gone may stand in it, and what follows from it is not sure"
    gone += f": see `regcheck check --rev {commit}`"
    assert ran.out.startswith(f"From HEAD~1 to HEAD:\n{gone}\n")
    assert ran.err == "", "it is said once"
    ran = run("diff", "HEAD~1", *TODAY, directory=repo.folder)
    assert ran.out.splitlines()[1].startswith(f"the work tree: {broken}")
    ran = run("diff", "HEAD", "HEAD~1", *TODAY, directory=repo.folder)
    assert ran.out.splitlines()[1].startswith(f"HEAD: {broken}, so what seems new may stand in it, ")
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, "--format", "markdown", directory=repo.folder)
    comment = "> **Mind:** HEAD: `registers/machine.yaml` could not be read as a whole, "
    assert ran.out.splitlines()[2].startswith(comment)
    assert ran.err == f"regcheck: {gone}\n"
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, "--format", "json", directory=repo.folder)
    told = json.loads(ran.out)
    assert [told[side]["incomplete"] for side in ("from", "to")] == [[], ["registers/machine.yaml"]]
    assert ran.err == f"regcheck: {gone}\n"


def test_settings_that_say_nothing_sensible_are_named(repo: Repository, run: Run) -> None:
    (repo.folder / "regcheck.toml").write_text("max_agee = 3\n")
    ran = run("diff", "HEAD", directory=repo.folder)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("regcheck: the work tree cannot be judged: regcheck.toml:1: ")


BASELINE = '{"version": 1, "findings": []}'
MENDED = {
    "no TOML": ("regcheck.toml", "max_age = \n", "max_age = 3\n", "regcheck.toml:1: this is not TOML"),
    "no rule": ("regcheck.toml", 'ignore = ["nonsense"]\n', "", "regcheck.toml:1: there is no rule or group"),
    "no baseline": (
        "regcheck-baseline.json",
        "{}",
        BASELINE,
        "regcheck-baseline.json:1: this is no baseline",
    ),
}


@pytest.mark.parametrize("what", MENDED)
def test_what_mends_settings_or_a_baseline_can_be_told(repo: Repository, run: Run, what: str) -> None:
    path, wrong, right, why = MENDED[what]
    (repo.folder / path).write_text(wrong)
    repo.commit()
    (repo.folder / path).write_text(right)
    repo.commit(workload=MOVED)
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, directory=repo.folder)
    first, remark, *others = ran.out.splitlines(keepends=True)
    judged = "it is judged by the settings or the baseline of the other side, as its own are wrong"
    assert remark.startswith(f"HEAD~1: {judged}: {why}")
    assert (ran.status, first + "".join(others), ran.err) == said("HEAD~1", "HEAD")
    told = json.loads(run("diff", "HEAD~1", *TODAY, "--format", "json", directory=repo.folder).out)
    assert [told[side]["remarks"] for side in ("from", "to")] == [[remark.strip().partition(": ")[2]], []]
    ran = run("diff", "HEAD", "HEAD~1", *TODAY, directory=repo.folder)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"regcheck: HEAD~1 cannot be judged: {why}")


def test_contracts_of_the_other_side_are_asked_of_both_where_they_mean_something(
    repo: Repository, run: Run
) -> None:
    """What breaks one did so before, or that is not known: it is no consequence of the mending."""
    contract = '[[contract]]\nname = "apart"\nreason = "so"\ntype = "required"\n'
    contract += 'select = "kind:workload"\nproperty = "runtime"\n'
    (repo.folder / "regcheck.toml").write_text("max_age = \n")
    repo.commit()
    (repo.folder / "regcheck.toml").write_text(contract)
    repo.commit()
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, directory=repo.folder)
    assert ran.out.splitlines()[2] == NO_DIFFERENCE


@pytest.mark.parametrize(
    "value", ["{a: [b]}", "[{a: b}, [c]]", "[[forge]]", "7", "true", "[1, true, x]", "''"]
)
def test_values_of_any_shape_are_compared(repo: Repository, run: Run, value: str) -> None:
    waves = "register: wave\nentries:\n  - {number: 1, name: One, moves: %s, after: %s, aliases: %s}\n"
    odd = WORKLOADS.replace(
        "owner: WP-T01", f"owner: {value}, wave: {value}, needs: {value}, redundant: {value}"
    )
    odd += f"  - {{id: {value}, environment: {value}}}\n"
    repo.commit(wave=waves % ("[forge]", "[]", "x"))
    repo.commit(wave=waves % (value, value, value), workload=odd)
    for words in (("HEAD~1", "HEAD"), ("HEAD", "HEAD~1")):
        for name in ("text", "json", "markdown"):
            ran = run("diff", *words, *TODAY, "--format", name, directory=repo.folder)
            # Where no id can be made of the value, the entry is not read as a whole, and that is said.
            unread = ran.err.count("registers/workload.yaml could not be read as a whole")
            assert (ran.status, ran.err.count("\n")) == (0, unread)
            assert "workload:forge" in ran.out


# --- renames ----------------------------------------------------------------------------


def fleet_of(tmp_path: Path, side: str, text: str) -> Fleet:
    (tmp_path / side / "registers").mkdir(parents=True)
    (tmp_path / side / "registers/r.yaml").write_text(text)
    return read_fleet(WorkTree(str(tmp_path / side)), Settings())


def renamed(tmp_path: Path, kind: str, before: str, after: str) -> dict[str, str]:
    texts = (f"register: {kind}\nentries:\n{entries}" for entries in (before, after))
    fleets = [fleet_of(tmp_path, side, text) for side, text in zip("ba", texts, strict=True)]
    return renames(*fleets).names


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        # two of three fields agree, which is just enough
        (
            "  - {id: a, purpose: p, from: m, to: n}\n",
            "  - {id: b, purpose: q, from: m, to: n}\n",
            {"a": "b"},
        ),
        # two of four do not
        (
            "  - {id: a, purpose: p, from: m, to: n}\n",
            "  - {id: b, purpose: q, from: m, to: n, actor: x}\n",
            {},
        ),
        # one of one proves nothing
        ("  - {id: a, from: m}\n", "  - {id: b, from: m}\n", {}),
        # the most alike find each other, whatever their order
        (
            "  - {id: a, from: m, to: n, actor: x, purpose: p}\n  - {id: b, from: m, to: n, actor: x}\n",
            "  - {id: c, from: m, to: n, actor: x}\n  - {id: d, from: m, to: n, actor: x, purpose: p}\n",
            {"a": "d", "b": "c"},
        ),
        # of equals those whose ids are
        (
            "  - {id: web-one, from: m, to: n}\n  - {id: web-two, from: m, to: n}\n",
            "  - {id: www-two, from: m, to: n}\n  - {id: www-one, from: m, to: n}\n",
            {"web-one": "www-one", "web-two": "www-two"},
        ),
    ],
)
def test_what_counts_as_renamed(tmp_path: Path, before: str, after: str, names: dict[str, str]) -> None:
    expected = {f"tunnel:{old}": f"tunnel:{new}" for old, new in names.items()}
    assert renamed(tmp_path, "tunnel", before, after) == expected
    assert 1 / 2 < ALIKE <= 2 / 3


def test_a_shared_name_is_stronger_than_any_likeness(tmp_path: Path) -> None:
    before = "  - {id: a, role: frozen, current_use: x, addresses: [1.1.1.1]}\n"
    after = (
        "  - {id: b, role: production, aliases: [a]}\n"
        "  - {id: c, role: frozen, current_use: x, addresses: [1.1.1.1]}\n"
    )
    assert renamed(tmp_path, "machine", before, after) == {"machine:a": "machine:b"}


def test_what_is_known_by_the_name_of_another_follows_it(repo: Repository, run: Run) -> None:
    gate = "register: gate\nentries:\n  - {workload: forge, stages: [deploy]}\n"
    repo.commit(gate=gate)
    new = WORKLOADS.replace("forge", "smithy")
    repo.commit(workload=new, gate=gate.replace("forge", "smithy"))
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, directory=repo.folder)
    meaning = "workload:forge is renamed to smithy.\n\nEntries (1)\n"
    meaning += "  ~ workload:forge is now workload:smithy  registers/workload.yaml:3\n"
    assert ran == said("HEAD~1", "HEAD", meaning)


def test_a_renamed_frozen_machine_takes_nothing_new(repo: Repository, run: Run) -> None:
    """The rules that compare know the new name, too."""
    box = "{id: oldbox, role: frozen, current_use: keeps, addresses: [192.0.2.1], notes: some}"
    machines = f"register: machine\nentries:\n  - {box}\n  - {{id: newbox, role: production}}\n"
    workloads = WORKLOADS.replace("staging", "production")
    repo.commit(machine=machines, workload=workloads)
    repo.commit(machine=machines.replace("oldbox", "relic"), workload=workloads.replace("oldbox", "relic"))
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, directory=repo.folder)
    meaning = "machine:oldbox is renamed to relic.\n\nEntries (1)\n"
    meaning += "  ~ machine:oldbox is now machine:relic  registers/machine.yaml:3\n"
    assert ran == said("HEAD~1", "HEAD", meaning)


# --- findings -----------------------------------------------------------------------------


def test_what_only_is_accepted_is_not_gone_and_what_no_longer_is_accepted_is_new(
    repo: Repository, run: Run
) -> None:
    repo.commit(machine=f"{MACHINES}  - {{id: idle, role: planned}}\n  - {{id: idler, role: planned}}\n")
    run("check", "--write-baseline", *TODAY, directory=repo.folder)
    repo.commit()
    at = {"directory": repo.folder}
    there = run("diff", "HEAD~1", "HEAD", *TODAY, **at)
    assert there.out.endswith(
        "\n2 findings are accepted.\n\nFindings (2)\n  ~ 2 findings are accepted now by baseline\n"
    )
    back = run("diff", "HEAD", "HEAD~1", *TODAY, **at)
    assert "\n2 warnings are new.\n" in back.out
    assert back.out.count("(accepted by baseline before)\n") == 2
    told = json.loads(run("diff", "HEAD~1", "HEAD", *TODAY, "--format", "json", **at).out)["findings"]
    assert told["new"] == []
    assert {finding["accepted_by"] for finding in told["gone"]} == {"baseline"}


# --- untrusted text ---------------------------------------------------------------------------

HOSTILE = (
    "<img src=x onerror=alert(1)> \x1b]0;title\x07 `![](x)` [a](javascript:x) @all #1 \u202e </details> |"
)
DEVIOUS = (
    'register: workload\nentries:\n  - {id: "x`<b>y", environment: %s, current_host: oldbox, notes: %s}\n'
)


@pytest.fixture
def hostile(repo: Repository) -> Repository:
    repo.commit(workload=DEVIOUS % ("staging", json.dumps(HOSTILE)))
    repo.commit(workload=DEVIOUS % (json.dumps(HOSTILE), json.dumps(HOSTILE[::-1])))
    (repo.folder / "registers/<b>`.yaml").write_text(
        f"register: task\nentries:\n  - {{id: {json.dumps(HOSTILE)}}}\n"
    )
    (repo.folder / "registers/@all <i>[a](javascript:x).yaml").write_text("register: task\nentries: [\n")
    repo.commit()
    return repo


def test_hostile_text_stays_text_in_every_format(hostile: Repository, run: Run) -> None:
    words = ("diff", "HEAD~2", "HEAD", *TODAY)
    texts = {
        name: run(*words, "--format", name, directory=hostile.folder) for name in ("text", "json", "markdown")
    }
    assert {ran.status for ran in texts.values()} == {0}
    for name, ran in texts.items():
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", ran.out), name
    assert "\\x1b]0;title" in texts["text"].out
    assert HOSTILE[::-1] in json.dumps(json.loads(texts["json"].out), ensure_ascii=False) or (
        json.dumps(HOSTILE[::-1])[1:-1] in texts["json"].out
    )
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(texts["markdown"].out)
    tags = {*re.findall(r"<(/?[a-z0-9]+)[^>]*>", html)}
    allowed = {"h2", "blockquote", "p", "details", "summary", "ul", "li", "code", "strong", "sub"}
    assert {tag.lstrip("/") for tag in tags} <= allowed
    assert html.count("<details>") == html.count("</details>") > 0
    bare = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    assert not re.search(r"onerror|javascript|@all|#1|title", bare)


def test_a_comment_never_is_too_long(repo: Repository, run: Run) -> None:
    """Ids of 200 characters, twice as many bytes, in more entries and findings than anybody reads."""
    entries = "".join(f"  - {{id: {'ü' * 190}-{n}, status: todo, notes: {'ö' * 900}}}\n" for n in range(900))
    repo.commit(task=TASKS + entries)
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, "--format", "markdown", directory=repo.folder)
    assert COMMENT // 2 < len(ran.out.encode()) <= COMMENT
    assert "900 entries are added.\n900 errors are new.\n" in ran.out
    left = re.findall(r"^- (\d+) more lines: `regcheck diff --format json` has all$", ran.out, re.MULTILINE)
    shown = re.findall(r"^- \*\*\+\*\* ", ran.out, re.MULTILINE)
    assert len(shown) + sum(map(int, left)) == 1800
    assert ran.out.count("<details>") == ran.out.count("</details>") == 2
    text = run("diff", "HEAD~1", "HEAD", *TODAY, directory=repo.folder).out
    assert text.count("\n    860 more lines: `--format json` has all\n") == 2


# --- formats -------------------------------------------------------------------------------------


def test_a_comment_says_first_what_it_is_about(repo: Repository, run: Run) -> None:
    commit = repo.commit(workload=MOVED)
    ran = run("diff", "HEAD~1", commit, *TODAY, "--format", "markdown", directory=repo.folder)
    before = repo.git("rev-parse", "HEAD~1")[:12]
    assert (
        ran.out
        == f"""\
## regcheck: what this change means

`workload:forge` moved from oldbox to its target newbox.
1 run-time edge is gained and 1 run-time edge is lost.

<details><summary>Moved (1)</summary>

- **~** `workload:forge`: oldbox → newbox, reached its target (`registers/workload.yaml:3`)

</details>

<details><summary>Run-time edges (2)</summary>

- **+** `workload:forge` runs on `machine:newbox`, now (`registers/workload.yaml:3`)
- **−** `workload:forge` runs on `machine:oldbox`, now (`registers/workload.yaml:3`)

</details>

<sub>From `HEAD~1 ({before})` to `{commit}`.</sub>
"""
    )


def test_json_of_a_move(repo: Repository, run: Run) -> None:
    commit = repo.commit(workload=MOVED)
    told = json.loads(run("diff", "HEAD~1..HEAD", *TODAY, "--format", "json", directory=repo.folder).out)
    place = {"path": "registers/workload.yaml", "line": 3, "column": 53}
    was, is_ = {"target": "machine:oldbox"}, {"target": "machine:newbox"}
    edge = {"source": "workload:forge", "relation": "hosted-on", "states": ["now"], **place}
    field = {"name": "current_host", "before": [was["target"]], "after": [is_["target"]], **place}
    changed = {"id": "workload:forge", **place, "column": 10, "fields": [field]}
    moved = {"from": [was["target"]], "to": [is_["target"]], "target": "reached", **place}
    nothing: dict[str, list[str]] = {"incomplete": [], "remarks": []}
    assert told == {
        "version": 1,
        "from": {"name": "HEAD~1", "commit": repo.git("rev-parse", "HEAD~1"), **nothing},
        "to": {"name": "HEAD", "commit": commit, **nothing},
        "moved": [{"id": "workload:forge", "field": "current_host", **moved}],
        "entries": {"added": [], "removed": [], "renamed": [], "renumbered": [], "changed": [changed]},
        "edges": {"added": [{**edge, **is_}], "removed": [{**edge, **was}]},
        "waves": {"added": [], "removed": [], "changed": [], "rescheduled": []},
        "critical_path": None,
        "outages": [],
        "findings": {"new": [], "gone": []},
    }


def test_several_formats_at_once_and_colour(repo: Repository, run: Run) -> None:
    repo.commit(workload=MOVED)
    words = ("--format", "text", "--format", "markdown=comment.md", "--format", "json=diff.json")
    ran = run("diff", "HEAD~1", "HEAD", *TODAY, *words, "--color", "always", directory=repo.folder)
    assert "\x1b[1;32m~\x1b[0m workload:forge: oldbox → newbox" in ran.out
    assert (repo.folder / "comment.md").read_text().startswith("## regcheck: what this change means\n")
    assert json.loads((repo.folder / "diff.json").read_text())["version"] == 1


def test_nothing_is_written_into_the_repository_nor_kept_without_the_cache(
    repo: Repository, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    padding = "".join(f"  - {{id: w{n}, environment: staging, current_host: newbox}}\n" for n in range(60))
    repo.commit(workload=MOVED + padding)
    without = run("diff", "HEAD~1", "HEAD", *TODAY, "--no-cache", directory=repo.folder)
    assert not cache.exists()
    assert run("diff", "HEAD~1", "HEAD", *TODAY, directory=repo.folder) == without
    assert cache.exists()
    assert run("diff", "HEAD~1", "HEAD", *TODAY, directory=repo.folder) == without
    assert repo.git("status", "--porcelain") == ""


# --- the graph's batch answers -------------------------------------------------------------------

FOLDERS = [
    *(case for case in test_cases.ALL if (case / "registers").is_dir()),
    *(case / side for case in test_diff_cases.ALL for side in ("before", "after")),
]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: "/".join(folder.parts[-3:]))
def test_the_answers_for_all_machines_at_once_are_those_for_each(folder: Path) -> None:
    graph = read(WorkTree(str(folder)))
    machines = [machine.ref for machine in graph.fleet.of("machine").values()]
    reach, states = graph.reach, graph.states
    for state in states:
        each = {m: {hit.entry.ref: hit.effect for hit in reach.affected([m], state)} for m in machines}
        hits = reach.effects(machines, state)
        assert {
            machine: {ref: effect for ref, hit in hits.items() if (effect := hit.effect(at))}
            for at, machine in enumerate(machines)
        } == each
    entries = [entry for kind in graph.runtime_kinds for entry in graph.fleet.of(kind).values()]
    held = {
        (edge.source, edge.target, edge.relation, edge.name, edge.item, state)
        for state in states
        for entry in entries
        if graph.production.exists(entry, state)
        for edge in reach.needs(entry.ref, state)
    }
    found = {
        (edge.source, edge.target, edge.relation, edge.name, edge.item, state)
        for edge, mask in reach.holding(graph.runtime_kinds, states)
        for at, state in enumerate(states)
        if mask >> at & 1
    }
    assert found == held


def test_a_fleet_under_new_names_is_the_fleet_that_was_renamed() -> None:
    case = test_diff_cases.CASES / "a-workload-is-renamed-everywhere"
    before, after = (read(WorkTree(str(case / side))).fleet for side in ("before", "after"))
    found = renames(before, after)
    assert found.names == {"workload:shop": "workload:store"}
    assert contents(before) != contents(after)
    known = under_new_names(before, after, found.names)
    assert contents(known) == contents(after)
    assert contents(before) != contents(after), "what was read stays as it is"


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        ("1: One, 2: Two", "3: One, 2: Two", {1: 3}),
        ("1: One, 2: Two", "2: One, 1: Two", {1: 2, 2: 1}),
        ("1: One, 2: Two", "1: Zero, 2: One, 3: Two", {1: 2, 2: 3}),
        ("1: One, 2: Two", "1: Three, 2: Two", {}),
        # of which one it is nobody says
        ("1: One, 2: One", "3: One, 2: Two", {}),
        ("1: One", "2: One, 3: One", {}),
    ],
)
def test_a_number_is_no_name(tmp_path: Path, before: str, after: str, numbers: dict[int, int]) -> None:
    fleets = []
    for side, waves in (("a", before), ("b", after)):
        written = (wave.split(": ") for wave in waves.split(", "))
        entries = "".join(f"  - {{number: {number}, name: {name}, moves: x}}\n" for number, name in written)
        fleets.append(fleet_of(tmp_path, side, f"register: wave\nentries:\n{entries}"))
    found = renames(*fleets)
    assert found.numbers == {f"wave:{old}": f"wave:{new}" for old, new in numbers.items()}
    assert (found.pairs, found.names) == ((), {})


def contents(fleet: Fleet) -> dict[str, object]:
    prose = ("title", "name")
    return {
        entry.ref: ({name: said for name, said in entry.values.items() if name not in prose}, entry.links)
        for entry in fleet
    }
