"""A dossier that nobody has registered, taken in at a citizen's door by the courier's page, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.api.service.courier_day import FETCHED, LOADED, Book, CourierDay
from tests.api.service.courier_phone import CourierPhone
from tests.api.service.door_phone import (
    ADDRESS,
    DOOR_BOOK,
    FEE,
    LABEL,
    NAME,
    NEXT_LABEL,
    PHONE,
    POSTAGE,
    accept_new,
    choose,
    label,
    list_papers,
    pay,
    photograph,
    put_in_envelope,
    save,
    tell_who,
)
from tests.api.service.running import COURIER, OFFICE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("loaded")]

HELD = f"courier {COURIER}"
EVENTS = "**/api/v1/custody/events"
SHIPMENTS = "**/api/v1/shipments"
WHAT_IS_KNOWN = {
    "procedure_code": "1.001120", "dest_site": "CQ1", "origin_site": None, "kind": "intake", "fee_dong": FEE,
    "postage_dong": POSTAGE, "name": NAME, "phone": PHONE,
}  # fmt: skip


PROVED = {
    "data.fee_dong": FEE,
    "data.postage_dong": POSTAGE,
    "data.cash_dong": FEE + POSTAGE,
    "data.documents": [{"name": "Căn cước", "kind": "copy", "count": 2}],
}


@pytest.fixture
def book() -> Book:
    return DOOR_BOOK


def known(day: CourierDay, code: str) -> dict[str, Any] | None:
    """What the server has of a shipment, shown; None = nobody registered it."""
    answer = day.service.ask("GET", f"/api/v1/shipments/{code}?reveal=true", by="head-dispatcher")
    found: dict[str, Any] = answer.json()
    return None if answer.status_code == 404 else found


def is_as_done(day: CourierDay, code: str, **besides: Any) -> None:
    """The server has the shipment once, its acceptance complete, and the courier answers for it."""
    row = known(day, code)
    assert row is not None
    wanted = {**WHAT_IS_KNOWN, "holding": "courier", "holder": COURIER, **besides}
    assert {name: row[name] for name in wanted} == wanted
    (told,) = day.told(code)
    assert (told["type"], told["is_complete"], told["pieces"]) == ("ACCEPT", True, [])
    assert {name: told["personal"][name] for name in PROVED} == PROVED
    assert told["record"]["data"] == {"courier_id": COURIER, "receipt_no": "BL-0815", "seal": "NP-0042"}
    assert len(told["personal"]["evidence"]) == 3  # a photograph and two signatures


def test_with_a_signal_the_slip_gets_its_pin_at_once(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.open_stop("3 Khóm Bình Đức")
    page.get_by_role("button", name="Nhận hồ sơ mới tại nhà").click()
    expect(page.get_by_label("Số nhà, đường")).to_have_count(0)  # nothing is asked before the procedure
    choose(phone, "PHIẾU lý", "Cấp phiếu lý lịch tư pháp")
    expect(page.get_by_label("Số nhà, đường")).to_have_value("3 Khóm Bình Đức, Long Xuyên")
    expect(page.get_by_label("Điện thoại")).to_have_value("0912345675")
    expect(page.get_by_text("Theo điểm dừng của chuyến")).to_be_visible()
    tell_who(phone)
    list_papers(phone)
    label(phone, "RR 000 005 010 vn")
    expect(page.get_by_role("alert").filter(has_text="Mã gõ sai")).to_be_visible()
    label(phone, FETCHED)
    expect(page.get_by_role("alert").filter(has_text="đã có trong máy")).to_be_visible()
    put_in_envelope(phone)
    pay(phone)
    expect(page.locator("[data-total]")).to_have_text("225.000 đ")  # 200,000 and the tariff's 25,000
    save(phone)
    phone.unsent(0)
    is_as_done(day, LABEL)
    page.get_by_role("button", name="Lấy mã PIN").click()
    pin = page.locator("[data-pin]").inner_text()
    own = day.service.ask("POST", f"/api/v1/track/{LABEL}", by=None, json={"pin": pin})
    assert own.status_code == 200, own.text
    text = page.get_by_role("link", name="Nhắn mã theo dõi").get_attribute("href") or ""
    assert text.startswith(f"sms:{PHONE}?body=")
    assert f"%2Ftrack%2F{LABEL}" in text
    assert pin not in text
    (settled,) = day.settlement()
    assert (settled["fee_dong"], settled["postage_dong"], settled["cash_dong"]) == (FEE, POSTAGE, FEE + POSTAGE)


def test_without_a_signal_it_is_aboard_at_once_and_known_afterwards(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.lose_signal()
    accept_new(phone)
    expect(page.get_by_text("hồ sơ đã nằm chắc trong máy")).to_be_visible()
    expect(page.get_by_text("mã PIN lấy tại quầy bưu cục")).to_be_visible()
    phone.unsent(1)
    page.reload()
    phone.unsent(1)
    phone.tab("Cuối chuyến")
    expect(page.get_by_role("region", name="Còn giữ")).to_contain_text(LABEL)
    expect(page.get_by_role("region", name="Tiền mặt phải nộp")).to_contain_text("225.000 đ")
    assert known(day, LABEL) is None
    phone.hand_in(LABEL)
    phone.unsent(2)
    phone.find_signal()
    row = known(day, LABEL)
    assert row is not None
    assert (row["holding"], row["holder"], row["name"]) == ("site", OFFICE, NAME)
    told = day.told(LABEL)
    assert [(one["type"], one["is_complete"]) for one in told] == [("ACCEPT", True), ("ARRIVE", True)]
    assert [one["record"]["offline"] for one in told] == [True, True]
    phone.tab("Đã ghi")
    page.locator("li.card", has_text="Nhận hồ sơ tại nhà").get_by_role("button", name="Ghi vào phiếu").click()
    expect(page.get_by_text("Bưu điện đã ghi nhận hồ sơ.")).to_be_visible()


@pytest.mark.parametrize("step", [SHIPMENTS, EVENTS], ids=["registration unanswered", "event not sent"])
def test_a_crash_does_not_part_the_two_steps(phone: CourierPhone, day: CourierDay, step: str) -> None:
    def lose(route: Route) -> None:
        """The server hears the first and answers in vain; the second never leaves the phone."""
        if step == SHIPMENTS:
            route.fetch()
        route.abort()

    phone.context.route(step, lose)
    accept_new(phone)
    phone.unsent(1)
    expect(phone.status).to_have_attribute("data-online", "false")
    assert known(day, LABEL) is not None
    assert day.service.ask("GET", f"/api/v1/shipments/{LABEL}/history", by="head-dispatcher").json()["events"] == []
    phone.page.close()
    phone.context.unroute(step)
    phone.page = phone.context.new_page()
    phone.page.goto(f"{day.address}/courier")
    phone.tab("Đã ghi")
    told = phone.page.locator("li.card", has_text=LABEL)
    expect(told).to_have_attribute("data-state", "answered", timeout=30_000)
    is_as_done(day, LABEL)


def test_a_procedure_that_may_not_go_by_post_is_refused_by_its_decision(phone: CourierPhone) -> None:
    page = phone.page
    phone.lose_signal()
    page.reload()
    phone.tab("Điểm dừng")
    page.get_by_role("button", name="Nhận hồ sơ mới tại nhà").click()
    choose(phone, "trich luc", "Cấp bản sao trích lục hộ tịch")
    expect(page.get_by_role("alert")).to_contain_text("không nhận qua bưu chính theo Quyết định số 12/QĐ-UBND")
    expect(page.get_by_role("button", name="Nhận hồ sơ", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Chọn thủ tục khác").click()
    expect(page.get_by_role("searchbox", name="Thủ tục")).to_be_visible()


def take(day: CourierDay, code: str) -> None:
    """Somebody else gives a code to another shipment."""
    body = {
        "code": code, "kind": "intake", "procedure_code": "1.001120", "origin_site": OFFICE, "dest_site": "CQ1",
        "ready_at": f"{day.today}T00:10:00+07:00", "contact_name": "Người Khác", "contact_phone": "0912000000",
    }  # fmt: skip
    answer = day.service.ask("POST", "/api/v1/shipments", by="head-dispatcher", json=body)
    assert answer.status_code == 201, answer.text


def test_a_code_that_another_shipment_has_is_mended(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.lose_signal()
    accept_new(phone)
    page.get_by_role("button", name="Xong").click()
    phone.deliver("7 Lý Thái Tổ", LOADED[2])
    take(day, LABEL)
    phone.find_signal()
    assert day.holders()[LOADED[2]] == "done"  # it holds nothing up
    page.get_by_role("button", name="1 việc bị từ chối, cần sửa").click()
    parked = page.locator('[data-state="parked"]')
    expect(parked).to_contain_text(f"Mã {LABEL} đã dùng cho bưu gửi khác.")
    parked.get_by_role("button", name="Sửa việc bị từ chối").click()
    expect(page.get_by_label("Họ và tên")).to_have_value(NAME)
    label(phone, NEXT_LABEL)
    page.get_by_role("button", name="Nhận hồ sơ", exact=True).click()  # both have signed
    expect(page.locator("[data-slip]")).to_contain_text(NEXT_LABEL)
    phone.unsent(0)
    expect(page.get_by_text("Bưu điện đã ghi nhận hồ sơ.")).to_be_visible()
    is_as_done(day, NEXT_LABEL)
    (told,) = day.told(NEXT_LABEL)
    delivered = day.told(LOADED[2])[-1]
    assert told["record"]["counter"] < delivered["record"]["counter"]
    other = known(day, LABEL)
    assert other is not None
    assert (other["name"], other["holding"]) == ("Người Khác", "nobody")
    phone.tab("Cuối chuyến")
    expect(page.get_by_role("region", name="Còn giữ")).to_contain_text(NEXT_LABEL)
    expect(page.get_by_role("region", name="Còn giữ")).not_to_contain_text(LABEL)


def test_what_was_told_later_of_a_refused_code_waits_and_goes_under_the_right_one(
    phone: CourierPhone, day: CourierDay
) -> None:
    page = phone.page
    phone.lose_signal()
    accept_new(phone)
    page.get_by_role("button", name="Xong").click()
    phone.hand_in(LABEL)
    take(day, LABEL)
    phone.context.set_offline(False)
    page.get_by_role("button", name="1 việc bị từ chối, cần sửa").click()
    phone.unsent(1)  # the other shipment is told nothing of
    other = known(day, LABEL)
    assert other is not None
    assert (other["name"], other["holding"]) == ("Người Khác", "nobody")
    page.locator('[data-state="parked"]').get_by_role("button", name="Sửa việc bị từ chối").click()
    label(phone, NEXT_LABEL)
    page.get_by_role("button", name="Nhận hồ sơ", exact=True).click()
    phone.unsent(0)
    told = day.told(NEXT_LABEL)
    assert [(one["type"], one["is_complete"]) for one in told] == [("ACCEPT", True), ("ARRIVE", True)]
    row = known(day, NEXT_LABEL)
    assert row is not None
    assert (row["name"], row["holding"], row["holder"]) == (NAME, "site", OFFICE)
    assert known(day, LABEL) == other


def test_of_scans_alone_the_papers_stay_with_the_citizen(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.tab("Điểm dừng")
    page.get_by_role("button", name="Nhận hồ sơ mới tại nhà").click()
    choose(phone, "phieu ly lich", "Cấp phiếu lý lịch tư pháp")
    expect(page.get_by_label("Chỉ chụp bản quét")).to_have_count(0)  # papers are wanted
    page.get_by_role("button", name="Chọn thủ tục khác").click()
    choose(phone, "bien dong", "Đăng ký biến động đất đai")
    phone.say("Chỉ chụp bản quét")
    expect(page.get_by_text("giấy tờ ở lại với người dân")).to_be_visible()
    expect(phone.piece("seal")).to_have_count(0)
    tell_who(phone)
    list_papers(phone)
    label(phone, LABEL)
    phone.write(fee_dong="0")
    expect(phone.piece("receipt_no")).to_have_count(0)  # nothing is paid
    page.get_by_role("button", name="Bỏ ảnh 1").click()
    phone.sign("signature_theirs", "signature_ours")
    expect(page.get_by_role("status").filter(has_text="Còn thiếu")).to_contain_text("Ảnh chụp giấy tờ")
    photograph(phone)
    page.get_by_role("button", name="Nhận hồ sơ", exact=True).click()
    expect(page.get_by_text("giấy tờ vẫn ở người gửi")).to_be_visible()
    phone.unsent(0)
    (told,) = day.told(LABEL)
    assert (told["is_complete"], told["record"]["data"]["scans_only"], "seal" in told["record"]["data"]) == (
        True,
        True,
        False,
    )
    row = known(day, LABEL)
    assert row is not None
    assert (row["holding"], row["holder"], row["procedure_code"]) == ("done", "", "1.004000")
    _say_the_fee_again(phone, day)
    phone.tab("Cuối chuyến")
    expect(page.get_by_role("region", name="Còn giữ")).not_to_contain_text(LABEL)


def _say_the_fee_again(phone: CourierPhone, day: CourierDay) -> None:
    """Telling it right moves no papers, and shows the same photographs."""
    phone.page.get_by_role("button", name="Xong").click()
    phone.tab("Đã ghi")
    card = phone.page.locator("li.card", has_text="Nhận hồ sơ tại nhà")
    card.get_by_text("Ghi sai?").click()
    card.get_by_role("button", name="Ghi lại cho đúng").click()
    expect(phone.piece("seal")).to_have_count(0)
    phone.write(fee_dong="50.000", cash_dong="50.000", receipt_no="BL-1", why="Nhầm lệ phí")
    phone.record()
    phone.unsent(0)
    first, again = day.told(LABEL)
    assert (again["is_complete"], again["record"]["data"]["scans_only"], again["personal"]["data.fee_dong"]) == (
        True,
        True,
        50_000,
    )
    assert set(again["personal"]["evidence"]) == set(first["personal"]["evidence"])
    row = known(day, LABEL)
    assert row is not None
    assert row["holding"] == "done"


def test_what_was_begun_survives_another_tab_and_a_reload(phone: CourierPhone) -> None:
    page = phone.page
    phone.tab("Điểm dừng")
    page.get_by_role("button", name="Nhận hồ sơ mới tại nhà").click()
    choose(phone, "bien dong", "Đăng ký biến động đất đai")
    tell_who(phone)
    list_papers(phone)
    phone.sign("signature_theirs")
    phone.tab("Đã ghi")
    phone.lose_signal()
    page.reload()
    phone.tab("Điểm dừng")
    page.get_by_role("button", name="Ghi tiếp hồ sơ đang nhận").click()
    expect(page.get_by_label("Số nhà, đường")).to_have_value(ADDRESS)
    expect(page.get_by_role("img", name="Ảnh 1")).to_be_visible()
    lacks = page.get_by_role("status").filter(has_text="Còn thiếu")
    expect(lacks).to_contain_text("Chữ ký người gửi")  # both sign anew
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Bỏ hồ sơ đang ghi").click()
    page.reload()
    phone.tab("Điểm dừng")
    expect(page.get_by_role("button", name="Nhận hồ sơ mới tại nhà")).to_be_visible()
