"""Words that `regcheck check --fix` puts right: references to tasks, and slips of the pen."""

from __future__ import annotations

import pytest

from conftest import Repository, Run
from fixing_twice import HEAD, Fix
from regcheck.fixing.spelling import meant, slips
from regcheck.model import Guess


@pytest.fixture
def fix(repository: Repository, run: Run) -> Fix:
    return Fix(repository, run)


# --- task references -------------------------------------------------------------


def test_a_short_task_of_another_workplan_is_written_out(fix: Fix) -> None:
    text = "register: workload\nentries:\n  - {id: a, environment: staging, owner: %s}\n"
    assert fix("registers/w.yaml", text % "T07") == text % "CD-WP-2-T07"
    assert fix("registers/w.yaml", text % "'T07'") == text % "'CD-WP-2-T07'"
    assert fix("registers/w.yaml", text % "[T07, 'task:T07']") == text % "[CD-WP-2-T07, 'task:CD-WP-2-T07']"
    own = f"workplan: AB-WP-1\n{text}"
    assert fix("registers/w.yaml", own % "T07") == own % "T07"  # the workplan decides, and has none
    cells = (
        "---\nregister: workload\n---\n\n"
        "| Workload | Environment | Owner            |\n| --- | --- | --- |\n| a | staging | **%s** |\n"
    )
    assert "| **CD-WP-2-T07** |" in fix("registers/w.md", cells % "T07")


@pytest.mark.parametrize("owner", ["T02", "T09", "[T02, T09]"])
def test_a_short_task_that_is_two_or_none_is_left(fix: Fix, owner: str) -> None:
    text = f"register: workload\nentries:\n  - {{id: a, environment: staging, owner: {owner}}}\n"
    assert fix("registers/w.yaml", text) == text


def test_short_and_long_references_in_one_register_become_long(fix: Fix) -> None:
    text = (
        "workplan: AB-WP-1\nregister: workload\nentries:\n"
        "  - {id: a, environment: staging, owner: %s}\n"
        '  - {id: b, environment: staging, owner: [AB-WP-1-T02, "%s"]}\n'
    )
    long = text % ("AB-WP-1-T01", "AB-WP-1-T01")
    assert fix("registers/w.yaml", text % ("T01", "T01")) == long
    assert fix("registers/w.yaml", long) == long


@pytest.mark.parametrize("other", ["T02", "CD-WP-2-T02", "[T02, CD-WP-2-T07]"])
def test_a_register_that_is_short_throughout_stays(fix: Fix, other: str) -> None:
    text = (
        "workplan: AB-WP-1\nregister: workload\nentries:\n"
        "  - {id: a, environment: staging, owner: T01}\n"
        f"  - {{id: b, environment: staging, owner: {other}}}\n"
    )
    assert fix("registers/w.yaml", text) == text


def test_a_short_default_is_written_out_once(fix: Fix) -> None:
    text = (
        "workplan: AB-WP-1\nregister: workload\ndefaults: {environment: staging, owner: %s}\nentries:\n"
        "  - {id: a}\n  - {id: b}\n  - {id: c, owner: AB-WP-1-T02}\n"
    )
    assert fix("registers/w.yaml", text % "T01") == text % "AB-WP-1-T01"


# --- misspelt words ---------------------------------------------------------------

