"""Settings that say something else than they mean, and settings that would do harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conftest import POWERLESS, Repository, Run, needs_modes
from regcheck.settings.places import places

MACHINES = {"registers/m.yaml": "register: machine\nentries: [{id: a, role: frozen}]\n"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('registers = ["../*.yaml"]', "`../*.yaml` leads out of the repository: only what is in it is read"),
        ('documents = "/etc/*"', "`/etc/*` leads out of the repository: only what is in it is read"),
        ('schemas = "a/../../b"', "`a/../../b` leads out of the repository: only what is in it is read"),
        (
            'registers = "registers/[a-z].yaml"',
            "`[` in `registers/[a-z].yaml` is no wildcard: those are `*`, `**`, `?` and `{a,b}`",
        ),
        (
            'registers = "{a,b}{a,b}{a,b}{a,b}{a,b}"',
            "`{a,b}{a,b}{a,b}{a,b}{a,b}` has more than 4 choices: write several globs",
        ),
        (
            'registers = ["registers/{a,b.yaml"]',
            "a brace in `registers/{a,b.yaml` lacks its other one: a choice is `{a,b}`",
        ),
        ('documents = "a}b{"', "a brace in `a}b{` lacks its other one: a choice is `{a,b}`"),
        ("documents = 'docs\\*.md'", "the `\\` in `docs\\*.md` parts no folders: write `/`"),
        (f"max_age = {'9' * 4301}", "a number with thousands of digits is no setting: write a smaller one"),
        (f"schemas = 0x{'f' * 4000}", "`schemas` is the path of a folder"),
        (
            f"severity.undecided = 0x{'f' * 4000}",
            f"the severity of `undecided` is `0x{'f' * 55}…`: it is error, warning or info",
        ),
        ('ignore = ["undecidd"]', "there is no rule or group `undecidd`: did you mean `undecided`?"),
        (
            "severity = {nope = 'error'}",
            "there is no rule or group `nope`: see `regcheck explain`, or install the package that brings it",
        ),
        ("severity.undecided = 'waring'", "the severity of `undecided` is `waring`: did you mean `warning`?"),
        ("max_age = -1", "`max_age` is a number of days"),
        ("max_age = 1000000", "`max_age` is a number of days"),
        ("contract = 'x'", "`contract` is a list of tables: begin each one with `[[contract]]`"),
        ("register = 1", "there is no setting `register`: did you mean `registers`?"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_line(
    repository: Repository, run: Run, line: str, message: str
) -> None:
    repository({**MACHINES, "regcheck.toml": f"# ours\n{line}\n"})
    assert run("check") == (2, "", f"regcheck: regcheck.toml:2: {message}\n")


def test_a_table_of_pyproject(repository: Repository, run: Run) -> None:
    repository({**MACHINES, "pyproject.toml": "[tool.regcheck]\nignore = ['unused-machine']\n"})
    assert run("check").out == "clean: 1 file with 1 entry\n"
    repository({"pyproject.toml": "[tool]\nregcheck = 5\n"})
    assert run("check").err == "regcheck: pyproject.toml:2: `[tool.regcheck]` is a table\n"
    repository({"pyproject.toml": "tool = 5 # regcheck\n"})
    assert run("check", "--select", "schema").status == 0


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[severity]\nundecided = 'error'\n'empty-wave' = 'loud'\n", 3),
        ('[severity]\n"empty\\u002Dwave"\t=\t"loud"\n', 2),
        ("ignore = []\nseverity . empty-wave = 'loud'\n", 2),
        ("ignore = []\nseverity = { undecided = 'error', empty-wave = 'loud' }\n", 2),
        ("[ 'severity' ] # here\r\nundecided = 'error'\r\nempty-wave = 'loud'\r\n", 3),
    ],
)
def test_the_line_of_a_severity(repository: Repository, run: Run, text: str, place: int) -> None:
    repository({**MACHINES, "regcheck.toml": text})
    message = "the severity of `empty-wave` is `loud`: it is error, warning or info"
    assert run("check").err == f"regcheck: regcheck.toml:{place}: {message}\n"


def test_the_line_of_one_glob(repository: Repository, run: Run) -> None:
    repository({**MACHINES, "regcheck.toml": 'documents = [\n  "a.md", # one\n  "../b.md",\n]\n'})
    message = "`../b.md` leads out of the repository: only what is in it is read"
    assert run("check").err == f"regcheck: regcheck.toml:3: {message}\n"


def test_look_alikes_are_no_settings(repository: Repository, run: Run) -> None:
    text = (
        'documents = """\nignore = 1\ncontract = 1\nmax_age = -1\n\\"""\n"""\n#max_age = -1\nmax_age = -1\n'
    )
    repository({**MACHINES, "regcheck.toml": text})
    assert run("check").err == "regcheck: regcheck.toml:8: `max_age` is a number of days\n"


