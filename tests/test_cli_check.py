"""`regcheck check` from the words on the command line to the bytes that come out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import Repository, Run

TABLE = """\
---
register: workload
---

# Workloads

| Workload | Environment | Current host |
| --- | --- | --- |
| a | production | old |
| b | production | `odl` |
| **a** | staging | new |
"""
MACHINES = """\
register: machine
entries:
  - {id: old, role: frozen}
  - {id: new, role: production}
"""
FILES = {"registers/workloads.md": TABLE, "registers/machines.yaml": MACHINES}

DOUBLE_REPORT = """\
registers/workloads.md:11:5: error[duplicate-id]: `a` is already the id of another workload
  11 │ | **a** | staging | new |
     ╵     ^
  help: merge the two, or give one of them another id
  note: registers/workloads.md:9:3: `a` is workload:a here
"""
DOUBLE = ("--select", "duplicate-id")


def test_a_finding_in_text(repository: Repository, run: Run) -> None:
    repository(FILES)
    ran = run("check", *DOUBLE)
    assert ran == (1, f"{DOUBLE_REPORT}\n1 error in 2 files with 5 entries\n", "")


def test_a_clean_repository(repository: Repository, run: Run) -> None:
    repository({**FILES, "registers/workloads.md": TABLE.replace("**a**", "c")})
    assert run("check", *DOUBLE) == (0, "clean: 2 files with 5 entries\n", "")


def test_a_finding_in_json(repository: Repository, run: Run) -> None:
    repository(FILES)
    ran = run("check", *DOUBLE, "--format", "json")
    assert (ran.status, ran.err) == (1, "")
    assert json.loads(ran.out) == {
        "version": 1,
        "findings": [
            {
                "rule": "duplicate-id",
                "severity": "error",
                "message": "`a` is already the id of another workload",
                "help": "merge the two, or give one of them another id",
                "path": "registers/workloads.md",
                "line": 11,
                "column": 5,
                "end_line": 11,
                "end_column": 6,
                "entry": "workload:a",
                "related": [
                    {
                        "path": "registers/workloads.md",
                        "line": 9,
                        "column": 3,
                        "message": "`a` is workload:a here",
                    }
                ],
            }
        ],
        "silenced": [],
        "summary": {
            "files": 2,
            "entries": 5,
            "errors": 1,
            "warnings": 0,
            "infos": 0,
            "silenced": {"exception": 0, "baseline": 0},
            "baseline": None,
        },
    }


def test_reports_into_files(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    (root / "out.json").write_text("what was there before, and longer than nothing")
    (root / "out.json").chmod(0o640)
    ran = run("check", *DOUBLE, "--format", "text", "--format", "json=out.json")
    assert ran.out == f"{DOUBLE_REPORT}\n1 error in 2 files with 5 entries\n"
    assert (root / "out.json").read_text() == run("check", *DOUBLE, "--format", "json").out
    assert (root / "out.json").stat().st_mode & 0o777 == 0o640
    assert run("check", *DOUBLE, "--format", "text=out.txt", "--color", "always") == (1, "", "")
    assert (root / "out.txt").read_text() == ran.out
    assert sorted(os.listdir(root)) == [".git", "out.json", "out.txt", "registers"]


def test_a_report_into_a_pipe_leaves_it_a_pipe(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    os.mkfifo(root / "pipe")
    reader = subprocess.Popen(["cat", root / "pipe"], stdout=subprocess.PIPE)
    assert run("check", *DOUBLE, "--format", "text=pipe").status == 1
    assert reader.communicate(timeout=20)[0].decode().startswith(DOUBLE_REPORT)
    assert (root / "pipe").is_fifo()


def piped(root: Path, *words: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """A process of its own, with pipes for its streams."""
    command = [sys.executable, "-m", "regcheck", "check", *DOUBLE, *words]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.run(command, cwd=root, encoding="utf-8", check=False, timeout=60, **streams)


def test_a_report_into_what_is_open(repository: Repository) -> None:
    root = repository(FILES)
    report = f"{DOUBLE_REPORT}\n1 error in 2 files with 5 entries\n"
    (root / "log").symlink_to("/dev/stderr")
    for name in ("/dev/stderr", "/dev/fd/2", "/proc/self/fd/2", "log"):
        ran = piped(root, "--format", f"text={name}")
        assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", report)
    for name in ("/dev/stdout", "/dev/fd/1"):
        ran = piped(root, "--format", f"text={name}", "--format", "json=/dev/stderr")
        assert (ran.returncode, ran.stdout) == (1, report)
        assert len(json.loads(ran.stderr)["findings"]) == 1
    reader, writer = os.pipe()
    ran = piped(root, "--format", f"text=/dev/fd/{writer}", pass_fds=[writer])
    os.close(writer)
    with open(reader, encoding="utf-8") as file:
        assert (ran.returncode, ran.stdout, ran.stderr, file.read()) == (1, "", "", report)
    ran = piped(root, "--format", "text=/dev/fd/77")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert (
        ran.stderr
        == "regcheck: `/dev/fd/77` cannot be written: Bad file descriptor: name a file, or what is open\n"
    )


def test_a_report_into_a_file_that_is_open_leaves_what_is_in_it(repository: Repository) -> None:
    root = repository(FILES)
    with open(root / "log", "w", encoding="utf-8") as log:
        log.write("before\n")
        log.flush()
        ran = piped(root, "registers/new", "--format", "text=/dev/stderr", stderr=log)
        assert ran.returncode == 2
        ran = piped(root, "--format", "text=/dev/stderr", "--format", "json=nowhere/x", stderr=log)
        assert (ran.returncode, ran.stdout) == (2, "")
    assert (root / "log").read_text(encoding="utf-8") == (
        "before\nregcheck: there is no file or folder `registers/new`\n"
        f"{DOUBLE_REPORT}\n1 error in 2 files with 5 entries\n"
        "regcheck: `nowhere/x` cannot be written: No such file or directory: make its folder first\n"
    )


def test_a_reader_of_a_pipe_who_has_seen_enough(repository: Repository) -> None:
    root = repository(FILES)
    reader, writer = os.pipe()
    os.close(reader)
    ran = piped(root, "--format", f"text=/dev/fd/{writer}", pass_fds=[writer])
    os.close(writer)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "")


@pytest.mark.parametrize(
    ("first", "second", "where"),
    [
        ("x", "x", "`x`"),
        ("x", "./x", "`./x`, which is `x`"),
        ("there", "link", "`link`, which is `there`"),
        ("link/../x", "x", "`x`, which is `link/../x`"),
        ("to-x", "x", "`x`, which is `to-x`"),
        ("pipe", "pipe", "`pipe`"),
        ("/dev/stderr", "/dev/fd/2", "`/dev/fd/2`, which is `/dev/stderr`"),
    ],
)
def test_two_reports_into_one_file(
    repository: Repository, run: Run, first: str, second: str, where: str
) -> None:
    root = repository({"there": "", "registers/broken.yaml": ""})
    (root / "link").symlink_to("there")
    (root / "to-x").symlink_to("x")
    os.mkfifo(root / "pipe")
    ran = run("check", "-C", "nowhere", "--format", f"json={first}", "--format", f"sarif={second}")
    assert (ran.status, ran.out) == (2, "")
    way = "write `sarif=FILE` with another file"
    assert ran.err.endswith(f"error: argument --format: only one report goes to {where}; {way}\n")
    assert not (root / "x").exists()
    assert (root / "there").read_text() == ""


def test_reports_that_cannot_be_written_keep_no_other_from_it(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(FILES)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(root / "summary.md"))
    outputs = ("json=nowhere/out.json", "junit=registers", "text", "sarif=out.sarif", "github=nowhere/out")
    ran = run("check", *DOUBLE, *(word for output in outputs for word in ("--format", output)))
    assert (ran.status, ran.out) == (2, f"{DOUBLE_REPORT}\n1 error in 2 files with 5 entries\n")
    assert ran.err == (
        "regcheck: `nowhere/out.json` cannot be written: No such file or directory: make its folder first; "
        "`registers` cannot be written: Is a directory: name a file in it; "
        "`nowhere/out` cannot be written: No such file or directory: make its folder first\n"
    )
    assert len(json.loads((root / "out.sarif").read_text())["runs"][0]["results"]) == 1
    assert (root / "summary.md").read_text().startswith("## regcheck: 1 error\n")


# --- what runs and what fails -------------------------------------------------


def test_select_and_ignore(repository: Repository, run: Run) -> None:
    repository({"registers/workloads.md": TABLE})

    def found(*words: str) -> list[str]:
        report = json.loads(run("check", "--format", "json", *words).out)
        return sorted({finding["rule"] for finding in report["findings"]})

    both = ["duplicate-id", "unknown-reference"]
    assert found("--select", "duplicate-id,unknown-reference") == both
    assert found("--select", "duplicate-id", "--select", "unknown-reference") == both
    assert found("--select", "reading") == []
    assert set(both) < set(found("--select", "identity"))
    assert "duplicate-id" not in found("--ignore", "identity")
    assert found("--select", "duplicate-id,unknown-reference", "--ignore", "duplicate-id") == [
        "unknown-reference"
    ]


def test_strict_fails_on_warnings(repository: Repository, run: Run) -> None:
    repository({"registers/machines.yaml": "register: machine\nentries: []\n"})
    loose = run("check", "--select", "empty-register")
    assert (loose.status, loose.out.splitlines()[-1]) == (0, "1 warning in 1 file with 0 entries")
    assert loose.out.startswith("registers/machines.yaml:1:11: warning[empty-register]: ")
    strict = run("check", "--select", "empty-register", "--strict")
    assert strict == (1, loose.out, "")


def test_paths_limit_what_is_reported(repository: Repository, run: Run) -> None:
    root = repository({**FILES, "registers/more/sinks.yaml": "register: sinc\n"})
    rules = ("--select", "duplicate-id,unknown-kind")
    one = run("check", *rules, "registers/workloads.md")
    assert one == (1, f"{DOUBLE_REPORT}\n1 error in 3 files with 5 entries; 1 finding elsewhere\n", "")
    folder = run("check", *rules, "more/", "--format", "json", directory=root / "registers")
    assert [f["path"] for f in json.loads(folder.out)["findings"]] == ["registers/more/sinks.yaml"]
    assert run("check", *rules, "registers/machines.yaml") == (
        0,
        "clean: 3 files with 5 entries; 2 findings elsewhere\n",
        "",
    )
    everything = run("check", *rules, ".", "--format", "json")
    assert everything.out == run("check", *rules, "--format", "json").out
    assert len(json.loads(everything.out)["findings"]) == 2


def test_today(repository: Repository, run: Run) -> None:
    repository(FILES)
    assert run("check", *DOUBLE, "--today", "2026-02-28").status == 1
    for wrong in ("2026-02-30", "20260228", "yesterday", "2026-2-28", "2026-W01-1", ""):
        ran = run("check", "--today", wrong)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.endswith(
            f"regcheck check: error: argument --today: `{wrong}` is not a date (YYYY-MM-DD)\n"
        )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--select", "drain-cycl"],
            "regcheck: there is no rule or group `drain-cycl`: did you mean `drain-cycle`?\n",
        ),
        (["--select", ","], "regcheck check: error: argument --select: it names no rule or group\n"),
        (["nowhere.md"], "regcheck: there is no file or folder `nowhere.md`\n"),
        (["-C", "nowhere"], "regcheck: there is no folder `nowhere`\n"),
        (
            ["--format", "jsn"],
            "regcheck check: error: argument --format: invalid choice: 'jsn': did you mean `json`?\n",
        ),
        (
            ["--format", "json", "--format", "text"],
            "argument --format: only one report goes to standard output; write `text=FILE`\n",
        ),
        (
            ["--format", "json", "--format", "text=/dev/stdout"],
            "argument --format: only one report goes to standard output; write `text=FILE`\n",
        ),
        (
            ["--strickt"],
            "regcheck check: error: unrecognized arguments: --strickt: did you mean `--strict`?\n",
        ),
    ],
)
def test_wrong_usage(repository: Repository, run: Run, words: list[str], message: str) -> None:
    repository(FILES)
    ran = run("check", *words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.endswith(message)


def test_a_path_outside_the_repository(repository: Repository, run: Run, tmp_path: Path) -> None:
    repository({"inner/regcheck.toml": "", "inner/registers/w.md": TABLE, "outer.md": ""})
    ran = run("check", "../outer.md", directory=tmp_path / "inner")
    assert ran.status == 2
    assert ran.err == f"regcheck: `../outer.md` is outside the repository {tmp_path / 'inner'}\n"


def test_no_register(repository: Repository, run: Run) -> None:
    root = repository({"README.md": "prose"})
    where = f"no register found in {root}"
    message = f"{where}: put files into registers/, or name their globs in regcheck.toml"
    assert run("check") == (2, "", f"regcheck: {message}\n")


def test_wrong_settings(repository: Repository, run: Run) -> None:
    repository({**FILES, "regcheck.toml": "\nregister = []\n"})
    message = "regcheck.toml:2: there is no setting `register`: did you mean `registers`?"
    assert run("check") == (2, "", f"regcheck: {message}\n")


# --- terminals and pipes --------------------------------------------------------


def test_colour_is_asked_for(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository(FILES)
    plain = run("check", *DOUBLE).out
    assert "\x1b" not in plain
    always = run("check", *DOUBLE, "--color", "always").out
    link = f"\x1b]8;;file://{tmp_path}/registers/workloads.md\x1b\\registers/workloads.md:11:5\x1b]8;;\x1b\\"
    assert always.startswith(
        f"\x1b[1m{link}\x1b[0m: \x1b[1;31merror[duplicate-id]\x1b[0m: `a` is already the id"
    )
    monkeypatch.setenv("FORCE_COLOR", "1")
    forced = run("check", *DOUBLE).out
    assert "\x1b[1;31merror" in forced
    assert "\x1b]8" not in forced
    monkeypatch.setenv("NO_COLOR", "1")
    assert run("check", *DOUBLE).out == plain
    assert run("check", *DOUBLE, "--color=always").out == always


@pytest.mark.parametrize(
    ("variable", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_on_a_terminal(repository: Repository, variable: dict[str, str], *, colored: bool) -> None:
    pty = pytest.importorskip("pty")
    root = repository(FILES)
    environment = {"TERM": "xterm", "PATH": os.environ["PATH"], "COLUMNS": "60", **variable}
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "regcheck", "check", *DOUBLE]
    status = subprocess.call(command, cwd=root, env=environment, stdout=slave)
    os.close(slave)
    shown = b""
    try:
        while chunk := os.read(master, 65536):
            shown += chunk
    except OSError:  # the other end is closed and all is read
        pass
    os.close(master)
    assert status == 1
    assert (b"\x1b[1;31merror" in shown) is colored
    assert (b"\x1b]8;;file://" in shown) is colored
    assert b"`a` is workload:a here" in shown


def many_findings(repository: Repository) -> Path:
    rows = "".join(f"| w{n} | production | nowhere{n} |\n" for n in range(2000))
    header = "| Workload | Environment | Current host |\n| --- | --- | --- |\n"
    return repository({"registers/w.md": f"---\nregister: workload\n---\n\n{header}{rows}"})


def test_a_reader_who_has_seen_enough(repository: Repository) -> None:
    root = many_findings(repository)
    command = [sys.executable, "-m", "regcheck", "check", "--select", "unknown-reference"]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    first = process.stdout.readline().decode()
    process.stdout.close()
    assert first.startswith("registers/w.md:7:21: error[unknown-reference]: there is no machine `nowhere0`")
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 1
    process.stderr.close()


def test_a_full_disk(repository: Repository) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    root = repository(FILES)
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "regcheck", "check"],
            cwd=root,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    message = "regcheck: standard output cannot be written: No space left on device\n"
    assert (ran.returncode, ran.stderr) == (2, message)


def test_an_output_that_is_not_utf_8(repository: Repository) -> None:
    root = repository({**FILES, "registers/workloads.md": TABLE.replace("staging", "café → bar")})
    ran = subprocess.run(
        [sys.executable, "-m", "regcheck", "check", *DOUBLE],
        cwd=root,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert ran.stdout.decode("ascii").splitlines()[1:3] == [
        r"  11 | | **a** | caf\xe9 -> bar | new |",
        "           ^",
    ]
