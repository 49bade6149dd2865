"""What is open on a day, from the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from api.auth.roles import Scope
from api.custody.queue_store import counts
from api.handover.schemas import LateRound, OpenThings, UnreadOf
from api.live.replan.tables import courier_changes, live_proposals
from api.live.rounds import PublishedDay
from api.live.showing import shown
from api.live.tables import live_messages

LATE_MINUTES: Final = 15
"""A round that ends later than planned by less is nothing to hand over."""


def open_things(connection: Connection, province_id: str, published: PublishedDay | None, now: datetime) -> OpenThings:
    """
    Gather what somebody who takes a day over has to know.

    Parameters
    ----------
    published
        The day's rounds; None = none are published.
    """
    waiting = counts(connection, Scope(province_id), province_id)
    return OpenThings(
        proposals=_proposals(connection, published) if published is not None else 0,
        questioned=_questioned(connection, published) if published is not None else (),
        late=_late(connection, province_id, published, now) if published is not None else (),
        queue=waiting.open,
        queue_since=waiting.oldest,
        refused=waiting.refused,
        unread=_unread(connection, province_id),
    )


def _proposals(connection: Connection, published: PublishedDay) -> int:
    c = live_proposals.c
    asked = select(func.count()).select_from(live_proposals).where(c.plan_id == published.plan_id)
    return connection.scalar(asked.where(c.status == "open", c.plan_version == published.version)) or 0


def _questioned(connection: Connection, published: PublishedDay) -> tuple[str, ...]:
    """Those who accept a later change have nothing more to ask."""
    c = courier_changes.c
    latest = select(func.max(c.change_id)).where(c.plan_id == published.plan_id).group_by(c.courier_id)
    asked = select(c.courier_id).where(c.change_id.in_(latest), c.answer == "questioned")
    return tuple(connection.scalars(asked.order_by(c.courier_id)))


def _late(connection: Connection, province_id: str, published: PublishedDay, now: datetime) -> tuple[LateRound, ...]:
    if not published.midnight <= now < published.midnight + timedelta(days=1):
        return ()
    rounds = shown(connection, province_id, published, list(published.rounds.values()), now)
    late = [one for one in rounds if one.left and one.late_at_end_minutes >= LATE_MINUTES]
    late.sort(key=lambda one: (-one.late_at_end_minutes, one.courier_id))
    return tuple(LateRound(courier_id=one.courier_id, minutes=one.late_at_end_minutes) for one in late)


def _unread(connection: Connection, province_id: str) -> tuple[UnreadOf, ...]:
    c = live_messages.c
    asked = (
        select(c.courier_id, func.count().label("messages"))
        .where(c.province_id == province_id, c.by_courier, c.read_at.is_(None))
        .group_by(c.courier_id)
        .order_by(c.courier_id)
    )
    return tuple(UnreadOf(courier_id=row.courier_id, messages=row.messages) for row in connection.execute(asked))
