"""Rounds shaped at the console: lasso, drag over the map, split, merge, a stop that nobody registered."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.plans.schemas import Plan, PlannedRoute, parse_plan
from tests.api.service.day_inputs import day_inputs
from tests.api.service.dispatching import Dispatcher, opened_morning
from tests.api.service.made_plans import day_plan, put_plan
from tests.api.service.running import Service
from tests.api.service.test_plans import edit
from tests.axe import grave_findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NO_WEBGL = (
    "const get = HTMLCanvasElement.prototype.getContext;"
    "HTMLCanvasElement.prototype.getContext = function (kind, ...more)"
    " { return kind.startsWith('webgl') ? null : get.call(this, kind, ...more) }"
)
Pixels = Callable[[tuple[float, float]], tuple[float, float]]
"""Where a point of the earth lies on the map, from its upper left corner."""


@pytest.fixture(scope="module")
def shaped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    with opened_morning(tmp_path_factory.mktemp("shaping")) as opened:
        yield opened


@pytest.fixture
def draft(shaped: tuple[Service, str]) -> tuple[Service, str]:
    """The service, and a draft of its own for each test."""
    return shaped[0], put_plan(shaped[0])


@pytest.fixture
def dispatcher(browser: Browser, shaped: tuple[Service, str]) -> Iterator[Dispatcher]:
    found = Dispatcher.at(browser, shaped[1])
    yield found
    found.page.context.close()
    assert found.complaints == []


def come(dispatcher: Dispatcher, plan_id: str) -> Page:
    dispatcher.come(plan=plan_id)
    expect(dispatcher.page.get_by_role("toolbar", name="Công cụ trên bản đồ")).to_be_visible()
    return dispatcher.page


def stored(service: Service, plan_id: str) -> Plan:
    return parse_plan(service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor").content)


def changes(service: Service, plan_id: str) -> list[dict[str, Any]]:
    history = service.ask("GET", f"/api/v1/plans/{plan_id}/history", by="auditor").json()
    return [one["what"] for one in history["changes"]]


def carried_by(plan: Plan, courier_id: str) -> list[list[str]]:
    return [
        [task.shipment for stop in trip.stops for task in stop.tasks]
        for route in plan.routes
        if route.courier_id == courier_id
        for trip in route.trips
    ]


def longest(plan: Plan) -> PlannedRoute:
    return max(plan.routes, key=lambda one: sum(len(trip.stops) for trip in one.trips))


def free_courier(route: PlannedRoute) -> str:
    """Somebody of the same base who has no round."""
    busy = {one.courier_id for one in day_plan().routes}
    crew = day_inputs()["network"]["couriers"]
    return next(
        str(one["courier_id"])
        for one in crew
        if one["base_id"] == route.base_id and one["courier_id"] not in busy and one.get("reserve") != "yes"
    )


def drive(page: Page, *places: tuple[float, float]) -> None:
    """Press at the first place of the map, and lead the pointer along the others."""
    box = page.locator("section.map").bounding_box()
    assert box is not None
    (x, y), *others = [(box["x"] + x, box["y"] + y) for x, y in places]
    page.mouse.move(x, y)
    page.mouse.down()
    for there in others:
        page.mouse.move(*there, steps=6)


def lasso_all(page: Page) -> None:
    page.get_by_role("button", name="Khoanh vùng").click()
    size = page.locator("section.map").bounding_box()
    assert size is not None
    right, bottom = size["width"] - 3, size["height"] - 3
    drive(page, (3, 3), (right, 3), (right, bottom), (3, bottom))
    page.mouse.up()


@pytest.mark.parametrize("webgl", [True, False])
def test_a_line_around_stops_marks_them_and_one_step_changes_them(
    draft: tuple[Service, str], dispatcher: Dispatcher, webgl: bool
) -> None:
    service, plan_id = draft
    if not webgl:
        dispatcher.page.add_init_script(NO_WEBGL)
    page, plan = come(dispatcher, plan_id), stored(service, plan_id)
    lasso_all(page)
    chip = page.locator(".chip")
    stops = sum(len(trip.stops) for route in plan.routes for trip in route.trips)
    expect(chip).to_contain_text(f"{stops} điểm dừng")
    if not webgl:
        expect(page.get_by_text("Bản đồ dạng hình tĩnh")).to_be_visible()
    page.keyboard.press("Escape")
    expect(chip).to_have_count(0)
    page.get_by_role("button", name="Chọn cả vùng đang thấy").focus()
    page.keyboard.press("Enter")
    expect(chip).to_contain_text(f"{stops} điểm dừng")
    with page.expect_response(lambda answer: answer.url.endswith("/edits")) as answered:
        page.locator(".chip").get_by_role("button", name="Khoá", exact=True).click()
    assert answered.value.ok
    (what,) = changes(service, plan_id)
    assert (what["kind"], len(what["shipments"])) == ("lock", plan.totals.carried)
    assert all(stop.locked for route in stored(service, plan_id).routes for trip in route.trips for stop in trip.stops)
    assert grave_findings(page) == []


@pytest.mark.parametrize("webgl", [True, False])
def test_a_stop_dragged_over_the_map_is_tried_and_then_moved(
    draft: tuple[Service, str], dispatcher: Dispatcher, webgl: bool
) -> None:
    service, plan_id = draft
    if not webgl:
        dispatcher.page.add_init_script(NO_WEBGL)
    route = longest(stored(service, plan_id))
    half: dict[str, Any] = {
        "kind": "split",
        "courier_id": route.courier_id,
        "trip": 0,
        "position": 5,
        "to": free_courier(route),
    }
    assert edit(service, plan_id, 1, **half).status_code == 200  # two rounds of one base
    page, plan = come(dispatcher, plan_id), stored(service, plan_id)
    (route,) = [one for one in plan.routes if one.courier_id == route.courier_id]
    page.locator(f"[data-courier='{route.courier_id}']").click()
    expect(page.locator("canvas[data-ready]") if webgl else page.locator("circle.stop").first).to_be_visible()
    name = page.locator(".detail h2").inner_text()
    held, start, end = _a_drag(page, plan, route, webgl=webgl)
    drive(page, start, end)
    card = page.locator("[data-held]")
    expect(card.locator("dl")).to_be_visible()  # times, costs and rules as they would be
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.mouse.up()
    expect(page.locator(".detail h2")).to_have_text(name)  # not the round that it was let go over
    assert stored(service, plan_id).version == 2
    drive(page, start, end)
    expect(card.locator("dl")).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/edits")) as answered:
        page.mouse.up()
    assert answered.value.ok, answered.value.text()
    what = changes(service, plan_id)[-1]
    assert (what["kind"], what["shipments"]) == ("move", held)
    assert what["courier_id"] != route.courier_id
    (after,) = [one for one in stored(service, plan_id).routes if one.courier_id == what["courier_id"]]
    assert set(held) <= {task.shipment for trip in after.trips for stop in trip.stops for task in stop.tasks}


def _a_drag(
    page: Page, plan: Plan, route: PlannedRoute, *, webgl: bool
) -> tuple[list[str], tuple[float, float], tuple[float, float]]:
    """What lies at a stop of a round that can be gripped, where, and a piece of another round of the base in view."""
    box = page.locator("section.map").bounding_box()
    assert box is not None
    size = box["width"], box["height"]
    pixel = _fitted(route, size) if webgl else _pictured(page, route, (box["x"], box["y"]))
    own = [pixel(point) for trip in route.trips for point in trip.path.coordinates]
    stops = [
        ([task.shipment for task in stop.tasks], pixel(trip.path.coordinates[at]))
        for trip in route.trips
        for stop, at in zip(trip.stops, trip.path.stop_index, strict=True)
    ]
    held, start = next(
        (codes, at) for codes, at in stops
        if _is_free(at, size) and min(math.dist(at, other) for _, other in stops if other != at) > 30
    )  # fmt: skip
    ends = [
        pixel(point)
        for one in plan.routes
        if one.base_id == route.base_id and one is not route
        for trip in one.trips
        for point in trip.path.coordinates
    ]
    end = max((at for at in ends if _is_free(at, size)), key=lambda at: min(math.dist(at, mine) for mine in own))
    return held, start, end


def _is_free(at: tuple[float, float], size: tuple[float, float]) -> bool:
    """No button lies over it."""
    return 230 < at[0] < size[0] - 300 and 80 < at[1] < size[1] - 80


def _mercator(point: tuple[float, float]) -> tuple[float, float]:
    """Of a world that is 1 wide."""
    lat = math.radians(point[1])
    return point[0] / 360, -math.log(math.tan(math.pi / 4 + lat / 2)) / math.tau


def _fitted(route: PlannedRoute, size: tuple[float, float]) -> Pixels:
    """The map once it is fitted to a round, with a margin of 48 pixels and zoom 14 at most."""
    xs, ys = zip(*(_mercator(point) for trip in route.trips for point in trip.path.coordinates), strict=True)
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((size[0] - 96) / width, (size[1] - 96) / height, 512 * 2**14)
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2

    def pixel(point: tuple[float, float]) -> tuple[float, float]:
        x, y = _mercator(point)
        return size[0] / 2 + (x - middle[0]) * scale, size[1] / 2 + (y - middle[1]) * scale

    return pixel


def _pictured(page: Page, route: PlannedRoute, corner: tuple[float, float]) -> Pixels:
    """The picture, by where it shows two stops of the round."""
    seen = page.locator("circle.stop")
    points = [trip.path.coordinates[at] for trip in route.trips for at in trip.path.stop_index]
    far = max(range(len(points)), key=lambda n: math.dist(points[0], points[n]))
    (ax, ay), (bx, by) = _mercator(points[0]), _mercator(points[far])
    (px, py), (qx, qy) = (_middle(seen.nth(n), corner) for n in (0, far))
    scale = math.dist((px, py), (qx, qy)) / math.dist((ax, ay), (bx, by))

    def pixel(point: tuple[float, float]) -> tuple[float, float]:
        x, y = _mercator(point)
        return px + (x - ax) * scale, py + (y - ay) * scale

    return pixel


def _middle(seen: Locator, corner: tuple[float, float]) -> tuple[float, float]:
    box = seen.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2 - corner[0], box["y"] + box["height"] / 2 - corner[1]


def test_a_round_is_split_and_merged_again(draft: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, plan_id = draft
    page, plan = come(dispatcher, plan_id), stored(service, plan_id)
    route = longest(plan)
    (before,), other = carried_by(plan, route.courier_id), free_courier(route)
    page.locator(f"[data-courier='{route.courier_id}']").click()
    page.get_by_role("button", name="Tách chuyến…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Tách từ điểm").select_option("3")
    expect(dialog.locator("dl")).to_be_visible()
    dialog.get_by_label("Tìm bưu tá (không cần dấu)").fill(other.lower())
    dialog.get_by_role("radio", name=other).check()
    expect(dialog.locator("dl")).to_be_visible()
    assert grave_findings(page) == []
    dialog.get_by_role("button", name="Thực hiện").click()
    expect(dialog).to_have_count(0)
    halves = stored(service, plan_id)
    (first,), (second,) = carried_by(halves, route.courier_id), carried_by(halves, other)
    assert [*first, *second] == before
    page.get_by_role("button", name="Gộp chuyến…").click()
    dialog.get_by_label("Tìm bưu tá (không cần dấu)").fill(other.lower())
    dialog.get_by_role("radio", name=other).check()
    expect(dialog.locator("dl")).to_be_visible()
    dialog.get_by_role("button", name="Thực hiện").click()
    expect(dialog).to_have_count(0)
    merged = stored(service, plan_id)
    assert (carried_by(merged, route.courier_id), carried_by(merged, other)) == ([], [second, first])


def test_a_stop_is_added_by_a_click_on_the_map(draft: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, plan_id = draft
    page, plan = come(dispatcher, plan_id), stored(service, plan_id)
    page.get_by_role("button", name="Thêm điểm", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Chưa chọn nơi đến.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Thêm điểm", exact=True)).to_be_disabled()
    dialog.get_by_label("Tìm xã hoặc điểm (không cần dấu)").fill("long xuyen")
    dialog.locator("li button").first.click()
    dialog.get_by_role("button", name="Chọn trên bản đồ").click()
    expect(dialog).to_have_count(0)
    box = page.locator("[data-tool=add]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.55)
    expect(dialog.get_by_text("Tại điểm 10.")).to_be_visible()
    dialog.get_by_label("Đưa về").select_option("BC-LX")
    dialog.get_by_label("Người dân").fill("Trần Thị Bảy")
    assert grave_findings(page) == []
    dialog.get_by_role("button", name="Thêm điểm", exact=True).click()
    expect(page.get_by_text("Đã thêm điểm, bưu gửi DX-251126-")).to_be_visible()
    added = stored(service, plan_id)
    assert added.totals.shipments == plan.totals.shipments + 1
    (what,) = changes(service, plan_id)
    assert what["kind"] == "stop"
    expect(page.locator(".detail h2")).to_be_visible()  # its round is shown