def test_a_key_of_another_tool_is_none_of_ours(repository: Repository, run: Run) -> None:
    text = "[tool.other]\nmax_age = -1\n[tool.'regcheck']\nignore = 'empty-wave'\nmax_age = -1\n"
    repository({**MACHINES, "pyproject.toml": text})
    assert run("check").err == "regcheck: pyproject.toml:5: `max_age` is a number of days\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "# ours\r\n\r\nmax_age = soon\r\n",
            "3: this is not TOML: Invalid value (column 11): write a text in quotes, a list in brackets",
        ),
        ("a = 1\n[a]\n", "2: this is not TOML: Cannot overwrite a value (column 3): keep one of the two"),
        (
            "ignore = []\nmax_age: 3",
            (
                "2: this is not TOML: Expected '=' after a key in a key/value pair (column 8):"
                " write a setting as `name = value`"
            ),
        ),
        (
            "ignore = []\nmax_age = \n",
            "2: this is not TOML: Invalid value (column 11): write a text in quotes, a list in brackets",
        ),
        (
            "ignore = [\n  'order',\n\n",
            "2: this is not TOML: Invalid value (at the end): write a text in quotes, a list in brackets",
        ),
        (
            "= 1",
            (
                "1: this is not TOML: Invalid statement (column 1):"
                " check the quotes, brackets and commas of this line"
            ),
        ),
        (f"x = {'[' * 20_000}", "1: this is nested too deeply: flatten it"),
    ],
)
def test_no_toml_is_an_error_at_its_line(repository: Repository, run: Run, text: str, message: str) -> None:
    repository({**MACHINES, "regcheck.toml": text})
    assert run("check") == (2, "", f"regcheck: regcheck.toml:{message}\n")


def test_a_project_file_that_is_no_toml(repository: Repository, run: Run) -> None:
    repository({**MACHINES, "pyproject.toml": "[tool.regcheck]\n[tool.regcheck]\n"})
    said = "this is not TOML: Cannot declare ('tool', 'regcheck') twice (column 15): keep one of the two"
    assert run("check").err == f"regcheck: pyproject.toml:2: {said}\n"


def test_a_byte_order_mark_is_none_of_the_settings(repository: Repository, run: Run) -> None:
    repository({**MACHINES, "regcheck.toml": "\ufeffmax_age = -1\n"})
    assert run("check").err == "regcheck: regcheck.toml:1: `max_age` is a number of days\n"


# --- the line of everything that TOML can say -----------------------------------------

WORDS = st.text(st.sampled_from("ab.=#[]{}\"'\\\n "), max_size=4)
SCALARS = st.one_of(
    st.integers(-9, 9).map(str),
    st.sampled_from(["true", "1.5e3", "inf", "1979-05-27 07:32:00.5", "07:32:00", "0xdead_beef"]),
    WORDS.map(json.dumps),
    WORDS.filter(lambda word: not {"\n", "'"} & set(word)).map(lambda word: f"'{word}'"),
    WORDS.map(lambda word: '"""' + json.dumps(word)[1:-1].replace("\\n", "\n") + '"""'),
    WORDS.filter(lambda word: "'" not in word).map(lambda word: f"'''{word}'''"),
    st.sampled_from(['"""""', "'''''"]).map(lambda quotes: f"{quotes}x{quotes}"),
)
KEYS = st.one_of(st.sampled_from("ab"), WORDS.map(json.dumps), st.sampled_from(["a . b", "'a'.\"b\""]))
GAPS = st.sampled_from(["", " ", "\n", " # x = [1, 2}\n\t"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.tuples(st.lists(inner, max_size=3), GAPS).map(
            lambda drawn: f"[{drawn[1]}{f'{drawn[1]},{drawn[1]}'.join(drawn[0])}{drawn[1]}]"
        ),
        st.lists(st.tuples(KEYS, inner), max_size=3).map(
            lambda pairs: "{" + " , ".join(f"{key} = {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=5,
)
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]} # [x]"),
    KEYS.map(lambda key: f"[ {key} ] # x = 1"),
    KEYS.map(lambda key: f"  [[{key}]]"),
    st.just("# [a]\n"),
)


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each value in what a TOML file means."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for key, item in inner:
        yield (*path, key)
        yield from paths(item, (*path, key))


