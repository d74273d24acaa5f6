"""The line end that is missing at the end of a file."""

from __future__ import annotations

from collections.abc import Iterator

from regcheck.fixing.edits import Fix, Work, replaced
from regcheck.model import Source
from regcheck.model.position import LINE_END
from regcheck.reading.yaml_nodes import Mapping, Sequence, parse

YAML = (".yaml", ".yml")


def fixes(work: Work) -> Iterator[Fix]:
    """A last line end, like the others of its file, where a file has none.

    A block scalar of YAML at the end would say it, so that it stays without.
    """
    for path in sorted(work.sources):
        source = work.sources[path]
        text = source.text
        if text and text[-1] not in "\r\n" and not _ends_in_block(source):
            ends = LINE_END.findall(text)
            yield Fix((replaced(source, len(text), len(text), ends[-1] if ends else "\n"),))


def _ends_in_block(source: Source) -> bool:
    """Whether the last value of a YAML file is a block scalar."""
    if not source.path.endswith(YAML):
        return False
    node, _ = parse(source)
    while isinstance(node, Mapping | Sequence):
        inner = node.items if isinstance(node, Sequence) else [pair.value for pair in node.pairs.values()]
        if not inner:
            return False
        node = max(inner, key=lambda one: one.end)
    return node is not None and not node.plain and node.end == len(source.text.rstrip())
