"""Round sheets on paper: heading, map, stop list with bar codes, settlement, signatures; drawn without a browser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table

from api.reports.fonts import BOLD, REGULAR
from api.reports.paper import (
    AMBER,
    BODY,
    EYEBROW,
    HEAD,
    INK,
    KINDS,
    NOTICE,
    NUMBER,
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
    kilometres,
    minutes,
    padding,
    printed,
    signatures,
    style,
    weekday,
)
from api.reports.round_map import TRIP_COLOURS, draw_round
from api.reports.round_sheet import RoundSheet, SheetStop, SheetTask, SheetTrip
from routing.model import Action

_DELIVER, _COLLECT = HexColor("#0b6e4f"), HexColor("#b5460f")
_BAR_HEIGHT, _BAR_ROOM, _TICK = 6.5 * mm, 44 * mm, 5 * mm
_TASKS_A_ROW = 8
_COLUMNS = (9 * mm, 26.5 * mm, 51 * mm, WIDTH - 86.5 * mm)
_PEOPLE = ("Người giao ca", "Bưu tá nhận đủ", "Bưu tá nộp lại", "Người nhận nộp")
_TRIP = style("trip", fontName=BOLD, fontSize=8.8, textColor=white)


def round_sheet_pdf(sheet: RoundSheet) -> bytes:
    """Print one round sheet: A4 pages, fonts embedded; the same sheet gives the same bytes."""
    return round_sheets_pdf([sheet], f"{sheet.courier_name}, {sheet.day:%d/%m/%Y}")


def round_sheets_pdf(sheets: Sequence[RoundSheet], subject: str) -> bytes:
    """Print several, each from a page of its own on."""
    parts = (Part(f"{sheet.round_id} · {sheet.software}", sheet.mark, list(_story(sheet))) for sheet in sheets)
    return printed(f"Phiếu chuyến phát {sheets[0].round_id}", subject, parts)


def _story(sheet: RoundSheet) -> Iterator[Flowable]:
    yield _heading(sheet)
    yield Spacer(0, 5)
    yield _facts(sheet)
    yield Spacer(0, 6)
    if sheet.synthetic:
        yield _notice()
        yield Spacer(0, 6)
    chart = draw_round(sheet, WIDTH, 74 * mm)
    chart.hAlign = "CENTER"
    yield chart
    yield Spacer(0, 7)
    for number, trip in enumerate(sheet.trips, 1):
        yield _trip(number, trip)
        yield Spacer(0, 6)
    yield KeepTogether([_settlement(sheet), Spacer(0, 8), signatures(_PEOPLE)])


def _heading(sheet: RoundSheet) -> Table:
    lines = (
        Paragraph("PHIẾU CHUYẾN PHÁT · BƯU CHÍNH CÔNG ÍCH", EYEBROW),
        Paragraph(escape(sheet.courier_name), TITLE),
        Paragraph(f"{escape(sheet.base_name)} · {weekday(sheet.day)} {sheet.day:%d/%m/%Y}", BODY),
    )
    return heading(lines, sheet.round_id)


def _facts(sheet: RoundSheet) -> Table:
    delivered = sum(task.action is Action.DELIVER for task in sheet.tasks)
    facts = (
        ("Phương tiện", VEHICLES.get(sheet.vehicle, sheet.vehicle)),
        ("Rời – về bưu cục", f"{clock(sheet.trips[0].departs)} – {clock(sheet.trips[-1].returns)}"),
        ("Điểm dừng", str(len(sheet.stops))),
        ("Phát / thu gom", f"{delivered} / {len(sheet.tasks) - delivered}"),
        ("Quãng đường", kilometres(sheet.distance)),
        ("Tiền phải thu", dong(sum(task.fee_dong + task.postage_dong for task in sheet.tasks))),
    )
    return fact_row(facts)


def _notice() -> Table:
    text = (
        "MẠNG ĐƯỜNG TỔNG HỢP (synthetic roads): quãng đường, giờ đến và bản đồ chỉ là ước lượng, "
        "không phải đường thật. Không dùng để dẫn đường."
    )
    layout = [("BACKGROUND", (0, 0), (-1, -1), AMBER), ("ROUNDEDCORNERS", [4] * 4), *padding(5)]
    return Table([[Paragraph(text, NOTICE)]], colWidths=[WIDTH], style=layout)


def _trip(number: int, trip: SheetTrip) -> Table:
    """The stop list of a trip: a bar in the colour of its line on the map, column heads, a row a stop."""
    colour = TRIP_COLOURS[(number - 1) % len(TRIP_COLOURS)]
    length = kilometres(trip.distance)
    bar = f"LƯỢT {number} · rời bưu cục {clock(trip.departs)} · mang {trip.pieces} bưu gửi · {length}"
    heads = ("", "Đến · rời", "Nơi dừng", "Bưu gửi")
    rows: list[list[Any]] = [[Paragraph(bar, _TRIP), "", "", ""], [Paragraph(head, HEAD) for head in heads]]
    rests = list(trip.breaks)
    spans: list[int] = []
    for stop in trip.stops:
        while rests and rests[0][1] <= stop.starts:
            spans.append(len(rows))
            rows.append(_remark(_rest(*rests.pop(0))))
        rows += _stop_rows(stop)
    for rest in rests:
        spans.append(len(rows))
        rows.append(_remark(_rest(*rest)))
    spans.append(len(rows))
    rows.append(_remark(f"Về bưu cục {clock(trip.returns)}"))
    return Table(rows, colWidths=_COLUMNS, repeatRows=2, style=_trip_layout(colour, rows, spans))


def _trip_layout(colour: Color, rows: list[list[Any]], spans: Iterable[int]) -> list[Any]:
    layout: list[Any] = [
        ("SPAN", (0, 0), (-1, 0)),
        ("BACKGROUND", (0, 0), (-1, 0), colour),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, RULE),
        *padding(4),
    ]
    remarks = set(spans)
    for row in range(2, len(rows)):
        if row in remarks:
            layout += [("SPAN", (1, row), (-1, row)), ("BACKGROUND", (0, row), (-1, row), SOFT)]
        else:
            layout += [("BACKGROUND", (0, row), (0, row), colour)]
    return layout


def _remark(text: str) -> list[Any]:
    return ["", Paragraph(text, STRONG), "", ""]


def _rest(starts: datetime, ends: datetime) -> str:
    return f"Nghỉ {clock(starts)} – {clock(ends)}"


def _stop_rows(stop: SheetStop) -> list[list[Any]]:
    """One row, or several when there are many tasks: a row cannot be broken over two pages."""
    lines = [_TaskLine(task) for task in stop.tasks]
    first, *more = [lines[k : k + _TASKS_A_ROW] for k in range(0, len(lines), _TASKS_A_ROW)]
    return [_stop_row(stop, first), *(["", "", Paragraph("(tiếp)", SMALL), part] for part in more)]


def _stop_row(stop: SheetStop, lines: list[_TaskLine]) -> list[Any]:
    wait = stop.starts - stop.arrives
    times = [
        Paragraph(f"{clock(stop.arrives)} – {clock(stop.leaves)}", STRONG),
        Paragraph(f"dư {minutes(stop.slack)}", SMALL),
    ]
    if wait.seconds >= 60:
        times.append(Paragraph(f"bắt đầu {clock(stop.starts)}", SMALL))
    place = [Paragraph(escape(stop.title), STRONG)]
    if stop.address:
        place.append(Paragraph(escape(stop.address), SMALL))
    contacts = dict.fromkeys(task.contact for task in stop.tasks if task.contact)
    place += [Paragraph(escape(contact), BODY) for contact in contacts]
    return [Paragraph(str(stop.number), NUMBER), times, place, lines]


class _TaskLine(Flowable):
    """Action and facts on the left, the bar code in the middle, a box to tick on the right."""

    def __init__(self, task: SheetTask) -> None:
        super().__init__()
        self._code = task.code
        self._bars = barcode(task.code, _BAR_HEIGHT, _BAR_ROOM)
        self._facts = _facts_of(task)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Lay out in the width that the column has."""
        left = width - self._bars.width - _TICK - 5 * mm
        self._heights = [paragraph.wrap(left, 1000)[1] for paragraph in self._facts]
        self.width, self.height = width, max(sum(self._heights), _BAR_HEIGHT + 9) + 4
        return self.width, self.height

    def draw(self) -> None:
        """Draw from the top down."""
        y = self.height
        for paragraph, height in zip(self._facts, self._heights, strict=True):
            y -= height
            paragraph.drawOn(self.canv, 0, y)
        x = self.width - _TICK - 3 * mm - self._bars.width
        self._bars.drawOn(self.canv, x, self.height - _BAR_HEIGHT - 1)
        self.canv.setFont(REGULAR, 6.6)
        self.canv.setFillColor(INK)
        self.canv.drawCentredString(x + self._bars.width / 2, self.height - _BAR_HEIGHT - 7.6, self._code)
        self.canv.setStrokeColor(INK)
        self.canv.rect(self.width - _TICK, self.height - _TICK - 2, _TICK, _TICK)


