"""Money taken by events, handed in and signed for; sums by hand, and against a plain count."""

from __future__ import annotations

import random
from collections import defaultdict
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, insert, select, update

from api.auth.roles import Role
from api.custody.tables import event_personal
from api.tallies.tables import passages, takings
from tests.api.service.custody_made import add_person, made, send, user_id_of, with_device
from tests.api.service.reported import add_rows, shipment_row
from tests.api.service.running import COURIER, OTHER_OFFICE, PROVINCE, Service
from tests.api.service.today import today

pytestmark = pytest.mark.usefixtures("within_a_day")


def period() -> str:
    return f"first_day={today()}&last_day={today()}"


def money(kind: str, counter: int, fee: int, postage: int, code: str = "S1", **more: Any) -> dict[str, Any]:
    data = {"courier_id": COURIER, "fee_dong": fee, "postage_dong": postage, **more.pop("data", {})}
    return made(kind, counter, code=code, data=data, **more)


def with_shipments(service: Service, *codes: str) -> Service:
    with_device(service, "courier", "D1")
    service.runtime.writer.write_now(lambda c: add_rows(c, [shipment_row(code) for code in codes]))
    return service


def listed(service: Service, by: str = "dispatcher") -> dict[str, Any]:
    answer = service.ask("GET", f"/api/v1/settlement?{period()}", by=by)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def sign(service: Service, fee: int, postage: int, expected: int, by: str = "dispatcher", **more: Any) -> Any:
    body = {"fee_dong": fee, "postage_dong": postage, "expected_cash_dong": expected, **more}
    return service.ask("POST", f"/api/v1/settlement/{today()}/courier/{COURIER}", by=by, json=body)


def test_a_day_is_summed_signed_once_and_corrected(service: Service) -> None:
    with_shipments(service, "S1", "S2")
    send(service, money("ACCEPT", 1, 50_000, 24_000), money("ACCEPT", 2, 10_000, 24_000, "S2", data={"cash_dong": 0}))
    send(service, money("HAND_AGENCY", 3, 50_000, 0))
    (day,) = listed(service)["settled"]
    # Fees 50 + 10 - 50 thousand, postage 24 + 24; S2 was paid by transfer: cash is 74 - 50 thousand.
    assert (day["fee_dong"], day["postage_dong"], day["cash_dong"]) == (10_000, 48_000, 24_000)
    assert (day["taker"], day["events"], day["state"]) == (COURIER, 3, "open")

    assert sign(service, 0, 20_000, 24_000).json()["error"]["code"] == "refused"  # a difference without a reason
    assert sign(service, 0, 24_000, 23_000).json()["error"]["code"] == "refused"  # saw something else
    first = sign(service, 0, 20_000, 24_000, note="thiếu 4.000")
    assert (first.status_code, first.json()["signed"][0]["difference_dong"]) == (201, -4_000)
    assert sign(service, 0, 24_000, 24_000).status_code == 409  # once a day
    assert sign(service, 0, 24_000, 24_000, corrects=1).status_code == 409  # a correction says why
    again = sign(service, 0, 24_000, 24_000, corrects=1, note="nộp bù")
    assert [one["number"] for one in again.json()["signed"]] == [1, 2]
    whole = listed(service)
    assert (whole["handed_dong"], whole["difference_dong"], whole["open"]) == (24_000, 0, 0)


@pytest.mark.slow
def test_a_late_event_reopens_a_signed_day(service: Service) -> None:
    with_shipments(service, "S1")
    send(service, money("ACCEPT", 1, 0, 24_000))
    assert sign(service, 0, 24_000, 24_000).status_code == 201
    assert listed(service)["settled"][0]["state"] == "signed"
    send(service, money("DELIVER", 2, 0, 1_000))
    after = listed(service)
    assert (after["settled"][0]["state"], after["open"], after["settled"][0]["cash_dong"]) == ("changed", 1, 25_000)


