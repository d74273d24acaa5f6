"""Words on the command line to options."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from regcheck import __version__
from regcheck.cli import VERBS

DESCRIPTION = """\
The registers of a fleet: checked, ordered and published.

regcheck reads the Markdown tables and YAML files in registers/ (or what
regcheck.toml names), and answers for them: is every entry sound, in what order
do we drain, why does A need B, what breaks when M is off.
"""

EPILOG = """\
examples:
  regcheck check                         check the repository around the current folder
  regcheck graph                         the order in which the old hosts drain
  regcheck simulate --offline MACHINE    what breaks when a machine is off
  regcheck explain drain-cycle           what a rule finds, and how to put it right
  regcheck VERB --help                   the options of a verb, with examples

exit status: 0 nothing at error severity; 1 findings; 2 wrong usage or
configuration, or no register found; 3 a defect in regcheck.

completion in bash, zsh and fish: eval "$(register-python-argcomplete regcheck)"
"""


class Parser(argparse.ArgumentParser):
    """argparse, with suggestions for misspelt words."""

    def __init__(self, **settings: Any) -> None:
        raw = argparse.RawDescriptionHelpFormatter
        super().__init__(formatter_class=raw, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """End with status 2, and the closest word that would have been right."""
        from regcheck.words import did_you_mean

        guess = ""
        if choice := re.search(r"invalid choice: '(.*)' \(choose from (.*)\)", message):
            guess = did_you_mean(choice[1], re.findall(r"[\w-]+", choice[2]))
            message = message[: choice.start()] + f"invalid choice: '{choice[1]}'" if guess else message
        elif unknown := re.search(r"unrecognized arguments: (-[\w-]+)", message):
            guess = did_you_mean(unknown[1], self._option_string_actions)
        super().error(f"{message}: {guess}" if guess else message)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options of a command line; argparse ends the process for `--help` and wrong usage."""
    completing = "_ARGCOMPLETE" in os.environ
    parser, verbs = build(VERBS if completing else [name for name in VERBS if name in argv])
    if completing:
        import argcomplete

        argcomplete.autocomplete(parser, always_complete_options=False)
    options, rest = parser.parse_known_args(argv)
    if rest:
        verbs.get(options.verb, parser).error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def build(filled: Sequence[str] | dict[str, str]) -> tuple[Parser, dict[str, Parser]]:
    """The parser, and the parser of each verb; only those of `filled` know their arguments."""
    parser = Parser(prog="regcheck", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("--version", action="version", version=f"regcheck {__version__}")
    add_common(parser, ".", "auto")
    adder = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    verbs: dict[str, Parser] = {}
    for name, summary in VERBS.items():
        if name not in filled:
            verbs[name] = adder.add_parser(name, help=summary)
            continue
        module = import_module(f"regcheck.cli.{name}")
        verbs[name] = verb = adder.add_parser(
            name, help=summary, description=module.DESCRIPTION, epilog=module.EXAMPLES
        )
        module.arguments(verb)
        # After a verb the default must not undo what was said before it.
        add_common(verb, argparse.SUPPRESS, argparse.SUPPRESS)
    return parser, verbs


def add_common(parser: argparse.ArgumentParser, directory: str, color: str) -> None:
    """The options that every verb has."""
    group = parser.add_argument_group("common options")
    group.add_argument(
        "-C",
        "--directory",
        metavar="DIR",
        default=directory,
        help="look for the repository from this folder upwards (default: the current folder)",
    )
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default=color,
        help="colour and links in text: on a terminal (auto, unless NO_COLOR is set), always or never",
    )
