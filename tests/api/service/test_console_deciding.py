"""What dispatchers decide while the day runs: proposals, messages, incidents, hand-over; in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.service.custody_made import jpeg, made, name_of, proof, send
from tests.api.service.day_inputs import DAY
from tests.api.service.dispatching import Dispatcher, opened_morning
from tests.api.service.live_made import OURS, live_service, round_of, say
from tests.api.service.running import PASSWORD, Service
from tests.api.service.test_console_service import Looks
from tests.api.service.test_handover import SECOND, add_dispatcher, give, take
from tests.api.service.test_replan import accept, propose
from tests.browser import heard_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST = "head-dispatcher"
LATE = {"kind": "courier_late", "courier_id": OURS, "minutes": 45}
OUT = {"kind": "courier_out", "courier_id": OURS}
"""Whatever the plan, somebody's stops go to others: there is something to tell."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Service, str]]:
    """A published day, and the service that shows it."""
    with opened_morning(tmp_path) as (service, address):
        live_service(service)
        yield service, address


@pytest.fixture
def desk(browser: Browser, running: tuple[Service, str]) -> Iterator[Dispatcher]:
    """Somebody who watches it."""
    found = Dispatcher.at(browser, running[1])
    come(found.page, running[1])
    yield found
    found.page.context.close()
    assert found.complaints == []


def come(page: Page, address: str, *, english: bool = False) -> None:
    page.goto(f"{address}/#section=running&day={DAY}")
    if english:
        page.get_by_role("button", name="English").click()
    page.locator("form input").nth(0).fill(FIRST)
    page.locator("form input").nth(1).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab").first).to_be_visible()


def to(page: Page, tab: str) -> Locator:
    page.locator(f"#running-{tab}").click()
    return page.locator("#running-panel")


def plan_of_day(service: Service) -> dict[str, Any]:
    (plan,) = service.ask("GET", f"/api/v1/plans?day={DAY}", by="auditor").json()["plans"]
    found: dict[str, Any] = plan
    return found


def proposals_of(service: Service) -> list[dict[str, Any]]:
    path = f"/api/v1/live/plans/{plan_of_day(service)['plan_id']}/proposals"
    found: list[dict[str, Any]] = service.ask("GET", path, by="auditor").json()["proposals"]
    return found


def test_what_happened_is_told_proposed_looked_at_and_accepted(running: tuple[Service, str], desk: Dispatcher) -> None:
    service, page = running[0], desk.page
    panel = to(page, "proposals")
    expect(panel.get_by_text("Chưa có đề xuất nào hôm nay.")).to_be_visible()
    desk.click("Báo việc xảy ra")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Xem đề xuất")).to_be_disabled()  # nobody is named yet
    dialog.locator("[name=kind]").select_option("courier_out")
    dialog.locator("[name=courier]").select_option(OURS)
    dialog.locator("[name=at]").fill("05:00")
    desk.click("Xem đề xuất")
    card = panel.locator("[data-proposal=open]")
    expect(card).to_contain_text("ngừng chạy")
    expect(dialog).to_have_count(0)
    (asked,) = proposals_of(service)
    (fact,) = asked["asked"]["facts"]
    assert (fact | OUT, asked["plan_version"]) == (fact, 1)
    shown = card.locator("[data-told]").evaluate_all("all => all.map(one => one.dataset.told)")
    assert shown == [one["courier_id"] for one in asked["couriers"]]
    lines = sum(len(one["lines"]) for one in asked["couriers"])
    expect(card.locator("[data-told] li")).to_have_count(lines)
    expect(page.locator("#running-proposals")).to_contain_text("1")
    desk.click("Xem sau khi đổi trên bản đồ")
    expect(card.get_by_text("chưa được duyệt")).to_be_visible()
    assert plan_of_day(service)["version"] == 1  # looking changes nothing
    desk.click("Duyệt và báo bưu tá")
    done = panel.locator("[data-proposal=accepted]")
    expect(done).to_contain_text("Head-Dispatcher")
    assert plan_of_day(service)["version"] == 2
    expect(done.locator("[data-answer=none]")).to_have_count(len(asked["couriers"]))
    changes = service.ask("GET", "/api/v1/live/changes", by="ours").json()["changes"]
    reply = {"answer": "questioned", "words": "Cầu đang sửa."}
    service.ask("POST", f"/api/v1/live/changes/{changes[0]['change_id']}/answer", by="ours", json=reply)
    expect(done.locator("[data-answer=questioned]")).to_contain_text("Cầu đang sửa.")  # by itself