ENTRY = """\
register: workload
entries:
  - {id: a, environment: staging, current_host: newest, target_host: newest}
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("staging", "stagin"),
        ("staging", "Staging"),
        ("staging", "'stagign'"),
        ("environment", "enviroment"),
        ("environment", '"enviromnet"'),
        ("current_host: newest", "current_host: newets"),
        ("current_host: newest", "current_host: [newets]"),
        ("current_host: newest", "current_host: machine:newets"),
        ("workload", "worklaod"),
        ("register: workload", "tilte: x\nregister: workload"),
    ],
)
def test_a_word_with_one_slip_is_put_right(fix: Fix, right: str, wrong: str) -> None:
    found = fix("registers/w.yaml", ENTRY.replace(right, wrong, 1))
    for slip, word in {
        "stagin,": "staging,",
        "Staging": "staging",
        "stagign": "staging",
        "enviroment": "environment",
        "enviromnet": "environment",
        "newets": "newest",
        "worklaod": "workload",
        "tilte": "title",
    }.items():
        wrong = f"{wrong},".replace(slip, word).removesuffix(",")
    assert found == ENTRY.replace(right, wrong, 1)


def test_words_in_a_table_are_put_right_where_they_stand(fix: Fix) -> None:
    table = (
        f"{HEAD}| Workload | %s | Current host | Target host   |\n"
        "| -------- | ----------- | ------------ | ------------- |\n"
        "| a        | %s     | %s     | newest        |\n"
    )
    right = table % ("Environment", "staging", "`newest`")
    assert fix("registers/w.md", table % ("Environment", "stagnig", "`newets`")) == right
    apart = right.replace("Target host  ", "**Taregt** host")  # the heading stands nowhere as a whole
    apart = apart.replace("------------- |\n", "--------------- |\n").replace(
        "newest        ", "newest          "
    )
    assert fix("registers/w.md", apart) == apart
    dressed = right.replace("Target host  ", "*%s host*")
    assert fix("registers/w.md", dressed % "Taregt") == dressed % "Target"


@pytest.mark.parametrize(
    "text",
    [
        ENTRY.replace("host: newest", "host: newest2", 1),  # a number more is another machine
        ENTRY.replace("host: newest", "host: newt", 1),
        ENTRY.replace("host: newest", "host: [odd]", 1),  # three letters, one of them wrong
        ENTRY.replace("staging", "stage", 1),
        ENTRY.replace("host: newest", 'host: "newe\\x74s"', 1),  # the word does not stand there so
        ENTRY.replace("target_host", "targt_host: old, target_host", 1),  # else the key stands twice
    ],
)
def test_a_word_that_may_mean_something_else_is_left(fix: Fix, text: str) -> None:
    assert fix("registers/w.yaml", text) == text


@pytest.mark.parametrize(
    "more",
    [
        "needs: maill",  # itself
        "needs: [postgres, postgers]",
        "needs: [postgers, postgrs]",
        "needs: [web-blue, web-glue]",
        "current_host: [newest, newets], target_host: newest",
    ],
)
def test_no_entry_comes_to_name_itself_or_another_twice(fix: Fix, more: str) -> None:
    others = "".join(f"  - {{id: {name}, environment: staging}}\n" for name in ("postgres", "web-blue"))
    text = f"register: workload\nentries:\n{others}  - {{id: mail, environment: staging, {more}}}\n"
    found = fix("registers/w.yaml", text)
    assert found == text.replace("[postgers, ", "[postgres, ")


def test_a_default_that_one_entry_has_as_its_name_is_left(fix: Fix) -> None:
    text = (
        "register: workload\ndefaults: {environment: staging, needs: maill}\nentries:\n"
        "  - {id: shop}\n  - {id: mail}\n"
    )
    assert fix("registers/w.yaml", text) == text


def test_words_that_quote_the_slip_hold_no_fix_back(fix: Fix) -> None:
    text = "register: workload\nentries:\n  - {id: w, environment: staging, current_host: %s}\n"
    assert fix("registers/w.yaml", text % "newets") == text % "newest"


def test_many_that_hold_between_many_that_do_not_are_all_found_at_once(fix: Fix) -> None:
    text = "register: workload\nentries:\n" + "".join(
        f"  - {{id: a{n}, environment: stagin, current_host: [newets], target_host: newest}}\n"
        f"  - {{id: b{n}, environment: staging, curent_host: newets, undecided: owner}}\n"
        for n in range(120)
    )
    right = text.replace("stagin,", "staging,").replace("[newets]", "[newest]")
    assert fix("registers/w.yaml", text) == right


def test_many_places_of_one_unknown_name_leave_guesses_for_others(fix: Fix) -> None:
    row = "  - {id: %s, environment: staging, current_host: %s, target_host: newest}\n"
    rows = "".join(row % (f"a{n}", "elsewhere") for n in range(120))
    text = f"register: workload\nentries:\n{rows}{row}"
    assert fix("registers/w.yaml", text % ("z", "newets")) == text % ("z", "newest")


def test_many_places_of_one_unknown_key_leave_guesses_for_others(fix: Fix) -> None:
    row = "  - {id: %s, environment: staging, %s: newest, target_host: newest}\n"
    rows = "".join(row % (f"a{n}", "zzz") for n in range(120))
    text = f"register: workload\nentries:\n{rows}{row}"
    assert fix("registers/w.yaml", text % ("z", "curent_host")) == text % ("z", "current_host")


def test_a_fix_that_would_bring_an_error_is_dropped_and_the_others_are_made(fix: Fix) -> None:
    """With its environment known, `b` is new production that lacks a target."""
    text = (
        "register: workload\nentries:\n"
        "  - {id: a, environment: stagin, current_host: newest, target_host: newest}\n"
        "  - {id: b, environment: staging, curent_host: newest}\n"
        "  - {id: c, environment: stagin, current_host: newest, target_host: newest}\n"
    )
    assert fix("registers/w.yaml", text) == text.replace("stagin,", "staging,")


def test_a_fix_that_needs_another_one_is_tried_again(fix: Fix) -> None:
    """The first alone would leave `a` without a target; the third never holds: its key would stand twice."""
    text = (
        "register: workload\nentries:\n"
        "  - {id: a, environment: staging, curent_host: newest, targt_host: newest}\n"
        "  - {id: b, environment: staging, current_host: newest, targt_host: old, target_host: newest}\n"
    )
    right = text.replace("curent_host: newest, targt", "current_host: newest, target")
    assert fix("registers/w.yaml", text) == right


def test_a_heading_is_put_right_though_its_entries_have_other_errors(fix: Fix) -> None:
    table = f"{HEAD}| %s | Environment |\n| -------- | ----------- |\n| a        | elsewhere   |\n"
    assert fix("registers/w.md", table % "Worklaod") == table % "Workload"


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("a", "", 1), ("abc", "acb", 1), ("abc", "abc", 0), ("abcd", "badc", 2), ("ca", "abc", 3)],
)
def test_slips(one: str, other: str, count: int) -> None:
    assert slips(one, other) == slips(other, one) == count


@pytest.mark.parametrize(
    ("word", "choices", "closed", "right"),
    [
        ("odl", ["old"], False, None),
        ("rack-b", ["rack-a"], True, None),
        ("web-eu", ["web-us"], False, None),
        ("web-eu", ["web-eur"], False, None),
        ("web-glue", ["web-blue"], False, None),
        ("rest", ["test"], True, None),
        ("server-nprth", ["server-north"], False, "server-north"),
        ("bridge", ["fridge"], False, None),
        ("odd", ["old"], False, None),
        ("billing", ["building"], False, None),
        ("billing", ["building"], True, "building"),
        ("node1", ["node2"], True, None),
        ("node-1", ["node1"], False, "node1"),
        ("edge", ["edge-a", "edge-b"], True, None),
        ("mail", ["mails", "mai"], False, None),
        ("mails", ["mail", "mail-out"], False, "mail"),
        ("prodcution", ["production"], True, "production"),
        ("anchr", ["&anchor"], True, None),
    ],
)
def test_what_is_meant(word: str, choices: list[str], right: str | None, *, closed: bool) -> None:
    assert meant(Guess(word, tuple(choices)), closed=closed) == right
    assert meant(Guess(word, tuple(reversed(choices))), closed=closed) == right
