"""Rows of a table of a DOCX, written as a whole: cell by cell, python-docx takes two seconds for a report's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from api.coverage.exports.blocks import Column

_HALF_POINTS = 18
"""Size of the letters."""
_TWIPS = 635
"""EMU in a twentieth of a point."""


def table_row(
    texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int], *, bold: bool = False, head: bool = False
) -> Any:
    """
    Make a row.

    Parameters
    ----------
    widths
        EMU.
    head
        Shaded, and again on each page.
    """
    cells = "".join(
        _cell(text, column, width, bold=bold, head=head)
        for text, column, width in zip(texts, columns, widths, strict=True)
    )
    told = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
    return parse_xml(f"<w:tr {nsdecls('w')}>{told}{cells}</w:tr>")


def _cell(text: str, column: Column, width: int, *, bold: bool, head: bool) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="DCE9E2"/>' if head else ""
    side = '<w:jc w:val="right"/>' if column.number else ""
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width // _TWIPS}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:after="0"/>{side}</w:pPr>'
        f'<w:r><w:rPr>{weight}<w:sz w:val="{_HALF_POINTS}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
    )