def test_a_proposal_is_rejected_with_a_reason_or_says_that_it_is_out_of_date(
    running: tuple[Service, str], desk: Dispatcher
) -> None:
    service, page = running[0], desk.page
    plan_id = plan_of_day(service)["plan_id"]
    panel = to(page, "proposals")
    expect(panel.get_by_text("Chưa có đề xuất nào hôm nay.")).to_be_visible()
    names = [propose(service, plan_id, 1, LATE).json()["proposal_id"] for _ in range(3)]  # somebody else asks
    expect(panel.locator("[data-proposal=open]")).to_have_count(3)
    first = panel.locator("[data-proposal=open]").first
    first.get_by_role("button", name="Từ chối…").click()
    expect(first.get_by_role("button", name="Từ chối đề xuất")).to_be_disabled()
    first.get_by_label("Vì sao từ chối").fill("Đã gọi, chạy tiếp được.")
    first.get_by_role("button", name="Từ chối đề xuất").click()
    expect(panel.locator("[data-proposal=rejected]")).to_contain_text("Đã gọi, chạy tiếp được.")
    rejected = {one["proposal_id"]: one["decided_words"] for one in proposals_of(service) if one["decided_words"]}
    assert list(rejected.values()) == ["Đã gọi, chạy tiếp được."]
    left = [name for name in names if name not in rejected]
    assert accept(service, left[0]).status_code == 200  # somebody else is faster
    expect(panel.locator("[data-proposal=outdated]")).to_contain_text("Kế hoạch đã có bản mới hơn")
    expect(panel.locator("[data-proposal=accepted]")).to_have_count(1)
    assert plan_of_day(service)["version"] == 2


def test_couriers_are_heard_at_once_answered_and_seen_to_have_read(
    running: tuple[Service, str], desk: Dispatcher
) -> None:
    service, page = running[0], desk.page
    panel = to(page, "messages")
    expect(panel.locator(f"[data-thread='{OURS}']")).to_contain_text("Chưa có tin nhắn")
    say(service, "ours", "need_help", "Xe chết máy ở cầu Vàm Cống")
    row = panel.locator("[data-thread]").first
    expect(row).to_contain_text("Xe chết máy ở cầu Vàm Cống")
    expect(row).to_contain_text("cần xử lý")
    expect(page.locator("#running-messages")).to_contain_text("1")
    row.click()
    expect(panel.locator("[data-message=need_help]")).to_be_visible()
    expect(page.locator("#running-messages .count")).to_have_count(0)
    unread = service.ask("GET", "/api/v1/live/messages?unread=true", by=FIRST).json()["messages"]
    assert unread == []
    panel.get_by_label("Lời nhắn").fill("Chờ tôi gọi đội sửa xe.")
    page.keyboard.press("Enter")
    own = panel.locator("li.own")
    expect(own).to_contain_text("đã gửi")
    (got,) = service.ask("GET", "/api/v1/live/messages?unread=true", by="ours").json()["messages"]
    assert (got["text"], got["courier_id"]) == ("Chờ tôi gọi đội sửa xe.", OURS)
    service.ask("POST", f"/api/v1/live/messages/{got['message_id']}/read", by="ours")
    expect(own).to_contain_text("đã đọc")
    panel.get_by_role("button", name="Hãy chờ tại chỗ.").click()
    expect(panel.locator("[data-message=wait]")).to_be_visible()


