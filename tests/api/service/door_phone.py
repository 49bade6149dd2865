"""Taking papers in at a door, for tests of the courier's page: a network with three kinds of procedures, and hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from playwright.sync_api import expect

from api.shipments.s10 import make_s10
from tests.api.service.courier_day import SMALL, Book, network
from tests.api.service.courier_phone import CourierPhone
from tests.api.service.custody_made import png

LABEL, NEXT_LABEL = make_s10(501), make_s10(502)
"""Of the roll that the courier carries."""
FEE, POSTAGE = 200_000, 25_000
"""đồng; the postage is the tariff's."""
NAME, PHONE, ADDRESS = "Trần Thị Bưởi", "0909123456", "Tổ 4, ấp Bình Phú"


def _with_procedures(today: date) -> dict[str, Any]:
    tables = network(today)
    tables["procedures"] += [
        {
            "procedure_code": "2.000635",
            "title": "Cấp bản sao trích lục hộ tịch",
            "level": "commune",
            "postal": "no",
            "decision_no": "12/QĐ-UBND",
        },
        {
            "procedure_code": "1.004000",
            "title": "Đăng ký biến động đất đai",
            "level": "province",
            "postal": "yes",
            "digital_enough": "yes",
        },
    ]
    tables["tariffs"] += [{"procedure_code": "1.004000", "postage_dong": "0"}]
    return tables


DOOR_BOOK: Book = replace(SMALL, tables=_with_procedures)


def choose(phone: CourierPhone, words: str, title: str) -> None:
    """Find a procedure by some words of it."""
    phone.page.get_by_role("searchbox", name="Thủ tục").fill(words)
    phone.page.get_by_role("button", name=title).click()


def tell_who(phone: CourierPhone) -> None:
    page = phone.page
    page.get_by_label("Họ và tên").fill(NAME)
    page.get_by_label("Điện thoại").fill(PHONE)
    page.get_by_label("Số nhà, đường, ấp hoặc khóm").fill(ADDRESS)


def list_papers(phone: CourierPhone) -> None:
    page = phone.page
    page.get_by_label("Cơ quan giải quyết").select_option(label="Sở Tư pháp An Giang")
    page.get_by_label("Tên giấy tờ 1", exact=True).fill("Căn cước")
    page.get_by_label("Bản chính hay bản sao, giấy tờ 1").select_option("copy")
    page.get_by_label("Số bản, giấy tờ 1").fill("2")
    photograph(phone)


def photograph(phone: CourierPhone) -> None:
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": png()}
    before = phone.piece("photo").locator("li").count()
    phone.piece("photo").locator("input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
    expect(phone.piece("photo").locator("li")).to_have_count(before + 1)


def put_in_envelope(phone: CourierPhone, code: str = LABEL) -> None:
    """A label and a seal."""
    label(phone, code)
    phone.write(seal="NP-0042")


def label(phone: CourierPhone, code: str) -> None:
    phone.page.get_by_label("Mã bưu gửi trên tem").fill(code)
    phone.page.keyboard.press("Enter")


def pay(phone: CourierPhone) -> None:
    phone.write(fee_dong="200.000", receipt_no="BL-0815")


def save(phone: CourierPhone) -> None:
    """Both sign, and it is taken down."""
    phone.sign("signature_theirs", "signature_ours")
    button = phone.page.get_by_role("button", name="Nhận hồ sơ", exact=True)
    expect(button).to_be_enabled()
    button.click()
    expect(phone.page.locator("[data-slip]")).to_be_visible()


def accept_new(phone: CourierPhone, code: str = LABEL) -> None:
    """From the list of stops to the slip, at a door that no stop names."""
    phone.tab("Điểm dừng")
    phone.page.get_by_role("button", name="Nhận hồ sơ mới tại nhà").click()
    choose(phone, "phieu ly lich", "Cấp phiếu lý lịch tư pháp")
    tell_who(phone)
    list_papers(phone)
    put_in_envelope(phone, code)
    pay(phone)
    save(phone)