def test_a_replaced_event_counts_no_more_until_its_correction_is_void(service: Service) -> None:
    with_shipments(service, "S1", "S2")
    wrong = money("ACCEPT", 1, 0, 24_000)
    wrong_of_two = made("ACCEPT", 2, data={"courier_id": COURIER, "postage_dong": 5_000}, shipments=["S1", "S2"])
    send(service, wrong, wrong_of_two)
    assert listed(service)["expected_cash_dong"] == 29_000
    said = {"who": user_id_of(service, "courier"), "why": "nhầm", "correction": "did_not_occur"}
    undo = made("CORRECT", 3, replaces=wrong["event_id"], data=said)
    undo_of_two = made("CORRECT", 4, code="S2", replaces=wrong_of_two["event_id"], data=said)
    send(service, undo, undo_of_two)
    assert listed(service)["expected_cash_dong"] == 0
    send(service, made("CORRECT", 5, replaces=undo["event_id"], data=said))
    assert listed(service)["expected_cash_dong"] == 24_000


def by_desk(kind: str, counter: int, fee: int, *codes: str, **more: Any) -> dict[str, Any]:
    """What a desk tells of a hand-over with the courier, from its own computer."""
    data = {"courier_id": COURIER, "fee_dong": fee}
    return made(kind, counter, device_id="PC", shipments=list(codes), data=data, **more)


def cash(service: Service) -> int:
    return sum(day["cash_dong"] for day in listed(service)["settled"])


@pytest.mark.parametrize(("kind", "sign"), [("HAND_AGENCY", -1), ("COLLECT_RESULT", 1), ("RETURN_DONE", 1)])
def test_money_of_a_hand_over_that_both_sides_tell_counts_once(service: Service, kind: str, sign: int) -> None:
    with_device(with_shipments(service, "S1", "S2"), "desk", "PC")
    if kind != "COLLECT_RESULT":
        send(service, *(made("ACCEPT", n, code=f"S{n}", data={"courier_id": COURIER}) for n in (1, 2)))
    first = made(kind, 3, shipments=["S1", "S2"], data={"courier_id": COURIER, "fee_dong": 70_000})
    send(service, first)
    send(service, by_desk(kind, 1, 50_000, "S1"), by_desk(kind, 2, 30_000, "S2"), by="desk")
    assert cash(service) == sign * 70_000
    doubts = service.ask("GET", "/api/v1/custody/incomplete/counts", by="dispatcher").json()["by_piece"]
    assert (doubts["told_twice"], doubts.get("custody_elsewhere", 0), doubts.get("no_follows", 0)) == (2, 0, 0)
    said = {"who": user_id_of(service, "courier"), "why": "nhầm", "correction": "did_not_occur"}
    undo = made("CORRECT", 4, shipments=["S1", "S2"], replaces=first["event_id"], data=said)
    send(service, undo)
    assert cash(service) == sign * 80_000, "what the other side tells stands by itself"


def test_money_of_a_shipment_that_only_the_second_side_tells_of_is_not_lost(service: Service) -> None:
    with_device(with_shipments(service, "S1", "S2"), "desk", "PC")
    send(service, made("COLLECT_RESULT", 1, code="S1", data={"courier_id": COURIER, "fee_dong": 50_000}))
    send(service, by_desk("COLLECT_RESULT", 1, 80_000, "S1", "S2"), by="desk")
    assert cash(service) == 130_000, "until somebody corrects one of the two"


def test_a_void_event_stays_void_when_a_neighbour_of_its_neighbour_moves(service: Service) -> None:
    """S2 lies in both events; what is void by S3 alone does not count again because S1 moved."""
    with_shipments(service, "S1", "S2", "S3")
    wrong = made("ACCEPT", 1, shipments=["S2", "S3"], data={"courier_id": COURIER, "postage_dong": 5_000})
    send(service, wrong, made("ACCEPT", 2, shipments=["S1", "S2"], data={"courier_id": COURIER, "postage_dong": 700}))
    said = {"who": user_id_of(service, "courier"), "why": "nhầm", "correction": "did_not_occur"}
    send(service, made("CORRECT", 3, code="S3", replaces=wrong["event_id"], data=said))
    assert cash(service) == 700
    send(service, made("EXCEPTION", 4, data={"courier_id": COURIER, "trouble": "damaged"}))
    assert cash(service) == 700


