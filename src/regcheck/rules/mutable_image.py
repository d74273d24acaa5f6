from __future__ import annotations

from collections.abc import Iterator

from regcheck.graph import FleetGraph
from regcheck.model import Finding, Severity
from regcheck.rule import Report, rule
from regcheck.words import shorten


@rule(severity=Severity.ERROR, since="0.1")
def mutable_image(fleet: FleetGraph, report: Report) -> Iterator[Finding]:
    """An image without an immutable tag or digest.

    Immutable are a digest (`sha256:` or `sha512:`), a full version, a commit, a
    date and a build number. Names of branches, channels and environments move
    (`latest`, `main`, `stable-arm64`), and so does a bare major version (`3`,
    `v1`, `16-slim`).

    ## Why it matters

    What was tested and approved under a moving tag is not what a restart pulls
    tomorrow, and a rollback to it leads nowhere. The evidence of the gate holds
    for one image only.

    ## How to fix it

    Write the digest of the image that was promoted, or a tag that is never used
    again: a full version, a commit, a build number.

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
                    "write its digest (`NAME@sha256:…`) or a tag that is used once, such as a full version",
                    entry=entry.ref,
                )
