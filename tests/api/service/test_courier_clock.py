"""A phone whose clock is a day ahead for a while, with a signal: what the dispatcher says is heard all the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.ids import new_id
from tests.api.service.courier_day import courier_day
from tests.api.service.courier_phone import CourierPhone
from tests.api.service.running import COURIER
from tests.api.service.today import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def listen(phone: CourierPhone) -> None:
    """Half a minute on, when the page asks for news."""
    with phone.page.expect_response(lambda answer: "/live/messages" in answer.url):
        phone.page.clock.run_for(35_000)


def test_news_come_through_after_the_clock_was_a_day_ahead(browser: Browser, tmp_path: Path) -> None:
    with courier_day(tmp_path) as day:
        phone = CourierPhone.taken_up(browser)
        phone.page.clock.install()
        phone.enrol(day.enrolment())
        phone.page.clock.set_system_time(datetime.now(ZONE) + timedelta(hours=26))
        listen(phone)
        phone.tab("Điểm dừng")
        expect(phone.page.locator("[data-stop]")).to_have_count(5)  # the day is the server's

        phone.page.clock.set_system_time(datetime.now(ZONE))
        said = {"message_id": new_id(), "kind": "text", "text": "Cổng sau.", "courier_ids": [COURIER]}
        assert day.service.ask("POST", "/api/v1/live/messages", by="head-dispatcher", json=said).status_code == 201
        listen(phone)
        phone.tab("Tin (1)")
        expect(phone.page.get_by_text("Cổng sau.")).to_be_visible()
        assert phone.complaints == []
        phone.context.close()
