"""Positions and the consent to them in the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from api.auth.roles import Who
from api.auth.store import note_look
from api.auth.tables import users
from api.custody.tables import events
from api.db.upserting import upsert
from api.live.feed import LiveKind
from api.live.feed_store import forget_positions, tell
from api.live.tables import last_positions, position_consents, positions


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a device was."""

    device_at: datetime
    """By its own clock."""
    at: datetime
    """By the server's."""
    lon: float
    lat: float
    accuracy: float
    """Metres."""
    speed: float | None
    """Metres a second."""
    heading: float | None
    """Degrees from north, clockwise."""
    clock_is_wrong: bool


def consent_of(connection: Connection, user_id: str) -> Row[Any] | None:
    """What somebody said last; None = they were never asked."""
    latest = select(position_consents).where(position_consents.c.user_id == user_id)
    return connection.execute(latest.order_by(position_consents.c.consent_id.desc()).limit(1)).one_or_none()


def put_consent(connection: Connection, who: Who, *, given: bool, terms: str, at: datetime) -> None:
    """
    Write down that somebody agrees to be seen, or no longer does; what they said already is said once.

    With the consent go the last position and the ones that were told: from now on nobody sees them.
    """
    before = consent_of(connection, who.user_id)
    if before is not None and (before.given, before.terms) == (given, terms):
        return
    connection.execute(insert(position_consents).values(user_id=who.user_id, given=given, terms=terms, at=at))
    note_look(connection, at, who, "position_consent", who.courier_id or who.user_id, given=given, terms=terms)
    province_id, courier_id = _courier(who)
    if not given:
        forget_positions(connection, province_id, courier_id)
        connection.execute(delete(last_positions).where(*_of(province_id, courier_id)))
    tell(
        connection, province_id, LiveKind.CONSENT, {"given": given}, at=at, courier_id=courier_id, base_id=_base(who)
    )  # fmt: skip


def add_fixes(connection: Connection, who: Who, base_id: str, fixes: Sequence[Fix]) -> int:
    """
    Keep fixes of a courier's device, each once, and tell the newest; returns how many are new.

    The database finds what is known already, also what another server writes at this moment. In the order of their
    times, so that two servers wait for each other and never in a circle.
    """
    assert who.device_id is not None
    province_id, courier_id = _courier(who)
    own = {"device_id": who.device_id, "province_id": province_id, "courier_id": courier_id}
    by_time = {fix.device_at: fix for fix in sorted(fixes, key=lambda fix: fix.device_at)}
    if not by_time:
        return 0
    added = upsert(connection, positions).on_conflict_do_nothing().returning(positions.c.device_at)
    fresh = connection.scalars(added, [{**own, **asdict(fix)} for fix in by_time.values()]).all()
    if not fresh:
        return 0
    newest = max((by_time[moment] for moment in fresh), key=lambda fix: fix.at)
    if _is_latest(connection, province_id, courier_id, newest):
        body = {name: value for name, value in asdict(newest).items() if name not in {"device_at", "at"}}
        tell(
            connection, province_id, LiveKind.POSITION, {**body, "at": newest.at.isoformat()},
            at=newest.at, courier_id=courier_id, base_id=base_id,
        )  # fmt: skip
    return len(fresh)


def last_fixes(connection: Connection, province_id: str, courier_ids: Collection[str]) -> dict[str, Row[Any]]:
    """The latest fix of each courier who consents."""
    rows = connection.execute(
        select(last_positions).where(
            last_positions.c.province_id == province_id, last_positions.c.courier_id.in_(sorted(courier_ids))
        )
    )
    return {row.courier_id: row for row in rows}


def consents_of(connection: Connection, province_id: str, courier_ids: Collection[str]) -> dict[str, Row[Any]]:
    """What each courier said last, with who they are."""
    latest = select(func.max(position_consents.c.consent_id)).group_by(position_consents.c.user_id)
    rows: Any = connection.execute(
        select(users.c.courier_id, position_consents.c.given, position_consents.c.at)
        .join(position_consents, position_consents.c.user_id == users.c.user_id)
        .where(
            users.c.province_id == province_id,
            users.c.courier_id.in_(sorted(courier_ids)),
            position_consents.c.consent_id.in_(latest),
        )
    )
    return {row.courier_id: row for row in rows}


def last_signs(
    connection: Connection, province_id: str, courier_ids: Collection[str], since: datetime
) -> dict[str, datetime]:
    """When each courier's account last sent an event since a moment."""
    rows = connection.execute(
        select(users.c.courier_id, func.max(events.c.recorded_at).label("at"))
        .join(events, events.c.sent_by == users.c.user_id)
        .where(
            users.c.province_id == province_id,
            users.c.courier_id.in_(sorted(courier_ids)),
            events.c.recorded_at >= since,
        )
        .group_by(users.c.courier_id)
    )
    return {row.courier_id: row.at for row in rows}


def erase_positions(connection: Connection, before: datetime) -> int:
    """Forget where couriers were before a moment; returns how many fixes."""
    connection.execute(delete(last_positions).where(last_positions.c.at < before))
    return connection.execute(delete(positions).where(positions.c.at < before)).rowcount


def _is_latest(connection: Connection, province_id: str, courier_id: str, fix: Fix) -> bool:
    """Put a fix in the place of an older one; False = a later one is there."""
    values: Mapping[str, Any] = {name: value for name, value in asdict(fix).items() if name != "device_at"}
    first = upsert(connection, last_positions).values(province_id=province_id, courier_id=courier_id, **values)
    later = first.on_conflict_do_update(
        index_elements=[last_positions.c.province_id, last_positions.c.courier_id],
        set_=values,
        where=last_positions.c.at < fix.at,
    )
    return connection.execute(later.returning(last_positions.c.at)).one_or_none() is not None


def _of(province_id: str, courier_id: str) -> tuple[Any, Any]:
    return last_positions.c.province_id == province_id, last_positions.c.courier_id == courier_id


def _courier(who: Who) -> tuple[str, str]:
    assert who.scope.province_id is not None
    assert who.courier_id is not None  # a constraint of the table of users
    return who.scope.province_id, who.courier_id


def _base(who: Who) -> str | None:
    return next(iter(who.scope.offices)) if len(who.scope.offices) == 1 else None
