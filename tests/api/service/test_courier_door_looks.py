"""Every screen of taking papers in at a door, in both languages: read by axe, measured for thumbs and for the sun."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.api.service.courier_day import LOADED, courier_day
from tests.api.service.courier_phone import CourierPhone
from tests.api.service.custody_made import png
from tests.api.service.door_phone import ADDRESS, DOOR_BOOK, LABEL, NAME, PHONE
from tests.api.service.test_courier_looks import Step, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _stops(phone: CourierPhone) -> None:
    phone.page.locator("nav button").nth(1).click()
    phone.page.locator("[data-door]").scroll_into_view_if_needed()


def _stop(phone: CourierPhone) -> None:
    phone.page.locator("nav button").nth(1).click()
    phone.page.locator('[data-stop="1/1"]').click()
    phone.page.locator("[data-door]").scroll_into_view_if_needed()


def _begun(phone: CourierPhone) -> None:
    phone.page.locator("[data-door]").click()
    phone.page.locator("input[type=search]").fill("ca")


def _refused(phone: CourierPhone) -> None:
    phone.page.locator(".found", has_text="2.000635").click()


def _chosen(phone: CourierPhone) -> None:
    phone.page.locator('[data-piece="procedure"] button').click()
    phone.page.locator("input[type=search]").fill("1.004000")
    phone.page.locator(".found").click()


def _scans(phone: CourierPhone) -> None:
    phone.page.locator('input[value="scans"]').check()


def _citizen(phone: CourierPhone) -> None:
    page = phone.page
    page.locator('input[value="paper"]').check()
    page.locator('[data-piece="agency"] select').select_option("CQ1")
    phone.write(name=NAME, phone=PHONE, address=ADDRESS)
    page.locator('[data-piece="agency"]').scroll_into_view_if_needed()


def _papers(phone: CourierPhone) -> None:
    page = phone.page
    page.locator(".paper input").first.fill("Giấy chứng nhận quyền sử dụng đất")
    pictures = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": png()} for n in range(2)]
    phone.piece("photo").locator("input[type=file]").set_input_files(pictures)  # type: ignore[arg-type]
    expect(phone.piece("photo").locator("li")).to_have_count(2)
    phone.piece("photo").scroll_into_view_if_needed()


def _mistyped(phone: CourierPhone) -> None:
    phone.write(code="RR000005010VN")
    phone.page.keyboard.press("Enter")
    phone.page.locator(".wrong").scroll_into_view_if_needed()


def _money(phone: CourierPhone) -> None:
    phone.write(code=LABEL, seal="NP-0042", fee_dong="200.000")
    phone.write(receipt_no="BL-0815")
    phone.piece("receipt_no").scroll_into_view_if_needed()


def _signed(phone: CourierPhone) -> None:
    phone.sign("signature_theirs", "signature_ours")
    phone.page.locator("button.main").scroll_into_view_if_needed()


def _taken(phone: CourierPhone) -> None:
    phone.page.locator("button.main").click()
    phone.unsent(0)
    expect(phone.page.locator("[data-slip] .good")).to_be_visible()


def _pin(phone: CourierPhone) -> None:
    phone.page.locator("[data-slip] .card button.main").click()
    phone.page.locator("[data-pin]").wait_for()


def _large(phone: CourierPhone) -> None:
    phone.page.locator("header button").first.click()


SCREENS: tuple[tuple[str, Step], ...] = (
    ("stops", _stops),
    ("stop", _stop),
    ("begun", _begun),
    ("refused", _refused),
    ("chosen", _chosen),
    ("scans", _scans),
    ("citizen", _citizen),
    ("papers", _papers),
    ("mistyped", _mistyped),
    ("money", _money),
    ("signed", _signed),
    ("taken", _taken),
    ("pin", _pin),
    ("large", _large),
)


@pytest.mark.long
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_screen_of_a_door_is_read_and_reached_by_everybody(
    browser: Browser, language: str, tmp_path: Path
) -> None:
    with courier_day(tmp_path / "day", DOOR_BOOK) as day:
        phone = CourierPhone.taken_up(browser)
        phone.enrol(day.enrolment())
        phone.load(LOADED)
        if language == "en":
            phone.page.get_by_role("button", name="English").click()
        assert faults_of(phone, SCREENS, tmp_path / f"{language}-") == []
        assert phone.complaints == []
        phone.context.close()
