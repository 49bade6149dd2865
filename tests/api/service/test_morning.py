"""A dispatcher's whole day at the console, in one piece: from the file with bad rows to the evening's report."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.service.busy_day import HALVES, busy_inputs
from tests.api.service.day_inputs import DAY
from tests.api.service.dispatching import (
    BAD,
    SEARCH,
    Dispatcher,
    day_file,
    opened_morning,
    plans_of,
    spoilt_rows,
    waiting,
)
from tests.api.service.running import Service
from tests.api.service.simulated_day import SimulatedDay, simulated_day
from tests.api.service.test_console_deciding import to
from tests.api.service.test_console_editing import codes, order, plan_of, ready, row
from tests.api.service.test_console_reports import counts_in
from tests.api.service.test_console_running import figure, settled
from tests.api.service.test_plans import publish

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.slow]

MOST_CLICKS, MOST_SECONDS = 10, 300
"""From the file to the published plan."""
DUE = "2026-11-01", "2026-12-31"
"""Within which everything of the file is due."""


def inputs() -> dict[str, Any]:
    """So much mail that more than twenty couriers go out after a good search too."""
    return busy_inputs(3.5)


def test_from_a_file_with_bad_rows_to_the_report_of_the_day(browser: Browser, tmp_path: Path) -> None:
    with opened_morning(tmp_path) as (service, address):
        dispatcher = Dispatcher.at(browser, address)
        dispatcher.come()
        expect(dispatcher.page.get_by_text("Chưa có kế hoạch cho ngày này.")).to_be_visible()
        began = time.monotonic()
        _import(service, dispatcher)
        away = _plan(service, dispatcher)
        spent, clicks = time.monotonic() - began, dispatcher.clicks

        first = plans_of(service)[0]["plan_id"]
        _improve(service, dispatcher.page, first)
        _violate(service, dispatcher.page, first)
        courier, stop = _lock(service, dispatcher.page, first)
        second = _search_on(service, dispatcher, first, courier, stop)
        _compare(service, dispatcher, first, second)

        began, between = time.monotonic(), dispatcher.clicks
        _publish(service, dispatcher, second)
        assert clicks + dispatcher.clicks - between <= MOST_CLICKS
        assert spent + time.monotonic() - began <= MOST_SECONDS
        assert away not in {route["courier_id"] for route in plan_of(service, second)["routes"]}

        rows, network = inputs()["shipments"], inputs()["network"]
        with simulated_day(service, second, shipments=rows, network=network) as day:
            _watch(day, dispatcher)
            _accept(day, dispatcher)
            _report(day, dispatcher)
        dispatcher.page.context.close()
        assert dispatcher.complaints == []


def _import(service: Service, dispatcher: Dispatcher) -> None:
    page, rows = dispatcher.page, inputs()["shipments"]
    dispatcher.click("Nhập bưu gửi")
    dispatcher.drop("ngay.csv", day_file(spoilt_rows(rows)))
    outcome = page.locator("[data-outcome='ngay.csv']")
    expect(outcome).to_contain_text(f"{len(rows) - 5} mới")
    expect(outcome).to_contain_text("5 bị trả lại")
    assert waiting(service) == {row["code"] for place, row in enumerate(rows) if place not in {*BAD, 12}}  # at once
    expect(page.get_by_role("button", name="Chưa sửa dòng nào")).to_be_disabled()
    for place, (column, _) in BAD.items():
        cell = page.locator(f"[data-row='{place + 2}'] [data-column={column}]")
        expect(cell).to_have_attribute("aria-invalid", "true")
        cell.fill(rows[place].get(column, ""))
    page.locator("[data-row='14'] [data-column=code]").fill(rows[12]["code"])
    dispatcher.click("Gửi lại 5 dòng đã sửa")
    expect(page.locator("[data-outcome='corrected']")).to_contain_text("5 mới")
    expect(page.locator("[data-row]")).to_have_count(0)
    assert waiting(service) == {row["code"] for row in rows}
    dispatcher.click("Xong")


def _plan(service: Service, dispatcher: Dispatcher) -> str:
    """Search for a moment without one courier, who is returned."""
    page, away = dispatcher.page, str(inputs()["network"]["couriers"][0]["courier_id"])
    dispatcher.click("Lập kế hoạch")
    page.get_by_label("Thời gian tìm").fill("5")
    page.locator(f"input[value='{away}']").check()
    dispatcher.clicks += 1
    dispatcher.click("Bắt đầu")
    expect(page.locator("[data-courier]").first).to_be_visible(timeout=SEARCH)
    expect(page.locator("[data-job]")).to_have_count(0, timeout=SEARCH)
    expect(page.locator(f"[data-courier='{away}']")).to_have_count(0)
    (draft,) = plans_of(service)
    expect(page.get_by_label("Tổng cộng trong ngày")).to_contain_text(str(draft["figures"]["carried"]))
    return away


def _choose(page: Page, courier: str) -> None:
    """Open somebody's round, from wherever the list has come to."""
    card = page.locator(f"[data-courier='{courier}']")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(card).to_be_visible()
    card.click()
    expect(row(page, 1)).to_be_visible()


