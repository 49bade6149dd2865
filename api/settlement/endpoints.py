"""Settlement: what each courier and desk has to hand in, signed off by a dispatcher."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection, Row

from api.auth.access import allow
from api.auth.province import ProvinceQuery, own_province, province_of
from api.auth.roles import Role, Scope, Who
from api.auth.store import note_look
from api.errors import NotFoundError, RefusedError
from api.reports.counted import XLSX, attached
from api.reports.naming import Names, names_of
from api.reports.periods import FirstDay, LastDay, require_period
from api.service.runtime import Runtime, runtime_of
from api.settlement.schemas import Kind, Settled, SettlementList, Signed, SignOff, TakerCode
from api.settlement.sheet import settlement_workbook
from api.settlement.store import Expected, Handed, Taker, expected_of, offices_of, sign_off, signed_of
from api.tallies.catching_up import catch_up

router = APIRouter(prefix="/api/v1/settlement", tags=["settlement"])
Reader = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER, Role.AUDITOR)]
Signer = Annotated[Who, allow(Role.DISPATCHER)]
Courier = Annotated[Who, allow(Role.COURIER)]
TakerFilter = Annotated[TakerCode | None, Query(description="Only this courier or site.")]


@router.get("")
def read_settlement(
    request: Request,
    who: Reader,
    first_day: FirstDay,
    last_day: LastDay,
    taker: TakerFilter = None,
    province: ProvinceQuery = None,
) -> SettlementList:
    """Show what was taken and handed in, by day and taker."""
    of = {} if taker is None else {"taker": taker}
    return _listed(runtime_of(request), who.scope, province_of(who, province), first_day, last_day, **of)


@router.get("/mine")
def read_my_settlement(request: Request, who: Courier, first_day: FirstDay, last_day: LastDay) -> SettlementList:
    """Show a courier what they took themselves, for whichever office, and who signed for what they handed in."""
    province_id = own_province(who)
    of = {"kind": "courier", "taker": str(who.courier_id)}
    return _listed(runtime_of(request), Scope(province_id), province_id, first_day, last_day, **of)


@router.get("/sheet.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def export_settlement(
    request: Request, who: Reader, first_day: FirstDay, last_day: LastDay, province: ProvinceQuery = None
) -> Response:
    """Give the same as a workbook."""
    listed = _listed(runtime_of(request), who.scope, province_of(who, province), first_day, last_day)
    return attached(settlement_workbook(listed.settled), f"settlement-{first_day}-{last_day}.xlsx")


@router.post("/{day}/{kind}/{taker}", status_code=201)
def post_sign_off(
    request: Request,
    who: Signer,
    day: date,
    kind: Kind,
    taker: TakerCode,
    body: SignOff,
    province: ProvinceQuery = None,
) -> Settled:
    """Sign a taker's day off: once; later corrections are further sign-offs."""
    runtime, province_id, at = runtime_of(request), province_of(who, province), datetime.now(UTC)
    catch_up(runtime.database, runtime.writer)
    key = day.toordinal(), kind, taker
    handed = Handed(body.fee_dong, body.postage_dong, body.expected_cash_dong, body.note.strip(), body.corrects)

    def write(connection: Connection) -> Settled:
        _require_theirs(connection, who, province_id, key)
        of = {"kind": kind, "taker": taker}
        expected = expected_of(connection, province_id, who.scope, day, day, **of).get(key, Expected())
        sign_off(connection, province_id, key, expected, handed, who.user_id, at)
        note_look(connection, at, who, "settlement_signed", f"{day}/{kind}/{taker}", number=(handed.corrects or 0) + 1)
        names = names_of(connection, province_id, day)
        return _settled(key, expected, signed_of(connection, province_id, day, day, **of)[key], names)

    return runtime.writer.write_now(write)


def _require_theirs(connection: Connection, who: Who, province_id: str, key: Taker) -> None:
    """A day is signed by whoever sees all of it; half of what somebody took settles nothing."""
    offices = offices_of(connection, province_id, key)
    seen = [office for office in offices if who.scope.covers(province_id, office)]
    if not seen:
        raise NotFoundError("Người này không thu tiền ngày đó.", "Nobody of that code took money that day.")
    if len(seen) < len(offices):
        raise RefusedError(
            "Người này thu tiền cho nhiều bưu cục; người điều phối của tất cả các bưu cục đó mới ký được.",
            "They took money for several offices: only a dispatcher of all of them can sign.",
        )


def _listed(runtime: Runtime, scope: Scope, province_id: str, first: date, last: date, **of: str) -> SettlementList:
    """`of` = `kind` and `taker`, to look at one."""
    require_period(first, last)
    catch_up(runtime.database, runtime.writer)
    with runtime.database.read() as connection:
        expected = expected_of(connection, province_id, scope, first, last, **of)
        signed = signed_of(connection, province_id, first, last, **of)
        names = names_of(connection, province_id, last)
    if not scope.offices:  # a day that was signed and whose events were all replaced since
        expected |= {key: Expected() for key in signed.keys() - expected.keys()}
    settled = tuple(_settled(key, expected[key], signed.get(key, []), names) for key in sorted(expected))
    last_ones = [one.signed[-1] for one in settled if one.signed]
    return SettlementList(
        settled=settled,
        expected_cash_dong=sum(one.cash_dong for one in settled),
        handed_dong=sum(one.handed_fee_dong + one.handed_postage_dong for one in last_ones),
        difference_dong=sum(one.difference_dong for one in last_ones),
        open=sum(one.state != "signed" for one in settled),
    )


def _settled(key: Taker, expected: Expected, rows: list[Row[Any]], names: Names) -> Settled:
    amounts = expected.fee_dong, expected.postage_dong, expected.cash_dong
    if not rows:
        state = "open"
    else:
        seen = rows[-1].expected_fee_dong, rows[-1].expected_postage_dong, rows[-1].expected_cash_dong
        state = "signed" if seen == amounts else "changed"
    return Settled.model_validate(
        {
            "day": date.fromordinal(key[0]), "kind": key[1], "taker": key[2],
            "name": names.taker(key[1], key[2]), "events": expected.events,
            "erased_events": expected.erased, "fee_dong": amounts[0], "postage_dong": amounts[1],
            "cash_dong": amounts[2], "state": state, "signed": tuple(map(_signed, rows)),
        }
    )  # fmt: skip


def _signed(row: Row[Any]) -> Signed:
    values = {name: getattr(row, name) for name in Signed.model_fields if name != "difference_dong"}
    difference = row.handed_fee_dong + row.handed_postage_dong - row.expected_cash_dong
    return Signed(**values, difference_dong=difference)
