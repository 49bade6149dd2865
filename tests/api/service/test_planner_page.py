"""The planner's page in a real browser: a study looked at, compared, sorted, downloaded and opened; one started."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.api.coverage.studies import COMMUNES, PRICES, WITHOUT, made_study, people_within
from tests.api.service.dispatching import opened_morning
from tests.api.service.made_studies import its_network, put_study
from tests.api.service.running import PASSWORD, Service
from tests.axe import grave_findings
from tests.browser import heard_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Phương án 24 xã"
NAMES = {f"DC-{number:02d}": name for number, (_, _, name, _, _) in enumerate(COMMUNES)}
FAILURE = {"code": "bad_input", "message_vi": "Không ai sống ở đây.", "message_en": "Nobody lives here."}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    with opened_morning(tmp_path_factory.mktemp("planner")) as opened:
        put_study(opened[0], None, title="Mạng lưới cũ", error=FAILURE)
        put_study(opened[0], made_study(network=its_network(opened[0])), title=TITLE)
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found, complaints = heard_page(browser, (1366, 768))
    found.set_default_timeout(40_000)
    yield found
    found.context.close()
    assert complaints == []


def come(page: Page, address: str, login: str = "planner") -> None:
    page.goto(f"{address}/planner")
    log_in(page, login)
    expect(page.locator("[data-study]").first).to_be_visible()


def log_in(page: Page, login: str = "planner") -> None:
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


def open_study(page: Page, address: str) -> None:
    come(page, address)
    page.get_by_role("button", name=f"Mở {TITLE}").click()
    expect(page.locator('[data-marks="after"]')).to_be_visible()


def shown_people(page: Page) -> tuple[int, int]:
    """Before and after, as the line under the map has them."""
    line = page.locator("p[data-people]")
    return int(line.get_attribute("data-before") or -1), int(line.get_attribute("data-people") or -1)


def has_no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_place_is_chosen_in_the_table_and_compared_on_the_map(page: Page, province: tuple[Service, str]) -> None:
    open_study(page, province[1])
    expect(page.get_by_text("Mạng đường tổng hợp", exact=True)).to_be_visible()
    assert shown_people(page) == (people_within(30), people_within(30, 3)), "the last efficient choice comes first"

    page.get_by_role("tab", name="Điểm dân cư").click()
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(len(WITHOUT))
    page.get_by_role("button", name="Xếp theo Nơi").click()
    expect(rows.first).to_contain_text("Đào Hữu Cảnh")
    page.get_by_label("Tìm nơi hay xã").fill("vinh khanh")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Vĩnh Khánh")
    page.get_by_role("button", name="Xem Vĩnh Khánh").click()
    card = page.locator('[data-place-card="DC-09"]')
    expect(card.locator("tr.best")).to_contain_text("Lưu động mỗi tuần (thứ Tư)")
    expect(card.locator("tr.best")).to_contain_text(f"+{(PRICES[2] + 2_000_000) // 1_000_000},0")
    expect(card.locator("[data-chance]")).to_contain_text("18,0 triệu")  # 0.2 % of 9,000
    expect(card.locator('[data-remedy="home_pickup"]')).to_contain_text("≈ ngang giá")  # 13 million dearer
    expect(card.locator('[data-remedy="daily_visit"]')).not_to_contain_text("≈")
    expect(card.locator('[data-remedy="new_point"] td').first).to_have_text("40,0")
    expect(card.locator('[data-remedy="home_pickup"] td').first).to_have_text("tại nhà")
    gained = 4_000 + 500 * 9
    expect(page.locator(f'p[data-people="{people_within(30) + gained}"]')).to_be_visible()
    expect(page.locator('[data-marks="after"] text')).to_have_text("Vĩnh Khánh")
    assert "place=DC-09" in page.url
    assert grave_findings(page) == []


def test_the_slider_moves_by_keyboard_and_cuts_the_map(page: Page, province: tuple[Service, str]) -> None:
    open_study(page, province[1])
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator('[data-marks="before"]')).to_have_attribute("style", "clip-path: inset(0px 100% 0px 0%);")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "3% bản đồ là hiện trạng")
    expect(page.locator('[data-marks="after"]')).to_have_attribute("style", "clip-path: inset(0px 0% 0px 3%);")
    page.get_by_role("button", name="Chỉ xem hiện trạng").click()
    expect(slider).to_have_count(0)
    assert shown_people(page) == (people_within(30),) * 2


def test_frontier_floors_scenarios_and_assumptions_say_what_the_study_says(
    page: Page, province: tuple[Service, str]
) -> None:
    open_study(page, province[1])
    expect(page.locator('[data-floor="hours-open"]')).to_contain_text("Không đạt")
    expect(page.locator('[data-floor="mean-radius"]')).to_contain_text("Đạt")
    assert grave_findings(page) == []
    page.keyboard.press("Tab")
    page.get_by_role("tab", name="Hiện trạng").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Xem k =").select_option("2")
    expect(page.locator(f'p[data-people="{people_within(30, 2)}"]')).to_be_visible()
    expect(page.locator(".chosen")).to_contain_text("tham lam kém 1.000 người")
    expect(page.locator(".chosen")).to_contain_text(", ".join(NAMES[place] for place in WITHOUT[:2]))
    step = page.get_by_label("Xem phương án").locator("option").nth(4)
    expect(step).to_have_text(re.compile(r"\+54,0 ± 6,0 triệu đ.* cước bớt 4,5 triệu đ"))
    page.get_by_label("Xem phương án").select_option("3")
    expect(page.locator("[data-postage]")).to_contain_text("−4,5 triệu đ")
    expect(page.locator("li").filter(has_text=NAMES["DC-09"])).to_contain_text("Lưu động mỗi tuần, 2,0 giờ/tuần")
    assert grave_findings(page) == []
    page.get_by_role("tab", name="Kịch bản").click()
    page.locator('[data-scenario="three_desks"]').click()
    total = page.locator('[data-figure="total_dong"]')
    expect(total).to_contain_text("9.000,0")
    expect(total).to_contain_text("8.850,0")
    expect(total).to_contain_text("−150,0")
    expect(total).to_contain_text("8.700,0 đến 9.020,0")
    expect(total).to_contain_text("−66,0 đến −42,0")
    expect(page.locator("[data-scenario-card] [data-chance]")).to_have_count(0)  # 1.7 % is no chance
    expect(page.locator("[data-floors] li")).to_have_text(
        "Giờ mở cửa mỗi ngày: 1 trên 12 không đạt → 0 trên 12 không đạt"
    )
    assert shown_people(page) == (people_within(30),) * 2
    page.locator('[data-scenario="home_pickup"]').click()
    expect(page.locator(f'p[data-people="{people_within(30, 3)}"]')).to_be_visible()
    assert grave_findings(page) == []
    page.get_by_role("tab", name="Giả định").click()
    expect(page.locator("[data-assumption]")).to_have_count(len(made_study().assumptions))
    expect(page.locator('[data-assumption="new_point_dong"]')).to_contain_text("84.000.000")
    assert grave_findings(page) == []


def test_every_file_is_downloaded_and_says_the_same(page: Page, province: tuple[Service, str], tmp_path: Path) -> None:
    open_study(page, province[1])

    def saved(name: str) -> Path:
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        target = tmp_path / download.value.suggested_filename
        download.value.save_as(target)
        expect(page.get_by_text(f"Đã tải {target.name}.")).to_be_attached()
        return target

    remedies = gpd.read_file(saved("GeoPackage"), layer="remedies")
    assert sorted(remedies[remedies["place_id"] == "DC-00"]["added_dong"]) == sorted(PRICES)
    drawn = json.loads(saved("GeoJSON").read_text(encoding="utf-8"))["features"]
    spots = [one for one in drawn if one["geometry"]["type"] == "Point"]
    assert len(spots) == len(COMMUNES) * 2 - len(WITHOUT)
    assert {one["properties"]["of"] for one in drawn if one["properties"]["layer"] == "reach"} >= {"today", "place"}
    book = load_workbook(BytesIO(saved("XLSX").read_bytes()))
    assert book["Số điểm mở thêm"].max_row == 2 + len(WITHOUT) + 1
    printed = PdfReader(saved("Báo cáo PDF"))
    assert "MẠNG ĐƯỜNG TỔNG HỢP" in printed.pages[0].extract_text()
    written = Document(str(saved("Báo cáo DOCX")))
    assert any(line.text == "Giả định và nguồn" for line in written.paragraphs)


@pytest.mark.long
def test_english_fits_both_sizes_and_a_phone_can_read_it(browser: Browser, province: tuple[Service, str]) -> None:
    for size in ((1366, 768), (1920, 1080), (390, 844)):
        page, complaints = heard_page(browser, size)
        page.set_default_timeout(40_000)
        open_study(page, province[1])
        page.get_by_role("button", name="EN – English").click()
        for tab in ("Today", "Places", "Where to begin", "Scenarios", "Assumptions"):
            page.get_by_role("tab", name=tab).click()
            expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
            if tab == "Places":
                page.get_by_role("button", name="Look at Vĩnh Khánh").click()
                card = page.locator("[data-place-card]")
                expect(card).to_be_visible()
                assert size[0] < 1000 or card.evaluate("card => card.scrollWidth <= card.clientWidth"), size
            assert has_no_sideways_scroll(page), (size, tab)
        expect(page.get_by_text("Synthetic roads", exact=True)).to_be_visible()
        assert grave_findings(page) == []
        page.context.close()
        assert complaints == []


def test_a_failed_study_says_why_and_an_auditor_can_only_look(page: Page, province: tuple[Service, str]) -> None:
    come(page, province[1], login="auditor")
    expect(page.get_by_text(FAILURE["message_vi"])).to_be_visible()
    expect(page.get_by_role("button", name="Nghiên cứu mới")).to_have_count(0)
    expect(page.get_by_role("button", name="Xóa Mạng lưới cũ")).to_have_count(0)
    assert grave_findings(page) == []
    page.get_by_role("button", name="Mở Mạng lưới cũ").click()
    expect(page.get_by_role("heading", name="Không tính được nghiên cứu")).to_be_visible()


def test_the_link_of_a_deleted_study_says_so_and_leads_back_to_the_list(
    page: Page, province: tuple[Service, str]
) -> None:
    service, address = province
    study_id = put_study(service, None, title="Sẽ xóa", error=FAILURE)
    assert service.ask("DELETE", f"/api/v1/coverage/studies/{study_id}", by="planner").status_code == 204
    page.goto(f"{address}/planner#study={study_id}&tab=choosing")
    log_in(page)
    failed = page.locator("[data-failed]")
    expect(failed).to_contain_text(f"Không có nghiên cứu {study_id}.")
    expect(page.get_by_text("Đang mở nghiên cứu…")).to_have_count(0)
    assert grave_findings(page) == []
    with page.expect_response(lambda one: one.url.endswith(f"/{study_id}")):
        failed.get_by_role("button", name="Thử lại").click()
    expect(failed).to_be_visible()
    failed.get_by_role("button", name="Các nghiên cứu").click()
    expect(page.get_by_role("button", name=f"Mở {TITLE}")).to_be_visible()
    assert study_id not in page.url


def test_a_list_that_did_not_come_is_asked_for_again(page: Page, province: tuple[Service, str]) -> None:
    page.route("**/coverage/studies?*", lambda route: route.abort())
    page.goto(f"{province[1]}/planner")
    log_in(page)
    failed = page.locator("[data-failed]")
    expect(failed).to_contain_text("Không tải được danh sách nghiên cứu")
    expect(page.get_by_role("button", name="Nghiên cứu mới")).to_be_visible()
    page.unroute("**/coverage/studies?*")
    failed.get_by_role("button", name="Thử lại").click()
    expect(page.get_by_role("button", name=f"Mở {TITLE}")).to_be_visible()
    expect(failed).to_have_count(0)


def test_a_refusal_stays_told_while_a_study_is_computed(page: Page, province: tuple[Service, str]) -> None:
    service, address = province
    gone = put_study(service, None, title="Người khác xóa", error=FAILURE)
    come(page, address)
    assert service.ask("DELETE", f"/api/v1/coverage/studies/{gone}", by="planner").status_code == 204
    page.get_by_role("button", name="Nghiên cứu mới").click()
    page.get_by_label("Tên nghiên cứu").fill("Đang tính")
    page.get_by_label("Ngày của mạng lưới").fill("2026-11-25")
    page.get_by_label("Tính nhanh").check()
    page.get_by_role("button", name="Bắt đầu tính").click()
    expect(page.locator("[data-progress]")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Xóa Người khác xóa").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text(f"Không có nghiên cứu {gone}.")
    for _ in range(2):
        with page.expect_response(lambda one: one.url.endswith("/state") and one.ok):
            pass
    expect(told).to_contain_text(f"Không có nghiên cứu {gone}.")
    page.get_by_role("button", name="Dừng Đang tính").click()
    expect(page.locator("tr", has_text="Đang tính")).to_contain_text("Đã dừng")


def test_the_reached_land_is_shown_on_both_sides_and_says_that_roads_are_synthetic(
    page: Page, province: tuple[Service, str]
) -> None:
    open_study(page, province[1])
    toggle = page.get_by_role("button", name="Vùng phục vụ")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    toggle.focus()
    page.keyboard.press("Enter")
    before, after = (page.locator(f'[data-land="{side}"]') for side in ("before", "after"))
    expect(before).to_be_visible(timeout=120_000)
    expect(page.get_by_text("vùng tới được điểm trong 30 phút")).to_be_visible()
    expect(page.get_by_text("Mạng đường tổng hợp", exact=True)).to_be_visible()
    assert before.locator("path.added").count() == 0
    assert float(after.get_attribute("data-km2") or 0) >= float(before.get_attribute("data-km2") or 0) > 0
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    expect(after).to_have_attribute("style", "clip-path: inset(0px 0% 0px 100%);")
    assert grave_findings(page) == []
    toggle.click()
    expect(before).to_have_count(0)


def test_the_form_says_what_is_wrong_and_sends_sums_mergers_and_targets(
    page: Page, province: tuple[Service, str]
) -> None:
    come(page, province[1])
    page.get_by_role("button", name="Nghiên cứu mới").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Tính nhanh").check()
    for scenario in ("Chi không quá một khoản tiền", "Sáp nhập xã", "Chỉ tiêu tỷ lệ"):
        form.get_by_label(scenario).check()
    form.get_by_label("Triệu đồng một năm").fill("0")
    form.get_by_label("Mỗi dòng: mã cơ quan").fill("* = 120")
    form.get_by_role("button", name="Bắt đầu tính").click()
    for fault in ("Hãy đặt tên", "lớn hơn 0", "ít nhất một mã xã", "Cần mã một bưu cục", "Dòng 1: cần mã cơ quan"):
        expect(form.get_by_text(fault)).to_be_visible()
    expect(form.get_by_label("Tên nghiên cứu")).to_be_focused()
    assert grave_findings(page) == []
    form.get_by_label("Tên nghiên cứu").fill("Bốn kịch bản")
    form.get_by_label("Triệu đồng một năm").fill("400")
    form.get_by_label("Mã các xã").fill("30337, 30341")
    form.get_by_label("Bưu cục phục vụ").fill("BC-AP")
    form.get_by_label("Mỗi dòng: mã cơ quan").fill("* = 12,5")
    expect(form.locator(".fault")).to_have_count(0)
    with page.expect_response(lambda one: one.request.method == "POST" and "/studies" in one.url) as answered:
        form.get_by_role("button", name="Bắt đầu tính").click()
    assert answered.value.status == 202
    asked = {one["key"]: one for one in answered.value.json()["asked"]["scenarios"]}
    assert asked["spend"]["change"] == [{"kind": "spend", "dong": 400_000_000}]
    assert asked["merge"]["change"] == [{"kind": "merge", "communes": ["30337", "30341"], "base": "BC-AP"}]
    assert asked["today"]["change"] == []
    assert {tuple(one["targets"].items()) for one in asked.values()} == {(("*", 0.125),)}
    page.get_by_role("button", name="Dừng Bốn kịch bản").click()
    expect(page.locator("tr", has_text="Bốn kịch bản")).to_contain_text("Đã dừng")


def test_a_study_is_started_cancelled_and_deleted(page: Page, province: tuple[Service, str]) -> None:
    come(page, province[1])
    page.get_by_role("button", name="Nghiên cứu mới").click()
    page.get_by_label("Tên nghiên cứu").fill("Thử một lần")
    page.get_by_label("Ngày của mạng lưới").fill("2026-11-25")
    page.get_by_label("Tính nhanh").check()
    page.get_by_role("button", name="Bắt đầu tính").click()
    cancel = page.get_by_role("button", name="Dừng Thử một lần")
    expect(page.locator("[data-progress]")).to_be_visible()
    assert grave_findings(page) == []
    cancel.click()
    row = page.locator("tr", has_text="Thử một lần")
    expect(row).to_contain_text("Đã dừng")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Xóa Thử một lần").click()
    expect(row).to_have_count(0)