def _improve(service: Service, page: Page, plan_id: str) -> None:
    """A stop is tried one place later by a key; where that is dearer or breaks a rule, it is driven as before."""
    ready(page)
    route = max(plan_of(service, plan_id)["routes"], key=lambda one: len(one["trips"][0]["stops"]))
    before = plan_of(service, plan_id)["objective"]["total"], order(service, plan_id, route["courier_id"])
    _choose(page, route["courier_id"])
    _shift(page, 1, "Alt+ArrowDown", 2)
    moved = plan_of(service, plan_id)["objective"]["total"], order(service, plan_id, route["courier_id"])
    assert moved[1] == [before[1][1], before[1][0], *before[1][2:]]
    broken = service.ask("GET", f"/api/v1/plans/{plan_id}/violations", by="planner").json()["violations"]
    if moved[0] > before[0] or broken:
        _shift(page, 2, "Alt+ArrowUp", 1)
        moved = plan_of(service, plan_id)["objective"]["total"], order(service, plan_id, route["courier_id"])
        assert moved == before


def _shift(page: Page, number: int, key: str, to: int) -> None:
    row(page, number).focus()
    page.keyboard.press(key)
    expect(row(page, to)).to_be_focused()
    expect(page.locator("[data-done]")).to_contain_text("Vừa sửa xong")


def _violate(service: Service, page: Page, plan_id: str) -> None:
    """Whoever is at home in the morning only is put after somebody of the afternoon: told, and not publishable."""
    courier, number = _last_of_the_morning(plan_of(service, plan_id))
    _choose(page, courier)
    row(page, number).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[data-wrong]")).to_be_visible()
    expect(page.locator("[data-done]")).not_to_have_attribute("data-done", "0")
    assert publish(service, plan_id, plan_of(service, plan_id)["version"]).status_code == 409
    page.get_by_role("button", name="Hoàn tác", exact=True).click()
    expect(page.locator("[data-wrong]")).to_have_count(0)


def _last_of_the_morning(plan: Any) -> tuple[str, int]:
    """A courier, and the number of a stop within a trip after which the first stop of the afternoon comes."""
    windows = {one["code"]: one["windows"] for one in inputs()["shipments"]}

    def at(stop: Any) -> set[str]:
        return {windows[code] for code in codes(stop)}

    for route in plan["routes"]:
        number = 0
        for trip in route["trips"]:
            for stop, after in zip(trip["stops"], [*trip["stops"][1:], None], strict=True):
                number += 1
                if after and (at(stop), at(after)) == ({HALVES[0]}, {HALVES[1]}):
                    return str(route["courier_id"]), number
    raise AssertionError("nobody drives in the morning and the afternoon without coming back")


def _lock(service: Service, page: Page, plan_id: str) -> tuple[str, list[str]]:
    """Lock a stop by a key; whose it is, and its codes."""
    route = max(plan_of(service, plan_id)["routes"], key=lambda one: len(one["trips"][0]["stops"]))
    _choose(page, route["courier_id"])
    row(page, 1).focus()
    page.keyboard.press("l")
    expect(row(page, 1)).to_contain_text("Đã khoá")
    return str(route["courier_id"]), codes(route["trips"][0]["stops"][0])


def _search_on(service: Service, dispatcher: Dispatcher, plan_id: str, courier: str, stop: list[str]) -> str:
    """Search on at the base of a locked stop; returns the draft that it makes, which leaves the other bases alone."""
    page, before = dispatcher.page, plan_of(service, plan_id)
    base = next(route["base_id"] for route in before["routes"] if route["courier_id"] == courier)
    dispatcher.click("Tìm tiếp")
    expect(page.locator("[data-locks='1']")).to_contain_text("Đang khoá 1 điểm")
    page.get_by_label("Thời gian tìm").fill("3")
    page.get_by_role("dialog").locator(f"input[value='{base}']").focus()
    page.keyboard.press("Space")
    dispatcher.click_last("Bắt đầu")
    page.wait_for_url(lambda url: "plan=" in url and plan_id not in url, timeout=SEARCH)
    expect(page.locator("[data-job]")).to_have_count(0, timeout=SEARCH)
    found, kept = plans_of(service)
    assert (kept["plan_id"], found["based_on"], found["status"]) == (plan_id, plan_id, "draft")
    after = plan_of(service, found["plan_id"])
    (locked,) = [one for route in after["routes"] for trip in route["trips"] for one in trip["stops"] if one["locked"]]
    assert codes(locked) == stop
    assert stop in order(service, found["plan_id"], courier)
    others = [[route for route in plan["routes"] if route["base_id"] != base] for plan in (before, after)]
    assert others[0] == others[1]
    return str(found["plan_id"])


