"""Custom rules: a package that is really installed, and packages that mean harm or slip."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import Ran, Repository, Run
from regcheck.catalogue import catalogue
from regcheck.check import read
from regcheck.custom import declared
from regcheck.reporting import FORMATS
from regcheck.rule import Report
from regcheck.rule import Run as RuleRun
from regcheck.rules import RULES
from regcheck.trees import WorkTree

EXAMPLE = Path(__file__).parent / "example_rules"
CLEAN = {"registers/m.yaml": "register: machine\nentries:\n  - {id: old, role: frozen}\n"}
TUNNELS = {
    "registers/machines.yaml": """\
register: machine
entries:
  - {id: app, role: production}
  - {id: store, role: production}
""",
    "registers/tunnels.yaml": """\
register: tunnel
entries:
  - {id: backups, from: app, to: store, actor: atm-backup, state: always}
  - {id: logs, from: app, to: store, actor: atm-logs, state: always, purpose: one place for all logs}
  - {id: old-way, from: app, to: store, state: now}
""",
}

Regcheck = Callable[..., Ran]


def run_in(root: Path, python: str, *words: str, **environment: str) -> Ran:
    ran = subprocess.run(
        [python, *words],
        cwd=root,
        env={**os.environ, "PYTHONWARNINGS": "error", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


# --- a package that is installed ---------------------------------------------------


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of a fresh environment with the example, beside the regcheck under test."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    made = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", made))
    here = [path for path in sys.path if path.endswith("-packages")]
    assert here
    beside = "".join(f"import site; site.addsitedir({path!r})\n" for path in here)
    (packages / "beside.pth").write_text(beside, encoding="utf-8")
    found = str(Path(sysconfig.get_path("scripts", "venv", made)) / "python")
    # Nothing is fetched: the tools that build and install it are those of the test environment.
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    install = [sys.executable, "-m", "pip", "--python", found, "install", "--quiet", *offline, str(EXAMPLE)]
    subprocess.run(install, check=True)
    return found


@pytest.fixture
def regcheck(python: str, repository: Repository) -> Regcheck:
    """Run regcheck in that environment on the tunnels, with further files."""

    def ran(*words: str, files: Mapping[str, str] = {}) -> Ran:
        return run_in(repository({**TUNNELS, **files}), python, "-m", "regcheck", *words)

    return ran


REPORT = """\
registers/tunnels.yaml:3:10: warning[unexplained-tunnel]: tunnel:backups still exists at target, \
and nothing says what for
  3 │   - {id: backups, from: app, to: store, actor: atm-backup, state: always}
    ╵          ^^^^^^^
  help: write its `purpose`, or give it `state: now` if it is to go

1 warning in 2 files with 5 entries
"""


def test_a_custom_rule_runs_with_the_others(regcheck: Regcheck) -> None:
    assert regcheck("check") == (0, REPORT, "")
    assert regcheck("check", "--strict") == (1, REPORT, "")


@pytest.mark.parametrize("name", ["unexplained-tunnel", "custom"])
def test_it_is_selected_and_ignored_by_its_name_and_group(regcheck: Regcheck, name: str) -> None:
    assert regcheck("check", "--select", name) == (0, REPORT, "")
    assert regcheck("check", "--ignore", name) == (0, "clean: 2 files with 5 entries\n", "")
    ignored = {"regcheck.toml": f'ignore = ["{name}"]\n'}
    assert regcheck("check", files=ignored) == (0, "clean: 2 files with 5 entries\n", "")
    severe = {"regcheck.toml": f'[severity]\n{name} = "error"\n'}
    assert regcheck("check", files=severe) == (
        1,
        REPORT.replace("warning[", "error[").replace("1 warning", "1 error"),
        "",
    )


def test_a_misspelt_name_gets_a_suggestion(regcheck: Regcheck) -> None:
    ran = regcheck("check", "--select", "unexplained-tunel")
    assert ran == (
        2,
        "",
        "regcheck: there is no rule or group `unexplained-tunel`: did you mean `unexplained-tunnel`?\n",
    )


def test_json_has_it(regcheck: Regcheck) -> None:
    [finding] = json.loads(regcheck("check", "--format", "json").out)["findings"]
    assert finding["rule"] == "unexplained-tunnel"
    assert finding["severity"] == "warning"
    assert finding["entry"] == "tunnel:backups"
    assert (finding["path"], finding["line"], finding["column"]) == ("registers/tunnels.yaml", 3, 10)


@pytest.mark.parametrize("name", FORMATS)
def test_every_report_has_it(regcheck: Regcheck, name: str) -> None:
    ran = regcheck("check", "--format", name)
    assert (ran.status, ran.err) == (0, "")
    assert "unexplained-tunnel" in ran.out


def test_it_is_explained(regcheck: Regcheck) -> None:
    ran = regcheck("explain", "unexplained-tunnel")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(
        "unexplained-tunnel: warning by default, group custom, since 1.0 of example-rules 1.0\n\n"
        "A tunnel that is to stay and does not say what it is for.\n\nWhy it matters\n"
    )
    summary = "A tunnel that is to stay and does not say what it is for."
    assert regcheck("explain", "custom").out == (
        f"custom: a group of rules, selected like a rule\n\n  unexplained-tunnel  warning: {summary}\n"
    )
    everything = regcheck("explain").out
    assert "\nrules of the group custom\n" in everything
    assert summary in everything


def test_it_is_completed(python: str, repository: Repository) -> None:
    code = "from regcheck.cli.completers import rules; print(*rules('order,'))"
    words = run_in(repository(TUNNELS), python, "-c", code).out.split()
    assert {"order,custom", "order,unexplained-tunnel", "order,drain-cycle"} <= set(words)


def test_an_exception_silences_it(regcheck: Regcheck) -> None:
    exceptions = """\
