"""A post office at work, for tests of its page: a network, results with a courier, and a clerk in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Connection

from api.auth.roles import Scope
from api.auth.store import add_user, find_user
from api.ids import new_id
from api.shipments.s10 import make_s10
from tests.api.network_files import full, small_network
from tests.api.service.custody_made import made, png, send, user_id_of, with_device
from tests.api.service.running import COURIER, OFFICE, PASSWORD, PROVINCE, Service, served
from tests.axe import grave_findings
from tests.browser import heard_page
from tests.pages import built_pages

RESULTS = tuple(make_s10(number) for number in range(101, 104))
"""With the courier."""
ELSEWHERE = make_s10(104)
"""Nobody has accepted it yet."""
DOSSIER = make_s10(7)
SCANS_ENOUGH = "1.004222"
"""A procedure for which the papers need not be sent."""
AGENCY, ONE_STOP = "CQ1", "MC1"
"""Sites; `add_agency_desks` adds somebody who works there."""
NAMES = ("An", "Bình", "Chính", "Dũng")
"""Of the recipients."""


@contextmanager
def opened_office(folder: Path) -> Iterator[tuple[Service, str]]:
    """Serve the pages, with a network and three results that the courier brings; gives the service and its address."""
    with Service.opened(f"sqlite:///{folder / 'service.db'}", folder, static=built_pages()) as service:
        _fill(service)
        with served(service.app) as address:
            yield service, address


def _fill(service: Service) -> None:
    files = [("files", ("network.json", json.dumps(_network()).encode()))]
    taken = service.ask("POST", "/api/v1/network/import", by="planner", files=files)
    assert taken.status_code == 200, taken.text
    rows = [_result(code, number) for number, code in enumerate((*RESULTS, ELSEWHERE))]
    file = {"file": ("shipments.json", json.dumps({"shipments": full("shipments", rows)}).encode())}
    imported = service.ask("POST", "/api/v1/shipments/import", by="head-dispatcher", files=file)
    assert imported.status_code == 200, imported.text
    with_device(service)
    data = {"courier_id": COURIER, "count": 1, "seal": "N-1"}
    answers = send(
        service, *(made("COLLECT_RESULT", n, code=code, data=data) for n, code in enumerate(RESULTS, start=1))
    )
    assert {answer["verdict"] for answer in answers} == {"incomplete"}  # their signatures do not matter here


def arrived(service: Service, *codes: str) -> None:
    """Let the courier hand results in at the office."""
    data = {"courier_id": COURIER, "site_id": OFFICE}
    events = (made("ARRIVE", 10 + n, code=code, data={**data, "scanned": [code]}) for n, code in enumerate(codes))
    assert {answer["verdict"] for answer in send(service, *events)} == {"accepted"}


def add_agency_desks(service: Service) -> None:
    """`agency-desk` works at the agency, `one-stop-desk` at the one-stop, `other-agency-desk` at one of no dossiers."""
    sites = {"agency-desk": AGENCY, "one-stop-desk": ONE_STOP, "other-agency-desk": "CQ-KHAC"}

    def write(connection: Connection) -> None:
        like = find_user(connection, login="desk")
        assert like is not None
        for login, site in sites.items():
            person = replace(
                like, user_id=new_id(), login=login, name=login.title(), scope=Scope(PROVINCE, frozenset({site}))
            )
            add_user(connection, person, datetime.now(UTC))

    service.runtime.writer.write_now(write)


def brought(service: Service, *codes: str, to: str = AGENCY) -> None:
    """Let the courier go out with dossiers for a desk, one event each."""
    rows = [_dossier(code, to) for code in codes]
    file = {"file": ("shipments.json", json.dumps({"shipments": full("shipments", rows)}).encode())}
    imported = service.ask("POST", "/api/v1/shipments/import", by="head-dispatcher", files=file)
    assert imported.status_code == 200, imported.text
    data = {"courier_id": COURIER, "seal": "N-1", "fee_dong": 0, "postage_dong": 0}
    events = (made("ACCEPT", 30 + n, code=code, data=data) for n, code in enumerate(codes))
    assert {answer["verdict"] for answer in send(service, *events)} == {"incomplete"}


def _network() -> dict[str, Any]:
    small = small_network()
    small["procedures"].append(
        {"procedure_code": SCANS_ENOUGH, "title": "Xác nhận cư trú", "postal": "yes", "digital_enough": "yes"}
    )
    small["sites"].append({**small["sites"][2], "site_id": ONE_STOP, "name": "Một cửa Long Xuyên", "kind": "one_stop"})
    tables = {name: full(name, rows) for name, rows in small.items()}
    text = json.dumps(tables).replace('"B1"', f'"{OFFICE}"').replace('"C1"', f'"{COURIER}"')
    found: dict[str, Any] = json.loads(text)
    return found


def _result(code: str, number: int) -> dict[str, Any]:
    return {
        "code": code, "kind": "result", "procedure_code": "1.001120", "origin_site": "CQ1", "dest_lon": "105.431",
        "dest_lat": "10.384", "dest_address": f"{number + 1} Trần Hưng Đạo", "dest_commune": "30307",
        "ready_at": datetime.now(UTC).isoformat(timespec="minutes"), "contact_name": f"Nguyễn Văn {NAMES[number]}",
        "contact_phone": f"091234567{number}",
    }  # fmt: skip


def _dossier(code: str, to: str) -> dict[str, Any]:
    return {
        "code": code, "kind": "intake", "procedure_code": "1.001120", "origin_lon": "105.431", "origin_lat": "10.384",
        "origin_address": "1 Trần Hưng Đạo", "origin_commune": "30307", "dest_site": to, "fee_dong": "200000",
        "ready_at": datetime.now(UTC).isoformat(timespec="minutes"), "contact_name": "Lê Thị Hoa",
        "contact_phone": "0912345690",
    }  # fmt: skip


@dataclass
class Clerk:
    """Somebody at the desk's page, who also notes what it complains of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, browser: Browser, address: str, size: tuple[int, int] = (1366, 768)) -> Clerk:
        page, complaints = heard_page(browser, size)
        return cls(page, address, complaints=complaints)

    def enrol(self, service: Service, login: str = "desk") -> None:
        """Open the link that a dispatcher made."""
        offered = service.ask("POST", f"/api/v1/users/{user_id_of(service, login)}/enrolments").json()
        self.page.goto(f"{self.address}/desk#enrol={offered['code']}")

    def log_in(self, login: str = "desk", password: str = PASSWORD) -> None:
        self.page.get_by_label("Tên đăng nhập").fill(login)
        self.page.get_by_label("Mật khẩu", exact=True).fill(password)
        self.page.keyboard.press("Enter")

    def tab(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def sign(self, piece: str, within: Locator | None = None) -> None:
        """Draw a stroke."""
        canvas = (within or self.page).locator(f'[data-piece="{piece}"] canvas')
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        mouse, x, y = self.page.mouse, box["x"] + 20, box["y"] + 40
        mouse.move(x, y)
        mouse.down()
        for step in range(1, 8):
            mouse.move(x + 20 * step, y + (15 if step % 2 else -15))
        mouse.up()

    def fill_dossier(self, code: str = DOSSIER) -> None:
        """Everything of a dossier of two papers."""
        page = self.page
        page.get_by_role("combobox", name="Thủ tục").fill("phieu ly lich")
        page.keyboard.press("Enter")
        page.get_by_label("Cơ quan giải quyết").select_option(label="Sở Tư pháp")
        page.get_by_label("Họ và tên").fill("Trần Thị Bưởi")
        page.get_by_label("Điện thoại").fill("0909123456")
        page.get_by_label("Địa chỉ (số nhà, ấp, xã)").fill("Ấp Bình Phú, xã Bình Đức")
        page.get_by_label("Tên giấy tờ 1").fill("Giấy khai sinh")
        page.get_by_role("button", name="Thêm giấy tờ").click()
        page.get_by_label("Tên giấy tờ 2").fill("Sổ hộ khẩu")
        page.get_by_label("Bản của giấy tờ 2").select_option("copy")
        page.get_by_label("Số tờ của giấy tờ 2").fill("3")
        page.get_by_label("Mã bưu gửi (quét tem)").fill(code)
        page.locator('[data-piece="seal"]').fill("NP-0042")
        page.locator('[data-piece="fee_dong"]').fill("200.000")
        page.locator('[data-piece="receipt_no"]').fill("BL-0815")
        page.locator('[data-piece="photo"]').set_input_files(
            {"name": "a.png", "mimeType": "image/png", "buffer": png()}
        )
        self.sign("signature_theirs")
        self.sign("signature_ours")


def history(service: Service, code: str, by: str = "desk") -> list[dict[str, Any]]:
    """What the ledger holds of a shipment, personal data shown; a shipment without events is unknown to it."""
    told = service.ask("GET", f"/api/v1/shipments/{code}/history?reveal=true", by=by)
    found: list[dict[str, Any]] = [] if told.status_code == 404 else told.json()["events"]
    return found


def faults(clerk: Clerk) -> list[Any]:
    """What axe finds serious or worse, targets lower than 48 px, and a page wider than its window."""
    page = clerk.page
    low = page.evaluate(
        "[...document.querySelectorAll('button, select, input:not(.sr-only):not([type=checkbox])')]"
        ".filter((one) => one.offsetParent && one.getBoundingClientRect().height < 48).map((one) => one.outerHTML)"
    )
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*grave_findings(page), *low, *([f"{wide} px too wide"] if wide > 0 else [])]


def faults_in_both(clerk: Clerk) -> list[Any]:
    """The same in Vietnamese and in English."""
    page = clerk.page
    vietnamese = faults(clerk)
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    english = faults(clerk)
    page.get_by_role("button", name="Tiếng Việt", exact=True).click()
    return [*vietnamese, *english]
