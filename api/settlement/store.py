"""Settlement in the database: sums of what was taken, and what was handed in for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select

from api.auth.roles import Scope
from api.auth.tables import users
from api.errors import ExistsError, RefusedError
from api.settlement.tables import settlements
from api.tallies.tables import takings

Taker = tuple[int, str, str]
"""Day, kind and code."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody took on a day, by the events."""

    fee_dong: int = 0
    postage_dong: int = 0
    cash_dong: int = 0
    events: int = 0
    """That tell of money."""
    erased: int = 0
    """Of them, those whose amounts nobody knows any longer."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What a dispatcher counts."""

    fee_dong: int
    postage_dong: int
    seen_cash_dong: int
    """What the dispatcher was told to expect."""
    note: str
    corrects: int | None
    """Number of the sign-off that this one corrects; None = it is the first."""


def expected_of(
    connection: Connection, province_id: str, scope: Scope, first: date, last: date, **of: str
) -> dict[Taker, Expected]:
    """
    Sum what was taken, by day and taker; void events are left out.

    Parameters
    ----------
    of
        `kind` and `taker`, to look at one.
    """
    amounts = (takings.c.fee_dong, takings.c.postage_dong, takings.c.cash_dong)
    key = takings.c.day, takings.c.kind, takings.c.taker
    asked = (
        select(*key, *(func.coalesce(func.sum(amount), 0) for amount in amounts), func.count(), func.count(amounts[0]))
        .where(
            takings.c.province_id == province_id,
            takings.c.day.between(first.toordinal(), last.toordinal()),
            takings.c.is_void == 0,
            *_offices(scope),
            *(takings.c[name] == value for name, value in of.items()),
        )
        .group_by(*key)
        .order_by(*key)
    )
    return {
        (day, kind, taker): Expected(int(fee), int(postage), int(cash), count, count - known)
        for day, kind, taker, fee, postage, cash, count, known in map(tuple, connection.execute(asked))
    }


def signed_of(
    connection: Connection, province_id: str, first: date, last: date, **of: str
) -> dict[Taker, list[Row[Any]]]:
    """Every sign-off with the name of who signed, the oldest first."""
    asked = (
        select(settlements, users.c.name.label("signed_name"))
        .join(users, users.c.user_id == settlements.c.signed_by)
        .where(
            settlements.c.province_id == province_id,
            settlements.c.day.between(first.toordinal(), last.toordinal()),
            *(settlements.c[name] == value for name, value in of.items()),
        )
        .order_by(settlements.c.day, settlements.c.kind, settlements.c.taker, settlements.c.number)
    )
    found: dict[Taker, list[Row[Any]]] = {}
    for row in connection.execute(asked):
        found.setdefault((row.day, row.kind, row.taker), []).append(row)
    return found


def sign_off(
    connection: Connection, province_id: str, taker: Taker, expected: Expected, handed: Handed, by: str, at: datetime
) -> None:
    """
    Add a sign-off.

    Raises
    ------
    RefusedError
        When other amounts are expected by now, amounts are not known, or a difference or correction has no reason.
    ExistsError
        When the day is signed off already, or somebody else corrected it meanwhile.
    """
    day, kind, code = taker
    today = date.fromordinal(day)
    signed = signed_of(connection, province_id, today, today, kind=kind, taker=code).get(taker, [])
    if len(signed) != (handed.corrects or 0):
        raise ExistsError(
            f"Ngày này đã có {len(signed)} lần ký; hãy xem lại rồi đính chính lần cuối.",
            f"The day has {len(signed)} sign-offs: look again, then correct the last.",
        )
    _require_same(expected, handed)
    connection.execute(
        insert(settlements).values(
            province_id=province_id, day=day, kind=kind, taker=code, number=len(signed) + 1,
            expected_fee_dong=expected.fee_dong, expected_postage_dong=expected.postage_dong,
            expected_cash_dong=expected.cash_dong, handed_fee_dong=handed.fee_dong,
            handed_postage_dong=handed.postage_dong, note=handed.note, signed_by=by, signed_at=at,
        )
    )  # fmt: skip


def _require_same(expected: Expected, handed: Handed) -> None:
    if expected.cash_dong != handed.seen_cash_dong:
        raise RefusedError(
            f"Số phải nộp đã thay đổi: nay là {expected.cash_dong} đồng; hãy xem lại.",
            f"The amount to hand in has changed: it is {expected.cash_dong} đồng now; look again.",
        )
    differs = handed.fee_dong + handed.postage_dong != expected.cash_dong
    if not handed.note and (differs or handed.corrects or expected.erased):
        raise RefusedError(
            "Có chênh lệch, đính chính hoặc số tiền đã xóa: phải ghi lý do.",
            "A difference, a correction or erased amounts: say why.",
        )


def offices_of(connection: Connection, province_id: str, taker: Taker) -> Sequence[str | None]:
    """The offices to which somebody's takings of a day belong."""
    day, kind, code = taker
    asked = select(takings.c.office).where(
        takings.c.province_id == province_id, takings.c.day == day, takings.c.kind == kind, takings.c.taker == code
    )
    return list(connection.scalars(asked.distinct()))


def _offices(scope: Scope) -> Iterable[ColumnElement[bool]]:
    return [takings.c.office.in_(sorted(scope.offices))] if scope.offices else []
