"""Duties in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from api.auth.roles import Who
from api.auth.tables import users
from api.errors import ExistsError, NotFoundError, RefusedError
from api.handover.tables import handovers
from api.live.feed import LiveKind
from api.live.feed_store import tell

_GIVER, _TAKER = users.alias("giver"), users.alias("taker")
_NAMED = (
    select(handovers, _GIVER.c.name.label("given_name"), _TAKER.c.name.label("taken_name"))
    .outerjoin(_GIVER, _GIVER.c.user_id == handovers.c.given_by)
    .outerjoin(_TAKER, _TAKER.c.user_id == handovers.c.taken_by)
)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says with a duty that they give, or take on."""

    handover_id: str
    province_id: str
    day: date
    note: str


def handovers_of(connection: Connection, province_id: str, day: date) -> Sequence[Row[Any]]:
    """The duties of a day, the latest first; one that waits is the first of all."""
    own = handovers.c.province_id == province_id, handovers.c.day == day.isoformat()
    order = handovers.c.taken_at.is_not(None), handovers.c.taken_at.desc()
    return connection.execute(_NAMED.where(*own).order_by(*order)).all()


def give(connection: Connection, who: Who, said: Said, open_now: dict[str, Any], at: datetime) -> None:
    """
    Leave a duty to whoever takes it; the same one sent again is given once.

    Parameters
    ----------
    open_now
        What is open at that moment, JSON.

    Raises
    ------
    RefusedError
        When somebody else is on duty, or one waits already.
    ExistsError
        When the id stands for something else.
    """
    if _is_known(connection, who, said, given=True):
        return
    waiting, on_duty = _standing(connection, said)
    if waiting is not None:
        raise RefusedError(
            f"{waiting.given_name} đã bàn giao và đang chờ người nhận.",
            f"{waiting.given_name} has handed over already: it waits to be taken.",
        )
    if on_duty is None or on_duty.taken_by != who.user_id:
        raise _not_on_duty(on_duty)
    _add(connection, said, at, given_by=who.user_id, open=open_now)


def take_on(connection: Connection, who: Who, said: Said, at: datetime) -> None:
    """
    Begin a duty that nobody gives; the same one sent again is begun once.

    Raises
    ------
    RefusedError
        When they are on duty, one waits to be taken, or somebody is on duty and no reason is given.
    ExistsError
        When the id stands for something else.
    """
    if _is_known(connection, who, said, given=False):
        return
    waiting, on_duty = _standing(connection, said)
    if waiting is not None:
        raise RefusedError(
            f"{waiting.given_name} đang chờ người nhận ca: hãy nhận ca đó.",
            f"{waiting.given_name} waits for somebody to take over: take that duty.",
        )
    if on_duty is not None and on_duty.taken_by == who.user_id:
        raise RefusedError("Bạn đang trực ca này.", "You are on duty.")
    if on_duty is not None and not said.note:
        raise RefusedError(
            f"{on_duty.taken_name} đang trực: hãy ghi vì sao bạn trực thay.",
            f"{on_duty.taken_name} is on duty: say why you take their place.",
        )
    _add(connection, said, at, taken_by=who.user_id, taken_at=at)


def take(connection: Connection, who: Who, province_id: str, handover_id: str, at: datetime) -> Row[Any]:
    """
    Take over what somebody left; taken twice by the same one it is taken once.

    Raises
    ------
    NotFoundError
        When there is no such duty in the province.
    RefusedError
        When they gave it themselves, or somebody else was faster.
    """
    own = handovers.c.handover_id == handover_id, handovers.c.province_id == province_id
    row = connection.execute(_NAMED.where(*own)).one_or_none()
    if row is None:
        raise NotFoundError("Không có bàn giao này.", "There is no such hand-over.")
    if row.given_by == who.user_id:
        raise RefusedError("Người giao không tự nhận ca của mình.", "Nobody takes over from themselves.")
    if row.taken_by not in (None, who.user_id):
        raise RefusedError(f"{row.taken_name} đã nhận ca này.", f"{row.taken_name} has taken this duty.")
    if row.taken_by is None:
        connection.execute(update(handovers).where(*own).values(taken_by=who.user_id, taken_at=at))
        tell(connection, province_id, LiveKind.DUTY, {"day": row.day}, at=at)
    return connection.execute(_NAMED.where(*own)).one()


def erase_notes(connection: Connection, before: datetime) -> int:
    """Erase what dispatchers wrote and listed in duties given before a moment; who had which stays."""
    told = or_(handovers.c.note.is_not(None), handovers.c.open.is_not(None))
    old = update(handovers).where(handovers.c.given_at < before, told)
    return connection.execute(old.values(note=None, open=None)).rowcount


def _standing(connection: Connection, said: Said) -> tuple[Row[Any] | None, Row[Any] | None]:
    """The duty that waits, and the one that somebody is on."""
    found = handovers_of(connection, said.province_id, said.day)
    waiting = next((row for row in found if row.taken_at is None), None)
    return waiting, next((row for row in found if row.taken_at is not None), None)


def _is_known(connection: Connection, who: Who, said: Said, *, given: bool) -> bool:
    row = connection.execute(select(handovers).where(handovers.c.handover_id == said.handover_id)).one_or_none()
    if row is None:
        return False
    by = row.given_by if given else row.taken_by
    same = (by, row.given_by is not None, row.province_id, row.day, row.note)
    if same != (who.user_id, given, said.province_id, said.day.isoformat(), said.note):
        raise ExistsError("Mã bàn giao này đã dùng.", "This id stands for another hand-over.")
    return True


def _add(connection: Connection, said: Said, at: datetime, **values: Any) -> None:
    day = said.day.isoformat()
    connection.execute(
        insert(handovers).values(
            handover_id=said.handover_id, province_id=said.province_id, day=day, given_at=at, note=said.note, **values
        )
    )
    tell(connection, said.province_id, LiveKind.DUTY, {"day": day}, at=at)


def _not_on_duty(on_duty: Row[Any] | None) -> RefusedError:
    if on_duty is None:
        return RefusedError("Chưa ai trực ngày này: hãy nhận ca trước.", "Nobody is on duty: take the duty on first.")
    return RefusedError(
        f"{on_duty.taken_name} đang trực: chỉ người trực mới bàn giao.",
        f"{on_duty.taken_name} is on duty: only they can hand over.",
    )
