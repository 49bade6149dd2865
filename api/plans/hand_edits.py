"""Edits as they come over HTTP, done on a session."""

from __future__ import annotations

from typing import assert_never

from api.plans.best_spot import assign, assign_all
from api.plans.editing import EditingSession, Spot, lock, lock_round, move, unassign, unlock, unlock_round
from api.plans.service_schemas import Assign, AssignAll, Edit, Lock, LockRound, Merge, Move, Split, Unassign
from api.plans.shaping import merge, split


def done(session: EditingSession, edit: Edit) -> EditingSession:
    """
    Do an edit.

    Raises
    ------
    NotFoundError
        When a courier or a shipment is unknown.
    RefusedEditError
        When it makes no sense, or a lock forbids it.
    """
    match edit:
        case Move():
            return move(session, edit.shipments, Spot(edit.courier_id, edit.trip, edit.position))
        case Unassign():
            return unassign(session, edit.shipments)
        case Assign():
            return assign(session, edit.shipment, edit.courier_id)
        case AssignAll():
            return assign_all(session, edit.shipments, edit.courier_id)
        case Split():
            return split(session, edit.courier_id, edit.trip, edit.position, edit.to)
        case Merge():
            return merge(session, edit.courier_id, edit.into, edit.how)
        case Lock():
            return (lock if edit.kind == "lock" else unlock)(session, edit.shipments)
        case LockRound():
            return (lock_round if edit.kind == "lock_round" else unlock_round)(session, edit.courier_id)
        case _:
            assert_never(edit)
