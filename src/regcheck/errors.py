"""The errors that end a run, each with the exit status it stands for.

Everything that is wrong *in a register* is a finding, never one of these.
"""

from __future__ import annotations


class RegcheckError(Exception):
    """A run cannot go on; the message is for the person who started it."""

    status = 3
    whose = "regcheck"
    """Whose defect it is, where the status says that it is one."""


class UsageError(RegcheckError):
    """Wrong words on the command line, or nothing to read (status 2)."""

    status = 2


class NoRegisters(UsageError):
    """A repository without any register (status 2)."""


class SettingsError(RegcheckError):
    """A setting that regcheck does not understand (status 2)."""

    status = 2


class GitError(UsageError):
    """Git is missing, or has not what is asked for (status 2)."""


class BaselineError(RegcheckError):
    """A baseline that cannot be read, so nobody knows what it accepts (status 2)."""

    status = 2


class RuleCrash(RegcheckError):
    """A rule raised: the run proves nothing, so it must not look clean (status 3)."""

    def __init__(self, rule: str, cause: Exception) -> None:
        super().__init__(f"the rule {rule} crashed: {type(cause).__name__}: {cause}")
        self.rule = rule


class CustomRuleError(RegcheckError):
    """A package declares a custom rule wrongly (status 2)."""

    status = 2


class CustomRuleCrash(RegcheckError):
    """The code of a custom rule failed: the run proves nothing, either (status 3)."""

    def __init__(self, message: str, package: str) -> None:
        super().__init__(message)
        self.whose = package
