"""Round sheets on paper: everything the courier needs is on them, in right Vietnamese."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics

from api.reports.fonts import BOLD, REGULAR, register_fonts
from api.reports.paper import dong, kilometres, minutes
from api.reports.printing import round_sheet_pdf
from api.reports.round_map import draw_round
from api.reports.round_sheet import RoundSheet, masked, round_sheets
from routing.model import Action
from tests.api.greedy import small_plan
from tests.api.small_day import small_day

VIETNAMESE = "ăâđêôơưĂÂĐÊÔƠƯàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ₫"


def _sheets() -> list[RoundSheet]:
    day = small_day()
    return round_sheets(small_plan(), day.network, day.shipments)


def _text(sheet: RoundSheet) -> str:
    pages = PdfReader(BytesIO(round_sheet_pdf(sheet))).pages
    return "\n".join(page.extract_text() for page in pages)


@pytest.mark.parametrize("name", [REGULAR, BOLD])
def test_the_typeface_has_every_vietnamese_letter(name: str) -> None:
    register_fonts()
    known = cast("Any", pdfmetrics.getFont(name)).face.charToGlyph
    assert [letter for letter in VIETNAMESE + VIETNAMESE.upper() if ord(letter) not in known] == []


def test_fonts_are_embedded() -> None:
    reader = PdfReader(BytesIO(round_sheet_pdf(_sheets()[0])))
    fonts = cast("Any", reader.pages[0])["/Resources"]["/Font"]
    embedded = [
        "/FontFile2" in font["/FontDescriptor"]
        for font in (f.get_object() for f in fonts.values())
        if "/FontDescriptor" in font
    ]
    assert embedded
    assert all(embedded)


def test_a_sheet_names_courier_base_day_and_every_shipment() -> None:
    for sheet in _sheets():
        text = _text(sheet)
        assert sheet.courier_name in text
        assert sheet.base_name in text
        assert "Thứ Hai 16/11/2026" in text
        for task in sheet.tasks:
            assert task.code in text


def test_every_page_says_which_of_how_many_it_is() -> None:
    sheet = _sheets()[0]
    many = replace(sheet, trips=tuple(replace(trip, stops=trip.stops * 12) for trip in sheet.trips))
    pages = PdfReader(BytesIO(round_sheet_pdf(many))).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert f"Trang {number}/{len(pages)}" in text
        assert sheet.round_id in text


def test_synthetic_roads_are_called_so_and_real_ones_are_not() -> None:
    sheet = _sheets()[0]
    assert sheet.synthetic
    assert "MẠNG ĐƯỜNG TỔNG HỢP" in _text(sheet)
    assert "TỔNG HỢP" not in _text(replace(sheet, synthetic=False))


def test_money_to_collect_is_told() -> None:
    sheet = next(sheet for sheet in _sheets() if sheet.courier_id == "CD-1")
    assert [(task.code, task.fee_dong, task.postage_dong) for task in sheet.tasks] == [("R4", 0, 26_000)]
    assert "26.000 đ" in _text(sheet)


def test_money_that_nobody_pays_at_this_end_is_left_out() -> None:
    tasks = {task.code: task for sheet in _sheets() for task in sheet.tasks}
    assert (tasks["D1"].action, tasks["D1"].fee_dong) == (Action.COLLECT, 30_000)
    assert (tasks["R1"].action, tasks["R1"].fee_dong) == (Action.DELIVER, 50_000)


def test_phone_numbers_are_masked() -> None:
    text = "\n".join(map(_text, _sheets()))
    assert "0912345318" not in text
    assert "318" in text
    assert masked("0912345318") == "09•••••318"
    assert masked("") == ""


def test_the_same_sheet_gives_the_same_bytes() -> None:
    sheet = _sheets()[0]
    assert round_sheet_pdf(sheet) == round_sheet_pdf(sheet)


def test_words_that_look_like_markup_are_printed_as_they_are() -> None:
    sheet = _sheets()[0]
    assert "A <b> & C" in _text(replace(sheet, courier_name="A <b> & C"))


def test_a_round_in_one_place_can_be_drawn() -> None:
    sheet = _sheets()[0]
    here = sheet.base_position
    stop = replace(sheet.stops[0], position=here)
    still = replace(sheet, trips=(replace(sheet.trips[0], stops=(stop,), path=(here, here)),))
    assert draw_round(still, 400, 200).contents


def test_figures_are_written_as_in_vietnam() -> None:
    assert dong(1_250_000) == "1.250.000 đ"
    assert kilometres(12_340) == "12,3 km"
    assert (minutes(3_900), minutes(1_500)) == ("1 giờ 05", "25 phút")


def test_a_stop_with_more_tasks_than_a_page_holds_is_printed_whole() -> None:
    sheet = _sheets()[0]
    stop = sheet.trips[0].stops[0]
    codes = [f"MANY-{number:03}" for number in range(60)]
    crowded = replace(stop, tasks=tuple(replace(stop.tasks[0], code=code) for code in codes))
    trip = replace(sheet.trips[0], stops=(crowded, *sheet.trips[0].stops[1:]))
    printed = _text(replace(sheet, trips=(trip, *sheet.trips[1:])))
    assert all(code in printed for code in codes)
