"""Before a day is planned, in Chromium: the day on offer, what earlier days left over, fine rows, some bases only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from api.plans.tables import plans
from tests.api.service.day_inputs import DAY, day_inputs
from tests.api.service.dispatching import Dispatcher, day_file, import_all, opened_morning
from tests.api.service.made_plans import day_plan, put_plan
from tests.api.service.running import PASSWORD, Service
from tests.api.service.service_clock import ServiceClock
from tests.axe import grave_findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    """The sample day imported, and its plan published."""
    with opened_morning(Path(tmp_path_factory.mktemp("before"))) as (service, address):
        import_all(service)
        put_plan(service)
        service.runtime.writer.write_now(lambda c: c.execute(update(plans).values(status="published")))
        yield service, address


@pytest.fixture
def dispatcher(browser: Browser, morning: tuple[Service, str]) -> Iterator[Dispatcher]:
    found = Dispatcher.at(browser, morning[1])
    yield found
    found.page.context.close()
    assert found.complaints == []


def test_the_next_day_to_plan_is_offered_with_what_was_left_over(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, address = morning
    page = dispatcher.page
    with ServiceClock(datetime.fromisoformat(f"{DAY}T15:00:00+07:00")).held():
        page.goto(address)
        page.get_by_label("Tên đăng nhập").fill("head-dispatcher")
        page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Thứ Năm, 26/11/2026")).to_be_visible()
    expect(page.locator("[data-next=too_late]")).to_contain_text("13:30")
    page.get_by_text("Còn lại từ hôm trước:").click()
    left = page.locator("[data-left-over]")
    after = (datetime.fromisoformat(DAY) + timedelta(days=1)).date()
    listed = service.ask("GET", f"/api/v1/plans/waiting/left-over?day={after}", by="planner").json()
    expect(left).to_have_count(len(listed["shipments"]))
    courier = next(route.courier_id for route in day_plan().routes)
    name = next(row["name"] for row in day_inputs()["network"]["couriers"] if row["courier_id"] == courier)
    code = day_plan().routes[0].trips[0].stops[0].tasks[0].shipment
    expect(page.locator(f"[data-left-over='{code}']")).to_contain_text(f"Đã xếp cho {name}")
    assert grave_findings(page) == []
    page.get_by_role("button", name="Ngày sau").click()
    expect(page.locator("[data-next]")).to_have_count(0)  # now somebody has chosen


def test_fine_rows_of_a_file_are_listed_with_their_outcome(dispatcher: Dispatcher) -> None:
    page, rows = dispatcher.page, day_inputs()["shipments"]
    dispatcher.come()
    dispatcher.click("Nhập bưu gửi")
    dispatcher.drop("hai.csv", day_file([rows[0], {**rows[1], "code": "MOI-1"}, {**rows[2], "pieces": "hai"}]))
    card = page.locator("[data-outcome='hai.csv']")
    card.get_by_text("Xem 2 dòng đúng").click()
    expect(card.locator("[data-taken]")).to_have_count(2)
    expect(card.locator(f"[data-taken='{rows[0]['code']}']")).to_contain_text("không đổi")
    expect(card.locator("[data-taken='MOI-1']")).to_contain_text("mới")
    assert grave_findings(page) == []


def test_a_first_plan_is_asked_for_some_bases_only(morning: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, _ = morning
    page = dispatcher.page
    dispatcher.come()
    dispatcher.click("Lập kế hoạch")
    dialog = page.get_by_role("dialog")
    base = day_inputs()["network"]["couriers"][0]["base_id"]
    there = [row for row in day_inputs()["network"]["couriers"] if row["base_id"] == base]
    crew = [row for row in there if row.get("reserve") != "yes"]
    dialog.locator(f"input[value='{base}']").check()
    expect(dialog.get_by_text("Chỉ xếp 1 trên")).to_be_visible()
    expect(dialog.get_by_text(f"{len(crew)} trên {len(crew)} bưu tá đi làm")).to_be_visible()
    assert grave_findings(page) == []
    with page.expect_response(lambda one: one.url.endswith("/api/v1/plans") and one.request.method == "POST") as put:
        dispatcher.click_last("Bắt đầu")
    assert put.value.status == 202
    with service.runtime.database.read() as connection:
        text = connection.exec_driver_sql("SELECT payload FROM jobs WHERE kind = 'plan' ORDER BY job_id DESC")
        assert json.loads(text.scalars().first() or "")["bases"] == [base]
    dispatcher.click("Hủy tìm")
    expect(page.locator("[data-job]")).to_have_count(0, timeout=120_000)
