"""The findings as Markdown, for a comment on a pull request or a job summary.

Text of registers is shown as code wherever it is more than a plain word: in
code no forge finds markup, HTML, a mention, a reference, a link or an emoji,
and none of their many rules for those needs to be known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from regcheck.model import Finding
from regcheck.reporting.phrases import accepted, found, left_out, nothing, read, worst_first
from regcheck.reporting.view import PIPE, View
from regcheck.terminal import visible
from regcheck.verdict import Verdict
from regcheck.words import plural, quoted

COMMENT = 65_536
"""Characters of a comment on GitHub; counted as bytes here, which is never more lenient."""
FOLDED_FROM = 20
"""Findings from which on each file is folded away."""
MOST_RELATED = 10
ENDING = 200
"""Bytes that the sentence about what is left out may take."""
COUNTS = 60
"""Bytes that the counts of one file may take."""

PLAIN = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*|\d{1,3}(?:,\d{3})*|[\u2192\u2014\u2013]")
"""A word, a number, an arrow or a dash: no forge sees anything else in it."""
COMMIT = re.compile(r"\b[0-9a-f]{7,}\b", re.IGNORECASE)
"""What could name a commit, even when it is a word or a part of one."""
QUOTED = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
"""What stands between two runs of backquotes of one length (CommonMark 6.1)."""
PUNCTUATION = ",.;:?…"


def render(verdict: Verdict, _view: View = PIPE) -> str:
    """The report, short enough for a comment."""
    text, _ = report(verdict, COMMENT)
    return text


def report(verdict: Verdict, room: int) -> tuple[str, int]:
    """The report in at most so many bytes (or its head alone, where that is more).

    Where not all findings fit the most severe are shown; the number is how many
    are left out.
    """
    head = [f"## regcheck: {found(verdict.findings) or nothing(verdict)}", "", _sentence(read(verdict))]
    head += ["", " ".join(map(_sentence, said))] if (said := accepted(verdict)) else []
    start = "\n".join(head) + "\n"
    folded = len(verdict.findings) >= FOLDED_FROM
    shown = _fitting(verdict.findings, room - len(start.encode()) - ENDING, folded=folded)
    hidden = len(verdict.findings) - sum(map(len, shown.values()))
    sections = [_section(path, shown[path], folded=folded) for path in sorted(shown)]
    if hidden:
        sections.append(f"\n{left_out(hidden)}.\n")
    return start + "".join(sections), hidden


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _fitting(findings: list[Finding], room: int, *, folded: bool) -> dict[str, list[Finding]]:
    """The findings by file that fit into so many bytes; the most severe go first."""
    kept: set[int] = set()
    paths: set[str] = set()
    for finding in worst_first(findings):
        path = finding.position.path
        around = 0 if path in paths else len(_section(path, [], folded=folded).encode()) + COUNTS
        size = len(_item(finding).encode()) + around
        if size <= room:
            room -= size
            kept.add(id(finding))
            paths.add(path)
        elif room < ENDING:
            break
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if id(finding) in kept:
            by_path.setdefault(finding.position.path, []).append(finding)
    return by_path


def _section(path: str, findings: list[Finding], *, folded: bool) -> str:
    items = "".join(map(_item, findings))
    if not folded:
        return f"\n### {code(path)}\n\n{items}"
    from html import escape

    counts = found(findings)
    summary = f"<code>{escape(visible(path))}</code>: {counts}"
    return f"\n<details><summary>{summary}</summary>\n\n{items}\n</details>\n"


def _item(finding: Finding) -> str:
    return "\n".join(_lines(finding)) + "\n"


def _lines(finding: Finding) -> Iterator[str]:
    severity, line = finding.severity.value, finding.position.line
    yield f"- **{severity}** in line {line}: {prose(finding.message)} (`{finding.rule}`)"
    if finding.help:
        yield f"  - help: {prose(finding.help)}"
    for place, message in finding.related[:MOST_RELATED]:
        yield f"  - {code(f'{place.path}:{place.line}')}: {prose(message)}"
    if (hidden := len(finding.related) - MOST_RELATED) > 0:
        yield f"  - {plural(hidden, 'more place')}"


def prose(text: str) -> str:
    """A sentence in Markdown: what stands in backquotes or is no plain word becomes code."""
    parts: list[tuple[str, bool]] = []
    for number, between in enumerate(QUOTED.split(visible(text))):
        if number % 3 == 1:  # the backquotes themselves
            continue
        for piece, is_code in [(_unpadded(between), True)] if number % 3 else _words(between):
            if piece and is_code and parts and parts[-1][1]:  # two spans of code must not touch
                parts[-1] = parts[-1][0] + piece, True
            elif piece:
                parts.append((piece, is_code))
    return "".join(code(piece) if is_code else piece for piece, is_code in parts)


def _unpadded(text: str) -> str:
    """What a span of code holds, without the blanks that keep its backquotes from its ends."""
    return text[1:-1] if text[0] == text[-1] == " " and text.strip() else text


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text, the punctuation around them and the blanks; and whether each must be code."""
    for word in re.split("( )", re.sub(" +", " ", text)):
        closing = ")" if word.count(")") > word.count("(") else ""
        core = word.lstrip("(").rstrip(PUNCTUATION + closing)
        before, _, after = word.partition(core) if core.strip() else (word, "", "")
        yield before, False
        if core.strip():
            item = core.isdigit() and after[:1] in (".", ")")  # a numbered list, where a line begins
            yield core, item or not PLAIN.fullmatch(core) or bool(COMMIT.search(core))
        yield after, False


def code(text: str) -> str:
    """A span of code on one line, whatever is in it."""
    return quoted(visible(text))
