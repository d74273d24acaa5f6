"""Lines that `regcheck check --fix` aligns, orders, ends and removes, and all that it leaves as it is."""

from __future__ import annotations

import pytest

from conftest import Repository, Run
from fixing_twice import HEAD, Fix


@pytest.fixture
def fix(repository: Repository, run: Run) -> Fix:
    return Fix(repository, run)


# --- tables -------------------------------------------------------------------------


def test_a_table_is_aligned_by_what_is_seen(fix: Fix) -> None:
    text = (
        f"{HEAD}|Workload|Environment|Wave|Owner|Notes|\n|---|:-:|--:|:--|---|\n"
        "| 東京 | staging | 12 | T01 | a \\| b |\n|`b`|staging||  |é́|\n"
    )
    assert fix("registers/w.md", text) == (
        f"{HEAD}| Workload | Environment | Wave | Owner | Notes  |\n"
        "| -------- | :---------: | ---: | :---- | ------ |\n"
        "| 東京     |   staging   |   12 | T01   | a \\| b |\n"
        "| `b`      |   staging   |      |       | é́      |\n"
    )


def test_line_ends_outer_pipes_and_blanks_after_a_row_are_kept(fix: Fix) -> None:
    text = f"{HEAD}Workload | Environment\n---|---\r\na | staging  \nlonger than that | staging\r\n"
    text += "\nText |  as it is"
    assert fix("registers/w.md", text) == (
        f"{HEAD}Workload         | Environment\n---------------- | -----------\r\n"
        "a                | staging  \nlonger than that | staging\r\n\nText |  as it is\n"
    )


@pytest.mark.parametrize(
    "table",
    [
        "| Workload | Environment |\n|----------|-------------|\n| a        | staging     |\n",
        "|Workload|Environment|\n|--------|-----------|\n|    a   |    staging|\n",
        "| Workload | Environment |\n|---|---|\n| a | staging\n",  # one row without its last pipe
        "| Workload | Environment |\n|---|---|\n| a | staging | more |\n| b | staging |\n",
        "| Workload | Environment |\n|---|---|\n| a |\n",
        "  | Workload | Environment |\n  |---|---|\n  | a | staging |\n",
        "| Workload | Environment | Notes |\n|---|---|---|\n| a | staging | a\tb |\n",
    ],
)
def test_a_table_that_is_aligned_or_not_plain_is_left(fix: Fix, table: str) -> None:
    assert fix("registers/w.md", HEAD + table) == HEAD + table


def test_an_escaped_pipe_at_the_end_of_a_row_is_no_outer_pipe(fix: Fix) -> None:
    text = f"{HEAD}|Workload|Environment|Notes\n|---|---|---\n|a|staging|\\|\n"
    assert fix("registers/w.md", text) == (
        f"{HEAD}| Workload | Environment | Notes\n| -------- | ----------- | -----\n"
        "| a        | staging     | \\|\n"
    )


def test_a_table_that_would_become_mostly_blanks_is_left(fix: Fix) -> None:
    rows = "".join(f"| w{n} | staging | {'x' * 5000 if n == 50 else ''} |\n" for n in range(100))
    text = f"{HEAD}| Workload | Environment | Notes |\n|---|---|---|\n{rows}"
    assert fix("registers/w.md", text) == text


def test_a_table_that_is_no_register_is_prose(fix: Fix) -> None:
    prose = "|Word|Meaning|\n|---|---|\n|a|the first letter|\n"
    marked = "<!-- regcheck: register=workload -->\n|Workload|Environment|\n|---|---|\n|a|staging|\n"
    found = fix("registers/w.md", f"# Words\n\n{prose}\n{marked}\n{prose}")
    aligned = "| Workload | Environment |\n| -------- | ----------- |\n| a        | staging     |\n"
    assert found == f"# Words\n\n{prose}\n<!-- regcheck: register=workload -->\n{aligned}\n{prose}"


# --- waves ----------------------------------------------------------------------------


def test_waves_in_a_list_come_in_order_with_their_comments(fix: Fix) -> None:
    text = """\
# The drain.
register: wave
entries:
  # the last one
  # of all
  - number: 3
    name: Three   # not yet
    notes: |
      # no comment

      text
      # nor this
    # inside of three

  - {number: 1, name: One}
  # two
  - number: 2

    name: Two
title: Waves
# the end
"""
    assert (
        fix("registers/waves.yaml", text)
        == """\
# The drain.
register: wave
entries:
  # the last one
  # of all
  - {number: 1, name: One}

  # two
  - number: 2

    name: Two
  - number: 3
    name: Three   # not yet
    notes: |
      # no comment

      text
      # nor this
    # inside of three
title: Waves
# the end
"""
    )


def test_blocks_of_text_in_waves_keep_their_line_ends(fix: Fix) -> None:
    head = "register: wave\nentries:\n"
    one, two = (f"  - number: {n}\n    name: A\n    notes: |\n      words" for n in (1, 2))
    assert fix("registers/waves.yaml", f"{head}{two}\n\n{one}\n") == f"{head}{one}\n\n{two}\n"
    keeping = two.replace("|", "|+")
    for text in (
        f"{head}{two}\n{one}",
        f"{head}{keeping}\n\n{one}\n",
        f"{head}{two}\n{one.replace('|', '|+')}\n\n",
    ):
        assert fix("registers/waves.yaml", text) == text


