"""What Git holds is judged as a checkout of it would be, without one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from conftest import Repository, Run
from regcheck.check import check
from regcheck.reporting import text
from regcheck.trees import WorkTree
from regcheck.trees.git import Blob, Git
from regcheck.trees.objects import Objects
from test_cases import ALL, TODAY, name_of

Commit = Callable[[Mapping[str, str | None]], Path]

MACHINES = "register: machine\nentries:\n  - {id: a, role: experimental}\n"
WORKLOADS = (
    "register: workload\nentries:\n  - {id: w, environment: staging, current_host: a, target_host: a}\n"
)
CLEAN = "clean: 2 files with 2 entries\n"
DANGLING = "registers/w.yaml:3:49: error[unknown-reference]: there is no machine `a`"


def git(folder: Path, *words: str | os.PathLike[str], **environment: str) -> str:
    """Git in a folder, with nobody's configuration."""
    own = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    line = ["git", "-C", folder, "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *words]
    ran = subprocess.run(
        line, env=os.environ | own | environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def committed(folder: Path) -> Path:
    """Everything in a folder as the first commit of a repository."""
    if (folder / ".git").is_dir() and not (folder / ".git" / "HEAD").exists():
        (folder / ".git").rmdir()
    git(folder, "init", "-q")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")
    return folder


@pytest.fixture
def fleet(repository: Repository) -> Path:
    """Two registers, committed."""
    return committed(repository({"registers/m.yaml": MACHINES, "registers/w.yaml": WORKLOADS}))


# --- every case ------------------------------------------------------------------


@pytest.fixture(scope="module")
def all_cases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Objects]:
    """A clean checkout of a commit with every case, and that commit."""
    source = tmp_path_factory.mktemp("source")
    for case in ALL:
        shutil.copytree(case, source / name_of(case), symlinks=True)
    committed(source)
    checkout = tmp_path_factory.mktemp("checkout") / "cases"
    git(source, "clone", "-q", source, checkout)
    shutil.rmtree(source / ALL[0].parent.name)  # what lies in the work tree plays no part
    return checkout, Objects.of_revision(Git(str(source)), "HEAD")


@pytest.mark.parametrize("case", ALL, ids=name_of)
def test_a_revision_has_the_findings_of_a_checkout(all_cases: tuple[Path, Objects], case: Path) -> None:
    checkout, revision = all_cases
    on_disk = check(WorkTree(str(checkout / name_of(case))), today=TODAY)
    in_git = check(revision.below(name_of(case)), today=TODAY)
    assert text.render(in_git) == text.render(on_disk)
    assert in_git.findings == on_disk.findings


def test_the_whole_of_a_revision_is_the_whole_of_a_checkout(all_cases: tuple[Path, Objects]) -> None:
    checkout, revision = all_cases
    everywhere = {"ignore": ["duplicate-id"], "today": TODAY}
    (checkout / "regcheck.toml").write_text('registers = ["**/*.{md,yaml}"]\n')
    git(checkout, "add", "regcheck.toml")
    index = Objects.of_index(Git(str(checkout)))
    assert check(index, **everywhere).findings == check(WorkTree(str(checkout)), **everywhere).findings  # type: ignore[arg-type]
    assert index.identity != revision.identity


# --- links, folders and odd things -----------------------------------------------------


def test_links_lead_where_they_lead_on_disk(repository: Repository) -> None:
    root = repository({"registers/m.yaml": MACHINES, "more/w.yaml": WORKLOADS, "more/docs/x.md": "# X\n"})
    registers = root / "registers"
    (registers / "w.yaml").symlink_to("../more/w.yaml")
    (registers / "chain.yaml").symlink_to("w.yaml")
    (registers / "nowhere.yaml").symlink_to("gone.yaml")
    (registers / "outside.yaml").symlink_to("../../secret.yaml")
    (registers / "absolute.yaml").symlink_to("/etc/hostname")
    (registers / "loop.yaml").symlink_to("loop.yaml")
    (registers / "folder.yaml").symlink_to("../more")
    (registers / "through.yaml").symlink_to("m.yaml/x.yaml")
    (registers / "d.md").mkdir()
    (registers / "d.md" / "links.md").write_text(
        "---\nregister: gap\n---\n\n| id | title | links |\n|---|---|---|\n"
        "| g | [a](../../more/docs/x.md#x) [b](../../more/docs/y.md) [c](../folder.yaml/w.yaml) | — |\n"
        "| h | [d](../nowhere.yaml) [e](../absolute.yaml) [f](../loop.yaml) [g](../folder.yaml/docs/) | — |\n"
    )
    (root / "linked").symlink_to("more")
    committed(root)
    found = check(Objects.of_revision(Git(str(root)), "HEAD"), today=TODAY)
    on_disk = check(WorkTree(str(root)), today=TODAY)
    assert text.render(found) == text.render(on_disk)
    assert {f.message for f in found.findings if f.rule == "unreadable-file"} == {
        "a symbolic link leads out of the repository here",
        "this is a folder",
        "the file cannot be opened: No such file or directory",
        "the file cannot be opened: Not a directory",
        "the file cannot be opened: Too many levels of symbolic links",
    }


@pytest.mark.parametrize("leads", ["more", "nowhere", "../outside", "more/w.yaml", "registers"])
def test_the_folder_of_the_registers_may_be_a_link(repository: Repository, leads: str) -> None:
    root = repository({"more/m.yaml": MACHINES, "more/w.yaml": WORKLOADS, "regcheck.toml": ""})
    (root / "registers").symlink_to(leads)
    committed(root)
    found = check(Objects.of_revision(Git(str(root)), "HEAD"), today=TODAY)
    assert text.render(found) == text.render(check(WorkTree(str(root)), today=TODAY))
    assert bool(found.findings) is (leads != "more")


def test_names_that_are_not_utf_8(repository: Repository) -> None:
    root = repository({"registers/m.yaml": MACHINES})
    Path(os.fsdecode(os.path.join(os.fsencode(root), b"registers/w\xff.yaml"))).write_text("register: snik\n")
    committed(root)
    found = check(Objects.of_revision(Git(str(root)), "HEAD"), today=TODAY)
    assert [str(f.position) for f in found.findings if f.rule == "unknown-kind"] == [
        "registers/w\\xff.yaml:1:11"
    ]
    assert found.findings == check(WorkTree(str(root)), today=TODAY).findings


def test_a_file_that_is_too_large(fleet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regcheck.trees.objects.LARGEST_FILE", 60)
    monkeypatch.setattr("regcheck.trees.work_tree.LARGEST_FILE", 60)
    found = check(Objects.of_revision(Git(str(fleet)), "HEAD"), today=TODAY).findings
    assert found == check(WorkTree(str(fleet)), today=TODAY).findings
    assert found[-1].rule == "unreadable-file"


def test_folders_in_folders_without_end(repository: Repository, request: pytest.FixtureRequest) -> None:
    root = repository({"registers/m.yaml": MACHINES})
    # pytest removes the folders of earlier runs, and Python below 3.13 does not get down that deep.
    request.addfinalizer(lambda: subprocess.run(["rm", "-r", str(root / "registers")], check=True))
    depth = 1_100
    here = os.open(root / "registers", os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    with open(os.open("w.yaml", os.O_WRONLY | os.O_CREAT, dir_fd=here), "w") as file:
        file.write("register: snik\n")
    os.close(here)
    blobs = {"registers/" + "d/" * depth + "w.yaml": Blob("100644", "0" * 40)}
    found = check(Objects(Git(str(committed(root))), blobs, str(root)), today=TODAY).findings
    assert [(f.rule, f.position.path) for f in found] == [("unreadable-file", next(iter(blobs)))]


def test_what_git_keeps_is_no_part_of_the_repository(repository: Repository) -> None:
    files = {
        "registers/m.yaml": MACHINES,
        "registers/w.yaml": WORKLOADS,
        "registers/l.md": "[a](../.git/HEAD)\n",
    }
    root = repository({**files, "regcheck.toml": 'documents = ["registers/*.md"]\n'})
    (root / "registers/g.md").symlink_to("../.git/description")
    committed(root)
    for tree in (WorkTree(str(root)), Objects.of_revision(Git(str(root)), "HEAD")):
        found = check(tree, today=TODAY).findings
        assert [(f.rule, f.position.path) for f in found] == [
            ("unreadable-file", "registers/g.md"),
            ("broken-link", "registers/l.md"),
        ]


# --- the command line --------------------------------------------------------------------


def test_what_is_staged_is_judged_and_not_what_lies_there(fleet: Path, run: Run) -> None:
    (fleet / "registers/m.yaml").write_text("what: ever\n")
    (fleet / "registers/new.yaml").write_text("register: snik\n")
    assert run("check", "--staged", directory=fleet) == (0, CLEAN, "")
    git(fleet, "add", "registers/new.yaml")
    ran = run("check", "--staged", directory=fleet)
    assert (ran.status, ran.out.splitlines()[0]) == (
        1,
        "registers/new.yaml:1:11: error[unknown-kind]: there is no kind `snik`",
    )
    assert run("check", "--rev", "HEAD", directory=fleet) == (0, CLEAN, "")


def test_what_is_to_be_added_later_is_not_staged(fleet: Path, run: Run) -> None:
    (fleet / "registers/new.yaml").write_text(MACHINES.replace("id: a", "id: b"))
    (fleet / "registers/empty.md").write_text("")
    git(fleet, "add", "registers/empty.md")
    git(fleet, "add", "--intent-to-add", "registers/new.yaml")
    assert run("check", "--staged", directory=fleet) == (0, CLEAN.replace("2 files", "3 files"), "")


def test_what_lies_above_a_repository_plays_no_part(fleet: Path, run: Run) -> None:
    (fleet.parent / "regcheck.toml").write_text("nope = 1\n")
    try:
        for words in ((), ("--staged",), ("--rev", "HEAD")):
            assert run("check", *words, directory=fleet) == (0, CLEAN, ""), words
    finally:
        (fleet.parent / "regcheck.toml").unlink()


def test_no_ref_says_what_an_object_holds(fleet: Path, run: Run) -> None:
    good = git(fleet, "rev-parse", "HEAD").strip()
    (fleet / "registers/w.yaml").write_text("register: snik\n")
    git(fleet, "commit", "-q", "-a", "-m", "two")
    git(fleet, "replace", "HEAD", good)
    git(fleet, "replace", "HEAD:registers/w.yaml", f"{good}:registers/w.yaml")
    assert run("check", "--rev", "HEAD", directory=fleet).status == 1
    ran = run("check", "--base", "HEAD", directory=fleet)
    assert ran.out.splitlines()[-1] == "1 error, 1 warning (0 new) in 2 files with 1 entry"


def test_a_staged_deletion(fleet: Path, run: Run) -> None:
    git(fleet, "rm", "-q", "--cached", "registers/m.yaml")
    ran = run("check", "--staged", directory=fleet)
    assert (ran.status, ran.out.splitlines()[0]) == (1, DANGLING)
    assert run("check", directory=fleet) == (0, CLEAN, "")  # the file is still there


def test_a_revision_by_each_of_its_names(fleet: Path, run: Run) -> None:
    git(fleet, "tag", "-a", "-m", "t", "v1")
    git(fleet, "rm", "-q", "registers/m.yaml")
    git(fleet, "commit", "-q", "-m", "two")
    for rev in ("HEAD~1", "v1", "HEAD^", git(fleet, "rev-parse", "v1^{tree}").strip(), "main@{0}~1"):
        assert run("check", "--rev", rev, directory=fleet) == (0, CLEAN, ""), rev
    assert run("check", "--rev", "HEAD", directory=fleet).status == 1


@pytest.mark.parametrize(
    ("rev", "said"),
    [
        ("nope", "there is no revision `nope` in {}: see `git log --all`"),
        ("", "`` is no revision"),
        ("HEAD:registers/m.yaml", "there is no revision `HEAD:registers/m.yaml` in {}: see `git log --all`"),
    ],
)
def test_a_revision_that_is_none(fleet: Path, run: Run, rev: str, said: str) -> None:
    assert run("check", "--rev", rev, directory=fleet) == (2, "", f"regcheck: {said.format(fleet)}\n")


def test_options_never_reach_git(fleet: Path, run: Run) -> None:
    ran = run("check", "--rev=--output=/tmp/x", directory=fleet)
    assert ran == (2, "", "regcheck: `--output=/tmp/x` is no revision\n")


def test_nothing_is_committed_yet(repository: Repository, run: Run) -> None:
    root = repository({"registers/m.yaml": MACHINES, "registers/w.yaml": WORKLOADS})
    (root / ".git").rmdir()
    git(root, "init", "-q")
    said = "regcheck: there is no revision `HEAD`: nothing has been committed yet\n"
    assert run("check", "--rev", "HEAD", directory=root) == (2, "", said)
    ran = run("check", "--staged", directory=root)
    assert (ran.status, ran.err.partition(":")[2][:18]) == (2, " no register found")
    git(root, "add", ".")
    assert run("check", "--staged", directory=root) == (0, CLEAN, "")
    note = "regcheck: nothing has been committed yet, so there is nothing to compare with\n"
    assert run("check", "--staged", "--base", "HEAD", directory=root) == (0, CLEAN, note)


def test_no_git_at_all(repository: Repository, run: Run) -> None:
    root = repository({"registers/m.yaml": MACHINES, "registers/w.yaml": WORKLOADS})
    assert run("check", directory=root) == (0, CLEAN, "")
    for option in ("--staged", "--rev=HEAD", "--base=HEAD"):
        ran = run("check", option, directory=root)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith(f"regcheck: {root} is in no Git repository: run this in one")


def test_git_is_not_installed(fleet: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(fleet / "registers"))
    said = "regcheck: Git is needed for this, and cannot be run: No such file or directory\n"
    assert run("check", "--staged", directory=fleet) == (2, "", said)
    (fleet / ".gitignore").write_text("registers/w.yaml\n")
    ran = run("check", directory=fleet)
    assert (ran.status, ran.out) == (0, CLEAN)
    assert ran.err.startswith("regcheck: files that .gitignore names are read, too: Git is needed")


def test_a_repository_of_somebody_else(
    fleet: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("git")
    wrapper = tmp_path / "bin/git"
    wrapper.parent.mkdir()
    # So Git tests this itself.
    wrapper.write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {real} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    assert run("check", "--staged", directory=fleet) == (
        2,
        "",
        (
            f"regcheck: Git says: detected dubious ownership in repository at '{fleet}':"
            f" if you trust it, `git config --global --add safe.directory {fleet}`\n"
        ),
    )


def test_from_a_folder_below_and_with_a_root_below(fleet: Path, run: Run) -> None:
    (fleet / "sub/deep").mkdir(parents=True)
    assert run("check", "--rev", "HEAD", directory=fleet / "sub/deep") == (0, CLEAN, "")
    (fleet / "sub/regcheck.toml").write_text('registers = ["r.yaml"]\n')
    (fleet / "sub/r.yaml").write_text(MACHINES)
    git(fleet, "add", ".")
    one = "1 warning in 1 file with 1 entry"
    assert run("check", "--staged", directory=fleet / "sub/deep").out.splitlines()[-1] == one
    assert run("check", directory=fleet / "sub/deep").out.splitlines()[-1] == one
    # In the revision there are no settings there yet, so its root is the top.
    assert run("check", "--rev", "HEAD", directory=fleet / "sub/deep") == (0, CLEAN, "")


def test_a_folder_that_is_named(fleet: Path, run: Run) -> None:
    (fleet / "sub/deep").mkdir(parents=True)
    (fleet / "sub/deep/regcheck.toml").write_text('registers = ["r.yaml"]\n')
    (fleet / "sub/deep/r.yaml").write_text(MACHINES)
    git(fleet, "add", ".")
    git(fleet, "commit", "-q", "-m", "two")
    shutil.rmtree(fleet / "sub")
    one = "1 warning in 1 file with 1 entry"
    for which in (("--staged",), ("--rev", "HEAD"), ("--rev", "HEAD", "--base", "HEAD")):
        for folder in ("sub/deep", "./sub//deep/", "sub/../sub/deep"):
            said = run("check", *which, "--folder", folder, directory=fleet).out.splitlines()[-1]
            assert said.replace(" (0 new)", "") == one, (which, folder)
    assert run("check", "--staged", "--folder", ".", directory=fleet) == (0, CLEAN, "")
    ran = run("check", "--staged", "--folder", "sup", directory=fleet)
    assert (ran.status, ran.err.partition(":")[2][:24]) == (2, f" no register found in {fleet}/sup"[:24])


@pytest.mark.parametrize("folder", ["", "..", "/etc", "sub/../.."])
def test_a_folder_that_is_none_of_the_repository(fleet: Path, run: Run, folder: str) -> None:
    ran = run("check", "--staged", "--folder", folder, directory=fleet)
    assert (ran.status, ran.err.splitlines()[-1]) == (
        2,
        (
            f"regcheck check: error: argument --folder: `{folder}` is no folder of the repository:"
            " name it from its top"
        ),
    )


@pytest.mark.parametrize("option", [("--folder", "sub"), ("--in-hook",)])
def test_options_about_what_git_holds(fleet: Path, run: Run, option: tuple[str, ...]) -> None:
    said = "regcheck: --folder and --in-hook are about what Git holds: add --staged, or --rev REV\n"
    assert run("check", *option, directory=fleet) == (2, "", said)


def test_paths_limit_what_is_reported(fleet: Path, run: Run) -> None:
    git(fleet, "rm", "-q", "--cached", "registers/m.yaml")
    (fleet / "registers/m.yaml").unlink()
    elsewhere = "clean: 1 file with 1 entry; 2 findings elsewhere\n"
    assert run("check", "--rev", "HEAD", "registers/m.yaml", directory=fleet) == (0, CLEAN, "")
    ran = run("check", "--staged", "registers/m.yaml", directory=fleet)
    assert ran == (2, "", "regcheck: there is no file or folder `registers/m.yaml` there\n")
    (fleet / "registers/other.md").write_text("prose\n")
    git(fleet, "add", "registers/other.md")
    ran = run("check", "--staged", "registers/other.md", directory=fleet)
    assert (ran.status, ran.out) == (0, elsewhere.replace("1 file", "2 files"))


@pytest.mark.parametrize("option", ["--fix", "--diff", "--write-baseline"])
def test_what_git_holds_is_not_written(fleet: Path, run: Run, option: str) -> None:
    ran = run("check", "--staged", option, directory=fleet)
    said = "--fix, --diff and --write-baseline are about the work tree: leave --staged and --rev out"
    assert ran == (2, "", f"regcheck: {said}\n")


# --- kinds of repositories ---------------------------------------------------------------------


def test_a_bare_repository(fleet: Path, tmp_path: Path, run: Run) -> None:
    bare = tmp_path / "bare.git"
    git(fleet, "clone", "-q", "--bare", fleet, bare)
    assert run("check", "--rev", "main", directory=bare) == (0, CLEAN, "")
    assert run("-C", bare, "check", "--rev", "main") == (0, CLEAN, "")
    ran = run("check", "--staged", directory=bare)
    said = f"regcheck: {bare} is a bare repository, which has no index: name a revision (--rev)\n"
    assert ran == (2, "", said)


def test_a_linked_worktree(fleet: Path, tmp_path: Path, run: Run) -> None:
    linked = tmp_path / "linked"
    git(fleet, "worktree", "add", "-q", "-b", "other", linked)
    git(linked, "rm", "-q", "registers/m.yaml")
    assert run("check", "--staged", directory=linked).out.splitlines()[0] == DANGLING
    assert run("check", "--rev", "HEAD", directory=linked) == (0, CLEAN, "")
    assert run("check", "--staged", directory=fleet) == (0, CLEAN, "")


def test_a_shallow_clone(fleet: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git(fleet, "commit", "-q", "--allow-empty", "-m", "two")
    git(fleet, "clone", "-q", "--depth", "1", f"file://{fleet}", tmp_path / "shallow")
    shallow = tmp_path / "shallow"
    assert run("check", "--rev", "HEAD", directory=shallow) == (0, CLEAN, "")
    way_out = "fetch more of its history (`git fetch --unshallow`)"
    said = f"there is no revision `HEAD~1` in this shallow clone: {way_out}"
    assert run("check", "--rev", "HEAD~1", directory=shallow) == (2, "", f"regcheck: {said}\n")
    monkeypatch.setenv("CI", "true")
    note = "regcheck: no base revision is known in this shallow clone: fetch its whole history to compare\n"
    assert run("check", directory=shallow) == (0, CLEAN, note)


def test_a_sparse_checkout(fleet: Path, run: Run) -> None:
    (fleet / "more").mkdir()
    (fleet / "more/x").write_text("x")
    git(fleet, "add", ".")
    git(fleet, "commit", "-q", "-m", "two")
    git(fleet, "sparse-checkout", "set", "--no-cone", "/registers/w.yaml")
    assert not (fleet / "registers/m.yaml").exists()
    assert run("check", "--staged", directory=fleet) == (0, CLEAN, "")
    assert run("check", "--rev", "HEAD", directory=fleet) == (0, CLEAN, "")
    assert run("check", directory=fleet) == (0, CLEAN, "")  # what is not checked out is read from the index


def test_a_submodule_is_another_repository(fleet: Path, tmp_path: Path, run: Run) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.yaml").write_text("register: snik\n")
    git(fleet, "submodule", "--quiet", "add", committed(other), "registers/sub")
    (fleet / "registers/l.md").write_text("[there](sub/x.yaml) [nowhere](sup/x.yaml)\n")
    (fleet / "regcheck.toml").write_text('documents = ["registers/*.md"]\n')
    git(fleet, "add", ".")
    git(fleet, "commit", "-q", "-m", "two")
    note = "regcheck: registers/sub is another repository: nothing in it was read\n"
    for words in (("--staged",), ("--rev", "HEAD"), ()):
        ran = run("check", *words, directory=fleet)
        assert (ran.status, ran.err) == (1, note), words
        assert ran.out.splitlines()[0].startswith(
            "registers/l.md:1:31: error[broken-link]: the link `sup/x.yaml`"
        ), words
        assert ran.out.splitlines()[-1] == "1 error in 3 files with 2 entries", words
    ran = run("check", directory=fleet / "registers/sub")
    assert (ran.status, "no register found" in ran.err) == (2, True)  # it has a root of its own


def test_a_conflict_in_the_index(fleet: Path, run: Run) -> None:
    git(fleet, "checkout", "-q", "-b", "other")
    (fleet / "registers/m.yaml").write_text(MACHINES.replace("experimental", "planned"))
    git(fleet, "commit", "-q", "-a", "-m", "two")
    git(fleet, "checkout", "-q", "main")
    (fleet / "registers/m.yaml").write_text(MACHINES.replace("experimental", "retired"))
    git(fleet, "commit", "-q", "-a", "-m", "three")
    with pytest.raises(AssertionError):
        git(fleet, "merge", "other")
    ran = run("check", "--staged", directory=fleet)
    assert ran.out.splitlines()[0] == (
        "registers/m.yaml:1:1: error[unreadable-file]: the index has several sides of a conflict here"
    )
    assert run("check", directory=fleet).out.startswith("registers/m.yaml:3:1: error[merge-conflict]")


def test_an_object_that_a_partial_clone_lacks(fleet: Path, run: Run) -> None:
    oid = git(fleet, "rev-parse", "HEAD:registers/m.yaml").strip()
    found = (fleet / ".git/objects" / oid[:2] / oid[2:]).rename(
        fleet / ".git/objects" / oid[:2] / f"{oid[2:]}.gone"
    )
    ran = run("check", "--rev", "HEAD", directory=fleet)
    said = "Git has no object for this file: this clone does not hold everything"
    assert ran.out.splitlines()[:2] == [
        f"registers/m.yaml:1:1: error[unreadable-file]: {said}",
        "  help: fetch it (`git fetch --refetch`), or clone again",
    ]
    found.rename(found.with_suffix(""))  # once it is there, what was said without it counts no more
    assert run("check", "--rev", "HEAD", directory=fleet) == (0, CLEAN, "")


# --- what is inherited --------------------------------------------------------------------------


def test_inherited_variables_lead_nowhere_else(
    fleet: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    (other / "registers").mkdir(parents=True)
    (other / "registers/x.yaml").write_text("register: snik\n")
    committed(other)
    for name, value in {
        "GIT_DIR": other / ".git",
        "GIT_WORK_TREE": other,
        "GIT_INDEX_FILE": other / ".git/index",
        "GIT_OBJECT_DIRECTORY": other / ".git/objects",
        "GIT_QUARANTINE_PATH": other / ".git/objects",
        "GIT_COMMON_DIR": other / ".git",
        "GIT_NAMESPACE": "x",
        "GIT_PREFIX": "x/",
    }.items():
        monkeypatch.setenv(name, str(value))
    for words in (("--staged",), ("--rev", "HEAD"), ("--base", "HEAD"), ()):
        assert run("check", *words, directory=fleet) == (0, CLEAN, ""), words


def test_the_index_of_a_partial_commit_is_the_one_that_counts(
    fleet: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(fleet / ".git/index", fleet / ".git/next-index-1.lock")
    git(
        fleet,
        "rm",
        "-q",
        "--cached",
        "registers/m.yaml",
        GIT_INDEX_FILE=str(fleet / ".git/next-index-1.lock"),
    )
    assert run("check", "--staged", directory=fleet) == (0, CLEAN, "")
    monkeypatch.setenv("GIT_INDEX_FILE", str(fleet / ".git/next-index-1.lock"))
    assert run("check", "--staged", directory=fleet).out.splitlines()[0] == DANGLING
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    assert run("check", "--staged", directory=fleet).out.splitlines()[0] == DANGLING
