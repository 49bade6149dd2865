"""
Sealed PINs that could not be checked on their arrival, checked as soon as they can be.

That is when a shipment gets its PIN, and when a server starts that has the key of the PINs again. Only what is still
in the queue is looked at: an event that a dispatcher has decided on, or that another one makes void, stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.custody.late_pin_store import Waiting, waiting_pins
from api.custody.pin_arrivals import NOT_CHECKED, PinCheck
from api.custody.rejudging import as_json
from api.custody.store import State, lock_head, put_states, still_awaiting
from api.tracking.store import count_attempt, stored_pins


def check_late_pins(
    connection: Connection, check: PinCheck, at: datetime, *, of: tuple[str, Collection[str]] | None = None
) -> int:
    """
    Check the PINs that wait for it, in the order of the ledger; each wrong one counts as any other.

    Parameters
    ----------
    of
        A province and codes; None = all that wait.

    Returns
    -------
    checked
        How many events.
    """
    lock_head(connection)  # nobody judges them anew meanwhile
    states = [state for one in waiting_pins(connection, of) if (state := _checked(connection, check, one, at))]
    if states:
        put_states(connection, states, at)
    return len(states)


def _checked(connection: Connection, check: PinCheck, one: Waiting, at: datetime) -> State | None:
    """What becomes of an event; None = its PIN still cannot be checked."""
    stored = stored_pins(connection, one.province_id, one.shipments)
    found = check.check(one.sealed, one.event_id, list(stored.values()), at, courier=one.courier)
    if found.incident is not None and found.incident.code == NOT_CHECKED.code:
        return None
    for pin in found.stored:
        count_attempt(connection, one.province_id, pin)
    pieces: list[Any] = [piece for piece in one.pieces if piece["code"] != NOT_CHECKED.code]
    if found.incident is not None:
        pieces.insert(0, as_json(found.incident))
    return State(one.seq, pieces, bool(pieces or still_awaiting(connection, [one.seq])))
