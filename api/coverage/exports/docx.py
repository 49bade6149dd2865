"""
A report as DOCX, to be edited: real headings, lists and tables; maps as pictures with a text for who cannot see them.

In Times New Roman, as Decree 30/2020/NĐ-CP asks of administrative documents, and as every office has it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell

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
from api.coverage.exports.docx_rows import table_row
from api.coverage.exports.pixels import png_of
from api.errors import Language

_FONT = "Times New Roman"
_WIDTH = Cm(17)
_TAGS: dict[Language, str] = {"vi": "vi-VN", "en": "en-GB"}
_BRAND = RGBColor(0x0B, 0x6E, 0x4F)
_PAGE: dict[Language, tuple[str, str]] = {"vi": ("Trang ", "/"), "en": ("Page ", "/")}


def report_docx(report: Report) -> bytes:
    """Write a report."""
    document = Document()
    _dress(document, report.language)
    document.core_properties.title = report.title
    document.core_properties.subject = report.subtitle
    document.core_properties.author = "Đường Thư"
    document.core_properties.language = _TAGS[report.language]
    _footer(document, report)
    office = document.add_paragraph(report.office)
    office.runs[0].bold = True
    document.add_paragraph(report.title, style="Title")
    document.add_paragraph(report.subtitle, style="Subtitle")
    for block in report.blocks:
        _write(document, block)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _dress(document: DocumentType, language: Language) -> None:
    """Page, fonts, and the language in which a word processor checks the spelling."""
    page = document.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    sizes = {
        "Normal": 12,
        "Title": 22,
        "Subtitle": 13,
        "Heading 1": 15,
        "Heading 2": 13,
        "List Bullet": 12,
        "Caption": 11,
    }
    for name, size in sizes.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = _BRAND if name.startswith(("Title", "Heading")) else RGBColor(0x20, 0x30, 0x2B)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), _FONT)
    defaults: Any = document.styles.element.find(qn("w:docDefaults"))
    for tag in defaults.iter(qn("w:lang")):
        tag.set(qn("w:val"), _TAGS[language])
        tag.set(qn("w:eastAsia"), _TAGS[language])


def _footer(document: DocumentType, report: Report) -> None:
    """Which report it is, and `Trang x/y` counted by the word processor."""
    line = document.sections[0].footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    word, of = _PAGE[report.language]
    line.add_run(f"{report.footer} · {word}")
    _field(line, "PAGE")
    line.add_run(of)
    _field(line, "NUMPAGES")
    for run in line.runs:
        run.font.size = Pt(9)


def _field(line: Any, code: str) -> None:
    run = line.add_run()
    for kind, text in (("begin", None), (None, code), ("end", None)):
        part: Any = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)  # noqa: SLF001  python-docx has no fields of its own


def _write(document: DocumentType, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(text, level)
        case Prose(text):
            document.add_paragraph(text)
        case Bullets(items):
            for item in items:
                document.add_paragraph(item, style="List Bullet")
        case NewPage():
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case _:
            _write_framed(document, block)


def _write_framed(document: DocumentType, block: Notice | Facts | Figure | Grid | Signatures) -> None:
    """What is no paragraph."""
    match block:
        case Notice(text):
            _notice(document, text)
        case Facts(items):
            _facts(document, items)
        case Figure():
            _figure(document, block)
        case Grid():
            _grid(document, block)
        case Signatures():
            _signatures(document, block)


def _notice(document: DocumentType, text: str) -> None:
    cell = document.add_table(1, 1).cell(0, 0)
    _fill(cell, text, bold=True)
    _shade(cell, "FDF0CF")
    document.add_paragraph()


def _facts(document: DocumentType, items: tuple[tuple[str, str], ...]) -> None:
    table = document.add_table(2, len(items))
    for at, (label, value) in enumerate(items):
        _fill(table.cell(0, at), label, size=9)
        _fill(table.cell(1, at), value, bold=True)
        _shade(table.cell(0, at), "EEF3EE")
        _shade(table.cell(1, at), "EEF3EE")


def _figure(document: DocumentType, figure: Figure) -> None:
    document.add_paragraph(figure.caption, style="Caption").paragraph_format.keep_with_next = True
    holder = document.add_paragraph()
    holder.paragraph_format.keep_with_next = bool(figure.notes)
    shape = holder.add_run().add_picture(BytesIO(png_of(figure.picture)), width=_WIDTH)
    told = shape._inline.docPr  # noqa: SLF001  where a word processor looks for the alternative text
    told.set("descr", figure.alt)
    told.set("title", figure.caption)
    if figure.notes:
        document.add_paragraph().add_run(figure.notes).italic = True


def _grid(document: DocumentType, grid: Grid) -> None:
    document.add_paragraph(grid.caption, style="Caption").paragraph_format.keep_with_next = True
    table = document.add_table(0, len(grid.columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.weight for column in grid.columns)
    widths = [round(_WIDTH * column.weight / whole) for column in grid.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    titles = [column.title for column in grid.columns]
    rows = table._tbl  # noqa: SLF001  where whole rows are put
    rows.append(table_row(titles, grid.columns, widths, bold=True, head=True))
    for number, row in enumerate(grid.rows):
        rows.append(table_row(row, grid.columns, widths, bold=number in grid.marked))
    note = document.add_paragraph()
    if grid.note:
        note.add_run(grid.note).italic = True


def _signatures(document: DocumentType, block: Signatures) -> None:
    """Nobody signs a page on which nothing else stands."""
    if document.paragraphs:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    place = document.add_paragraph(block.place)
    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    place.paragraph_format.keep_with_next = True
    table = document.add_table(2, len(block.people))
    for at, who in enumerate(block.people):
        for row, text in enumerate((who, block.hint)):
            _fill(table.cell(row, at), text, bold=row == 0)
            line = table.cell(row, at).paragraphs[0]
            line.alignment, line.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    for _ in range(4):
        document.add_paragraph()


def _fill(cell: _Cell, text: str, *, bold: bool = False, size: float = 12) -> None:
    line = cell.paragraphs[0]
    run = line.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    line.paragraph_format.space_after = Pt(0)


def _shade(cell: _Cell, colour: str) -> None:
    fill: Any = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        fill.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(fill)  # noqa: SLF001  python-docx has no shading of its own
