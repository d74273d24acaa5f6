"""`regcheck check --fix` and `--diff` as a person, a script and a repository meet them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Repository, Run
from regcheck.check import check
from regcheck.fixing import Change, mend
from regcheck.fixing.changes import difference, save
from regcheck.trees import WorkTree
from regcheck.writing import Changed

WORKLOADS = """\
---
register: workload
---
|Workload|Environment|Current host|
|---|---|---|
| shop | stagin | newets |
| mail | staging | newest |"""
FIXED = """\
---
register: workload
---
| Workload | Environment | Current host |
| -------- | ----------- | ------------ |
| shop     | staging     | newest       |
| mail     | staging     | newest       |
"""
MACHINES = "register: machine\nentries:\n  - {id: newest, role: productoin}\n"
FILES = {"registers/w.md": WORKLOADS, "registers/m.yaml": MACHINES}
IGNORED = ("--ignore", "missing-target")


def git(root: Path, *words: str, given: str = "") -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    ran = subprocess.run(
        ["git", "-C", root, *words],
        input=given.encode(),
        capture_output=True,
        env=environment,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()


# --- what is said -------------------------------------------------------------------


def test_the_report_is_on_what_is_left(repository: Repository, run: Run) -> None:
    root = repository({**FILES, "registers/t.yaml": "register: workload\nentries: [{id: x}]\n"})
    ran = run("check", "--fix", *IGNORED)
    assert ran.status == 1
    assert ran.err == "regcheck: fixed 5 places in 2 files\n"
    assert ran.out == (
        "registers/t.yaml:2:16: error[schema]: `environment` is missing\n"
        "  2 │ entries: [{id: x}]\n"
        "    ╵                ^\n"
        "  help: write its `environment`: one of `production`, `staging`, `development`, `experimental`,"
        " `legacy` or `unknown`\n"
        "\n"
        "1 error in 3 files with 4 entries\n"
    )
    assert (root / "registers/w.md").read_text() == FIXED
    (root / "registers/t.yaml").unlink()
    assert run("check", "--fix", *IGNORED) == (0, "clean: 2 files with 3 entries\n", "")


def test_standard_output_is_nothing_but_the_report(repository: Repository, run: Run) -> None:
    repository(FILES)
    ran = run("check", "--fix", *IGNORED, "--format", "json")
    assert (json.loads(ran.out)["findings"], ran.status) == ([], 0)
    assert ran.err == "regcheck: fixed 5 places in 2 files\n"


def test_only_what_was_asked_for_is_fixed(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    ran = run("check", "--fix", *IGNORED, "registers/m.yaml")
    assert (ran.status, ran.err) == (0, "regcheck: fixed 1 place in 1 file\n")
    assert (root / "registers/w.md").read_text() == WORKLOADS
    assert (root / "registers/m.yaml").read_text() == MACHINES.replace("oin", "ion")


def test_with_select_only_findings_of_these_rules_are_fixed(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    ran = run("check", "--fix", "--select", "unknown-reference", *IGNORED)
    assert ran == (0, "clean: 2 files with 3 entries\n", "regcheck: fixed 1 place in 1 file\n")
    assert (root / "registers/w.md").read_text() == WORKLOADS.replace("newets", "newest")
    assert (root / "registers/m.yaml").read_text() == MACHINES


def test_what_a_rule_that_is_left_out_finds_is_not_fixed(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    run("check", "--fix", *IGNORED, "--ignore", "schema")
    assert (root / "registers/m.yaml").read_text() == MACHINES


@pytest.mark.parametrize(
    "words", [["--fix"], ["--format", "json"], ["--format", "json=x"], ["--statistics"], ["--write-baseline"]]
)
def test_a_diff_is_nothing_else(repository: Repository, run: Run, words: list[str]) -> None:
    root = repository(FILES)
    ran = run("check", "--diff", *words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("regcheck: --diff prints a patch, makes no report and changes nothing")
    assert sorted(os.listdir(root)) == [".git", "registers"]


CONTRACT = """\
[[contract]]
name = "the spare machine is accepted by somebody"
reason = "an audit asks for it"
type = "required"
select = "exception:spare"
property = "reason"
"""


def test_what_the_settings_name_is_not_removed(repository: Repository, run: Run) -> None:
    unused = (
        "register: exception\nentries:\n"
        "  - {id: spare, rule: unknown-place, entry: 'machine:newest', reason: x, expires: 2999-01-01}\n"
    )
    root = repository({**FILES, "registers/e.yaml": unused, "regcheck.toml": CONTRACT})
    ignored = f"{IGNORED[1]},empty-register"
    assert run("check", "--fix", "--ignore", ignored).err == (
        "regcheck: fixed 5 places in 2 files\n"
        "regcheck: registers/e.yaml:3:1 is not fixed: the settings name what would be gone\n"
    )
    assert (root / "registers/e.yaml").read_text() == unused
    (root / "regcheck.toml").write_text("")
    assert run("check", "--fix", "--ignore", ignored).err == "regcheck: fixed 1 place in 1 file\n"


# --- the difference -------------------------------------------------------------------


def test_a_diff_changes_nothing(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    ran = run("check", "--diff", *IGNORED)
    assert (ran.status, ran.err) == (1, "")
    assert ran.out == (
        "--- a/registers/m.yaml\n"
        "+++ b/registers/m.yaml\n"
        "@@ -1,3 +1,3 @@\n"
        " register: machine\n"
        " entries:\n"
        "-  - {id: newest, role: productoin}\n"
        "+  - {id: newest, role: production}\n"
        "--- a/registers/w.md\n"
        "+++ b/registers/w.md\n"
        "@@ -1,7 +1,7 @@\n"
        " ---\n"
        " register: workload\n"
        " ---\n"
        "-|Workload|Environment|Current host|\n"
        "-|---|---|---|\n"
        "-| shop | stagin | newets |\n"
        "-| mail | staging | newest |\n"
        "\\ No newline at end of file\n"
        "+| Workload | Environment | Current host |\n"
        "+| -------- | ----------- | ------------ |\n"
        "+| shop     | staging     | newest       |\n"
        "+| mail     | staging     | newest       |\n"
    )
    assert {name: (root / name).read_text() for name in FILES} == FILES


ODD = {
    "registers/w x.md": "\ufeff" + WORKLOADS.replace("\n", "\r\n").replace("|---|\r\n", "|---|\n"),
    'registers/"m".yaml': MACHINES.replace("}", ", notes: été\x85x}"),
    "registers/ü/r.yaml": 'register: machine\rentries: [{id: b, role: frozne, notes: "x"}]',
}


def test_git_applies_what_fix_would_do(repository: Repository, run: Run) -> None:
    root = repository(ODD)
    (root / ".git").rmdir()
    git(root, "init", "--quiet")
    git(root, "config", "core.autocrlf", "false")
    patch = run("check", "--diff", *IGNORED)
    assert patch.status == 1
    git(root, "apply", "--whitespace=nowarn", given=patch.out)
    applied = {name: (root / name).read_bytes() for name in ODD}
    repository(ODD)
    run("check", "--fix", *IGNORED)
    assert applied == {name: (root / name).read_bytes() for name in ODD}
    assert applied != {name: text.encode() for name, text in ODD.items()}
    assert run("check", "--diff", *IGNORED) == (0, "", "")


def test_bytes_around_a_fix_are_kept(repository: Repository, run: Run) -> None:
    root = repository(ODD)
    run("check", "--fix", *IGNORED)
    found = {name: (root / name).read_bytes().decode() for name in ODD}
    assert found == {
        "registers/w x.md": "\ufeff"
        + FIXED.replace("\n", "\r\n").replace("------------ |\r\n", "------------ |\n"),
        'registers/"m".yaml': MACHINES.replace("}", ", notes: été\x85x}").replace("oin", "ion"),
        "registers/ü/r.yaml": 'register: machine\rentries: [{id: b, role: frozen, notes: "x"}]\r',
    }


def test_a_patch_is_utf_8_whatever_the_terminal_speaks(repository: Repository) -> None:
    root = repository(ODD)
    command = [sys.executable, "-m", "regcheck", "check", "--diff", *IGNORED]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    patch = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False).stdout
    assert "notes: été\x85x}\n".encode() in patch
    assert b'--- "a/registers/\\042m\\042.yaml"\n+++ "b/registers/\\042m\\042.yaml"\n' in patch


def test_a_patch_on_a_terminal_is_coloured_and_cannot_steer_it(repository: Repository) -> None:
    root = repository({"registers/m.yaml": MACHINES + "# \u202e\n"})
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "regcheck", "check", "--diff", "--color", "always"]
    ran = subprocess.run(command, cwd=root, stdout=theirs, check=False)
    os.close(theirs)
    shown = b""
    while not shown.endswith(b"u202e\r\n"):
        shown += os.read(ours, 10_000)
    os.close(ours)
    assert ran.returncode == 1
    assert b"\x1b[1;31m-  - {id: newest, role: productoin}\x1b[0m\r\n" in shown
    assert b"\x1b[1;32m+  - {id: newest, role: production}\x1b[0m\r\n # \\u202e\r\n" in shown


def test_a_patch_of_a_folder_in_a_repository(repository: Repository, run: Run) -> None:
    root = repository({**FILES, "regcheck.toml": ""})
    (root / ".git").rmdir()
    (root / "fleet").mkdir()
    for name in ("registers", "regcheck.toml"):
        (root / name).rename(root / "fleet" / name)
    git(root, "init", "--quiet")
    git(root / "fleet", "apply", given=run("check", "--diff", *IGNORED, directory=root / "fleet").out)
    assert (root / "fleet/registers/w.md").read_text() == FIXED


# --- files ------------------------------------------------------------------------------


def test_a_link_stays_a_link_and_the_mode_is_kept(repository: Repository, run: Run) -> None:
    root = repository({"registers/m.yaml": MACHINES, "facts/w.txt": WORKLOADS})
    (root / "registers/w.md").symlink_to("../facts/w.txt")
    (root / "facts/w.txt").chmod(0o640)
    assert "--- a/facts/w.txt\n+++ b/facts/w.txt\n" in run("check", "--diff", *IGNORED).out
    run("check", "--fix", *IGNORED)
    assert (root / "registers/w.md").readlink() == Path("../facts/w.txt")
    assert (root / "facts/w.txt").read_text() == FIXED
    assert (root / "facts/w.txt").stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(root / "facts")) == ["w.txt"]


def test_a_file_with_two_names_is_left(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    (root / "registers/x.md").symlink_to("w.md")
    run("check", "--fix", *IGNORED)
    assert (root / "registers/w.md").read_text() == WORKLOADS


def test_a_file_whose_name_is_no_text_is_left(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    odd = os.path.join(os.fsencode(root), b"registers/\xff.yaml")
    with open(odd, "wb") as file:
        file.write(MACHINES.encode())
    ran = run("check", "--fix", *IGNORED)
    assert ran.err == "regcheck: fixed 5 places in 2 files\n"
    with open(odd, "rb") as file:
        assert file.read() == MACHINES.encode()


def changes(root: Path) -> list[Change]:
    found = check(WorkTree(str(root)), ignore=["missing-target"])
    mended = mend(
        found, lambda texts: check(WorkTree(str(root)), ignore=["missing-target"], texts=texts), str(root)
    )
    return mended.changes


def test_a_file_that_changed_meanwhile_is_left_and_the_others_are_written(repository: Repository) -> None:
    root = repository(FILES)
    found = changes(root)
    (root / "registers/m.yaml").write_text(f"{MACHINES}# and more\n")
    refused = save(str(root), found)
    assert refused == {"registers/m.yaml": "it has changed meanwhile, so it is left as it is: run this again"}
    assert (root / "registers/m.yaml").read_text() == f"{MACHINES}# and more\n"
    assert (root / "registers/w.md").read_text() == FIXED


@pytest.mark.parametrize("now", ["gone", "a folder", "outside", "a pipe"])
def test_a_file_that_became_something_else_is_left(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory, now: str
) -> None:
    root = repository(FILES)
    found = changes(root)
    file, outside = root / "registers/m.yaml", tmp_path_factory.mktemp("outside") / "m.yaml"
    file.unlink()
    outside.write_text(MACHINES)
    if now == "a folder":
        file.mkdir()
    elif now == "outside":
        file.symlink_to(outside)
    elif now == "a pipe":
        os.mkfifo(file)
    assert list(save(str(root), found)) == ["registers/m.yaml"]
    assert outside.read_text() == MACHINES
    assert (root / "registers/w.md").read_text() == FIXED


INTERFERING = """
import os, sys
def write(event, words):
    if event == "open" and str(words[0]).endswith(".draft") and os.path.exists("once"):
        os.unlink("once")
        with open("registers/m.yaml", "a") as file:
            file.write("# written meanwhile\\n")