register: exception
entries:
  - id: backups-explained-later
    rule: unexplained-tunnel
    entry: tunnel:backups
    reason: Its owner is on leave.
    expires: 2026-07-31
"""
    files = {"registers/exceptions.yaml": exceptions}
    ran = regcheck("check", "--today", "2026-07-03", files=files)
    assert (ran.status, ran.err) == (0, "")
    assert "[" not in ran.out
    assert "1 silenced" in ran.out


def test_a_baseline_takes_it(regcheck: Regcheck) -> None:
    assert regcheck("check", "--write-baseline").status == 0
    ran = regcheck("check")
    assert (ran.status, ran.err) == (0, "")
    assert "[unexplained-tunnel]" not in ran.out
    assert "1 silenced" in ran.out


# --- packages that slip ----------------------------------------------------------------

HEAD = """\
from regcheck.model import Finding, Position, Related, Severity
from regcheck.rule import Rule, rule

HERE = Position("registers/m.yaml", 3, 5, 3, 6)

@rule(severity=Severity.ERROR, since="1.0")
def {name}(fleet, report):
    "{doc}"
"""

PLACE = "which is no place in a file: take an entry's `at(…)`"
YIELD = "yield what `report(position, …)` returns"
CRASHING = [
    # code of the function, what the message says
    ("1 / 0", "crashed: ZeroDivisionError: division by zero"),
    ("yield report(HERE, 'one'); raise OSError(5, 'gone')", "crashed: OSError: [Errno 5] gone"),
    ("raise SystemExit(0)", "crashed: SystemExit: 0"),
    ("yield report(HERE, 'one'); raise SystemExit", "crashed: SystemExit: "),
    ("raise GeneratorExit", "crashed: GeneratorExit: "),
    ("yield from bad_day.judge(fleet, report)", "crashed: RecursionError: maximum recursion depth exceeded"),
    ("fleet.select('kind:nothing', 'now'); yield", "crashed: UsageError: "),
    ("return None", "crashed: TypeError: "),
    ("yield 'one'", f"yields `'one'`, which is no finding: {YIELD}"),
    ("yield None", f"yields `None`, which is no finding: {YIELD}"),
    ("yield report(HERE, 'one')._replace(rule='schema')", "yields a finding of `schema`, Severity.ERROR:"),
    ("yield report(HERE, 'one')._replace(severity='error')", "yields a finding of `bad-day`, error:"),
    ("yield report(HERE, 7)", "says `7`, which is no text"),
    ("yield report(HERE, 'one', 7)", "says `7`, which is no text"),
    ("yield report(HERE, 'one', entry=7)", "says `7`, which is no text"),
    ("yield report('registers/m.yaml', 'one')", f"points at `'registers/m.yaml'`, {PLACE}"),
    ("yield report(None, 'one')", f"points at `None`, {PLACE}"),
    ("yield report(HERE._replace(line=0), 'one')", "points at `Position(path='registers/m.yaml', line=0,"),
    ("yield report(HERE._replace(end_column=4), 'one')", "points at `Position(path='registers/m.yaml', line"),
    ("yield report(HERE._replace(column=True), 'one')", "points at `Position(path='registers/m.yaml', line"),
    ("yield report(HERE._replace(path='/etc/passwd'), 'one')", "points at `Position(path='/etc/passwd'"),
    ("yield report(HERE._replace(path='../m.yaml'), 'one')", "points at `Position(path='../m.yaml'"),
    ("yield report(HERE._replace(path=''), 'one')", "points at `Position(path=''"),
    (
        "yield report(HERE._replace(line=5, end_line=5), 'one')",
        "points at line 5 of registers/m.yaml, which has 4 lines: take an entry's `at(…)`",
    ),
    ("yield report(HERE, 'one', related=[Related(HERE._replace(end_line=9), 'two')])", "points at line 9 of"),
    ("yield report(HERE, 'one', related=[HERE])", "crashed: AttributeError: "),
    ("yield report(HERE, 'one', related=[Related(HERE, None)])", "says `None`, which is no text"),
    ("yield report(HERE, 'one', related=[Related(7, 'two')])", f"points at `7`, {PLACE}"),
]


class Packages:
    """A folder of packages as an installation leaves them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, points: str, code: str = "", package: str = "bad-rules") -> None:
        module = package.replace("-", "_")
        metadata = self.folder / f"{module}-0.1.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.1\n")
        (metadata / "entry_points.txt").write_text(f"[regcheck.rules]\n{points}\n")
        (self.folder / f"{module}.py").write_text(code, encoding="utf-8")

    def metadata(self) -> Path:
        [found] = self.folder.glob("*.dist-info")
        return found


