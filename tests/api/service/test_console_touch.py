"""A stop carried by a finger at the console, by its handle; a finger elsewhere scrolls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, expect

from tests.api.service.dispatching import Dispatcher, opened_morning
from tests.api.service.made_plans import put_plan
from tests.api.service.running import Service
from tests.api.service.test_console_editing import longest, order, plan_of, ready, row

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[tuple[Service, str]]:
    with opened_morning(tmp_path) as opened:
        yield opened


def middle(what: Locator, share: float = 0.5) -> tuple[float, float]:
    box = what.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * share


def finger(cdp: CDPSession, kind: str, *at: tuple[float, float]) -> None:
    """What a touch screen tells: `touchStart`, `touchMove`, `touchEnd`."""
    cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]})


def test_a_finger_carries_a_stop_by_its_handle_and_nothing_by_the_rest(
    browser: Browser, morning: tuple[Service, str]
) -> None:
    service, address = morning
    plan_id = put_plan(service)
    route = longest(plan_of(service, plan_id))
    before = order(service, plan_id, route["courier_id"])
    found = Dispatcher.at(browser, address)
    page = found.page
    found.come(plan=plan_id)
    ready(page)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
    page.locator(f"[data-courier='{route['courier_id']}']").click()
    row(page, 3).scroll_into_view_if_needed()
    x, y = middle(row(page, 1))
    finger(cdp, "touchStart", (x, y))
    for step in range(1, 5):
        finger(cdp, "touchMove", (x, y + 10 * step))
    expect(page.locator("[data-held]")).to_have_count(0)  # a finger on the row scrolls
    finger(cdp, "touchEnd")
    row(page, 3).scroll_into_view_if_needed()
    handle = page.locator("li", has=row(page, 1)).locator("[data-grip]").first
    expect(handle).to_be_visible()
    (x, y), (_, goal) = middle(handle), middle(row(page, 3), 0.25)
    finger(cdp, "touchStart", (x, y))
    for step in range(1, 7):
        finger(cdp, "touchMove", (x, y + (goal - y) * step / 6))
    expect(page.locator("[data-held]")).to_contain_text("Nếu thả ở đây")
    finger(cdp, "touchEnd")
    expect(page.locator("[data-done]")).to_contain_text("Vừa sửa xong")
    assert order(service, plan_id, route["courier_id"]) == [before[1], before[0], *before[2:]]
    page.context.close()
    assert found.complaints == []
