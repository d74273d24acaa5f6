"""What a contract no longer demands that it demanded before."""

from __future__ import annotations

from collections.abc import Iterator

from regcheck.settings.contracts import Contract
from regcheck.words import listed, shorten


def loosened(before: Contract, now: Contract) -> Iterator[tuple[str, str]]:
    """The keys by which a contract may demand less, and what they say now.

    What can only demand more is left out: a further term of a selection (they are
    united), a further property, layer or selection that is independent, and every
    state instead of one. The reason is for people.
    """
    if now.type != before.type:
        yield "type", f"is `{now.type}`, and was `{before.type}` in the base revision"
        return
    if now.state not in (None, before.state):
        was = f"was `{before.state}`" if before.state else "was not given"
        yield "state", f"is `{now.state}`, and {was} in the base revision"
    for key, was_selected in _selections(before).items():
        selected = _selections(now)[key]
        if not _covered(was_selected, selected, ordered=now.type == "layers"):
            named = {term for selection in selected for term in selection}
            lost = [term for selection in was_selected for term in selection if term not in named]
            same = "has the same selections in another order, or fewer of them"
            yield key, _no_longer(lost) if lost else same
    if lost := [name for name in before.properties if name not in now.properties]:
        yield "property", _no_longer(lost)


def _selections(contract: Contract) -> dict[str, list[list[str]]]:
    """The terms of the selections of each key."""
    found: dict[str, list[list[str]]] = {}
    for path, selection in zip(contract.places, contract.selections, strict=True):
        found.setdefault(str(path[0]), []).append(selection.split())
    return found


def _covered(before: list[list[str]], now: list[list[str]], *, ordered: bool) -> bool:
    """Whether each selection has one now, of its own, that selects as much."""
    left = list(now)
    for terms in before:
        at = next((at for at, others in enumerate(left) if set(terms) <= set(others)), None)
        if at is None:
            return False
        left = left[at + 1 :] if ordered else [*left[:at], *left[at + 1 :]]
    return True


def _no_longer(lost: list[str]) -> str:
    return f"no longer names {listed(map(shorten, dict.fromkeys(lost)))}"
