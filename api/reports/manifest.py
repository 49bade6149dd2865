"""Manifests on paper: what a base hands to a courier, piece by piece with bar codes, and both sign. Nobody's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table

from api.reports.paper import (
    BODY,
    CENTRED,
    EYEBROW,
    HEAD,
    KINDS,
    RIGHT,
    RULE,
    SMALL,
    SOFT,
    STRONG,
    TITLE,
    VEHICLES,
    WIDTH,
    Part,
    barcode,
    clock,
    dong,
    fact_row,
    heading,
    padding,
    printed,
    signatures,
    weekday,
)
from api.reports.round_sheet import RoundSheet, SheetStop, SheetTask
from routing.model import Action

_BAR_HEIGHT, _BAR_ROOM = 7 * mm, 52 * mm
_COLUMNS = (9 * mm, 58 * mm, 24 * mm, WIDTH - 138 * mm, 11 * mm, 24 * mm, 12 * mm)
_HEADS = ("STT", "Mã bưu gửi", "Loại", "Điểm dừng", "Bì", "Tiền phải thu", "Đủ")
_PEOPLE = ("Người giao", "Bưu tá nhận")

Listed = tuple[SheetStop, SheetTask]


def manifests_pdf(sheets: Sequence[RoundSheet], subject: str) -> bytes:
    """
    Print what is handed to each courier before each trip, and what they shall bring, on pages of their own.

    Parameters
    ----------
    sheets
        Without people: a manifest stays at the base.
    """
    parts = (Part(f"Bảng kê {sheet.round_id} · {sheet.software}", sheet.mark, list(_story(sheet))) for sheet in sheets)
    return printed(f"Bảng kê bưu gửi {sheets[0].round_id}", subject, parts)


def _story(sheet: RoundSheet) -> Iterator[Flowable]:
    lines = (
        Paragraph("BẢNG KÊ BƯU GỬI GIAO BƯU TÁ · BƯU CHÍNH CÔNG ÍCH", EYEBROW),
        Paragraph(escape(sheet.courier_name), TITLE),
        Paragraph(f"{escape(sheet.base_name)} · {weekday(sheet.day)} {sheet.day:%d/%m/%Y}", BODY),
    )
    given = [task for task in sheet.tasks if task.action is Action.DELIVER]
    brought = [task for task in sheet.tasks if task.action is Action.COLLECT]
    facts = (
        ("Mã bưu tá", escape(sheet.courier_id)),
        ("Phương tiện", VEHICLES.get(sheet.vehicle, sheet.vehicle)),
        ("Giao mang đi", f"{len(given)} bưu gửi, {_pieces(given)} bì"),
        ("Phải thu về", f"{len(brought)} bưu gửi, {_pieces(brought)} bì"),
        ("Tiền phải thu", dong(sum(_money(task) for task in sheet.tasks))),
    )
    yield heading(lines, sheet.round_id)
    yield Spacer(0, 5)
    yield fact_row(facts)
    for number, trip in enumerate(sheet.trips, 1):
        for action, words in ((Action.DELIVER, "giao mang đi"), (Action.COLLECT, "thu về")):
            listed = [(stop, task) for stop in trip.stops for task in stop.tasks if task.action is action]
            if listed:
                yield Spacer(0, 8)
                yield _table(f"LƯỢT {number} · {words} · rời bưu cục {clock(trip.departs)}", listed)
    yield KeepTogether([Spacer(0, 10), signatures(_PEOPLE)])


def _table(title: str, listed: Sequence[Listed]) -> Table:
    tasks = [task for _, task in listed]
    total = f"Cộng {len(tasks)} bưu gửi, {_pieces(tasks)} bì"
    rows: list[list[Any]] = [
        [Paragraph(title, STRONG), *[""] * 6],
        [Paragraph(head, HEAD) for head in _HEADS],
        *(_row(number, *pair) for number, pair in enumerate(listed, 1)),
        [Paragraph(total, STRONG), "", "", "", "", Paragraph(dong(sum(map(_money, tasks))), RIGHT), ""],
    ]
    layout = [
        ("SPAN", (0, 0), (-1, 0)),
        ("BACKGROUND", (0, 0), (-1, 0), SOFT),
        ("SPAN", (0, -1), (4, -1)),
        ("BACKGROUND", (0, -1), (-1, -1), SOFT),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, RULE),
        ("VALIGN", (0, 1), (-1, -1), "MIDDLE"),
        ("BOX", (6, 2), (6, -2), 0.5, RULE),
        *padding(3),
    ]
    return Table(rows, colWidths=_COLUMNS, repeatRows=2, style=layout)


def _row(number: int, stop: SheetStop, task: SheetTask) -> list[Any]:
    money = _money(task)
    return [
        Paragraph(str(number), CENTRED),
        [barcode(task.code, _BAR_HEIGHT, _BAR_ROOM), Paragraph(escape(task.code), SMALL)],
        Paragraph(KINDS[task.kind], BODY),
        Paragraph(f"{stop.number}. {escape(stop.title)}", BODY),
        Paragraph(str(task.pieces), CENTRED),
        Paragraph(dong(money) if money else "", RIGHT),
        "",
    ]


def _pieces(tasks: Sequence[SheetTask]) -> int:
    return sum(task.pieces for task in tasks)


def _money(task: SheetTask) -> int:
    return task.fee_dong + task.postage_dong
