"""A fleet whose every field of every kind is written by somebody who wants a reader's browser to obey."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from regcheck.explaining.examples import smallest
from regcheck.model import Kind
from regcheck.reading import kinds
from repositories import Repository

TEXTS = (
    "<script>window.hacked=1</script>",
    "</title></textarea></style></script><script>window.hacked=2</script>",
    '"><img src=x onerror="window.hacked=3">',
    "'><svg/onload=window.hacked=4>",
    "<img src=https://evil.example/a.png><iframe src=https://evil.example></iframe>",
    '<link rel=stylesheet href=//evil.example/a.css><base href="https://evil.example/">',
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    "](javascript:window.hacked=5)",
    "[x](javascript:window.hacked=6) ![x](https://evil.example/b.png) <https://evil.example>",
    '<a href="javascript:window.hacked=7" onmouseover=window.hacked=8 style=position:fixed>x</a>',
    "[x]: javascript:window.hacked=9\n\n[x] {: onclick=window.hacked=10 }",
    "{{ config }} {% include 'main.html' %} {# x #} ${window.hacked=11}",
    "a | b || c \\| d",
    "`code` ``more`` ``` <script>window.hacked=12</script>",
    "--- \n# heading\n---\n<!-- --> <![CDATA[ <?php ?> ]]>",
    "\u202egpj.exe\u2066 \u200f\u200b \u0007",
    "&lt;script&gt;window.hacked=13&lt;/script&gt; &#60;b&#62;",
    '<div data-rc-kept="0"></div> </div></figure></details></article>',
    "../../x",
    "/etc/passwd",
    "..\\..\\x",
    "constructor",
    "__proto__",
)
LONG = "x" * 10_000
IDS = ("../../../escaped", "/escaped", "a/../../escaped", "..", "con", "index", "x" * 500)
"""Names of files that would lie elsewhere, or nowhere."""
SETTINGS = """\
documents = "canon/**/*.md"

[[contract]]
name = "apart"
reason = "<script>window.hacked=20</script> [x](javascript:window.hacked=21) {{ config }}"
type = "independent"
independent = ["environment=production", "role:frozen"]
"""
BODY = """\
# <script>window.hacked=30</script>

<script>window.hacked=31</script>

<img src=x onerror="window.hacked=32"> <iframe src="https://evil.example"></iframe>

[x](javascript:window.hacked=33) [y](JaVaScRiPt&colon;window.hacked=34) [z](data:text/html,<script>x</script>)
![x](https://evil.example/c.png) <javascript:window.hacked=35> {{ config }} {% raw %}

[up](../../../../../../etc/passwd) [gone](nowhere.md) {: onclick="window.hacked=36" }

```html
<script>window.hacked=37</script>
```
"""
DOCUMENT = f"""\
---
title: "{TEXTS[2].replace('"', "'")} {TEXTS[0]}"
status: canon
---

# <script>window.hacked=40</script> [x](javascript:window.hacked=41)

{BODY}
"""

BY_HAND = "by-hand.html"
WRITTEN = """\
---
title: "<script>window.hacked=60</script><img src='data:,' onerror='window.hacked=61'>"
---

# By hand

<script>window.hacked=62</script>
<img src="data:,x" alt="x" onerror="window.hacked=63">
<a href="javascript:window.hacked=64" id="link">x</a>
"""
"""A page of a person's own may hold markup: it is for the policy to let none of it run."""


def _value(kind: Kind, name: str, text: str, at: int) -> Any:
    """A value for a property: now and then one that is allowed, so that there is a graph, else the text."""
    schema = kind.schema["properties"][name]
    single = schema.get("items", schema)
    value: Any = text
    if "enum" in single and at % 3:
        value = single["enum"][at % len(single["enum"])]
    elif single.get("type") == "boolean" and at % 3:
        value = bool(at % 2)
    elif single.get("type") in ("integer", "number") and at % 3:
        value = at % 5 + 1
    return [value, text] if "items" in schema else value


def entries(kind: Kind) -> Iterator[dict[str, Any]]:
    """For each text an entry that says it in all of its fields; those of one text name each other."""
    least = smallest(kind)
    for at, text in enumerate((*TEXTS, *IDS)):
        said = {name: _value(kind, name, text, at) for name in kind.properties}
        yield {**said, **least, kind.id_property: text} if at % 2 else said
    yield {**least, kind.id_property: "long", kind.label_property: LONG, "notes": LONG}


def files() -> dict[str, str]:
    """The files of the fleet, by path."""
    found = {"regcheck.toml": SETTINGS, "site/by-hand.md": WRITTEN, "canon/adr-001-x.md": DOCUMENT}
    for kind in kinds.shipped().values():
        if kind.name == "document":
            continue
        every = [*entries(kind)]
        found[f"registers/{kind.name}.yaml"] = json.dumps({"register": kind.name, "entries": every})
        front = "\n".join(f"{kind.document_key(k)}: {json.dumps(v)}" for k, v in every[4].items())
        changed = front.replace(TEXTS[4], f"{TEXTS[4]} too")
        found[f"registers/documents/{kind.name}.md"] = f"---\nentry: {kind.name}\n{changed}\n---\n{BODY}"
    cells = [text.replace("|", "\\|").replace("\n", "<br>") for text in TEXTS]
    rows = "\n".join(f"| row {at} {cell} | planned | {cell} |" for at, cell in enumerate(cells))
    found["registers/table.md"] = (
        f"---\nregister: machine\n---\n\n| Id | Role | Name |\n|---|---|---|\n{rows}\n"
    )
    found["schemas/thing.schema.json"] = json.dumps(OWN_KIND)
    found["registers/thing.yaml"] = json.dumps({"register": "thing", "entries": [{"id": t} for t in TEXTS]})
    return found


OWN_KIND = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": TEXTS[0],
    "description": f"{TEXTS[2]} {TEXTS[8]}",
    "x-regcheck": {"kind": "thing", "plural": "things", "id": "id"},
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"title": TEXTS[2], "description": BODY, "type": "string", "enum": list(TEXTS)}},
}
"""A kind of the repository's own, with hostile words in its schema."""


def made(folder: Path, environment: dict[str, str]) -> Repository:
    """The fleet in a repository of Git's, with a hostile name, and committed with a hostile message."""
    repository = Repository(folder / "<img src=x onerror=window.hacked=50>", environment)
    repository.write(files())
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "-m", f"{TEXTS[0]} {TEXTS[8]}")
    return repository
