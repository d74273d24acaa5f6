"""YAML text to a tree of nodes that keep what was written and where.

libyaml's event stream is the parser; this builder adds what a register needs
and PyYAML's constructors lose: the place of every key and value, the scalar as
written (so `no` and `1.10` mean what YAML 1.2 says), duplicate keys, and bounds
on nesting and on what aliases may multiply.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
)
from yaml._yaml import CParser
from yaml.reader import ReaderError

from regcheck.model import Problem, Related, Source
from regcheck.model.position import LINE_END
from regcheck.words import quoted

DEEPEST = 50
"""Levels of nesting; a register needs about four."""
MOST_ALIASED = 100_000
"""Nodes that aliases may add to a document, all expansions counted."""


PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
BLOCK_SCALAR = re.compile(r"[|>][^\r\n]*\s+(?=\S)")


class Scalar:
    """One scalar: its text, whether it was written plain, and its span."""

    __slots__ = ("end", "plain", "start", "text")

    def __init__(self, text: str, plain: bool, start: int, end: int) -> None:  # noqa: FBT001  a field
        self.text, self.plain, self.start, self.end = text, plain, start, end

    def copied(self) -> Scalar:
        """The same scalar, to stand somewhere else."""
        return Scalar(self.text, self.plain, self.start, self.end)


class Sequence:
    """A list of nodes."""

    __slots__ = ("end", "items", "start")

    def __init__(self, start: int) -> None:
        self.items: list[Node] = []
        self.start, self.end = start, start

    def copied(self) -> Sequence:
        """The same list, to stand somewhere else."""
        copy = Sequence(self.start)
        copy.items = self.items
        return copy


class Mapping:
    """Keys in the order written; the first of two equal keys stands."""

    __slots__ = ("end", "key", "merged", "pairs", "start")

    def __init__(self, start: int) -> None:
        self.pairs: dict[str, Pair] = {}
        self.start, self.end = start, start
        self.key: Node | None = None
        """While the mapping is read: the key whose value comes next."""
        self.merged: set[str] | None = None
        """The keys that `<<` brought in, where it stands: written ones win over them."""

    def copied(self) -> Mapping:
        """The same mapping, to stand somewhere else."""
        copy = Mapping(self.start)
        copy.pairs, copy.merged = self.pairs, self.merged
        return copy


Node = Scalar | Sequence | Mapping


class Pair(NamedTuple):
    """A key and its value."""

    key: Scalar
    value: Node


class BadYaml(Exception):
    """The text is not YAML that a register may be written in."""

    def __init__(self, message: str, help: str, start: int, end: int | None = None) -> None:
        super().__init__(message)
        self.message, self.help, self.start, self.end = message, help, start, end

    @classmethod
    def at(cls, event: Any, message: str, help: str) -> BadYaml:
        """Where an event of the parser stands."""
        return cls(message, help, event.start_mark.index, event.end_mark.index)


def parse(source: Source, start: int = 0, end: int | None = None) -> tuple[Node | None, list[Problem]]:
    """The one document in a part of a source (None where it is empty), and what is wrong with it.

    `start` and `end` are offsets into the source's text: front matter is parsed
    where it stands.
    """
    text = source.text[start:end]
    builder = _Builder(source, start)
    try:
        return builder.build(text), builder.problems
    except BadYaml as bad:
        first, last = (bad.start, bad.end) if bad.end else _rest_of_line(text, bad.start)
        place = source.position((start + first, start + last))
        return None, [*builder.problems, Problem("yaml-syntax", place, bad.message, bad.help)]


def _rest_of_line(text: str, at: int) -> tuple[int, int]:
    """From an offset to the end of its line; where nothing follows, the last line before it."""
    end = LINE_END.search(text, at)
    rest = text[at : end.start() if end else len(text)].rstrip()
    if rest:
        return at, at + len(rest)
    before = text[:at].rstrip()
    line = _line_start(before, len(before))
    return line + len(before[line:]) - len(before[line:].lstrip()), len(before)


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


class _Builder:
    def __init__(self, source: Source, base: int) -> None:
        self.source = source
        self.base = base
        self.problems: list[Problem] = []
        self.aliased = 0
        self.extents: dict[int, tuple[int, int]] = {}
        self.anchors: dict[str, Node] = {}
        self.merging: dict[int, Mapping] = {}
        """Open values of `<<`, by identity, and the mappings that they are merged into."""
        self.open: list[Sequence | Mapping] = []

    def build(self, text: str) -> Node | None:
        try:
            return self._build(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = error.problem or ""
            if "quoted scalar" in (error.context or "") and "unexpected" in problem:
                mark = error.context_mark  # where the quote opens, not where the file ends
            offset = mark.index if mark else 0
            message = " ".join(filter(None, (error.context, problem)))
            raise BadYaml(_plainly(message), _advice(text, offset, problem), offset) from error
        except ReaderError as error:
            character = chr(error.character) if isinstance(error.character, int) else str(error.character)
            at = max(text.find(character), 0)  # libyaml counts bytes here
            raise BadYaml(
                f"this is not YAML: it has the control character U+{ord(character):04X}",
                "remove the character, or write it as an escape in double quotes",
                at,
                at + 1,
            ) from error

    def _build(self, text: str) -> Node | None:
        # Written for speed: a register of 10,000 entries makes 200,000 events.
        root: Node | None = None
        base, open_ = self.base, self.open
        top: Sequence | Mapping | None = None
        next_event = _events(text)
        documents = last_end = 0
        while (event := next_event()).__class__ is not StreamEndEvent:
            cls = event.__class__
            opened = None
            if cls is ScalarEvent:
                node: Node = _scalar(event, base, text)
                last_end = event.end_mark.index
            elif cls is MappingStartEvent or cls is SequenceStartEvent:
                made = Mapping if cls is MappingStartEvent else Sequence
                node = opened = made(base + _content(event, text))
                if len(open_) >= DEEPEST:
                    raise _too_deep(event)
            elif cls is MappingEndEvent or cls is SequenceEndEvent:
                if event.end_mark.index > event.start_mark.index:  # a closing bracket
                    last_end = event.end_mark.index
                closed = open_.pop()
                closed.end = max(base + last_end, closed.start)
                if self.merging and (into := self.merging.pop(id(closed), None)) is not None:
                    self._merge(into, closed)
                top = open_[-1] if open_ else None
                continue
            elif cls is AliasEvent:
                node = self._aliased(event)
                last_end = event.end_mark.index
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
                self._pair(top, top.key, node, complete=opened is None)
            if opened is not None:
                open_.append(opened)
                top = opened
        return root

    def _pair(self, parent: Mapping, key: Node, value: Node, *, complete: bool) -> None:
        """Put a key and its value, complete or just opened, into the mapping that they belong to."""
        parent.key = None
        if key.__class__ is not Scalar:
            raise BadYaml(
                "a key is a list or a mapping here",
                "keys are words; quote the key if it starts with [ or {",
                key.start - self.base,
                max(key.end, key.start + 1) - self.base,
            )
        pairs, name = parent.pairs, key.text
        if name == "<<" and key.plain:
            if complete:
                self._merge(parent, value)
            else:
                self.merging[id(value)] = parent
        elif name in pairs and not (parent.merged and name in parent.merged):
            self._duplicate(pairs[name].key, key)
        else:
            if parent.merged:
                parent.merged.discard(name)
            pairs[name] = Pair(key, value)

    def _aliased(self, event: Any) -> Node:
        """What an alias stands for, at the place of the alias."""
        node = self.anchors.get(event.anchor)
        if node is None:
            message = f"the alias *{event.anchor} has no anchor &{event.anchor} before it"
            raise BadYaml.at(event, message, "define the anchor first, or write the value out")
        if any(node is still_open for still_open in self.open):
            message = f"the alias *{event.anchor} stands inside its own anchor, so it has no end"
            raise BadYaml.at(event, message, "write the value out")
        size, depth = self._extent(node)
        if len(self.open) + depth > DEEPEST:
            raise _too_deep(event)
        self.aliased += size
        if self.aliased > MOST_ALIASED:
            raise BadYaml.at(
                event,
                f"aliases multiply this document past {MOST_ALIASED:,} values (an alias bomb)",
                "write the values out, or put what repeats into `defaults`",
            )
        copy = node.copied()
        copy.start, copy.end = self.base + event.start_mark.index, self.base + event.end_mark.index
        return copy

    def _extent(self, node: Node) -> tuple[int, int]:
        """How many nodes an anchor stands for, aliases in it counted each time, and how deep."""
        if isinstance(node, Scalar):
            return 1, 0
        inside = node.items if isinstance(node, Sequence) else [p.value for p in node.pairs.values()]
        key = id(inside if isinstance(node, Sequence) else node.pairs)
        if key not in self.extents:
            extents = [self._extent(child) for child in inside]
            depth = 1 + max((depth for _, depth in extents), default=0)
            self.extents[key] = 1 + sum(size for size, _ in extents), depth
        return self.extents[key]

    def _merge(self, into: Mapping, node: Node) -> None:
        """YAML 1.1's merge key, which people use with anchors: written keys win."""
        into.merged = into.merged or set()
        for part in node.items if isinstance(node, Sequence) else [node]:
            if not isinstance(part, Mapping):
                start, end = part.start - self.base, part.end - self.base
                message = "`<<` takes a mapping, or a list of mappings"
                help = "name an anchor that stands on a mapping: `<<: *name`"
                raise BadYaml(message, help, start, end if end > start else None)
            for name, pair in part.pairs.items():
                if name not in into.pairs:
                    into.pairs[name] = pair
                    into.merged.add(name)

    def _duplicate(self, first: Scalar, second: Scalar) -> None:
        position = self.source.position((second.start, second.end))
        there = self.source.position((first.start, first.end))
        self.problems.append(
            Problem(
                "duplicate-key",
                position,
                f"the key {quoted(second.text)} stands twice in one mapping",
                "keep one of the two; only the first is read",
                related=(Related(there, f"{quoted(first.text)} stands here first"),),
            )
        )


