"""YAML text to a tree of nodes that keep what was written and where.

libyaml's event stream is the parser; this builder adds what a register needs
and PyYAML's constructors lose: the place of every key and value, the scalar as
written (so `no` and `1.10` mean what YAML 1.2 says), duplicate keys, and bounds
on nesting and on what aliases may multiply.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    MarkedYAMLError,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
)
from yaml._yaml import CParser

from regcheck.model import Problem, Related, Source

DEEPEST = 50
"""Levels of nesting; a register needs about four."""
MOST_ALIASED = 100_000
"""Nodes that aliases may add to a document, all expansions counted."""


class Scalar:
    """One scalar: its text, whether it was written plain, and its span."""

    __slots__ = ("end", "plain", "start", "text")

    def __init__(self, text: str, plain: bool, start: int, end: int) -> None:  # noqa: FBT001  a field
        self.text, self.plain, self.start, self.end = text, plain, start, end


class Sequence:
    """A list of nodes."""

    __slots__ = ("end", "items", "start")

    def __init__(self, start: int) -> None:
        self.items: list[Node] = []
        self.start, self.end = start, start


class Mapping:
    """Keys in the order written; the first of two equal keys stands."""

    __slots__ = ("end", "key", "pairs", "start")

    def __init__(self, start: int) -> None:
        self.pairs: dict[str, Pair] = {}
        self.start, self.end = start, start
        self.key: Node | None = None
        """While the mapping is read: the key whose value comes next."""


Node = Scalar | Sequence | Mapping


class Pair(NamedTuple):
    """A key and its value."""

    key: Scalar
    value: Node


class BadYaml(Exception):
    """The text is not YAML that a register may be written in."""

    def __init__(self, message: str, help: str, offset: int) -> None:
        super().__init__(message)
        self.message, self.help, self.offset = message, help, offset


def parse(source: Source, start: int = 0, end: int | None = None) -> tuple[Node | None, list[Problem]]:
    """The one document in a part of a source (None where it is empty), and what is wrong with it.

    `start` and `end` are offsets into the source's text: front matter is parsed
    where it stands.
    """
    end = len(source.text) if end is None else end
    builder = _Builder(source, start)
    try:
        return builder.build(source.text[start:end]), builder.problems
    except BadYaml as bad:
        at = min(start + bad.offset, end)
        problem = Problem("yaml-syntax", source.position((at, at)), bad.message, bad.help)
        return None, [*builder.problems, problem]


class _Builder:
    def __init__(self, source: Source, base: int) -> None:
        self.source = source
        self.base = base
        self.problems: list[Problem] = []
        self.aliased = 0
        self.sizes: dict[int, int] = {}
        self.anchors: dict[str, Node] = {}
        self.open: list[Sequence | Mapping] = []

    def build(self, text: str) -> Node | None:
        try:
            return self._build(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            offset = mark.index if mark else 0
            message = " ".join(filter(None, (error.context, error.problem)))
            raise BadYaml(_plainly(message), _advice(text, offset), offset) from error
        except YAMLError as error:  # a character that YAML forbids
            offset = getattr(error, "position", None) or 0
            raise BadYaml(
                "this is not YAML: it has a control character",
                "remove the character, or write it as an escape in double quotes",
                offset if isinstance(offset, int) else 0,
            ) from error

    def _build(self, text: str) -> Node | None:
        # Written for speed: a register of 10,000 entries makes 200,000 events.
        root: Node | None = None
        base, open_ = self.base, self.open
        top: Sequence | Mapping | None = None
        next_event: Any = CParser(text).get_event
        documents = 0
        while (event := next_event()).__class__ is not StreamEndEvent:
            cls = event.__class__
            opened = None
            if cls is ScalarEvent:
                node: Node = _scalar(event, base)
            elif cls is MappingStartEvent or cls is SequenceStartEvent:
                made = Mapping if cls is MappingStartEvent else Sequence
                node = opened = made(base + event.start_mark.index)
                if len(open_) >= DEEPEST:
                    raise _too_deep(event)
            elif cls is MappingEndEvent or cls is SequenceEndEvent:
                open_.pop().end = base + event.end_mark.index
                top = open_[-1] if open_ else None
                continue
            elif cls is AliasEvent:
                node = self._aliased(event)
            else:
                documents += cls is DocumentStartEvent
                if documents > 1:
                    raise _second_document(event)
                continue
            if cls is not AliasEvent and event.anchor:
                self.anchors[event.anchor] = node
            if top is None:
                root = node
            elif isinstance(top, Sequence):
                top.items.append(node)
            elif top.key is None:
                top.key = node
            else:
                self._pair(top, top.key, node)
            if opened is not None:
                open_.append(opened)
                top = opened
        return root

    def _pair(self, parent: Mapping, key: Node, value: Node) -> None:
        """Put a key and its value into the mapping that they belong to."""
        parent.key = None
        if key.__class__ is not Scalar:
            raise BadYaml(
                "a key is a list or a mapping here",
                "keys are words; quote the key if it starts with [ or {",
                key.start - self.base,
            )
        pairs, name = parent.pairs, key.text
        if name == "<<" and key.plain:
            self._merge(parent, value)
        elif name in pairs and pairs[name].key.start >= parent.start:
            self._duplicate(pairs[name].key, key)
        else:
            pairs[name] = Pair(key, value)

    def _aliased(self, event: Any) -> Node:
        node = self.anchors.get(event.anchor)
        offset = event.start_mark.index
        if node is None:
            raise BadYaml(
                f"the alias *{event.anchor} has no anchor &{event.anchor} before it",
                "define the anchor first, or write the value out",
                offset,
            )
        if any(node is still_open for still_open in self.open):
            raise BadYaml(
                f"the alias *{event.anchor} stands inside its own anchor, so it has no end",
                "write the value out",
                offset,
            )
        self.aliased += self._size(node)
        if self.aliased > MOST_ALIASED:
            raise BadYaml(
                f"aliases multiply this document past {MOST_ALIASED:,} values (an alias bomb)",
                "write the values out, or put what repeats into `defaults`",
                offset,
            )
        return node

    def _size(self, node: Node) -> int:
        """How many nodes an anchor stands for, aliases in it counted each time."""
        if id(node) not in self.sizes:
            inside: list[Node] = []
            if isinstance(node, Sequence):
                inside = node.items
            elif isinstance(node, Mapping):
                inside = [pair.value for pair in node.pairs.values()]
            self.sizes[id(node)] = 1 + sum(map(self._size, inside))
        return self.sizes[id(node)]

    def _merge(self, into: Mapping, node: Node) -> None:
        """YAML 1.1's merge key, which people use with anchors: written keys win."""
        for part in node.items if isinstance(node, Sequence) else [node]:
            if isinstance(part, Mapping):
                for name, pair in part.pairs.items():
                    into.pairs.setdefault(name, pair)

    def _duplicate(self, first: Scalar, second: Scalar) -> None:
        position = self.source.position((second.start, second.end))
        there = self.source.position((first.start, first.end))
        self.problems.append(
            Problem(
                "duplicate-key",
                position,
                f"the key `{second.text}` stands twice in one mapping",
                "keep one of the two; only the first is read",
                related=(Related(there, f"`{first.text}` stands here first"),),
            )
        )


