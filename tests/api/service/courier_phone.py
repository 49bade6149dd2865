"""A courier's hands on the page: what they tap, type and sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType, Geolocation, Locator, Page, ViewportSize, expect

from tests.browser import find_chromium, launch_arguments

PHONE: ViewportSize = {"width": 360, "height": 800}
DOOR: Geolocation = {"latitude": 10.3750, "longitude": 105.4200, "accuracy": 12}
PLAIN: dict[str, Any] = {
    "viewport": PHONE, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "has_touch": True,
    "reduced_motion": "reduce", "permissions": ["geolocation"], "geolocation": DOOR,
}  # fmt: skip
READY = "navigator.serviceWorker.ready.then(() => true)"


@dataclass
class CourierPhone:
    """A browser of 360 x 800, somewhere in Vietnam."""

    context: BrowserContext
    page: Page
    complaints: list[str]

    @classmethod
    def taken_up(cls, browser: Browser, **more: Any) -> CourierPhone:
        return cls._in(browser.new_context(**PLAIN, **more))

    @classmethod
    def switched_on(cls, chromium: BrowserType, storage: Path) -> CourierPhone:
        """A browser of its own, with whatever the last one in that folder kept."""
        program, arguments = find_chromium(), launch_arguments()
        return cls._in(chromium.launch_persistent_context(storage, executable_path=program, args=arguments, **PLAIN))

    @classmethod
    def _in(cls, context: BrowserContext) -> CourierPhone:
        page = context.new_page()
        phone = cls(context, page, [])
        page.on("pageerror", lambda error: phone.complaints.append(str(error)))
        return phone

    def enrol(self, address: str) -> None:
        """Scan the QR code; returns once the round is here and the page needs no network."""
        self.page.goto(address)
        expect(self.page.locator("nav")).to_be_visible()
        assert self.page.evaluate(READY)

    def tab(self, name: str) -> None:
        self.page.locator("nav").get_by_role("button", name=name).click()

    def scan(self, *codes: str) -> None:
        """As a keyboard scanner does."""
        for code in codes:
            self.page.get_by_label("Quét hoặc gõ mã bưu gửi").fill(code)
            self.page.keyboard.press("Enter")

    def load(self, codes: Sequence[str]) -> None:
        self.tab("Nhận hàng")
        self.scan(*codes)
        confirm = self.page.get_by_role("button", name="Xác nhận nhận")
        confirm.click()
        expect(confirm).to_have_count(0)

    def open_stop(self, name: str) -> None:
        self.tab("Điểm dừng")
        self.page.get_by_role("button", name=name).click()

    def choose(self, *codes: str) -> None:
        for code in codes:
            self.parcel(code).locator(".choice").click()

    def parcel(self, code: str) -> Locator:
        return self.page.locator(f'[data-parcel="{code}"]')

    def piece(self, name: str) -> Locator:
        """A field of the form that is open."""
        return self.page.locator(f'form [data-piece="{name}"]')

    def write(self, **pieces: str) -> None:
        for name, text in pieces.items():
            self.piece(name).locator("input").fill(text)

    def say(self, *answers: str) -> None:
        """Tap tiles."""
        for answer in answers:
            self.page.get_by_label(answer, exact=True).check()

    def sign(self, *pads: str) -> None:
        for name in pads:
            canvas = self.page.locator(f'[data-piece="{name}"] canvas')
            canvas.scroll_into_view_if_needed()
            box = canvas.bounding_box()
            assert box is not None
            x, y = box["x"], box["y"] + 90
            self.page.mouse.move(x + 30, y)
            self.page.mouse.down()
            self.page.mouse.move(x + 120, y - 50, steps=3)
            self.page.mouse.move(x + 220, y + len(name), steps=3)  # another picture for each, as of other hands
            self.page.mouse.up()

    def record(self) -> None:
        """Take it down; the form is closed when it is on the phone."""
        save = self.page.get_by_role("button", name="Ghi lại", exact=True)
        expect(save).to_be_enabled()
        save.click()
        expect(self.page.locator("form").filter(has=save)).to_have_count(0)

    def begin(self, stop: str, outcome: str, *codes: str) -> None:
        """Open the form of an outcome."""
        self.open_stop(stop)
        self.choose(*codes)
        self.page.get_by_role("button", name=f"{outcome} (").click()

    def deliver(self, stop: str, *codes: str) -> None:
        """Hand parcels over to the addressee, who signs once."""
        self.begin(stop, "Phát cho người nhận", *codes)
        self.write(recipient_name="Nguyễn Thị Hoa", id_digits="1234")
        self.say("Chính người nhận", "Căn cước")
        self.sign("signature_theirs")
        self.record()

    def hand_in(self, *codes: str) -> None:
        """Hand parcels in at the base: scanned one by one, signed by both; returns once it is taken down."""
        self.tab("Cuối chuyến")
        self.scan(*codes)
        self.sign("signature_theirs", "signature_ours")
        self.page.get_by_role("button", name=f"Trả {len(codes)} bưu gửi về").click()
        for code in codes:
            expect(self.page.locator("[data-seen]", has_text=code)).to_have_count(0)

    def lose_signal(self) -> None:
        self.context.set_offline(True)

    def find_signal(self) -> None:
        """And wait until nothing is left to send."""
        self.context.set_offline(False)
        expect(self.status).to_have_attribute("data-unsent", "0", timeout=30_000)

    @property
    def status(self) -> Locator:
        return self.page.locator("[data-unsent]")

    def unsent(self, number: int) -> None:
        expect(self.status).to_have_attribute("data-unsent", str(number))
