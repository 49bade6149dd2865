"""A report as PDF: A4, the typeface of the pages, maps and charts as vectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import white
from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Paragraph, Spacer, Table

from api.coverage.exports.blocks import (
    Block,
    Bullets,
    Facts,
    Figure,
    Grid,
    Heading,
    NewPage,
    Notice,
    Prose,
    Report,
    Signatures,
)
from api.coverage.exports.vectors import drawing_of
from api.reports.fonts import BOLD
from api.reports.paper import (
    AMBER,
    BRAND,
    CENTRED,
    EYEBROW,
    NOTICE,
    RIGHT,
    RULE,
    SMALL,
    SOFT,
    TITLE,
    WIDTH,
    Part,
    fact_row,
    padding,
    printed,
    style,
)

_PROSE = style("prose", fontSize=9.4, leading=13.4)
_ITEM = style("item", fontSize=9.4, leading=13.4, leftIndent=12, bulletIndent=2)
_HEADINGS = {
    1: style("heading-1", fontName=BOLD, fontSize=13, leading=17, textColor=BRAND),
    2: style("heading-2", fontName=BOLD, fontSize=10.6, leading=14),
}
_CAPTION = style("caption", fontName=BOLD, fontSize=8.6, leading=11.5)
_CELL = style("cell", fontSize=7.6, leading=9.8)
_CELL_RIGHT = style("cell-right", fontSize=7.6, leading=9.8, alignment=TA_RIGHT)
_MARKED = style("marked", fontName=BOLD, fontSize=7.6, leading=9.8)
_MARKED_RIGHT = style("marked-right", fontName=BOLD, fontSize=7.6, leading=9.8, alignment=TA_RIGHT)
_TITLE_CELL = style("title-cell", fontName=BOLD, fontSize=7.2, leading=9.2, textColor=white)
_TITLE_RIGHT = style("title-right", fontName=BOLD, fontSize=7.2, leading=9.2, textColor=white, alignment=TA_RIGHT)
_TAIL = 2
"""Flowables of a block's last paragraph: itself and the gap below."""
_LEAST_ROOM = 110
"""Points below a heading; with less it goes to the next page."""


def report_pdf(report: Report) -> bytes:
    """Print a report; the same one gives the same bytes."""
    parts = (Part(report.footer, "", list(story)) for story in [_story(report)])  # not before the fonts are known
    return printed(report.title, report.subtitle, parts, report.language)


def _story(report: Report) -> Iterator[Flowable]:
    yield Paragraph(escape(report.office), EYEBROW)
    yield Paragraph(escape(report.title), TITLE)
    yield Paragraph(escape(report.subtitle), _PROSE)
    yield Spacer(0, 8)
    held: list[Flowable] = []
    for block in report.blocks:
        laid = list(_laid(block))
        if isinstance(block, Signatures):  # nobody signs a page on which nothing else stands
            yield KeepTogether([*held, *laid])
            held = []
        else:
            yield from held
            held = laid[-_TAIL:]
            yield from laid[:-_TAIL]
    yield from held


def _laid(block: Block) -> Iterator[Flowable]:
    match block:
        case Heading(text, level):
            yield CondPageBreak(_LEAST_ROOM)
            yield Spacer(0, 10 if level == 1 else 5)
            yield Paragraph(escape(text), _HEADINGS[level])
            yield Spacer(0, 4)
        case Prose(text):
            yield Paragraph(escape(text), _PROSE)
            yield Spacer(0, 5)
        case Bullets(items):
            yield from (Paragraph(escape(item), _ITEM, bulletText="•") for item in items)
            yield Spacer(0, 5)
        case Notice(text):
            layout: list[Any] = [("BACKGROUND", (0, 0), (-1, -1), AMBER), ("ROUNDEDCORNERS", [4] * 4), *padding(6)]
            yield Table([[Paragraph(escape(text), NOTICE)]], colWidths=[WIDTH], style=layout)
            yield Spacer(0, 7)
        case Facts(items):
            yield fact_row([(escape(label), escape(value)) for label, value in items])
            yield Spacer(0, 6)
        case Figure():
            yield _figure(block)
            yield Spacer(0, 9)
        case Grid():
            yield from _grid(block)
            yield Spacer(0, 9)
        case NewPage():
            yield PageBreak()
        case Signatures():
            yield from _signatures(block)


def _figure(figure: Figure) -> Flowable:
    drawing = drawing_of(figure.picture)
    drawing.hAlign = "CENTER"
    parts: list[Flowable] = [Paragraph(escape(figure.caption), _CAPTION), Spacer(0, 3), drawing]
    if figure.notes:
        parts.append(Paragraph(escape(figure.notes), SMALL))
    return KeepTogether(parts)


def _grid(grid: Grid) -> Iterator[Flowable]:
    yield CondPageBreak(_LEAST_ROOM)
    yield Paragraph(escape(grid.caption), _CAPTION)
    yield Spacer(0, 3)
    weights = [column.weight for column in grid.columns]
    widths = [WIDTH * weight / sum(weights) for weight in weights]
    titles = [Paragraph(escape(c.title), _TITLE_RIGHT if c.number else _TITLE_CELL) for c in grid.columns]
    cells = [titles, *(_row(grid, at) for at in range(len(grid.rows)))]
    layout: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, 0), BRAND),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [white, SOFT]),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *padding(3.4),
    ]
    yield Table(cells, colWidths=widths, repeatRows=1, style=layout)
    if grid.note:
        yield Paragraph(escape(grid.note), SMALL)


def _row(grid: Grid, at: int) -> list[Paragraph]:
    text, right = (_MARKED, _MARKED_RIGHT) if at in grid.marked else (_CELL, _CELL_RIGHT)
    return [
        Paragraph(escape(cell), right if column.number else text)
        for cell, column in zip(grid.rows[at], grid.columns, strict=True)
    ]


def _signatures(block: Signatures) -> Iterator[Flowable]:
    cells = [
        [[Paragraph(f"<b>{escape(who)}</b>", CENTRED), Paragraph(escape(block.hint), CENTRED)] for who in block.people]
    ]
    columns = len(block.people)
    table = Table(
        cells, colWidths=[WIDTH / columns] * columns, rowHeights=[86], style=[("VALIGN", (0, 0), (-1, -1), "TOP")]
    )
    yield from (Spacer(0, 14), Paragraph(escape(block.place), RIGHT), Spacer(0, 8), table)
