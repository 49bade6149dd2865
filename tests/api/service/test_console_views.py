"""Map, timeline and table of a plan in a real browser: one choice in all of them, and stops dragged through time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect

from api.app import create_app
from api.plans.schemas import PlannedRoute, PlannedStop
from tests.api.sample_board import sample_board, sample_plan
from tests.api.service.dispatching import Dispatcher, opened_morning
from tests.api.service.made_plans import put_plan
from tests.api.service.running import Service
from tests.axe import grave_findings
from tests.browser import heard_page
from tests.pages import built_pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WINDOWS = "08:00-10:30;14:00-16:30"
CLASS_COLOR = {"tight": "rgb(125, 15, 29)", "close": "rgb(163, 95, 0)", "ample": "rgb(23, 105, 181)"}


@contextmanager
def folder_served() -> Iterator[str]:
    """The sample plan, as `duongthu serve DIR` shows one."""
    built_pages()
    with socket.create_server(("127.0.0.1", 0)) as door:
        config = uvicorn.Config(
            create_app(sample_board()), log_level="error", lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with folder_served() as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    found, complaints = heard_page(browser, (1366, 768))
    found.goto(address)
    expect(found.locator("[data-courier]").first).to_be_visible()
    yield found
    found.context.close()
    assert complaints == []


def route_of(courier_id: str) -> PlannedRoute:
    return next(route for route in sample_plan().routes if route.courier_id == courier_id)


def stops_of(route: PlannedRoute) -> list[PlannedStop]:
    return [stop for trip in route.trips for stop in trip.stops]


IN_ORDER = """() => {
  const rows = [...document.querySelectorAll('[data-row]')]
  const first = rows[0].ariaRowIndex - 0
  return rows.length > 16 && rows.every((row, at) =>
    row.ariaRowIndex - 0 === first + at && row.offsetTop === 36 * (first + at - 2))
}"""
"""Rows stand in the page's text as they are seen."""


def drawing(page: Page) -> Locator:
    return page.get_by_role("application", name="Dòng thời gian")


def row(page: Page, key: str) -> Locator:
    return page.locator(f"[data-row='{key}']")


def test_what_is_chosen_in_one_view_is_chosen_in_all(page: Page) -> None:
    page.locator("[data-courier='BT02']").click()
    page.locator("[data-stop='3']").click()
    page.keyboard.press("3")
    expect(row(page, "BT02 3")).to_be_in_viewport()
    expect(row(page, "BT02 3")).to_have_attribute("aria-current", "true")
    last = len(stops_of(route_of("BT02")))
    page.get_by_placeholder("Lọc").fill("ngoc")  # Trần Văn Ngọc
    expect(page.locator("[data-row]")).to_have_count(last)
    row(page, f"BT02 {last}").click()
    expect(page.locator(f"[data-stop='{last}']")).to_have_attribute("aria-expanded", "true")
    page.get_by_role("button", name="Dòng thời gian").click()
    expect(page.locator("[data-lane='BT02']")).to_have_attribute("aria-pressed", "true")
    drawing(page).focus()
    expect(page.get_by_text(f"{last}. ").last).to_be_attached()
    page.locator("[data-lane='BT03']").click()
    expect(page.get_by_role("heading", name="Lê Hữu Phước")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("canvas[data-ready]")).to_be_visible()


def test_the_timeline_is_walked_through_with_keys_and_tells_what_it_draws(page: Page) -> None:
    page.keyboard.press("2")
    drawing(page).focus()
    first = page.locator("[data-lane]").first.get_attribute("data-lane") or ""
    stops = stops_of(route_of(first))
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    told = page.locator("[aria-live=polite]")
    expect(told).to_contain_text("3. ")
    stop = stops[2]
    expect(told).to_contain_text(f"đến {stop.arrives:%H:%M}")
    expect(told).to_contain_text(f"làm {stop.starts:%H:%M}–{stop.leaves:%H:%M}")
    expect(told).to_contain_text("chờ 7 phút")  # the third stop of the sample's trips
    page.keyboard.press("Enter")
    expect(page.locator("[data-stop='3']")).to_have_attribute("aria-expanded", "true")
    width = drawing(page).evaluate("one => one.scrollWidth")
    page.keyboard.press("+")
    assert drawing(page).evaluate("one => one.scrollWidth") == pytest.approx(1.5 * width, abs=3)
    page.get_by_role("button", name="Cả ngày").click()
    assert drawing(page).evaluate("one => one.scrollWidth") == pytest.approx(width, abs=3)