def test_waves_in_a_table_come_in_order(fix: Fix) -> None:
    table = "---\nregister: wave\n---\n| Wave | Name  |\n| ---- | ----- |\n%s\n%s\r\n%s"
    rows = ("| 1    | One   |", "| 2    | Two   |", "| 10   | Ten   |")
    assert fix("registers/waves.md", table % (rows[2], rows[0], rows[1])) == table % rows + "\r\n"


@pytest.mark.parametrize(
    "entries",
    [
        "[{number: 2, name: B}, {number: 1, name: A}]",
        "\n- {number: 1, name: A}\n- {number: 2, name: B}",
        "\n- {number: x, name: A}\n- {number: 1, name: B}",
        "\n- &first {number: 2, name: B}\n- {<<: *first, number: 1}",
        "\n- number: 2\n  name: &word B\n- number: 1\n  name: *word",
        "\n- number: 2\n  name: B\n# the easy ones\n\n- number: 1\n  name: A",
        "\n-\n  number: 2\n  name: B\n-\n  number: 1\n  name: A",
    ],
)
def test_waves_that_cannot_move_as_whole_lines_are_left(fix: Fix, entries: str) -> None:
    text = f"register: wave\nentries: {entries}\n"
    assert fix("registers/waves.yaml", text) == text


# --- the last line end ------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_last_line_ends_like_the_others(fix: Fix, end: str) -> None:
    text = f"register: workload{end}entries:{end}  - {{id: a, environment: staging}} # last{end}"
    assert fix("registers/w.yaml", text.removesuffix(end)) == text


def test_prose_gets_its_last_line_end(fix: Fix) -> None:
    assert fix("registers/notes.md", "# Prose without an end") == "# Prose without an end\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "registers/w.yaml",
            "register: workload\nentries:\n- id: a\n  environment: staging\n  notes: |\n    b",
        ),
        ("registers/broken.yaml", "register: workload\nentries: ["),
        ("registers/empty.md", ""),
        ("registers/torn.md", f"{HEAD}<<<<<<< ours\n|Workload|\n=======\n|W|\n>>>>>>> theirs\n|---|\n|a|"),
    ],
)
def test_a_value_and_what_could_not_be_read_is_left(fix: Fix, path: str, text: str) -> None:
    assert fix(path, text) == text


# --- unused exceptions --------------------------------------------------------------------

EXCEPTION = """\
  # {0}
  - id: {0}
    rule: {1}
    entry: machine:old
    reason: because
    expires: 2027-01-01
"""
USED, UNUSED, MISSPELT = (
    EXCEPTION.format(*words)
    for words in (("used", "unused-machine"), ("spare", "unknown-place"), ("odd", "unknown-plac"))
)
ABOVE = "  # spare\n"
FLOW = "{id: b, rule: unknown-place, entry: 'machine:old', reason: x, expires: 2027-01-01}"
START = "register: exception\nentries: # dated\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (START + USED + UNUSED, f"{START}{USED}{ABOVE}"),
        (START + USED + UNUSED.removeprefix(ABOVE), START + USED),
        (f"{START}{USED}\n{UNUSED.removeprefix(ABOVE)}", START + USED),
        (f"{START}{UNUSED}\n{USED}", f"{START}{ABOVE}{USED}"),
        (f"{START}{USED}\n{UNUSED}\n{MISSPELT}", f"{START}{USED}\n{ABOVE}{MISSPELT}"),
    ],
)
def test_an_exception_that_nothing_needs_is_removed_and_no_comment(fix: Fix, before: str, after: str) -> None:
    assert fix("registers/exceptions.yaml", before) == after


def test_the_rule_of_an_exception_is_put_right_where_that_makes_it_hold(fix: Fix) -> None:
    assert fix("registers/e.yaml", START + USED.replace("machine\n", "machin\n", 1)) == START + USED
    assert fix("registers/e.yaml", START + MISSPELT) == START + MISSPELT


def test_the_row_of_an_exception_is_removed(fix: Fix) -> None:
    head = (
        "---\nregister: exception\n---\n| Exception | Rule           | Entry       | Reason  | Expires    |\n"
    )
    head += "| --------- | -------------- | ----------- | ------- | ---------- |\n"
    used = "| a         | unused-machine | machine:old | because | 2027-01-01 |"
    unused = "| b         | unknown-place  | machine:old | because | 2027-01-01 |"
    assert fix("registers/e.md", f"{head}{unused}\r\n{used}\n") == f"{head}{used}\n"
    assert fix("registers/e.md", f"{head}{used}\n{unused}") == f"{head}{used}\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("registers/e.yaml", START + MISSPELT),
        ("registers/e.yaml", START + UNUSED.replace("unknown-place", "identity")),
        ("registers/e.yaml", START + UNUSED.replace("2027-01-01", "2026-01-01")),
        ("registers/e.yaml", START.replace("# dated", "&all") + UNUSED),
        ("registers/e.yaml", START + USED + UNUSED.replace("because", "because # of the audit")),
        ("registers/e.yaml", START + USED + UNUSED.replace("    reason", "    # by whom?\n    reason")),
        ("registers/e.yaml", f"register: exception\nentries: [{FLOW}]\n"),
    ],
)
def test_other_exceptions_are_left(fix: Fix, path: str, text: str) -> None:
    assert fix(path, text) == text
