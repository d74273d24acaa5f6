"""Files that cannot be read, or not wholly: exact findings, and none of them hides the others."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import POWERLESS, Run, needs_modes
from regcheck.check import check
from regcheck.errors import UsageError
from regcheck.model import Finding
from regcheck.reading import files, read_fleet
from regcheck.settings import Settings
from regcheck.trees import WorkTree
from regcheck.trees.texts import LARGEST_FILE

LOGS = "register: sink\nentries:\n  - {id: logs, current_host: new1, target_host: new1}\n"
MACHINES = "register: machine\nentries:\n  - {id: new1, role: produktion}\n"
ELSEWHERE = (
    "schema",
    "registers/z.yaml:3:22",
    "`role`: `produktion` is not allowed here: did you mean `production`?",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one finding, which no broken file may hide."""
    folder = tmp_path / "repository" / "registers"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text(LOGS)
    (folder / "z.yaml").write_text(MACHINES)
    return tmp_path / "repository"


def said(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.rule, str(finding.position), finding.message) for finding in findings]


def found(root: Path) -> list[tuple[str, str, str]]:
    return said(check(WorkTree(str(root)), today="2026-07-03").findings)


def unreadable(name: str, message: str, place: str = "1:1") -> list[tuple[str, str, str]]:
    return [("unreadable-file", f"registers/{name}:{place}", message), ELSEWHERE]


# --- not a text ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "place", "byte"),
    [
        (b"\xff\xfer\x00e\x00", "1:1", "ff"),
        (b"register: sink\nentries:\n  - name: K\xf6ln\n", "3:12", "f6"),
        (b"---\r\nK\xc3\xb6ln\r\n\xc3", "3:1", "c3"),
        (b"a\rb\r\xed\xa0\x80", "3:1", "ed"),
        (b"\xef\xbb\xbfa\xc0\x80", "1:2", "c0"),
        ("🚀".encode() + b"\xf8", "1:2", "f8"),
    ],
)
@pytest.mark.parametrize("name", ["m.md", "m.yaml"])
def test_bytes_that_are_not_utf_8(root: Path, name: str, content: bytes, place: str, byte: str) -> None:
    (root / "registers" / name).write_bytes(content)
    assert found(root) == unreadable(name, f"the file is not UTF-8: byte 0x{byte} is not valid here", place)


@pytest.mark.parametrize(
    ("content", "place"), [(b"\0", "1:1"), (b"a\r\nbc\0d\0", "2:3"), (b"\xef\xbb\xbf\0", "1:1")]
)
def test_nul_bytes(root: Path, content: bytes, place: str) -> None:
    (root / "registers" / "m.md").write_bytes(content)
    assert found(root) == unreadable("m.md", "the file has a NUL byte, so it is not text", place)


def test_a_huge_file_is_not_read(root: Path) -> None:
    with (root / "registers" / "m.yaml").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)  # a sparse file: nothing is on the disk
    message = "the file is too large: 104,857,601 bytes (at most 104,857,600)"
    assert found(root) == unreadable("m.yaml", message)


# --- not a file --------------------------------------------------------------------------


def test_a_folder_called_like_a_register(root: Path) -> None:
    (root / "registers" / "m.md").mkdir()
    (root / "registers" / "m.md" / "inside.md").write_text("---\nregister: snik\n---\n")
    assert found(root) == [
        ("unreadable-file", "registers/m.md:1:1", "this is a folder"),
        ("unknown-kind", "registers/m.md/inside.md:2:11", "there is no kind `snik`"),
        ELSEWHERE,
    ]


def test_a_pipe_does_not_make_the_run_wait(root: Path) -> None:
    os.mkfifo(root / "registers" / "m.md")
    program = (
        "from regcheck.check import check; from regcheck.trees import WorkTree\n"
        f"print(len(check(WorkTree({str(root)!r})).findings))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=20, text=True, check=True
    )
    assert ran.stdout == "2\n"
    assert found(root) == unreadable("m.md", "this is not a regular file")


def test_a_socket(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "registers")  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("m.md")
        message = "the file cannot be opened: No such device or address"
        assert found(root) == unreadable("m.md", message)


def test_a_link_out_of_the_repository(root: Path) -> None:
    outside = root.parent / "secret.yaml"
    outside.write_text("register: snik\n")
    (root / "registers" / "m.yaml").symlink_to(outside)
    (root / "registers" / "n.yaml").symlink_to("../../secret.yaml")
    message = "a symbolic link leads out of the repository here"
    assert found(root) == [*unreadable("m.yaml", message)[:1], *unreadable("n.yaml", message)]


@pytest.mark.parametrize("target", ["nowhere.yaml", "m.yaml"], ids=["dangling", "itself"])
def test_a_link_to_nothing(root: Path, target: str) -> None:
    (root / "registers" / "m.yaml").symlink_to(target)
    ((rule, place, message), elsewhere) = found(root)
    assert (rule, place, elsewhere) == ("unreadable-file", "registers/m.yaml:1:1", ELSEWHERE)
    assert message.startswith("the file cannot be opened: ")