def _scalar(event: Any, base: int) -> Scalar:
    """A scalar with the span of its text, inside its quotes."""
    start, end, style = event.start_mark.index, event.end_mark.index, event.style
    if not style or style == "\0":
        return Scalar(event.value, not event.tag, base + start, base + end)  # `!!str 5` is text
    if style in "'\"":
        start, end = start + 1, end - 1
    return Scalar(event.value, False, base + start, base + end)


def _too_deep(event: Any) -> BadYaml:
    return BadYaml(
        f"the YAML is nested deeper than {DEEPEST} levels",
        "a register needs about four; flatten it",
        event.start_mark.index,
    )


def _second_document(event: Any) -> BadYaml:
    return BadYaml(
        "a second YAML document starts here",
        "one file holds one register: remove the line `---`, or make two files",
        event.start_mark.index,
    )


def _plainly(message: str) -> str:
    """What libyaml says, without the terms of its grammar."""
    message = message.replace("block mapping", "mapping").replace("block collection", "list")
    return f"this is not YAML: {message}" if message else "this is not YAML"


def _advice(text: str, offset: int) -> str:
    line_start = text.rfind("\n", 0, offset) + 1
    line = text[line_start : (text + "\n").find("\n", offset)]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces: YAML does not allow tabs here"
    if line.count(": ") > 1:
        return "put the value in quotes: a colon and a space start a new key"
    if line.count('"') % 2 or line.count("'") % 2:
        return "close the quotes"
    return "check the indentation and the quotes of this line and the one before"
