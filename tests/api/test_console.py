"""The console in a real browser: what a dispatcher sees and does, and that nobody else is asked for anything."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from api.app import create_app
from api.plans.board import BoardState, PlanBoard
from tests.api.sample_board import NAMES, sample_inputs, sample_plan
from tests.pages import built_pages

pytestmark = pytest.mark.browser

DESKTOP = (1366, 768)
PHONE = (360, 800)


@dataclass(frozen=True)
class Console:
    """A served console."""

    address: str
    board: PlanBoard


@pytest.fixture
def console() -> Iterator[Console]:
    """A board that is still being improved, served from this process."""
    built_pages()
    board = PlanBoard(sample_plan(), *sample_inputs(), state=BoardState.SOLVING, seconds=4.2)
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_app(board), log_level="error", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    yield Console(f"http://127.0.0.1:{door.getsockname()[1]}/", board)
    server.should_exit = True
    thread.join()


class Visit:
    """One browser window that watches what the page asks for and complains of."""

    def __init__(self, browser: Browser, size: tuple[int, int] = DESKTOP) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", locale="vi-VN"
        )
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)

    def open(self, console: Console, *, with_map: bool = True) -> Page:
        self.page.goto(console.address)
        if with_map:
            self.page.locator("canvas[data-ready]").wait_for(timeout=60_000)
        return self.page


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    found = Visit(browser)
    yield found
    found.context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Visit]:
    found = Visit(browser, PHONE)
    yield found
    found.context.close()


def courier(page: Page, number: int = 1) -> str:
    return f'[data-courier="BT{number:02}"]'


def test_shows_the_day_in_vietnamese_and_asks_nobody_else(console: Console, visit: Visit) -> None:
    page = visit.open(console)
    plan = sample_plan()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.get_by_text("Thứ Hai, 23/11/2026")).to_be_visible()
    expect(page.get_by_text("Đường sá tổng hợp – chỉ để minh hoạ")).to_be_visible()
    expect(page.locator("[data-courier]")).to_have_count(len(plan.routes))
    totals = page.get_by_label("Tổng cộng trong ngày")
    expect(totals).to_contain_text(f"{plan.totals.carried}")
    expect(totals).to_contain_text(f"{plan.totals.cost.total:,} đ".replace(",", "."))
    page.locator(courier(page)).click()
    page.wait_for_timeout(500)
    assert visit.complaints == []
    foreign = [url for url in visit.asked if not url.startswith((console.address, "blob:", "data:"))]
    assert foreign == []


def test_language_is_switched_and_remembered(console: Console, visit: Visit) -> None:
    page = visit.open(console, with_map=False)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Dispatch console")).to_be_visible()
    expect(page.get_by_text("Mon, 23 Nov 2026")).to_be_visible()
    expect(page.get_by_text("Synthetic roads")).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Dispatch console")).to_be_visible()


def test_a_courier_opens_with_stops_in_order_break_reload_and_slack(console: Console, visit: Visit) -> None:
    page = visit.open(console)
    route = next(route for route in sample_plan().routes if route.courier_id == "BT01")
    stops = [stop for trip in route.trips for stop in trip.stops]
    page.locator(courier(page)).click()
    expect(page.get_by_role("heading", name=NAMES[0])).to_be_visible()
    rows = page.locator("[data-stop]")
    expect(rows).to_have_count(len(stops))
    for index, stop in enumerate(stops):
        expect(rows.nth(index)).to_contain_text(stop.arrives.strftime("%H:%M"))
    day = page.get_by_role("list", name="Chuyến phát của")
    expect(day).to_contain_text("Nghỉ · 1h00")
    expect(day).to_contain_text("Dỡ và chất lại trong 15 phút")
    expect(day).to_contain_text("dư 4 phút")
    expect(day).to_contain_text("dư nhiều")
    expect(day).to_contain_text("Đã khoá")
    rows.nth(0).click()
    expect(page.get_by_role("list", name="Bưu gửi tại đây")).to_contain_text(stops[0].tasks[0].shipment)


def test_unassigned_shipments_say_why_and_what_would_help(console: Console, visit: Visit) -> None:
    page = visit.open(console, with_map=False)
    page.get_by_role("tab", name="Chưa xếp").click()
    left = page.locator("[data-shipment]")
    expect(left).to_have_count(len(sample_plan().unassigned))
    expect(left.first).to_contain_text("Phải đi hôm nay")
    closed = left.filter(has_text="Nơi nhận đóng cửa lúc 11:30").first
    expect(closed).to_contain_text("Phải đi hôm nay")
    expect(closed).to_contain_text("Mở cửa thêm 40 phút")
    page.get_by_role("button", name="Hết ca").click()
    counted = sum(any(reason.constraint == "shift" for reason in one.reasons) for one in sample_plan().unassigned)
    expect(left).to_have_count(counted)


def test_search_without_diacritics_leads_to_courier_shipment_and_place(console: Console, visit: Visit) -> None:
    page = visit.open(console)
    box = page.get_by_role("combobox").first  # before the choice of colours
    page.keyboard.press("/")
    expect(box).to_be_focused()
    box.fill("tran van ngoc")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Trần Văn Ngọc")).to_be_visible()
    carried = sample_plan().routes[0].trips[0].stops[1].tasks[0].shipment
    box.fill(carried.lower())
    page.keyboard.press("Enter")
    expect(page.locator('[data-stop][aria-expanded="true"]')).to_have_count(1)
    expect(page.get_by_role("list", name="Bưu gửi tại đây")).to_contain_text(carried)
    box.fill(sample_plan().unassigned[0].shipment)
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Chưa xếp")).to_have_attribute("aria-selected", "true")
    box.fill("không có đâu")
    expect(page.get_by_text("Không thấy “không có đâu”.")).to_be_visible()


def test_the_list_is_used_by_keyboard_alone(console: Console, visit: Visit) -> None:
    page = visit.open(console)
    page.locator("[data-courier]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-courier]").nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("[data-courier]").last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Danh sách bưu tá")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-courier]")).to_have_count(len(sample_plan().routes))
    page.get_by_role("tab", name="Bưu tá").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Chưa xếp")).to_be_focused()


def test_a_better_plan_appears_by_itself(console: Console, visit: Visit) -> None:
    page = visit.open(console, with_map=False)
    expect(page.get_by_text("Đang cải thiện…").first).to_be_visible()
    console.board.publish(sample_plan(2), BoardState.DONE, 9.5)
    expect(page.get_by_text("Đã tìm trong 9,5 giây")).to_be_visible()
    expect(page.get_by_text("Bản 2")).to_be_visible()


def test_a_lost_connection_is_told_and_mended(console: Console, visit: Visit) -> None:
    page = visit.open(console, with_map=False)
    expect(page.get_by_text("Đang cải thiện…").first).to_be_visible()
    progress = "**/api/v1/plans/current/progress"
    page.evaluate("window.stop()")
    page.route(progress, lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("Mất kết nối; đang thử nối lại…")).to_be_visible()
    page.unroute(progress)
    expect(page.get_by_text("Mất kết nối; đang thử nối lại…")).to_be_hidden(timeout=15_000)


def test_an_error_of_the_server_is_told_in_words_and_may_be_tried_again(console: Console, visit: Visit) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=500, body="{}")

    visit.page.route("**/api/v1/plans/current", refuse)
    page = visit.open(console, with_map=False)
    expect(page.get_by_text("Máy chủ trả lời lỗi 500.")).to_be_visible()
    page.unroute("**/api/v1/plans/current", refuse)
    page.get_by_role("button", name="Thử lại").click()
    expect(page.locator("[data-courier]").first).to_be_visible()


def test_without_webgl_a_picture_takes_the_place_of_the_map(console: Console, visit: Visit) -> None:
    visit.page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest) }"
    )
    page = visit.open(console, with_map=False)
    expect(page.get_by_text("vì trình duyệt này không có WebGL")).to_be_visible()
    picture = page.get_by_role("img", name="Bản đồ các chuyến phát")
    assert picture.locator("path.round").count() == sum(len(route.trips) for route in sample_plan().routes)
    page.locator(courier(page)).click()
    stops = sum(len(trip.stops) for route in sample_plan().routes if route.courier_id == "BT01" for trip in route.trips)
    expect(picture.locator("circle.stop")).to_have_count(stops)


def test_a_phone_shows_map_and_sheet_without_scrolling_sideways(console: Console, phone: Visit) -> None:
    page = phone.open(console)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    chart, sheet = page.locator("section.map").bounding_box(), page.locator("aside").bounding_box()
    assert chart is not None
    assert sheet is not None
    assert chart["height"] > 250
    assert sheet["height"] > 300
    page.get_by_role("button", name="Mở rộng danh sách").click()
    expect(page.get_by_role("button", name="Thu gọn danh sách")).to_be_visible()
    # The browser lays the page out when it comes to it: ask until it has.
    taller = "least => document.querySelector('aside').getBoundingClientRect().height > least"
    page.wait_for_function(taller, arg=sheet["height"] + 200)
    page.locator(courier(page)).click()
    expect(page.locator("[data-stop]").first).to_be_visible()
    small = page.locator("button:visible").evaluate_all(
        "all => all.filter(b => b.getBoundingClientRect().height < 32).map(b => b.outerHTML.slice(0, 80))"
    )
    assert small == []
