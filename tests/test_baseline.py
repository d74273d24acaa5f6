"""The baseline: what it accepts, what it says of itself, and what the next write makes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Repository, Run
from regcheck.check import check
from regcheck.model import Finding, Position, Severity
from regcheck.rule import Run as RuleRun
from regcheck.rules import RULES
from regcheck.silencing import baseline
from regcheck.trees import WorkTree
from test_cases import ALL, TODAY, compared, name_of, verdict

FILE = baseline.FILE
WRITE = ("check", "--write-baseline")
WORKLOADS = """\
register: workload
entries:
  - {id: wiki, environment: staging, current_host: unknown}
  - {id: forum, environment: staging, current_host: unknown}
"""
MACHINES = """\
register: machine
entries:
  - {id: web1, role: experimental, role: frozen}
  - {id: web2, role: experimental, role: frozen}
"""
FILES = {"registers/workloads.yaml": WORKLOADS, "registers/machines.yaml": MACHINES}
"""Two equal errors (a key that stands twice), and for each entry a warning."""
BASELINE = """\
{"version": 1,
 "findings": [
  {"rule": "duplicate-key", "about": "registers/machines.yaml", "message": "the key `role` stands twice in one mapping"},
  {"rule": "duplicate-key", "about": "registers/machines.yaml", "message": "the key `role` stands twice in one mapping"},
  {"rule": "unknown-place", "about": "workload:forum", "message": "the `current_host` of workload:forum is unknown"},
  {"rule": "unknown-place", "about": "workload:wiki", "message": "the `current_host` of workload:wiki is unknown"},
  {"rule": "unused-machine", "about": "machine:web1", "message": "no other entry mentions machine:web1"},
  {"rule": "unused-machine", "about": "machine:web2", "message": "no other entry mentions machine:web2"}
 ]}