def test_a_link_inside_the_repository_is_the_file(root: Path) -> None:
    (root / "notes.yaml").write_text(LOGS.replace("logs", "more"))
    (root / "registers" / "m.yaml").symlink_to("../notes.yaml")
    assert found(root) == [ELSEWHERE]
    assert check(WorkTree(str(root))).graph.fleet.get("sink:more") is not None


def test_linked_folders_are_not_followed(root: Path) -> None:
    (root / "registers" / "again").symlink_to(".", target_is_directory=True)
    assert found(root) == [ELSEWHERE]


def test_a_linked_folder_is_told_wherever_the_files_lie(root: Path, run: Run) -> None:
    (root / "shared").mkdir()
    (root / "shared/s.yaml").write_text(LOGS.replace("logs", "more"))
    (root / "registers/shared").symlink_to("../shared", target_is_directory=True)
    (root / "registers/notes").symlink_to("../shared/s.yaml")
    (root / "registers/itself").symlink_to("itself")
    (root / "registers/outside").symlink_to("/", target_is_directory=True)
    (root / "registers/node_modules").symlink_to("../shared", target_is_directory=True)
    (root / "docs").symlink_to("shared", target_is_directory=True)
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(
            ["git", *words], cwd=root, check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        )
    note = (
        "regcheck: registers/shared is a symbolic link to a folder and is not followed:"
        " let a glob name that folder\n"
    )
    assert run("check", "--select", "duplicate-id", directory=root).err == note
    assert run("check", "--select", "duplicate-id", "--staged", directory=root).err == note
    assert run("list", "machine", directory=root).err == note


@needs_modes
def test_a_file_that_may_not_be_read(root: Path) -> None:
    file = root / "registers" / "m.md"
    file.write_text("")
    file.chmod(0)
    assert found_without_power(root) == unreadable("m.md", "the file cannot be opened: Permission denied")


# --- a folder that hides what is in it ---------------------------------------------------

UNLISTED = "the folder cannot be listed, so nothing in it is read: "


def found_without_power(root: Path) -> list[tuple[str, str, str]]:
    program = (
        "import json; from regcheck.check import check; from regcheck.trees import WorkTree\n"
        f"for f in check(WorkTree({str(root)!r})).findings:"
        " print(json.dumps((f.rule, str(f.position), f.message)))"
    )
    command = [*POWERLESS, sys.executable, "-c", program]
    ran = subprocess.run(command, capture_output=True, timeout=20, text=True, check=True)
    return [tuple(json.loads(line)) for line in ran.stdout.splitlines()]


@needs_modes
def test_a_folder_that_may_not_be_listed(root: Path) -> None:
    folder = root / "registers" / "m"
    folder.mkdir(mode=0o300)
    assert found_without_power(root) == unreadable("m", f"{UNLISTED}Permission denied")
    folder.rmdir()
    (root / "registers").chmod(0o300)
    assert found_without_power(root) == [("unreadable-file", "registers:1:1", f"{UNLISTED}Permission denied")]
    (root / "registers").chmod(0o700)


@needs_modes
def test_a_folder_that_may_not_be_listed_and_that_no_glob_leads_into(root: Path) -> None:
    (root / "registers" / "m").mkdir(mode=0o300)
    (root / "regcheck.toml").write_text('registers = ["registers/*.{md,yaml}", "more/**/*.md"]\n')
    assert found_without_power(root) == [ELSEWHERE]


def test_a_folder_whose_path_is_too_long(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "registers")
    for _ in range(20):
        os.mkdir("m" * 250)
        os.chdir("m" * 250)
    ((rule, place, message), elsewhere) = found(root)
    assert (rule, message, elsewhere) == ("unreadable-file", f"{UNLISTED}File name too long", ELSEWHERE)
    assert re.fullmatch(rf"registers(/{'m' * 250})+:1:1", place)


@pytest.mark.parametrize(
    ("target", "why"),
    [("nowhere", "No such file or directory"), ("more", "Too many levels of symbolic links")],
)
def test_a_link_to_no_folder(root: Path, target: str, why: str) -> None:
    (root / "more").symlink_to(target)
    (root / "regcheck.toml").write_text('registers = ["registers/*.yaml", "more/**/*.yaml"]\n')
    assert found(root) == [("unreadable-file", "more:1:1", UNLISTED + why), ELSEWHERE]


def test_a_file_where_a_glob_wants_a_folder(root: Path) -> None:
    (root / "more").write_text("")
    (root / "regcheck.toml").write_text('registers = ["registers/*.yaml", "more/*.yaml", "more/m/*.yaml"]\n')
    assert found(root) == [("unreadable-file", "more:1:1", f"{UNLISTED}Not a directory"), ELSEWHERE]


# --- names -------------------------------------------------------------------------------


def test_a_name_that_is_not_utf_8_is_shown_escaped(root: Path) -> None:
    name = os.fsencode(str(root / "registers")) + b"/k\xf6ln.yaml"
    try:
        with open(name, "wb") as file:
            file.write(b"register: snik\n")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert found(root) == [
        ("unknown-kind", "registers/k\\xf6ln.yaml:1:11", "there is no kind `snik`"),
        ELSEWHERE,
    ]


