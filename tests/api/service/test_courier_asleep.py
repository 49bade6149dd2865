"""The outbox is sent by the service worker when the browser wakes it, although no page is open."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.api.service.courier_day import FAR, LOADED, CourierDay
from tests.api.service.courier_phone import CourierPhone
from tests.api.service.running import COURIER

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TAG = "duongthu-outbox"


def wake(page: Page, address: str) -> CDPSession:
    """As the browser does when it has a signal; gives the session that keeps watching."""
    hand = page.context.new_cdp_session(page)
    registrations: list[str] = []
    hand.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    hand.send("ServiceWorker.enable")
    for _ in range(50):
        if registrations:
            break
        page.wait_for_timeout(100)
    told = {"origin": address, "registrationId": registrations[0], "tag": TAG, "lastChance": False}
    hand.send("ServiceWorker.dispatchSyncEvent", told)
    return hand


def test_what_was_done_without_a_signal_is_sent_with_every_page_closed(browser: Browser, day: CourierDay) -> None:
    phone = CourierPhone.taken_up(browser)
    phone.enrol(day.enrolment())
    phone.load(LOADED)
    phone.unsent(0)
    phone.lose_signal()
    phone.deliver("7 Lý Thái Tổ", FAR)
    phone.unsent(1)
    phone.page.close()
    assert day.holders()[FAR] == f"courier {COURIER}"
    phone.context.set_offline(False)

    # A page of the same origin that runs nothing of the courier's: the browser's hand on its workers.
    other = phone.context.new_page()
    other.goto(f"{day.address}/favicon.svg")
    hand = wake(other, day.address)
    for _ in range(300):
        if day.holders()[FAR] == "done":
            break
        time.sleep(0.1)
    told = day.told(FAR)[-1]
    assert (told["type"], told["is_complete"], told["record"]["offline"]) == ("DELIVER", True, True)
    hand.detach()

    again = phone.context.new_page()  # the page knows what the worker heard
    again.goto(f"{day.address}/courier")
    again.locator('[data-unsent="0"]').wait_for()
    assert [event["type"] for event in day.told(FAR)].count("DELIVER") == 1
    assert phone.complaints == []
    phone.context.close()