@settings(max_examples=400)
@given(st.lists(LINES, max_size=6).map("\n".join))
def test_every_value_has_a_place(text: str) -> None:
    try:
        meaning = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)
    found = places(text)
    assert set(found) == set(paths(meaning))
    for path, offset in found.items():
        before = text[:offset].rpartition("\n")[2]
        assert text[offset : offset + 1].strip(), f"nothing stands at {path}"
        if isinstance(path[-1], str) and not before.strip():
            assert text[offset] in "[\"'ab"


def test_a_run_without_any_rule_is_refused(repository: Repository, run: Run) -> None:
    repository(MACHINES)
    ran = run("check", "--select", "schema", "--ignore", "identity")
    message = "no rule is left to run: all that are selected are ignored, too"
    assert ran == (2, "", f"regcheck: {message}\n")


def test_dots_in_a_glob_find_a_file_once(repository: Repository, run: Run) -> None:
    globs = 'registers = ["./registers/*.yaml", "registers//m.yaml"]\nignore = "unused-machine"\n'
    repository({**MACHINES, "regcheck.toml": globs})
    assert run("check").out == "clean: 1 file with 1 entry\n"


def check_in(root: Path) -> subprocess.CompletedProcess[str]:
    """A real process, so that one that hangs is stopped."""
    command = [*POWERLESS, sys.executable, "-m", "regcheck", "check", "--select", "reading,schema"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=20, check=False)


def test_a_pipe_for_a_project_file_is_not_read(repository: Repository) -> None:
    root = repository(MACHINES)
    os.mkfifo(root / "pyproject.toml")
    ran = check_in(root)
    assert ran.stdout == "clean: 1 file with 1 entry\n"
    assert (
        ran.stderr
        == "regcheck: pyproject.toml: this is not a regular file; settings in it, if any, do not hold\n"
    )


OPENED = "make it a file that can be read, or remove it"
REGULAR = "put a regular file here, or rename or remove this"
OUTSIDE = "put the file itself here: only files of the repository are read"


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("a folder", f"this is a folder: {REGULAR}"),
        ("a pipe", f"this is not a regular file: {REGULAR}"),
        ("a link to nowhere", f"the file cannot be opened: No such file or directory: {OPENED}"),
        ("a link to itself", f"the file cannot be opened: Too many levels of symbolic links: {OPENED}"),
        ("a link to outside", f"a symbolic link leads out of the repository here: {OUTSIDE}"),
        pytest.param(
            "forbidden", f"the file cannot be opened: Permission denied: {OPENED}", marks=needs_modes
        ),
        (
            "latin-1",
            "the file is not UTF-8: byte 0xf6 is not valid here: save the file with the encoding UTF-8",
        ),
    ],
)
def test_what_stands_for_the_settings_and_cannot_be_read(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory, what: str, message: str
) -> None:
    """Below the folder that it marks as the root, and never as if it were not there."""
    root = repository(MACHINES)
    file, outside = root / "registers/regcheck.toml", tmp_path_factory.mktemp("outside") / "regcheck.toml"
    outside.write_text("secret")
    if what == "a folder":
        file.mkdir()
    elif what == "a pipe":
        os.mkfifo(file)
    elif what.startswith("a link to "):
        targets: dict[str, str | Path] = {"nowhere": "nowhere", "itself": file.name, "outside": outside}
        file.symlink_to(targets[what.removeprefix("a link to ")])
    else:
        file.write_bytes(b"# K\xf6ln" if what == "latin-1" else b"")
        file.chmod(0 if what == "forbidden" else 0o600)
    ran = check_in(root / "registers")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"regcheck: regcheck.toml:1: {message}\n"


