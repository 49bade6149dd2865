"""Reports at the console, in a real browser: figures against a plain count, down to shipments; shares; money signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from api.shipments.words import words_of
from tests.api.service.reporting import FIRST, LAST, agencies, opened_province, quarter_rows, take_money
from tests.api.service.running import COURIER, PASSWORD, Service
from tests.api.service.test_report_depth import plain
from tests.axe import grave_findings
from tests.browser import heard_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PERIOD = f"from={FIRST}&to={LAST}"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    with opened_province(tmp_path_factory.mktemp("reports")) as opened:
        take_money(opened[0])
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found, complaints = heard_page(browser, (1366, 768))
    found.set_default_timeout(30_000)
    yield found
    found.context.close()
    assert complaints == []


def come(page: Page, address: str, report: str, login: str = "head-dispatcher") -> None:
    page.goto(f"{address}/#section=reports&{report}")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("article.report, .empty h2").first).to_be_visible()


def counts_in(row: Locator) -> list[int]:
    """Total, early, on the day, late, open, overdue, returned, as the table says them."""
    expect(row.locator("td.num")).to_have_count(9)
    return [int(text.replace(".", "")) for text in row.locator("td.num").all_inner_texts()[:7]]


def counted(**wanted: str) -> list[int]:
    found = plain(**wanted)
    return [found[name] for name in ("total", "early", "on_the_day", "late", "open", "overdue", "returned")]


def test_from_the_province_to_the_shipments_behind_a_figure(province: tuple[Service, str], page: Page) -> None:
    row = quarter_rows()[0][0]
    agency, commune = row["origin_site"], row["dest_commune"]
    come(page, province[1], f"report=punctuality&{PERIOD}")
    table = page.locator("table[data-by=agency]")
    assert counts_in(table.locator("[data-group=sum]")) == counted()
    assert counts_in(table.locator(f"[data-group='{agency}']")) == counted(origin_site=agency)
    lates = [counts_in(one)[3] for one in table.locator("tbody tr").all()]
    assert lates == sorted(lates, reverse=True)

    table.locator(f"[data-group='{agency}'] th button").click()
    communes = page.locator("table[data-by=commune]")
    expect(communes.locator("[data-group=sum] td.num").first).to_have_text(str(counted(origin_site=agency)[0]))
    of_commune = communes.locator(f"[data-group='{commune}']")
    expected = counted(origin_site=agency, dest_commune=commune)
    assert counts_in(of_commune) == expected
    of_commune.locator("td.num button").first.click()
    expect(page.locator("dialog [data-shipment]")).to_have_count(expected[0])
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.reload()  # the address says all of it
    expect(page.locator(f"table[data-by=commune] [data-group='{commune}']")).to_be_visible()
    page.get_by_role("button", name="Cả tỉnh").click()
    expect(page.locator("table[data-by=agency] [data-group=sum] td.num").first).to_have_text("1.200")


def test_parts_charts_filter_and_workbook(province: tuple[Service, str], page: Page) -> None:
    come(page, province[1], f"report=punctuality&{PERIOD}&by=commune")
    table, late = page.locator("table[data-by=commune]"), plain()["late"]
    expect(page.locator("[data-part=post]")).to_contain_text(f"Trễ hạn {late}")
    page.get_by_role("button", name="Xem bảng").click()
    months = page.locator("figure table tbody tr")
    expect(months).to_have_count(3)
    assert sum(int(one.locator("td").last.inner_text()) for one in months.all()) == late
    drawn = page.locator("path[data-commune]").count()
    assert drawn >= 40
    first = table.locator("tbody tr").first.locator("th button").inner_text()
    page.get_by_label("Lọc theo tên hoặc mã").fill(" ".join(words_of(first)))
    expect(table.locator("tbody tr").first.locator("th button")).to_have_text(first)
    assert table.locator("tbody tr").count() < 40

    rows, ways = quarter_rows()
    taken = {way["code"]: way["taken_day"] for way in ways}
    ready = [(row["ready_day"], date.fromisoformat(row["appointment_on"]).toordinal()) for row in rows]
    agencies_late = sum(
        min(day, taken[row["code"]]) > due for row, (day, due) in zip(rows, ready, strict=True) if row["code"] in taken
    )
    page.locator("[data-part=agency]").click()
    expect(page.locator("[data-part=agency]")).to_contain_text(f"Trễ hạn {agencies_late}")
    expect(page.locator("[data-part=agency]")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Chặng", exact=True)).to_have_count(0)
    with page.expect_download() as kept:
        page.get_by_role("button", name="Tải XLSX").click()
    book: Any = load_workbook(BytesIO(Path(kept.value.path()).read_bytes()))
    assert book["Tổng hợp"].cell(3, 8).value == agencies_late


def test_what_an_agency_had_is_told_and_held_against_a_target(province: tuple[Service, str], page: Page) -> None:
    service, address = province
    agency = agencies()[0]
    target = {"dossier_percent": None, "result_percent": 50.0}
    path = f"/api/v1/reports/share-targets/{agency}/2026-Q2"
    assert service.ask("PUT", path, by="planner", json=target).status_code == 204
    come(page, address, f"report=share&{PERIOD}")
    line = page.locator(f"[data-agency='{agency}']")
    expect(line).to_contain_text("Thiếu 3 tháng")
    line.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Kết quả qua bưu điện, 2026-Q2")).to_be_disabled()  # a dispatcher sets no targets
    for month, returned in (("2026-04", "100"), ("2026-05", "120"), ("2026-06", "80")):
        dialog.get_by_label(f"Hồ sơ tiếp nhận, {month}").fill("10")
        dialog.get_by_label(f"Kết quả đã trả, {month}").fill(returned)
    dialog.get_by_role("button", name="Lưu").click()
    expect(page.locator("dialog")).to_have_count(0)
    rows, ways = quarter_rows()
    of_agency = {row["code"] for row in rows if row["origin_site"] == agency}
    days = range(FIRST.toordinal(), LAST.toordinal() + 1)
    posted = sum(way["code"] in of_agency and way["taken_day"] in days for way in ways)
    expect(line).to_contain_text(f"{posted} trên 300")
    gap = round(100 * posted / 300, 2) - 50
    said = f"{abs(gap):.2f}".replace(".", ",")
    expect(line).to_contain_text(f"{'+' if gap > 0 else '−'}{said} điểm")
    expect(line).to_contain_text("Đủ số liệu")


def test_money_is_signed_once_and_corrected_with_a_reason(province: tuple[Service, str], page: Page) -> None:
    come(page, province[1], "report=settlement")
    line = page.locator(f"[data-taker$='{COURIER}']")
    expect(line).to_have_attribute("data-state", "open")
    line.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Lệ phí đếm được (đ)").fill("50.000")
    dialog.get_by_label("Cước đếm được (đ)").fill("20.000")
    expect(dialog).to_contain_text("Chênh lệch: -4.000 đ")
    go = dialog.get_by_role("button", name="Ký nhận 70.000 đ")
    expect(go).to_be_disabled()  # a difference without a reason
    dialog.get_by_label("Lý do").fill("thiếu tiền lẻ")
    go.click()
    expect(line).to_have_attribute("data-state", "signed")
    expect(line).to_contain_text("-4.000")
    expect(page.locator("[data-taker=sum]")).to_contain_text("-4.000")
    line.get_by_role("button").click()
    dialog.get_by_label("Lệ phí đếm được (đ)").fill("50000")
    dialog.get_by_label("Cước đếm được (đ)").fill("24000")
    dialog.get_by_label("Lý do").fill("nộp bù")
    dialog.get_by_role("button", name="Ký nhận 74.000 đ").click()
    expect(line).to_contain_text("lần 2")
    expect(page.locator("[data-taker=sum] td.num").last).to_have_text("0")


def test_who_may_not_sees_why_and_empty_periods_say_so(province: tuple[Service, str], page: Page) -> None:
    come(page, province[1], "report=settlement", login="planner")
    expect(page.get_by_text("Báo cáo thanh toán dành cho điều phối")).to_be_visible()
    page.get_by_role("button", name="Đúng hạn", exact=True).click()
    page.get_by_label("Đến ngày").fill("2999-12-31")
    expect(page.get_by_role("alert")).to_contain_text("Kỳ báo cáo phải từ 1 đến 1100 ngày")
    page.get_by_label("Từ ngày").fill("2999-12-01")
    expect(page.get_by_text("Kỳ này chưa bắt đầu")).to_be_visible()
    expect(page.get_by_text("Không có bưu gửi nào có hạn trong kỳ này")).to_be_visible()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)], ids=["laptop", "desk"])
def test_nothing_is_cut_off_nor_hard_to_read(province: tuple[Service, str], browser: Browser, size: Any) -> None:
    page, complaints = heard_page(browser, size)
    come(page, province[1], f"report=punctuality&{PERIOD}")
    for language in ("VI", "EN"):
        page.locator(".languages button", has_text=language).click()
        for nth in range(3):
            page.locator("main nav").first.get_by_role("button").nth(nth).click()
            expect(page.locator("article.report > header h2")).to_have_text(
                page.locator("main nav").first.get_by_role("button").nth(nth).inner_text()
            )
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            assert grave_findings(page) == []
    page.get_by_label("Choose a period").select_option("month")
    expect(page.locator(f"[data-taker$='{COURIER}']")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert grave_findings(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_text("(Signature and name)").first).to_be_visible()
    expect(page.locator("header .brand")).to_be_hidden()
    page.context.close()
    assert complaints == []
