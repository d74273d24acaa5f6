"""One source to its registers: the three shapes, one meaning."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

from regcheck.model import Entry, Guess, Kind, Places, Position, Problem, Register, Related, Source
from regcheck.reading import front_matter, tables
from regcheck.reading.inline import DRESSED, plain
from regcheck.reading.kinds import heading_key
from regcheck.reading.rows import Column, row_values
from regcheck.reading.shapes import About, Columns, Defaults, NodePlaces, RowPlaces, WithDefaults
from regcheck.reading.tables import Cell, Marker, Table
from regcheck.reading.values import from_node, is_absent, is_date, reader, untyped, words
from regcheck.reading.yaml_nodes import Mapping, Scalar, Sequence, parse
from regcheck.words import Guesses, close, flow, listed, plural, quoted, shorten

DAYS = re.compile(r"[0-9]{1,6}")

ABOUT = ("title", "as_of", "max_age", "workplan")
"""What a register may say about itself, beside its kind, its `defaults` and its entries."""


class Reader:
    """Reads the registers of one source; what is wrong collects in `problems`."""

    def __init__(self, source: Source, kinds: dict[str, Kind], broken: set[str]) -> None:
        self.source = source
        self.kinds = kinds
        self.broken = broken
        """Kinds whose schema is invalid: reported there, not at every register."""
        self.problems: list[Problem] = []
        self.subjects: dict[int, Entry] = {}
        """The entry that a problem is about, by the problem's index: it gets its id later."""
        self.guesses: Guesses[list[str]] = Guesses()

    def read(self) -> list[Register]:
        """The registers of the source, in the order of the file."""
        if self.source.path.lower().endswith((".yaml", ".yml")):
            return list(self._yaml())
        return list(self._markdown())

    def document(self) -> list[Register]:
        """A canon document as an entry of the kind `document`, unless it says itself what it registers.

        None without front matter.
        """
        matter = front_matter.read(self.source)
        if matter.fields and not matter.fields.pairs.keys().isdisjoint(("register", "entry")):
            return list(self._markdown())
        self.problems += matter.problems
        if matter.fields is None:
            return []
        # Other front matter (a page's `hide:` or `tags:`) is the page's own affair.
        known = self.kinds["document"].properties
        fields = Mapping(matter.fields.start)
        fields.end = matter.fields.end
        fields.pairs = {name: pair for name, pair in matter.fields.pairs.items() if name in known}
        return [self._entry_document(fields, self.kinds["document"], (0, 0))] if fields.pairs else []

    # --- shapes ---------------------------------------------------------

    def _yaml(self) -> Iterator[Register]:
        node, problems = parse(self.source)
        self.problems += problems
        if any(problem.rule == "yaml-syntax" for problem in problems):
            return
        named = self._named(node, "register") if isinstance(node, Mapping) else None
        if named is None:
            if isinstance(node, Mapping) and (entry := self._named(node, "entry")):
                if kind := self._kind(entry):
                    yield self._entry_document(node, kind, (entry.start, entry.end))
                return
            first = next(iter(node.pairs.values())).key if isinstance(node, Mapping) and node.pairs else node
            begins = f" begins with {shorten(first.text)} and" if isinstance(first, Scalar) else ""
            self._report(
                "unknown-kind",
                (first.start, first.end) if first else (0, 0),
                f"this YAML file{begins} does not say what it registers",
                "start it with `register: KIND`, or take it out of the globs",
            )
            return
        assert isinstance(node, Mapping)
        if kind := self._kind(named):
            yield self._yaml_list(node, kind, named)

    def _markdown(self) -> Iterator[Register]:
        text = self.source.text
        matter = front_matter.read(self.source)
        self.problems += matter.problems
        fields = matter.fields
        named = self._named(fields, "register") if fields else None
        entry = self._named(fields, "entry") if fields and named is None else None
        if fields and entry and (kind := self._kind(entry)):
            yield self._entry_document(fields, kind, (entry.start, entry.end))
        if named is None and "<!--" not in text:
            return
        kind = self._kind(named) if named else None
        about, given = About(), dict[str, Defaults | None]()
        met = [*tables.find(text, matter.body)]
        if fields and named:
            about = self._about(fields, {"register", "defaults"})
            given = {kind.name: self._defaults(fields, kind)} if kind else given
        elif fields and (marked := [t.marker.kind for t in met if isinstance(t, Table) and t.marker]):
            about, given = self._beside_markers(fields, marked, entry)
        found = False
        for table in met:
            if isinstance(table, Marker):
                if table.kind:
                    self._no_table((table.start, table.end), table.kind)
                else:
                    self._marked(table)
                continue
            if table.marker:
                own = self._marked(table.marker)
                place = (table.marker.start, table.marker.end)
            elif named:
                own, place = kind, (named.start, named.end)
            else:
                continue
            found = True
            if own:
                yield self._table(table, own, place, about, given.get(own.name))
        if kind and named and not found:
            self._no_table((named.start, named.end), kind.name)

    def _table(
        self, table: Table, kind: Kind, place: tuple[int, int], about: About, defaults: Defaults | None
    ) -> Register:
        text = self.source.text
        columns = Columns(text, kind, table.header, self._columns(table, kind))
        read = [
            Column(name, kind.properties[name].is_list, reader(kind.properties[name])) if name else None
            for name in columns.properties
        ]
        count, entries = len(table.header), []
        if table.delimiter_cells != count:
            self._cell_count(table.header[0].start, table.header[-1].end, table.delimiter_cells, count)
        for start, end in table.rows:
            line, met = text[start:end], len(self.problems)
            row = tables.texts(line)
            if len(row) != count:
                self._cell_count(start, end, len(row), count)
            values = row_values(row, read, dressed=DRESSED.search(line) is not None)
            entry = self._entry(kind, values, RowPlaces(columns, start, end), about, defaults)
            self.subjects.update(dict.fromkeys(range(met, len(self.problems)), entry))
            entries.append(entry)
        if not entries:
            self._empty(place, kind)
        return self._register(kind, place, entries, "table", about)

    def _columns(self, table: Table, kind: Kind) -> list[str | None]:
        properties: list[str | None] = []
        taken: dict[str, Cell] = {}
        for cell in table.header:
            heading = plain(cell.text)
            name = kind.columns.get(heading_key(heading))
            span = (cell.start, cell.end)
            if name is None:
                what = f"the heading {shorten(heading)}" if heading else "an empty heading"
                titles = {h: kind.properties[p].title for h, p in kind.columns.items()}
                self._unknown(span, what, heading, kind, titles)
            elif name in taken:
                first = taken[name]
                related = Related(self.source.position((first.start, first.end)), "the first column")
                self._report(
                    "duplicate-key",
                    span,
                    f"two columns mean `{name}`: {shorten(first.text)} and {shorten(cell.text)}",
                    "keep one of them; only the first is read",
                    related=(related,),
                )
                name = None
            else:
                taken[name] = cell
            properties.append(name)
        return properties

    def _yaml_list(self, node: Mapping, kind: Kind, named: Scalar) -> Register:
        about = self._about(node, {"register", "defaults", "entries"})
        defaults = self._defaults(node, kind)
        place = (named.start, named.end)
        pair = node.pairs.get("entries")
        items = pair.value.items if pair and isinstance(pair.value, Sequence) else []
        if pair and not isinstance(pair.value, Sequence) and untyped(pair.value) is not None:
            self._report(
                "schema",
                (pair.value.start, pair.value.end),
                "`entries` is not a list",
                "write each entry as an item: `- id: …`",
            )
        elif not items:
            self._empty(place, kind)
        entries = []
        for item in items:
            if isinstance(item, Mapping):
                entries.append(self._from_mapping(item, kind, about, defaults))
            else:
                found = "nothing" if is_absent(item) else shorten(untyped(item))
                message = f"an entry of the kind `{kind.name}` is a mapping, not {found}"
                help = f"write its properties: `- {kind.id_property}: …`"
                self._report("schema", (item.start, item.end), message, help)
        return self._register(kind, place, entries, "list", about)

    def _entry_document(self, fields: Mapping, kind: Kind, place: tuple[int, int]) -> Register:
        own = set(kind.properties)
        about = self._about(fields, {"entry", *own}, own)
        self.problems = front_matter.advised(self.problems, self.source, fields, kind)
        fields = front_matter.properties(fields, kind)
        entry = self._from_mapping(fields, kind, about, None, {"entry", *ABOUT} - own)
        return self._register(kind, place, [entry], "document", about)

    def _from_mapping(
        self,
        node: Mapping,
        kind: Kind,
        about: About,
        defaults: Defaults | None,
        skip: Container[str] = frozenset(),
    ) -> Entry:
        values: dict[str, Any] = {}
        properties, met = kind.properties, len(self.problems)
        for name, pair in node.pairs.items():
            property_ = properties.get(name)
            if property_ is None:
                if name not in skip:
                    span = (pair.key.start, pair.key.end)
                    self._unknown(span, f"the key {shorten(name)}", name, kind, {p: p for p in properties})
                continue
            value = from_node(pair.value, property_)
            if value is not None:
                values[name] = value
        entry = self._entry(kind, values, NodePlaces(node), about, defaults)
        self.subjects.update(dict.fromkeys(range(met, len(self.problems)), entry))
        return entry

    # --- parts of a register ---------------------------------------------

    def _entry(
        self, kind: Kind, values: dict[str, Any], places: Places, about: About, defaults: Defaults | None
    ) -> Entry:
        if defaults:
            values = {**defaults.values, **values}
            places = WithDefaults(places, defaults.places)
        return Entry(kind, values, places, self.source, about.workplan)

    def _register(
        self, kind: Kind, place: tuple[int, int], entries: list[Entry], shape: str, about: About
    ) -> Register:
        return Register(kind, self.source, place, entries, shape, *about)

    def _named(self, node: Mapping, key: str) -> Scalar | None:
        pair = node.pairs.get(key)
        if pair is None:
            return None
        if isinstance(pair.value, Scalar) and not is_absent(pair.value):
            return Scalar(words(pair.value), True, pair.value.start, pair.value.end)
        text = "" if is_absent(pair.value) else flow(untyped(pair.value))
        return Scalar(text, True, pair.key.start, pair.key.end)

    def _marked(self, marker: Marker) -> Kind | None:
        """The kind that a marker names."""
        if marker.kind:
            return self._kind(Scalar(marker.kind, True, marker.start, marker.end))
        text = self.source.text[marker.start : marker.end]
        wrong = "does not say what it registers" if "-->" in text else "is not closed on its line (`-->`)"
        message = f"the comment {shorten(text)} {wrong}"
        help = "write `<!-- regcheck: register=KIND -->`"
        self._report("unknown-kind", (marker.start, marker.end), message, help)
        return None

    def _kind(self, named: Scalar) -> Kind | None:
        kind = self.kinds.get(named.text)
        if kind is None and named.text not in self.broken:
            near = close(named.text, self.kinds)
            self._report(
                "unknown-kind",
                (named.start, named.end),
                f"there is no kind {shorten(named.text)}" if named.text else "no kind is named here",
                f"did you mean {quoted(near[0])}?"
                if near
                else f"the kinds are {listed(sorted(self.kinds))}; add one in schemas/",
                guess=Guess(named.text, tuple(near)),
            )
        return kind

    def _about(self, fields: Mapping, others: set[str], own: set[str] | None = None) -> About:
        """What a register says of itself; `own` are properties of an entry document."""
        said: dict[str, Any] = {}
        for name, pair in fields.pairs.items():
            span = (pair.value.start, pair.value.end)
            if name in ABOUT and name not in (own or ()):
                value = words(pair.value) if isinstance(pair.value, Scalar) else ""
                if is_absent(pair.value):
                    continue
                if name == "max_age":
                    if not DAYS.fullmatch(value):
                        message = f"`max_age` is a number of days, not {shorten(untyped(pair.value))}"
                        self._report("schema", span, message, "write a whole number, such as `30`")
                        continue
                    said[name] = int(value)
                elif name == "as_of" and not is_date(value):
                    message = f"{shorten(untyped(pair.value))} is not a date (YYYY-MM-DD)"
                    self._report("schema", span, message, "write the day the facts were true")
                else:
                    said[name] = value or None
                    if name == "as_of":
                        said["as_of_place"] = span
            elif name not in others and own is None:
                what = f"the key {shorten(name)}"
                known = {word: word for word in (*others, *ABOUT)}
                self._unknown((pair.key.start, pair.key.end), what, name, None, known)
        return About(**said)

    def _beside_markers(
        self, fields: Mapping, marked: list[str], entry: Scalar | None
    ) -> tuple[About, dict[str, Defaults | None]]:
        """What front matter without `register` says of marked tables; the rest of it is the page's own."""
        if entry:
            of = self.kinds.get(entry.text)
            return self._about(fields, set(), set(of.properties) if of else set()), {}
        kinds = {name: self.kinds[name] for name in marked if name in self.kinds}
        all_ = {name for kind in kinds.values() for name in kind.properties}
        given = {name: self._defaults(fields, kind, all_) for name, kind in kinds.items()}
        return self._about(fields, set(), set()), given

    def _defaults(self, fields: Mapping, kind: Kind, others: Container[str] = frozenset()) -> Defaults | None:
        """What each entry of a kind is given; `others` are properties that are meant for other kinds, too."""
        pair = fields.pairs.get("defaults")
        if pair is None:
            return None
        if not isinstance(pair.value, Mapping):
            if untyped(pair.value) is not None:
                span = (pair.value.start, pair.value.end)
                self._report("schema", span, "`defaults` is no mapping", "write `property: value` lines")
            return None
        entry = self._from_mapping(pair.value, kind, About(), None, others)
        return Defaults(entry.values, entry.places)

    # --- findings ---------------------------------------------------------

    def _report(
        self,
        rule: str,
        span: tuple[int, int],
        message: str,
        help: str,
        *,
        related: tuple[Related, ...] = (),
        guess: Guess | None = None,
    ) -> None:
        place = self._position(span)
        self.problems.append(Problem(rule, place, message, help, related=related, guess=guess))

    def _position(self, span: tuple[int, int]) -> Position:
        return self.source.position(span)

    def _unknown(
        self, span: tuple[int, int], what: str, name: str, kind: Kind | None, known: dict[str, str]
    ) -> None:
        """A name that is none of those known; these are given with what people call them."""
        owner = f"the kind `{kind.name}`" if kind else "a register"
        near = self.guesses.of((name, frozenset(known)), lambda: close(name, known)) or []
        if near:
            help = f"did you mean `{known[near[0]]}`?"
        elif kind:
            help = f"see `regcheck explain {kind.name}` for its properties"
        else:
            help = f"a register has {listed(sorted(known))}"
        guess = Guess(name, tuple(dict.fromkeys(known[name] for name in near)))
        self._report("unknown-property", span, f"{what} is no property of {owner}", help, guess=guess)

    def _cell_count(self, start: int, end: int, found: int, wanted: int) -> None:
        found_cells = plural(found, "cell")
        self._report(
            "malformed-table",
            (start, end),
            f"this row has {found_cells}, its header {wanted}",
            "add the missing cells (— for an absent value)"
            if found < wanted
            else "remove a cell, or write `\\|` for a pipe inside one",
        )

    def _no_table(self, span: tuple[int, int], kind: str) -> None:
        message = f"a register of the kind `{kind}` is announced here, but no table follows"
        help = "write its table: a header row, a row of dashes, a row for each entry"
        self._report("malformed-table", span, message, help)

    def _empty(self, span: tuple[int, int], kind: Kind) -> None:
        message = f"this register has no {kind.name} in it"
        self._report("empty-register", span, message, "add an entry, or remove the register")