@pytest.fixture
def packages(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Packages]:
    """Packages that are installed in this process, beside a clean repository."""
    repository(CLEAN)
    folder = tmp_path_factory.mktemp("packages")
    monkeypatch.syspath_prepend(folder)
    catalogue.cache_clear()
    yield Packages(folder)
    catalogue.cache_clear()
    for name in ("bad_rules", "worse_rules", "acme_rules"):
        sys.modules.pop(name, None)


def bad_day(body: str) -> str:
    head = HEAD.format(name="bad_day", doc="A bad day.")
    return f"{head}    {body}\n"


WHO = "the custom rule bad-day of bad-rules 0.1 (entry point `bad_rules:bad_day`)"
PROVES_NOTHING = "  This run proves nothing. Please report it to the maintainers of bad-rules 0.1,"
CLEAN_REPORT = (0, "clean: 1 file with 1 entry\n", "")


@pytest.mark.parametrize(("body", "message"), CRASHING, ids=[body for body, _ in CRASHING])
def test_a_rule_that_fails_never_looks_clean(packages: Packages, run: Run, body: str, message: str) -> None:
    packages.add("bad-day = bad_rules:bad_day", bad_day(body))
    ran = run("check", "--ignore", "identity")
    assert (ran.status, ran.out) == (3, "")
    first, second, *_ = ran.err.splitlines()
    assert first.startswith(f"regcheck: {WHO} {message}".rstrip())
    assert second.startswith(PROVES_NOTHING)
    assert run("check", "--ignore", "identity,custom") == CLEAN_REPORT


def test_the_traceback_of_a_crash_is_for_its_author(
    packages: Packages, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages.add("bad-day = bad_rules:bad_day", bad_day("1 / 0"))
    monkeypatch.setenv("REGCHECK_TRACEBACK", "1")
    ran = run("check")
    assert ran.status == 3
    assert "bad_rules.py" in ran.err
    assert "ZeroDivisionError: division by zero\n" in ran.err


def test_what_a_rule_prints_stays_out_of_the_report(packages: Packages, run: Run) -> None:
    head = "import sys\nfrom sys import stdout\nprint('at import')\n"
    body = "print('1st'); sys.stdout.write('2nd\\n'); stdout.write('3rd\\n'); yield report(HERE, 'one')"
    packages.add("bad-day = bad_rules:bad_day", head + bad_day(body))
    ran = run("check", "--select", "custom", "--format", "json")
    assert (ran.status, ran.err) == (1, "at import\n1st\n2nd\n3rd\n")
    assert [finding["message"] for finding in json.loads(ran.out)["findings"]] == ["one"]
    catalogue.cache_clear()
    del sys.modules["bad_rules"]
    ran = run("explain", "bad-day")
    assert (ran.status, ran.err) == (0, "at import\n")
    assert ran.out.startswith("bad-day: error by default")


def test_an_interrupt_stays_one(packages: Packages, run: Run) -> None:
    packages.add("bad-day = bad_rules:bad_day", bad_day("raise KeyboardInterrupt"))
    assert run("check") == (130, "", "")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit()", "SystemExit: "),
        ("import no_such_dependency", "ModuleNotFoundError: No module named 'no_such_dependency'"),
        ("def", "SyntaxError: "),
        ("def __getattr__(name): raise OSError('lazy')", "OSError: lazy"),
    ],
)
def test_a_package_that_cannot_be_imported(packages: Packages, run: Run, code: str, message: str) -> None:
    packages.add("bad-day = bad_rules:bad_day", code)
    for words in (["check"], ["check", "--select", "bad-day"], ["explain", "bad-day"], ["explain"]):
        ran = run(*words)
        assert (ran.status, ran.out) == (3, "")
        first, second, *_ = ran.err.splitlines()
        assert first.startswith(f"regcheck: {WHO} cannot be imported: {message}".rstrip())
        assert second.startswith(PROVES_NOTHING)
    assert run("check", "--select", "reading") == CLEAN_REPORT
    assert run("explain", "drain-cycle").status == 0


