"""A picture as vectors of a PDF."""

from __future__ import annotations

from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Polygon, PolyLine, String
from reportlab.lib.colors import Color, HexColor, white

from api.coverage.exports.pictures import Area, Disc, Label, Line, Picture
from api.reports.fonts import BOLD, REGULAR

_ROUND: dict[str, Any] = {"strokeLineCap": 1, "strokeLineJoin": 1}


def drawing_of(picture: Picture) -> Drawing:
    """The picture, in points of paper."""
    drawing = Drawing(picture.width, picture.height)
    for shape in picture.shapes:
        for drawn in _drawn(shape):
            drawing.add(drawn)
    return drawing


def _drawn(shape: Line | Area | Disc | Label) -> list[Any]:
    match shape:
        case Line(spots, colour, width, dashed):
            dashes: dict[str, Any] = {"strokeDashArray": [3, 2]} if dashed else {}
            return [PolyLine(_flat(spots), strokeColor=HexColor(colour), strokeWidth=width, **_ROUND, **dashes)]
        case Area(spots, fill, edge, width):
            return [Polygon(_flat(spots), fillColor=_colour(fill), strokeColor=_colour(edge), strokeWidth=width)]
        case Disc((x, y), radius, fill, edge, width):
            style: dict[str, Any] = {"fillColor": HexColor(fill), "strokeColor": HexColor(edge), "strokeWidth": width}
            return [Circle(x, y, radius, **style)]
        case Label():
            return _letters(shape)


def _letters(label: Label) -> list[String]:
    """The label; with a halo, white letters a little aside lie under it."""
    x, y = label.at
    style: dict[str, Any] = {
        "fontName": BOLD if label.bold else REGULAR,
        "fontSize": label.size,
        "textAnchor": label.anchor,
    }
    around = [(-0.7, 0), (0.7, 0), (0, -0.7), (0, 0.7)] if label.halo else []
    under = [String(x + dx, y + dy, label.text, fillColor=white, **style) for dx, dy in around]
    return [*under, String(x, y, label.text, fillColor=HexColor(label.colour), **style)]


def _flat(spots: tuple[tuple[float, float], ...]) -> list[float]:
    return [value for spot in spots for value in spot]


def _colour(text: str | None) -> Color | None:
    return None if text is None else HexColor(text)
