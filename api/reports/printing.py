"""
Everything printed goes through here: round sheets on A4, in Vietnamese, drawn by reportlab without a browser.

A sheet is a list of flowables (heading, map, stop list, settlement, signatures) on pages that carry a footer with
`page x/y`, which is known only once all pages are laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from api.reports.fonts import BOLD, REGULAR, register_fonts
from api.reports.round_map import TRIP_COLOURS, draw_round
from api.reports.round_sheet import RoundSheet, SheetStop, SheetTask, SheetTrip
from routing.model import Action

VEHICLES = {"motorbike": "Xe máy", "van": "Xe tải nhỏ", "walk": "Đi bộ"}
KINDS = {"intake": "Hồ sơ", "result": "Kết quả", "transfer": "Luân chuyển"}

_INK, _MUTED, _RULE = HexColor("#20302b"), HexColor("#5c6660"), HexColor("#c9c4b6")
_BRAND, _SOFT = HexColor("#0b6e4f"), HexColor("#eef3ee")
_AMBER, _AMBER_INK = HexColor("#fdf0cf"), HexColor("#7a4f01")
_DELIVER, _COLLECT = HexColor("#0b6e4f"), HexColor("#b5460f")
_WIDTH = A4[0] - 28 * mm
_BAR_HEIGHT, _BAR_ROOM, _TICK = 6.5 * mm, 44 * mm, 5 * mm
_TASKS_A_ROW = 8
_COLUMNS = (9 * mm, 26.5 * mm, 51 * mm, _WIDTH - 86.5 * mm)


def _style(name: str, **changes: Any) -> ParagraphStyle:
    basis: dict[str, Any] = {"fontName": REGULAR, "fontSize": 8.2, "leading": 10.6, "textColor": _INK}
    return ParagraphStyle(name, **{**basis, **changes})


_BODY = _style("body")
_STRONG = _style("strong", fontName=BOLD, fontSize=8.8)
_SMALL = _style("small", fontSize=7, leading=9, textColor=_MUTED)
_TITLE = _style("title", fontName=BOLD, fontSize=17, leading=21)
_EYEBROW = _style("eyebrow", fontName=BOLD, fontSize=7.5, leading=10, textColor=_BRAND)
_NUMBER = _style("number", fontName=BOLD, fontSize=11, leading=13, alignment=TA_CENTER, textColor=white)
_HEAD = _style("head", fontName=BOLD, fontSize=7, leading=9, textColor=_MUTED)
_CENTRED = _style("centred", alignment=TA_CENTER)
_RIGHT = _style("right", alignment=TA_RIGHT)
_TRIP = _style("trip", fontName=BOLD, fontSize=8.8, textColor=white)
_NOTICE = _style("notice", fontName=BOLD, textColor=_AMBER_INK)


def round_sheet_pdf(sheet: RoundSheet) -> bytes:
    """Print one round sheet: A4 pages, fonts embedded; the same sheet gives the same bytes."""
    register_fonts()
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=14 * mm,
        rightMargin=14 * mm,
        topMargin=12 * mm,
        bottomMargin=16 * mm,
        title=f"Phiếu chuyến phát {sheet.round_id}",
        author="Đường Thư",
        subject=f"{sheet.courier_name}, {sheet.day:%d/%m/%Y}",
        invariant=1,
    )
    footer = f"{sheet.round_id} · {sheet.software}"
    document.build(list(_story(sheet)), canvasmaker=_numbered(footer))
    return target.getvalue()


def dong(amount: int) -> str:
    """`1.250.000 đ`."""
    return f"{amount:,} đ".replace(",", ".")


def kilometres(metres: int) -> str:
    """`12,3 km`."""
    return f"{metres / 1000:.1f} km".replace(".", ",")


def minutes(seconds: int) -> str:
    """`1 giờ 05`, `25 phút`."""
    hours, rest = divmod(seconds // 60, 60)
    return f"{hours} giờ {rest:02d}" if hours else f"{rest} phút"


def _story(sheet: RoundSheet) -> Iterator[Flowable]:
    yield _heading(sheet)
    yield Spacer(0, 5)
    yield _facts(sheet)
    yield Spacer(0, 6)
    if sheet.synthetic:
        yield _notice()
        yield Spacer(0, 6)
    chart = draw_round(sheet, _WIDTH, 74 * mm)
    chart.hAlign = "CENTER"
    yield chart
    yield Spacer(0, 7)
    for number, trip in enumerate(sheet.trips, 1):
        yield _trip(number, trip)
        yield Spacer(0, 6)
    yield KeepTogether([_settlement(sheet), Spacer(0, 8), _signatures()])


def _heading(sheet: RoundSheet) -> Table:
    left = [
        Paragraph("PHIẾU CHUYẾN PHÁT · BƯU CHÍNH CÔNG ÍCH", _EYEBROW),
        Paragraph(escape(sheet.courier_name), _TITLE),
        Paragraph(f"{escape(sheet.base_name)} · {_weekday(sheet)} {sheet.day:%d/%m/%Y}", _BODY),
    ]
    side = 20 * mm
    square = Drawing(side, side)
    square.add(QrCodeWidget(sheet.round_id, barLevel="M", barBorder=0, barWidth=side, barHeight=side))
    layout = [("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(0), ("ALIGN", (1, 0), (1, 0), "RIGHT")]
    return Table([[left, square]], colWidths=[_WIDTH - side, side], style=layout)


def _weekday(sheet: RoundSheet) -> str:
    days = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
    return days[sheet.day.weekday()]


def _facts(sheet: RoundSheet) -> Table:
    delivered = sum(task.action is Action.DELIVER for task in sheet.tasks)
    facts = (
        ("Phương tiện", VEHICLES.get(sheet.vehicle, sheet.vehicle)),
        ("Rời – về bưu cục", f"{_clock(sheet.trips[0].departs)} – {_clock(sheet.trips[-1].returns)}"),
        ("Điểm dừng", str(len(sheet.stops))),
        ("Phát / thu gom", f"{delivered} / {len(sheet.tasks) - delivered}"),
        ("Quãng đường", kilometres(sheet.distance)),
        ("Tiền phải thu", dong(sum(task.fee_dong + task.postage_dong for task in sheet.tasks))),
    )
    cells = [[[Paragraph(label, _SMALL), Paragraph(value, _STRONG)] for label, value in facts]]
    layout = [("BACKGROUND", (0, 0), (-1, -1), _SOFT), ("ROUNDEDCORNERS", [4] * 4), *_padding(5)]
    return Table(cells, colWidths=[_WIDTH / len(facts)] * len(facts), style=layout)


def _notice() -> Table:
    text = (
        "MẠNG ĐƯỜNG TỔNG HỢP (synthetic roads): quãng đường, giờ đến và bản đồ chỉ là ước lượng, "
        "không phải đường thật. Không dùng để dẫn đường."
    )
    layout = [("BACKGROUND", (0, 0), (-1, -1), _AMBER), ("ROUNDEDCORNERS", [4] * 4), *_padding(5)]
    return Table([[Paragraph(text, _NOTICE)]], colWidths=[_WIDTH], style=layout)


def _trip(number: int, trip: SheetTrip) -> Table:
    """The stop list of a trip: a bar in the colour of its line on the map, column heads, a row a stop."""
    colour = TRIP_COLOURS[(number - 1) % len(TRIP_COLOURS)]
    length = kilometres(trip.distance)
    bar = f"LƯỢT {number} · rời bưu cục {_clock(trip.departs)} · mang {trip.pieces} bưu gửi · {length}"
    heads = ("", "Đến · rời", "Nơi dừng", "Bưu gửi")
    rows: list[list[Any]] = [[Paragraph(bar, _TRIP), "", "", ""], [Paragraph(head, _HEAD) for head in heads]]
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
    rows.append(_remark(f"Về bưu cục {_clock(trip.returns)}"))
    return Table(rows, colWidths=_COLUMNS, repeatRows=2, style=_trip_layout(colour, rows, spans))


def _trip_layout(colour: Color, rows: list[list[Any]], spans: Iterable[int]) -> list[Any]:
    layout: list[Any] = [
        ("SPAN", (0, 0), (-1, 0)),
        ("BACKGROUND", (0, 0), (-1, 0), colour),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, _RULE),
        *_padding(4),
    ]
    remarks = set(spans)
    for row in range(2, len(rows)):
        if row in remarks:
            layout += [("SPAN", (1, row), (-1, row)), ("BACKGROUND", (0, row), (-1, row), _SOFT)]
        else:
            layout += [("BACKGROUND", (0, row), (0, row), colour)]
    return layout


def _remark(text: str) -> list[Any]:
    return ["", Paragraph(text, _STRONG), "", ""]


def _rest(starts: datetime, ends: datetime) -> str:
    return f"Nghỉ {_clock(starts)} – {_clock(ends)}"


def _stop_rows(stop: SheetStop) -> list[list[Any]]:
    """One row, or several when there are many tasks: a row cannot be broken over two pages."""
    lines = [_TaskLine(task) for task in stop.tasks]
    first, *more = [lines[k : k + _TASKS_A_ROW] for k in range(0, len(lines), _TASKS_A_ROW)]
    return [_stop_row(stop, first), *(["", "", Paragraph("(tiếp)", _SMALL), part] for part in more)]


def _stop_row(stop: SheetStop, lines: list[_TaskLine]) -> list[Any]:
    wait = stop.starts - stop.arrives
    times = [
        Paragraph(f"{_clock(stop.arrives)} – {_clock(stop.leaves)}", _STRONG),
        Paragraph(f"dư {minutes(stop.slack)}", _SMALL),
    ]
    if wait.seconds >= 60:
        times.append(Paragraph(f"bắt đầu {_clock(stop.starts)}", _SMALL))
    place = [Paragraph(escape(stop.title), _STRONG)]
    if stop.address:
        place.append(Paragraph(escape(stop.address), _SMALL))
    contacts = dict.fromkeys(task.contact for task in stop.tasks if task.contact)
    place += [Paragraph(escape(contact), _BODY) for contact in contacts]
    return [Paragraph(str(stop.number), _NUMBER), times, place, lines]


class _TaskLine(Flowable):
    """Action and facts on the left, the bar code in the middle, a box to tick on the right."""

    def __init__(self, task: SheetTask) -> None:
        super().__init__()
        self._code = task.code
        self._bars = _barcode(task.code)
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
        self.canv.setFillColor(_INK)
        self.canv.drawCentredString(x + self._bars.width / 2, self.height - _BAR_HEIGHT - 7.6, self._code)
        self.canv.setStrokeColor(_INK)
        self.canv.rect(self.width - _TICK, self.height - _TICK - 2, _TICK, _TICK)


def _facts_of(task: SheetTask) -> list[Paragraph]:
    deliver = task.action is Action.DELIVER
    colour, word = (_DELIVER, "PHÁT") if deliver else (_COLLECT, "THU")
    pieces = f" · {task.pieces} bì" if task.pieces > 1 else ""
    mark = f'<font name="{BOLD}" color="{colour.hexval().replace("0x", "#")}">{word}</font>'
    facts = [Paragraph(f"{mark} {KINDS[task.kind]}{pieces}", _BODY)]
    money = (("lệ phí", task.fee_dong), ("cước", task.postage_dong))
    facts += [Paragraph(f"{name} {dong(amount)}", _SMALL) for name, amount in money if amount]
    if task.note:
        facts.append(Paragraph(escape(task.note), _SMALL))
    return facts


def _barcode(code: str) -> Code128:
    """As wide as its column allows, bars never thinner than a cheap scanner reads (0.19 mm)."""
    modules = Code128(code, barWidth=1, quiet=False).width
    width = max(0.19 * mm, min(0.3 * mm, _BAR_ROOM / modules))
    return Code128(code, barHeight=_BAR_HEIGHT, barWidth=width, quiet=False)


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
    head = [Paragraph("QUYẾT TOÁN CUỐI NGÀY", _HEAD), Paragraph("Theo kế hoạch", _HEAD), Paragraph("Thực tế", _HEAD)]
    cells: list[list[Any]] = [head]
    cells += [[Paragraph(label, _BODY), Paragraph(value, _RIGHT), ""] for label, value in rows]
    layout = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, _RULE),
        ("BACKGROUND", (0, -1), (1, -1), _SOFT),
        ("BOX", (2, 1), (2, -1), 0.5, _RULE),
        *_padding(3),
    ]
    return Table(cells, colWidths=(_WIDTH * 0.5, _WIDTH * 0.25, _WIDTH * 0.25), style=layout)


def _signatures() -> Table:
    people = ("Người giao ca", "Bưu tá nhận đủ", "Bưu tá nộp lại", "Người nhận nộp")
    cells = [[[Paragraph(who, _CENTRED), Paragraph("(ký, ghi rõ họ tên)", _style("sign", parent=_SMALL, fontSize=6.6,
              alignment=TA_CENTER, textColor=_MUTED))] for who in people]]  # fmt: skip
    layout = [("GRID", (0, 0), (-1, -1), 0.5, _RULE), ("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(4)]
    return Table(cells, colWidths=[_WIDTH / len(people)] * len(people), rowHeights=[24 * mm], style=layout)


def _padding(points: float) -> list[Any]:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(side, (0, 0), (-1, -1), points) for side in sides]


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _numbered(footer: str) -> type[Canvas]:
    """A canvas that keeps its pages until all are known, then writes `Trang x/y` on each."""

    class NumberedCanvas(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self._footer(f"Trang {number}/{len(self._pages)}")
                super().showPage()
            super().save()

        def _footer(self, page: str) -> None:
            self.setStrokeColor(_RULE)
            self.line(14 * mm, 12 * mm, A4[0] - 14 * mm, 12 * mm)
            self.setFillColor(_MUTED)
            self.setFont(REGULAR, 7)
            self.drawString(14 * mm, 8.5 * mm, footer)
            self.drawRightString(A4[0] - 14 * mm, 8.5 * mm, page)

    return NumberedCanvas
