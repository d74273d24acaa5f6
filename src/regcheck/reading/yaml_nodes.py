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

    size = 1

    def __init__(self, text: str, plain: bool, start: int, end: int) -> None:  # noqa: FBT001  a field
        self.text, self.plain, self.start, self.end = text, plain, start, end


class Sequence:
    """A list of nodes."""

    __slots__ = ("end", "items", "size", "start")

    def __init__(self, start: int) -> None:
        self.items: list[Node] = []
        self.start, self.end, self.size = start, start, 1


class Mapping:
    """Keys in the order written; the first of two equal keys stands."""

    __slots__ = ("end", "key", "pairs", "size", "start")

    def __init__(self, start: int) -> None:
        self.pairs: dict[str, Pair] = {}
        self.start, self.end, self.size = start, start, 1
        self.key: Scalar | None = None


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
        root: Node | None = None
        base, open_, add = self.base, self.open, self._add
        next_event: Any = CParser(text).get_event
        documents = 0
        while (event := next_event()).__class__ is not StreamEndEvent:
            cls = event.__class__
            if cls is ScalarEvent:
                start, end = event.start_mark.index, event.end_mark.index
                style = event.style
                plain = not style or style == "\0"
                if plain and event.tag:
                    plain = False  # `!!str 5` is text
                elif style in ("'", '"'):
                    start, end = start + 1, end - 1  # point at the text, not at its quotes
                node: Node = Scalar(event.value, plain, base + start, base + end)
                if event.anchor:
                    self.anchors[event.anchor] = node
                add(node)
                if not open_:
                    root = node
            elif cls is MappingStartEvent or cls is SequenceStartEvent:
                made = Mapping if cls is MappingStartEvent else Sequence
                node = made(base + event.start_mark.index)
                if event.anchor:
                    self.anchors[event.anchor] = node
                if len(open_) >= DEEPEST:
                    raise BadYaml(
                        f"the YAML is nested deeper than {DEEPEST} levels",
                        "a register needs about four; flatten it",
                        event.start_mark.index,
                    )
                add(node)
                if not open_:
                    root = node
                open_.append(node)
            elif cls is MappingEndEvent or cls is SequenceEndEvent:
                node = open_.pop()
                node.end = base + event.end_mark.index
                if open_:
                    open_[-1].size += node.size - 1
            elif cls is AliasEvent:
                add(self._aliased(event))
            elif cls is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise BadYaml(
                        "a second YAML document starts here",
                        "one file holds one register: remove the line `---`, or make two files",
                        event.start_mark.index,
                    )
        return root

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
        self.aliased += node.size
        if self.aliased > MOST_ALIASED:
            raise BadYaml(
                f"aliases multiply this document past {MOST_ALIASED:,} values (an alias bomb)",
                "write the values out, or put what repeats into `defaults`",
                offset,
            )
        return node

    def _add(self, node: Node) -> None:
        """Put a finished or opened node where the innermost open one expects it."""
        if not self.open:
            return
        parent = self.open[-1]
        parent.size += node.size
        if parent.__class__ is Sequence:
            parent.items.append(node)
            return
        assert isinstance(parent, Mapping)
        key = parent.key
        if key is None:
            if node.__class__ is not Scalar:
                raise BadYaml(
                    "a key is a list or a mapping here",
                    "keys are words; quote the key if it starts with [ or {",
                    node.start - self.base,
                )
            parent.key = node
            return
        parent.key = None
        if key.text == "<<" and key.plain:
            self._merge(parent, node)
        elif key.text in parent.pairs and parent.pairs[key.text].key.start >= parent.start:
            self._duplicate(parent.pairs[key.text].key, key)
        else:
            parent.pairs[key.text] = Pair(key, node)

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