def test_other_offices_see_nothing_of_it(service: Service) -> None:
    with_shipments(service, "S1")
    send(service, money("ACCEPT", 1, 0, 24_000))
    assert listed(service)["open"] == 1
    for login in ("other-dispatcher", "far-dispatcher"):
        assert listed(service, login)["settled"] == []
        assert sign(service, 0, 24_000, 24_000, login).status_code == 404


def test_who_took_for_two_offices_is_settled_by_somebody_of_both(service: Service) -> None:
    with_shipments(service, "S1")
    send(service, money("ACCEPT", 1, 0, 24_000), made("ARRIVE", 2, data={"site_id": "B1", "seal_intact": True}))
    assert listed(service)["open"] == 1
    other = {
        "seq": 1, "event_id": "x", "province_id": PROVINCE, "office": OTHER_OFFICE, "kind": "courier", "taker": COURIER,
        "day": today().toordinal(), "fee_dong": 0, "postage_dong": 1, "cash_dong": 1, "is_void": 0,
    }  # fmt: skip
    service.runtime.writer.write_now(lambda c: c.execute(insert(takings).values(other)))
    assert sign(service, 0, 24_000, 24_000).json()["error"]["code"] == "refused"
    assert sign(service, 0, 24_001, 24_001, "head-dispatcher").status_code == 201


def test_amounts_erased_before_they_were_tallied_are_named(service: Service) -> None:
    with_shipments(service, "S1")
    send(service, money("ACCEPT", 1, 0, 24_000))
    service.runtime.writer.write_now(lambda c: c.execute(delete(event_personal)))
    (day,) = listed(service)["settled"]
    assert (day["events"], day["erased_events"], day["cash_dong"]) == (1, 1, 0)


def test_sums_agree_with_a_plain_count(service: Service) -> None:
    chance = random.Random(7)
    codes = [f"S{n}" for n in range(40)]
    with_shipments(service, *codes)
    couriers = [COURIER, "C1", "C2", "C3"]
    for courier in couriers[1:]:
        add_person(service, courier, Role.COURIER, courier)
        with_device(service, courier, courier)
    plain: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    batches: dict[str, list[Any]] = defaultdict(list)
    for n in range(230):  # more than two works
        kind, courier = chance.choice(["ACCEPT", "DELIVER", "HAND_AGENCY", "OUT"]), chance.choice(couriers)
        fee, postage = chance.randrange(5) * 1_000, chance.randrange(5) * 1_000
        data: dict[str, Any] = {"courier_id": courier, "scanned": []} if kind == "OUT" else {"courier_id": courier}
        if kind != "OUT":
            data |= {"fee_dong": fee, "postage_dong": postage}
            sign_of = -1 if kind == "HAND_AGENCY" else 1
            for place, amount in enumerate((fee, postage, fee + postage)):
                plain[courier][place] += sign_of * amount
        device_id = "D1" if courier == COURIER else courier
        batches[courier].append(made(kind, n, code=chance.choice(codes), device_id=device_id, data=data))
    for courier, batch in batches.items():
        send(service, *batch, by="courier" if courier == COURIER else courier)
    found = {s["taker"]: [s["fee_dong"], s["postage_dong"], s["cash_dong"]] for s in listed(service)["settled"]}
    assert found == dict(plain)


def test_the_sheet_holds_numbers_and_dates(service: Service) -> None:
    with_shipments(service, "S1")
    send(service, money("ACCEPT", 1, 50_000, 24_000))
    answer = service.ask("GET", f"/api/v1/settlement/sheet.xlsx?{period()}", by="auditor")
    book: Any = load_workbook(BytesIO(answer.content))
    rows = list(book["Thanh toán"].iter_rows(values_only=True))
    assert rows[0][:3] == ("Ngày", "Loại", "Mã")
    assert rows[1][:3] == ("Day", "Kind", "Code")
    assert rows[2][0].date() == today()
    assert rows[2][1:8] == ("courier", COURIER, None, 1, 50_000, 24_000, 74_000)


@pytest.mark.parametrize(
    "days",
    [
        ("2026-02-02", "2026-02-01"),
        ("9999-12-01", "9999-12-31"),
        ("0001-01-01", "0001-01-02"),
        ("2020-01-01", "2026-01-01"),
    ],
)
def test_a_period_is_a_period(sqlite_service: Service, days: tuple[str, str]) -> None:
    for path in ("settlement?", "reports/postal-share?"):
        query = f"{path}first_day={days[0]}&last_day={days[1]}"
        assert sqlite_service.ask("GET", f"/api/v1/{query}", by="dispatcher").json()["error"]["code"] == "refused"


