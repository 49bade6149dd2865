"""The whole day of a courier with 40 stops, with everything that may befall a phone, against plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Error, Playwright, Route, expect, sync_playwright

from tests.api.service.courier_day import Book, CourierDay
from tests.api.service.courier_forty import (
    ABOARD_AT_NOON,
    CANCELLED,
    CASH,
    CODES,
    DELIVERED,
    FAILED,
    FETCHED,
    FORTY,
    HOLDER,
    LOADED,
    RESULTS,
    WAY,
    stop_of,
)
from tests.api.service.courier_phone import CourierPhone
from tests.api.service.running import COURIER
from tests.api.service.test_courier_page import cancel
from tests.api.service.today import ZONE

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.slow]

MORNING, AHEAD, AFTER, NOON = DELIVERED[:10], DELIVERED[10:12], DELIVERED[12:15], DELIVERED[15:]
"""Delivered before the phone's clock goes wrong, while it is 26 hours ahead, when it is right again, after a crash."""
REASONS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Vắng nhà", "Để lại giấy mời", {"notice_no": "GM-1"}),
    ("Không tìm thấy", "Hỏi điều phối", {}),
    ("Đã chuyển đi", "Chuyển tiếp", {"note": "Hàng xóm nói đã chuyển về Châu Đốc."}),
    ("Từ chối nhận", "Chuyển hoàn", {}),
    ("Hẹn hôm khác", "Phát lại", {"agreed_on": "2027-01-15"}),
)
TAKEN_DOWN = """async () => {
  const database = await new Promise((resolve) => {
    indexedDB.open('duongthu-device').onsuccess = (event) => resolve(event.target.result)
  })
  const found = await new Promise((resolve) => {
    database.transaction('outbox').objectStore('outbox').getAll().onsuccess = (event) => resolve(event.target.result)
  })
  database.close()
  return found.map(({ event }) => event.event_id)
}"""
"""Ids of all events that the phone knows of."""


@pytest.fixture
def book() -> Book:
    return FORTY


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """What the phone's camera gives for a photograph."""
    file = tmp_path / "door.jpg"
    Image.effect_noise((2000, 1500), 90).convert("RGB").save(file, quality=90)
    return file


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


def crash(phone: CourierPhone) -> None:
    """The browser dies on the spot and puts nothing in order."""
    browser = phone.context.browser
    assert browser is not None
    with phone.context.expect_event("close"), suppress(Error):  # it dies before it can answer
        browser.new_browser_cdp_session().send("Browser.crash")
    assert phone.complaints == []


def set_clock(phone: CourierPhone, ahead: timedelta) -> None:
    phone.page.clock.set_system_time(datetime.now(ZONE) + ahead)


def deliver(phone: CourierPhone, *codes: str) -> None:
    for code in codes:
        phone.deliver(stop_of(code), code)
        expect(phone.parcel(code)).to_have_attribute("data-fate", "done")


def fail(phone: CourierPhone, code: str, picture: Path) -> None:
    reason, action, pieces = REASONS[FAILED.index(code)]
    phone.begin(stop_of(code), "Không thành", code)
    phone.say(reason, action)
    phone.write(**pieces)
    if reason == "Không tìm thấy":
        phone.piece("photo").locator("input").set_input_files(picture)
    if reason == "Từ chối nhận":
        phone.sign("signature_theirs")
    phone.record()
    expect(phone.parcel(code)).to_have_attribute("data-fate", "failed")


def accept(phone: CourierPhone, code: str) -> None:
    phone.begin(stop_of(code), "Nhận hồ sơ tại nhà", code)
    phone.page.get_by_label("Tên giấy tờ 1", exact=True).fill("Căn cước")
    phone.write(seal=f"NP-{CODES.index(code)}", receipt_no=f"BL-{CODES.index(code)}")
    phone.sign("signature_theirs", "signature_ours")
    phone.record()


def collect(phone: CourierPhone, code: str) -> None:
    phone.begin(stop_of(code), "Nhận kết quả", code)
    phone.write(count="1", seal=f"NP-{CODES.index(code)}")
    phone.sign("signature_theirs", "signature_ours")
    phone.record()


def lose_an_answer(phone: CourierPhone) -> None:
    """The next batch reaches the server, and its answer does not reach the phone: it must be sent again."""

    def swallow(route: Route) -> None:
        assert route.fetch().status == 200
        route.abort("connectionreset")

    phone.context.route("**/api/v1/custody/events", swallow, times=1)


