"""Rounds cut in two and joined."""

from __future__ import annotations

from enum import StrEnum

from api.errors import RefusedEditError
from api.plans.best_spot import assign_all
from api.plans.editing import (
    EditingSession,
    free_numbers,
    require_group,
    require_open,
    route_of,
    with_rounds,
)
from api.plans.sequences import Trips, sequence_of


class Joining(StrEnum):
    """How a round comes into another."""

    APPEND = "append"
    """Its trips are driven after the other's."""
    BEST = "best"
    """Each of its shipments goes to the best place in the other."""


def split(session: EditingSession, courier_id: str, trip: int, position: int, to: str | None = None) -> EditingSession:
    """
    Cut a round in two before a stop.

    Parameters
    ----------
    to
        Who drives what follows, a courier without a round; None = the same courier, as a new trip.

    Raises
    ------
    NotFoundError
        When a courier is unknown.
    RefusedEditError
        When there is no such stop, a lock forbids it, the other has a round or is of another plan group, or nothing
        would stay before the cut.
    """
    group, vehicle_type = session.whereabouts.courier(courier_id)
    trips = sequence_of(route_of(session, group, vehicle_type))
    _require_stop(trips, courier_id, trip, position)
    stays, follows = (*trips[:trip], trips[trip][:position]), (trips[trip][position:], *trips[trip + 1 :])
    if to is None:
        require_open(session, courier_id)
        if position == 0:
            raise RefusedEditError(
                f"Một lượt của bưu tá {courier_id} đã bắt đầu ở điểm này.",
                f"A trip of courier {courier_id} begins at this stop already.",
            )
        return with_rounds(session, group, {vehicle_type: (*stays, *follows)}, session.left[group])
    _require_free_courier(session, to)
    require_group(session, free_numbers(session, _codes(session, group, follows)), to)
    _, other = session.whereabouts.courier(to)
    return with_rounds(session, group, {vehicle_type: stays, other: follows}, session.left[group])


def merge(session: EditingSession, courier_id: str, into: str, how: Joining) -> EditingSession:
    """
    Join a round to another; its courier has none then.

    Parameters
    ----------
    into
        Whose round takes it in; without a round, they get this one.

    Raises
    ------
    NotFoundError
        When a courier is unknown.
    RefusedEditError
        When there is nothing to join, a lock forbids it, the other is of another plan group, or cannot drive there.
    """
    group, vehicle_type = session.whereabouts.courier(courier_id)
    trips = sequence_of(route_of(session, group, vehicle_type))
    if into == courier_id or not trips:
        raise RefusedEditError(
            f"Không có chuyến nào của bưu tá {courier_id} để gộp vào chuyến của bưu tá {into}.",
            f"There is no round of courier {courier_id} to join to the one of courier {into}.",
        )
    codes = _codes(session, group, trips)
    require_group(session, free_numbers(session, codes), into)
    require_open(session, into)
    if how is Joining.BEST:
        return assign_all(session, codes, into)
    _, other = session.whereabouts.courier(into)
    there = sequence_of(route_of(session, group, other))
    return with_rounds(session, group, {vehicle_type: (), other: (*there, *trips)}, session.left[group])


def _codes(session: EditingSession, group: int, trips: Trips) -> list[str]:
    """Of what is handled, each once, in order."""
    works = session.prepared.groups[group].works
    tasks = (task for trip in trips for _, tasks in trip for task in tasks)
    return list(dict.fromkeys(works[task.shipment].shipment.code for task in tasks))


def _require_stop(trips: Trips, courier_id: str, trip: int, position: int) -> None:
    if trip >= len(trips) or position >= len(trips[trip]):
        raise RefusedEditError(
            f"Chuyến của bưu tá {courier_id} không có điểm {position + 1} ở lượt {trip + 1}.",
            f"The round of courier {courier_id} has no stop {position + 1} in trip {trip + 1}.",
        )
    if trip == position == 0:
        raise RefusedEditError(
            "Điểm đầu tiên không cắt được: phần trước không còn gì. Hãy gộp cả chuyến.",
            "The first stop cannot be cut off: nothing would stay before it. Join the whole round instead.",
        )


def _require_free_courier(session: EditingSession, courier_id: str) -> None:
    if session.judged(courier_id) is not None:
        raise RefusedEditError(
            f"Bưu tá {courier_id} đã có chuyến; hãy chọn người chưa có chuyến.",
            f"Courier {courier_id} has a round already; choose somebody without one.",
        )