RULE = "Rule('bad-day', {}, {}, print, {})"
MISDECLARED = [
    # entry point, code, what the message says after the name of the rule
    (
        "bad_rules:bad_day",
        "bad_day = 7",
        "is no rule but `7`: decorate its function with",
    ),
    ("bad_rules:bad_day", "def bad_day(): pass", "is no rule but `<function bad_day at "),
    ("bad_rules:good_day", HEAD.format(name="good_day", doc="A."), "is called `good-day` where it is made:"),
    ("bad_rules:bad_day", HEAD.format(name="bad_day", doc=""), "has no docstring: its first sentence says"),
    (
        "bad_rules:bad_day",
        "bad_day = " + RULE.format("'error'", "''", "'A.'"),
        "has `'error'` as its sev",
    ),
    (
        "bad_rules:bad_day",
        "bad_day = " + RULE.format("Severity.INFO", 1, "'A.'"),
        "has `1` as its since",
    ),
    (
        "bad_rules:bad_day",
        "bad_day = " + RULE.format("Severity.INFO", "''", 1),
        "has `1` as its doc",
    ),
    (
        "bad_rules:bad_day",
        "bad_day = " + RULE.format("Severity.INFO", "''", "'A.', frozenset({'luck'})"),
        "is silenced by luck: what silences is baseline or exception",
    ),
    ("bad_rules:bed_day", "", "is not there: no `bed_day` in `bad_rules`"),
    ("bed_rules:bad_day", "", "is not there: no module `bed_rules`"),
    ("bad_rules.more:bad_day", "", "is not there: no module `bad_rules.more`"),
    ("bad_rules", "", "names no object: write `package.module:function`"),
]


@pytest.mark.parametrize(("value", "code", "message"), MISDECLARED, ids=[said for *_, said in MISDECLARED])
def test_a_rule_that_is_wrongly_declared(
    packages: Packages, run: Run, value: str, code: str, message: str
) -> None:
    imports = "from regcheck.model import Severity\nfrom regcheck.rule import Rule, rule\n"
    packages.add(f"bad-day = {value}", imports + code)
    for words in (["check"], ["explain", "bad-day"]):
        ran = run(*words)
        assert (ran.status, ran.out) == (2, "")
        who = f"the custom rule bad-day of bad-rules 0.1 (entry point `{value}`)"
        assert ran.err.startswith(f"regcheck: {who} {message}")
        assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("drain-cycle", "is called like a rule or group of regcheck: rename or uninstall it"),
        ("order", "is called like a rule or group of regcheck: rename or uninstall it"),
        ("custom", "is called like a rule or group of regcheck: rename or uninstall it"),
        ("Bad_Day", "is called by no rule's name: write it `like-this`"),
        ("bad,day", "is called by no rule's name: write it `like-this`"),
    ],
)
def test_a_name_that_no_custom_rule_can_have(packages: Packages, run: Run, name: str, message: str) -> None:
    packages.add(f"{name} = bad_rules:bad_day")
    who = f"the custom rule {name} of bad-rules 0.1 (entry point `bad_rules:bad_day`)"
    assert run("check", "--ignore", "reading") == (2, "", f"regcheck: {who} {message}\n")


def test_two_packages_with_one_name(packages: Packages, run: Run) -> None:
    packages.add("bad-day = bad_rules:bad_day", bad_day("yield"))
    packages.add("bad-day = worse_rules:bad_day", bad_day("yield"), "worse-rules")
    worse = "the custom rule bad-day of worse-rules 0.1 (entry point `worse_rules:bad_day`)"
    message = f"regcheck: {worse} is called like {WHO}: uninstall one of the packages\n"
    assert run("check") == (2, "", message)


