"""Every screen of the courier's page, in both languages: read by axe, measured for thumbs and for the sun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.api.service.courier_day import FETCHED, LOADED, CourierDay
from tests.api.service.courier_phone import CourierPhone
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.running import COURIER
from tests.axe import IN_THE_SUN, grave_findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SMALL = """() => [...document.querySelectorAll('button, a[href], input:not(.sr-only), select, textarea, summary')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 48)
  .map((one) => one.outerHTML.slice(0, 120))"""
"""What a thumb may miss: lower than 48 pixels."""
WIDE = "() => document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth"


def sign_off(day: CourierDay) -> None:
    """Of what the other phone of this courier took: 4,000 đồng too little."""
    with_device(day.service, "courier", "D1")
    send(day.service, made("ACCEPT", 1, code=FETCHED, data={"courier_id": COURIER, "postage_dong": 24_000}))
    body = {"fee_dong": 0, "postage_dong": 20_000, "expected_cash_dong": 24_000, "note": "thiếu tiền lẻ"}
    path = f"/api/v1/settlement/{day.today}/courier/{COURIER}"
    answer = day.service.ask("POST", path, by="head-dispatcher", json=body)
    assert answer.status_code == 201, answer.text


Step = Callable[[CourierPhone], None]


def faults_of(phone: CourierPhone, screens: Sequence[tuple[str, Step]], pictures: Path) -> list[str]:
    """Go from screen to screen; a picture of each is kept under `pictures`, a folder and how the files' names begin."""
    faults: list[str] = []
    for number, (name, step) in enumerate(screens):
        step(phone)
        phone.page.wait_for_timeout(100)  # colours that change are between two of them for a frame
        phone.page.screenshot(path=f"{pictures}{number:02}-{name}.png")
        faults += [f"{name}: {fault}" for fault in grave_findings(phone.page, IN_THE_SUN)]
        faults += [f"{name}: low {fault}" for fault in phone.page.evaluate(SMALL)]
        faults += [f"{name}: wider than the phone"] if phone.page.evaluate(WIDE) > 0 else []
    return faults


def _form(kind: str) -> Step:
    """Open the form of an outcome for the first parcel of its kind."""

    def step(phone: CourierPhone) -> None:
        page = phone.page
        back = page.locator("button.back")
        if back.count():
            back.click()
        stop = {"ACCEPT": "1/1", "HAND_AGENCY": "1/5", "COLLECT_RESULT": "1/5"}.get(kind, "1/2")
        page.locator("nav button").nth(1).click()
        page.locator(f'[data-stop="{stop}"]').click()
        page.locator(".choice").nth(1 if kind == "COLLECT_RESULT" else 0).click()
        page.locator(".actions").locator("button.bad" if kind == "ATTEMPT" else "button.main").click()
        if kind == "ATTEMPT":
            page.locator('input[value="absent"]').check()

    return step


def _tab(number: int) -> Step:
    return lambda phone: phone.page.locator("nav button").nth(number).click()


def _scan(phone: CourierPhone) -> None:
    phone.page.locator("#code").fill("X-1")
    phone.page.keyboard.press("Enter")
    phone.page.locator("#code").fill(LOADED[0])
    phone.page.keyboard.press("Enter")


def _stop(phone: CourierPhone) -> None:
    phone.page.locator("nav button").nth(1).click()
    phone.page.locator('[data-stop="1/4"]').click()
    phone.page.locator(".quiet").first.click()
    phone.page.locator(".choice").first.click()


def _map(phone: CourierPhone) -> None:
    phone.page.locator("nav button").nth(1).click()
    phone.page.locator("ol").wait_for()
    phone.page.locator("button.map").click()
    phone.page.locator("[data-mine]").wait_for()


def _stop_on_map(phone: CourierPhone) -> None:
    _stop(phone)
    phone.page.locator("button.map").click()
    phone.page.locator("[data-mine]").wait_for()


def _begun(phone: CourierPhone) -> None:
    """What the form of a failed visit left behind; nearly discarded."""
    phone.page.locator("nav button").nth(1).click()
    phone.page.locator("[data-begun] button").nth(1).click()


def _signed_for(phone: CourierPhone) -> None:
    phone.page.locator("nav button").nth(4).click()
    phone.page.locator("[data-settled]").scroll_into_view_if_needed()


def _end(phone: CourierPhone) -> None:
    phone.page.locator("nav button").nth(4).click()
    phone.page.locator("#code").fill(LOADED[1])
    phone.page.keyboard.press("Enter")


def _undo(phone: CourierPhone) -> None:
    phone.page.locator("nav button").nth(3).click()
    phone.page.locator("summary").first.click()
    phone.page.locator("details button").nth(1).click()


def _large(phone: CourierPhone) -> None:
    phone.page.locator("header button").first.click()
    _form("DELIVER")(phone)


SCREENS: tuple[tuple[str, Step], ...] = (
    ("load", _tab(0)),
    ("scanned", _scan),
    ("stops", _tab(1)),
    ("map", _map),
    ("stop-on-map", _stop_on_map),
    ("stop", _stop),
    ("deliver", _form("DELIVER")),
    ("failed", _form("ATTEMPT")),
    ("begun", _begun),
    ("accept", _form("ACCEPT")),
    ("agency", _form("HAND_AGENCY")),
    ("result", _form("COLLECT_RESULT")),
    ("news", _tab(2)),
    ("records", _tab(3)),
    ("undo", _undo),
    ("end", _end),
    ("signed-for", _signed_for),
    ("large", _large),
    ("large-map", _map),
)


@pytest.mark.long
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_screen_is_read_and_reached_by_everybody(
    browser: Browser, day: CourierDay, language: str, tmp_path: Path
) -> None:
    phone = CourierPhone.taken_up(browser)
    phone.page.goto(f"{day.address}/courier")
    phone.page.locator("h2").wait_for()
    phone.page.screenshot(path=tmp_path / f"{language}-enrol.png")
    phone.enrol(day.enrolment())
    phone.load(LOADED[1:])
    phone.unsent(0)
    sign_off(day)
    if language == "en":
        phone.page.get_by_role("button", name="English").click()
    assert faults_of(phone, SCREENS, tmp_path / f"{language}-") == []
    phone.context.close()