"""  # noqa: E501
CLEAN = "clean: 2 files with 4 entries; 6 silenced by the baseline\nbaseline: 6 findings\n"


def test_what_is_found_now_is_accepted(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    assert run("check").status == 1
    assert run(*WRITE) == (0, f"{FILE}: 6 findings, 6 of them new; 0 dropped\n", "")
    assert (root / FILE).read_bytes() == BASELINE.encode()
    assert run("check", "--strict") == (0, CLEAN, "")
    assert run(*WRITE) == (0, f"{FILE}: 6 findings, 0 of them new; 0 dropped\n", "")
    assert (root / FILE).read_bytes() == BASELINE.encode()


def test_only_what_is_new_fails(repository: Repository, run: Run) -> None:
    repository({**FILES, FILE: BASELINE})
    more = WORKLOADS + "  - {id: shop, environment: staging, current_host: unknown}\n"
    repository({"registers/workloads.yaml": more})
    report = json.loads(run("check", "--strict", "--format", "json").out)
    assert [finding["entry"] for finding in report["findings"]] == ["workload:shop"]
    assert [one["by"] for one in report["silenced"]] == ["baseline"] * 6
    assert report["summary"]["silenced"] == {"exception": 0, "baseline": 6}
    assert report["summary"]["baseline"] == {"size": 6, "gone": 0}
    assert run(*WRITE).out == f"{FILE}: 7 findings, 1 of them new; 0 dropped\n"


@pytest.mark.parametrize(
    "moved",
    [
        lambda text: f"# a comment\n\n{text}",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("{id", "{   id"),
        lambda text: f"\ufeff{text}",
    ],
    ids=["lines", "CRLF", "CR", "columns", "BOM"],
)
def test_lines_and_their_ends_play_no_part(
    repository: Repository, run: Run, moved: Callable[[str], str]
) -> None:
    repository({path: moved(text) for path, text in FILES.items()} | {FILE: BASELINE})
    assert run("check") == (0, CLEAN, "")


def test_the_baseline_itself_may_have_other_line_ends_and_another_order(
    repository: Repository, run: Run
) -> None:
    head, *lines, _ = BASELINE.splitlines()[1:]
    others = [line.rstrip(",") for line in lines][::-1]
    text = f'{{"version": 1,\r\n{head}\r\n' + ",\r\n".join(others) + "\r\n]}"
    repository({**FILES, FILE: f"\ufeff{text}"})
    assert run("check") == (0, CLEAN, "")


def test_two_equal_findings_need_two(repository: Repository, run: Run) -> None:
    once = BASELINE.replace(BASELINE.splitlines(keepends=True)[2], "", 1)
    repository({**FILES, FILE: once})
    report = json.loads(run("check", "--format", "json").out)
    assert [(f["rule"], f["line"]) for f in report["findings"]] == [("duplicate-key", 4)]
    assert report["summary"]["baseline"] == {"size": 5, "gone": 0}


def test_what_is_gone_drops_out_and_is_new_when_it_comes_back(repository: Repository, run: Run) -> None:
    root = repository({**FILES, FILE: BASELINE})
    repository({"registers/machines.yaml": MACHINES.replace(", role: frozen", "", 1)})
    said = (
        "clean: 2 files with 4 entries; 5 silenced by the baseline\n"
        "baseline: 6 findings, 1 of them gone: `regcheck check --write-baseline` drops those\n"
    )
    assert run("check") == (0, said, "")
    assert run(*WRITE).out == f"{FILE}: 5 findings, 0 of them new; 1 dropped\n"
    assert (root / FILE).read_text() == BASELINE.replace(BASELINE.splitlines(keepends=True)[2], "", 1)
    repository({"registers/machines.yaml": MACHINES})
    back = run("check")
    assert back.status == 1
    assert back.out.endswith(
        "1 error in 2 files with 4 entries; 5 silenced by the baseline\nbaseline: 5 findings\n"
    )


def test_when_all_is_gone_it_is_empty(repository: Repository, run: Run) -> None:
    root = repository({**FILES, FILE: BASELINE})
    machines = "register: machine\nentries:\n  - {id: web1, role: experimental, addresses: [web1]}\n"
    wiki = "{id: wiki, environment: staging, current_host: web1, target_host: web1}"
    workloads = f"register: workload\nentries:\n  - {wiki}\n"
    repository({"registers/machines.yaml": machines, "registers/workloads.yaml": workloads})
    assert run(*WRITE).out == f"{FILE}: 0 findings, 0 of them new; 6 dropped\n"
    assert (root / FILE).read_text() == '{"version": 1,\n "findings": []}\n'
    assert run("check").out == "clean: 2 files with 2 entries\nbaseline: 0 findings\n"
    os.unlink(root / FILE)
    assert run(*WRITE) == (0, "nothing to accept, so no baseline is written\n", "")
    assert not (root / FILE).exists()


# --- rules that did not run, and paths that were not asked for --------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["--select", "unknown-place"],
        ["--select", "independence"],
        ["--ignore", "reading"],
        ["--ignore", "identity"],
        ["registers/machines.yaml"],
        ["registers"],
        ["."],
        ["--select", "unknown-place", "registers/machines.yaml"],
    ],
)
def test_no_part_of_a_run_loses_the_rest(repository: Repository, run: Run, words: list[str]) -> None:
    root = repository({**FILES, FILE: BASELINE})
    assert run("check", *words).out.endswith("\nbaseline: 6 findings\n")
    assert run(*WRITE, *words).out == f"{FILE}: 6 findings, 0 of them new; 0 dropped\n"
    assert (root / FILE).read_text() == BASELINE


def test_a_rule_that_the_settings_ignore_keeps_its_part(repository: Repository, run: Run) -> None:
    root = repository({**FILES, FILE: BASELINE, "regcheck.toml": 'ignore = ["identity"]\n'})
    assert run(*WRITE).out == f"{FILE}: 6 findings, 0 of them new; 0 dropped\n"
    assert (root / FILE).read_text() == BASELINE


def test_a_selection_accepts_only_what_it_found(repository: Repository, run: Run) -> None:
    repository(FILES)
    assert run(*WRITE, "--select", "unknown-place").out == f"{FILE}: 2 findings, 2 of them new; 0 dropped\n"
    assert run(*WRITE, "--select", "duplicate-key").out == f"{FILE}: 4 findings, 2 of them new; 0 dropped\n"
    assert run(*WRITE).out == f"{FILE}: 6 findings, 2 of them new; 0 dropped\n"


def test_paths_accept_only_what_stands_in_them(repository: Repository, run: Run) -> None:
    root = repository(FILES)
    assert run(*WRITE, "registers/workloads.yaml").out == (
        f"{FILE}: 2 findings, 2 of them new; 0 dropped\n"
        "left out: 4 new findings in other files than those named\n"
    )
    ran = run("check", "registers/workloads.yaml")
    assert ran.status == 0
    assert ran.out == (
        "clean: 2 files with 4 entries; 4 findings elsewhere; 2 silenced by the baseline\n"
        "baseline: 2 findings\n"
    )
    assert run(*WRITE, "registers/machines.yaml").out == f"{FILE}: 6 findings, 4 of them new; 0 dropped\n"
    assert (root / FILE).read_text() == BASELINE


def test_the_silenced_follow_the_paths_and_the_size_does_not(repository: Repository, run: Run) -> None:
    repository({**FILES, FILE: BASELINE})
    assert run("check", "registers/workloads.yaml").out == (
        "clean: 2 files with 4 entries; 2 silenced by the baseline\nbaseline: 6 findings\n"
    )


def test_a_rule_that_nobody_knows_keeps_its_part(repository: Repository, run: Run) -> None:
    """Its package is not installed here, or a newer regcheck wrote it."""
    line = '  {"rule": "from-elsewhere", "about": "machine:web1", "message": "no"},\n'
    lines = BASELINE.splitlines(keepends=True)
    text = "".join((*lines[:4], line, *lines[4:]))
    root = repository({**FILES, FILE: text})
    assert run("check").out.endswith("\nbaseline: 7 findings\n")
    assert run(*WRITE).status == 0
    assert sorted((root / FILE).read_text().splitlines()) == sorted(text.splitlines())


def test_a_rule_that_lacks_its_base_keeps_its_part() -> None:
    held = [("weakened-guard", "machine:a", "lowered"), ("unused-machine", "machine:a", "no")]
    rules = {name: RULES[name] for name, *_ in held}
    matched = baseline.match(held, [], RuleRun(TODAY, rules=rules))
    assert matched.baseline == (2, 1)
    assert matched.kept == (held[0],)


LAST = {
    "registers/machines.yaml": "register: machine\nentries:\n  - {id: old, role: experimental}\n",
    "registers/exceptions.yaml": """\
