"""
How everything printed looks: A4, the one typeface, its styles, bar codes, pages that say which of how many they are.

A document has parts (a courier's sheet each), every part begins on a new page, counts its own pages and has its own
footer: whoever hands one out can tell whether a page is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table

from api.errors import Language
from api.reports.fonts import BOLD, REGULAR, register_fonts

KINDS = {"intake": "Hồ sơ", "result": "Kết quả", "transfer": "Luân chuyển"}
VEHICLES = {"motorbike": "Xe máy", "van": "Xe tải nhỏ", "walk": "Đi bộ"}

INK, MUTED, RULE = HexColor("#20302b"), HexColor("#5c6660"), HexColor("#c9c4b6")
BRAND, SOFT = HexColor("#0b6e4f"), HexColor("#eef3ee")
AMBER, AMBER_INK = HexColor("#fdf0cf"), HexColor("#7a4f01")
WIDTH = A4[0] - 28 * mm
"""Between the margins."""
_MARGIN = 14 * mm


def style(name: str, **changes: Any) -> ParagraphStyle:
    """The body's style, changed."""
    basis: dict[str, Any] = {"fontName": REGULAR, "fontSize": 8.2, "leading": 10.6, "textColor": INK}
    return ParagraphStyle(name, **{**basis, **changes})


BODY = style("body")
STRONG = style("strong", fontName=BOLD, fontSize=8.8)
SMALL = style("small", fontSize=7, leading=9, textColor=MUTED)
TITLE = style("title", fontName=BOLD, fontSize=17, leading=21)
EYEBROW = style("eyebrow", fontName=BOLD, fontSize=7.5, leading=10, textColor=BRAND)
NUMBER = style("number", fontName=BOLD, fontSize=11, leading=13, alignment=TA_CENTER, textColor=white)
HEAD = style("head", fontName=BOLD, fontSize=7, leading=9, textColor=MUTED)
CENTRED = style("centred", alignment=TA_CENTER)
RIGHT = style("right", alignment=TA_RIGHT)
NOTICE = style("notice", fontName=BOLD, textColor=AMBER_INK)
_SIGN = style("sign", fontSize=6.6, leading=9, alignment=TA_CENTER, textColor=MUTED)


@dataclass(frozen=True, slots=True)
class Part:
    """What begins on a page of its own."""

    footer: str
    mark: str
    """On top of every page: that it is a draft; empty = nothing."""
    story: Sequence[Flowable]


def printed(title: str, subject: str, parts: Iterable[Part], language: Language = "vi") -> bytes:
    """Lay parts out on A4 pages, fonts embedded; the same parts give the same bytes."""
    register_fonts()
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=12 * mm,
        bottomMargin=16 * mm,
        title=title,
        author="Đường Thư",
        subject=subject,
        invariant=1,
        lang=language,
    )
    document.build(list(_pages(parts)), canvasmaker=_CANVASES[language])
    return target.getvalue()


def _pages(parts: Iterable[Part]) -> Iterator[Flowable]:
    for number, part in enumerate(parts):
        if number:
            yield PageBreak()
        yield _Begins(number, part)
        yield from part.story


class _Begins(Flowable):
    """Takes no room; tells the canvas which part its pages belong to from here on."""

    width = height = 0

    def __init__(self, number: int, part: Part) -> None:
        super().__init__()
        self._said = (number, part.footer, part.mark)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Nothing to lay out."""
        return 0, 0

    def draw(self) -> None:
        """Nothing to see."""
        self.canv.part = self._said  # type: ignore[attr-defined]


class _NumberedCanvas(Canvas):
    """Keeps its pages until all are known, then writes `Trang x/y` on each, counted by part."""

    part: tuple[int, str, str]
    page_word = "Trang"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        whole = Counter(page["part"] for page in self._pages)
        at = Counter[tuple[int, str, str]]()
        for page in self._pages:
            self.__dict__.update(page)
            at[self.part] += 1
            self._edges(f"{self.page_word} {at[self.part]}/{whole[self.part]}")
            super().showPage()
        super().save()

    def _edges(self, page: str) -> None:
        _, footer, mark = self.part
        self.setStrokeColor(RULE)
        self.line(_MARGIN, 12 * mm, A4[0] - _MARGIN, 12 * mm)
        self.setFillColor(MUTED)
        self.setFont(REGULAR, 7)
        self.drawString(_MARGIN, 8.5 * mm, footer)
        self.drawRightString(A4[0] - _MARGIN, 8.5 * mm, page)
        if mark:
            self._stamp(mark)

    def _stamp(self, mark: str) -> None:
        """In the top margin, where it covers no bar code."""
        wide, high = self.stringWidth(mark, BOLD, 8.5) + 20, 13.5
        left, bottom = (A4[0] - wide) / 2, A4[1] - 10.5 * mm
        self.setFillColor(AMBER)
        self.setStrokeColor(AMBER_INK)
        self.roundRect(left, bottom, wide, high, 3, stroke=1, fill=1)
        self.setFillColor(AMBER_INK)
        self.setFont(BOLD, 8.5)
        self.drawCentredString(A4[0] / 2, bottom + 4, mark)


class _EnglishCanvas(_NumberedCanvas):
    page_word = "Page"


_CANVASES: dict[Language, type[Canvas]] = {"vi": _NumberedCanvas, "en": _EnglishCanvas}


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


def clock(moment: datetime) -> str:
    """`07:05`."""
    return f"{moment:%H:%M}"


def weekday(day: date) -> str:
    """`Thứ Hai`."""
    days = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
    return days[day.weekday()]


def padding(points: float) -> list[Any]:
    """The same on every side of each cell of a table."""
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(side, (0, 0), (-1, -1), points) for side in sides]


def heading(lines: Sequence[Flowable], names: str) -> Table:
    """Title lines, with a square code beside them that names the round for scanners."""
    side = 20 * mm
    square = Drawing(side, side)
    square.add(QrCodeWidget(names, barLevel="M", barBorder=0, barWidth=side, barHeight=side))
    layout = [("VALIGN", (0, 0), (-1, -1), "TOP"), *padding(0), ("ALIGN", (1, 0), (1, 0), "RIGHT")]
    return Table([[list(lines), square]], colWidths=[WIDTH - side, side], style=layout)


def fact_row(facts: Sequence[tuple[str, str]]) -> Table:
    """Labels over values, side by side."""
    cells = [[[Paragraph(label, SMALL), Paragraph(value, STRONG)] for label, value in facts]]
    layout = [("BACKGROUND", (0, 0), (-1, -1), SOFT), ("ROUNDEDCORNERS", [4] * 4), *padding(5)]
    return Table(cells, colWidths=[WIDTH / len(facts)] * len(facts), style=layout)


def barcode(code: str, height: float, room: float) -> Code128:
    """As wide as its room allows, bars never thinner than a cheap scanner reads (0.19 mm)."""
    modules = Code128(code, barWidth=1, quiet=False).width
    width = max(0.19 * mm, min(0.3 * mm, room / modules))
    return Code128(code, barHeight=height, barWidth=width, quiet=False)


def signatures(people: Sequence[str]) -> Table:
    """A box for each to sign in."""
    cells = [[[Paragraph(who, CENTRED), Paragraph("(ký, ghi rõ họ tên)", _SIGN)] for who in people]]
    layout = [("GRID", (0, 0), (-1, -1), 0.5, RULE), ("VALIGN", (0, 0), (-1, -1), "TOP"), *padding(4)]
    return Table(cells, colWidths=[WIDTH / len(people)] * len(people), rowHeights=[24 * mm], style=layout)
