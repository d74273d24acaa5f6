"""How far a workload is on its way: whether it has yet to move, is where it must be, or nobody knows."""

from __future__ import annotations

from regcheck.graph.timeline import NOW, TARGET, Timeline
from regcheck.model import Entry

OPEN, SETTLED, UNKNOWN = "open", "settled", "unknown"


def standing(timeline: Timeline, workload: Entry) -> str:
    """OPEN, SETTLED, or UNKNOWN where a place is; a part without a target is as far as its wholes.

    Where nobody says where something runs that has a target, that is unknown, too.
    """
    unknown = False
    queue, seen = [workload], {workload.ref}
    for one in queue:
        if timeline.must_move(one):
            return OPEN
        unknown = unknown or any(timeline.undetermined(one, state) for state in (NOW, TARGET))
        unknown = unknown or any(
            place.target in one.values and place.now not in one.values
            for place in timeline.places[one.kind.name]
            if place.relation == "hosted-on"
        )
        if timeline.follows(one):
            wholes = (timeline.fleet.get(ref) for ref in one.links.get("part_of", ()))
            new = [whole for whole in wholes if whole is not None and whole.ref not in seen]
            seen.update(whole.ref for whole in new)
            queue += new
    return UNKNOWN if unknown else SETTLED