def _compare(service: Service, dispatcher: Dispatcher, before: str, after: str) -> None:
    page = dispatcher.page
    dispatcher.click("So sánh")
    page.get_by_role("radio", name="Kế hoạch gốc, từ đó tìm tiếp").check()
    dispatcher.click_last("So sánh")
    for number, plan_id in enumerate((before, after)):
        carried = plan_of(service, plan_id)["totals"]["carried"]
        expect(page.locator("[data-figure=carried] td").nth(number)).to_have_text(str(carried))
    dispatcher.click("‹ Quay lại")
    expect(page.locator("[data-courier]").first).to_be_visible()


def _publish(service: Service, dispatcher: Dispatcher, plan_id: str) -> None:
    page = dispatcher.page
    dispatcher.click("Ban hành")
    dispatcher.click_last("Ban hành")
    expect(page.get_by_text("Kế hoạch đã được ban hành.")).to_be_visible()
    expect(page.locator(".live .version")).to_contain_text("Đã ban hành")
    assert plan_of(service, plan_id)["status"] == "published"


def _watch(day: SimulatedDay, dispatcher: Dispatcher) -> None:
    """Twenty phones play; the page follows by itself."""
    assert len(day.phones) == 20
    for route in plan_of(day.service, day.plan_id)["routes"]:
        if phone := day.phones.get(route["courier_id"]):
            mine = day.service.ask("GET", f"/api/v1/rounds/mine?day={DAY}", by=phone.login).json()
            assert mine["route"] == route
    day.until("09:30", step=timedelta(minutes=30))
    page = dispatcher.page
    dispatcher.click("Trong ngày")
    expect(page.locator("[data-phase=running]")).to_be_visible()
    expect(figure(page, "Điểm đã xong")).to_have_text(str(before := settled(day)))
    day.until("09:50")
    assert settled(day) > before
    expect(figure(page, "Điểm đã xong")).to_have_text(str(settled(day)))


def _accept(day: SimulatedDay, dispatcher: Dispatcher) -> None:
    """A courier has to stop; who takes over is proposed, accepted, and driven."""
    page, version = dispatcher.page, plan_of(day.service, day.plan_id)["version"]
    out = _who_drives(day)
    panel = to(page, "proposals")
    dispatcher.click("Báo việc xảy ra")
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=kind]").select_option("courier_out")
    dialog.locator("[name=courier]").select_option(out)
    dialog.locator("[name=at]").fill("09:50")
    dispatcher.click("Xem đề xuất")
    card = panel.locator("[data-proposal=open]")
    expect(card).to_contain_text("ngừng chạy")
    path = f"/api/v1/live/plans/{day.plan_id}/proposals"
    (asked,) = day.service.ask("GET", path, by="auditor").json()["proposals"]
    assert asked["plan_version"] == version
    shown = card.locator("[data-told]").evaluate_all("all => all.map(one => one.dataset.told)")
    assert shown == [one["courier_id"] for one in asked["couriers"]]
    dispatcher.click("Duyệt và báo bưu tá")
    expect(panel.locator("[data-proposal=accepted]")).to_contain_text("Head-Dispatcher")
    assert plan_of(day.service, day.plan_id)["version"] == version + 1
    before = settled(day)
    day.until("14:30", step=timedelta(minutes=30))  # at noon nobody is at home
    assert settled(day) > before
    expect(figure(page, "Điểm đã xong")).to_have_text(str(settled(day)))


def _who_drives(day: SimulatedDay) -> str:
    """The courier with most left of those who are on the way."""
    path = f"/api/v1/live/progress?day={DAY}"
    told = day.service.ask("GET", path, by="head-dispatcher").json()["couriers"]
    driving = [one for one in told if one["courier_id"] in day.phones and one["done"] and one["position"]]
    return str(max(driving, key=lambda one: one["left"])["courier_id"])


def _report(day: SimulatedDay, dispatcher: Dispatcher) -> None:
    """What came to its end in the day is counted, and all else of the file is open or was returned."""
    page = dispatcher.page
    dispatcher.click("Báo cáo")
    for number, end in enumerate(DUE):
        page.locator("input[type=date]").nth(number).fill(end)
        page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile("from={}&to={}".format(*DUE)))
    total, early, on_the_day, late, left, _, returned = counts_in(page.locator("table [data-group=sum]"))
    ended = {
        one.event["shipments"][0]
        for phone in day.phones.values()
        for one in phone.played
        if one.event["type"] in {"DELIVER", "HAND_AGENCY"}
    }
    assert early + on_the_day + late == len(ended)
    assert total == len(inputs()["shipments"]) == len(ended) + left + returned