register: exception
entries:
  - {id: e1, rule: undrained, entry: machine:old, reason: so, expires: 2027-01-01}
  - {id: e2, rule: unused-exception, entry: exception:e1, reason: so, expires: 2027-01-01}
  - {id: e3, rule: undraned, entry: machine:old, reason: so, expires: 2027-01-01}
""",
}


@pytest.mark.parametrize(
    "words",
    [
        ["--ignore", "order"],
        ["--ignore", "undrained"],
        ["--select", "unused-exception"],
        ["--select", "identity"],
    ],
)
def test_what_is_said_of_an_exception_waits_for_its_rule(
    repository: Repository, run: Run, words: list[str]
) -> None:
    root, today = repository(LAST), ("--today", TODAY)
    run(*WRITE, *today)
    held = (root / FILE).read_text()
    assert [finding["about"] for finding in json.loads(held)["findings"]] == [
        "exception:e1",
        "exception:e2",
        "exception:e3",
        "machine:old",
    ]
    assert run("check", *today, *words).out.endswith("\nbaseline: 4 findings\n")
    assert run(*WRITE, *today, *words).out == f"{FILE}: 4 findings, 0 of them new; 0 dropped\n"
    assert (root / FILE).read_text() == held


def test_what_is_said_of_an_exception_is_gone_when_its_rule_has_run(repository: Repository, run: Run) -> None:
    root, today = repository(LAST), ("--today", TODAY)
    run(*WRITE, *today)
    repository({"registers/exceptions.yaml": "register: exception\nentries: []\n"})
    assert run(*WRITE, *today, "--ignore", "order,empty-register").out.endswith("; 3 dropped\n")
    assert "exception" not in (root / FILE).read_text()


def test_what_a_last_rule_says_of_others_waits_for_all_rules() -> None:
    held = [("unused-exception", "machine:old", "of some other kind")]
    some = {name: RULES[name] for name in ("unused-exception", "undrained")}
    groups = {"all": tuple(some)}
    assert baseline.match(held, [], RuleRun(TODAY, rules=some, groups=groups)).baseline == (1, 1)
    groups["more"] = ("schema",)
    assert baseline.match(held, [], RuleRun(TODAY, rules=some, groups=groups)).kept == (held[0],)


IDENTITIES = st.lists(
    st.tuples(
        st.sampled_from(["unused-machine", "schema", "undecided", "from-elsewhere"]),
        st.sampled_from(["machine:a", "machine:b"]),
        st.sampled_from(["so", "thus"]),
    )
)


@given(held=IDENTITIES, found=IDENTITIES)
def test_each_one_held_accepts_one_that_is_found(
    held: list[baseline.Identity], found: list[baseline.Identity]
) -> None:
    """`undecided` and `from-elsewhere` do not run, so nothing of theirs is found."""
    ran = {name: RULES[name] for name in ("unused-machine", "schema")}
    place = Position("f", 1, 1, 1, 1)
    findings = [
        Finding(rule, Severity.INFO, message, "", place, about)
        for rule, about, message in found
        if rule in ran
    ]
    matched = baseline.match(held, findings, RuleRun(TODAY, rules=ran))
    have, want = Counter(held), Counter(finding.identity for finding in findings)
    assert Counter(one.finding.identity for one in matched.silenced) == have & want
    assert Counter(finding.identity for finding in matched.left) == want - have
    over = have - want
    assert Counter(matched.kept) == Counter(e for e in over.elements() if e[0] not in ran)
    assert matched.baseline == (len(held), over.total() - len(matched.kept))


# --- what a baseline never accepts, and what it leaves to exceptions ------------------------

DRILL = {
    "registers/workloads.yaml": """\