def _events(text: str) -> Callable[[], Any]:
    """The parser's events; U+0085, U+2028 and U+2029 are characters like others (YAML 1.2, 5.4)."""
    foreign = [char for char in "\x85\u2028\u2029" if char in text]
    if not foreign:
        next_event: Callable[[], Any] = CParser(text).get_event
        return next_event
    spare = (chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text)
    stand_ins = dict(zip(foreign, spare, strict=False))
    back = {ord(stand_in): char for char, stand_in in stand_ins.items()}
    parser = CParser(text.translate({ord(char): stand_in for char, stand_in in stand_ins.items()}))

    def restored() -> Any:
        event = parser.get_event()
        if event.__class__ is ScalarEvent:
            event.value = event.value.translate(back)
        return event

    return restored


def _content(event: Any, text: str) -> int:
    """Where a node with an anchor or a tag starts to speak: behind them."""
    start: int = event.start_mark.index
    behind = PROPERTIES.match(text, start, event.end_mark.index)
    return behind.end() if behind else start


def _scalar(event: Any, base: int, text: str) -> Scalar:
    """A scalar with the span of its text, inside its quotes."""
    start, end, style = event.start_mark.index, event.end_mark.index, event.style
    if event.anchor or event.tag:
        start = _content(event, text)
    if not style or style == "\0":
        return Scalar(event.value, not event.tag, base + start, base + end)  # `!!str 5` is text
    if style in "'\"":
        start, end = start + 1, end - 1
        if bare := text[start:end].strip():  # blanks inside the quotes are no part of a value
            start = text.index(bare, start)
            end = start + len(bare)
    else:  # a block scalar, from its first word to its last
        end = start + len(text[start:end].rstrip())
        content = BLOCK_SCALAR.match(text, start, end)
        start = content.end() if content else start
    return Scalar(event.value, False, base + start, base + end)


