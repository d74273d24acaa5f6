"""`regcheck explain`: rules, groups and kinds, in the words that they bring themselves."""

from __future__ import annotations

import sys

import pytest

from conftest import Repository, Run
from regcheck.cli.prose import prose
from regcheck.explaining.examples import Example, examples
from regcheck.reading import kinds as kind_files
from regcheck.rules import GROUPS, RULES
from regcheck.terminal import PLAIN, Terminal

SHIPPED = kind_files.shipped()

SPARE_PART = """\
title: Spare part
description: A thing on a shelf, for `machines` of all sorts.
x-regcheck: {kind: spare-part, plural: spare parts, id: label}
type: object
required: [label, size, fits, ready]
properties:
  label: {type: string, title: Label, description: What is written on it.}
  size: {type: integer, minimum: 7, x-regcheck: {columns: [How big]}}
  fits:
    type: array
    items: {type: string}
    x-regcheck: {reference: {kind: [machine, workload], words: [nothing]}}
  ready: {anyOf: [{type: boolean}, {const: soon}]}
  since: {type: string, format: date}
  about: {type: string, x-regcheck: {reference: {kind: "*"}}}
"""


def test_everything_in_one_line_each(run: Run) -> None:
    ran = run("explain")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    for rule in RULES.values():
        assert [line.split(maxsplit=1)[1] for line in lines if line.startswith(f"  {rule.name} ")] == [
            rule.summary
        ]
    for kind in SHIPPED.values():
        assert [line.split(maxsplit=1)[1] for line in lines if line.startswith(f"  {kind.name} ")] == [
            kind.description
        ]
    for group in GROUPS:
        assert f"rules of the group {group}" in lines


@pytest.mark.parametrize("name", RULES)
def test_a_rule(run: Run, name: str) -> None:
    rule = RULES[name]
    ran = run("explain", name)
    assert (ran.status, ran.err) == (0, "")
    head, blank, rest = ran.out.split("\n", 2)
    assert head.startswith(f"{name}: {rule.severity.value} by default, group ")
    assert head.endswith(f", since {rule.since}")
    assert blank == ""
    assert " ".join(rest.split()).startswith(rule.summary)
    assert "\nWhy it matters\n" in rest
    assert "\nHow to fix it\n" in rest
    assert "```" not in rest


@pytest.mark.parametrize("group", GROUPS)
def test_a_group(run: Run, group: str) -> None:
    ran = run("explain", group)
    assert (ran.status, ran.err) == (0, "")
    head, _, *lines = ran.out.splitlines()
    assert head == f"{group}: a group of rules, selected like a rule"
    assert [line.split()[:2] for line in lines] == [
        [rule.name, f"{rule.severity.value}:"] for rule in GROUPS[group]
    ]


def test_a_kind_of_the_repository(repository: Repository, run: Run) -> None:
    repository({"schemas/spare-part.schema.yaml": SPARE_PART})
    ran = run("explain", "Spare-Part")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("""\
spare-part: a kind of entry, plural spare parts

A thing on a shelf, for `machines` of all sorts.

Properties

  label: text, required
      What is written on it.
      Column: Label

  size: whole number, required
      Column: Size or How big

  fits: list of → machine or workload or `nothing`, required
      Column: Fits

  ready: yes or no or `soon`, required
      Column: Ready

  since: date (YYYY-MM-DD)
      Column: Since

  about: → the `kind:id` of any entry
      Column: About

  notes: text
""")
    assert ran.out.endswith("""\
As a table (registers/spare-parts.md)

    ---
    register: spare-part
    ---

    | Label | Size | Fits | Ready |
    | --- | --- | --- | --- |
    | some-spare-part | 7 | some-machine | yes |

As a YAML list (registers/spare-parts.yaml)

    register: spare-part
    entries:
      - label: some-spare-part
        size: 7
        fits: some-machine
        ready: yes

As a document (registers/spare-parts/some-spare-part.md)

    ---
    entry: spare-part
    label: some-spare-part
    size: 7
    fits: some-machine
    ready: yes
    ---

    What else there is to say about it.
""")
    assert run("explain", "spare parts").out == ran.out


EXAMPLES = [example for kind in SHIPPED.values() for example in examples(kind)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path)
def test_the_examples_of_a_kind_are_sound(repository: Repository, run: Run, example: Example) -> None:
    repository({example.path: example.text})
    ran = run("check", "--select", "reading,schema,duplicate-id", "--strict")
    assert ran == (0, "clean: 1 file with 1 entry\n", "")


ELSEWHERE = "see `regcheck explain`, or install the package that brings it"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("drain-cycel", "there is no rule, group or kind `drain-cycel`: did you mean `drain-cycle`?"),
        ("wörklöad", "there is no rule, group or kind `wörklöad`: did you mean `workload`?"),
        ("???", f"there is no rule, group or kind `???`: {ELSEWHERE}"),
        ("custom", f"no package with custom rules is installed in {sys.prefix}"),
    ],
)
def test_an_unknown_name(run: Run, word: str, message: str) -> None:
    assert run("explain", word) == (2, "", f"regcheck: {message}\n")


MARKDOWN = """Finds a thing,
    in `two` lines.

    ## Why it matters

    Because of a paragraph that is so long that it has to be wrapped at some column of the terminal.

    - an item that is so long that it has to be wrapped at some column, and hangs below itself
    - another
    1. a number

    ```yaml
    # kept as it is,    with all its blanks and its `marks`, however long it may be, and never wrapped
      indented: yes
    ```
    """


def test_prose() -> None:
    assert (
        prose(MARKDOWN, PLAIN)
        == """\
Finds a thing, in `two` lines.

Why it matters

Because of a paragraph that is so long that it has to be wrapped at some column
of the terminal.

- an item that is so long that it has to be wrapped at some column, and hangs
  below itself
- another
1. a number

    # kept as it is,    with all its blanks and its `marks`, however long it may be, and never wrapped
      indented: yes
"""
    )


def test_prose_in_colour_on_a_narrow_terminal() -> None:
    shown = prose("## A `head`\n\nA word, `a code` and more.\n", Terminal(color=True, width=20))
    assert shown == "\x1b[1mA `head`\x1b[0m\n\nA word, \x1b[36m`a code`\x1b[0m and\nmore.\n"
