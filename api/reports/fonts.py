"""The one typeface of everything printed: Be Vietnam Pro, the same as on the pages, embedded in each file."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "BeVietnamPro-Regular"
BOLD = "BeVietnamPro-SemiBold"


@cache
def register_fonts() -> None:
    """Make the typeface known to the PDF library; once a process."""
    folder = files("fontpkg_be_vietnam_pro") / "files"
    for name in (REGULAR, BOLD):
        with as_file(folder / f"{name}.ttf") as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    for bold in (0, 1):
        for italic in (0, 1):
            addMapping(REGULAR, bold, italic, BOLD if bold else REGULAR)
