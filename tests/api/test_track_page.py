"""The citizen's page in a real browser: find the papers, show the PIN, leave a wish, keep a receipt and trust it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from api.custody.checkpoint import Checkpoint
from api.custody.notes import SigningKey
from api.custody.receipt import make_receipt, read_receipt, receipt_html, verify_receipt
from api.custody.tree import KeptHashes, leaf_hash, tree_root
from api.tracking.tables import pins
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.custody.test_receipt import with_facts
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.running import Service, served
from tests.api.service.test_tracking import forget_addresses, other
from tests.api.service.wished import CODE, new_pin, published, today, with_result
from tests.axe import grave_findings
from tests.pages import built_pages

pytestmark = pytest.mark.browser

PHONE, DESKTOP = (360, 800), (1366, 768)
TOO_SMALL = """
    nodes => nodes.map(node => [node.innerText || node.id, node.getBoundingClientRect().height])
        .filter(([, height]) => height > 1 && height < 48)
"""
"""Those of some elements that a thumb misses; what is one pixel high is for screen readers."""


@dataclass
class Post:
    """A service with the real pages, and one result on its way."""

    service: Service
    address: str
    pin: str
    complaints: list[str] = field(default_factory=list)

    def open(self, browser: Browser, size: tuple[int, int] = PHONE, code: str = CODE, language: str = "vi") -> Page:
        """A visit by somebody new, who complains of errors only where none was asked for."""
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", timezone_id="America/New_York"
        )
        context.add_init_script(f"localStorage.getItem('duongthu.language') ?? "
                                f"localStorage.setItem('duongthu.language', '{language}')")  # fmt: skip
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)
        page.goto(f"{self.address}/track/{code}")
        return page

    def _listen(self, line: Any) -> None:
        if line.type == "error" and "status of 4" not in line.text:
            self.complaints.append(line.text)

    def happens(self, *kinds: str) -> None:
        for counter, kind in enumerate(kinds, 1):
            data = {**COMPLETE[kind], **({"scanned": [CODE]} if kind == "OUT" else {})}
            send(self.service, made(kind, counter, code=CODE, data=data))


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with Service.opened(f"sqlite:///{tmp_path / 'service.db'}", tmp_path, static=built_pages()) as service:
        with_result(service)
        with_device(service, "courier", "D1")
        with served(service.app) as address:
            found = Post(service, address, new_pin(service))
            yield found
            assert found.complaints == []


def show_pin(page: Page, pin: str) -> None:
    page.get_by_label("PIN").fill(pin)
    page.keyboard.press("Enter")


def other_digit(code: str) -> str:
    """The same code with one digit of its serial changed."""
    return code[:5] + str((int(code[5]) + 1) % 10) + code[6:]


def test_a_code_is_typed_checked_and_found(browser: Browser, post: Post) -> None:
    page = post.open(browser, code="")
    field_ = page.get_by_label("Mã bưu gửi", exact=True)
    field_.fill(other_digit(CODE))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="ký tự sai")).to_be_visible()
    expect(field_).to_be_focused()
    assert field_.get_attribute("aria-invalid") == "true"
    field_.fill("XX 1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Không có bưu gửi này.")).to_be_visible()
    expect(page.get_by_text("13 ký tự")).to_be_visible()
    field_.fill(f" {CODE[:2].lower()} {CODE[2:5]} {CODE[5:8]} {CODE[8:11]} vn")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bưu điện chưa nhận")).to_be_focused()
    assert page.url == f"{post.address}/track/{CODE}"


def test_without_the_pin_nothing_personal_is_on_the_page(browser: Browser, post: Post) -> None:
    post.happens("COLLECT_RESULT", "ARRIVE", "OUT", "ATTEMPT", "ARRIVE")
    page = post.open(browser)
    expect(page.get_by_role("heading", name="Đang ở Bưu cục Long Xuyên")).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_have_text("Đang chuyển")
    due = today() + timedelta(days=1)
    expect(page.get_by_text(f"ngày mai, {due:%d/%m/%Y}")).to_be_visible()
    expect(page.locator("section[aria-labelledby=steps] li")).to_have_count(5)
    text = page.content()
    assert [secret for secret in ("Nguyễn", "0912", "Trần Hưng Đạo", "chợ", "chưa kịp") if secret in text] == []
    show_pin(page, post.pin)
    expect(page.get_by_text("Nguyễn V*** An")).to_be_visible()
    expect(page.get_by_text("Lý do: bưu tá chưa kịp đến")).to_be_visible()
    page.get_by_role("button", name="Đóng").click()
    expect(page.get_by_text("Nguyễn V*** An")).to_have_count(0)
    assert page.get_by_label("PIN").input_value() == ""


def test_wrong_pins_are_said_and_the_wait_is_counted_down(browser: Browser, post: Post) -> None:
    page = post.open(browser)
    for n in range(1, 6):
        with page.expect_response("**/track/*"):
            show_pin(page, other(post.pin, n))
    expect(page.get_by_role("alert").filter(has_text="Mã PIN không đúng")).to_be_visible()
    expect(page.get_by_text("xin cấp lại").first).to_be_visible()
    forget_addresses(post.service)
    show_pin(page, post.pin)
    button = page.get_by_role("button", name="Mở bằng mã PIN")
    expect(page.get_by_text("Thử lại được sau")).to_be_visible()
    expect(button).to_be_disabled()
    post.service.runtime.writer.write_now(lambda c: c.execute(update(pins).values(failures=0, waits_until=None)))
    page.reload()
    show_pin(page, post.pin)
    expect(page.get_by_text("Nguyễn V*** An")).to_be_visible()


def test_what_a_pin_opened_is_closed_when_nobody_touches_it(browser: Browser, post: Post) -> None:
    post.happens("COLLECT_RESULT", "ATTEMPT")
    page = post.open(browser)
    page.clock.install()
    show_pin(page, post.pin)
    expect(page.get_by_text("Nguyễn V*** An")).to_be_visible()
    page.clock.run_for("04:59")
    page.locator("summary").press("Shift")
    page.clock.run_for("04:59")
    expect(page.get_by_text("Nguyễn V*** An")).to_be_visible()
    page.clock.run_for("00:02")
    expect(page.get_by_text("5 phút không ai dùng")).to_be_visible()
    text = page.content()
    assert [secret for secret in ("Nguyễn", "chưa kịp") if secret in text] == []


@pytest.mark.slow
def test_a_wish_is_left_and_the_dispatcher_sees_it(browser: Browser, post: Post) -> None:
    page = post.open(browser)
    show_pin(page, post.pin)
    page.get_by_text("Nhắn bưu tá, hẹn giờ khác").click()
    expect(page.get_by_text("có thể không kịp thấy")).to_be_visible()  # what is not sure is not promised
    send_ = page.get_by_role("button", name="Gửi cho bưu điện")
    expect(send_).to_be_disabled()
    page.get_by_label("Lời nhắn cho bưu tá").fill("Chó dữ, gọi trước")
    day = today() + timedelta(days=1)
    page.get_by_label("Ngày có người ở nhà").select_option(str(day))
    expect(send_).to_be_disabled()  # a day without hours
    page.get_by_label("Từ", exact=True).select_option("14:00")
    page.get_by_label("Đến", exact=True).select_option("16:00")
    send_.click()
    expect(page.get_by_text("Bưu điện đã ghi nhận")).to_be_visible()
    expect(page.get_by_text(f"ngày mai, {day:%d/%m/%Y}, 14:00-16:00")).to_be_visible()
    shown = post.service.ask("GET", f"/api/v1/shipments/{CODE}?reveal=true", by="dispatcher").json()
    assert (shown["wish_note"], shown["wish_window"]) == ("Chó dữ, gọi trước", "14:00-16:00")
    published(post.service, day)
    page.reload()
    show_pin(page, post.pin)
    expect(page.get_by_text("Bưu tá dự kiến đến")).to_be_visible()
    expect(page.get_by_text("khác với giờ ông bà hẹn")).to_have_count(0)
    page.get_by_text("Nhắn bưu tá, hẹn giờ khác").click()
    expect(page.get_by_label("Từ", exact=True)).to_have_value("14:00")
    page.get_by_label("Lời nhắn cho bưu tá").fill("Đã nhốt chó")
    send_.click()
    expect(page.get_by_text("Bưu điện đã ghi nhận")).to_be_visible()
    expect(page.get_by_text("“Đã nhốt chó”")).to_be_visible()
    expect(page.get_by_text(f"ngày mai, {day:%d/%m/%Y}, 14:00-16:00")).to_be_visible()
    page.get_by_label("Từ", exact=True).select_option("08:00")
    page.get_by_label("Đến", exact=True).select_option("10:00")
    send_.click()
    expect(page.get_by_role("alert").filter(has_text="đã xếp bưu gửi này")).to_be_visible()


def test_a_receipt_is_downloaded_and_proved_here_and_by_the_command(
    browser: Browser, post: Post, tmp_path: Path
) -> None:
    post.happens("COLLECT_RESULT", "ARRIVE")
    page = post.open(browser, language="en")
    show_pin(page, post.pin)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the receipt").click()
    file = tmp_path / "kept.html"
    download.value.save_as(file)
    own = page.locator(".proof").first
    expect(own).to_have_attribute("data-verdict", "proved")
    expect(own).to_contain_text("Not proved: that no step is missing")
    expect(own.locator("li")).to_have_count(2)
    key = post.service.runtime.ledger_key.verifier
    assert verify_receipt(read_receipt(file.read_text(encoding="utf-8")), key).head.size == 2
    assert own.locator(".key").inner_text() == key.text
    post.happens("BAG")  # the ledger grows: a kept receipt still holds
    page.get_by_label("Choose the receipt").set_input_files(file)
    expect(page.locator(".proof").last).to_have_attribute("data-verdict", "proved")
    alone = browser.new_context(offline=True).new_page()
    alone.goto(file.as_uri())
    assert alone.get_attribute("body", "data-good") == "true"


def forged(post: Post, text: str) -> str:
    """The same receipt under a key of the forger's own: it hangs together, and the command believes it by itself."""
    honest, key = read_receipt(text), SigningKey.generate(post.service.runtime.ledger_key.name)
    contents = [str(event.content).replace("BC-LX", "BC-CD").encode() for event in honest.events]
    tree = KeptHashes()
    tree.append([leaf_hash(content) for content in contents])
    head = Checkpoint(key.name, len(contents), tree_root(tree, len(contents))).signed(key)
    receipt = make_receipt(CODE, enumerate(contents), tree, head, key.verifier)
    verify_receipt(receipt)
    return receipt_html(receipt)


