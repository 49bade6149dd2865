"""The desks of an agency and of a one-stop: what passes between them and a courier, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from api.shipments.s10 import make_s10
from tests.api.service.custody_made import made, send
from tests.api.service.desk_made import (
    AGENCY,
    ELSEWHERE,
    ONE_STOP,
    RESULTS,
    Clerk,
    add_agency_desks,
    brought,
    faults,
    history,
    opened_office,
)
from tests.api.service.running import COURIER, Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DOSSIERS = tuple(make_s10(number) for number in range(201, 204))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[Service, str]]:
    with opened_office(tmp_path) as (service, address):
        add_agency_desks(service)
        brought(service, *DOSSIERS)
        yield service, address


@pytest.fixture
def clerk(browser: Browser, office: tuple[Service, str]) -> Iterator[Clerk]:
    found = _at_desk(browser, office, "agency-desk")
    yield found
    found.page.context.close()
    assert found.complaints == []


def _at_desk(browser: Browser, office: tuple[Service, str], login: str, size: tuple[int, int] = (1366, 768)) -> Clerk:
    service, address = office
    found = Clerk.at(browser, address, size)
    found.enrol(service, login)
    found.log_in(login)
    expect(found.page.get_by_role("button", name="Nhận từ bưu tá", exact=True)).to_be_visible(timeout=30_000)
    return found


def _scan(clerk: Clerk, *codes: str) -> None:
    for code in codes:
        clerk.page.locator("[data-scan]").fill(code)
        clerk.page.keyboard.press("Enter")


def _row(clerk: Clerk, code: str) -> Locator:
    return clerk.page.locator(f'[data-row="{code}"]')


def _sign(clerk: Clerk) -> None:
    form = clerk.page.locator("form").filter(has=clerk.page.locator("[data-row]"))
    clerk.sign("signature_theirs", form)
    clerk.sign("signature_ours", form)


def test_an_agency_is_shown_what_an_agency_does(clerk: Clerk) -> None:
    tabs = clerk.page.get_by_role("navigation").get_by_role("button")
    expect(tabs).to_have_text(["Nhận từ bưu tá", "Giao bưu tá", "Hôm nay", "Đã ghi"])
    expect(clerk.page.locator("h1")).to_have_text("Bộ phận một cửa")
    expect(clerk.page.get_by_label("Thủ tục")).to_have_count(0)


def test_an_agency_takes_dossiers_in_each_with_its_count_and_slip(office: tuple[Service, str], clerk: Clerk) -> None:
    service, _ = office
    page = clerk.page
    first, second, absent = DOSSIERS
    page.locator(f'[data-bringer="{COURIER}"]').click()
    _scan(clerk, first, second)
    page.get_by_role("checkbox", name=absent).check()
    button = page.get_by_role("button", name="Ký nhận 2 bưu gửi")
    for code, slip in ((first, "GH-11"), (second, "")):
        row = _row(clerk, code)
        expect(row.locator('[data-piece="fee_dong"]')).to_have_value("200.000")
        row.locator('[data-piece="count"]').fill("4")
        if slip:
            row.locator('[data-piece="slip_no"]').fill(slip)
            row.locator('[data-piece="appointment_on"]').fill("2026-12-15")
    _sign(clerk)
    expect(button).to_be_disabled()  # the second has neither a slip nor a reason
    _row(clerk, second).locator('[data-piece="no_slip_reason"]').fill("Bổ sung hồ sơ trước")
    _row(clerk, second).get_by_role("checkbox").check()
    assert faults(clerk) == []
    button.click()
    expect(page.locator('[data-done="batch"] [data-verdict="accepted"]')).to_be_visible()
    expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "0")
    accepted, handed = history(service, first)
    assert (handed["type"], handed["holding"], handed["is_complete"]) == ("HAND_AGENCY", "done", True)
    data = handed["record"]["data"]
    assert (data["site_id"], data["courier_id"], data["slip_no"]) == (AGENCY, COURIER, "GH-11")
    assert date.fromisoformat(data["appointment_on"]) == date(2026, 12, 15)
    assert handed["record"]["follows"] == accepted["event_id"]
    assert (handed["personal"]["data.count"], handed["personal"]["data.fee_dong"]) == (4, 200_000)
    told = {code: [event["type"] for event in history(service, code)] for code in DOSSIERS}
    assert told == {
        first: ["ACCEPT", "HAND_AGENCY"],
        second: ["ACCEPT", "HAND_AGENCY", "EXCEPTION"],
        absent: ["ACCEPT", "EXCEPTION"],
    }
    assert history(service, absent)[-1]["holder"] == COURIER


def test_an_agency_gives_a_result_to_a_courier(office: tuple[Service, str], clerk: Clerk) -> None:
    service, _ = office
    page = clerk.page
    clerk.tab("Giao bưu tá")
    page.locator("[data-courier]").select_option(COURIER)
    page.get_by_role("button", name="Quét để giao").click()
    _scan(clerk, ELSEWHERE)
    _row(clerk, ELSEWHERE).locator('[data-piece="count"]').fill("2")
    _row(clerk, ELSEWHERE).locator('[data-piece="seal"]').fill("NP-7")
    _sign(clerk)
    page.get_by_role("button", name="Giao 1 bưu gửi").click()
    expect(page.locator('[data-done="batch"] [data-verdict="accepted"]')).to_be_visible()
    (event,) = history(service, ELSEWHERE)
    assert (event["type"], event["holding"], event["holder"]) == ("COLLECT_RESULT", "courier", COURIER)
    assert (event["is_complete"], event["record"]["data"]["seal"]) == (True, "NP-7")
    expect(page.get_by_text("Không có bưu gửi nào chờ")).to_be_visible()


def test_an_agency_sees_its_day_and_reports_what_was_not_handed_over(office: tuple[Service, str], clerk: Clerk) -> None:
    service, _ = office
    page = clerk.page
    _told_by_the_courier(service, DOSSIERS[0])
    clerk.tab("Hôm nay")
    for name, codes in (("coming", DOSSIERS[1:]), ("ready", (ELSEWHERE,)), ("handed", DOSSIERS[:1])):
        rows = page.locator(f'[data-list="{name}"] tbody tr')
        expect(rows).to_have_count(len(codes))
        assert {row.get_attribute("data-code") for row in rows.all()} == set(codes)
    page.get_by_role("button", name=f"Báo sai lệch {DOSSIERS[0]}").click()
    form = page.locator(f'[data-dispute="{DOSSIERS[0]}"]')
    expect(form.get_by_role("button", name="Gửi báo cáo")).to_be_disabled()
    form.locator('[data-piece="note"]').fill("Không thấy phong bì này.")
    form.get_by_role("button", name="Gửi báo cáo").click()
    expect(form.locator('[data-verdict="accepted"]')).to_be_visible()
    *_, event = history(service, DOSSIERS[0])
    assert (event["type"], event["personal"]["data.note"]) == ("EXCEPTION", "Không thấy phong bì này.")


def test_another_agency_sees_nothing_of_it(browser: Browser, office: tuple[Service, str]) -> None:
    service, _ = office
    answer = service.ask("GET", f"/api/v1/shipments/{DOSSIERS[0]}", by="other-agency-desk")
    assert answer.status_code == 404
    other = _at_desk(browser, office, "one-stop-desk")
    expect(other.page.get_by_text("Không có bưu tá hay chuyến thư")).to_have_count(0)  # it begins with dossiers
    other.tab("Nhận từ bưu tá")
    expect(other.page.get_by_text("Không có bưu tá hay chuyến thư")).to_be_visible()


def test_a_one_stop_accepts_a_dossier_and_gives_it_to_a_courier(browser: Browser, office: tuple[Service, str]) -> None:
    service, _ = office
    clerk = _at_desk(browser, office, "one-stop-desk")
    page = clerk.page
    code = make_s10(301)
    clerk.fill_dossier(code)
    page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    expect(page.locator('[data-verdict="accepted"]')).to_be_visible()
    clerk.tab("Giao bưu tá")
    page.locator("[data-courier]").select_option(COURIER)
    page.get_by_role("button", name="Quét để giao").click()
    _scan(clerk, code)
    page.get_by_role("button", name="Giao 1 bưu gửi").click()
    expect(page.locator('[data-done="batch"] [data-verdict="accepted"]')).to_be_visible()
    told = [(event["type"], event["holder"]) for event in history(service, code, by="one-stop-desk")]
    assert told == [("ACCEPT", ONE_STOP), ("OUT", COURIER)]


@pytest.mark.long
@pytest.mark.parametrize("size", [(1366, 768), (360, 800)], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_screen_of_an_agency_is_fit_for_everybody(
    browser: Browser, office: tuple[Service, str], tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    clerk = _at_desk(browser, office, "agency-desk", size)
    page = clerk.page

    def faults_of(name: str) -> list[str]:
        page.screenshot(path=tmp_path / f"{language}-{size[0]}-{name}.png", full_page=True)
        return faults(clerk)

    if language == "en":
        page.get_by_role("button", name="English").click()
    tabs = page.get_by_role("navigation").get_by_role("button")
    found = {}
    expect(page.locator("[data-bringer]")).to_be_visible()
    found["bringers"] = faults_of("bringers")
    page.locator("[data-bringer]").click()
    _scan(clerk, DOSSIERS[0], RESULTS[0])
    expect(page.locator("[data-row]")).to_be_visible()
    found["take"] = faults_of("take")
    tabs.nth(1).click()
    page.locator("[data-courier]").select_option(COURIER)
    found["give"] = faults_of("give")
    tabs.nth(2).click()
    expect(page.locator("table").first).to_be_visible()
    found["today"] = faults_of("today")
    assert {name: what for name, what in found.items() if what} == {}


def _told_by_the_courier(service: Service, code: str) -> None:
    data = {"courier_id": COURIER, "site_id": AGENCY, "count": 1, "no_slip_reason": "bổ sung", "fee_dong": 0}
    (answer,) = send(service, made("HAND_AGENCY", 60, code=code, data=data))
    assert answer["verdict"] == "incomplete"  # its signatures do not matter here
