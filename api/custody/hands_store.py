"""Whose affair an event is: the offices of who told it, and, where it was told from none, those with a hand in it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from api.auth.roles import Scope
from api.auth.tables import user_offices, users
from api.custody.custodian import Holding
from api.custody.tables import custody, event_shipments, events
from api.shipments.tables import shipments

_ENDS = ("origin_base", "dest_base", "at_base", "origin_site", "dest_site", "at_site")


def is_theirs(scope: Scope) -> ColumnElement[bool]:
    """
    Whether an event belongs to somebody's part of the post.

    What was told from one office is that office's. What was told from none, or from one of several, is the affair of
    those: the offices in which its sender works, from, to or through which one of its shipments goes, and whose people
    hold one. Where there is none such, it is left to those who work for the whole province, who see everything.
    """
    if not scope.offices:
        return true()
    offices = sorted(scope.offices)
    return or_(events.c.office.in_(offices), and_(events.c.office.is_(None), _has_a_hand(offices)))


def _has_a_hand(offices: Collection[str]) -> ColumnElement[bool]:
    colleagues = select(user_offices.c.user_id).where(user_offices.c.site_id.in_(offices))
    mentioned = event_shipments.c.seq == events.c.seq
    goes = exists().where(
        mentioned,
        shipments.c.province_id == event_shipments.c.province_id,
        shipments.c.code == event_shipments.c.code,
        or_(*(shipments.c[end].in_(offices) for end in _ENDS)),
    )
    couriers = select(users.c.courier_id).where(users.c.user_id.in_(colleagues), users.c.courier_id.is_not(None))
    is_there = and_(custody.c.holding == Holding.SITE, custody.c.holder.in_(offices))
    is_carried = and_(custody.c.holding == Holding.COURIER, custody.c.holder.in_(couriers))
    held = exists().where(
        mentioned,
        custody.c.province_id == event_shipments.c.province_id,
        custody.c.code == event_shipments.c.code,
        or_(is_there, is_carried),
    )
    return or_(events.c.sent_by.in_(colleagues), goes, held)
