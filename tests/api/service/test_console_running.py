"""The running day at the console, in a real browser: twenty couriers' phones play a published plan meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.service.busy_day import publish_busy_day
from tests.api.service.day_inputs import DAY
from tests.api.service.dispatching import Dispatcher
from tests.api.service.driven_round import Manner
from tests.api.service.running import PASSWORD, Service, served
from tests.api.service.simulated_day import SimulatedDay, simulated_day
from tests.axe import grave_findings
from tests.pages import built_pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NO_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SimulatedDay, str]]:
    """The day at ten o'clock, and where it is served."""
    folder = tmp_path_factory.mktemp("running")
    with Service.opened(f"sqlite:///{folder / 'service.db'}", folder, static=built_pages(), workers=1) as service:
        plan_id = publish_busy_day(service)
        with simulated_day(service, plan_id, couriers=20) as day, served(service.app) as address:
            day.until("10:00", step=timedelta(minutes=30))
            yield day, address


@pytest.fixture
def dispatcher(browser: Browser, played: tuple[SimulatedDay, str]) -> Iterator[Dispatcher]:
    found = Dispatcher.at(browser, played[1])
    yield found
    found.page.context.close()
    assert found.complaints == []


def come(dispatcher: Dispatcher, day: str = DAY, login: str = "head-dispatcher") -> Page:
    page = dispatcher.page
    page.goto(f"{dispatcher.address}/#section=running&day={day}")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    return page


def told(day: SimulatedDay) -> dict[str, dict[str, Any]]:
    """What the service says of each courier now."""
    answer = day.service.ask("GET", f"/api/v1/live/progress?day={DAY}", by="head-dispatcher")
    assert answer.status_code == 200, answer.text
    return {one["courier_id"]: one for one in answer.json()["couriers"]}


def settled(day: SimulatedDay) -> int:
    return sum(one["done"] + one["failed"] for one in told(day).values())


def seen(day: SimulatedDay) -> set[str]:
    return {courier_id for courier_id, one in told(day).items() if one["position"] is not None}


def figure(page: Page, name: str) -> Any:
    return page.get_by_label("Tình hình trong ngày").locator("div", has_text=name).locator(".figure")


def marks(page: Page) -> set[str]:
    return set(page.locator("[data-courier-mark]").evaluate_all("all => all.map(one => one.dataset.courierMark)"))


@pytest.mark.long
def test_the_day_is_followed_as_it_goes_on(played: tuple[SimulatedDay, str], dispatcher: Dispatcher) -> None:
    day, _ = played
    page = come(dispatcher)
    expect(page.locator("[data-phase=running]")).to_be_visible()
    expect(figure(page, "Điểm đã xong")).to_have_text(str(settled(day)))
    expect(page.locator("[data-courier-mark]")).to_have_count(len(seen(day)))
    assert marks(page) == seen(day)
    expect(page.locator("ul [data-courier]")).to_have_count(len(told(day)))
    before = settled(day)
    day.until("10:20")
    assert settled(day) > before
    expect(figure(page, "Điểm đã xong")).to_have_text(str(settled(day)))
    expect(page.locator("[data-phase=running]")).to_contain_text("10:20")


def test_who_is_in_trouble_comes_first_and_the_reason_is_told(
    played: tuple[SimulatedDay, str], dispatcher: Dispatcher
) -> None:
    day, _ = played
    page = come(dispatcher)
    expect(page.locator("ul [data-courier]").first).to_be_visible()
    levels = page.locator("ul [data-courier]").evaluate_all("all => all.map(one => one.dataset.level)")
    assert levels == sorted(levels, key=["bad", "warn", "ok"].index)
    late = next(one for one in day.who(Manner.LATE) if told(day)[one]["late_minutes"] >= 30)
    card = page.locator(f"ul [data-courier='{late}']")
    expect(card).to_contain_text("Xuất phát muộn")
    card.focus()
    page.keyboard.press("Enter")
    detail = page.locator(f"[data-chosen='{late}']")
    expect(detail).to_contain_text("Xuất phát muộn")
    states = [one["state"] for one in told(day)[late]["stops"]]
    expect(page.locator("[data-stop]")).to_have_count(len(states))
    expect(page.locator("[data-state=done]")).to_have_count(states.count("done"))
    page.keyboard.press("Escape")
    expect(card).to_be_focused()