def test_what_is_no_honest_receipt_is_refused(browser: Browser, post: Post, tmp_path: Path) -> None:
    post.happens("COLLECT_RESULT", "ARRIVE")
    path = f"/api/v1/track/{CODE}/receipt"
    text = post.service.ask("POST", path, by=None, json={"pin": post.pin}).text
    facts = read_receipt(text).to_json()
    changed = json.loads(json.dumps(facts))
    changed["events"][1]["record"] = changed["events"][1]["record"].replace("BC-LX", "BC-CD")
    page = post.open(browser)
    cases = {
        "broken": with_facts(text, changed),
        "foreign": forged(post, text),
        "unreadable": "<p>Biên nhận đúng, đã kiểm tra</p>",
        "proved": text,
    }
    file = tmp_path / "receipt.html"
    for verdict, content in cases.items():
        file.write_text(content, encoding="utf-8")
        page.get_by_label("Chọn tệp biên nhận").set_input_files(file)
        expect(page.locator(".proof").last).to_have_attribute("data-verdict", verdict)
    page.route("**/api/v1/ledger/key", lambda route: route.abort())
    page.get_by_label("Chọn tệp biên nhận").set_input_files(file)
    expect(page.locator(".proof").last).to_have_attribute("data-verdict", "unknown")
    post.complaints.clear()  # of the answer that was cut off