def test_text_stays_text_in_the_sheet(sqlite_service: Service) -> None:
    with_shipments(sqlite_service, "S1")
    send(sqlite_service, money("ACCEPT", 1, 0, 24_000))
    assert sign(sqlite_service, 0, 0, 24_000, note="=1+1\x07").status_code == 201
    assert sign(sqlite_service, 0, 0, 24_000, note="\x00", corrects=1).status_code == 422
    answer = sqlite_service.ask("GET", f"/api/v1/settlement/sheet.xlsx?{period()}", by="auditor")
    book: Any = load_workbook(BytesIO(answer.content))
    cell = book["Thanh toán"].cell(3, 15)
    assert (cell.value, cell.data_type) == ("=1+1\ufffd", "s")


def test_a_due_day_at_the_end_of_time_stops_nothing(sqlite_service: Service) -> None:
    with_device(sqlite_service, "courier", "D1")
    rows = [shipment_row("S1", due_on="9999-12-31"), shipment_row("S2", due_on="0001-01-01")]
    sqlite_service.runtime.writer.write_now(lambda c: add_rows(c, rows))
    send(sqlite_service, money("ACCEPT", 1, 0, 24_000), money("ACCEPT", 2, 0, 1_000, "S2"))
    assert listed(sqlite_service)["expected_cash_dong"] == 25_000
    with sqlite_service.runtime.database.read() as connection:
        held = dict(map(tuple, connection.execute(select(passages.c.code, passages.c.due_holding))))
    assert held == {"S1": "courier", "S2": "nobody"}


def test_figures_that_are_behind_are_not_shown(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.tallies.catching_up.MOST_SECONDS", 0.0)
    with_shipments(service, "S1")
    send(service, *(money("ACCEPT", n, 0, 1_000) for n in range(250)))
    answers = [service.ask("GET", f"/api/v1/settlement?{period()}", by="dispatcher") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [503, 503, 200, 200]  # 250 events, 100 at once
    assert answers[0].headers["Retry-After"] == "2"
    assert [answer.json()["expected_cash_dong"] for answer in answers[2:]] == [250_000, 250_000]


def test_a_courier_sees_their_own_days_whoever_signed_and_nobody_elses(service: Service) -> None:
    with_shipments(service, "S1", "S2")
    add_person(service, "C1", Role.COURIER, "C1")
    with_device(service, "C1", "D2")
    send(service, money("ACCEPT", 1, 0, 24_000))
    send(
        service, made("ACCEPT", 1, code="S2", device_id="D2", data={"courier_id": "C1", "postage_dong": 9_000}), by="C1"
    )
    third = money("ACCEPT", 2, 500, 0)
    send(service, third)
    listed(service)
    of_other = update(takings).where(takings.c.event_id == third["event_id"]).values(office=OTHER_OFFICE)
    service.runtime.writer.write_now(lambda c: c.execute(of_other))

    def mine(by: str) -> list[dict[str, Any]]:
        answer = service.ask("GET", f"/api/v1/settlement/mine?{period()}", by=by)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["settled"]
        return found

    # What they took for another office is theirs too, though nobody of their own office sees it.
    assert [(day["taker"], day["cash_dong"], day["state"]) for day in mine("courier")] == [(COURIER, 24_500, "open")]
    assert [(day["taker"], day["cash_dong"]) for day in mine("C1")] == [("C1", 9_000)]
    assert sign(service, 500, 20_000, 24_500, "head-dispatcher", note="thiếu 4.000").status_code == 201
    ((signed,),) = [day["signed"] for day in mine("courier")]
    assert (signed["signed_name"], signed["difference_dong"], signed["note"]) == (
        "Head-Dispatcher", -4_000, "thiếu 4.000",
    )  # fmt: skip
    assert [day["signed"] for day in mine("C1")] == [[]]
    assert service.ask("GET", f"/api/v1/settlement/mine?{period()}", by="dispatcher").status_code == 403