def test_an_alert_names_who_and_what_and_is_looked_at_once(
    played: tuple[SimulatedDay, str], dispatcher: Dispatcher
) -> None:
    day, _ = played
    page = come(dispatcher)
    page.get_by_role("tab", name="Cảnh báo").click()
    (silent,), (careless,) = day.who(Manner.SILENT), day.who(Manner.INCOMPLETE)
    expect(page.locator(f"[data-alert=silent][data-of='{silent}']")).to_contain_text("Không có sự kiện hay vị trí")
    proof = page.locator(f"[data-alert=proof][data-of='{careless}']").first
    code = day.service.ask("GET", "/api/v1/custody/incomplete", by="head-dispatcher").json()["events"][0]["shipments"][
        0
    ]
    expect(proof).to_contain_text(code)
    count = page.locator("[data-alert]:not(.seen)").count()
    proof.get_by_role("button", name="Đã xem").click()
    expect(page.locator("[data-alert]:not(.seen)")).to_have_count(count - 1)
    page.reload()
    page.get_by_role("tab", name="Cảnh báo").click()
    expect(page.locator("[data-alert].seen")).to_have_count(1)
    first = page.locator("[data-alert]:not(.seen)").first
    courier_id = first.get_attribute("data-of")
    first.get_by_role("button", name="Xem trên bản đồ").click()
    expect(page.locator(f"[data-chosen='{courier_id}']")).to_be_visible()


def test_whoever_takes_their_consent_back_is_gone_from_the_map(
    played: tuple[SimulatedDay, str], dispatcher: Dispatcher
) -> None:
    day, _ = played
    page = come(dispatcher)
    courier_id = sorted(seen(day))[0]
    expect(page.locator(f"[data-courier-mark='{courier_id}']")).to_be_visible()
    phone = day.phones[courier_id]
    body = {"given": False, "terms": "2026-1"}
    answer = day.service.ask("PUT", "/api/v1/live/consent", by=phone.login, json=body)
    assert answer.status_code == 200, answer.text
    expect(page.locator(f"[data-courier-mark='{courier_id}']")).to_have_count(0)
    expect(page.locator(f"ul [data-courier='{courier_id}']")).to_contain_text("Không đồng ý chia sẻ vị trí")


def test_a_day_that_is_over_says_how_it_ended(played: tuple[SimulatedDay, str], dispatcher: Dispatcher) -> None:
    day, _ = played
    before, day.clock.moment = day.now, day.at("21:00")
    try:
        page = come(dispatcher)
        expect(page.locator("[data-phase=over]")).to_contain_text("Ngày đã kết thúc")
        left = sum(one["left"] for one in told(day).values())
        expect(figure(page, "Chưa làm")).to_have_text(str(left))
        expect(page.locator("[data-courier-mark]")).to_have_count(0)
    finally:
        day.clock.moment = before


def test_a_day_without_a_published_plan_says_so_and_leads_there(dispatcher: Dispatcher) -> None:
    after = (date.fromisoformat(DAY) + timedelta(days=1)).isoformat()
    page = come(dispatcher, after)
    expect(page.get_by_text("Chưa có kế hoạch nào được ban hành cho 26/11/2026.")).to_be_visible()
    page.get_by_role("button", name="Ngày trước").click()
    expect(page.locator("ul [data-courier]").first).to_be_visible()
    page.get_by_role("button", name="Ngày sau").click()
    dispatcher.click("Đến các kế hoạch của ngày")
    expect(page.get_by_text("Chưa có kế hoạch cho ngày này.")).to_be_visible()


def test_only_dispatchers_see_where_couriers_are(dispatcher: Dispatcher) -> None:
    page = come(dispatcher, login="planner")
    expect(page.get_by_text("Chỉ điều phối viên và kiểm soát viên của tỉnh xem được ngày đang chạy.")).to_be_visible()
    expect(page.locator("[data-courier-mark]")).to_have_count(0)


def test_a_lost_connection_is_said_and_found_again(dispatcher: Dispatcher) -> None:
    page = come(dispatcher)
    expect(page.locator("ul [data-courier]").first).to_be_visible()
    page.route("**/api/v1/live/stream*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("Mất kết nối từ")).to_be_visible()
    page.unroute("**/api/v1/live/stream*")
    expect(page.get_by_text("Mất kết nối từ")).to_be_hidden()


def test_without_webgl_a_picture_shows_the_couriers(played: tuple[SimulatedDay, str], dispatcher: Dispatcher) -> None:
    dispatcher.page.add_init_script(NO_WEBGL)
    page = come(dispatcher)
    expect(page.locator("svg [data-courier-mark]")).to_have_count(len(seen(played[0])))


@pytest.mark.long
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_it_can_be_read_and_used_by_everybody(
    browser: Browser, played: tuple[SimulatedDay, str], size: tuple[int, int]
) -> None:
    dispatcher = Dispatcher.at(browser, played[1], size)
    page = come(dispatcher)
    for language in ("VI", "EN"):
        page.get_by_role("button", name=language).click()
        for tab in ("couriers", "alerts"):
            page.locator(f"#running-{tab}").click()
            expect(page.locator("#running-panel li").first).to_be_visible()
            assert grave_findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.locator("#running-couriers").click()
    page.locator("ul [data-courier]").first.click()
    expect(page.locator("[data-chosen]")).to_be_visible()
    assert grave_findings(page) == []
    page.context.close()
    assert dispatcher.complaints == []
