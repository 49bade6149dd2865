"""The courier sees on the phone what the dispatcher signed for, and when the two do not agree."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.api.service.courier_day import FETCHED, FREE, PAID, CourierDay
from tests.api.service.courier_phone import CourierPhone
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.running import COURIER

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _taken_in(loaded: CourierPhone) -> None:
    loaded.deliver("12 Trần Hưng Đạo", PAID, FREE)  # 50,000 of fees and 25,000 of postage
    loaded.unsent(0)


def sign(day: CourierDay, fee: int, postage: int, expected: int, **more: Any) -> None:
    path = f"/api/v1/settlement/{day.today}/courier/{COURIER}"
    body = {"fee_dong": fee, "postage_dong": postage, "expected_cash_dong": expected, **more}
    answer = day.service.ask("POST", path, by="head-dispatcher", json=body)
    assert answer.status_code == 201, answer.text


def looked_at(phone: CourierPhone, day: CourierDay) -> Locator:
    """The card of today, asked for anew."""
    phone.tab("Điểm dừng")
    with phone.page.expect_response("**/settlement/mine?*"):
        phone.tab("Cuối chuyến")
    return phone.page.locator(f'[data-settled="{day.today}"]')


def test_amounts_who_signed_when_and_what_differs_are_shown(phone: CourierPhone, day: CourierDay) -> None:
    card = looked_at(phone, day)
    expect(card).to_contain_text("Chưa ai ký nhận. Phải nộp 75.000 đ.")
    expect(card.get_by_role("alert")).to_have_count(0)  # this phone says the same

    sign(day, 50_000, 20_000, 75_000, note="thiếu tiền lẻ")
    card = looked_at(phone, day)
    expect(card).to_contain_text("Head-Dispatcher đã ký nhận lúc")
    expect(card).to_contain_text("70.000 đ")
    expect(card).to_contain_text("Nộp thiếu 5.000 đ")
    expect(card).to_contain_text("Lý do: thiếu tiền lẻ")

    sign(day, 50_000, 25_000, 75_000, note="nộp bù", corrects=1)
    card = looked_at(phone, day)
    expect(card).to_contain_text("Lần ký thứ 2, thay cho các lần trước.")
    expect(card).not_to_contain_text("Nộp thiếu")

    phone.lose_signal()
    phone.page.reload()
    phone.tab("Cuối chuyến")
    expect(card).to_contain_text("Lần ký thứ 2")
    expect(phone.page.get_by_role("region", name="Điều phối viên ký nhận tiền")).to_contain_text("Theo máy chủ lúc")
    assert phone.complaints == []


def test_what_the_server_counts_otherwise_is_said_plainly(phone: CourierPhone, day: CourierDay) -> None:
    sign(day, 50_000, 25_000, 75_000)
    with_device(day.service, "courier", "D1")  # another phone of theirs takes money after the signature
    send(day.service, made("ACCEPT", 1, code=FETCHED, data={"courier_id": COURIER, "postage_dong": 24_000}))
    card = looked_at(phone, day)
    expect(card.get_by_role("alert")).to_have_text(
        "Số không khớp: máy này tính 75.000 đ, máy chủ tính 99.000 đ. Hãy đối chiếu với điều phối viên."
    )
    expect(card).to_contain_text("lúc ký phải nộp 75.000 đ, nay là 99.000 đ")
    assert phone.complaints == []