def test_no_package_with_custom_rules(repository: Repository, run: Run) -> None:
    repository(CLEAN)
    ran = run("check", "--select", "custom")
    assert ran == (2, "", f"regcheck: no package with custom rules is installed in {sys.prefix}\n")


# --- where packages are found -----------------------------------------------------------

POINTS = "bad-day = bad_rules:bad_day"


def names(*folders: Path) -> list[str]:
    """The custom rules that a fresh process finds in these folders."""
    code = "from regcheck.custom import declared; print(*declared(()))"
    path = os.pathsep.join(map(str, folders))
    ran = run_in(Path.cwd(), sys.executable, "-c", code, PYTHONPATH=path)
    assert ran.err == ""
    return ran.out.split()


@pytest.fixture
def laid(tmp_path: Path) -> Packages:
    """A package with a custom rule in a folder."""
    packages = Packages(tmp_path / "packages")
    packages.add(POINTS)
    return packages


def test_an_egg_info_folder(laid: Packages) -> None:
    metadata = laid.metadata()
    (metadata / "METADATA").rename(metadata / "PKG-INFO")
    metadata.rename(laid.folder / "bad_rules.egg-info")
    assert names(laid.folder) == ["bad-day"]


def test_an_egg(laid: Packages) -> None:
    metadata = laid.metadata()
    (metadata / "METADATA").rename(metadata / "PKG-INFO")
    egg = laid.folder / "bad_rules-0.1.egg"
    egg.mkdir()
    metadata.rename(egg / "EGG-INFO")
    assert names(egg) == ["bad-day"]


def test_an_archive(laid: Packages) -> None:
    archive = laid.folder / "bundle.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in laid.folder.glob("*/*"):
            file.write(path, path.relative_to(laid.folder))
    assert names(archive) == ["bad-day"]


def test_an_editable_installation_and_a_folder_that_is_not_there(laid: Packages, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    metadata = laid.metadata()
    metadata.rename(site / metadata.name)  # the code stays in its own folder
    assert names(laid.folder) == []
    assert names(tmp_path / "nowhere", site, laid.folder) == ["bad-day"]


def test_the_first_of_two_versions_of_a_package_counts(laid: Packages, tmp_path: Path) -> None:
    other = Packages(tmp_path / "other")
    other.add("worse-day = bad_rules:bad_day")
    assert names(laid.folder, other.folder) == ["bad-day"]
    assert names(other.folder, laid.folder) == ["worse-day"]


def test_a_finder_of_its_own(monkeypatch: pytest.MonkeyPatch, laid: Packages) -> None:
    class Finder:
        @staticmethod
        def find_spec(*_: object) -> None:
            return None

        @staticmethod
        def find_distributions(context: importlib.metadata.DistributionFinder.Context) -> object:
            if context.name in (None, "bad-rules"):
                yield importlib.metadata.PathDistribution(laid.metadata())

    assert list(declared(())) == []
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert list(declared(())) == ["bad-day"]


# --- what is written about them -----------------------------------------------------------

GUIDE = (EXAMPLE.parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_guide_s_rule_and_its_test(packages: Packages, run: Run, tmp_path: Path) -> None:
    part = GUIDE.partition("## Custom rules\n")[2].partition("\n## ")[0]
    code, test = re.findall(r"```python\n(.*?)```", part, re.DOTALL)
    [points] = re.findall(r'```toml\n\[project.entry-points."regcheck.rules"\]\n(.*)\n```', part)
    packages.add(points.replace('"', ""), code, "acme-rules")
    scope: dict[str, Any] = {}
    exec(test, scope)
    (tmp_path / "fresh").mkdir()
    scope["test_one_machine_is_told_and_two_are_not"](tmp_path / "fresh")
    said = run("explain", "lone-host").out
    assert said.startswith("lone-host: warning by default, group custom, since 1.0 of acme-rules 0.1\n")


def test_what_the_guide_says_a_rule_may_ask_is_there(repository: Repository) -> None:
    graph = read(WorkTree(str(repository(TUNNELS))))
    report = Report(RULES["drain-cycle"], None, RuleRun("2026-07-03"))
    scope = {"fleet": graph, "entry": next(iter(graph.fleet)), "report": report}
    rows = re.findall(r"^\| (`(?:fleet|entry|report)\..*?) \|", GUIDE, re.MULTILINE)
    assert len(rows) > 10
    for row in rows:
        above: Any = None
        for name in re.findall(r"`((?:[a-z]+|)\.[a-z._]+)[^`]*`", row):
            *path, last = name.split(".")
            if path and path[0]:
                above = scope[path[0]]
                for part in path[1:]:
                    above = getattr(above, part)
            assert hasattr(above, last), name