register: workload
entries:
  - {id: db, environment: staging, stateful: yes}
""",
    "registers/gates.yaml": """\
register: gate
entries:
  - {workload: db, stages: [deploy]}
""",
}


def test_a_rule_that_nothing_silences(repository: Repository, run: Run) -> None:
    root = repository(DRILL)
    rule = "missing-backup-evidence"
    ran = run(*WRITE, "--select", rule)
    assert ran.status == 0
    assert ran.out == (
        "nothing to accept, so no baseline is written\n"
        f"left out: 1 finding of {rule}, which no baseline may accept: see `regcheck check`\n"
    )
    report = json.loads(run("check", "--select", rule, "--format", "json").out)
    (found,) = report["findings"]
    by_hand = baseline.dump([(rule, found["entry"], found["message"])])
    repository({FILE: by_hand})
    ran = run("check", "--select", rule)
    assert ran.status == 1
    assert ran.out.endswith(
        "baseline: 1 finding, 1 of them gone: `regcheck check --write-baseline` drops those\n"
    )
    assert run(*WRITE, "--select", rule).out.startswith(f"{FILE}: 0 findings, 0 of them new; 1 dropped\n")
    assert rule not in (root / FILE).read_text()


EXCEPTION = """\
register: exception
entries:
  - id: wiki-place
    rule: unknown-place
    entry: workload:wiki
    reason: the contract is being looked for
    expires: 2026-12-31
