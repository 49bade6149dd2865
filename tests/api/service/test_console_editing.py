"""A draft changed by hand at the console: told at once what it costs and breaks, taken back, and never lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.api.service.dispatching import Dispatcher, opened_morning
from tests.api.service.made_plans import put_plan
from tests.api.service.running import Service
from tests.api.service.test_plans import MORNING, a_bad_move, edit, publish
from tests.axe import grave_findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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


def plan_of(service: Service, plan_id: str) -> Any:
    return service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor").json()


def codes(stop: Any) -> list[str]:
    return list(dict.fromkeys(task["shipment"] for task in stop["tasks"]))


def order(service: Service, plan_id: str, courier_id: str) -> list[list[str]]:
    """Codes by stop, through the day."""
    routes = {route["courier_id"]: route for route in plan_of(service, plan_id)["routes"]}
    return [codes(stop) for trip in routes[courier_id]["trips"] for stop in trip["stops"]]


def colleague(service: Service, plan_id: str, base_id: str) -> str:
    """Somebody of a base who has no round."""
    busy = {route["courier_id"] for route in plan_of(service, plan_id)["routes"]}
    crew = service.ask("GET", f"/api/v1/plans/{plan_id}/places", by="auditor").json()["couriers"]
    return next(str(one["courier_id"]) for one in crew if one["base_id"] == base_id and one["courier_id"] not in busy)


def longest(plan: Any) -> Any:
    """The round whose first trip has most stops."""
    return max(plan["routes"], key=lambda route: len(route["trips"][0]["stops"]))


def late(asked: Route) -> None:
    """A slow service: the plan is there, and the page does not know yet who changed it."""
    time.sleep(0.3)
    asked.continue_()


def ready(page: Page) -> None:
    """The plan is on the screen, and the service has made its day ready."""
    tools = page.get_by_role("toolbar", name="Sửa kế hoạch")
    expect(tools).to_have_attribute("aria-busy", "false", timeout=120_000)
    expect(page.locator("[data-courier]").first).to_be_visible()


def row(page: Page, number: int) -> Locator:
    return page.locator(f"[data-stop='{number}']")


def hold(page: Page, what: Locator) -> None:
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 110, box["y"] + 24, steps=3)


def carry(page: Page, to: Locator, share: float) -> None:
    """Over something; `share` of its height from its top."""
    box = to.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + min(120, box["width"] / 2), box["y"] + box["height"] * share, steps=3)


def test_a_stop_is_dragged_within_its_round_and_told_of_before_it_is_dropped(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service)
    route = longest(plan_of(service, plan_id))
    before = order(service, plan_id, route["courier_id"])
    dispatcher.come(plan=plan_id)
    ready(page)
    page.locator(f"[data-courier='{route['courier_id']}']").click()
    row(page, 3).scroll_into_view_if_needed()  # the first one stays in view
    hold(page, row(page, 1))
    carry(page, row(page, 3), 0.25)
    expect(page.locator("[data-held]")).to_contain_text("Nếu thả ở đây")
    expect(page.locator("[data-held]")).to_contain_text("Chi phí gồm phạt")
    page.keyboard.press("Escape")
    expect(page.locator("[data-held]")).to_have_count(0)
    page.mouse.up()
    assert plan_of(service, plan_id)["version"] == 1
    row(page, 3).scroll_into_view_if_needed()  # the first one stays in view
    hold(page, row(page, 1))
    carry(page, row(page, 3), 0.25)
    expect(page.locator("[data-held]")).to_contain_text("Nếu thả ở đây")
    page.mouse.up()
    expect(page.locator("[data-done]")).to_contain_text("Vừa sửa xong")
    after = order(service, plan_id, route["courier_id"])
    assert after == [before[1], before[0], *before[2:]]
    assert grave_findings(page) == []
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Làm lại")).to_be_enabled()
    assert order(service, plan_id, route["courier_id"]) == before
    page.keyboard.press("Control+Shift+z")
    expect(page.get_by_role("button", name="Làm lại")).to_be_disabled()
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_enabled()
    assert order(service, plan_id, route["courier_id"]) == after


def test_a_stop_is_dragged_out_of_its_round_and_back_onto_another_courier(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service)
    route = longest(plan_of(service, plan_id))
    out = order(service, plan_id, route["courier_id"])[0]
    dispatcher.come(plan=plan_id)
    ready(page)
    page.locator(f"[data-courier='{route['courier_id']}']").click()
    hold(page, row(page, 1))
    carry(page, page.locator("#tab-unassigned"), 0.5)
    expect(page.locator("[data-held]")).to_contain_text("bị bỏ lại")
    page.route("**/history?since=*", late)  # a hand that is faster than the service takes the next one all the same
    page.mouse.up()
    expect(page.locator("[data-done]")).to_contain_text("bị bỏ lại")
    assert set(out) <= {one["shipment"] for one in plan_of(service, plan_id)["unassigned"]}
    page.locator("#tab-unassigned").click()
    hold(page, page.locator(f"[data-shipment='{out[0]}'] h4"))
    carry(page, page.locator("#tab-couriers"), 0.5)
    other = colleague(service, plan_id, route["base_id"])
    idle = page.locator(f"[data-idle='{other}']")  # the tab opens under a hand that rests
    expect(page.locator("[data-idle]").first).to_be_visible()
    idle.scroll_into_view_if_needed()
    carry(page, idle, 0.5)
    expect(page.locator("[data-held]")).to_contain_text("được xếp thêm")
    page.mouse.up()
    expect(page.locator("[data-done]")).to_contain_text("được xếp thêm")
    assert any(out[0] in stop for stop in order(service, plan_id, other))


def test_keys_move_lock_and_take_out_and_the_focus_stays_with_the_stop(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service)
    route = longest(plan_of(service, plan_id))
    before = order(service, plan_id, route["courier_id"])
    dispatcher.come(plan=plan_id)
    ready(page)
    page.locator(f"[data-courier='{route['courier_id']}']").click()
    row(page, 1).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(row(page, 2)).to_be_focused()
    assert order(service, plan_id, route["courier_id"]) == [before[1], before[0], *before[2:]]
    page.keyboard.press("Alt+ArrowUp")
    expect(row(page, 1)).to_be_focused()
    assert order(service, plan_id, route["courier_id"]) == before
    page.route("**/history?since=*", late)
    for step, number in (("Alt+ArrowDown", 4), ("Alt+ArrowUp", 1)):
        for _ in range(3):  # a hand is faster than the service
            page.keyboard.press(step)
        expect(row(page, number)).to_be_focused()
    page.unroute("**/history?since=*")
    assert order(service, plan_id, route["courier_id"]) == before
    page.keyboard.press("l")
    expect(row(page, 1)).to_contain_text("Đã khoá")
    dispatcher.click("Tìm tiếp")
    expect(page.locator("[data-locks='1']")).to_contain_text("Đang khoá 1 điểm")
    page.keyboard.press("Escape")
    row(page, 1).focus()
    page.keyboard.press("l")
    expect(row(page, 1)).not_to_contain_text("Đã khoá")
    row(page, 1).focus()
    page.keyboard.press("Delete")
    expect(page.locator("[data-done]")).to_contain_text("bị bỏ lại")
    assert set(before[0]) <= {one["shipment"] for one in plan_of(service, plan_id)["unassigned"]}


def test_what_is_picked_out_moves_together_to_a_courier_found_without_marks(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service)
    plan = plan_of(service, plan_id)
    route = longest(plan)
    stops = order(service, plan_id, route["courier_id"])
    places = service.ask("GET", f"/api/v1/plans/{plan_id}/places", by="auditor").json()
    other = next(
        one
        for one in places["couriers"]
        if one["base_id"] == route["base_id"] and one["courier_id"] != route["courier_id"]
    )
    dispatcher.come(plan=plan_id)
    ready(page)
    page.locator(f"[data-courier='{route['courier_id']}']").click()
    for number in (1, 2):
        row(page, number).click()
        dispatcher.click("Chọn thêm")
    picked = [*stops[0], *stops[1]]
    expect(page.locator("[data-marked]")).to_contain_text(f"{len(picked)} bưu gửi đang chọn")
    page.locator("[data-marked]").get_by_role("button", name="Chuyển đến…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Tìm bưu tá").fill(plain(other["name"]))
    dialog.locator(f"input[value='{other['courier_id']}']").check()
    expect(dialog.locator("[data-tried='yes']")).to_be_visible()
    assert grave_findings(page) == []
    dialog.get_by_role("button", name="Chuyển", exact=True).click()
    expect(page.locator("[data-done]")).to_be_visible()
    now = {code for stop in order(service, plan_id, other["courier_id"]) for code in stop}
    assert set(picked) <= now


def test_broken_rules_stay_on_the_bar_and_lead_to_their_place(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service, MORNING)
    answer = edit(service, plan_id, 1, **a_bad_move()).json()["edit"]
    first = answer["violations"][0]
    dispatcher.come(plan=plan_id)
    ready(page)
    page.locator(f"[data-wrong='{len(answer['violations'])}']").click()
    page.locator("[data-violation] button").first.click()
    expect(page.locator("li.open")).to_have_attribute("data-position", str(first["stop"]))
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    dispatcher.click("Hoàn tác")
    expect(page.locator("[data-wrong]")).to_have_count(0)


def test_two_dispatchers_never_lose_an_edit(
    browser: Browser, morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service)
    route = longest(plan_of(service, plan_id))
    courier, stops = route["courier_id"], order(service, plan_id, route["courier_id"])
    dispatcher.come(plan=plan_id)
    ready(page)
    page.locator(f"[data-courier='{courier}']").click()
    row(page, 2).click()
    page.route("**/history?since=*", lambda one: one.abort())  # so that the page does not learn of it by itself
    other = Dispatcher.at(browser, morning[1])
    other.come("planner", plan=plan_id)
    ready(other.page)
    other.page.locator(f"[data-courier='{courier}']").click()
    row(other.page, 1).click()
    other.click("Khoá")
    expect(other.page.locator("[data-done]")).to_be_visible()
    page.get_by_role("group", name="Sửa điểm").get_by_role("button", name="Bỏ ra").click()
    expect(page.locator("[data-conflict]")).to_contain_text("Planner khoá điểm của")
    expect(page.locator("[data-conflict]")).to_contain_text("bị bỏ lại")  # what it would do now
    expect(row(page, 1)).to_contain_text("Đã khoá")
    assert plan_of(service, plan_id)["version"] == 2
    page.unroute("**/history?since=*")
    dispatcher.click("Sửa lại trên bản mới")
    expect(page.locator("[data-done]")).to_contain_text("bị bỏ lại")
    after = plan_of(service, plan_id)
    assert after["version"] == 3
    assert set(stops[1]) <= {one["shipment"] for one in after["unassigned"]}
    kept = next(one for one in after["routes"] if one["courier_id"] == courier)["trips"][0]["stops"][0]
    assert (codes(kept), kept["locked"]) == (stops[0], True)
    expect(other.page.locator("[data-news]")).to_contain_text("Head-Dispatcher bỏ")
    other.page.context.close()
    assert other.complaints == []


def test_a_plan_on_the_screen_shows_what_another_did(morning: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service)
    route = longest(plan_of(service, plan_id))
    dispatcher.come("auditor", plan=plan_id)
    expect(page.locator("[data-courier]").first).to_be_visible()
    expect(page.get_by_role("button", name="Hoàn tác")).to_have_count(0)
    page.locator(f"[data-courier='{route['courier_id']}']").click()
    row(page, 1).click()
    expect(page.get_by_role("button", name="Bỏ ra")).to_have_count(0)
    answer = edit(service, plan_id, 1, by="head-dispatcher", kind="lock_round", courier_id=route["courier_id"])
    assert answer.status_code == 200
    expect(page.locator("[data-news]")).to_contain_text("Head-Dispatcher khoá chuyến của")
    expect(row(page, 1)).to_contain_text("Đã khoá")


def test_a_published_plan_is_not_changed_and_says_why(morning: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, page = morning[0], dispatcher.page
    plan_id = put_plan(service)
    assert publish(service, plan_id, 1).status_code == 200
    route = longest(plan_of(service, plan_id))
    dispatcher.come(plan=plan_id)
    expect(page.get_by_text("Kế hoạch đã ban hành: hãy thu hồi về bản nháp rồi sửa.")).to_be_visible()
    page.locator(f"[data-courier='{route['courier_id']}']").click()
    row(page, 1).click()
    expect(page.get_by_role("button", name="Bỏ ra")).to_have_count(0)


def plain(text: str) -> str:
    """As somebody types who leaves the marks out."""
    import unicodedata

    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).lower()
