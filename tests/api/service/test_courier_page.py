"""A courier's day in a real browser: with a dead spot in it, and with an event that the server refuses."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from api.ids import new_id
from tests.api.service.courier_day import (
    ABSENT,
    FAR,
    FETCHED,
    FREE,
    INTAKE,
    LOADED,
    PAID,
    RESULT,
    CourierDay,
)
from tests.api.service.courier_phone import DOOR, CourierPhone
from tests.api.service.running import COURIER, OFFICE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HELD, BASE = f"courier {COURIER}", f"site {OFFICE}"


def accept_at_the_door(phone: CourierPhone) -> None:
    phone.open_stop("3 Khóm Bình Đức")
    phone.choose(FETCHED)
    phone.page.get_by_role("button", name="Nhận hồ sơ tại nhà (").click()
    phone.page.get_by_label("Tên giấy tờ 1", exact=True).fill("Giấy chứng nhận quyền sử dụng đất")
    phone.page.get_by_role("button", name="Thêm giấy tờ").click()
    phone.page.get_by_label("Tên giấy tờ 2", exact=True).fill("Căn cước")
    phone.page.get_by_label("Bản chính hay bản sao, giấy tờ 2").select_option("copy")
    phone.page.get_by_label("Số bản, giấy tờ 2").fill("2")
    phone.write(seal="np-77", receipt_no="BL-9")
    phone.sign("signature_theirs", "signature_ours")
    phone.record()


def visit_agency(phone: CourierPhone) -> None:
    phone.open_stop("Sở Tư pháp")
    phone.choose(INTAKE)
    phone.page.get_by_role("button", name="Giao cơ quan (").click()
    phone.write(count="3", slip_no="GH-12", appointment_on="2027-01-15")
    phone.sign("signature_theirs", "signature_ours")
    phone.record()
    phone.choose(RESULT)
    phone.page.get_by_role("button", name="Nhận kết quả (").click()
    phone.write(count="1", seal="NP-78")
    phone.sign("signature_theirs", "signature_ours")
    phone.record()


def fail_absent(phone: CourierPhone) -> None:
    phone.open_stop("45 Nguyễn Huệ")
    phone.choose(ABSENT)
    phone.page.get_by_role("button", name="Không thành (").click()
    phone.say("Vắng nhà", "Để lại giấy mời")
    phone.write(notice_no="GM-1")
    expect(phone.piece("place")).to_contain_text("Sai số 12 m")
    phone.record()


def test_a_day_with_a_dead_spot_is_told_to_the_server_as_it_was(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.scan("RR000000099VN", "X-17", "rr 000 000 014 vn")
    expect(page.get_by_role("region", name="Không thuộc chuyến này")).to_contain_text("X-17")
    expect(page.get_by_text("RR000000099VN")).to_have_count(0)  # mistyped: its check digit says so
    phone.load(LOADED)
    phone.unsent(0)
    assert {code for code, holder in day.holders().items() if holder == HELD} == set(LOADED)

    phone.deliver("12 Trần Hưng Đạo", PAID, FREE)
    phone.unsent(0)
    phone.lose_signal()
    phone.deliver("7 Lý Thái Tổ", FAR)
    fail_absent(phone)
    phone.unsent(2)
    assert (day.holders()[FAR], day.holders()[PAID]) == (HELD, "done")

    page.reload()
    phone.unsent(2)
    expect(phone.status).to_have_attribute("data-online", "false")
    phone.open_stop("7 Lý Thái Tổ")
    expect(phone.parcel(FAR)).to_have_attribute("data-fate", "done")
    phone.find_signal()
    assert day.holders()[FAR] == "done"

    accept_at_the_door(phone)
    visit_agency(phone)
    phone.tab("Cuối chuyến")
    # 50,000 + 25,000 for one delivery, 20,000 + 25,000 at the door; nothing was handed on to the agency.
    expect(page.get_by_role("region", name="Tiền mặt phải nộp")).to_contain_text("120.000 đ")
    expect(page.get_by_role("region", name="Còn giữ")).to_contain_text(ABSENT)
    expect(page.get_by_role("button", name="Trả")).to_have_count(0)  # nothing was scanned
    phone.hand_in(RESULT, FETCHED)
    phone.unsent(0)
    assert [day.holders()[code] for code in (RESULT, FETCHED, ABSENT)] == [BASE, BASE, HELD]
    phone.hand_in(ABSENT)
    expect(page.get_by_text("Không còn giữ bưu gửi nào.")).to_be_visible()
    phone.unsent(0)

    back = dict.fromkeys((ABSENT, RESULT, FETCHED), BASE)
    assert day.holders() == {**dict.fromkeys((PAID, FREE, FAR, INTAKE), "done"), **back}
    theirs = [event for code in day.codes for event in day.told(code) if event["device_id"] != "K1"]
    assert [(event["type"], event["pieces"]) for event in theirs if not event["is_complete"]] == []
    assert [e["record"]["offline"] for e in day.told(FAR)[1:]] == [False, True]
    (settled,) = day.settlement()
    assert (settled["fee_dong"], settled["postage_dong"], settled["cash_dong"]) == (70_000, 50_000, 120_000)
    assert phone.complaints == []


SPOIL = """async (code) => {
  const database = await new Promise((resolve, reject) => {
    const asked = indexedDB.open('duongthu-device')
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error)
  })
  const store = database.transaction('outbox', 'readwrite').objectStore('outbox')
  await new Promise((resolve) => {
    store.getAll().onsuccess = (event) => {
      const entry = event.target.result.find((one) => one.event.type === 'DELIVER' && one.event.shipments[0] === code)
      entry.event.data.recipient_name = 'Somebody else'
      store.put(entry).onsuccess = resolve
    }
  })
  database.close()
}"""
"""Alter an event that waits, as a broken disk would: its signature is wrong then."""


def test_one_refused_event_holds_nothing_up_and_is_mended_in_its_place(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.load(LOADED)
    phone.unsent(0)
    phone.lose_signal()
    phone.deliver("12 Trần Hưng Đạo", PAID)
    phone.deliver("7 Lý Thái Tổ", FAR)
    fail_absent(phone)
    page.evaluate(SPOIL, PAID)
    phone.find_signal()
    assert day.holders()[FAR] == "done"
    assert [event["type"] for event in day.told(ABSENT)] == ["ACCEPT", "OUT", "ATTEMPT"]
    assert day.holders()[PAID] == HELD

    page.get_by_role("button", name="1 việc bị từ chối, cần sửa").click()
    parked = page.locator('[data-state="parked"]')
    expect(parked).to_contain_text("Chữ ký không phải của thiết bị")  # the server's own words
    expect(parked).to_contain_text(PAID)
    parked.get_by_role("button", name="Sửa việc bị từ chối").click()
    phone.write(recipient_name="Nguyễn Thị Hoa")
    phone.record()
    phone.unsent(0)
    expect(page.locator('[data-state="parked"]')).to_have_count(0)
    mended = day.told(PAID)[-1]
    assert (mended["type"], mended["is_complete"], day.holders()[PAID]) == ("DELIVER", True, "done")
    assert mended["personal"]["data.recipient_name"] == "Nguyễn Thị Hoa"
    assert mended["record"]["counter"] < day.told(FAR)[-1]["record"]["counter"]
    assert phone.complaints == []


def cancel(day: CourierDay, code: str, at: str = "05:00") -> None:
    """A dispatcher takes a parcel out of the running day."""
    path = f"/api/v1/live/plans/{day.plan_id}/proposals"
    body = {
        "proposal_id": new_id(),
        "at": f"{day.today}T{at}:00+07:00",
        "facts": [{"kind": "cancelled", "code": code}],
    }
    made = day.service.ask("POST", path, by="head-dispatcher", json=body, headers={"If-Match": '"2"'})
    assert made.status_code == 201, made.text
    accepted = f"/api/v1/live/proposals/{body['proposal_id']}/accept"
    assert day.service.ask("POST", accepted, by="head-dispatcher").status_code == 200


def test_a_change_is_shown_with_its_reason_and_answered(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    cancel(day, FAR)  # before anything was loaded: the hour of the test does not move the round
    said = {"message_id": new_id(), "kind": "text", "text": "Cổng sau, gần chợ.", "courier_ids": [COURIER]}
    assert day.service.ask("POST", "/api/v1/live/messages", by="head-dispatcher", json=said).status_code == 201
    page.reload()
    phone.tab("Tin (2)")
    change = page.locator("[data-change]")
    expect(change).to_contain_text(FAR)
    expect(change).to_contain_text("Vì:")
    expect(page.get_by_text("Cổng sau, gần chợ.")).to_be_visible()
    change.get_by_role("button", name="Hỏi lại").click()
    page.get_by_label("Điều cần hỏi").fill("Tôi đang đứng trước cửa.")
    change.get_by_role("button", name="Gửi").click()
    expect(change).to_contain_text("Bạn đã hỏi lại: Tôi đang đứng trước cửa.")
    page.get_by_role("button", name="Xe hỏng").click()
    expect(page.locator("li.mine")).to_contain_text("Xe hỏng.")
    phone.tab("Điểm dừng")
    expect(page.locator("[data-stop]")).to_have_count(4)
    (told,) = day.service.ask("GET", f"/api/v1/live/plans/{day.plan_id}/changes", by="head-dispatcher").json()[
        "changes"
    ]
    assert (told["answer"], told["words"]) == ("questioned", "Tôi đang đứng trước cửa.")
    heard = day.service.ask("GET", "/api/v1/live/messages", by="head-dispatcher").json()["messages"]
    assert [(one["kind"], one["read_at"] is not None) for one in heard] == [("breakdown", False), ("text", True)]

    phone.lose_signal()
    phone.tab("Tin")
    page.get_by_role("button", name="Xe đã đầy").click()
    expect(page.get_by_text("CHƯA gửi được.")).to_be_visible()
    assert phone.complaints == []


KEPT = """async () => {
  const database = await new Promise((resolve) => {
    indexedDB.open('duongthu-device').onsuccess = (event) => resolve(event.target.result)
  })
  const counts = ['values', 'outbox', 'files'].map((name) => new Promise((resolve) => {
    database.transaction(name).objectStore(name).count().onsuccess = (event) => resolve(event.target.result)
  }))
  const found = await Promise.all(counts)
  database.close()
  return found
}"""
"""How many things the phone keeps in each store."""


def test_a_phone_that_was_reported_lost_forgets_everything_at_its_next_contact(
    phone: CourierPhone, day: CourierDay
) -> None:
    phone.load(LOADED)
    phone.unsent(0)
    devices = day.service.ask("GET", "/api/v1/devices").json()["devices"]
    (lost,) = [one["device_id"] for one in devices if one["device_id"] != "K1"]
    assert day.service.ask("DELETE", f"/api/v1/devices/{lost}").status_code == 204
    assert min(phone.page.evaluate(KEPT)[:2]) > 0
    phone.page.reload()
    expect(phone.page.get_by_text("Điện thoại này đã bị báo mất và thu hồi.")).to_be_visible()
    expect(phone.page.locator("nav")).to_have_count(0)
    assert phone.page.evaluate(KEPT) == [0, 0, 0]
    phone.page.reload()
    expect(phone.page.get_by_role("heading", name="Ghi danh điện thoại")).to_be_visible()
    assert phone.complaints == []


def test_a_lost_phone_hands_in_what_it_has_and_takes_nothing_down_any_more(
    phone: CourierPhone, day: CourierDay
) -> None:
    page = phone.page
    phone.load(LOADED)
    phone.unsent(0)
    phone.lose_signal()
    phone.deliver("7 Lý Thái Tổ", FAR)
    devices = day.service.ask("GET", "/api/v1/devices").json()["devices"]
    (lost,) = [one["device_id"] for one in devices if one["device_id"] != "K1"]
    assert day.service.ask("DELETE", f"/api/v1/devices/{lost}").status_code == 204
    busy = "**/api/v1/custody/events"
    page.route(busy, lambda route: route.fulfill(status=413, json={}))
    phone.context.set_offline(False)
    expect(page.get_by_text("máy đang gửi nốt việc đã ghi")).to_be_visible(timeout=30_000)
    expect(page.locator("main")).to_contain_text("1 việc chưa gửi")
    expect(page.locator("nav")).to_have_count(0)
    assert page.evaluate(KEPT)[1] > 0
    page.unroute(busy)
    page.reload()
    expect(page.get_by_text("Mọi dữ liệu của bưu điện trong máy đã được xoá.")).to_be_visible()
    assert page.evaluate(KEPT) == [0, 0, 0]
    # Delivered after the revocation or not, nobody can know: it lies in quarantine or waits for a dispatcher.
    refused = day.service.ask("GET", "/api/v1/custody/refused", by="head-dispatcher").json()["events"]
    queue = day.service.ask("GET", "/api/v1/custody/incomplete", by="head-dispatcher").json()["events"]
    assert [one["shipments"] for one in [*refused, *queue] if one["type"] == "DELIVER"] == [[FAR]]


def test_a_courier_is_seen_with_consent_only_and_within_the_round(browser: Browser, day: CourierDay) -> None:
    phone = CourierPhone.taken_up(browser)
    phone.page.clock.install(time=f"{day.today}T09:00:00+07:00")
    sent: list[str] = []
    phone.page.on(
        "request", lambda one: sent.append(one.post_data or "") if one.url.endswith("/live/positions") else None
    )
    phone.enrol(day.enrolment())
    phone.page.clock.run_for(40_000)
    assert sent == []
    phone.tab("Tin")
    consent = phone.page.get_by_role("region", name="Chia sẻ vị trí")
    consent.get_by_role("button", name="Tôi đồng ý").click()
    expect(consent).to_contain_text("Đang chia sẻ vị trí")
    while not sent:  # the fix comes by the browser's own clock, sooner or later
        phone.page.wait_for_timeout(500)
        phone.page.clock.run_for(40_000)
    assert json.loads(sent[0])["fixes"][0]["lat"] == DOOR["latitude"]
    consent.get_by_role("button", name="Rút lại đồng ý").click()
    expect(consent).to_contain_text("Không chia sẻ vị trí.")
    before = len(sent)
    phone.page.clock.run_for(40_000)
    assert len(sent) == before
    phone.page.clock.set_fixed_time(f"{day.today}T23:30:00+07:00")
    consent.get_by_role("button", name="Tôi đồng ý").click()
    expect(consent).to_contain_text("ngoài chuyến thì tắt")
    assert phone.complaints == []
    phone.context.close()


def test_what_was_told_wrong_is_told_again_or_undone(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.load(LOADED)
    phone.deliver("12 Trần Hưng Đạo", PAID)
    phone.deliver("7 Lý Thái Tổ", FAR)
    phone.unsent(0)

    def change(code: str, how: str) -> None:
        phone.tab("Đã ghi")
        card = page.locator("[data-state]", has_text="Phát cho người nhận").filter(has_text=code).last
        card.get_by_text("Ghi sai?").click()
        card.get_by_role("button", name=how).click()

    change(FAR, "Việc này không xảy ra")
    page.get_by_label("Vì sao").fill("Nhầm bưu gửi")
    phone.record()
    change(PAID, "Ghi lại cho đúng")
    expect(phone.piece("recipient_name").locator("input")).to_have_value("Nguyễn Thị Hoa")
    phone.write(recipient_name="Nguyễn Văn Tư", cash_dong="25000", why="Ghi nhầm tên")
    phone.say("Người cùng nhà")
    phone.record()
    phone.unsent(0)
    assert (day.holders()[PAID], day.holders()[FAR]) == ("done", HELD)
    undone, again = (next(e for e in day.told(c) if e["record"].get("replaces")) for c in (FAR, PAID))
    assert (undone["type"], undone["is_complete"]) == ("CORRECT", True)
    assert (again["is_complete"], again["personal"]["data.recipient_name"]) == (True, "Nguyễn Văn Tư")
    phone.tab("Cuối chuyến")
    expect(page.get_by_role("region", name="Tiền mặt phải nộp")).to_contain_text("25.000 đ")
    (settled,) = day.settlement()
    assert (settled["fee_dong"], settled["postage_dong"], settled["cash_dong"]) == (50_000, 25_000, 25_000)
    phone.open_stop("7 Lý Thái Tổ")
    expect(phone.parcel(FAR)).to_have_attribute("data-fate", "open")
    assert phone.complaints == []


def test_a_pin_stands_for_a_signature_only_with_a_signal_and_a_wrong_one_is_asked_about(
    phone: CourierPhone, day: CourierDay
) -> None:
    page = phone.page
    pins = {code: day.service.ask("POST", f"/api/v1/track/{code}/pin", by="desk").json()["pin"] for code in (FAR, FREE)}
    phone.load(LOADED)
    phone.unsent(0)
    page.reload()  # the round says by now that they have a PIN

    def deliver(stop: str, code: str, pin: str) -> None:
        phone.open_stop(stop)
        phone.choose(code)
        page.get_by_role("button", name="Phát cho người nhận (").click()
        phone.write(recipient_name="Nguyễn Thị Hoa", id_digits="1234", pin_sealed=pin)
        phone.say("Chính người nhận", "Căn cước")

    deliver("7 Lý Thái Tổ", FAR, pins[FAR])
    phone.record()
    phone.unsent(0)
    assert [(event["type"], event["is_complete"]) for event in day.told(FAR)][-1] == ("DELIVER", True)

    phone.lose_signal()
    wrong = f"{(int(pins[FREE]) + 1) % 1_000_000:06}"
    deliver("12 Trần Hưng Đạo", FREE, wrong)
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.get_by_role("button", name="Ghi lại", exact=True)).to_be_disabled()
    phone.sign("signature_theirs")
    phone.record()
    phone.find_signal()
    expect(phone.parcel(FREE)).to_have_attribute("data-fate", "pin")
    page.get_by_role("button", name=f"Mã PIN không đúng: {FREE}").click()
    card = page.locator("[data-state]", has_text=FREE).filter(has_text="Phát cho người nhận")
    expect(card).to_contain_text("điều phối viên sẽ hỏi")
    told = day.told(FREE)[-1]
    assert [piece["code"] for piece in told["pieces"]] == ["pin_wrong"]
    assert not any(pin in str(told["record"]) + str(told["personal"]) for pin in (wrong, pins[FREE]))
    assert phone.complaints == []