sys.addaudithook(write)
from regcheck.__main__ import main
from regcheck.trees import WorkTree
sys.exit(main(sys.argv[1:]))
"""


def test_a_write_of_another_process_while_fixing_is_not_lost(repository: Repository) -> None:
    root = repository({**FILES, "once": ""})
    command = [sys.executable, "-c", INTERFERING, "check", "--fix", *IGNORED, "--color", "never"]
    ran = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert ran.stderr == (
        "regcheck: registers/m.yaml is not fixed: it has changed meanwhile, so it is left as it is:"
        " run this again\n"
        "regcheck: fixed 4 places in 1 file\n"
    )
    assert (root / "registers/m.yaml").read_text() == f"{MACHINES}# written meanwhile\n"
    assert (root / "registers/w.md").read_text() == FIXED
    assert ran.returncode == 1
    assert "error[schema]" in ran.stdout


def test_not_everything_written_fails_though_nothing_is_left_to_find(repository: Repository) -> None:
    root = repository({**FILES, "once": "", "registers/m.yaml": MACHINES.replace("oin", "ion").rstrip("\n")})
    command = [sys.executable, "-c", INTERFERING, "check", "--fix", *IGNORED]
    ran = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert "registers/m.yaml is not fixed" in ran.stderr
    assert (ran.returncode, ran.stdout) == (1, "clean: 2 files with 3 entries\n")


def test_drafts_of_dead_processes_are_no_registers_and_are_removed(repository: Repository, run: Run) -> None:
    draft = ".regcheck-7.draft"
    root = repository({"regcheck.toml": 'registers = ["registers/**"]\n', **FILES, f"registers/{draft}": "{"})
    assert run("check", *IGNORED).out.endswith("in 2 files with 3 entries\n")
    assert (root / "registers" / draft).exists()
    assert run("check", "--fix", *IGNORED).status == 0
    assert sorted(os.listdir(root / "registers")) == ["m.yaml", "w.md"]


def test_the_draft_of_a_living_process_is_left(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    draft = root / f"registers/.regcheck-{os.getpid()}.draft"
    holder = (
        "import fcntl, sys; f = open(sys.argv[1], 'x'); fcntl.flock(f, 2); print('', flush=True); input()"
    )
    command = [sys.executable, "-c", holder, str(draft)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as alive:
        assert alive.stdout is not None
        alive.stdout.readline()
        assert run("check", "--fix", *IGNORED).status == 0
        assert draft.exists()
        alive.communicate(b"\n", timeout=20)
    assert run("check", "--fix", *IGNORED).err == ""
    assert not draft.exists()


def test_what_a_diff_says_of_a_file_that_has_changed(repository: Repository) -> None:
    root = repository(FILES)
    found = changes(root)
    (root / "registers/m.yaml").write_text("")
    with pytest.raises(Changed, match=r"m\.yaml"):
        list(difference(str(root), found[0]))
