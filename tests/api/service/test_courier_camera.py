"""The camera of the courier's page: a QR code and a Code 128, without a signal and with nobody else asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.api.service.camera_film import write_film
from tests.api.service.courier_day import FAR, PAID, courier_day
from tests.api.service.courier_phone import CourierPhone
from tests.browser import find_chromium, launch_arguments

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_camera_reads_codes_without_a_signal(tmp_path: Path) -> None:
    arguments = [*launch_arguments(), *write_film(tmp_path / "film.mjpeg", slip=PAID, parcel=FAR)]
    with sync_playwright() as playwright, courier_day(tmp_path) as day:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        phone = CourierPhone.taken_up(browser)
        asked: list[str] = []
        phone.page.on("request", lambda request: asked.append(request.url))
        phone.enrol(day.enrolment())
        phone.lose_signal()
        phone.page.reload()
        phone.page.get_by_role("button", name="Quét bằng máy ảnh").click()
        seen = phone.page.get_by_role("region", name="Đã thấy")
        expect(seen).to_contain_text(PAID, timeout=20_000)
        expect(seen).to_contain_text(FAR, timeout=20_000)
        assert [url for url in asked if not url.startswith(day.address)] == []
        assert phone.complaints == []
        browser.close()
