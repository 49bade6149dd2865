"""A dispatcher compares plans, asks why something has no round, prints and exports: in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from api.plans.schemas import Plan, PlannedRoute
from tests.api.service.day_inputs import day_inputs
from tests.api.service.dispatching import Dispatcher, import_all, opened_morning
from tests.api.service.made_plans import best_of, day_plan, day_snapshot, put_plan, store_plan
from tests.api.service.running import Service
from tests.axe import IN_THE_SUN, grave_findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    with opened_morning(tmp_path_factory.mktemp("morning")) as opened:
        import_all(opened[0])
        yield opened


@pytest.fixture
def dispatcher(browser: Browser, morning: tuple[Service, str]) -> Iterator[Dispatcher]:
    found = Dispatcher.at(browser, morning[1])
    yield found
    found.page.context.close()
    assert found.complaints == []


def edit(service: Service, plan_id: str, version: int, **what: Any) -> None:
    path, headers = f"/api/v1/plans/{plan_id}/edits", {"If-Match": f'"{version}"'}
    answer = service.ask("POST", path, by="planner", json=what, headers=headers)
    assert answer.status_code == 200, answer.text


def longest() -> PlannedRoute:
    """A round that goes on when a stop of it is left out."""
    return max(day_plan().routes, key=lambda route: len(route.trips[0].stops))


def first_codes() -> list[str]:
    return [task.shipment for task in longest().trips[0].stops[0].tasks]


def km(metres: int) -> str:
    """As a Vietnamese page writes it."""
    return f"{metres / 1000:.1f} km".replace(".", ",")


def test_a_plan_beside_itself_before_a_hand_changed_it(morning: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, _ = morning
    plan_id, codes, page = put_plan(service), first_codes(), dispatcher.page
    edit(service, plan_id, 1, kind="unassign", shipments=codes)
    dispatcher.come(plan=plan_id)
    dispatcher.click("So sánh")
    expect(page.get_by_label("Chính nó trước khi sửa tay (bản 1)")).to_be_checked()
    dispatcher.click_last("So sánh")
    carried = page.locator("[data-figure=carried] td")
    before = day_plan().totals.carried
    expect(carried.nth(0)).to_have_text(str(before))
    expect(carried.nth(1)).to_have_text(str(before - len(codes)))
    expect(carried.nth(2)).to_contain_text(f"−{len(codes)}")
    expect(carried.nth(2)).to_contain_text("kém hơn")
    found = service.ask("GET", f"/api/v1/plans/{plan_id}/comparison/{plan_id}?version=1", by="auditor").json()
    distance = found["difference"]["distance"]
    expect(page.locator("[data-figure=distance] td").nth(2)).to_contain_text(km(abs(distance)))
    courier = longest().courier_id
    expect(page.locator("[data-change]")).to_have_count(1)
    change = page.locator(f"[data-change='{courier}']")
    expect(change).to_contain_text("Đổi chuyến")
    change.get_by_role("button").click()
    for code in codes:
        expect(page.locator(".removed", has_text=code)).to_be_visible()
        expect(page.locator(f"[data-moved='{code}']")).to_contain_text("→ để lại")
    expect(page.locator("path.old").first).to_be_visible()
    expect(page.locator("circle.gone")).to_have_count(1)
    page.reload()  # the address says what is compared
    expect(page.locator("[data-figure=carried] td").nth(2)).to_contain_text("kém hơn")
    dispatcher.click("⇄ Đổi chiều")
    expect(page.locator("[data-figure=carried] td").nth(2)).to_contain_text("tốt hơn")
    dispatcher.click("‹ Quay lại")
    expect(page.locator("[data-courier]").first).to_be_visible()


def test_two_plans_of_a_day_that_were_not_made_from_the_same_are_said_to_be_so(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, _ = morning
    page = dispatcher.page
    first = put_plan(service)
    other = _fewer_rounds(day_plan())
    second = store_plan(service, day_snapshot(), best_of(other), "planner")
    dispatcher.come()
    expect(page.get_by_role("button", name="So sánh hai kế hoạch đã chọn")).to_be_disabled()
    page.locator(f"[data-plan='{first}'] input").check()
    page.locator(f"[data-plan='{second}'] input").check()
    dispatcher.click("So sánh hai kế hoạch đã chọn")
    expect(page.get_by_role("alert")).to_contain_text("không cùng dữ liệu đầu vào")
    expect(page.locator("[data-figure=couriers] td").nth(2)).to_have_text("−1")  # and no verdict
    gone = page.locator(f"[data-change='{day_plan().routes[0].courier_id}']")
    expect(gone).to_contain_text("Bỏ chuyến")
    assert f"compare={first}..{second}" in page.url


def _fewer_rounds(plan: Plan) -> Plan:
    """A plan of other inputs, without the first round."""
    totals = plan.totals.model_copy(update={"couriers": plan.totals.couriers - 1})
    return plan.model_copy(update={"routes": plan.routes[1:], "totals": totals, "shipments_sha256": "0" * 64})


def test_why_something_has_no_round_and_putting_it_into_one(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, _ = morning
    plan_id, code, page = put_plan(service), first_codes()[0], dispatcher.page
    edit(service, plan_id, 1, kind="unassign", shipments=[code])
    said = service.ask("GET", f"/api/v1/plans/{plan_id}/unassigned/{code}", by="auditor").json()
    dispatcher.come(plan=plan_id)
    page.get_by_role("tab", name="Chưa xếp").click()
    item = page.locator(f"[data-shipment='{code}']")
    told = item.locator("[data-explained]")  # asked for by itself: a hand gives no reason
    expect(told).to_contain_text(said["reasons"][0]["detail"]["vi"])
    courier = said["reasons"][0]["courier_id"]
    name = next(one["name"] for one in day_inputs()["network"]["couriers"] if one["courier_id"] == courier)
    searched = page.locator(f"[data-shipment='{day_plan().unassigned[0].shipment}']")
    searched.get_by_role("button", name="Ai gần chở được").click()
    expect(searched.locator("[data-explained]")).to_be_visible()
    told.get_by_role("button", name=f"Thử xếp cho {name}").click()
    done = page.locator("[data-done]")
    expect(done).to_have_attribute("data-done", "0")  # no rule is broken
    expect(done).to_contain_text(code)
    expect(item).to_have_count(0)
    page.get_by_role("button", name="Hoàn tác").first.click()
    expect(item).to_be_visible()


def saved(page: Page, press: str) -> tuple[str, bytes]:
    """Press a button and take the file that the browser saves."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=press, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_everything_is_printed_and_exported_from_one_dialog_and_a_round_by_one_click(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, _ = morning
    plan_id, route, page = put_plan(service), day_plan().routes[0], dispatcher.page
    dispatcher.come(plan=plan_id)
    page.locator(f"[data-courier='{route.courier_id}']").click()
    name, content = saved(page, "In phiếu chuyến")
    assert name == f"phieu-chuyen-20261125-v1-{route.courier_id}.pdf"
    printed = [one.extract_text() for one in PdfReader(BytesIO(content)).pages]
    assert all("BẢN NHÁP" in text for text in printed)
    looks = service.ask("GET", "/api/v1/looks", by="auditor").json()["looks"]
    assert f"{plan_id}/{route.courier_id}" in {one["subject"] for one in looks if one["action"] == "sheet_printed"}
    dispatcher.click("In và xuất")
    expect(page.get_by_label("Của ai")).to_have_value(route.courier_id)
    expect(page.get_by_text("mọi trang đều ghi “BẢN NHÁP”")).to_be_visible()
    page.get_by_label("Của ai").select_option("")
    for label, stem in (("Bảng kê", "bang-ke-20261125-v1.pdf"), ("GPX", "chuyen-gpx-20261125-v1.zip")):
        page.get_by_role("radio", name=label).check()
        name, content = saved(page, "Tải về")
        assert name == stem
        expect(page.get_by_text(f"Đã tải {stem}")).to_be_visible()
    with ZipFile(BytesIO(content)) as packed:
        assert len(packed.namelist()) == len(day_plan().routes)
    page.get_by_role("radio", name="XLSX").check()
    expect(page.get_by_label("Của ai")).to_have_count(0)
    name, content = saved(page, "Tải về")
    assert load_workbook(BytesIO(content)).sheetnames == ["Kế hoạch", "Chuyến", "Điểm dừng", "Chưa xếp"]
    page.get_by_role("radio", name="GeoJSON").check()
    assert saved(page, "Tải về")[0] == "ban-do-20261125-v1.geojson"