def offline_morning(phone: CourierPhone, day: CourierDay, playwright: Playwright, storage: Path) -> CourierPhone:
    """Deliver 15 without a signal: a reload, a clock that goes wrong, a crash; returns the phone switched on again."""
    phone.lose_signal()
    deliver(phone, *MORNING)
    phone.page.clock.install()
    phone.page.reload()
    phone.unsent(len(MORNING))
    set_clock(phone, timedelta(hours=26))
    deliver(phone, *AHEAD)
    set_clock(phone, timedelta())
    deliver(phone, *AFTER)
    phone.unsent(15)
    crash(phone)
    again = CourierPhone.switched_on(playwright.chromium, storage)
    again.lose_signal()
    again.page.goto(f"{day.address}/courier")
    again.unsent(15)
    return again


def hand_in(phone: CourierPhone) -> None:
    """The end of the round: what is aboard and the cash are as they must be, and both sign."""
    phone.tab("Cuối chuyến")
    cash = phone.page.get_by_role("region", name="Tiền mặt phải nộp")
    expect(cash).to_contain_text(f"{CASH:,} đ".replace(",", "."))
    aboard = phone.page.get_by_role("region", name="Còn giữ").locator("li")
    assert sorted(text.split()[0] for text in aboard.all_inner_texts()) == sorted(
        {*FAILED, *FETCHED, *RESULTS, CANCELLED}
    )
    phone.hand_in(*FAILED, *FETCHED, *RESULTS, CANCELLED)
    expect(phone.page.get_by_text("Không còn giữ bưu gửi nào.")).to_be_visible()
    phone.unsent(0)


def require_the_oracle(day: CourierDay, taken_down: list[str]) -> None:
    """The server says of every shipment what the plain data says, and knows what the phone took down, once."""
    told = {code: day.told(code) for code in CODES}
    assert {code: tuple(event["type"] for event in events) for code, events in told.items()} == WAY
    assert day.holders() == HOLDER
    lacking = {
        (code, event["type"], piece["code"])
        for code, events in told.items()
        for event in events
        if event["device_id"] != "K1"
        for piece in event["pieces"]
    }
    # Taken down by a clock that was wrong, and sent by one that was right: nobody can tell the true time.
    assert lacking == {(code, "DELIVER", "in_the_future") for code in AHEAD}
    theirs = {event["event_id"] for events in told.values() for event in events if event["device_id"] != "K1"}
    assert Counter(taken_down) == Counter(theirs)
    offline = {c for c in CODES for e in told[c] if e["record"]["offline"]}
    assert offline == {*DELIVERED, *FAILED[:2]}


def settle(day: CourierDay) -> None:
    """The dispatcher signs for the money, on each day that a clock told."""
    rows = day.settlement(more_days=2)
    assert sum(row["cash_dong"] for row in rows) == CASH
    for row in rows:
        path = f"/api/v1/settlement/{row['day']}/courier/{COURIER}"
        sums = {name: row[name] for name in ("fee_dong", "postage_dong")}
        body = {**sums, "expected_cash_dong": row["cash_dong"]}
        assert day.service.ask("POST", path, by="head-dispatcher", json=body).status_code == 201
    assert {row["state"] for row in day.settlement(more_days=2)} == {"signed"}


def test_a_day_of_forty_stops_comes_to_what_plain_data_says(
    playwright: Playwright, day: CourierDay, tmp_path: Path, picture: Path
) -> None:
    phone = CourierPhone.switched_on(playwright.chromium, tmp_path / "phone")
    phone.enrol(day.enrolment())
    phone.load(LOADED)
    phone.unsent(0)

    phone = offline_morning(phone, day, playwright, tmp_path / "phone")
    deliver(phone, *NOON)
    for code in FAILED[:2]:
        fail(phone, code, picture)
    phone.unsent(27)
    cancel(day, CANCELLED, at=f"{datetime.now(ZONE):%H:%M}")
    lose_an_answer(phone)
    phone.find_signal()
    expected = {**HOLDER, **ABOARD_AT_NOON, **dict.fromkeys(FETCHED, "nobody"), **dict.fromkeys(RESULTS, "nobody")}
    assert day.holders() == expected

    phone.tab("Tin (1)")
    change = phone.page.locator("[data-change]")
    expect(change.locator("li:visible")).to_contain_text([CANCELLED])  # the new hours of 40 others are folded away
    change.get_by_role("button", name="Đồng ý").click()
    expect(change).to_contain_text("Bạn đã đồng ý")
    phone.tab("Điểm dừng")
    expect(phone.page.locator("[data-stop]")).to_have_count(40)

    for code in FAILED[2:]:
        fail(phone, code, picture)
    for code in FETCHED:
        accept(phone, code)
    for code in RESULTS:
        collect(phone, code)
    hand_in(phone)

    require_the_oracle(day, phone.page.evaluate(TAKEN_DOWN))
    settle(day)
    assert phone.complaints == []
    phone.context.close()
