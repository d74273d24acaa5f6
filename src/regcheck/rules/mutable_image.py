from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule
from regcheck.words import shorten

HELP = (
    "write its digest (`NAME@sha256:…`) or a tag that is used once: a version such as `1.4`,"
    " a commit, a date or a build number of three digits or more"
)


@rule(severity=Severity.ERROR, since="0.1")
def mutable_image(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An image without an immutable tag or digest.

    Immutable are a digest (`sha256:` or `sha512:`, whole) and a tag that has a
    version of two numbers or more (`1.4`, `v0.1.2`, `1.4.2-alpine`), a commit (six
    or more of `0-9a-f`, a digit among them: `main-3f2a9c1`), a date, or a build
    number of three digits or more. Every other tag can be given to another image:
    a name (`latest`, `main`, `hotfix`), a number alone (`3`, `v1`, `16-slim`), a
    version with an open end (`1.x`). The numbers of a platform, of what the image
    builds on and of a pull request are not its own (`slim-arm64`,
    `stable-alpine3.19`, `pr-1234`).

    ## Why it matters

    What was tested and approved under a moving tag is not what a restart pulls
    tomorrow, and a rollback to it leads nowhere. The evidence of the gate holds
    for one image only.

    ## How to fix it

    Write the digest of the image that was promoted, or a tag that is never used
    again: a full version, a commit, a date, a build number of three digits or more.

    ## Example

    ```yaml
    register: pipeline
    entries:
      - {id: shop-image, image: "registry.example:5000/shop:latest"}
    ```

    It names one image for good:

    ```yaml
    register: pipeline
    entries:
      - {id: shop-image, image: "registry.example:5000/shop:1.4.2"}
    ```
    """
    for kind, entries in fleet.fleet.by_kind.items():
        if "image" not in fleet.fleet.kinds[kind].properties or not entries:
            continue
        from regcheck.graph.images import loose

        for entry in entries.values():
            for index, image in enumerate(entry.list("image")):
                found = loose(image) if isinstance(image, str) else None
                if found is None:
                    continue
                yield report(
                    entry.at("image", index),
                    f"the image of {entry.ref} can change: {shorten(found.part)} {found.why}",
                    HELP,
                    entry=entry.ref,
                )