def test_who_may_not_print_names_is_told_and_gets_none(morning: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, _ = morning
    page = dispatcher.page
    dispatcher.come("auditor", plan=put_plan(service))
    dispatcher.click("In và xuất")
    expect(page.get_by_text("chỉ điều phối viên in được")).to_be_visible()
    page.get_by_label("Của ai").select_option(index=1)
    _, content = saved(page, "Tải về")
    text = "\n".join(one.extract_text() for one in PdfReader(BytesIO(content)).pages)
    assert not [row["contact_name"] for row in day_inputs()["shipments"] if row.get("contact_name", "?") in text]


@pytest.mark.long
@pytest.mark.parametrize(("language", "size"), [("vi", (1366, 768)), ("en", (1920, 1080))])
def test_these_screens_are_sound_for_who_cannot_see_hear_or_point_well(
    morning: tuple[Service, str], browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    service, address = morning
    put_plan(service)  # where there is only one, the day offers none to be compared
    plan_id, codes = put_plan(service), first_codes()
    edit(service, plan_id, 1, kind="unassign", shipments=codes)
    dispatcher = Dispatcher.at(browser, address, size)
    page = dispatcher.page
    dispatcher.come(plan=plan_id)
    if language == "en":
        page.get_by_role("button", name="English").click()
    expect(page.locator("[data-courier]").first).to_be_visible()
    page.get_by_role("tab").nth(1).click()
    expect(page.locator("[data-explained]").first).to_be_visible()
    _look(page, tmp_path / "1-left.png", by_day_only=True)
    compare, save = {"vi": ("So sánh", "In và xuất"), "en": ("Compare", "Print and export")}[language]
    dispatcher.click(save)
    expect(page.locator("dialog [type=radio]").first).to_be_visible()
    _look(page, tmp_path / "2-print.png")
    page.keyboard.press("Escape")
    dispatcher.click(compare)
    expect(page.locator("dialog [type=radio]").first).to_be_checked()
    _look(page, tmp_path / "3-choose.png")
    page.locator("dialog .main").click()
    expect(page.locator("circle.gone")).to_have_count(1)
    page.locator("[data-change] button").first.click()
    expect(page.locator("ul.removed")).to_be_visible()
    _look(page, tmp_path / "4-compare.png")
    page.locator("[data-figure]").first.scroll_into_view_if_needed()
    page.screenshot(path=tmp_path / "5-whole.png", full_page=True)
    page.locator(".top button").first.click()
    page.locator(".bar button").first.click()
    expect(page.locator("[data-plan] input").first).to_be_visible()
    _look(page, tmp_path / "6-day.png")
    assert dispatcher.complaints == []
    page.context.close()


def _look(page: Page, picture: Path, *, by_day_only: bool = False) -> None:
    """No sideways scroll, nothing serious of axe; lists beside the map are held to 4.5:1, all others to 7:1."""
    page.screenshot(path=picture)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0, picture.name
    assert grave_findings(page, *(() if by_day_only else (IN_THE_SUN,))) == [], picture.name