def test_the_table_is_filtered_sorted_and_marked_by_keys_and_has_what_no_round_carries(page: Page) -> None:
    plan = sample_plan()
    page.keyboard.press("3")
    table = page.get_by_role("grid")
    stops = sum(len(stops_of(route)) for route in plan.routes)
    expect(page.get_by_text(f"{stops + len(plan.unassigned)} trên")).to_be_visible()
    page.get_by_role("button", name="Dư", exact=True).click()
    expect(page.locator("[aria-sort=ascending]")).to_contain_text("Dư")
    expect(page.locator("[data-row]").first).to_contain_text("4 phút")
    table.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-row]").nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("Đã chọn")).to_be_visible()
    page.get_by_role("button", name="Bỏ chọn").click()
    expect(page.get_by_text("Đã chọn")).to_have_count(0)
    page.keyboard.press("End")
    for key in ("PageUp", "PageUp", "PageDown", "PageUp"):  # elements are taken over, in both directions
        page.keyboard.press(key)
    page.wait_for_function(IN_ORDER)
    page.keyboard.press("End")
    page.get_by_placeholder("Lọc").fill("chua xep")
    expect(page.locator("[data-row]")).to_have_count(len(plan.unassigned))
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("tab", name="Chưa xếp")).to_have_attribute("aria-selected", "true")


def test_colours_say_how_tight_stops_are_everywhere_and_a_form_says_it_too(page: Page) -> None:
    page.get_by_label("Màu theo").select_option("slack")
    legend = page.get_by_role("list", name="Ý nghĩa màu")
    expect(legend.get_by_role("listitem")).to_have_count(3)
    page.locator("[data-courier='BT01']").click()
    page.get_by_role("button", name="Bảng", exact=True).click()
    forms: dict[str, str] = {}
    for number, stop in enumerate(stops_of(route_of("BT01"))[:6], start=1):
        expected = "tight" if stop.slack < 600 else "close" if stop.slack < 1800 else "ample"
        badge = page.locator(f"[data-stop='{number}'] .number")
        expect(badge).to_have_css("background-color", CLASS_COLOR[expected])
        mark = row(page, f"BT01 {number}").locator("path")
        expect(mark).to_have_css("fill", CLASS_COLOR[expected])
        forms[expected] = mark.get_attribute("d") or ""
    assert len(set(forms.values())) == len(forms) == 3


