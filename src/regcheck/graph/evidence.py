"""What a gate records, and whether a field shows it: to say "no" or "not yet" is to show nothing."""

from __future__ import annotations

import re

from regcheck.model import Entry
from regcheck.reading.values import ABSENT
from regcheck.words import listed, shorten

STAGES = ("deploy", "observe", "promote", "rollback")
EVIDENCE = ("overlay_repo", "stages", "backup_drill", "canary", "approved_by", "approved_on", "image")
"""What a gate records, in the order in which it is told."""
DRILL = "backup_drill"

NOTHING = frozenset(
    {
        *("no", "not", "none", "nothing", "nobody", "never", "nil", "null", "false", "missing", "failed"),
        *("na", "not applicable", "unknown", "undecided", "not yet", "none yet", "nothing yet", "later"),
        *("tbd", "tba", "tbc", "todo", "to do", "to be done", "pending", "planned", "open", "outstanding"),
        *("in progress", "wip", "✗", "✘", "✖", "❌", "\u00d7", "\u2013", "--", "---"),
        *(word.casefold() for word in ABSENT),
    }
)
"""Words that say that there is no evidence, or none yet."""
REMARK = re.compile(r"[,;:]\s|\s*\(|\s+[\u2013\u2014-]\s")
"""Where a remark begins: `TODO: run it`, `no (T07)`, `pending, see T07`."""
NOT_YET = re.compile(r"(?:not yet|pending|todo|tbd|tba|tbc)\s.*", re.DOTALL)
"""`not yet restored`, `pending review`."""


def shows(entry: Entry, name: str) -> bool:
    """Whether an entry has a piece of evidence; what only says that there is none is none."""
    if name == "stages":
        return not unproven_stages(entry)
    return any(not _denies(value) for value in entry.list(name))


def said(entry: Entry, name: str) -> str:
    """What a field says that shows nothing, for a message; nothing where it is absent."""
    values = [v for v in entry.list(name) if str(v).strip() not in ABSENT] if not shows(entry, name) else []
    return f" (it says {listed(map(shorten, values))})" if values else ""


def unproven_stages(gate: Entry) -> list[str]:
    """The stages that a gate does not call proven."""
    return [stage for stage in STAGES if stage not in gate.list("stages")]


def _denies(value: object) -> bool:
    """Whether a value says no, or not yet."""
    text = " ".join(str(value).split()).casefold()
    said = REMARK.split(text, maxsplit=1)[0].rstrip(" .!?…:")
    return said in NOTHING or NOT_YET.fullmatch(text) is not None
