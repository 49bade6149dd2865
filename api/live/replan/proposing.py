"""From a published plan, what couriers did since, and new facts, to a proposal for the rest of the day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from api.errors import RefusedError
from api.live.replan.applying import Knowing, applied, midnight_of
from api.live.replan.facts import seconds_of
from api.live.replan.following import Happening, Puzzle, follow
from api.live.replan.kept import RunningGroup, day_of_text, day_text
from api.live.replan.schemas import CourierTold, NewProposal, ProposalTold, PuzzleTold
from api.live.replan.telling import told
from api.live.replan.writing import running_plan
from api.plans.comparing import figures
from api.plans.document import PlanInputs
from api.plans.planning import PreparedDay
from api.plans.schemas import Plan
from api.plans.stated import stated_solutions
from api.plans.tasks import DAY
from api.shipments.model import Shipment, ShipmentList
from routing.dispatch import Day, Left, Replanned, begin, insert
from routing.errors import InvalidProblemError

TOLERANCE = 1800
"""Seconds by which a visit may move before it is told anew."""


Finding = Callable[[Day, float], Replanned]
"""Finds a plan for the rest of a group's day; told which share of all that is re-planned the group is."""
Listed = Callable[[Sequence[Shipment]], ShipmentList]
"""Reads the day's inputs with more shipments."""


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """A proposal, ready to be kept."""

    told: ProposalTold
    plan: Plan
    """That accepting it publishes."""
    running: str
    """The day with it adopted."""


def begun(plan: Plan, prepared: PreparedDay) -> list[RunningGroup]:
    """
    The morning of a published plan.

    Raises
    ------
    RefusedError
        When the plan is not one that its inputs prove.
    """
    midnight = datetime.combine(prepared.inputs.day, time(), prepared.inputs.network.settings.zone)
    stated = stated_solutions(plan, prepared.groups, midnight)
    if stated.misfits:
        first = stated.misfits[0]
        raise RefusedError(f"Kế hoạch không khớp dữ liệu: {first.message_vi}", f"Not a plan of it: {first.message_en}")
    try:
        days = [
            begin(group.problem, solution, tolerance=TOLERANCE)
            for group, solution in zip(prepared.groups, stated.solutions, strict=True)
        ]
    except InvalidProblemError as error:
        raise RefusedError("Kế hoạch đã công bố vi phạm ràng buộc.", f"The published plan: {error}") from error
    return [
        RunningGroup(group, day, group.works, group.places, group.travel)
        for group, day in zip(prepared.groups, days, strict=True)
    ]


def propose(
    plan: Plan,
    prepared: PreparedDay,
    running: str | None,
    happenings: Sequence[Happening],
    asked: NewProposal,
    new: dict[str, Shipment],
    listed: Listed,
    *,
    find: Finding,
    next_seq: int,
    created_at: datetime,
    inputs_sha256: str = "",
) -> Proposed:
    """
    Re-plan the groups whose day goes on.

    Parameters
    ----------
    running
        The day as its plan was accepted last; None = nothing was accepted yet.
    happenings
        What couriers did since, in order.
    new
        Shipments that the facts name and the plan may not have.
    next_seq
        The first record of the ledger that `happenings` leaves out.
    created_at
        Aware; written into the plan.
    find
        Re-plans one group in which something has happened.
    inputs_sha256
        Of the inputs with which the day began; empty = those of its plan.

    Raises
    ------
    RefusedError, NotFoundError, InputError
        When a fact cannot have happened.
    """
    before = begun(plan, prepared) if running is None else day_of_text(running, prepared)[0]
    at = seconds_of(asked.at, midnight_of(prepared.inputs))
    if not 0 <= at < DAY:
        raise RefusedError("Thời điểm không thuộc ngày của kế hoạch.", "The moment lies on another day than the plan.")
    groups, puzzles = _followed(before, happenings)
    knowing = Knowing(prepared.inputs, new, at)
    for fact in asked.facts:
        groups = applied(groups, fact, knowing)
    after, couriers, left = _replanned(before, groups, find, midnight_of(prepared.inputs))
    new_plan = running_plan(plan, _inputs(prepared, after, listed), after, left, created_at=created_at)
    said = ProposalTold(
        couriers=couriers,
        left=tuple(one for one in new_plan.unassigned if one.shipment in _ours(after)),
        puzzles=tuple(PuzzleTold(event_id=one.event_id, why=one.why) for one in puzzles),
        before=figures(plan),
        after=figures(new_plan),
    )
    return Proposed(said, new_plan, day_text(after, next_seq, inputs_sha256))


def _followed(
    groups: Sequence[RunningGroup], happenings: Sequence[Happening]
) -> tuple[list[RunningGroup], list[Puzzle]]:
    pairs = [follow(one, happenings) for one in groups]
    return [one for one, _ in pairs], [puzzle for _, puzzles in pairs for puzzle in puzzles]


def at_once(day: Day, _: float) -> Replanned:
    """A `Finding` that takes no time: everything keeps its order, and what has no place gets its cheapest one."""
    return insert(day)


Outcome = tuple[list[RunningGroup], tuple[CourierTold, ...], dict[int, Sequence[Left]]]


def _replanned(
    before: Sequence[RunningGroup], groups: Sequence[RunningGroup], find: Finding, midnight: datetime
) -> Outcome:
    """The groups with their new plans adopted, what couriers are told, and what is left by group."""
    whole = sum(len(one.day.problem.shipments) for one in groups if one.day.news)
    couriers: list[CourierTold] = []
    left: dict[int, Sequence[Left]] = {}
    after: list[RunningGroup] = []
    for k, (old, one) in enumerate(zip(before, groups, strict=True)):
        if not one.day.news:
            after.append(one)
            continue
        found = find(one.day, len(one.day.problem.shipments) / whole)
        couriers += told(old, one, found, midnight)
        left[k] = found.left
        after.append(replace(one, day=found.day))
    return after, tuple(couriers), left


def _inputs(prepared: PreparedDay, groups: Iterable[RunningGroup], listed: Listed) -> PlanInputs:
    added = [work.shipment for one in groups for work in one.works[len(one.base.works) :]]
    return replace(prepared.inputs, shipments=listed(added)) if added else prepared.inputs


def _ours(groups: Iterable[RunningGroup]) -> frozenset[str]:
    return frozenset(work.shipment.code for one in groups for work in one.works)
