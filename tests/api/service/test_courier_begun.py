"""A form that was begun survives a reload, for its own parcels only, until it is taken down or discarded."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.api.service.courier_day import FAR, FREE, PAID, CourierDay
from tests.api.service.courier_phone import CourierPhone

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("loaded")]

INK = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  return data.filter((value, at) => at % 4 === 0 && value < 128).length
}"""
"""Dark pixels of a signature."""


def begun(phone: CourierPhone) -> Locator:
    return phone.page.locator("[data-begun]")


def test_what_was_begun_is_there_after_a_reload_and_goes_when_taken_down(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.begin("12 Trần Hưng Đạo", "Phát cho người nhận", FREE)
    phone.write(recipient_name="Nguyễn Thị Hoa", id_digits="1234")
    phone.say("Chính người nhận", "Căn cước")
    phone.sign("signature_theirs")
    pad = phone.piece("signature_theirs")
    expect(pad).to_contain_text("Đã ký")
    signed = pad.locator("canvas").evaluate(INK)
    phone.lose_signal()
    page.reload()

    line = begun(phone)
    expect(line).to_contain_text("Phần đang ghi dở lúc")
    expect(line).to_contain_text(FREE)
    phone.begin("12 Trần Hưng Đạo", "Phát cho người nhận", PAID, FREE)  # other parcels: nothing of it
    expect(phone.piece("recipient_name").locator("input")).to_have_value("")
    phone.page.locator("button.back").click()
    phone.tab("Điểm dừng")
    line.get_by_role("button", name="Ghi tiếp").click()
    expect(phone.piece("recipient_name").locator("input")).to_have_value("Nguyễn Thị Hoa")
    expect(phone.piece("relation").get_by_label("Chính người nhận")).to_be_checked()
    expect(pad).to_contain_text("Đã ký")
    assert pad.locator("canvas").evaluate(INK) == pytest.approx(signed, rel=0.1)
    phone.record()
    expect(begun(phone)).to_have_count(0)
    phone.find_signal()
    told = day.told(FREE)[-1]
    assert (told["type"], told["is_complete"], day.holders()[FREE]) == ("DELIVER", True, "done")
    assert told["personal"]["data.recipient_name"] == "Nguyễn Thị Hoa"
    page.reload()
    expect(page.locator("nav")).to_be_visible()
    expect(begun(phone)).to_have_count(0)
    assert phone.complaints == []


def test_what_was_begun_is_discarded_only_when_asked_twice(phone: CourierPhone) -> None:
    page = phone.page
    phone.begin("7 Lý Thái Tổ", "Không thành", FAR)
    phone.say("Vắng nhà")
    page.locator("button.back").click()
    line = begun(phone)
    line.get_by_role("button", name="Bỏ phần ghi dở").click()
    line.get_by_role("button", name="Giữ lại").click()
    page.reload()
    line.get_by_role("button", name="Ghi tiếp").click()
    expect(page.get_by_label("Vắng nhà", exact=True)).to_be_checked()
    line.get_by_role("button", name="Bỏ phần ghi dở").click()
    line.get_by_role("button", name="Bỏ hẳn").click()
    expect(begun(phone)).to_have_count(0)
    phone.begin("7 Lý Thái Tổ", "Không thành", FAR)
    expect(page.get_by_label("Vắng nhà", exact=True)).not_to_be_checked()
    assert phone.complaints == []


def test_a_correction_that_was_begun_is_kept(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.deliver("7 Lý Thái Tổ", FAR)
    phone.unsent(0)
    phone.tab("Đã ghi")
    card = page.locator("[data-state]", has_text="Phát cho người nhận")
    card.get_by_text("Ghi sai?").click()
    card.get_by_role("button", name="Việc này không xảy ra").click()
    page.get_by_label("Vì sao").fill("Nhầm bưu gửi")
    page.reload()
    begun(phone).get_by_role("button", name="Ghi tiếp").click()
    expect(page.get_by_label("Vì sao")).to_have_value("Nhầm bưu gửi")
    phone.record()
    phone.unsent(0)
    assert day.told(FAR)[0]["record"].get("replaces") is None
    assert [event["type"] for event in day.told(FAR) if event["record"].get("replaces")] == ["CORRECT"]
    expect(begun(phone)).to_have_count(0)
    assert phone.complaints == []


def test_a_hand_in_that_was_begun_is_kept(phone: CourierPhone, day: CourierDay) -> None:
    page = phone.page
    phone.begin("7 Lý Thái Tổ", "Không thành", FAR)
    phone.say("Vắng nhà")
    phone.tab("Cuối chuyến")
    phone.scan(FREE)
    phone.sign("signature_theirs")
    expect(page.locator('[data-piece="signature_theirs"]')).to_contain_text("Đã ký")
    expect(begun(phone)).to_have_count(1)  # the other one still waits; this one is shown
    page.reload()
    line = begun(phone).filter(has_text="Giao bưu cục")
    line.get_by_role("button", name="Ghi tiếp").click()
    expect(page.locator('[data-seen="true"]', has_text=FREE)).to_have_count(1)
    expect(page.locator('[data-piece="signature_theirs"]')).to_contain_text("Đã ký")
    phone.sign("signature_ours")
    page.get_by_role("button", name="Trả 1 bưu gửi về").click()
    expect(page.locator("[data-seen]", has_text=FREE)).to_have_count(0)
    phone.unsent(0)
    told = day.told(FREE)[-1]
    assert (told["type"], told["is_complete"], len(told["personal"]["evidence"])) == ("ARRIVE", True, 2)
    page.reload()
    expect(begun(phone)).to_have_count(1)
    assert phone.complaints == []
