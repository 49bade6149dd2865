"""A picture as pixels, for what cannot show vectors: drawn large and made smaller, so that edges are smooth."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from shapely import LineString
from shapely.ops import substring

from api.coverage.exports.pictures import HALO, Area, Disc, Label, Line, Picture, Spot
from api.reports.fonts import BOLD, REGULAR

DOTS_A_POINT = 3
"""216 dots an inch: sharp on paper, and a report stays below a megabyte."""
_FINER = 2
_COLOURS = 256
"""Flat colours and their mixtures at edges: nobody sees that the others are missing, and the file is a third."""
_SCALE = DOTS_A_POINT * _FINER
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
_DASH, _GAP = 3.0, 2.0


def png_of(picture: Picture) -> bytes:
    """The picture as a PNG."""
    wide, high = round(picture.width * _SCALE), round(picture.height * _SCALE)
    image = Image.new("RGB", (wide, high), "white")
    pen = _Pen(ImageDraw.Draw(image), picture.height)
    for shape in picture.shapes:
        pen.draw(shape)
    target = BytesIO()
    small = image.reduce(_FINER).quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(target, "PNG", compress_level=6)
    return target.getvalue()


class _Pen:
    def __init__(self, draw: ImageDraw.ImageDraw, height: float) -> None:
        self._draw, self._height = draw, height

    def draw(self, shape: Line | Area | Disc | Label) -> None:
        match shape:
            case Line(spots, colour, width, dashed):
                for part in _dashes(spots) if dashed else [spots]:
                    self._line(part, colour, width)
            case Area(spots, fill, edge, width):
                if fill is not None:
                    self._draw.polygon([self._at(spot) for spot in spots], fill=fill)
                if edge is not None:
                    self._line((*spots, spots[0]), edge, width)
            case Disc(at, radius, fill, edge, width):
                (x, y), around = self._at(at), radius * _SCALE
                ring = (x - around, y - around, x + around, y + around)
                self._draw.ellipse(ring, fill=fill, outline=edge, width=_pixels(width))
            case Label(at, text, size, colour, bold, anchor, halo):
                self._draw.text(
                    self._at(at), text, fill=colour, font=_font(bold=bold, pixels=round(size * _SCALE)),
                    anchor=_ANCHORS[anchor], stroke_width=HALO * _SCALE if halo else 0, stroke_fill="white",
                )  # fmt: skip

    def _line(self, spots: tuple[Spot, ...], colour: str, width: float) -> None:
        self._draw.line([self._at(spot) for spot in spots], fill=colour, width=_pixels(width), joint="curve")

    def _at(self, spot: Spot) -> Spot:
        return spot[0] * _SCALE, (self._height - spot[1]) * _SCALE


def _pixels(width: float) -> int:
    return max(1, round(width * _SCALE))


def _dashes(spots: tuple[Spot, ...]) -> list[tuple[Spot, ...]]:
    """A line cut into dashes, which go on around its bends."""
    line = LineString(spots)
    starts = np.arange(0, line.length, _DASH + _GAP)
    return [tuple((x, y) for x, y in substring(line, at, at + _DASH).coords) for at in starts]


@cache
def _font(*, bold: bool, pixels: int) -> ImageFont.FreeTypeFont:
    folder = files("fontpkg_be_vietnam_pro") / "files"
    with as_file(folder / f"{BOLD if bold else REGULAR}.ttf") as path:
        return ImageFont.truetype(str(path), pixels)