def test_several_couriers_are_written_to_at_once(running: tuple[Service, str], desk: Dispatcher) -> None:
    service, page = running[0], desk.page
    to(page, "messages")
    desk.click("Nhắn nhiều người")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Hãy gọi cho tôi.")).to_be_disabled()
    for courier in (OURS, "CD-01"):
        dialog.locator(f"input[value='{courier}']").check()
    dialog.get_by_label("Lời nhắn").fill("Mưa lớn, đi chậm.")
    dialog.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Đã gửi cho 2 bưu tá.")).to_be_visible()
    for login in ("ours", "theirs"):
        got = service.ask("GET", "/api/v1/live/messages", by=login).json()["messages"]
        assert [one["text"] for one in got] == ["Mưa lớn, đi chậm."], login


def spoil(service: Service) -> tuple[str, str]:
    """One event without its proof, with a picture; one trouble that a courier reports; one that is refused."""
    code, other = (task.shipment for task in round_of().trips[0].stops[0].tasks[:1] * 2)
    photo = jpeg(b"cua dong")
    lacking = made("ATTEMPT", 1, code=code, data={"courier_id": OURS, "reason": "absent"}, evidence=[name_of(photo)])
    assert proof(service, [lacking], [photo], by="ours").status_code == 200
    damaged = made("EXCEPTION", 2, code=other, data={"courier_id": OURS, "trouble": "damaged", "note": "rách"})
    send(service, damaged, by="ours")
    send(service, {"type": "?"}, by="ours")
    return lacking["event_id"], damaged["event_id"]


def queue_of(service: Service) -> list[str]:
    found = service.ask("GET", "/api/v1/custody/incomplete", by="auditor").json()["events"]
    return [one["event_id"] for one in found]


def test_incidents_are_filtered_looked_into_and_settled_one_after_the_other(
    running: tuple[Service, str], desk: Dispatcher
) -> None:
    service, page = running[0], desk.page
    lacking, _ = spoil(service)
    was = queue_of(service)
    assert lacking in was
    panel = to(page, "queue")
    items = panel.locator("[data-item]")
    expect(items).to_have_count(len(was) + 1)
    panel.locator("[name=kind]").select_option("refused")
    expect(items).to_have_count(1)
    items.first.click()
    desk.click("Xem nội dung nguyên gốc (lượt xem được ghi lại)")
    expect(panel.locator("pre")).to_contain_text("?")
    panel.locator("[name=kind]").select_option("")
    panel.locator("[name=courier]").select_option(OURS)
    expect(panel.locator("[data-item=refused]")).to_have_count(0)
    items.first.focus()
    page.keyboard.press("ArrowDown")
    opened = panel.locator("[data-open]")
    expect(opened).to_have_count(1)
    first = opened.get_attribute("data-open")
    expect(opened.locator("[data-history] li").first).to_be_visible()
    note = opened.get_by_label("Kết quả xác minh")
    note.fill("Đã gọi bưu tá, gói lại.")
    count = items.count()
    desk.click("Ghi quyết định, mở việc kế tiếp")
    expect(items).to_have_count(count - 1)
    assert first not in queue_of(service)
    looked = service.ask("GET", f"/api/v1/custody/incomplete/{first}", by="auditor").json()
    assert looked["note"] == "Đã gọi bưu tá, gói lại."


def test_a_picture_of_proof_is_looked_at_and_the_look_is_recorded(
    running: tuple[Service, str], desk: Dispatcher
) -> None:
    service, page = running[0], desk.page
    lacking, _ = spoil(service)
    panel = to(page, "queue")
    panel.locator("[name=kind]").select_option("incomplete")
    panel.locator("[data-item=incomplete]").first.click()
    expect(panel.locator(f"[data-open='{lacking}']")).to_be_visible()
    desk.click("Xem ảnh 1 (lượt xem được ghi lại)")
    expect(panel.get_by_alt_text("Ảnh 1 của sự kiện")).to_be_attached()
    looks = service.ask("GET", f"/api/v1/looks?subject={name_of(jpeg(b'cua dong'))}", by="auditor").json()["looks"]
    assert [one["action"] for one in looks] == ["evidence"]