"""


def test_exceptions_go_first(repository: Repository, run: Run) -> None:
    root = repository({**FILES, "registers/exceptions.yaml": EXCEPTION})
    today = ("--today", TODAY)
    assert run(*WRITE, *today).out == f"{FILE}: 5 findings, 5 of them new; 0 dropped\n"
    assert "workload:wiki" not in (root / FILE).read_text()
    assert run("check", *today).out == (
        "clean: 3 files with 5 entries; 6 silenced: 1 by an exception, 5 by the baseline\n"
        "baseline: 5 findings\n"
    )
    over = json.loads(run("check", "--today", "2027-01-01", "--format", "json").out)
    assert [finding["rule"] for finding in over["findings"]] == ["expired-exception", "unknown-place"]
    repository({FILE: BASELINE})
    assert run("check", *today).out.splitlines()[1].startswith("baseline: 6 findings, 1 of them gone")


def test_without_a_register_nothing_is_written(repository: Repository, run: Run) -> None:
    root = repository({"README.md": "prose"})
    assert run(*WRITE).status == 2
    assert not (root / FILE).exists()


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_same_bytes_under_every_hash_seed(repository: Repository, seed: str) -> None:
    root = repository(FILES)
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "regcheck", *WRITE]
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    assert (root / FILE).read_bytes() == BASELINE.encode()


def test_branches_merge(repository: Repository, run: Run) -> None:
    """Two branches that each pay back a debt, and one that takes up another, need nobody's hands."""
    machines = "".join(f"  - {{id: m{n}, role: experimental}}\n" for n in range(9))
    root = repository({"registers/m.yaml": f"register: machine\nentries:\n{machines}"})

    def git(*words: str) -> None:
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.net", "-c", "commit.gpgsign=false")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        subprocess.run(["git", *identity, *words], cwd=root, env=environment, check=True, capture_output=True)

    def without(name: str) -> None:
        file = root / "registers/m.yaml"
        file.write_text(file.read_text().replace(f"  - {{id: {name}, role: experimental}}\n", ""))

    os.rmdir(root / ".git")
    git("init", "-q", "-b", "main")
    run(*WRITE)
    git("add", ".")
    git("commit", "-qm", "debt")
    for name in ("m1", "m5"):
        git("checkout", "-qb", f"pay-{name}", "main")
        without(name)
        run(*WRITE)
        git("commit", "-qam", f"pay {name}")
    git("merge", "-q", "pay-m1")
    assert (
        run("check").out == "clean: 1 file with 7 entries; 7 silenced by the baseline\nbaseline: 7 findings\n"
    )


# --- no message says where or when ------------------------------------------------------------------


def moved(text: str, path: str) -> str:
    """The same register some lines further down."""
    if path.endswith(".md") and text.removeprefix("\ufeff").startswith("---"):
        head, fence, body = text.partition("\n---")
        end, newline, rest = body.partition("\n")
        return f"{head}{fence}{end}{newline}\n\n{rest}" if fence else text
    return f"\n\n{text}" if path.endswith(".md") else f"# a comment\n\n{text}"


@pytest.mark.parametrize("case", ALL, ids=name_of)
def test_no_message_holds_a_line_number(case: Path, tmp_path: Path) -> None:
    for file in (path for path in case.rglob("*") if path.is_file()):
        target = tmp_path / file.relative_to(case)
        target.parent.mkdir(parents=True, exist_ok=True)
        data = file.read_bytes()
        below = "registers" in target.relative_to(tmp_path).parts
        if below and target.suffix in (".md", ".yaml", ".yml"):
            data = moved(data.decode("utf-8", "surrogateescape"), target.name).encode(
                "utf-8", "surrogateescape"
            )
        target.write_bytes(data)
    before = verdict(case)
    after = compared(tmp_path)
    assert sorted(f.identity for f in after.findings) == sorted(f.identity for f in before.findings)


@pytest.mark.parametrize("case", ALL, ids=name_of)
def test_no_message_holds_the_date_of_the_run(case: Path) -> None:
    """What is still found where it was a day later is found in the same words."""
    later: dict[tuple[str, Position], set[str]] = {}
    for finding in check(WorkTree(str(case)), today="2026-07-04").findings:
        later.setdefault((finding.rule, finding.position), set()).add(finding.message)
    for finding in check(WorkTree(str(case)), today=TODAY).findings:
        words = later.get((finding.rule, finding.position))
        assert words is None or finding.message in words