def test_a_project_file_outside_is_not_read(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.toml"
    outside.write_text("[tool.regcheck]\nmax_age = 'secret'\n")
    root = repository(MACHINES)
    (root / "pyproject.toml").symlink_to(outside)
    note = (
        "regcheck: pyproject.toml: a symbolic link leads out of the repository here;"
        " settings in it, if any, do not hold\n"
    )
    ran = check_in(root)
    assert (ran.stdout, ran.stderr) == ("clean: 1 file with 1 entry\n", note)
    (root / "regcheck.toml").touch()
    assert check_in(root).stderr == ""


def test_a_project_file_above_that_cannot_be_read_is_nobodys_settings(repository: Repository) -> None:
    root = repository({"below/registers/m.yaml": MACHINES["registers/m.yaml"]})
    (root / "below/.git").mkdir()
    (root / "pyproject.toml").symlink_to("nowhere")
    ran = check_in(root / "below")
    assert (ran.stdout, ran.stderr) == ("clean: 1 file with 1 entry\n", "")


def test_a_glob_that_names_nothing_is_told(repository: Repository, run: Run) -> None:
    registers = 'registers = [\n  "registers/*.yaml",\n  "register/*.md",\n]\n'
    repository({**MACHINES, "regcheck.toml": f'{registers}documents = "docs/*.md"\nschemas = "kinds"\n'})
    notes = "".join(
        f"regcheck: regcheck.toml:{line}: no {what}: correct it in `{key}`, or take it out\n"
        for line, what, key in (
            (3, "file is named by `register/*.md`", "registers"),
            (5, "file is named by `docs/*.md`", "documents"),
            (6, "kind file is in `kinds`", "schemas"),
        )
    )
    clean = "clean: 1 file with 1 entry\n"
    assert run("check", "--ignore", "unused-machine") == (0, clean, notes)
    assert run("list", "machine").err == notes


def test_a_link_inside_the_repository_is_the_settings(repository: Repository) -> None:
    root = repository({**MACHINES, "config/regcheck.toml": "max_age = -1\n"})
    (root / "regcheck.toml").symlink_to("config/regcheck.toml")
    assert check_in(root).stderr == "regcheck: regcheck.toml:1: `max_age` is a number of days\n"


def test_a_glob_of_many_stars_is_matched_in_bounded_time(repository: Repository) -> None:
    name = "a" * 200
    root = repository({f"registers/{name}.yaml": MACHINES["registers/m.yaml"]})
    globs = [f"registers/{'*a' * 40}b", f"registers/{'*a' * 20}.yaml"]
    (root / "regcheck.toml").write_text(f"registers = {globs}\n")
    assert check_in(root).stdout == "clean: 1 file with 1 entry\n"


def test_a_pattern_of_the_repository_is_matched_in_bounded_time(repository: Repository) -> None:
    schema = """\
x-regcheck: {kind: vm}
type: object
properties: {id: {type: string}, p: {type: string, pattern: "^(a+)+$"}}
"""
    entry = f"register: vm\nentries: [{{id: x, p: {'a' * 60}!}}]\n"
    root = repository({"schemas/vm.schema.yaml": schema, "registers/vm.yaml": entry})
    said = "registers/vm.yaml:2:22: error[schema]: `p`: "
    assert check_in(root).stdout.startswith(said)


def test_a_linked_folder_outside_is_not_read(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "m.yaml").write_text("register: secret\n")
    root = repository({"regcheck.toml": ""})
    (root / "registers").symlink_to(outside)
    ran = check_in(root)
    assert ran.stdout.splitlines()[0] == (
        "registers:1:1: error[unreadable-file]: the folder cannot be listed, so nothing in it is read:"
        " a symbolic link leads out of the repository here"
    )
    assert "secret" not in ran.stdout