def test_files_are_read_in_the_order_of_their_paths(root: Path) -> None:
    (root / "registers" / "b").mkdir()
    for name in ("b/c.md", "B.yml", "b.yaml", "ä.md", "b-a.md"):
        (root / "registers" / name).write_text("")
    fleet = read_fleet(WorkTree(str(root)), Settings())
    paths = [source.path for source in fleet.sources]
    assert paths == sorted(paths)
    assert len(paths) == 7


@pytest.mark.parametrize(
    ("glob", "paths"),
    [
        ("registers/*.md", {"registers/a.md"}),
        ("registers/**/*.md", {"registers/a.md", "registers/b/c.md", "registers/b/d/e.md"}),
        ("**/e.md", {"registers/b/d/e.md"}),
        ("registers/**", {"registers/a.md", "registers/b/c.md", "registers/b/d/e.md", "registers/x.yml"}),
        ("registers/{a,x}.{md,yml}", {"registers/a.md", "registers/x.yml"}),
        ("registers/?.md", {"registers/a.md"}),
        ("registers/[a].md", set()),
        ("registers/{{a.md", set()),
        ("registers/{a}}.md", set()),
        ("registers/}a{.md", set()),
        ("../repository/registers/a.md", set()),
        ("/etc/*", set()),
        ("registers/../../*", set()),
        ("", set()),
    ],
)
def test_what_globs_name(tmp_path: Path, glob: str, paths: set[str]) -> None:
    root = tmp_path / "repository"
    for path in ("registers/a.md", "registers/b/c.md", "registers/b/d/e.md", "registers/x.yml", ".git/e.md"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("")
    assert {path for path in files.find(WorkTree(str(root)), [glob])[0] if (root / path).is_file()} == paths


def test_nothing_to_read_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no register found"):
        check(WorkTree(str(tmp_path)))


# --- one broken file never hides the others -----------------------------------------------

BROKEN = {
    "m.md": [
        "---\nregister: sink\n",
        "---\nregister: [\n---\n",
        "---\nregister: sink\n---\n| Sink |\n| - |\n| a | b |\n",
        "<!-- regcheck: register=sink -->\n",
        "<<<<<<< HEAD\n---\nregister: sink\n",
        "---\nentry: snik\n---\n",
    ],
    "m.yaml": [
        "",
        "\t",
        "a: *b",
        "{",
        "[[[",
        "register: snik",
        "register: sink",
        "a: 1\n---\nb: 2",
        "\x07",
        "&a [*a]",
    ],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BROKEN.items() for text in texts])
def test_a_broken_file_has_findings_of_its_own_and_hides_none(root: Path, name: str, text: str) -> None:
    (root / "registers" / name).write_bytes(text.encode())
    findings = found(root)
    assert ELSEWHERE in findings
    assert any(place.startswith(f"registers/{name}:") for _, place, _ in findings)


def test_conflict_markers_of_every_style(root: Path) -> None:
    (root / "registers" / "a.yaml").unlink()
    text = (
        "register: sink\nentries:\n"
        "<<<<<<< HEAD\n  - {id: one}\n||||||| base\n  - {id: zero}\n=======\n  - {id: two}\n>>>>>>> b\n"
        "<<<<<<<\n  - {id: three}\n=======\n>>>>>>>\n"
        "  - {id: four}\n"
    )
    for ending in ("\n", "\r\n", "\r"):
        (root / "registers" / "m.yaml").write_bytes(text.replace("\n", ending).encode())
        verdict = check(WorkTree(str(root)))
        conflicts = [finding.position[1:] for finding in verdict.findings if finding.rule == "merge-conflict"]
        assert conflicts == [(3, 1, 3, 13), (10, 1, 10, 8)]
        assert list(verdict.fleet.of("sink")) == ["one", "three", "four"]
        assert verdict.fleet.of("sink")["four"].position[1:] == (14, 10, 14, 14)


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=======\n",
        "> <<<<<<< HEAD\n",
        "    <<<<<<< HEAD\n",
        "<<<<<<<<\n",
        "<<<<<<<HEAD\n",
        "a >>>>>>> b\n",
    ],
)
def test_what_only_looks_like_a_conflict(root: Path, text: str) -> None:
    (root / "registers" / "m.md").write_text(text)
    assert found(root) == [ELSEWHERE]


@pytest.mark.parametrize(
    "marks", ["<<<<<<< a\n", ">>>>>>> a\n", "<<<<<<< a\n=======\n", "<<<<<<< a\n=======\n>>>>>>> b\n"]
)
def test_many_conflict_markers_take_no_longer_than_few(root: Path, marks: str) -> None:
    (root / "registers" / "m.md").write_text(marks * 20_000)
    started = time.monotonic()
    assert len(read_fleet(WorkTree(str(root)), Settings()).problems_of("merge-conflict")) in (1, 20_000)
    assert time.monotonic() - started < 5