def test_a_day_goes_from_one_dispatcher_to_the_other_by_name(running: tuple[Service, str], desk: Dispatcher) -> None:
    service, page = running[0], desk.page
    add_dispatcher(service)
    say(service, "ours", "question", "Cổng nào?")
    panel = to(page, "handover")
    expect(panel.locator("[data-duty]")).to_have_text("Chưa ai trực ngày này")
    desk.click("Tôi nhận ca")
    expect(panel.locator("[data-duty]")).to_contain_text("Head-Dispatcher")
    expect(panel.locator("[data-open-list]")).to_contain_text("1 tin chưa đọc")
    panel.get_by_label("Lời bàn giao").fill("LX-07 xin về sớm.")
    desk.click("Bàn giao ca")
    expect(panel.get_by_text("Một điều phối viên khác phải đăng nhập và nhận ca.")).to_be_visible()
    waiting = service.ask("GET", f"/api/v1/handovers?day={DAY}", by=SECOND).json()["waiting"]
    assert (waiting["note"], waiting["open"]["unread"]) == ("LX-07 xin về sớm.", [{"courier_id": OURS, "messages": 1}])
    assert take(service, SECOND, waiting["handover_id"]).status_code == 200
    expect(panel.locator("[data-duty]")).to_contain_text("Trần Thị Hai")  # by itself
    expect(panel.locator("[data-duties] li").first).to_contain_text("Trần Thị Hai nhận ca từ Head-Dispatcher")
    given = give(service, SECOND, "Mưa, về sớm.")
    assert given.status_code == 201
    desk.click("Tôi nhận ca này")
    expect(panel.locator("[data-duty]")).to_contain_text("Head-Dispatcher")


@pytest.mark.long
@pytest.mark.parametrize(("english", "size"), [(False, (1366, 768)), (True, (1920, 1080))])
def test_every_tab_is_sound_for_who_cannot_see_hear_or_point_well(
    running: tuple[Service, str], browser: Browser, tmp_path: Path, english: bool, size: tuple[int, int]
) -> None:
    service, address = running
    plan_id = plan_of_day(service)["plan_id"]
    add_dispatcher(service)
    propose(service, plan_id, 1, OUT)
    say(service, "ours", "need_help", "Xe chết máy ở cầu Vàm Cống")
    spoil(service)
    page, complaints = heard_page(browser, size)
    come(page, address, english=english)
    looks = Looks(page, tmp_path)
    to(page, "proposals")
    expect(page.locator("[data-proposal]")).to_have_count(1)
    looks.at("1-proposals", by_day_only=True)
    page.locator("#running-panel .main").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    looks.at("2-tell", by_day_only=True)
    page.keyboard.press("Escape")
    to(page, "messages")
    expect(page.locator("[data-thread]").first).to_be_visible()
    looks.at("3-threads", by_day_only=True)
    page.locator("#running-panel .tab > button").click()
    looks.at("4-several", by_day_only=True)
    page.keyboard.press("Escape")
    page.locator("[data-thread]").first.click()
    expect(page.locator("[data-message]").first).to_be_visible()
    looks.at("5-thread", by_day_only=True)
    to(page, "queue")
    page.locator("[data-item]").first.click()
    expect(page.locator("[data-history] li").first).to_be_visible()
    looks.at("6-queue", by_day_only=True)
    to(page, "handover")
    page.locator("#running-panel form button").click()
    expect(page.locator("#running-panel textarea")).to_be_visible()
    looks.at("7-handover", by_day_only=True)
    assert complaints == []
    page.context.close()
