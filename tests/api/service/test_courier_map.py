"""The courier's own map: the round's path and stops, without a signal, moved and opened by a thumb or by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.api.service.courier_day import ABSENT, FAR
from tests.api.service.courier_phone import CourierPhone

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("loaded")]


MIDDLE = """async mark => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  const { x, y, width, height } = mark.getBoundingClientRect()
  return [x + width / 2, y + height / 2]
}"""
"""In the frame after the next one: `reduced-motion` makes every change a very short transition (shared/base.css)."""


def middle(mark: Locator) -> tuple[float, float]:
    x, y = mark.evaluate(MIDDLE)
    return x, y


def mark_of(phone: CourierPhone, name: str) -> Locator:
    """The mark of a stop that the list names."""
    phone.tab("Điểm dừng")
    stop = phone.page.locator("[data-stop]", has_text=name).get_attribute("data-stop")
    phone.page.get_by_role("button", name="Bản đồ", exact=True).click()
    return phone.page.locator(f'[data-mark="{stop}"]')


def test_the_map_shows_the_round_without_a_signal(phone: CourierPhone) -> None:
    page = phone.page
    phone.deliver("7 Lý Thái Tổ", FAR)
    phone.begin("45 Nguyễn Huệ", "Không thành", ABSENT)
    phone.say("Vắng nhà", "Để lại giấy mời")
    phone.write(notice_no="GM-1")
    phone.record()
    phone.lose_signal()
    page.reload()
    far, absent = mark_of(phone, "7 Lý Thái Tổ"), mark_of(phone, "45 Nguyễn Huệ")
    expect(page.locator("[data-mark]")).to_have_count(5)
    expect(far).to_have_attribute("data-stand", "done")
    expect(absent).to_have_attribute("data-stand", "failed")
    expect(page.locator('[data-stand="next"]')).to_have_count(1)
    label = page.get_by_role("img").get_attribute("aria-label") or ""
    assert label.startswith("Bản đồ chuyến: 5 điểm dừng, 1 đã xong. Tiếp theo: ")
    # The phone stands at the door of 45 Nguyễn Huệ (`courier_phone.DOOR`).
    mine = page.locator("[data-mine]")
    expect(mine).to_have_count(1)
    assert middle(mine) == pytest.approx(middle(absent), abs=2)
    # Far is north-east of absent: 2,300 m by 1,668 m.
    (x, y), (left, low) = middle(far), middle(absent)
    assert (x - left) / (low - y) == pytest.approx(2_297 / 1_668, rel=0.02)
    assert phone.complaints == []


def test_a_thumb_moves_the_map_and_opens_a_stop(phone: CourierPhone) -> None:
    page = phone.page
    mark = mark_of(phone, "7 Lý Thái Tổ")
    before = middle(mark)
    frame = page.get_by_role("img").bounding_box()
    assert frame is not None
    x, y = frame["x"] + 60, frame["y"] + frame["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y + 30, steps=4)
    page.mouse.up()
    assert middle(mark) == pytest.approx((before[0] - 40, before[1] + 30), abs=1)
    page.get_by_role("button", name="Cả chuyến").click()
    assert middle(mark) == pytest.approx(before, abs=1)
    wider = page.get_by_role("button", name="Thu nhỏ", exact=True)
    wider.press("ArrowRight")
    assert middle(mark) == pytest.approx((before[0] - 80, before[1]), abs=1)
    page.get_by_role("button", name="Theo tôi").click()
    page.get_by_role("button", name="Phóng to", exact=True).click()
    expect(page.locator("[data-mine]")).to_have_count(1)
    assert middle(page.locator("[data-mine]")) == pytest.approx(
        (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2), abs=2
    )
    page.get_by_role("button", name="Cả chuyến").click()
    page.mouse.click(*middle(mark))
    expect(page.get_by_role("heading", name="7 Lý Thái Tổ, Long Xuyên")).to_be_visible()
    page.get_by_role("button", name="Bản đồ", exact=True).click()
    assert middle(mark)[0] != pytest.approx(before[0], abs=1)  # this stop and the phone, not the whole round
    assert phone.complaints == []


def test_two_fingers_pull_the_map(phone: CourierPhone) -> None:
    page = phone.page
    one, two = mark_of(phone, "7 Lý Thái Tổ"), mark_of(phone, "45 Nguyễn Huệ")
    (ax, ay), (bx, by) = middle(one), middle(two)
    hand = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    frame = page.get_by_role("img").bounding_box()
    assert frame is not None
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    touch("touchStart", (x - 40, y), (x + 40, y))
    for apart in (50, 60, 70, 80):
        touch("touchMove", (x - apart, y), (x + apart, y))
    touch("touchEnd")
    page.wait_for_timeout(200)
    (cx, cy), (dx, dy) = middle(one), middle(two)
    assert (cx - dx, cy - dy) == pytest.approx((2 * (ax - bx), 2 * (ay - by)), rel=0.03)
    expect(page.get_by_role("heading", name="Bản đồ chuyến")).to_be_visible()  # two fingers tap nothing
    assert phone.complaints == []
