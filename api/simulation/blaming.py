"""By when each leg of a shipment must begin, and whom it is put down to when it is late."""

from __future__ import annotations

from api.journeys.finding import Journey, Standing
from api.simulation.items import Blame, Deadline, Item, Party

LATE = "late"
"""Why a leg is to blame that came too late for the next one."""


def note_deadlines(item: Item, journey: Journey) -> None:
    """Remember by when its legs must begin while it is in time; once it is late, whom it is put down to."""
    if item.is_returning or not journey.legs:
        return
    if journey.standing is Standing.LATE:
        put_down(item)
        return
    item.deadlines = tuple(
        Deadline(leg.carrier.kind.value, leg.carrier.base_id or leg.carrier.name, leg.latest) for leg in journey.legs
    )


def put_down(item: Item) -> None:
    """
    Name the first thing that made a shipment late, unless something did before.

    A leg that did not begin in time is to blame where the shipment lay ready for it; where it did not, the leg that
    brought it is.
    """
    if item.blame is not None:
        return
    shipment = item.shipment
    if item.tried_on is not None and item.tried_on <= shipment.due_on:
        item.blame = Blame(Party.CITIZEN, why=item.trouble)
    elif item.deadlines:
        ahead, came_by = item.deadlines[0], item.came_by
        if came_by is not None and item.since > ahead.latest:
            item.blame = Blame(Party.POST, came_by.leg, came_by.where, LATE)
        else:
            item.blame = Blame(Party.POST, ahead.leg, ahead.where, item.trouble)
    elif shipment.appointment_on is not None and shipment.ready_at.date() > shipment.appointment_on:
        item.blame = Blame(Party.AGENCY)
    else:
        item.blame = Blame(Party.PROMISE)
