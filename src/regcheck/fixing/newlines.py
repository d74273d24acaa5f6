"""The line end that is missing at the end of a file."""

from __future__ import annotations

from collections.abc import Iterator

from regcheck.fixing.edits import Fix, Work, replaced
from regcheck.model.position import LINE_END


def fixes(work: Work) -> Iterator[Fix]:
    """A last line end, like the others of its file, where a register or document has none."""
    paths = {register.source.path for register in work.verdict.fleet.registers}
    for path in sorted(paths & work.sources.keys()):
        source = work.sources[path]
        text = source.text
        if text and text[-1] not in "\r\n":
            ends = LINE_END.findall(text)
            yield Fix((replaced(source, len(text), len(text), ends[-1] if ends else "\n"),))
