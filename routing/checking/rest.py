"""The rule on breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations

from routing.checking.facts import RouteFacts, Violation
from routing.model import Break
from routing.solution import BreakTaken, Constraint

Stretch = tuple[int, int]
"""From, until."""


def breaks(facts: RouteFacts) -> Iterator[Violation]:
    """Needed breaks are taken, in their windows, while the driver neither drives nor serves; no other ones are."""
    for number, trip in enumerate(facts.route.trips):
        idle = _idle_stretches(facts, number)
        for taken in trip.breaks:
            if not any(begin <= taken.starts and taken.ends <= end for begin, end in idle):
                detail = f"the break {taken.starts}-{taken.ends} overlaps work, or the end of the route"
                yield facts.violation(Constraint.BREAKS, detail, number)
    every = sorted((t for trip in facts.route.trips for t in trip.breaks), key=lambda taken: taken.starts)
    for before, after in pairwise(every):
        if after.starts < before.ends:
            yield facts.violation(Constraint.BREAKS, "two breaks overlap", amount=before.ends - after.starts)
    if not _is_matched(every, facts):
        yield facts.violation(Constraint.BREAKS, "the breaks taken are not those that the vehicle type has and needs")


def matches(taken: Sequence[BreakTaken], rests: Sequence[Break]) -> bool:
    """Whether the breaks taken are these, one by one."""
    return all(
        t.ends - t.starts == rest.duration and rest.tw_early <= t.starts <= rest.tw_late
        for t, rest in zip(taken, rests, strict=True)
    )


def free_stretches(begin: int, end: int, taken: Sequence[BreakTaken]) -> list[Stretch]:
    """What breaks leave of a stretch of time."""
    within = sorted((t.starts, t.ends) for t in taken if begin <= t.starts and t.ends <= end)
    begins = [begin, *(ends for _, ends in within)]
    ends = [*(starts for starts, _ in within), end]
    return list(zip(begins, ends, strict=True))


def _idle_stretches(facts: RouteFacts, number: int) -> list[Stretch]:
    """When a break of this trip may lie: at the base before it, before and after each service."""
    trips = facts.route.trips
    idle = [(trips[number - 1].returns, trips[number].departs)] if number else []
    for visit in trips[number].visits:
        idle += [(visit.arrives, visit.starts), (visit.ends, visit.leaves)]
    return idle


def _is_matched(taken: Sequence[BreakTaken], facts: RouteFacts) -> bool:
    """Whether the breaks taken are different ones of the vehicle type's, all needed ones among them."""
    departs, returns = facts.route.trips[0].departs, facts.route.trips[-1].returns
    rests = facts.vehicle.breaks
    needed = {k for k, r in enumerate(rests) if departs < r.tw_early + r.duration and returns > r.tw_late}
    return any(
        needed <= set(chosen) and matches(taken, [rests[k] for k in chosen])
        for chosen in permutations(range(len(rests)), len(taken))
    )