def _facts_of(task: SheetTask) -> list[Paragraph]:
    deliver = task.action is Action.DELIVER
    colour, word = (_DELIVER, "PHÁT") if deliver else (_COLLECT, "THU")
    pieces = f" · {task.pieces} bì" if task.pieces > 1 else ""
    mark = f'<font name="{BOLD}" color="{colour.hexval().replace("0x", "#")}">{word}</font>'
    facts = [Paragraph(f"{mark} {KINDS[task.kind]}{pieces}", BODY)]
    money = (("lệ phí", task.fee_dong), ("cước", task.postage_dong))
    facts += [Paragraph(f"{name} {dong(amount)}", SMALL) for name, amount in money if amount]
    if task.note:
        facts.append(Paragraph(escape(task.note), SMALL))
    return facts


def _settlement(sheet: RoundSheet) -> Table:
    """What is counted together with the base at the end of the day; the right column is filled in by hand."""
    fees, postage = sum(t.fee_dong for t in sheet.tasks), sum(t.postage_dong for t in sheet.tasks)
    delivered = sum(task.action is Action.DELIVER for task in sheet.tasks)
    rows = (
        ("Bưu gửi phải phát", str(delivered)),
        ("Bưu gửi phải thu gom", str(len(sheet.tasks) - delivered)),
        ("Lệ phí (nộp ngân sách)", dong(fees)),
        ("Cước bưu chính", dong(postage)),
        ("Tổng tiền phải nộp", dong(fees + postage)),
    )
    head = [Paragraph("QUYẾT TOÁN CUỐI NGÀY", HEAD), Paragraph("Theo kế hoạch", HEAD), Paragraph("Thực tế", HEAD)]
    cells: list[list[Any]] = [head]
    cells += [[Paragraph(label, BODY), Paragraph(value, RIGHT), ""] for label, value in rows]
    layout = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
        ("BACKGROUND", (0, -1), (1, -1), SOFT),
        ("BOX", (2, 1), (2, -1), 0.5, RULE),
        *padding(3),
    ]
    return Table(cells, colWidths=(WIDTH * 0.5, WIDTH * 0.25, WIDTH * 0.25), style=layout)
