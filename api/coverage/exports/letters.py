"""Letters of the typeface as geometry: how wide a text is, and its outlines; without kerning, as a PDF sets them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO

from fontTools.pens.reportLabPen import ReportLabPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from reportlab.graphics.shapes import Path

from api.reports.fonts import BOLD, REGULAR


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Points of paper."""
    letters = _letters(BOLD if bold else REGULAR)
    return sum(letters.advance(letter) for letter in text) * size / letters.units


def outlines(text: str, at: tuple[float, float], size: float, *, bold: bool, path: Path) -> None:
    """Draw a text that begins at a spot, on its base line, into a path."""
    letters = _letters(BOLD if bold else REGULAR)
    (x, y), scale = at, size / letters.units
    for letter in text:
        pen = TransformPen(ReportLabPen(letters.glyphs, path), (scale, 0, 0, scale, x, y))
        letters.glyphs[letters.name(letter)].draw(pen)
        x += letters.advance(letter) * scale


class _Letters:
    """One cut of the typeface."""

    def __init__(self, font: TTFont) -> None:
        self.units: int = font["head"].unitsPerEm
        self.glyphs = font.getGlyphSet()
        self._names: dict[int, str] = font.getBestCmap()
        self._missing: str = font.getGlyphOrder()[0]

    def name(self, letter: str) -> str:
        return self._names.get(ord(letter), self._missing)

    def advance(self, letter: str) -> float:
        """Units of the font."""
        return float(self.glyphs[self.name(letter)].width)


@cache
def _letters(cut: str) -> _Letters:
    content = (files("fontpkg_be_vietnam_pro") / "files" / f"{cut}.ttf").read_bytes()
    return _Letters(TTFont(BytesIO(content)))