def _too_deep(event: Any) -> BadYaml:
    message = f"the YAML is nested deeper than {DEEPEST} levels"
    return BadYaml.at(event, message, "a register needs about four; flatten it")


def _second_document(event: Any) -> BadYaml:
    help = "one file holds one register: remove the line `---`, or make two files"
    return BadYaml.at(event, "a second YAML document starts here", help)


def _plainly(message: str) -> str:
    """What libyaml says, without the terms of its grammar."""
    message = message.replace("block mapping", "mapping").replace("block collection", "list")
    return f"this is not YAML: {message}" if message else "this is not YAML"


ADVICE = {
    "mapping values are not allowed": "put the value in quotes: a colon and a space start a new key",
    "expected ',' or": "close the bracket, or put a comma between the items",
    "expected node content": "write the value that is missing here, or remove a comma or bracket too many",
    "could not find expected ':'": "write a colon and a space after the key",
    "unknown escape": "in double quotes a backslash starts an escape: write two, or use single quotes",
    "unexpected end of stream": "close the quotes",
    "unexpected document indicator": "close the quotes",
    "expected key": "indent this line like its neighbours",
    "expected '-'": "indent this line like its neighbours, or start it with `- `",
}


def _advice(text: str, offset: int, problem: str) -> str:
    if "\t" in text[_line_start(text, offset) : offset + 1]:
        return "indent with spaces: YAML does not allow tabs here"
    if "cannot start any token" in problem:
        return f"put the value in quotes: it may not start with {quoted(text[offset : offset + 1])}"
    for said, help in ADVICE.items():
        if said in problem:
            return help
    return "check the indentation and the quotes of this line and the one before"
