# PYTHON_ARGCOMPLETE_OK
"""One process: streams, the one door for errors, the exit status."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

INTERRUPTED = 130  # 128 + SIGINT, as shells say it
DEFECT = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run regcheck and return its exit status."""
    # A run makes many small values, keeps them, and ends: looking for garbage
    # among them takes longer than reading a large register.
    collecting = gc.isenabled()
    gc.disable()
    # A closed stream is None: what is said to it goes nowhere, and the status stands.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  it stays open as long as the process
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    finally:
        if collecting:
            gc.enable()


def _run(argv: Sequence[str]) -> int:
    """Run one verb; whatever goes wrong leaves through here."""
    from regcheck.errors import RegcheckError

    try:
        from importlib import import_module

        from regcheck.cli.parser import build, parse

        try:
            options = parse(argv)
        except SystemExit as stop:  # argparse: 0 after --help, 2 after wrong usage
            return int(stop.code or 0)
        if options.verb is None:
            build(())[0].print_help(sys.stderr)
            return 2
        status: int = import_module(f"regcheck.cli.{options.verb}").run(options)
    except RegcheckError as error:
        _say(str(error))
        if error.status == DEFECT:
            _report(error.__cause__ or error, error.whose)
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BaseException as error:  # noqa: BLE001  this is the one door
        _say(f"a defect in regcheck: {type(error).__name__}: {error}")
        _report(error, RegcheckError.whose)
        return DEFECT
    return status


def _say(message: str) -> None:
    from regcheck.terminal import visible

    sys.stderr.write(f"regcheck: {visible(message)}\n")


def _report(error: BaseException, whose: str) -> None:
    """How to report a defect, with its traceback where that is asked for."""
    from regcheck import __version__

    if os.environ.get("REGCHECK_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    sys.stderr.write(
        f"  This run proves nothing. Please report it to the maintainers of {whose}, with what the same\n"
        f"  command says under REGCHECK_TRACEBACK=1 (regcheck {__version__},"
        f" Python {sys.version.split()[0]}).\n"
    )


if __name__ == "__main__":
    sys.exit(main())