def test_a_ledger_that_was_rewritten_is_found_out(browser: Browser, post: Post, tmp_path: Path) -> None:
    post.happens("COLLECT_RESULT", "ARRIVE")
    path = f"/api/v1/track/{CODE}/receipt"
    text = post.service.ask("POST", path, by=None, json={"pin": post.pin}).text
    file = tmp_path / "receipt.html"
    file.write_text(text, encoding="utf-8")
    key = post.service.runtime.ledger_key
    head = Checkpoint(key.name, 2, bytes(32)).signed(key).write()
    page = post.open(browser)
    page.route("**/api/v1/ledger/checkpoint", lambda route: route.fulfill(body=head, content_type="text/plain"))
    page.get_by_label("Chọn tệp biên nhận").set_input_files(file)
    expect(page.locator(".proof").last).to_have_attribute("data-verdict", "rewritten")


@pytest.mark.long
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=("phone", "desktop"))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_for_everybody(browser: Browser, post: Post, size: tuple[int, int], language: str) -> None:
    post.happens("COLLECT_RESULT", "ARRIVE")
    page = post.open(browser, size, code="", language=language)
    assert grave_findings(page) == []
    page.locator("#code").fill(CODE)
    page.keyboard.press("Enter")
    page.locator("#pin").wait_for()
    assert grave_findings(page) == []
    show_pin(page, post.pin)
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.locator("#day").wait_for()
    page.locator("section[aria-labelledby=receipt-title] button").click()
    page.locator("[data-verdict=proved]").wait_for()
    assert grave_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator("button, select, input, textarea, label.file, summary").evaluate_all(TOO_SMALL) == []
