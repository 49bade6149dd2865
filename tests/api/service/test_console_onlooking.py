"""The running day in Chromium: an auditor who looks on, drafts, gaps and refused events, a slow road, a base map."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from api.auth.tables import users
from tests.api.service.custody_made import made, send
from tests.api.service.day_inputs import DAY
from tests.api.service.dispatching import Dispatcher, opened_morning
from tests.api.service.live_made import OURS, THEIRS, clock_at, live_service, noon
from tests.api.service.made_tiles import plain_png
from tests.api.service.running import PASSWORD, Service
from tests.api.service.test_console_ground import RED, wait_for_share
from tests.axe import grave_findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Tiles(http.server.BaseHTTPRequestHandler):
    """Another host: one red tile, whatever is asked for."""

    def do_GET(self) -> None:
        png = plain_png(*RED)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(png)))
        self.end_headers()
        self.wfile.write(png)

    def log_message(self, *_: object) -> None:
        """Tests read no log."""


@contextmanager
def tiles() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{{z}}/{{x}}/{{y}}.png"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    """A published day over tiles of another host; one courier has no account, one device has not told everything."""
    with tiles() as url, opened_morning(tmp_path_factory.mktemp("onlooking"), basemap=url) as (service, address):
        live_service(service)

        mine = update(users).where(users.c.courier_id == THEIRS).values(courier_id="XX-99")
        service.runtime.writer.write_now(lambda connection: connection.execute(mine))
        send(service, made("OUT", 3, code="X1", data={"courier_id": OURS}), {"name": "hỏng"}, by="ours")
        yield service, address


@contextmanager
def at_the_day(browser: Browser, address: str, login: str, size: tuple[int, int] = (1366, 768)) -> Iterator[Page]:
    found = Dispatcher.at(browser, address, size)
    page = found.page
    page.goto(f"{address}/#section=running&day={DAY}")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab").first).to_be_visible()
    try:
        yield page
    finally:
        page.context.close()
    assert found.complaints == []


def test_an_auditor_looks_on_and_can_change_nothing(browser: Browser, running: tuple[Service, str]) -> None:
    with at_the_day(browser, running[1], "auditor") as page:
        expect(page.locator("[data-onlooker]")).to_be_visible()
        tabs = page.get_by_role("tab").evaluate_all("all => all.map(one => one.id.slice(8))")
        assert tabs == ["couriers", "alerts", "proposals", "queue", "handover"]
        page.locator(f"ul [data-courier='{OURS}']").click()
        expect(page.locator(f"[data-chosen='{OURS}']")).to_be_visible()
        expect(page.locator(".do")).to_have_count(0)
        page.locator("#running-proposals").click()
        expect(page.get_by_role("button", name="Báo việc xảy ra")).to_have_count(0)
        page.locator("#running-queue").click()
        page.locator("[data-item=refused]").click()
        expect(page.locator("[data-open]")).to_be_visible()
        expect(page.locator("[data-open] textarea")).to_have_count(0)
        assert grave_findings(page) == []


def test_a_draft_outlives_its_tab_and_a_message_names_whom_it_does_not_reach(
    browser: Browser, running: tuple[Service, str]
) -> None:
    with clock_at(noon()), at_the_day(browser, running[1], "head-dispatcher") as page:
        page.locator("#running-messages").click()
        page.locator(f"[data-thread='{OURS}']").click()
        page.get_by_label("Lời nhắn").fill("Nửa câu")
        page.locator("#running-alerts").click()
        page.locator("#running-messages").click()
        page.locator(f"[data-thread='{OURS}']").click()
        expect(page.get_by_label("Lời nhắn")).to_have_value("Nửa câu")
        page.get_by_role("button", name="Tất cả bưu tá").click()
        page.get_by_role("button", name="Nhắn nhiều người").click()
        dialog = page.get_by_role("dialog")
        for courier in (OURS, THEIRS):
            dialog.locator(f"input[value='{courier}']").check()
        dialog.get_by_role("button", name="Hãy chờ tại chỗ.").click()
        expect(page.get_by_text("Đã gửi cho 1 bưu tá.")).to_be_visible()
        expect(page.locator(".unreached")).to_contain_text("Chưa có tài khoản")
        sent = running[0].ask("GET", "/api/v1/live/messages", by="head-dispatcher").json()["messages"]
        assert [one["courier_id"] for one in sent] == [OURS]
        assert grave_findings(page) == []


def test_a_gap_is_told_and_a_refused_event_is_put_aside(browser: Browser, running: tuple[Service, str]) -> None:
    with at_the_day(browser, running[1], "head-dispatcher") as page:
        page.locator("#running-queue").click()
        page.locator("[data-item=gap]").click()
        expect(page.locator("[data-open]")).to_contain_text("còn thiếu 2 sự kiện")
        expect(page.locator("[data-open]")).to_contain_text("số 1 đến 2")
        assert grave_findings(page) == []
        page.locator("[data-item=refused]").click()
        page.get_by_label("Kết quả xác minh").fill("Máy cũ gửi nhầm.")
        page.get_by_role("button", name="Gác lại với lý do này").click()
        expect(page.locator("[data-item=refused]")).to_have_count(0)
        assert running[0].ask("GET", "/api/v1/custody/refused", by="auditor").json()["events"] == []


def test_a_slow_road_holds_several_up(browser: Browser, running: tuple[Service, str]) -> None:
    with at_the_day(browser, running[1], "head-dispatcher") as page:
        page.locator("#running-proposals").click()
        page.get_by_role("button", name="Báo việc xảy ra").click()
        dialog = page.get_by_role("dialog")
        dialog.locator("[name=kind]").select_option("road_slow")
        dialog.locator("[name=at]").fill("05:00")
        dialog.locator("[name=minutes]").fill("20")
        for courier in (OURS, THEIRS):
            dialog.locator(f"input[value='{courier}']").check()
        assert grave_findings(page) == []
        with page.expect_response(lambda one: one.url.endswith("/proposals") and one.request.method == "POST") as put:
            dialog.get_by_role("button", name="Xem đề xuất").click()
        facts = json.loads(put.value.request.post_data or "{}")["facts"]
        assert put.value.status == 201, put.value.text()
        assert facts == [{"kind": "courier_late", "courier_id": one, "minutes": 20} for one in (OURS, THEIRS)]


def test_the_tiles_of_another_host_lie_under_the_running_day(browser: Browser, running: tuple[Service, str]) -> None:
    with at_the_day(browser, running[1], "head-dispatcher") as page:
        wait_for_share(page, RED, 0.5)