@pytest.mark.long
@pytest.mark.parametrize(("language", "size"), [("vi", (1366, 768)), ("en", (1920, 1080))])
def test_every_view_is_sound_for_who_cannot_see_or_point_well(
    browser: Browser, address: str, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    page, complaints = heard_page(browser, size)
    page.goto(address)
    if language == "en":
        page.get_by_role("button", name="English").click()
    page.locator("[data-courier='BT01']").click()
    for key in ("2", "3", *("4" if size[0] >= 1600 else "")):
        page.locator("h2").first.click()
        page.keyboard.press(key)
        seen = page.get_by_role("grid") if key == "3" else page.get_by_role("application")
        expect(seen).to_be_visible()
        if key == "4":
            page.locator("canvas[data-ready]").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert grave_findings(page) == []
        page.screenshot(path=tmp_path / f"{language}-{key}.png")
    page.context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    with opened_morning(tmp_path_factory.mktemp("morning")) as opened:
        yield opened


@pytest.fixture
def dispatcher(browser: Browser, morning: tuple[Service, str]) -> Iterator[Dispatcher]:
    found = Dispatcher.at(browser, morning[1])
    yield found
    found.page.context.close()
    assert found.complaints == []


class Clock:
    """Where times lie on the drawing, by the hours that its axis has: the whole day fits."""

    def __init__(self, page: Page, plan: dict[str, Any], places: dict[str, Any]) -> None:
        self.page = page
        begins = [one["shift_starts"] for one in places["couriers"]] + [
            route["trips"][0]["departs"] for route in plan["routes"]
        ]
        ends = [one["shift_ends"] for one in places["couriers"]] + [
            route["trips"][-1]["returns"] for route in plan["routes"]
        ]
        working = {route["courier_id"] for route in plan["routes"]}
        assert working <= {one["courier_id"] for one in places["couriers"]}
        self.first = (min(map(minutes, begins)) - 15) // 60 * 60
        self.last = -(-(max(map(minutes, ends)) + 15) // 60) * 60

    def at(self, courier_id: str, moment: str, right: float = 0) -> tuple[float, float]:
        """Where a moment lies on the screen, so many pixels to the right."""
        field = drawing(self.page).bounding_box()
        lane = self.page.locator(f"[data-lane='{courier_id}']").bounding_box()
        assert field
        assert lane
        width = drawing(self.page).evaluate("one => one.clientWidth")
        return (
            right + field["x"] + width * (minutes(moment) - self.first) / (self.last - self.first),
            lane["y"] + 18,
        )


def minutes(moment: str) -> float:
    at = datetime.fromisoformat(moment)
    return at.hour * 60 + at.minute + at.second / 60


def asked(service: Service, plan_id: str, part: str = "") -> Any:
    return service.ask("GET", f"/api/v1/plans/{plan_id}{part}", by="auditor").json()


def codes_of(route: dict[str, Any]) -> list[list[str]]:
    """Of each stop, through the day."""
    return [[task["shipment"] for task in stop["tasks"]] for trip in route["trips"] for stop in trip["stops"]]


def test_a_stop_is_dragged_through_time_and_told_of_before_it_is_dropped(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service, WINDOWS)
    plan = asked(service, plan_id)
    route = max(plan["routes"], key=lambda one: len(one["trips"][0]["stops"]))
    courier, before = route["courier_id"], codes_of(route)
    stops = route["trips"][0]["stops"]
    # The first look at a plan makes its day ready, which is no part of what is tried here.
    move = {"kind": "move", "shipments": before[0], "courier_id": courier, "trip": 0, "position": 2}
    told = service.ask(
        "POST", f"/api/v1/plans/{plan_id}/trial", by="head-dispatcher", json=move, headers={"If-Match": '"1"'}
    )
    assert told.status_code == 200, told.text
    dispatcher.come(plan=plan_id)
    expect(page.get_by_role("toolbar", name="Sửa kế hoạch")).to_be_visible()
    page.locator(f"[data-courier='{courier}']").click()
    page.keyboard.press("2")
    expect(page.locator(f"[data-lane='{courier}']")).to_be_in_viewport()
    page.wait_for_timeout(300)  # the drawing is scrolled to what is chosen
    clock = Clock(page, plan, asked(service, plan_id, "/places"))

    def hold() -> None:
        page.mouse.move(*clock.at(courier, stops[0]["starts"], 2))
        page.mouse.down()
        page.mouse.move(*clock.at(courier, stops[1]["leaves"], 3), steps=5)
        expect(page.locator("[data-held]")).to_contain_text("Chi phí gồm phạt")

    hold()
    page.keyboard.press("Escape")
    expect(page.locator("[data-held]")).to_have_count(0)
    page.mouse.up()
    expect(page.locator(f"[data-lane='{courier}']")).to_have_attribute("aria-pressed", "true")  # it closes nothing else
    assert asked(service, plan_id)["version"] == 1
    hold()
    page.mouse.up()
    expect(page.locator("[data-done]")).to_be_visible()
    after = next(one for one in asked(service, plan_id)["routes"] if one["courier_id"] == courier)
    assert codes_of(after) == [before[1], before[0], *before[2:]]


def test_windows_of_citizens_come_with_the_plan(morning: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service, WINDOWS)
    courier, number = next(
        (route["courier_id"], number)
        for route in asked(service, plan_id)["routes"]
        for number, stop in enumerate((s for trip in route["trips"] for s in trip["stops"]), start=1)
        if stop["site_id"] is None
    )
    dispatcher.come(plan=plan_id)
    page.locator(f"[data-courier='{courier}']").click()
    page.keyboard.press("3")
    page.locator(f"[data-stop='{number}']").click()
    expect(row(page, f"{courier} {number}")).to_contain_text("08:00–10:30, 14:00–16:30")
