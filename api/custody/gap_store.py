"""What is missing of a device's events, by its counter, in the database."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from api.auth.device_store import Device
from api.auth.people import inside
from api.auth.roles import Scope
from api.auth.tables import devices, sessions, users
from api.custody.tables import events, quarantine


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that came in."""

    counter: int
    event_id: str
    at: str
    """By the device's clock, ISO 8601."""
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """Counters that no event has which came in."""

    first: int
    last: int
    before: Heard | None
    """None = nothing came in before it."""
    after: Heard


@dataclass(frozen=True, slots=True)
class Signs:
    """What else is known of a device."""

    last_counter: int | None
    """None = no event of it has come in."""
    last_heard: datetime | None
    """By the server's clock: an event, a session begun or renewed."""
    refused: int
    """Events in quarantine that name it, or that it sent: they are missing here, and kept there."""


def gaps_of(connection: Connection, device_id: str, *, first: int, after: int, limit: int) -> list[Gap]:
    """
    Find what is missing, in the order of the counter.

    What is missing behind the last event that came in, nobody can know.

    Parameters
    ----------
    first
        Where the counter begins (`Device.first_counter`): what is before it, another enrolment of the phone counted.
    after
        Gaps that end at or before this counter were seen.
    """
    order = (events.c.counter, events.c.seq)
    lag = func.lag(events.c.counter).over(order_by=order)
    before = case((lag >= first, lag), else_=first - 1).label("before")
    seq_before = func.lag(events.c.seq).over(order_by=order).label("seq_before")
    told = select(events.c.counter, events.c.seq, before, seq_before).where(events.c.device_id == device_id).subquery()
    wanted = told.c.counter > told.c.before + 1, told.c.counter > after + 1
    rows = connection.execute(select(told).where(*wanted).order_by(told.c.counter).limit(limit)).all()
    heard = _heard(connection, {seq for row in rows for seq in (row.seq, row.seq_before) if seq is not None})
    return [Gap(row.before + 1, row.counter - 1, heard.get(row.seq_before), heard[row.seq]) for row in rows]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A device that has not told everything."""

    device_id: str
    name: str
    user_name: str
    courier_id: str | None
    revoked_at: datetime | None
    missing: int
    """Events."""
    first: int
    """The first counter that is missing."""
    last: int
    since: datetime
    """When the first event behind a gap came in."""


def devices_lacking(
    connection: Connection, scope: Scope, province_id: str, since: datetime, limit: int
) -> list[Lacking]:
    """
    Devices of somebody's people with events missing between those that came in, the longest known first.

    Parameters
    ----------
    since
        Gaps that were known before are left out: only what came in since is looked at, however long the chain is.
    """
    begun, earlier = devices.c.first_counter, events.alias("earlier")
    last = (
        select(func.max(earlier.c.counter))
        .where(earlier.c.device_id == events.c.device_id, earlier.c.counter < events.c.counter)
        .correlate(events)
        .scalar_subquery()
    )
    told = (
        select(
            devices.c.device_id, devices.c.name, users.c.name.label("user_name"), users.c.courier_id,
            devices.c.revoked_at, events.c.counter, events.c.recorded_at,
            case((last >= begun, last), else_=begun - 1).label("before"),
        )
        .join(devices, devices.c.device_id == events.c.device_id)
        .join(users, users.c.user_id == devices.c.user_id)
        .where(users.c.province_id == province_id, inside(scope), events.c.seq > _last_before(connection, since))
        .subquery()
    )  # fmt: skip
    who = (told.c.device_id, told.c.name, told.c.user_name, told.c.courier_id, told.c.revoked_at)
    known = func.min(told.c.recorded_at)
    found = connection.execute(
        select(
            *who, func.sum(told.c.counter - told.c.before - 1).label("missing"),
            func.min(told.c.before + 1).label("first"), func.max(told.c.counter - 1).label("last"),
            known.label("since"),
        )
        .where(told.c.counter > told.c.before + 1)
        .group_by(*who)
        .order_by(known, told.c.device_id)
        .limit(limit)
    )  # fmt: skip
    return [Lacking(**row) for row in found.mappings()]


def _last_before(connection: Connection, moment: datetime) -> int:
    """The place in the chain of the last event that came in before a moment, found from its end; -1 = none did."""
    row = select(events.c.seq).where(events.c.recorded_at < moment).order_by(events.c.seq.desc()).limit(1)
    seq: int | None = connection.execute(row).scalar()
    return -1 if seq is None else seq


def signs_of(connection: Connection, device: Device) -> Signs:
    """Say what else is known of a device."""
    own = events.c.device_id == device.device_id
    latest = select(func.max(events.c.seq)).where(own).scalar_subquery()
    recorded = select(events.c.recorded_at).where(events.c.seq == latest)
    of_it = sessions.c.device_id == device.device_id
    begun, renewed = (select(func.max(sessions.c[name])).where(of_it) for name in ("created_at", "renewed_at"))
    moments = [device.seen_at, *(connection.scalar(asked) for asked in (recorded, begun, renewed))]
    refused = select(func.count()).select_from(quarantine).where(quarantine.c.device_id == device.device_id)
    return Signs(
        connection.scalar(select(func.max(events.c.counter)).where(own)),
        max((moment for moment in moments if moment is not None), default=None),
        connection.scalar(refused) or 0,
    )


def _heard(connection: Connection, numbers: Collection[int]) -> dict[int | None, Heard]:
    asked = select(events.c.seq, events.c.counter, events.c.event_id, events.c.record, events.c.recorded_at)
    rows = connection.execute(asked.where(events.c.seq.in_(sorted(numbers))))
    return {row.seq: Heard(row.counter, row.event_id, json.loads(row.record)["at"], row.recorded_at) for row in rows}
